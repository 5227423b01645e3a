import FileFormats
import Testing

@testable import Charts

@Suite struct TickTests {
  @Test(arguments: [
    (0.0, 1.0, 5, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]), (0, 97, 5, ["0", "20", "40", "60", "80"]),
    (-2.2, 2.2, 4, ["−2", "0", "2"]), (0, 30_000, 3, ["0", "10,000", "20,000", "30,000"]),
    (0, 3e6, 3, ["0", "10⁶", "2×10⁶", "3×10⁶"]), (0, 2.5e-5, 3, ["0", "10⁻⁵", "2×10⁻⁵"]),
    (0.0121, 0.0149, 3, ["0.013", "0.014"]), (-3e-7, 3e-7, 3, ["−2×10⁻⁷", "0", "2×10⁻⁷"]),
  ])
  func roundNumbers(low: Double, high: Double, count: Int, labels: [String]) {
    #expect(Ticks.linear(low, high, count: count).labels == labels)
  }

  @Test func wholeNumbersStayWhole() {
    #expect(Ticks.linear(1, 3, count: 8, wholeOnly: true).labels == ["1", "2", "3"])
  }

  @Test func powersOfTen() {
    #expect(Ticks.logarithmic(0.001, 100, count: 6).labels == ["0.001", "0.01", "0.1", "1", "10", "100"])
    #expect(Ticks.logarithmic(1, 20, count: 6).labels == ["1", "2", "5", "10", "20"])
    #expect(Ticks.logarithmic(1e-12, 1e12, count: 4).labels == ["10⁻¹²", "10⁻⁶", "1", "10⁶", "10¹²"])
  }

  @Test func manyCategoriesAreThinned() {
    let names = (0..<100).map(String.init)
    #expect(Ticks.categories(names, low: -0.5, high: 99.5, count: 10).labels.count == 10)
  }
}

@Suite struct ChartTests {
  @Test func automaticColoursDifferAndKeepClearOfGivenOnes() {
    let panel = Panel(marks: [
      .line(LineMark(x: [0], y: [0])), .line(LineMark(x: [0], y: [0], ink: .series(0))),
      .line(LineMark(x: [0], y: [0])),
    ])
    #expect(ResolvedPanel(panel).marks.map(\.ink) == [.series(1), .series(0), .series(2)])
  }

  @Test func addingKeepsTheFirstTitleAndFillsGaps() throws {
    let first = Chart.lines([("a", [1, 2])], title: "first")
    let second = Chart.lines([("b", [2, 1])], title: "second", xLabel: "x").changing { $0.y.scale = .log }
    let panel = try #require((first + second).panel)
    #expect(panel.title == "first" && panel.x.label == "x" && panel.y.scale == .log && panel.marks.count == 2)
    #expect((Chart.grid([first]) + second).content == .grid([.grid([first]), second], columns: 2))
  }

  @Test func rangesAreRoundForLinesAndIncludeZeroForBars() {
    let line = ResolvedPanel(Panel(marks: [.line(LineMark(x: [1, 10], y: [0.13, 0.94]))]))
    #expect(line.x.low == 1 && line.x.high == 10 && line.y.low == 0 && line.y.high == 1)
    let bars = ResolvedPanel(Panel(marks: [.bars(BarMark(starts: [0], ends: [1], heights: [9.7]))]))
    #expect(bars.y.low == 0 && bars.y.high == 10)
    let limited = ResolvedPanel(
      Panel(marks: [.line(LineMark(x: [1, 10], y: [0.13, 0.94]))], y: Axis(minimum: -1, maximum: 3)))
    #expect(limited.y.low == -1 && limited.y.high == 3)
  }

  @Test func textIsEscaped() {
    let svg = Chart.lines([("<b>&\"", [1, 2])], title: "a < b & c\u{1}\n").svg()
    #expect(svg.contains("a &lt; b &amp; c\u{FFFD} "))
    #expect(svg.contains("&lt;b&gt;&amp;&quot;"))
    #expect(!svg.contains("<b>"))
  }

