import Diagnostics
import Syntax
import Testing

/// Each mistake beside what the user is told: the place, the title and the help.
@Suite("Mistakes")
struct MistakeTests {
  struct Mistake: CustomTestStringConvertible {
    let source: String
    /// `line:column message | hint`, one line for each diagnostic.
    let expected: String
    init(_ source: String, _ expected: String) {
      self.source = source
      self.expected = expected
    }
    var testDescription: String { source }
  }

  static let all: [Mistake] = [
    // Statements
    Mistake("let a = 1 let b = 2", "1:11 expected a new line or `;` before `let`"),
    Mistake("print 3", "1:7 expected a new line or `;` before `3` | a call is written `print(…)`"),
    Mistake("let while = 2", "1:5 `while` is a keyword and cannot be a name | `while_` can"),
    Mistake("let x == 3", "1:7 expected `=` and a value, found `==` | `==` compares; `=` binds"),
    Mistake(
      "let x: int = 3", "1:6 expected `=` and a value, found `:` | Glia has no type annotations: write `let x = …`"),
    Mistake(
      "let a, b = 1", "1:6 expected `=` and a value, found `,` | several names stand in parentheses: `let (a, b) = …`"),
    Mistake("let f(x) = x", "1:6 expected `=` and a value, found `(` | functions are declared with `fn f(x) = …`"),
    Mistake("let x", "1:6 expected `=` and a value, found the end"),
    Mistake("let x\ny", "1:6 expected `=` and a value, found the end of the line"),
    Mistake("let mut x = 3", "1:5 there is no `mut` | a variable that changes is declared with `var`"),
    Mistake("let a = b = c", "1:11 `=` assigns, and is no value | bind one name at a time"),
    Mistake("x := 3", "1:3 there is no `:=` | write `let x = …`, or `x = …` to change a variable"),
    Mistake("f(x) = 3", "1:1 the result of a call cannot be assigned to | a function is declared with `fn f(…) = …`"),
    Mistake("(a, b) = (b, a)", "1:1 a list cannot be assigned to | declare several names with `let (a, b) = …`"),
    Mistake("a + 1 = 3", "1:1 the result of an operator cannot be assigned to | to compare, write `==`"),
    Mistake("return 3", "1:1 `return` stands outside of a function"),
    Mistake("break", "1:1 `break` stands outside of a loop"),
    Mistake("for i in xs { f(x -> { continue }) }", "1:24 `continue` stands outside of a loop"),
    Mistake("else { }", "1:1 `else` without `if`"),
    Mistake("x)", "1:2 `)` closes nothing"),
    Mistake("}", "1:1 `}` closes nothing"),
    Mistake(
      "{ let x = 1 }",
      "1:1 a block stands only after `fn`, `if`, `for`, `while`, `try` and `->` | a record is `{name: value}`"),
    Mistake("x += ", "1:5 expected a value after `+=`, found the end"),
    Mistake(
      "a\n+ b",
      "2:1 expected a value, found `+` | a statement goes on where its line ends with the operator, not where the next begins with one"
    ),
    // Conditions and bodies
    Mistake("if x = 3 { }", "1:6 `=` assigns, and is no value | to compare, write `==`"),
    Mistake("while (x = 3) { }", "1:10 `=` assigns, and is no value | to compare, write `==`"),
    Mistake("if x: y", "1:5 expected `{` and the body of `if`, found `:` | a body stands in braces: `{ … }`"),
    Mistake(
      "if x\n  y", "1:5 expected `{` and the body of `if`, found the end of the line | a body stands in braces: `{ … }`"
    ),
    Mistake("if a { 1 } elif b { 2 } else { 3 }", "1:12 there is no `elif` | write `else if`"),
    Mistake(
      "for i, x in xs { }",
      "1:6 expected `in`, found `,` | several names stand in parentheses: `for (i, x) in enumerate(xs) { … }`"),
    Mistake(
      "for i = 0; i < 3; i += 1 { }\nlet y = 1",
      "1:7 expected `in`, found `=` | a loop is written `for i in range(10) { … }`"),
    Mistake("try { } except e { }", "1:9 expected `catch`, found `except` | write `try { … } catch e { … }`"),
    Mistake("try { } catch { }", "1:15 expected a name for the error, found `{` | write `try { … } catch e { … }`"),
    // Expressions
    Mistake("a < b < c", "1:7 comparisons do not chain | write `a < b and b < c`"),
    Mistake("let a = 4 + * 5", "1:13 expected a value after `+`, found `*`"),
    Mistake(
      "+3",
      "1:1 expected a value, found `+` | a statement goes on where its line ends with the operator, not where the next begins with one"
    ),
    Mistake("let x = +3", "1:9 expected a value after `=`, found `+` | a leading `+` is not needed"),
    Mistake("a == not b", "1:6 `not` needs parentheses here | write `(not …)`"),
    Mistake("x not in xs", "1:3 expected a new line or `;` before `not` | write `not (a in b)`"),
    Mistake("xs |> x -> x + 1", "1:7 a function needs parentheses here | write `(x -> …)`"),
    Mistake("i--", "1:4 expected a value after `-`, found the end | there is no `--`: write `x -= 1`"),
    Mistake("x.0", "1:2 expected a new line or `;` before `.0` | a position stands in brackets: `[0]`"),
    Mistake("print(5.)", "1:9 expected a member's name, found `)` | a number ends in a digit: `5` or `5.0`"),
    Mistake("x.", "1:3 expected a member's name, found the end"),
    Mistake("x.for", "1:3 `for` is a keyword and cannot be a name | `for_` can"),
    Mistake("x[]", "1:3 an index is missing | `x[0]`, `x[1:3]`, `x[:, none]`"),
    Mistake("[1 2]", "1:4 expected `,`, `;` or `]`, found `2` | elements are separated by commas"),
    Mistake(
      "[x for x in xs]",
      "1:4 expected `,`, `;` or `]`, found `for` | there are no comprehensions: write `xs |> map(x -> …)`"),
    Mistake(
      "f(lr = 0.1)",
      "1:6 `=` assigns, and is no value | an argument is named with `:`, as in `lr: …`; to compare, write `==`"),
    Mistake("f(a: 1, 2)", "1:9 arguments without a name stand before those with one"),
    Mistake("{a: 1, a: 2}", "1:8 there are two fields `a`"),
    Mistake("let r = {a, b}", "1:11 expected `:` after the field's name, found `,` | write `a: a`"),
    Mistake("let r = {a: 1\n b: 2}", "2:2 expected `,` or `}`, found `b` | fields are separated by commas"),
    // Functions
    Mistake("fn f(x, x) = 1", "1:9 there are two parameters `x`"),
    Mistake("fn f(...a, ...b) = 1", "1:15 only one parameter can take the rest of the arguments"),
    Mistake(
      "fn f(x: int) = 1", "1:7 expected `,` or `)`, found `:` | Glia has no type annotations; a default is `x = 2`"),
    Mistake("fn f(x) -> int { }", "1:9 expected `{` or `=`, found `->` | Glia has no type annotations"),
    Mistake("fn f(3) = 1", "1:6 this cannot be a parameter | parameters are names: `x`, `x = 2` or `...rest`"),
    Mistake("fn f(if) = 1", "1:6 `if` is a keyword and cannot be a name | `if_` can"),
    Mistake("fn (x) = 1", "1:4 expected the function's name, found `(` | a function without a name is `x -> …`"),
    Mistake(
      "let f = fn(x) { x }", "1:9 there is no `fn(…)` | a function without a name is `x -> …` or `(x, y) -> { … }`"),
    // Brackets
    Mistake("let a = (1, 2\nlet b = 3\nprint(a)", "1:9 this `(` is never closed | a `)` is missing before line 2"),
    Mistake("f([1, 2)", "1:3 this `[` is never closed | a `]` is missing"),
    Mistake("(1, 2]", "1:6 `]` does not close `(` | `(` was opened at 1:1"),
    Mistake("fn f() {\n let x = 1", "1:8 this `{` is never closed | a `}` is missing"),
    // Words and signs of other languages
    Mistake("def f(x) { x }", "1:1 there is no `def` | functions are declared with `fn name(x) { … }`"),
    Mistake(
      "const x = 3", "1:1 there is no `const` | a name is declared with `let x = …`, or with `var` where it changes"),
    Mistake(
      "class A { }",
      "1:1 there is no `class` | there are no classes; a record is `{name: value}`, a layer `layer(init:, call:)`"),
    Mistake(
      "a && b || !c",
      "1:3 there is no `&&` | write `and`\n1:8 there is no `||` | write `or`\n1:11 there is no `!` | write `not`"),
    Mistake("x**2", "1:2 there is no `**` | write `^`"),
    Mistake("x => x", "1:3 there is no `=>` | write `->`"),
    Mistake("a === b", "1:3 there is no `===` | write `==`"),
    Mistake("x++", "1:2 there is no `++` | write `x += 1` (for lists: `a + b`)"),
    Mistake("let s = 'abc'", "1:9 strings are written with double quotes | write `\"abc\"`"),
    Mistake("x // a comment here", "1:8 expected a new line or `;` before `comment`"),
    Mistake(
      "fn f(x) { return x, 2 }",
      "1:19 expected a new line or `;` before `,` | several values are a list: `return (a, b)`"),
    Mistake("// comment", "1:1 expected a value, found `//` | comments begin with `#`"),
    Mistake(
      "f\"{x}\"",
      "1:2 expected a new line or `;` before a string | strings need no prefix: `{x}` in any string is replaced by its value"
    ),
    Mistake("x is none", "1:3 expected a new line or `;` before `is` | to compare, write `==`"),
    // Characters
    Mistake("a $ 2", "1:3 `$` means nothing in Glia"), Mistake("a × 2", "1:3 `×` means nothing in Glia | write `*`"),
    Mistake("a ≤ 2", "1:3 `≤` means nothing in Glia | write `<=`"),
    Mistake("let 👍🏽 = 1", "1:5 `👍🏽` means nothing in Glia"),
    Mistake("let x =\u{A0}1", "1:8 an unusual space (U+00A0) stands here | replace it with an ordinary one"),
    Mistake(
      "“a”",
      "1:1 strings do not begin with `“` | use straight quotes: `\"…\"`\n1:3 strings do not begin with `”` | use straight quotes: `\"…\"`"
    ),
    Mistake("2x", "1:1 `2x` is neither a number nor a name | a product is written `2 * x`"),
    Mistake("1_", "1:1 the number `1_` is not finished | `_` stands between digits"),
    Mistake("0x", "1:1 the number `0x` is not finished | hexadecimal digits follow `0x`"),
    Mistake("1e999", "1:1 `1e999` is too large for a number | the largest is about 1.8e308; infinity is `inf`"),
    // Strings
    Mistake("let s = \"abc", "1:9 this string is never closed | longer texts stand between `\"\"\"` and `\"\"\"`"),
    Mistake(
      "let s = \"abc\nlet t = 1 1",
      "1:9 this string is never closed | longer texts stand between `\"\"\"` and `\"\"\"`\n2:11 expected a new line or `;` before `1`"
    ),
    Mistake("\"a {x\" + 1", "1:4 this `{` in a string is never closed | a brace that is only text is written `\\{`"),
    Mistake("\"a {} b\"", "1:4 there is nothing between these braces | braces that are only text are written `\\{\\}`"),
    Mistake(
      #""a\qb""#, #"1:3 `\q` is no escape | known are `\n \t \r \" \\ \{ \}` and `\u{3b7}`; a backslash itself is `\\`"#
    ),
    Mistake(
      #""\u{110000}""#, #"1:2 `\u{110000}` is no character | write one to six hexadecimal digits in braces: `\u{3b7}`"#),
    Mistake(#""\u3b7""#, #"1:2 `\u` is no character | write one to six hexadecimal digits in braces: `\u{3b7}`"#),
    Mistake("\"\"\"abc", "1:1 this text is never closed | it ends with `\"\"\"`"),
    Mistake("import \"{x}\"", "1:8 expected a string without `{…}`, found one with"),
    // Several at once, in blocks too
    Mistake(
      "let = 1\nfn f(x) {\n  let y = \n  }\nlet z = 2 2\n$",
      "1:5 expected a name, found `=`\n3:10 expected a value after `=`, found the end of the line\n5:11 expected a new line or `;` before `2`\n6:1 `$` means nothing in Glia"
    ),
  ]

  @Test("each mistake is found once, at its place, with help", arguments: all)
  func mistake(_ mistake: Mistake) {
    let tree = tree(mistake.source)
    let found = tree.diagnostics.map { diagnostic in
      let position = diagnostic.location.map { $0.source.position(of: $0.span.start) } ?? Position(line: 0, column: 0)
      let hint = diagnostic.hints.first.map { " | \($0)" } ?? ""
      return "\(position.line):\(position.column) \(diagnostic.message)\(hint)"
    }
    #expect(found.joined(separator: "\n") == mistake.expected)
    #expect(tree.diagnostics.allSatisfy { $0.kind == .syntax && $0.severity == .error })
  }

  @Test("a mistake as the user sees it")
  func snapshot() {
    #expect(
      rendered("let x = 5\nif 1 < x < 10 { print(x) }") == """
        error[syntax]: comparisons do not chain
         --> test.glia:2:10
          |
        2 | if 1 < x < 10 { print(x) }
          |          ^
          = help: write `1 < x and x < 10`
        """)
  }

  @Test("after too many mistakes the rest is not shown")
  func tooMany() {
    let diagnostics = tree(String(repeating: "let = 1\n", count: 1_000)).diagnostics
    #expect(diagnostics.count == SyntaxLimits.maximumErrors + 1)
    #expect(diagnostics.last?.message == "more than 20 mistakes; the rest is not shown")
  }

  @Test("what is not UTF-8 is refused with its place")
  func notUnicode() {
    let source = SourceFile(name: "a", bytes: Array("let η = 1\nlet b = \"".utf8) + [0xFF, 0xFE] + Array("\"".utf8))
    let diagnostics = SyntaxTree(parsing: source).diagnostics
    #expect(diagnostics.map(\.message) == ["this is not UTF-8 text: byte 0xff does not belong here"])
    #expect(diagnostics.first?.location.map { "\($0)" } == "a:2:10")
  }

  @Test(
    "surrogates, overlong forms and cut sequences are no UTF-8",
    arguments: [[0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82], [0x80]])
  func badSequences(_ bytes: [UInt8]) {
    #expect(!SyntaxTree(parsing: SourceFile(name: "a", bytes: Array("# ".utf8) + bytes)).diagnostics.isEmpty)
  }
}

@Suite("Completeness")
struct CompletenessTests {
  @Test(
    "text that a further line could finish",
    arguments: [
      "f(1,", "[1, 2", "fn f(x) {", "let y =", "1 +", "x ->", "if x", "\"\"\"abc", "{a:", "if a { b(", "try { 1 }",
      "fn f(x)", "x[", "not", "for i in",
    ])
  func incomplete(_ text: String) { #expect(tree(text).completeness == .incomplete) }

  @Test("text that is whole", arguments: ["", "# only a comment", "f(1)", "let y = 1\n", "if a { }", "x;"])
  func complete(_ text: String) { #expect(tree(text).completeness == .complete) }

  @Test(
    "text that no line can mend",
    arguments: ["let = 1", "\"abc", "f(1,\nlet x = 2", "1 2 (", ")", "a < b < c", "\"{a\" + (", "$("])
  func invalid(_ text: String) { #expect(tree(text).completeness == .invalid) }
}
