import FileFormats
import LineEditor
import Session

/// Turns what a session proposes into what the line editor completes; inside a text it proposes files.
struct PromptCompletions {
  /// What the session proposes for the end of a text.
  let proposals: (String) -> [Completion]
  /// The names in a folder, folders with a slash at their end.
  let names: (String) -> [String]

  /// What fits at the end of a text.
  func completions(for text: String) -> Completions {
    if let path = PromptCompletions.openText(text) { return files(startingWith: path) }
    if text.hasPrefix(":"), !text.contains(" ") {
      let commands = PromptCommand.all.map { String($0.form.prefix { $0 != " " }) }
      return Completions(
        word: text, candidates: commands.filter { $0.hasPrefix(text) }.map { Completions.Candidate($0, ending: " ") })
    }
    let word = String(text.reversed().prefix { $0.isLetter || $0.isNumber || $0 == "_" }.reversed())
    let candidates = proposals(text).filter { $0.text.hasPrefix(word) }.map { proposal in
      // A function's note is its signature; keyword arguments end with their colon.
      let isFunction = proposal.note.hasPrefix(proposal.text + "(")
      let ending = isFunction ? "(" : proposal.text.hasSuffix(":") ? " " : ""
      let title = isFunction ? proposal.note : proposal.text
      return Completions.Candidate(
        proposal.text, title: title.count > 60 ? title.prefix(59) + "…" : title, ending: ending)
    }
    return Completions(word: word, candidates: candidates)
  }

  /// Files whose path begins so; folders go on, files close the text.
  private func files(startingWith path: String) -> Completions {
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { String(path[...$0]) } ?? ""
    let start = slash.map { String(path[path.index(after: $0)...]) } ?? path
    let found = names(folder.isEmpty ? "." : folder).filter { name in
      name.hasPrefix(start) && (start.hasPrefix(".") || !name.hasPrefix("."))
    }
    return Completions(
      word: start, candidates: found.sorted().map { Completions.Candidate($0, ending: $0.hasSuffix("/") ? "" : "\"") })
  }

  /// What stands after the quote of a text that is still open; nil outside of texts and within an interpolation.
  static func openText(_ text: String) -> String? {
    var open: String?
    var isEscaped = false
    var isComment = false
    for character in text {
      if let content = open {
        if isEscaped {
          isEscaped = false
          open = content + String(character)
        } else if character == "\\" {
          isEscaped = true
        } else {
          open = character == "\"" ? nil : content + String(character)
        }
      } else if isComment {
        isComment = character != "\n"
      } else if character == "\"" {
        open = ""
      } else if character == "#" {
        isComment = true
      }
    }
    guard let open, !open.contains("{"), !open.contains("\n") else { return nil }
    return open
  }

  /// The names in a folder of the file system, folders with a slash; none where it cannot be read.
  static func namesOnDisk(_ folder: String) -> [String] {
    let names = (try? FileReader.names(inFolder: folder)) ?? []
    let base = folder.hasSuffix("/") ? folder : folder + "/"
    return names.map { FileReader.isFolder(base + $0) ? $0 + "/" : $0 }
  }
}
