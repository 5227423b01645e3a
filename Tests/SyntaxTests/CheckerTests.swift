import Diagnostics
import Foundation
import Syntax
import Testing

@Suite("Checker")
struct CheckerTests {
  static let known = KnownNames(
    builtins: [
      "print": nil, "pi": nil, "range": nil, "error": nil, "map": nil,
      "len": KnownFunction(name: "len", parameters: [.init(name: "x", isRequired: true)], isPure: true),
      "sum": KnownFunction(
        name: "sum",
        parameters: [
          .init(name: "x", isRequired: true), .init(name: "axis", isRequired: false),
          .init(name: "keep", isRequired: false),
        ],
        isPure: true),
      "zeros": KnownFunction(
        name: "zeros", parameters: [.init(name: "shape", isRequired: false, isRest: true)], isPure: true),
    ],
    modules: ["stats": ["entropy": KnownFunction(name: "entropy", parameters: [.init(name: "p", isRequired: true)])]])

  /// `severity line:column message | hint`, a line for each diagnostic.
  static func check(_ cells: [String]) -> [String] {
    let trees = cells.map { SyntaxTree(parsing: SourceFile(name: "test.glia", text: $0)) }
    for tree in trees { #expect(tree.diagnostics.isEmpty) }
    return Checker.check(trees, known: known).map { diagnostic in
      let position = diagnostic.location.map { $0.source.position(of: $0.span.start) } ?? Position(line: 0, column: 0)
      let word = diagnostic.severity == .error ? "\(diagnostic.kind)" : "warning"
      return "\(word) \(position.line):\(position.column) \(diagnostic.message)"
        + (diagnostic.hints.first.map { " | \($0)" } ?? "")
    }
  }

  @Test(
    "mistakes are found",
    arguments: [
      ("let count = 3\nfn f(n) = n * 2\nprint(f(cuont))", ["name 3:9 `cuont` is not defined | did you mean `count`?"]),
      ("print(None)", ["name 1:7 `None` is not defined | in Glia this is `none`"]),
      ("print(x)\nlet x = 1", ["name 1:7 `x` is not defined yet | it is declared on line 2"]),
      (
        "let a = 1\na = 2", ["name 2:1 `a` cannot be assigned: it is declared with `let` | declare it with `var a = …`"]
      ),
      (
        "let a = [1]\na[0] = 2",
        ["name 2:1 `a` cannot be assigned: it is declared with `let` | declare it with `var a = …`"]
      ),
      ("var total = 0\ntotl += 1", ["name 2:1 `totl` is not defined | did you mean `total`?"]),
      ("count = 1", ["name 1:1 `count` is not defined | write `var count = …`"]),
      (
        "fn f(x) { x = 1 }",
        ["name 1:11 the parameter `x` cannot be assigned | give it to a variable first: `var x = x`"]
      ),
      ("len = 1", ["name 1:1 the built-in `len` cannot be assigned | `let len = …` makes a variable of that name"]),
      ("fn area(w, h) = w * h\narea(2)", ["type 2:1 `area` needs `h` | the signature is area(w, h)"]),
      (
        "fn area(w, h = 1) = w * h\narea(2, 3, 4)",
        ["type 2:1 `area` takes at most 2 arguments, and gets 3 | the signature is area(w, h = …)"]
      ),
      (
        "fn train(rate, epochs = 1) = rate\ntrain(0.5, epoch: 3)",
        [
          "type 2:12 `train` has no parameter `epoch`; did you mean `epochs`? | the signature is train(rate, epochs = …)"
        ]
      ),
      ("fn f(x) = x\nf(1, x: 2)", ["type 2:6 `f` gets `x` twice | the signature is f(x)"]),
      (
        "sum([1], axs: 0)",
        ["type 1:10 `sum` has no parameter `axs`; did you mean `axis`? | the signature is sum(x, axis = …, keep = …)"]
      ),
      (
        "[1] |> len |> (() -> 1)",
        ["type 1:15 `the function` takes no arguments, and gets 1 | the signature is the function()"]
      ),
      ("let g = x -> x\ng()", ["type 2:1 `g` needs `x` | the signature is g(x)"]),
      ("fn f() {\n  return 1\n  print(2)\n  print(3)\n}", ["warning 3:3 this is never reached"]),
      ("while true { break; print(1) }", ["warning 1:21 this is never reached"]),
      (
        "fn f(x) {\n  sum(x)\n  x == 1\n  x + 1\n  -x\n  print(x)\n}",
        [
          "warning 2:3 the result of `sum` is not used",
          "warning 3:3 the result of this comparison is not used | to assign, write `x = …`",
          "warning 4:3 the result of `+` is not used", "warning 5:3 this value is not used",
        ]
      ),
      ("let m = [1, 2; 3]", ["shape 1:16 row 2 has 1 of 2 elements"]),
      ("let m = [[1, 2], [3, -4], [5]]", ["shape 1:27 row 3 has 1 of 2 elements"]),
      ("let m = [\"a\", 1]", ["type 1:10 a tensor holds numbers | a list of any values is written `(a, b)`"]),
      ("import stat", ["io 1:8 there is no module `stat` | did you mean `stats`?"]),
      (
        "import stats\nstats.entropi(1)\nstats.entropy()",
        [
          "name 2:7 the module `stats` has no `entropi` | did you mean `entropy`?",
          "type 3:1 `entropy` needs `p` | the signature is entropy(p)",
        ]
      ),
      ("if true { let inner = 1 }\nprint(inner)", ["name 2:7 `inner` is not defined"]),
      ("\"{yy}\"", ["name 1:3 `yy` is not defined"]),
      ("try { qq } catch e { e.kind }\nprint(e)", ["name 1:7 `qq` is not defined", "name 2:7 `e` is not defined"]),
    ])
  func mistakes(_ text: String, _ expected: [String]) { #expect(Self.check([text]) == expected) }

  @Test(
    "what is right, or cannot be known, is not reported",
    arguments: [
      "let a = f(1)\nfn f(x) = g(x)\nfn g(x) = x", "fn f() = later\nlet later = 1\nf()",
      "var x = 1\nlet h = () -> x\nx = 2", "let x = 1\nlet x = x + 1\nprint(x)",
      "fn f(...xs, scale = 1) = xs\nf(1, 2, scale: 3)\nf(...(1, 2))",
      "fn f(x) { fn even(n) = odd(n); fn odd(n) = even(n); even(x) }", "let net = zeros(2)\nnet.trainable = false",
      "for (i, _) in range(3) { print(i) }", "try { error(\"x\") } catch e { print(e.kind) }",
      "import \"lib/data.glia\"\nprint(data.x)", "import stats as s\ns.entropy([1])",
      "let f = if pi > 3 { x -> x } else { (x, y) -> y }\nf(1, 2)", "var f = x -> x\nf = (x, y) -> y\nf(1, 2)",
      "zeros(1, 2, 3)", "let a = [1]; let m = [a, [1, 2]]; let n = [[1, 2], [3, 4]; [5, 6], [7, 8]]",
      "sum([1]); print(1)", "fn f(x) { let y = x; y }", "fn f(x, y = x) = y",
      "fn sum(a, b) = a + b\nsum(1, 2)", "fn f() { while true { if pi > 3 { return 1 }\n print(2) } }",
    ])
  func right(_ text: String) { #expect(Self.check([text]) == []) }

  @Test("cells share their top level, in order")
  func cells() {
    #expect(
      Self.check(["let a = 1", "print(a)", "print(b)", "let b = 2"]) == [
        "name 1:7 `b` is not defined yet | it is declared on line 1"
      ])
  }
}
