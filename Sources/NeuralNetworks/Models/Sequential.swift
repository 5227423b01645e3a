import Tensors

/// Layers one after another: `a >> b >> c`.
public final class Sequential: Layer {
  /// The parts; a chain of chains is one long chain.
  public let parts: [Layer]

  public init(_ layers: [Layer]) {
    parts = layers.flatMap { ($0 as? Sequential)?.parts ?? [$0] }
    super.init()
    configuration = Configuration("chain", settings: [("parts", .list(parts.map(Setting.layer)))])
  }

  /// `a >> b`.
  public convenience init(_ first: Layer, _ second: Layer) { self.init([first, second]) }

  public override var children: [(prefix: String, layer: Layer)] {
    parts.enumerated().map { (String($0.offset), $0.element) }
  }

  public override var inputCount: ClosedRange<Int> { parts.first?.inputCount ?? 1...1 }

  public override func forward(_ inputs: [Tensor], _ context: LayerContext) throws -> [Tensor] {
    var values = inputs
    for (position, part) in parts.enumerated() {
      values = try context.enter(String(position)) { try part(values, context) }
    }
    return values
  }

  public override func copied(_ copy: (Layer) throws -> Layer) throws -> Layer { Sequential(try parts.map(copy)) }
  public override var sourceText: String { parts.map(\.sourceText).joined(separator: " >> ") }
}
