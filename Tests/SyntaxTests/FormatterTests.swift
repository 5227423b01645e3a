import Diagnostics
import Foundation
import Syntax
import Testing

@Suite("Formatter")
struct FormatterTests {
  func format(_ text: String) throws -> String { try Formatter.format(SourceFile(name: "test.glia", text: text)) }

  @Test(
    "spaces",
    arguments: [
      ("let   x=1+2*3", "let x = 1 + 2 * 3"), ("f ( a,b , c:3 )", "f(a, b, c: 3)"),
      ("x [ 1 : 3,: :2 , ... ]", "x[1:3, ::2, ...]"),
      ("-x ^ - 2", "-x^-2"), ("a - - b", "a - -b"), ("{ a:1 , \"b\":{ } }", "{a: 1, \"b\": {}}"),
      ("fn f(x,y=2,... rest)={x}", "fn f(x, y = 2, ...rest) = { x }"),
      ("if a{b}else{c}", "if a { b } else { c }"), ("if a { b }\nelse { c }", "if a { b } else { c }"),
      ("x|>f>>g", "x |> f >> g"),
      ("for(i,x)in xs{ }", "for (i, x) in xs {}"), ("not a==b", "not a == b"), ("x->x+1", "x -> x + 1"),
      ("(x,y)->(x,)", "(x, y) -> (x,)"),
      ("[1,2;3,4]", "[1, 2; 3, 4]"), ("a;b ;", "a; b;"), ("x . y . z()", "x.y.z()"),
      ("\"a  {x+1:.2f}\"", "\"a  {x+1:.2f}\""),
      ("let f = if c {x -> {a: 1}} else {none}", "let f = if c { x -> {a: 1} } else { none }"),
      ("w[0]-=1", "w[0] -= 1"),
      ("a in(1,2)", "a in (1, 2)"), ("import  \"a\"  as  b", "import \"a\" as b"),
    ])
  func spaces(_ text: String, _ expected: String) throws { #expect(try format(text) == expected + "\n") }

  @Test("indents, blank lines, comments")
  func blocks() throws {
    let text = """


      ## Doubles.
      fn f(x) {

        # inside
          let y = x   # one
          y * 2 # two

      }
      # %% Cell



      let r = f(1,
                2)
      let m = [1, 2; # first
               3, 4]
      let z = 5
        |> g(x -> {
        x
        })
        .h()
      if a { 1 }
      # why
      else { 2 }
      """
    #expect(
      try format(text) == """
        ## Doubles.
        fn f(x) {
            # inside
            let y = x  # one
            y * 2      # two
        }
        # %% Cell


        let r = f(
            1,
            2
        )
        let m = [
            1, 2;  # first
            3, 4
        ]
        let z = 5
            |> g(x -> {
                x
            })
            .h()
        if a { 1 }
        # why
        else { 2 }

        """)
  }

  @Test("lines that are too long are broken where it reads well")
  func wrapping() throws {
    let names = (0..<12).map { "argument_\($0)" }.joined(separator: ", ")
    let numbers = (0..<60).map { "\($0).5" }.joined(separator: ", ")
    // The sum is broken at its `=` first: that is enough.
    let text = """
      let run = fit(net, x, y, loss: binary_cross_entropy, optimizer: adam(0.05), epochs: 300, batch: 32, verbose: false)
      f(\(names))
      let v = [\(numbers)]
      let s = data |> filter(row -> row.value > 3) |> map(row -> row.value * 2) |> take(10) |> collect(everything)
      let total = first_long_name_of_something + second_long_name_of_something + third_long_name_of_something
      fn f(x) { let first_long_name_of_something = x; let second_long_name_of_something = x; first_long_name_of_something }
      """
    let result = try format(text)
    #expect(result.split(separator: "\n").allSatisfy { $0.count <= Formatter.maximumWidth })
    #expect(result.hasPrefix("let run = fit(\n    net,\n    x,\n    y,\n    loss: binary_cross_entropy,\n"))
    #expect(result.contains("let v = [\n    0.5, 1.5, 2.5,"))
    #expect(result.contains("let total =\n    first_long_name_of_something + second"))
    #expect(try format(result) == result)
    #expect(
      result.contains(
        """
        let s = data
            |> filter(row -> row.value > 3)
            |> map(row -> row.value * 2)
            |> take(10)
            |> collect(everything)
        """))
    #expect(
      result.contains(
        """
        fn f(x) {
            let first_long_name_of_something = x;
            let second_long_name_of_something = x;
            first_long_name_of_something
        }
        """))
  }

  @Test("text in quotes stays as it is")
  func texts() throws {
    let text = "let a = \"\"\"\n   x  # no comment\n     y {f( 1,2 )}\n  \"\"\"\n"
    #expect(try format("  " + text) == text)
  }

  @Test("a text with mistakes is refused with them")
  func mistakes() {
    #expect(throws: FormatterRefusal.self) { try format("let = 1") }
  }

  @Test("every program of the repository: the second time nothing changes, and the tree stays the same")
  func programsTwice() throws {
    for url in programs {
      let source = SourceFile(name: url.lastPathComponent, bytes: Array(try Data(contentsOf: url)))
      let tree = SyntaxTree(parsing: source)
      guard tree.diagnostics.isEmpty else { continue }
      let once = try Formatter.format(source)
      let again = SourceFile(name: url.lastPathComponent, text: once)
      #expect(try Formatter.format(again) == once, "\(url.lastPathComponent)")
      let result = SyntaxTree(parsing: again)
      #expect(TreeShape.of(result) == TreeShape.of(tree), "\(url.lastPathComponent)")
      #expect(
        result.comments.map { again.text($0.span) } == tree.comments.map { source.text($0.span) },
        "\(url.lastPathComponent)")
    }
  }

  @Test("a line that goes on behind an inner bracket opens the outer one at once")
  func behindAnInnerBracket() throws {
    let elements = (1...12).map { "argument_\($0)" }.joined(separator: ", ")
    let once = try Formatter.format(SourceFile(name: "f", text: "call(first, [1;\n 2], \(elements))\n"))
    #expect(once.hasPrefix("call(\n    first, [\n        1;\n        2\n    ],\n"))
    #expect(try Formatter.format(SourceFile(name: "f", text: once)) == once)
  }

  @Test("mutated programs too")
  func mutated() {
    fuzz(400) { generator, seed in
      guard var bytes = FuzzTests.seeds.randomElement(using: &generator), !bytes.isEmpty else { return }
      for _ in 0..<3 {
        let unit = [" ", "\n", "# c\n", "(", ")", ";", "\n\n\n"].randomElement(using: &generator) ?? ""
        bytes.insert(contentsOf: Array(unit.utf8), at: Int.random(in: 0...bytes.count, using: &generator))
      }
      let source = SourceFile(name: "fuzz", bytes: bytes)
      guard let once = try? Formatter.format(source) else { return }
      #expect((try? Formatter.format(SourceFile(name: "fuzz", text: once))) == once, "seed \(seed)")
    }
  }
}
