import CKernels
import COneDNN

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Prepares convolutions and their adjoints: for float32 products over rows of the image, or oneDNN where there are groups,
/// dilation; plain loops for float64.
enum ConvolutionKernels {
  enum Form: Hashable {
    case forward(hasBias: Bool)
    case input
    case kernel
  }

  /// The kernel for one form; `x`, `kernel`, `y` are the specs of the convolution itself, whichever is the result here.
  /// Pointers come in the order of the operation's inputs, then its output.
  static func prepared(_ form: Form, _ geometry: ConvolutionGeometry, x: Spec, kernel: Spec, y: Spec) throws -> Kernel {
    let result = form == .input ? x : form == .kernel ? kernel : y
    if x.count == 0 || kernel.count == 0 || y.count == 0 {
      let (bytes, operands) = (result.byteCount, form == .forward(hasBias: true) ? 3 : 2)
      return Kernel { memset($0[operands], 0, bytes) }
    }
    if x.dtype == .float64 { return plain(form, geometry, x: x, kernel: kernel, y: y) }
    if let own = own(form, geometry, x: x, kernel: kernel, y: y) { return own }
    let tag =
      switch form {
      case .forward(let hasBias): hasBias ? 1 : 0
      case .input: 2
      case .kernel: 3
      }
    let numbers = [tag] + geometry.numbers + x.shape + kernel.shape + y.shape
    return try KernelCache.shared.kernel("convolution", numbers) {
      switch form {
      case .forward(let hasBias): try forward(geometry, x, kernel, y, hasBias: hasBias)
      case .input: try inputGradient(geometry, x, kernel, y)
      case .kernel: try kernelGradient(geometry, x, kernel, y)
      }
    }
  }

  /// The own kernel of a float32 convolution without groups and dilation; nil where oneDNN's is needed.
  static func own(
    _ form: Form, _ geometry: ConvolutionGeometry, x: Spec, kernel: Spec, y: Spec, isRelu: Bool = false
  ) -> Kernel? {
    guard x.dtype == .float32, x.count > 0, kernel.count > 0, y.count > 0 else { return nil }
    let window = geometry.window(input: x.shape, kernel: Array(kernel.shape[..<geometry.axes]), output: y.shape)
    let code =
      switch form {
      case .forward: CK_CONVOLUTION
      case .input: CK_CONVOLUTION_INPUT
      case .kernel: CK_CONVOLUTION_KERNEL
      }
    let (serves, scratch) = withUnsafePointer(to: window) { w in
      let serves = ck_convolution_serves(w) != 0
      return (serves, serves ? ck_convolution_scratch(w, Int32(code)) * 4 : 0)
    }
    guard serves else { return nil }
    let relu: Int32 = isRelu ? 1 : 0
    return Kernel(scratchBytes: scratch) { p in
      withUnsafePointer(to: window) { w in
        switch form {
        case .forward(let hasBias):
          ck_convolution_f32(
            w, p.floats(0), p.floats(1), hasBias ? p.floats(2) : nil, relu, p.floats(hasBias ? 3 : 2),
            p.floats(hasBias ? 4 : 3))
        case .input: ck_convolution_input_f32(w, p.floats(0), p.floats(1), p.floats(2), p.floats(3))
        case .kernel: ck_convolution_kernel_f32(w, p.floats(0), p.floats(1), p.floats(2), p.floats(3))
        }
      }
    }
  }

  private static func plain(_ form: Form, _ geometry: ConvolutionGeometry, x: Spec, kernel: Spec, y: Spec) -> Kernel {
    let axes = geometry.axes
    var window = geometry.window(input: x.shape, kernel: Array(kernel.shape[..<axes]), output: y.shape)
    window.groups = Int32(geometry.groups)
    let fixed = window
    func doubles(_ pointer: UnsafeMutableRawPointer) -> UnsafeMutablePointer<Double> {
      pointer.assumingMemoryBound(to: Double.self)
    }
    let filters = y.shape[axes + 1]
    let positions = y.count / max(1, filters)
    return Kernel { p in
      withUnsafePointer(to: fixed) { w in
        switch form {
        case .input: ck_convolution_input_f64(w, doubles(p[0]), doubles(p[1]), doubles(p[2]))
        case .kernel: ck_convolution_kernel_f64(w, doubles(p[0]), doubles(p[1]), doubles(p[2]))
        case .forward(false): ck_convolution_f64(w, doubles(p[0]), doubles(p[1]), doubles(p[2]))
        case .forward(true):
          let (bias, target) = (doubles(p[2]), doubles(p[3]))
          ck_convolution_f64(w, doubles(p[0]), doubles(p[1]), target)
          for position in 0..<positions {
            for filter in 0..<filters { target[position * filters + filter] += bias[filter] }
          }
        }
      }
    }
  }

