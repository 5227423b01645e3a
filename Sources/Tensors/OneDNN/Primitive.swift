import COneDNN

/// A prepared oneDNN computation with its arguments' memory objects. Addresses are given for every run.
final class Primitive {
  private let primitive: dnnl_primitive_t
  private let descriptor: dnnl_primitive_desc_t
  private let stream: dnnl_stream_t
  private var arguments: [dnnl_exec_arg_t] = []
  /// Bytes of working memory that a run needs.
  let scratchBytes: Int

  /// Prepares the computation that an operation descriptor (of whichever oneDNN kind) states.
  init<Description>(
    _ description: Description, forwardHint: Primitive? = nil, named what: String
  ) throws {
    let engine = try OneDNN.engine()
    stream = try OneDNN.stream()
    var attributes: dnnl_primitive_attr_t?
    try OneDNN.check(dnnl_primitive_attr_create(&attributes), what)
    defer { dnnl_primitive_attr_destroy(attributes) }
    try OneDNN.check(dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user), what)
    var made: dnnl_primitive_desc_t?
    let status = withUnsafePointer(to: description) {
      dnnl_primitive_desc_create(&made, $0, attributes, engine, forwardHint?.descriptor)
    }
    try OneDNN.check(status, what)
    guard let made else { throw TensorError(.value, "\(what) cannot be prepared") }
    var primitive: dnnl_primitive_t?
    let creation = dnnl_primitive_create(&primitive, made)
    guard creation == dnnl_success, let primitive else {
      dnnl_primitive_desc_destroy(made)
      try OneDNN.check(creation, what)
      throw TensorError(.value, "\(what) cannot be prepared")
    }
    descriptor = made
    self.primitive = primitive
    scratchBytes =
      dnnl_primitive_desc_query_md(made, dnnl_query_scratchpad_md, 0).map { dnnl_memory_desc_get_size($0) } ?? 0
  }

  /// A copy from one layout into another.
  init(reorder source: DataLayout, to target: DataLayout) throws {
    let engine = try OneDNN.engine()
    stream = try OneDNN.stream()
    var made: dnnl_primitive_desc_t?
    var attributes: dnnl_primitive_attr_t?
    try OneDNN.check(dnnl_primitive_attr_create(&attributes), "a copy between layouts")
    defer { dnnl_primitive_attr_destroy(attributes) }
    try OneDNN.check(
      dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user), "a copy between layouts")
    let status = withUnsafePointer(to: source.descriptor) { from in
      withUnsafePointer(to: target.descriptor) {
        dnnl_reorder_primitive_desc_create(&made, from, engine, $0, engine, attributes)
      }
    }
    try OneDNN.check(status, "a copy between layouts")
    var primitive: dnnl_primitive_t?
    guard let made, dnnl_primitive_create(&primitive, made) == dnnl_success, let primitive else {
      dnnl_primitive_desc_destroy(made)
      throw TensorError(.value, "a copy between layouts cannot be prepared")
    }
    descriptor = made
    self.primitive = primitive
    scratchBytes =
      dnnl_primitive_desc_query_md(made, dnnl_query_scratchpad_md, 0).map { dnnl_memory_desc_get_size($0) } ?? 0
    try bind(DNNL_ARG_FROM, source)
    try bind(DNNL_ARG_TO, target)
    if scratchBytes > 0 { try bindScratch() }
  }

  deinit {
    for argument in arguments { dnnl_memory_destroy(argument.memory) }
    dnnl_primitive_destroy(primitive)
    dnnl_primitive_desc_destroy(descriptor)
  }

  /// The layout that the primitive chose for an argument.
  func layout(_ query: dnnl_query_t) throws -> DataLayout {
    guard let found = dnnl_primitive_desc_query_md(descriptor, query, 0) else {
      throw TensorError(.value, "oneDNN does not tell a layout")
    }
    return DataLayout(descriptor: found.pointee)
  }

  /// Declares the next argument; runs give its address in the same place.
  func bind(_ argument: Int32, _ layout: DataLayout) throws {
    var memory: dnnl_memory_t?
    let status = withUnsafePointer(to: layout.descriptor) {
      dnnl_memory_create(&memory, $0, try? OneDNN.engine(), nil)
    }
    try OneDNN.check(status, "an argument")
    arguments.append(dnnl_exec_arg_t(arg: argument, memory: memory))
  }

  /// Declares the working memory as the next argument.
  func bindScratch() throws { try bind(DNNL_ARG_SCRATCHPAD, layout(dnnl_query_scratchpad_md)) }

  /// Sets where argument `index` (in the order of `bind`) lies.
  @inline(__always)
  func place(_ index: Int, _ address: UnsafeMutableRawPointer) {
    dnnl_memory_set_data_handle_v2(arguments[index].memory, address, stream)
  }

  /// Computes, from and to where the arguments were placed.
  @inline(__always)
  func run() throws {
    let status = arguments.withUnsafeBufferPointer {
      dnnl_primitive_execute(primitive, stream, Int32($0.count), $0.baseAddress)
    }
    try OneDNN.check(status, "a computation")
  }
}
