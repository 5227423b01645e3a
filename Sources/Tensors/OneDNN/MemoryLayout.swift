import COneDNN

/// How a float32 tensor lies in memory, in oneDNN's terms.
struct DataLayout {
  var descriptor: dnnl_memory_desc_t

  init(descriptor: dnnl_memory_desc_t) { self.descriptor = descriptor }

  /// Sizes in oneDNN's order of axes, with the distance in elements between neighbours along each.
  init(sizes: [Int], strides: [Int]) throws {
    var made = dnnl_memory_desc_t()
    let status = dnnl_memory_desc_init_by_strides(
      &made, Int32(sizes.count), sizes.map(Int64.init), dnnl_f32, strides.map(Int64.init))
    try OneDNN.check(status, "a memory layout")
    descriptor = made
  }

  /// A layout that the primitive may choose.
  init(anyOf sizes: [Int]) throws {
    var made = dnnl_memory_desc_t()
    let status = dnnl_memory_desc_init_by_tag(
      &made, Int32(sizes.count), sizes.map(Int64.init), dnnl_f32, dnnl_format_tag_any)
    try OneDNN.check(status, "a memory layout")
    descriptor = made
  }

  /// Bytes, with the padding of blocked layouts.
  var byteCount: Int {
    withUnsafePointer(to: descriptor) { Int(dnnl_memory_desc_get_size($0)) }
  }

  /// True where both describe the same bytes, so that no copy is needed between them.
  func isSame(as other: DataLayout) -> Bool {
    withUnsafePointer(to: descriptor) { mine in
      withUnsafePointer(to: other.descriptor) { dnnl_memory_desc_equal(mine, $0) != 0 }
    }
  }
}