  @Test func sameChartSameBytes() {
    for sample in Samples.all { #expect(sample.chart.svg() == sample.chart.svg()) }
  }

  @Test func picturesAreWellFormed() {
    for sample in Samples.all {
      var open: [Substring] = []
      for piece in sample.chart.svg().split(separator: "<") where !piece.isEmpty {
        let tag = piece.prefix { $0 != ">" }
        if tag.hasPrefix("/") {
          #expect(open.popLast() == tag.dropFirst().prefix { $0.isLetter })
        } else if !tag.hasSuffix("/") {
          open.append(tag.prefix { $0.isLetter })
        }
      }
      #expect(open.isEmpty)
      #expect(!sample.chart.svg().contains("nan") && !sample.chart.svg().contains("inf "))
    }
  }

  @Test func rowsAndColumnsHaveWholeNumbers() {
    let svg = Chart.heatmap([1, 2, 3, 4], rows: 2, columns: 2).svg()
    #expect(svg.contains(">0</text>") && svg.contains(">1</text>"))
    #expect(!svg.contains(">0.5</text>") && !svg.contains(">−0.5</text>"))
  }

  @Test func valuesInCellsHaveTheSameDecimals() {
    func labels(_ values: [Double]) -> [Bool] {
      let svg = Chart.heatmap(values, rows: 1, columns: values.count, isLabelled: true).svg()
      return ["0.0380", "0.038", "−0.248", "0.000", ">12<", ">2.0<", ">1.2e+07<", ">nan<"].map { svg.contains($0) }
    }
    #expect(labels([0.038, -0.248, 9e-6]) == [false, true, true, true, false, false, false, false])
    #expect(labels([12, 2, .nan]) == [false, false, false, false, true, false, false, true])
    #expect(labels([1.2e7 + 0.5, 2]) == [false, false, false, false, false, false, true, false])
  }

  @Test func valuesInCellsAreNoWiderThanTheCells() {
    let values = (0..<200).map { -0.001234 * Double($0 + 1) }
    let labelled = Chart.heatmap(values, rows: 1, columns: 200, isLabelled: true)
    let single = Chart.heatmap([-0.001234], rows: 1, columns: 1, isLabelled: true)
    #expect(single.svg().contains("−0.00123"))
    #expect(!labelled.svg().contains("−0.00123"))  // nothing legible would fit
  }

  @Test func longLinesAreThinned() {
    let values = (0..<200_000).map { Double($0 % 17) }
    #expect(Chart.lines([("", values)]).svg().utf8.count < 60_000)
  }

  @Test func hostileNumbersDoNoHarm() throws {
    let values: [Double] = [
      .nan, .infinity, -.infinity, 0, -0, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, .leastNonzeroMagnitude,
      1, 1 + .ulpOfOne, 1e300, -1e300, 1e-300, 5, 5, 5,
    ]
    let image = try Image(width: 1, height: 1, channels: 1, pixels: [7])
    for (index, first) in values.enumerated() {
      for apart in [0, 1, 6] {
        let second = values[(index + apart) % values.count]
        let pair = [first, second]
        // A field of many interpolated pixels takes long: a few are enough.
        if apart == 6 && index % 4 == 0 {
          let field = Chart.contour(pair + pair, rows: 2, columns: 2, x: 0...1, y: 0...1)
          #expect(!field.svg().isEmpty && !field.terminal().isEmpty)
        }
        for scale in [Axis.Scale.linear, .log] where scale == .linear || apart == 6 {
          var charts = [
            Chart.lines([("a", pair)], x: pair), .scatter(x: pair, y: pair), .histogram([("", pair)]),
            .bars(categories: ["a", "b"], series: [("s", pair)]), .heatmap(pair, rows: 1, columns: 2, isLabelled: true),
            .surface(pair + pair, rows: 2, columns: 2, x: 0...1, y: 0...1),
            .neurons([.init(name: "a", count: 1), .init(name: "b", count: 2, weights: pair)]),
            .history(epochs: pair, loss: .init(name: "loss", values: pair), hasLogarithmicLoss: true),
            .weights([("w", pair)]), .confusion(pair + pair, classNames: ["a", "b"]),
          ]
          charts = charts.map { $0.changing { $0.x.scale = scale } }
          charts.append(charts[0].changing { ($0.y.minimum, $0.y.maximum) = (first, second) })
          for chart in charts {
            #expect(!chart.svg().isEmpty && !chart.terminal(TerminalStyle(width: 30)).isEmpty)
          }
        }
      }
    }
    #expect(!Chart.image(image).terminal().isEmpty)
  }

  @Test func emptyDataGiveEmptyCharts() {
    let charts = [
      Chart.lines([]), .lines([("a", [])]), .scatter(x: [], y: [], classes: []), .bars(categories: [], series: []),
      .histogram([("", [])]), .heatmap([], rows: 0, columns: 0), .confusion([], classNames: []),
      .gallery([], columns: 0), .contour([], rows: 0, columns: 0, x: 0...0, y: 0...0),
      .decisionBoundary(
        regions: [], rows: 0, columns: 0, x: 0...1, y: 0...1, pointsX: [], pointsY: [], classes: []),
      .history(epochs: [], loss: nil), .roc([]), .weights([]), .graph(nodes: [], edges: []), .neurons([]),
      .surface([], rows: 0, columns: 0, x: 0...1, y: 0...1), .grid([]),
    ]
    for chart in charts {
      #expect(chart.svg().hasSuffix("</svg>\n"))
      _ = chart.terminal(TerminalStyle(width: 20, colours: .full))
    }
  }

  @Test func terminalLinesKeepTheirWidth() {
    for sample in Samples.all {
      for width in [20, 60, 130] {
        for colours in [TerminalStyle.Colours.none, .indexed, .full] {
          let text = sample.chart.terminal(TerminalStyle(width: width, colours: colours))
          for line in text.split(separator: "\n") { #expect(TerminalText.width(String(line)) <= width) }
          #expect(colours != .none || !text.contains("\u{1B}"))
        }
      }
    }
  }
}

@Suite struct HistogramTests {
  @Test func edgesBelongToTheStepAboveButTheLast() {
    #expect(Histogram.counts([0, 0.5, 1, 1.5, 2], edges: [0, 1, 2]) == [2, 3])
    #expect(Histogram.counts([.nan, -1, 3, .infinity], edges: [0, 1, 2]) == [0, 0])
  }

  @Test func givenBinsSpanTheValues() {
    #expect(Histogram.edges([0, 10], bins: 5) == [0, 2, 4, 6, 8, 10])
    #expect(Histogram.edges([3, 3, 3], bins: 2) == [1.5, 3, 4.5])
    #expect(Histogram.edges([], bins: nil) == [0, 1])
  }

  @Test func noValueIsLost() {
    let values = Samples.noise(500, 4).map { $0 * 0.37 }
    let edges = Histogram.edges(values, bins: nil)
    #expect(Histogram.counts(values, edges: edges).reduce(0, +) == 500)
  }
}

@Suite struct ContourTests {
  @Test func aConeHasRoundLines() throws {
    let side = Samples.steps(-1, 1, 41)
    let mark = ContourMark(
      Grid(
        side.flatMap { y in side.map { x in (x * x + y * y).squareRoot() } }, rows: 41, columns: 41, x: -1...1,
        y: -1...1), levels: [0.5])
    let lines = mark.lines()
    #expect(lines.count == 1 && lines[0].isClosed)
    for point in lines[0].points {
      #expect(abs((point.x * point.x + point.y * point.y).squareRoot() - 0.5) < 2e-3)
    }
  }

  @Test func aPlaneHasOpenLinesAndSaddlesAreCut() {
    let plane = ContourMark(Grid([0, 1, 2, 0, 1, 2], rows: 2, columns: 3, x: 0...2, y: 0...1), levels: [0.5, 1.5])
    #expect(plane.lines().map(\.isClosed) == [false, false])
    let saddle = ContourMark(Grid([1, 0, 0, 1], rows: 2, columns: 2, x: 0...1, y: 0...1), levels: [0.4])
    #expect(saddle.lines().count == 2)
    let holed = ContourMark(Grid([1, .nan, 0, 1], rows: 2, columns: 2, x: 0...1, y: 0...1), levels: [0.4])
    #expect(holed.lines().isEmpty)
  }
}

@Suite struct GraphTests {
  @Test func longChainsRunDownwardsAndCirclesEnd() {
    let nodes = (0..<12).map { GraphMark.Node(title: "a long name of layer \($0)", detail: "(None, 32, 32, 64)") }
    let chain = GraphLayout(GraphMark(nodes: nodes, edges: (0..<11).map { .init(from: $0, to: $0 + 1) }))
    #expect(!chain.isHorizontal && chain.height > chain.width)
    let circle = GraphMark(
      nodes: nodes,
      edges: [.init(from: 0, to: 1), .init(from: 1, to: 0), .init(from: 2, to: 99), .init(from: 3, to: 3)])
    #expect(circle.edges.count == 2)
    #expect(Chart(Panel(marks: [.graph(circle)], showsAxes: false)).svg().contains("layer 11"))
  }
}
