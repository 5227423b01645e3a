/// An n-dimensional array: contiguous, row-major. Values never change once another tensor can see them.
///
/// A tensor is *concrete* (it has storage) or *abstract* (a spec alone: symbolic models, checking, tracing).
/// Tensors belong to one thread.
public final class Tensor {
  public let spec: Spec
  /// Nil for an abstract tensor. `var` so that a change in place can ask whether it is shared.
  var storage: Storage?
  /// Where the running recording knows this tensor; see `Tape`.
  var mark = TapeMark.none
  /// Where the values come from, for losses and masks; nil for most tensors. See `Provenance`.
  public var provenance: Provenance?

  public init(spec: Spec, storage: Storage?) {
    self.spec = spec
    self.storage = storage
  }

  /// A concrete tensor whose contents are undefined until written.
  public init(uninitialized spec: Spec) throws {
    self.spec = spec
    self.storage = try Storage(byteCount: spec.byteCount)
  }

  /// An abstract tensor.
  public init(abstract spec: Spec) {
    self.spec = spec
    self.storage = nil
  }

  public var dtype: DType { spec.dtype }
  public var shape: Shape { spec.shape }
  public var rank: Int { spec.shape.count }
  public var count: Int { spec.count }
  public var isAbstract: Bool { storage == nil }

  /// The memory of a concrete tensor.
  /// - Throws: `AbstractDataError` for an abstract one.
  public func data() throws -> UnsafeMutableRawPointer {
    guard let storage else {
      AbstractRun.noteLook()
      throw AbstractDataError()
    }
    return storage.pointer
  }

  /// The memory as elements of one type, which must be the dtype's.
  public func elements<Element>(_ type: Element.Type) throws -> UnsafeMutableBufferPointer<Element> {
    UnsafeMutableBufferPointer(start: try data().bindMemory(to: type, capacity: count), count: count)
  }
}
