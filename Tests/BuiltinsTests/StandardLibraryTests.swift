import Testing

/// The modules of `stdlib/`: what they compute, and the sizes of the networks that the literature states.
@Suite struct StandardLibraryTests {
  @Test(arguments: [
    ("lenet5()", "(28, 28, 1)", 61_706), ("alexnet()", "(224, 224, 3)", 61_100_840),
    ("resnet18()", "(224, 224, 3)", 11_699_112), ("resnet34()", "(224, 224, 3)", 21_814_696),
    ("resnet50()", "(224, 224, 3)", 25_610_152), ("mobilenet()", "(224, 224, 3)", 4_253_864),
    ("unet((64, 64, 1))", "(64, 64, 1)", 31_030_593),
  ])
  func modelsHaveThePublishedNumberOfParameters(make: String, shape: String, count: Int) {
    #expect(printed("import models\nprint(count_params(build(models.\(make), \(shape))))") == "\(count)\n")
  }

  @Test func aGptTurnsTokensIntoLogits() {
    #expect(
      printed(
        """
        import models
        import text
        let net = models.gpt(11, 6, depth: 1, heads: 2, width: 8)
        print(net(int32([[1, 2, 3, 4, 5, 6]])).shape, len(text.generate(net, (1, 2, 3, 4, 5, 6), 3, 6)))
        print(len(text.beam_search(net, (1, 2, 3, 4, 5, 6), 2, 6, width: 2)[0]))
        """) == "(1, 6, 11) 9\n8\n")
  }

  @Test func clustersAndAxes() {
    #expect(
      printed(
        """
        import cluster
        let x = [0, 0; 0, 1; 10, 0; 10, 1]
        let groups = cluster.kmeans(x, 2)
        print(groups.inertia, groups.labels[0] == groups.labels[1], groups.labels[0] == groups.labels[2])
        print(cluster.pca(x, 1).ratio[0] > 0.98, cluster.pca(x, 2).components.shape)
        print(cluster.tsne(randn(12, 3), perplexity: 3, iterations: 5).shape)
        """) == "1 true false\ntrue (2, 2)\n(12, 2)\n")
  }

  @Test func thePerceptronLearnsAnd() {
    #expect(
      printed(
        """
        import perceptron
        let d = and_table()
        let learnt = perceptron.train(d.x, flatten(d.y))
        print(learnt.learnt, perceptron.predict(learnt, d.x), type(learnt.steps))
        """) == "true [0, 0, 0, 1] table\n")
  }

  @Test func worldsArePlayed() {
    #expect(
      printed(
        """
        import rl
        let world = rl.gridworld(rows: 3, columns: 3)
        let learnt = rl.q_learning(world, episodes: 300)
        var state = world.reset()
        var steps = 0
        while state != 8 and steps < 20 {
            let (next, reward, done) = world.step(state, learnt.policy[state])
            state = next
            steps += 1
        }
        print(steps)
        let net = dense(4, tanh) >> dense(2, softmax)
        print(len(rl.reinforce(rl.cartpole(limit: 20), net, adam(0.01), episodes: 3)))
        """) == "4\n3\n")
  }

  @Test func aGeneratorIsTrainedAgainstADiscriminator() {
    #expect(
      printed(
        """
        import gan
        let history = gan.train(dense(4, relu) >> dense(2), dense(4, relu) >> dense(1), randn(32, 2), 3, epochs: 2, batch: 16)
        print(history.columns, len(history), gan.sample(dense(2), 5, 3).shape)
        """) == "(\"epoch\", \"generator_loss\", \"discriminator_loss\") 2 (5, 2)\n")
  }

  @Test func picturesAreTransformed() {
    #expect(
      printed(
        """
        import vision
        let x = rand(2, 8, 8, 3)
        print(vision.center_crop(x, 4, 6).shape, vision.random_crop(x).shape, vision.random_flip(x).shape)
        print(vision.grayscale(x).shape, vision.cutout(x, 3).shape, max(vision.to_unit(full((2, 2), 255))))
        print(vision.normalise(x, 0.5, 0.25).shape)
        """) == "(2, 4, 6, 3) (2, 8, 8, 3) (2, 8, 8, 3)\n(2, 8, 8, 1) (2, 8, 8, 3) 1\n(2, 8, 8, 3)\n")
  }

  @Test func informationIsMeasured() {
    #expect(
      printed(
        """
        import stats
        print(stats.entropy([0.5, 0.5]), stats.perplexity([0.25, 0.25, 0.25, 0.25]), stats.kl([0.5, 0.5], [0.5, 0.5]))
        print(stats.mutual_information([0.5, 0; 0, 0.5]), stats.correlation([1, 2, 3], [2, 4, 6]), stats.aic(-80, 5), stats.bic(-80, 5, 1))
        """) == "0.693147 4 0\n0.693147 1 170 160\n")
  }
}
