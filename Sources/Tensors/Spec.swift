/// The type of a tensor's elements.
public enum DType: UInt8, Sendable, CaseIterable {
  case float32, float64, int32, bool

  /// Bytes of one element; a bool takes one.
  public var size: Int {
    switch self {
    case .float32, .int32: 4
    case .float64: 8
    case .bool: 1
    }
  }

  public var isFloat: Bool { self == .float32 || self == .float64 }

  public var name: String {
    switch self {
    case .float32: "float32"
    case .float64: "float64"
    case .int32: "int32"
    case .bool: "bool"
    }
  }
}

/// Sizes along each axis, outermost first; empty for a single value.
public typealias Shape = [Int]

/// What is known of a tensor without its data.
public struct Spec: Hashable, Sendable {
  public var dtype: DType
  public var shape: Shape
  /// True for a plain number of the language (0-d float64): beside a tensor it takes the tensor's dtype.
  public var isWeak: Bool

  public init(_ dtype: DType, _ shape: Shape, isWeak: Bool = false) {
    self.dtype = dtype
    self.shape = shape
    self.isWeak = isWeak
  }

  public var rank: Int { shape.count }
  /// The number of elements. Sizes are checked against `Limits.maximumElements` before a spec is made.
  public var count: Int { shape.reduce(1, &*) }
  public var byteCount: Int { count &* dtype.size }
}