  // MARK: oneDNN

  /// The numbers of a convolution in oneDNN's order of axes (batch, channels, …sizes).
  private struct Description {
    var x: DataLayout
    var y: DataLayout
    var kernel: DataLayout
    var kernelSizes: [Int]
    var strides: [Int64]
    var dilation: [Int64]
    var low: [Int64]
    var high: [Int64]

    init(_ geometry: ConvolutionGeometry, _ x: Spec, _ kernel: Spec, _ y: Spec) throws {
      let axes = geometry.axes
      self.x = try Description.channelsLast(x.shape, axes)
      self.y = try Description.channelsLast(y.shape, axes)
      let taps = Array(kernel.shape[..<axes])
      let (inGroup, filters, groups) = (kernel.shape[axes], kernel.shape[axes + 1], geometry.groups)
      var tapStrides: [Int] = []
      var step = inGroup * filters
      for size in taps.reversed() {
        tapStrides.insert(step, at: 0)
        step *= size
      }
      kernelSizes = (groups > 1 ? [groups] : []) + [filters / groups, inGroup] + taps
      self.kernel = try DataLayout(
        sizes: kernelSizes, strides: (groups > 1 ? [filters / groups] : []) + [1, filters] + tapStrides)
      strides = geometry.strides.map(Int64.init)
      dilation = geometry.dilation.map { Int64($0 - 1) }
      low = geometry.paddingLow.map(Int64.init)
      // What the last window does not reach is no padding; a negative number cuts the end off.
      high = (0..<axes).map { axis in
        let reach = (y.shape[axis + 1] - 1) * geometry.strides[axis] + geometry.dilation[axis] * (taps[axis] - 1) + 1
        return Int64(reach - x.shape[axis + 1] - geometry.paddingLow[axis])
      }
    }

    private static func channelsLast(_ shape: Shape, _ axes: Int) throws -> DataLayout {
      var strides = Array(repeating: 1, count: axes + 2)
      var step = shape[axes + 1]
      for axis in stride(from: axes, through: 1, by: -1) {
        strides[axis + 1] = step
        step *= shape[axis]
      }
      strides[0] = step
      strides[1] = 1
      return try DataLayout(sizes: [shape[0], shape[axes + 1]] + shape[1...axes], strides: strides)
    }
  }

  private static func forward(
    _ geometry: ConvolutionGeometry, _ x: Spec, _ kernel: Spec, _ y: Spec, hasBias: Bool
  ) throws -> Kernel {
    let form = try Description(geometry, x, kernel, y)
    let bias = try DataLayout(sizes: [y.shape[geometry.axes + 1]], strides: [1])
    let primitive = try forwardPrimitive(form, bias: hasBias ? bias : nil)
    let wanted = try primitive.layout(dnnl_query_weights_md)
    let copy = wanted.isSame(as: form.kernel) ? nil : try Primitive(reorder: form.kernel, to: wanted)
    try primitive.bind(DNNL_ARG_SRC, form.x)
    try primitive.bind(DNNL_ARG_WEIGHTS, wanted)
    try primitive.bind(DNNL_ARG_DST, form.y)
    try primitive.bindScratch()
    if hasBias { try primitive.bind(DNNL_ARG_BIAS, bias) }
    let result = hasBias ? 3 : 2
    let kernelBytes = copy == nil ? 0 : OneDNN.aligned(wanted.byteCount)
    let copyScratch = copy?.scratchBytes ?? 0
    return Kernel(scratchBytes: kernelBytes + max(primitive.scratchBytes, copyScratch) + 64) { p in
      let scratch = p[result + 1]
      if let copy {
        copy.place(0, p[1])
        copy.place(1, scratch)
        if copyScratch > 0 { copy.place(2, scratch + kernelBytes) }
        try copy.run()
      }
      primitive.place(0, p[0])
      primitive.place(1, copy == nil ? p[1] : scratch)
      primitive.place(2, p[result])
      primitive.place(3, scratch + kernelBytes)
      if hasBias { primitive.place(4, p[2]) }
      try primitive.run()
    }
  }

  private static func forwardPrimitive(_ form: Description, bias: DataLayout?) throws -> Primitive {
    let anyKernel = try DataLayout(anyOf: form.kernelSizes)
    var description = dnnl_convolution_desc_t()
    let status = withUnsafePointer(to: form.x.descriptor) { x in
      withUnsafePointer(to: form.y.descriptor) { y in
        withUnsafePointer(to: anyKernel.descriptor) { kernel in
          withOptionalPointer(bias?.descriptor) { bias in
            dnnl_dilated_convolution_forward_desc_init(
              &description, dnnl_forward_training, dnnl_convolution_direct, x, kernel, bias, y, form.strides,
              form.dilation, form.low, form.high)
          }
        }
      }
    }
    try OneDNN.check(status, "a convolution")
    return try Primitive(description, named: "a convolution")
  }

