import Interpreter
import NeuralNetworks
import Syntax
import Tensors

/// A tensor of a functional model before there are data: `input(32)`, and whatever layers, operators and built-ins make
/// of it.
final class SymbolicObject: ObjectValue {
  let symbol: SymbolicTensor
  /// True once a program has made an input: until then nothing needs to look for symbolic arguments.
  nonisolated(unsafe) private(set) static var isUsed = false

  init(_ symbol: SymbolicTensor) {
    self.symbol = symbol
    SymbolicObject.isUsed = true
  }

  override var typeName: String { "symbolic tensor" }
  override func text(_ style: DisplayStyle) -> String { "<symbolic tensor of samples \(symbol.sampleShape.shapeText)>" }
  override func isEqual(to other: ObjectValue) -> Bool { (other as? SymbolicObject)?.symbol === symbol }

  // MARK: Members, operators, indexing

  override var memberNames: [String] { ["T", "dtype", "rank", "shape"] }

  /// The shape is that of a batch: its first size, which only data know, is none.
  override func member(_ name: String, _ context: CallContext) throws -> Value? {
    switch name {
    case "shape": return .items([Value.none] + symbol.sampleShape.map { .number(Double($0)) })
    case "rank": return .number(Double(symbol.spec.rank))
    case "dtype": return .text(symbol.spec.dtype.name)
    case "T": return try GraphCall("transpose", [.object(self)]).recorded(context)
    default: return nil
    }
  }

  override func binary(
    _ operation: ObjectOperator, left: Value, right: Value, _ context: CallContext
  ) throws -> Value? {
    guard operation != .compose else { return nil }
    return try GraphCall(operation.rawValue, [left, right]).recorded(context)
  }

  override func index(_ parts: [IndexValue], _ context: CallContext) throws -> Value? {
    return try GraphCall(GraphIndex.name, [.object(self), .items(parts.map(GraphIndex.value))]).recorded(context)
  }

  // MARK: Layers

  /// A layer applied to inputs of which at least one is symbolic.
  static func apply(_ layer: Layer, to inputs: [Value]) throws -> Value {
    let symbols = try inputs.map { input -> SymbolicTensor in
      guard case .object(let object as SymbolicObject) = input else {
        throw RuntimeError(
          .type, "a layer takes symbolic tensors or data, not both, and got \(input.kindText) beside a symbolic tensor")
      }
      return object.symbol
    }
    return value(try SymbolicTensor.apply(layer, symbols))
  }

  /// One symbolic tensor, or a list of them.
  static func value(_ symbols: [SymbolicTensor]) -> Value {
    symbols.count == 1 ? .object(SymbolicObject(symbols[0])) : .items(symbols.map { .object(SymbolicObject($0)) })
  }
}

extension Value {
  /// True for a symbolic tensor, and for a list that holds one.
  var isSymbolic: Bool {
    switch self {
    case .object(let object): object is SymbolicObject
    case .list(let list): list.items.contains(where: \.isSymbolic)
    default: false
    }
  }
}
