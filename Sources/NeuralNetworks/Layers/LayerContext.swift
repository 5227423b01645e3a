import Tensors

/// What one call through a network carries along.
public final class LayerContext {
  /// True during learning: dropout drops, batch norm uses and updates the batch's statistics.
  public let isTraining: Bool
  /// What activity regularizers ask to be added to the loss.
  public private(set) var penalties: [Tensor] = []
  /// Sees every layer's results with the layer's path; for `track` and for finding the first value that is not finite.
  public var observer: ((_ path: String, _ layer: Layer, _ outputs: [Tensor]) throws -> Void)?
  /// The prefixes of the layers around the running one.
  private var prefixes: [String] = []
  /// Layers built by the running outermost call, which are unbuilt where it fails.
  private var built: [Layer] = []
  private var depth = 0

  public init(isTraining: Bool = false) { self.isTraining = isTraining }

  /// The path of the running layer: `0`, `block.attention`; empty for the outermost.
  public var path: String { prefixes.filter { !$0.isEmpty }.joined(separator: ".") }

  func add(penalty: Tensor) { penalties.append(penalty) }

  func noteBuilt(_ layer: Layer) { built.append(layer) }

  /// Runs a part of a layer under its prefix.
  func enter<Result>(_ prefix: String, _ body: () throws -> Result) rethrows -> Result {
    prefixes.append(prefix)
    defer { prefixes.removeLast() }
    return try body()
  }

  /// Runs a layer's call; when the outermost fails, what it built is forgotten, so that a wrong first input does not fix
  /// the sizes.
  func outermost<Result>(_ body: () throws -> Result) throws -> Result {
    depth += 1
    defer { depth -= 1 }
    do {
      let result = try body()
      if depth == 1 { built.removeAll() }
      return result
    } catch {
      if depth == 1 {
        for layer in built { layer.unbuild() }
        built.removeAll()
      }
      throw error
    }
  }
}
