import Foundation
import NeuralNetworks
import Tensors
import Testing

/// The reference numbers in `Tests/Golden`; its README says what the cases mean.
struct GoldenCase: CustomTestStringConvertible, @unchecked Sendable {
  let fields: [String: Any]

  /// The cases of a family.
  static func load(_ family: String) -> [GoldenCase] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Golden")
    guard let data = try? Data(contentsOf: folder.appendingPathComponent("\(family).json")),
      let root = try? JSONSerialization.jsonObject(with: data) as? [String: Any],
      let cases = root["cases"] as? [[String: Any]]
    else { return [] }
    return cases.map(GoldenCase.init)
  }

  var name: String { fields["name"] as? String ?? "?" }
  var kind: String { fields["kind"] as? String ?? "?" }
  var glia: String { fields["glia"] as? String ?? "" }
  var testDescription: String { "\(name): \(glia)" }
  var isTraining: Bool { (fields["training"] as? NSNumber)?.boolValue ?? false }

  func text(_ key: String) -> String? { fields[key] as? String }
  func number(_ key: String) -> Double? { (fields[key] as? NSNumber)?.doubleValue }
  func sizes(_ key: String) -> [Int]? { (fields[key] as? [NSNumber])?.map(\.intValue) }

  /// The names of a group, in the order of the alphabet.
  func names(_ group: String) -> [String] { ((fields[group] as? [String: Any])?.keys).map { $0.sorted() } ?? [] }

  /// A tensor of a group; floats in the dtype asked for.
  func tensor(_ group: String, _ name: String, _ dtype: DType = .float64) throws -> Tensor {
    let entry = try #require(((fields[group] as? [String: Any])?[name]) as? [String: Any], "\(group).\(name)")
    let shape = try #require(entry["shape"] as? [NSNumber]).map(\.intValue)
    let values = try #require(entry["data"] as? [Any]).map { item -> Double in
      if let text = item as? String { return text == "nan" ? .nan : text == "inf" ? .infinity : -.infinity }
      return (item as? NSNumber)?.doubleValue ?? .nan
    }
    switch entry["dtype"] as? String {
    case "int32": return try Tensor(int32: values.map { Int32($0) }, shape: shape)
    case "bool": return try Tensor(bools: values.map { $0 != 0 }, shape: shape)
    default: return try Tensor(values, shape: shape, dtype: dtype)
    }
  }

  /// What the outputs are weighted with for the gradients; ones where the case has no gradients.
  func seed(_ name: String, like output: Tensor) throws -> Tensor {
    names("seed_tensors").contains(name) ? try tensor("seed_tensors", name, output.dtype) : try Tensor.onesLike(output)
  }

  /// The case's tolerance in float32; the README's in float64.
  func tolerance(_ dtype: DType) -> (relative: Double, absolute: Double) {
    dtype == .float64 ? (1e-7, 1e-8) : (number("rtol") ?? 1e-4, number("atol") ?? 1e-5)
  }

  /// Compares with a tensor of a group.
  func expect(
    _ got: Tensor, _ group: String, _ name: String, _ dtype: DType, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let want = try tensor(group, name)
    #expect(got.shape == want.shape, "\(self.name) \(group).\(name)", sourceLocation: sourceLocation)
    guard got.shape == want.shape else { return }
    let (relative, absolute) = tolerance(dtype)
    for (position, (g, w)) in zip(try got.doubles(), try want.doubles()).enumerated() {
      let isClose = g == w || g.isNaN && w.isNaN || abs(g - w) <= absolute + relative * abs(w)
      guard isClose else {
        Issue.record(
          "\(self.name) (\(glia), \(dtype.name)) \(group).\(name)[\(position)]: got \(g), want \(w)",
          sourceLocation: sourceLocation)
        return
      }
    }
  }
}
