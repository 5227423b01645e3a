import COneDNN

/// The process's oneDNN engine and stream, and the translation of its status codes.
enum OneDNN {
  /// The processor. Nil where the library cannot start, which every use reports as an error.
  nonisolated(unsafe) private static let handles: (engine: dnnl_engine_t, stream: dnnl_stream_t)? = {
    var engine: dnnl_engine_t?
    var stream: dnnl_stream_t?
    guard dnnl_engine_create(&engine, dnnl_cpu, 0) == dnnl_success, let engine,
      dnnl_stream_create(&stream, engine, dnnl_stream_default_flags.rawValue) == dnnl_success, let stream
    else { return nil }
    return (engine, stream)
  }()

  static func engine() throws -> dnnl_engine_t {
    guard let handles else { throw failure(dnnl_runtime_error, "preparing oneDNN") }
    return handles.engine
  }

  static func stream() throws -> dnnl_stream_t {
    guard let handles else { throw failure(dnnl_runtime_error, "preparing oneDNN") }
    return handles.stream
  }

  /// Throws where a call failed; `what` names the work in the message.
  @inline(__always)
  static func check(_ status: dnnl_status_t, _ what: @autoclosure () -> String) throws {
    if status != dnnl_success { throw failure(status, what()) }
  }

  private static func failure(_ status: dnnl_status_t, _ what: String) -> TensorError {
    if let reason = onednn_failure() {
      return TensorError(
        .value, "the library oneDNN cannot be loaded: \(String(cString: reason))",
        hint: "install it; on Debian: apt-get install libdnnl-dev")
    }
    return switch status {
    case dnnl_out_of_memory: TensorError(.value, "there is not enough memory for \(what)")
    case dnnl_unimplemented: TensorError(.value, "\(what) of this form is not available on this processor")
    default: TensorError(.value, "\(what) failed in oneDNN with status \(status.rawValue)")
    }
  }

  /// A size rounded up so that what follows it stays aligned to a cache line.
  static func aligned(_ byteCount: Int) -> Int { (byteCount + 63) & ~63 }
}
