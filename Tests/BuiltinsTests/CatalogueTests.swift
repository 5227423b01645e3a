import Builtins
import Diagnostics
import FileFormats
import Interpreter
import Session
import Testing

@Suite struct CatalogueTests {
  @Test func namesAreUnique() {
    let names = Catalogue.standard.builtins.map(\.name)
    #expect(
      Set(names).count == names.count,
      "doubled: \(Dictionary(grouping: names, by: { $0 }).filter { $1.count > 1 }.keys)")
  }

  @Test func everythingIsDocumented() {
    let families = Set(Family.allCases.map(\.rawValue))
    for builtin in Catalogue.standard.builtins {
      let summary = builtin.documentation.prefix { $0 != "\n" }
      #expect(summary.count >= 5, "\(builtin.name) says too little")
      #expect(!builtin.example.isEmpty, "\(builtin.name) has no example")
      #expect(families.contains(builtin.family), "\(builtin.name) is in no family")
      #expect(
        builtin.signature.text.hasPrefix("(") && builtin.signature.text.hasSuffix(")"),
        "\(builtin.name): \(builtin.signature.text)")
    }
  }

  /// Every example runs, and shows what stands after `# ` behind its last line.
  @Test(arguments: Catalogue.standard.builtins.map(\.name))
  func examplesRun(name: String) throws {
    let builtin = try #require(Catalogue.standard[name])
    let (source, expected) = Example.parts(of: builtin.example)
    let folder = TemporaryFolder()
    var options = SessionOptions(workingDirectory: folder.path)
    options.showsProgress = false
    let result = Session(options).evaluate(source: source, name: "\(name).glia")
    #expect(result.status == .succeeded, "\(result.diagnostics.map { $0.rendered() })")
    guard let expected else { return }
    let shown = result.outputs.map { output in
      switch output {
      case .text(let text): text.hasSuffix("\n") ? String(text.dropLast()) : text
      case .display(let value): value.text
      }
    }.joined(separator: "\n")
    #expect(Example.plain(shown) == Example.plain(expected))
  }

  @Test func helpKnowsEverything() {
    for builtin in Catalogue.standard.builtins {
      #expect(helpText(named: builtin.name)?.hasPrefix(builtin.name) == true)
    }
    #expect(helpText(named: "xavier_uniform")?.hasPrefix("glorot_uniform") == true)
    #expect(helpText(for: nil).contains("Elementwise"))
  }

  @Test func otherNamesLeadToBuiltins() {
    for (other, name) in Suggestion.otherNames {
      #expect(Catalogue.standard[other] == nil, "\(other) is a built-in itself")
      #expect(Catalogue.standard[name] != nil, "\(name) does not exist")
    }
  }
}

/// An example taken apart: the program, and what it is to show.
enum Example {
  /// A display without its shape comment, and without the spaces that align columns.
  static func plain(_ text: String) -> String {
    let text = text.firstRange(of: "  # ").map { String(text[..<$0.lowerBound]) } ?? text
    return text.split(whereSeparator: \.isWhitespace).joined(separator: " ").replacing("[ ", with: "[")
  }

  static func parts(of example: String) -> (source: String, expected: String?) {
    var lines = example.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    var comments: [String] = []
    while let last = lines.last, last.hasPrefix("#") {
      comments.insert(String(last.dropFirst(last.hasPrefix("# ") ? 2 : 1)), at: 0)
      lines.removeLast()
    }
    if let last = lines.last, let mark = last.firstRange(of: "  # ") {
      comments.insert(String(last[mark.upperBound...]), at: 0)
      lines[lines.count - 1] = String(last[..<mark.lowerBound])
    }
    return (lines.joined(separator: "\n"), comments.isEmpty ? nil : comments.joined(separator: "\n"))
  }
}