  private static func inputGradient(_ geometry: ConvolutionGeometry, _ x: Spec, _ kernel: Spec, _ y: Spec) throws
    -> Kernel
  {
    let form = try Description(geometry, x, kernel, y)
    let hint = try forwardPrimitive(form, bias: nil)
    let anyKernel = try DataLayout(anyOf: form.kernelSizes)
    var description = dnnl_convolution_desc_t()
    let status = withUnsafePointer(to: form.x.descriptor) { x in
      withUnsafePointer(to: form.y.descriptor) { y in
        withUnsafePointer(to: anyKernel.descriptor) {
          dnnl_dilated_convolution_backward_data_desc_init(
            &description, dnnl_convolution_direct, x, $0, y, form.strides, form.dilation, form.low, form.high)
        }
      }
    }
    try OneDNN.check(status, "a convolution's input gradient")
    let primitive = try Primitive(description, forwardHint: hint, named: "a convolution's input gradient")
    let wanted = try primitive.layout(dnnl_query_weights_md)
    let copy = wanted.isSame(as: form.kernel) ? nil : try Primitive(reorder: form.kernel, to: wanted)
    try primitive.bind(DNNL_ARG_DIFF_DST, form.y)
    try primitive.bind(DNNL_ARG_WEIGHTS, wanted)
    try primitive.bind(DNNL_ARG_DIFF_SRC, form.x)
    try primitive.bindScratch()
    let kernelBytes = copy == nil ? 0 : OneDNN.aligned(wanted.byteCount)
    let copyScratch = copy?.scratchBytes ?? 0
    return Kernel(scratchBytes: kernelBytes + max(primitive.scratchBytes, copyScratch) + 64) { p in
      let scratch = p[3]
      if let copy {
        copy.place(0, p[1])
        copy.place(1, scratch)
        if copyScratch > 0 { copy.place(2, scratch + kernelBytes) }
        try copy.run()
      }
      primitive.place(0, p[0])
      primitive.place(1, copy == nil ? p[1] : scratch)
      primitive.place(2, p[2])
      primitive.place(3, scratch + kernelBytes)
      try primitive.run()
    }
  }

  private static func kernelGradient(_ geometry: ConvolutionGeometry, _ x: Spec, _ kernel: Spec, _ y: Spec) throws
    -> Kernel
  {
    let form = try Description(geometry, x, kernel, y)
    let hint = try forwardPrimitive(form, bias: nil)
    let anyKernel = try DataLayout(anyOf: form.kernelSizes)
    var description = dnnl_convolution_desc_t()
    let status = withUnsafePointer(to: form.x.descriptor) { x in
      withUnsafePointer(to: form.y.descriptor) { y in
        withUnsafePointer(to: anyKernel.descriptor) {
          dnnl_dilated_convolution_backward_weights_desc_init(
            &description, dnnl_convolution_direct, x, $0, nil, y, form.strides, form.dilation, form.low, form.high)
        }
      }
    }
    try OneDNN.check(status, "a convolution's kernel gradient")
    let primitive = try Primitive(description, forwardHint: hint, named: "a convolution's kernel gradient")
    let wanted = try primitive.layout(dnnl_query_diff_weights_md)
    let copy = wanted.isSame(as: form.kernel) ? nil : try Primitive(reorder: wanted, to: form.kernel)
    try primitive.bind(DNNL_ARG_SRC, form.x)
    try primitive.bind(DNNL_ARG_DIFF_DST, form.y)
    try primitive.bind(DNNL_ARG_DIFF_WEIGHTS, wanted)
    try primitive.bindScratch()
    let kernelBytes = copy == nil ? 0 : OneDNN.aligned(wanted.byteCount)
    let copyScratch = copy?.scratchBytes ?? 0
    return Kernel(scratchBytes: kernelBytes + max(primitive.scratchBytes, copyScratch) + 64) { p in
      let scratch = p[3]
      primitive.place(0, p[0])
      primitive.place(1, p[1])
      primitive.place(2, copy == nil ? p[2] : scratch)
      primitive.place(3, scratch + kernelBytes)
      try primitive.run()
      if let copy {
        copy.place(0, scratch)
        copy.place(1, p[2])
        if copyScratch > 0 { copy.place(2, scratch + kernelBytes) }
        try copy.run()
      }
    }
  }
}

/// A pointer to the value, or nil.
private func withOptionalPointer<Value, Result>(_ value: Value?, _ body: (UnsafePointer<Value>?) throws -> Result)
  rethrows -> Result
{
  guard let value else { return try body(nil) }
  return try withUnsafePointer(to: value) { try body($0) }
}
