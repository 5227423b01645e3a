import Session
import Testing

/// What `print` writes in a program.
func printed(_ source: String) -> String {
  let folder = TemporaryFolder()
  var options = SessionOptions(workingDirectory: folder.path)
  options.showsProgress = false
  let result = Session(options).evaluate(source: source, name: "test.glia")
  return result.outputs.map { if case .text(let text) = $0 { text } else { "" } }.joined()
    + result.diagnostics.map { "\($0.kind.rawValue): \($0.message)\n" }.joined()
}

@Suite struct CompilingTests {
  @Test func aProgramServesItsShapesAndOthers() {
    #expect(
      printed(
        """
        let g = compile((x, y) -> sum((x @ y) ^ 2) / len(x))
        print(g([1, 2; 3, 4], [1; -1]), g(ones(3, 2), [1; 0]), g([1, 2; 3, 4], [2; -2]))
        """) == "1 1 4\n")
  }

  @Test func weightsAreThoseOfTheMomentOfTheCall() {
    #expect(
      printed(
        """
        let net = build(dense(1, kernel_init: ones_init()), 2)
        let g = compile(x -> net(x))
        print(g([[1, 2]]))
        set_weights(net, {bias: [10]})
        print(g([[1, 2]]), "planned" in g.explanation or len(g.explanation) > 20)
        """) == "[[3]]\n[[13]] true\n")
  }

  @Test func aVariableIsReadAtEachCall() {
    #expect(
      printed(
        """
        var k = 2
        let g = compile(x -> x * k)
        print(g([1, 2]))
        k = 3
        print(g([1, 2]))
        fn scaled(x) = x.twice()
        fn twice(x) = x * k
        let h = compile(scaled)
        print(h([1]))
        k = 5
        print(h([1]))
        """) == "[2, 4]\n[3, 6]\n[3]\n[5]\n")
  }

  @Test func aVariableInsideALambdaLayerIsReadAtEachCall() {
    #expect(
      printed(
        """
        var k = 2
        let net = lambda(x -> x * k)
        let g = compile(x -> net(x))
        print(g([[1]]))
        k = 3
        print(g([[1]]))
        """) == "[[2]]\n[[3]]\n")
  }

  @Test func whatLooksAtValuesOrPrintsRunsStepByStep() {
    #expect(
      printed(
        """
        let g = compile(x -> if sum(x) > 0 { x } else { -x })
        print(g([1, 2]), g([-1, -2]))
        let h = compile(x -> { print("called"); x * 2 })
        print(h([1]), h([2]))
        """) == "[1, 2] [1, 2]\ncalled\ncalled\n[2] [4]\n")
  }

  @Test func gradientsInsideAndAround() {
    #expect(
      printed(
        """
        let step_ = compile(w -> w - 0.25 * grad(v -> sum(v ^ 2))(w))
        print(step_([4, 8]), grad(w -> sum(compile(v -> v ^ 2)(w)))([1, 2]))
        """) == "[2, 4] [2, 4]\n")
  }
}
