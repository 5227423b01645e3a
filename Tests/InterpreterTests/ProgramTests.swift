import Testing

@testable import Interpreter

/// Tiny programs with what they print beside them; an error shows as `kind line:column message`.
struct ProgramTests {
  @Test(arguments: [
    ("print(7 / 2, 7 // 2, -7 // 2, 7 % 3, -7 % 3, 5 % -3)", "3.5 3 -4 1 2 -1\n"),
    ("print(2 ^ 10, 2 ^ -1, -2 ^ 2, 2 ^ 3 ^ 2, 7.5 // 2, -7.5 % 2)", "1024 0.5 -4 512 3 0.5\n"),
    ("print(1 / 0, 0 / 0, 7 % 0, nan == nan)", "inf nan nan false\n"),
    (
      "print(1 < 2, \"a\" < \"b\", (1, 2) == (1, 2), {a: 1, b: 2} == {b: 2, a: 1}, 1 == \"1\")",
      "true true true true false\n"
    ),
    ("print(2 in (1, 2), \"b\" in \"abc\", \"a\" in {a: 1}, 3 in range(0, 9, 3))", "true true true true\n"),
    ("print(true or 5, false and 5)", "true false\n"),
    ("print(true and \"x\")", "type 1:16 `and` is for bools, and this is a string"),
    ("print(not 1 == 2)", "true\n"),
    ("print(\"a\" + 1)", "type 1:7 `+` cannot be used on a string and a number"),
    ("print(-\"a\")", "type 1:7 `-` cannot be used on a string"),
    ("print((1, 2) < (1, 3))", "type 1:7 `<` cannot order a list and a list"),
    ("let x = 3\nx()", "type 2:1 a number cannot be called"),
  ])
  func operators(program: String, expected: String) { #expect(output(of: program) == expected) }

  @Test(arguments: [
    ("let x = 1\nif true { let x = 2\n print(x) }\nprint(x)\nlet x = x + 10\nprint(x)", "2\n1\n11\n"),
    ("fn f(x) { let x = x * 2\n x }\nprint(f(5))", "10\n"),
    ("print(later(4))\nfn later(x) = tenfold(x) + 1\nfn tenfold(x) = x * 10", "41\n"),
    (
      "fn outer(n) {\n fn even(n) = if n == 0 { true } else { odd(n - 1) }\n"
        + "fn odd(n) = if n == 0 { false } else { even(n - 1) }\n even(n) }\nprint(outer(10), outer(7))", "true false\n"
    ),
    ("fn f() {\n fn fact(n) = if n < 2 { 1 } else { n * fact(n - 1) }\n fact(5) }\nprint(f())", "120\n"),
    (
      "fn f() {\n let x = 1\n let g = () -> x\n let x = 2\n let h = () -> x\n (g(), h(), x) }\nprint(f())",
      "(1, 2, 2)\n"
    ),
    ("fn f() {\n var v = 1\n let g = () -> v\n v = 5\n var v = 100\n v += 1\n (g(), v) }\nprint(f())", "(5, 101)\n"),
    ("var fs = ()\nfor i in range(3) { fs += (() -> i,) }\nprint(fs.map(f -> f()))", "(0, 1, 2)\n"),
    (
      "fn counter() {\n var n = 0\n () -> {\n n += 1\n n } }\nlet a = counter()\nlet b = counter()\nprint(a(), a(), b())",
      "1 2 1\n"
    ),
    ("fn f() {\n var v = 0\n let set = x -> { v = x }\n set(7)\n v }\nprint(f())", "7\n"),
    ("let c = a -> b -> c -> a * 100 + b * 10 + c\nprint(c(1)(2)(3))", "123\n"),
    ("let rate = 1\nrate = 2", "name 2:1 `rate` is a `let` and cannot be assigned"),
    ("fn f(x) { x = 2 }\nf(1)", "name 1:11 `x` is a parameter and cannot be assigned"),
    ("var total = 0\ntotl += 1", "name 2:1 `totl` is not defined"),
    ("print(cuont)", "name 1:7 `cuont` is not defined"),
    ("if true { let inner = 1 }\nprint(inner)", "name 2:7 `inner` is not defined"),
    ("fn f() = k\nprint(f())\nlet k = 5", "name 1:10 `k` has no value yet: its definition stands further down"),
    ("fn f() {\n var p = ((1, (2, 3)), 1)\n p = p[p[1] - 1][1]\n p = p[0]\n p }\nprint(f())", "2\n"),
    ("fn f() {\n var r = {next: {next: {v: 7}}}\n r = r.next.next\n r = r.v\n r }\nprint(f())", "7\n"),
    (
      "fn f(n) {\n var xs = ()\n for i in range(n) { xs.push(i)\n if i == n - 2 { let ys = xs } }\n let zs = xs\n xs.push(0)\n"
        + " (len(zs), len(xs), zs[n - 1], xs[n]) }\nprint(f(131072), f(262145))",
      "(131072, 131073, 131071, 0) (262145, 262146, 262144, 0)\n"
    ),
    (
      "fn f() {\n var r = {}\n let k = \"k\"\n for i in range(20) { r[\"{k}{i}\"] = i }\n let old = r\n r[\"k3\"] += 10\n"
        + " (\"k3\" in r, \"k99\" in r, old[\"k3\"], r[\"k3\"]) }\nprint(f())", "(true, false, 3, 13)\n"
    ),
    (
      "let a = {x: 1, y: 2}\nlet b = {x: 3, y: 4}\nvar c = b\nc[\"z\"] = 5\nprint(a, b, c, {x: 0, y: 0})",
      "{x: 1, y: 2} {x: 3, y: 4} {x: 3, y: 4, z: 5} {x: 0, y: 0}\n"
    ),
    ("var x = 5\nx = if x > 3 { x - 1 } else { 0 }\nx = try { x + 1 } catch e { 0 }\nprint(x)", "5\n"),
    ("fn f() {\n var x = 1\n let y = x + if true { x = 10\n x } else { 0 }\n y }\nprint(f())", "11\n"),
  ])
  func scopes(program: String, expected: String) { #expect(output(of: program) == expected) }

  @Test(arguments: [
    ("fn p(base, exponent = 2) = base ^ exponent\nprint(p(3), p(2, 5), p(exponent: 1, base: 9))", "9 32 9\n"),
    ("fn f(a, b = a + 1, c = a + b) = (a, b, c)\nprint(f(1), f(1, c: 0))", "(1, 2, 3) (1, 2, 0)\n"),
    ("fn h(first, ...others) = (first, others)\nprint(h(1), h(1, 2, 3))", "(1, ()) (1, (2, 3))\n"),
    ("fn add(a, b, c) = a + b + c\nprint(add(...(1, 2, 3)), add(10, ...(20, 30)))", "6 60\n"),
    ("fn area(width, height) = width * height\narea(2)", "type 2:1 `area` needs `height`"),
    ("fn area(width, height) = width * height\narea(2, 3, 4)", "type 2:1 `area` takes at most 2 arguments, and got 3"),
    ("fn t(rate, epochs = 1) = rate\nt(1, epoch: 3)", "type 2:1 `t` has no parameter `epoch`; did you mean `epochs`?"),
    ("fn double(x) = x * 2\nprint((2).double(), 5 |> double, (double >> str)(3))", "4 10 6\n"),
    (
      "let box = {w: 2, area: () -> \"own\"}\nfn area(r) = r.w\nprint(box.area(), area(box), {w: 3}.area())",
      "own 2 3\n"
    ),
    ("fn f(n) {\n while true { for i in range(5) { if i == n { return i } } } }\nprint(f(3))", "3\n"),
    ("fn depth(n) = if n == 0 { 0 } else { 1 + depth(n - 1) }\nprint(depth(100000))", "100000\n"),
    ("fn down(n) = down(n + 1)\ndown(0)", "value 1:14 too deep recursion: more than 200000 calls inside each other"),
    (
      "fn down(n) = (n,).map(down)\ndown(0)",
      "value 1:14 too deep recursion: more than 10000 calls through built-ins inside each other"
    ),
    ("print(sqrt(16), sqrt)", "4 <fn sqrt(x)>\n"),
    ("none.foo()", "name 1:1 none has no member `foo`"),
  ])
  func calls(program: String, expected: String) { #expect(output(of: program) == expected) }

  @Test(arguments: [
    ("var n = 0\nwhile n < 3 { n += 1\n if n == 2 { continue }\n print(n) }", "1\n3\n"),
    ("for i in range(5, 0, -2) { print(i) }\nfor i in range(3, 3) { print(i) }", "5\n3\n1\n"),
    ("for c in \"hé\" { print(c) }\nfor (k, v) in {x: 1} { print(k, v) }", "h\né\nx 1\n"),
    ("for i in range(1e12) { if i == 3 { print(i)\n break } }", "3\n"),
    (
      "for x in 5 { }",
      "type 1:10 `for` walks lists, ranges, strings, tensors, records and tables, and this is a number"
    ),
    ("let (a, (b, _)) = (1, (2, 3))\nprint(a, b)", "1 2\n"),
    ("let (a, b) = (1, 2, 3)", "value 1:14 the pattern has 2 names, and a list of 3 elements came"),
    ("let n = 1\nif n { }", "type 2:4 a condition must be a bool, and this is a number"),
    ("print(if false { 1 })", "none\n"),
    ("var xs = (1, 2)\nfor x in xs { xs.push(x) }\nprint(xs)", "(1, 2, 1, 2)\n"),
    ("break", "syntax 1:1 `break` stands outside of a loop"),
  ])
  func control(program: String, expected: String) { #expect(output(of: program) == expected) }

  @Test(arguments: [
    ("let r = try { error(\"no\") } catch e { e.kind + \" \" + e.message + \" {e.line}\" }\nprint(r)", "user no 1\n"),
    ("print(try { (1, 2)[5] } catch e { e.kind })", "index\n"),
    ("print(try { \"fine\" } catch e { e } + \"!\")", "fine!\n"),
    (
      "let r = try { try { error(\"a\") } catch e { error(\"b\" + e.message) } } catch e { e.message }\nprint(r)",
      "ba\n"
    ),
    (
      "fn f(n) {\n try {\n if n == 1 { return \"returned\" }\n error(\"x\") } catch e { \"caught\" } }\nprint(f(1), f(2))",
      "returned caught\n"
    ),
    (
      "var seen = ()\nfor i in range(6) { try {\n if i == 1 { continue }\n if i == 4 { break }\n if i == 2 { error(\"two\") }\n"
        + "seen += (i,) } catch e { seen += (e.message,) } }\nprint(seen)", "(0, \"two\", 3)\n"
    ),
    (
      "fn inner(x) {\n x + \"half\"\n}\nfn outer(x) = inner(x)\nouter(1)",
      "type 2:2 `+` cannot be used on a number and a string"
    ),
    ("assert(1 == 2, \"no\")", "assertion 1:1 no"),
    ("assert(1 + 1 == 3)", "assertion 1:1 the assertion does not hold: 2 == 3"),
    ("assert(1, \"x\")", "type 1:1 `assert` wants a condition, and got a number"),
    ("print((1, 2).map(x -> x.y))", "name 1:23 a number has no member `y`"),
  ])
  func errors(program: String, expected: String) { #expect(output(of: program) == expected) }

  @Test(arguments: [
    ("var a = (1, 2, 3)\nvar b = a\nb[0] = 99\nprint(a, b)", "(1, 2, 3) (99, 2, 3)\n"),
    (
      "var m = ((1, 2), (3, 4))\nlet old = m\nm[0][1] = 20\nm[-1] = 5\nprint(m, old)", "((1, 20), 5) ((1, 2), (3, 4))\n"
    ),
    (
      "var r = {a: 1, inner: {b: 2, xs: (1, 2)}}\nlet copy = r\nr.a = 10\nr[\"a\"] += 1\nr.inner.xs[1] = 99\nr[\"new\"] = 0\nprint(r)\nprint(copy)",
      "{a: 11, inner: {b: 2, xs: (1, 99)}, new: 0}\n{a: 1, inner: {b: 2, xs: (1, 2)}}\n"
    ),
    ("var p = ({x: 1}, {x: 2})\np[1].x = 5\np[0].x += 1\nprint(p)", "({x: 2}, {x: 5})\n"),
    (
      "fn grow(xs) {\n var ys = xs\n ys[0] = 7\n ys.push(1)\n ys }\nlet o = (1, 2)\nprint(grow(o), o)",
      "(7, 2, 1) (1, 2)\n"
    ),
    ("var r = {epochs: 1}\nr.epoch = 2", "name 2:1 the record has no field `epoch`"),
    ("var xs = (1,)\nxs[3] = 1", "index 2:1 index 3 is outside a list of size 1"),
    ("let xs = (1,)\nxs[0] = 1", "name 2:1 `xs` is a `let` and cannot be assigned"),
    (
      "var xs = (1, 2)\nxs.push(3)\nxs.pop()\nxs.pop()\nprint(xs)\nlet ys = xs.push(9)\nprint(xs, ys)",
      "(1,)\n(1,) (1, 9)\n"
    ),
    (
      "fn f() {\n var xs = ()\n for i in range(3) { xs.push(i) }\n let g = () -> { xs.push(9) }\n g()\n xs }\nprint(f())",
      "(0, 1, 2, 9)\n"
    ),
    ("var s = \"a\"\nlet t = s\ns += \"b\"\ns += s\nprint(s, t)", "abab a\n"),
    (
      "var log = (0,)\nfn f(item, kept) {\n let other = (kept, kept)\n let same = log\n log += item\n (item, kept, other, same) }\nprint(f((1,), \"k\"), log)",
      "((1,), \"k\", (\"k\", \"k\"), (0,)) (0, 1)\n"
    ),
    (
      "fn make() {\n var s = \"a\"\n let add = (more, kept) -> {\n let same = s\n s += more\n (more, kept, same, s) }\n add(\"b\", (1,)) }\nprint(make())",
      "(\"b\", (1,), \"a\", \"ab\")\n"
    ),
    ("var xs = (1,)\nxs[0] = xs\nprint(xs)", "((1,),)\n"),
  ])
  func places(program: String, expected: String) { #expect(output(of: program) == expected) }

  @Test(arguments: [
    ("let s = \"neural\"\nprint(s[0], s[-1], s[1:3], s[::-1], s[10:20])", "n l eu laruen \n"),
    ("let j = \"日本語🎉\"\nprint(len(j), j[1], j[::-1])", "4 本 🎉語本日\n"),
    (
      "let xs = (10, 20, 30, 40)\nprint(xs[1:3], xs[::2], xs[::-1], xs[5:], xs[-2:])",
      "(20, 30) (10, 30) (40, 30, 20, 10) () (30, 40)\n"
    ),
    ("print(range(10)[2], range(10)[::3], range(3)[-1])", "2 range(0, 12, 3) 2\n"),
    ("print((1, 2)[0.5])", "type 1:7 an index into a list is a whole number, and this is 0.5"),
    ("print({a: 1}[\"b\"])", "index 1:7 the record has no field \"b\""),
    ("print(5[0])", "type 1:7 a number cannot be indexed"),
  ])
  func indexing(program: String, expected: String) { #expect(output(of: program) == expected) }

  @Test(arguments: [
    (
      "let x = 3.14159265\nprint(\"{x:.2f}|{x:8.3f}|{x:<8.3f}|{x:^8.3f}|{x:08.3f}|{-x:+.1f}|{x:e}\")",
      "3.14|   3.142|3.142   | 3.142  |0003.142|-3.1|3.141593e+00\n"
    ),
    (
      "print(\"{42:5d}|{-42:05d}|{1234567.891:,.2f}|{255:x}|{0.256:.1%}|{7:*^5d}|{0.00001234:g}\")",
      "   42|-0042|1,234,567.89|ff|25.6%|**7**|1.234e-05\n"
    ),
    ("print(\"{\"ab\":>5}|{\"abc\":.2}|{(1, 2):10}|\")", "   ab|ab|(1, 2)    |\n"),
    ("print(\"{3.5:d}\")", "value 1:7 the format `d` is for whole numbers, and this is 3.5"),
    ("print(\"{\"a\":.2f}\")", "type 1:7 the format `f` is for numbers, and this is a string"),
    ("let e = try { \"{1:q}\" } catch e { e.kind }\nprint(e)", "value\n"),
  ])
  func formats(program: String, expected: String) { #expect(output(of: program) == expected) }

  @Test(arguments: [
    ("print([1, 2; 3, 4], [1, 2.5], [true, false])", "[[1, 2],\n [3, 4]] [1, 2.5] [true, false]\n"),
    ("[1, 2; 3, 4]", "[[1, 2],\n [3, 4]]  # 2×2\n"),
    ("let a = [1, 2]\nprint([a, a * 2].shape, a + 1, 2 ^ a, sum(a) == 3)", "(2, 2) [2, 3] [2, 4] true\n"),
    ("[1, 2; 3]", "shape 1:1 row 2 has 1 element, and row 1 has 2"),
    ("[\"a\", \"b\"]", "type 1:1 a tensor holds numbers, bools and tensors, and this has a string in it"),
    ("if [1, 2] == [1, 2] { }", "type 1:4 a condition must be one bool, and this is a tensor of shape 2"),
    ("if sum([1, 2]) > 2 { print(\"yes\") }", "yes\n"),
    ("var w = zeros(3)\nlet o = w\nw[0] = 5\nw[1:] += 1\nprint(w, o)", "[5, 1, 1] [0, 0, 0]\n"),
    ("var p = ([1, 2], [3, 4])\nlet k = p\np[0][1] = 8\nprint(p[0], k[0])", "[1, 8] [1, 2]\n"),
    (
      "let x = [1, 2, 3; 4, 5, 6]\nprint(x[1], x[:, 0], x[0, 2], x[:, none].shape, x[(1, 0), 1])",
      "[4, 5, 6] [1, 4] 3 (2, 1, 3) [5, 2]\n"
    ),
    (
      "print(str(float64([0.1, 1 / 3])), int32([16777217]), float64([[0.1], [0.2]])[0, 0] == 0.1)",
      "[0.1, 0.3333333333333333] [16777217] true\n"
    ),
    ("for row in [1, 2; 3, 4] { print(row) }\nfor v in [7] { print(v + 1) }", "[1, 2]\n[3, 4]\n8\n"),
    ("print(zeros(2, 3).T.shape, [1, 2].dtype, [1, 2] @ [3, 4])", "(3, 2) float32 11\n"),
  ])
  func tensors(program: String, expected: String) { #expect(output(of: program) == expected) }
}
