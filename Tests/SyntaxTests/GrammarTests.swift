import Diagnostics
import Syntax
import Testing

@Suite("Grammar")
struct GrammarTests {
  @Test(
    "operators bind as the grammar says",
    arguments: [
      ("1 + 2 * 3", "(+ 1.0 (* 2.0 3.0))"), ("(1 + 2) * 3", "(* (+ 1.0 2.0) 3.0)"),
      ("1 - 2 - 3", "(- (- 1.0 2.0) 3.0)"),
      ("-x^2", "(- (^ x 2.0))"), ("2^-x^3", "(^ 2.0 (- (^ x 3.0)))"), ("2^3^4", "(^ 2.0 (^ 3.0 4.0))"),
      ("a @ b * c // d % e / f", "(/ (% (// (* (@ a b) c) d) e) f)"), ("--x", "(- (- x))"), ("2 * -x", "(* 2.0 (- x))"),
      ("not a == b and c or d", "(or (and (not (== a b)) c) d)"), ("not not a", "(not (not a))"),
      ("a and not b", "(and a (not b))"), ("x in xs or y", "(or (in x xs) y)"), ("a |> f |> g", "(|> (|> a f) g)"),
      ("f >> g >> h |> k", "(|> (>> (>> f g) h) k)"), ("a or b >> c", "(>> (or a b) c)"),
      ("a <= b + 1", "(<= a (+ b 1.0))"),
    ])
  func operators(_ text: String, _ expected: String) { #expect(shape(text) == expected) }

  @Test(
    "postfix forms",
    arguments: [
      ("f(1, ...c, b: 2,)", "(call f 1.0 ...c b: 2.0)"), ("f()()", "(call (call f))"),
      ("x.shape[0]", "(index (. x shape) 0.0)"),
      ("x[1:3, ::2, ..., none, :]", "(index x 1.0:3.0, ::2.0, ..., none, :)"), ("x[::-1]", "(index x ::(- 1.0))"),
      ("x[none == y]", "(index x (== none y))"), ("x[a:b:c]", "(index x a:b:c)"),
      ("3.max(2)", "(call (. 3.0 max) 2.0)"),
      ("f(x)^2.T", "(^ (call f x) (. 2.0 T))"), ("net.trainable = false", "(= (. net trainable) false)"),
      ("w[0].x[1:] += 1", "(+= (index (. (index w 0.0) x) 1.0:) 1.0)"), ("x ^= 2; y @= z", "(^= x 2.0);\n(@= y z)"),
    ])
  func postfix(_ text: String, _ expected: String) { #expect(shape(text) == expected) }

  @Test(
    "literals",
    arguments: [
      ("[]", "[]"), ("[1, 2; 3, 4]", "[1.0, 2.0; 3.0, 4.0;]"), ("[1; 2;]", "[1.0; 2.0;]"), ("[1, 2,]", "[1.0, 2.0]"),
      ("[1;]", "[1.0;]"), ("[[1, 2], [3, 4]]", "[[1.0, 2.0], [3.0, 4.0]]"), ("()", "(list)"), ("(1,)", "(list 1.0)"),
      ("(1, \"a\", x)", "(list 1.0 (string \"a\") x)"), ("(x)", "x"), ("{}", "(record)"),
      ("{a: 1, \"b c\": 2,}", "(record \"a\": 1.0 \"b c\": 2.0)"),
      ("{\n a: 1,\n b: 2\n}", "(record \"a\": 1.0 \"b\": 2.0)"),
      ("(true, false, none)", "(list true false none)"),
    ])
  func literals(_ text: String, _ expected: String) { #expect(shape(text) == expected) }

  @Test(
    "numbers",
    arguments: [
      ("3", 3), ("2.5", 2.5), (".5", 0.5), ("1e-3", 0.001), ("1_000_000", 1_000_000), ("0xff", 255), (".5e1", 5),
      ("1E+2", 100),
      ("0xFFFFFFFFFFFFFFFFFF", 4_722_366_482_869_645_213_696), ("0.1", 0.1), ("1_0.2_5", 10.25),
      ("9007199254740993", 9_007_199_254_740_992),
    ])
  func numbers(_ text: String, _ expected: Double) { #expect(shape(text) == "\(expected)") }

  @Test(
    "functions",
    arguments: [
      ("fn f(x, y = 2, ...rest) = x^2", "(fn f (x, y = 2.0, ...rest) (^ x 2.0))"), ("fn f() { }", "(fn f () {})"),
      ("fn f(x,) { let y = x; y }", "(fn f (x) {(let y x); y})"), ("fn f(x) {\n return\n}", "(fn f (x) {(return)})"),
      ("x -> x", "(fn (x) x)"), ("(x, y = 1) -> x + y", "(fn (x, y = 1.0) (+ x y))"), ("() -> {}", "(fn () (record))"),
      ("x -> {a: x}", "(fn (x) (record \"a\": x))"), ("x -> { x }", "(fn (x) {x})"),
      ("x -> y -> x |> f", "(fn (x) (fn (y) (|> x f)))"),
      ("map(x -> x + 1, xs)", "(call map (fn (x) (+ x 1.0)) xs)"),
      ("f((a, b) -> {\n  let c = a\n  c - b\n})", "(call f (fn (a, b) {(let c a) (- c b)}))"),
      ("fn f(x) {\n fn g(y) = y\n g(x)\n}", "(fn f (x) {(fn g (y) y) (call g x)})"),
      ("## Adds one.\n## To x.\nfn f(x) = x", "(fn f \"Adds one.\\nTo x.\" (x) x)"),
      ("## no\n\nfn f(x) = x", "(fn f (x) x)"),
      ("fn f(x) =\n  x", "(fn f (x) x)"), ("let f = x ->\n  x", "(let f (fn (x) x))"),
    ])
  func functions(_ text: String, _ expected: String) { #expect(shape(text) == expected) }

  @Test(
    "control",
    arguments: [
      ("if a { 1 } else if b { 2 } else { 3 }", "(if a {1.0} (if b {2.0} {3.0}))"),
      ("if a { }\nelse { }", "(if a {} {})"),
      ("let s = if y > 0 { \"+\" }\n  else { \"-\" }", "(let s (if (> y 0.0) {(string \"+\")} {(string \"-\")}))"),
      ("for (i, (a, _)) in xs { break; continue }", "(for (i, (a, _)) xs {(break); (continue)})"),
      ("while not done { step() }", "(while (not done) {(call step)})"),
      ("try { f() }\ncatch e { e.kind }", "(try {(call f)} e {(. e kind)})"),
      ("import stats; import \"lib/a.glia\" as a", "(import stats);\n(import \"lib/a.glia\" as a)"),
      ("let (a, b,) = (1, 2)", "(let (a, b) (list 1.0 2.0))"),
      ("var x = 1", "(var x 1.0)"), ("1 + if a { 1 } else { 2 } * 3", "(+ 1.0 (* (if a {1.0} {2.0}) 3.0))"),
    ])
  func control(_ text: String, _ expected: String) { #expect(shape(text) == expected) }

  @Test(
    "where a newline ends a statement, and where not",
    arguments: [
      ("a\n-b", "a\n(- b)"), ("a\n(b)", "a\nb"), ("a\n[1]", "a\n[1.0]"), ("(a\n-b)", "(- a b)"),
      ("f(a,\n b\n)", "(call f a b)"),
      ("a\n  .b\n  .c()", "(call (. (. a b) c))"), ("a\n.5", "a\n0.5"), ("a\n|> f\n\n>> g", "(|> a (>> f g))"),
      ("a\nand b\nor c", "(or (and a b) c)"),
      ("a +\n\nb", "(+ a b)"), ("let x =\n 1", "(let x 1.0)"), ("x = \r\n 1\r\ny\r\n", "(= x 1.0)\ny"),
      ("f(x -> {\n a\n -b\n})", "(call f (fn (x) {a (- b)}))"),
      ("a # c\n|> f", "(|> a f)"), ("\u{FEFF}a;;\n;b;", "a;\nb;"), ("not\na", "(not a)"),
      ("x[\n1:\n2]", "(index x 1.0:2.0)"),
    ])
  func newlines(_ text: String, _ expected: String) { #expect(shape(text) == expected) }

  @Test("names are Unicode")
  func names() {
    #expect(shape("η + λ1 * größe - 日本 + _x") == "(+ (- (+ η (* λ1 größe)) 日本) _x)")
    #expect(shape("e\u{301}te") == "e\u{301}te")
    #expect(shape("letter + iffy + none_left") == "(+ (+ letter iffy) none_left)")
  }

  @Test("spans cover exactly the text of a node")
  func spans() throws {
    let source = SourceFile(name: "a", text: "let y = f(a, b)[0].c ^ 2 + x |> g ; z")
    let tree = SyntaxTree(parsing: source)
    guard case .binding(_, _, let value) = tree.statements[0].kind,
      case .binary(_, let left, let right, let place) = value.kind,
      case .binary(_, let power, _, _) = left.kind, case .binary(_, let base, _, _) = power.kind
    else {
      Issue.record("another tree")
      return
    }
    #expect(source.text(tree.statements[0].span) == "let y = f(a, b)[0].c ^ 2 + x |> g")
    #expect(source.text(value.span) == "f(a, b)[0].c ^ 2 + x |> g")
    #expect(source.text(left.span) == "f(a, b)[0].c ^ 2 + x")
    #expect(source.text(power.span) == "f(a, b)[0].c ^ 2")
    #expect(source.text(base.span) == "f(a, b)[0].c")
    #expect(source.text(right.span) == "g")
    #expect(source.text(place) == "|>")
    #expect(tree.statements[0].endsWithSemicolon && !tree.statements[1].endsWithSemicolon)
  }
}

@Suite("Strings")
struct StringTests {
  @Test(
    "escapes and interpolations",
    arguments: [
      (#""a\tb\"c\\d\{e\}\u{3b7}\u{1F389}""#, "(string \"a\tb\"c\\d{e}η🎉\")"), (#""""#, "(string)"),
      (#""a } b""#, "(string \"a } b\")"),
      (#""epoch {e}: {loss:.4f}, {acc:.1%}""#, "(string \"epoch \" {e} \": \" {loss:.4f} \", \" {acc:.1%})"),
      (#""{f("a {b} c")}""#, "(string {(call f (string \"a \" {b} \" c\"))})"),
      (#""{ {a: 1}.a }""#, "(string {(. (record \"a\": 1.0) a)})"),
      (#""{x[1:2]:>8}""#, "(string {(index x 1.0:2.0):>8})"), (#""{f(a: 1):d}""#, "(string {(call f a: 1.0):d})"),
      (#""{if a { "x" } else { "y" }}""#, "(string {(if a {(string \"x\")} {(string \"y\")})})"),
      (#""it's # fine""#, "(string \"it's # fine\")"),
      ("\"\"\"one\"\"\"", "(string \"one\")"),
      ("\"\"\"\n    a\n      b {1}\n\n    \"c\" \\{\n    \"\"\"", "(string \"a\\n  b \" {1.0} \"\\n\\n\"c\" {\")"),
      ("\"\"\"\n\n  \"\"\"", "(string)"), ("\"\"\"\n  a\n  {b}\n\"\"\"", "(string \"a\\n\" {b})"),
      ("\"\"\"\n{a}\n  b\n\"\"\"", "(string {a} \"\\n  b\")"),
      ("\"\"\"a\r\nb\"\"\"", "(string \"a\\nb\")"), ("\"\"\"\n  {\n  1 +\n 2}\n  \"\"\"", "(string {(+ 1.0 2.0)})"),
      ("\"\"\"\n  \"\"\"", "(string)"),
      ("\"\"\"\n  a\\n b\n   c\"\"\"", "(string \"a\\n b\\n c\")"),
    ])
  func parts(_ text: String, _ expected: String) { #expect(shape(text) == expected) }
}
