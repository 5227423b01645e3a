import FileFormats
import NeuralNetworks
import Tensors

/// What came of loading weights by name.
public struct WeightReport: Sendable, Equatable {
  /// Paths of the model that were set.
  public var loaded: [String] = []
  /// Paths of the model for which the file has nothing.
  public var missing: [String] = []
  /// Names of the file that no path of the model asked for.
  public var unused: [String] = []
  /// Paths whose array has another shape, with both shapes in words.
  public var misfits: [String] = []

  public var isClean: Bool { missing.isEmpty && misfits.isEmpty }

  /// Every mismatch, a line each.
  var lines: [String] {
    misfits + missing.map { "`\($0)` is not in the file" } + unused.map { "`\($0)` in the file is not asked for" }
  }
}

/// Reads weights alone into a model that is built: from files of Glia and of other frameworks.
///
/// - Parameters:
///   - map: for paths of the model the names in the file; a name that ends in `.T` is read with its axes reversed, as
///     dense kernels of PyTorch need. Paths that it does not mention are looked up by themselves.
///   - partial: sets what fits and only reports the rest; otherwise nothing is set unless everything fits.
/// - Throws: a value error with every mismatch; an io error.
@discardableResult
public func loadWeights(
  _ model: Layer, from path: String, map: [String: String] = [:], partial: Bool = false
) throws -> WeightReport {
  let bytes = try withFiles(path) { try FileReader.bytes(of: path) }
  if bytes.starts(with: [0x50, 0x4b]) {
    throw TensorError(
      .value, "`\(path)` is an npz file, and load_weights reads safetensors",
      hint: "set_weights(net, read_npz(path)) sets the weights by their names")
  }
  let file = try withFiles(path) { try Safetensors(reading: bytes) }
  let arrays = Dictionary(file.items.map { ($0.name, $0.array) }, uniquingKeysWith: { first, _ in first })
  let parameters = model.parameters
  guard !parameters.isEmpty else {
    throw TensorError(
      .value, "the model has no weights yet",
      hint: "call it once on data, or build it for a sample's shape: build(net, (4,))")
  }
  for target in map.keys.sorted() where !parameters.contains(where: { $0.path == target }) {
    throw TensorError(
      .value,
      "map names `\(target)`, and the model has \(parameters.prefix(8).map { "`\($0.path)`" }.joined(separator: ", "))")
  }
  var report = WeightReport()
  var used: Set<String> = []
  var values: [(path: String, value: Tensor)] = []
  for entry in parameters {
    let (name, isReversed) = source(map[entry.path] ?? entry.path, arrays)
    guard let array = arrays[name] else {
      report.missing.append(entry.path)
      continue
    }
    used.insert(name)
    let shape = isReversed ? array.shape.reversed() : array.shape
    guard shape == entry.parameter.shape else {
      let turned = array.shape.count > 1 && Array(shape.reversed()) == entry.parameter.shape
      report.misfits.append(
        "`\(entry.path)` has shape \(entry.parameter.shape.shapeText), and `\(name)` in the file \(shape.shapeText)"
          + (turned && !isReversed ? " (map it to \"\(name).T\" to turn it)" : ""))
      continue
    }
    let value = try Tensor(array)
    values.append((entry.path, isReversed ? try value.transpose() : value))
    report.loaded.append(entry.path)
  }
  report.unused = file.items.map(\.name).filter { !used.contains($0) && !$0.hasPrefix("optimizer.") }
  guard partial || report.isClean else {
    throw TensorError(
      .value, "the weights in \(path) do not fit the model: " + report.lines.joined(separator: "; "),
      hint: "give map: {\"0.kernel\": \"name.in.file\"} where the names differ")
  }
  try model.setParameters(values)
  return report
}

/// A name as written, or without its `.T` where the file has no such array.
private func source(_ name: String, _ arrays: [String: RawArray]) -> (name: String, isReversed: Bool) {
  if arrays[name] == nil, name.hasSuffix(".T") { return (String(name.dropLast(2)), true) }
  return (name, false)
}
