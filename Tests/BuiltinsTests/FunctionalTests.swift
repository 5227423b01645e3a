import Testing

@Suite struct FunctionalTests {
  @Test func operatorsBuiltinsAndIndexesAreSteps() {
    #expect(
      printed(
        """
        let x = input(3)
        let y = model(x, concat((x[:, 0:1] * 2, -x[:, 1:], expand(x[:, 2], 1)), axis: -1))
        print(y([[1, 2, 3]]), y([1, 2, 3; 4, 5, 6]).shape)
        """) == "[[ 2, -2, -3,  3]] (2, 4)\n")
  }

  @Test func modelsWithStepsAreKeptInFiles() {
    #expect(
      printed(
        """
        let x = input(2)
        let net = model(x, sqrt(abs(x[:, 1:])) + dense(1)(x) * 2 + [1])
        save(net, "net.safetensors")
        print(close(load("net.safetensors")([[1, 4]]), net([[1, 4]])), count_params(clone(net)))
        """) == "true 3\n")
  }

  @Test func whatNeedsValuesIsRefusedWithTheWayOut() {
    let text = printed("let x = input(2)\nprint(unique(x))")
    #expect(text.hasPrefix("value: ") && text.contains("unique"))
  }

  @Test func symbolicShapesNameTheBatch() {
    let text = printed("let x = input(3)\nprint(dense(2)(x) + dense(4)(x))")
    #expect(text.contains("batch×2 and batch×4") && !text.contains("8191"), "\(text)")
    #expect(printed("print(try { build(dense(2)) } catch e { e.hint })").contains("build(net, 3)"))
  }

  @Test func aConstructorThatWasNotCalledIsRecognised() {
    let text = printed("print(try { fit(dense(1), [1; 2], [1; 2], loss: mse, optimizer: sgd) } catch e { e.hint })")
    #expect(text == "call it: sgd()\n")
  }

  @Test func gradientsOfWhatIsNotOnThePath() {
    #expect(
      printed(
        """
        print(grad((x, flag) -> if flag { x } else { 0 })(2, false), grad(p -> p.a * 2)({a: 1, b: [1, 2]}))
        print(try { grad(x -> 5)(2) } catch e { e.kind })
        """) == "0 {a: 2, b: [0, 0]}\nvalue\n")
  }

  @Test func aLayerThatWasNeverCalledIsBuiltByItsFirstGradient() {
    #expect(
      printed(
        """
        let net = dense(2) >> dropout(0.5) >> dense(1)
        let g = grad(m -> mean(m([[1, 2, 3]], training: true) ^ 2))(net)
        print(keys(g))
        """) == "(\"0.kernel\", \"0.bias\", \"2.kernel\", \"2.bias\")\n")
  }
}
