import CKernels

/// How a window moves over an image or a signal: one number per spatial axis.
public struct ConvolutionGeometry: Hashable, Sendable {
  public var strides: [Int]
  public var paddingLow: [Int]
  public var paddingHigh: [Int]
  public var dilation: [Int]
  public var groups: Int

  /// Strides and dilation default to 1, padding to 0, for `axes` spatial axes (1 or 2).
  public init(
    axes: Int, strides: [Int]? = nil, padding: [(Int, Int)]? = nil, dilation: [Int]? = nil, groups: Int = 1
  ) throws {
    let ones = Array(repeating: 1, count: axes)
    self.strides = strides ?? ones
    paddingLow = padding?.map(\.0) ?? Array(repeating: 0, count: axes)
    paddingHigh = padding?.map(\.1) ?? Array(repeating: 0, count: axes)
    self.dilation = dilation ?? ones
    self.groups = groups
    for (name, list) in [("strides", self.strides), ("dilation", self.dilation), ("padding", paddingLow)] {
      guard list.count == axes else {
        throw TensorError(
          .value, "`\(name)` needs \(axes) number\(axes == 1 ? "" : "s"), one per spatial axis, and got \(list.count)")
      }
    }
    let largest = 1 << 24
    guard self.strides.allSatisfy({ 1...largest ~= $0 }) else {
      throw TensorError(.value, "strides are at least 1, and got \(self.strides)")
    }
    guard self.dilation.allSatisfy({ 1...largest ~= $0 }) else {
      throw TensorError(.value, "dilation is at least 1, and got \(self.dilation)")
    }
    guard (paddingLow + paddingHigh).allSatisfy({ 0...largest ~= $0 }) else {
      throw TensorError(.value, "padding cannot be negative")
    }
    guard groups >= 1 else { throw TensorError(.value, "groups are at least 1, and got \(groups)") }
  }

  var axes: Int { strides.count }

  /// The positions of a window of `size` along `axis`: `(in + low + high - dilation·(size - 1) - 1) / stride + 1`.
  func outputSize(_ input: Int, size: Int, axis: Int) -> Int {
    let room = input + paddingLow[axis] + paddingHigh[axis] - dilation[axis] * (size - 1) - 1
    return room < 0 ? 0 : room / strides[axis] + 1
  }

  /// The sizes of a result's spatial axes.
  /// - Throws: a shape error where the window does not fit.
  func outputSizes(_ input: [Int], window: [Int], what: String) throws -> [Int] {
    try (0..<axes).map { axis in
      guard window[axis] >= 1 else {
        throw TensorError(.shape, "a \(what) window of size \(window.shapeText) covers nothing")
      }
      let size = outputSize(input[axis], size: window[axis], axis: axis)
      guard size > 0 else {
        let reach = window.enumerated().map { dilation[$0] * ($1 - 1) + 1 }
        let isDilated = dilation.contains { $0 > 1 }
        throw TensorError(
          .shape,
          "a \(what) window of \(window.shapeText)\(isDilated ? " (\(reach.shapeText) with its dilation)" : "") does not fit an input of \(input.shapeText)",
          hint: "use a smaller window, or padding: \"same\"")
      }
      return size
    }
  }

  /// The low and high padding with which the result has `ceil(input / stride)` positions; the odd one goes to the end.
  public static func samePadding(input: Int, size: Int, stride: Int, dilation: Int = 1) -> (Int, Int) {
    let positions = (input + stride - 1) / stride
    let total = max(0, (positions - 1) * stride + dilation * (size - 1) + 1 - input)
    return (total / 2, total - total / 2)
  }

  /// The window as the C kernels take it; a 1-d signal is an image with one row.
  func window(input: Shape, kernel: [Int], output: Shape) -> ck_window {
    let isSignal = axes == 1
    func pick(_ list: [Int], _ neutral: Int) -> (Int32, Int32) {
      isSignal ? (Int32(neutral), Int32(list[0])) : (Int32(list[0]), Int32(list[1]))
    }
    let inSizes = pick(Array(input[1...]), 1)
    let outSizes = pick(Array(output[1...]), 1)
    let kernelSizes = pick(kernel, 1)
    let steps = pick(strides, 1)
    let low = pick(paddingLow, 0)
    let spread = pick(dilation, 1)
    return ck_window(
      batch: Int32(input[0]), in_rows: inSizes.0, in_columns: inSizes.1, out_rows: outSizes.0, out_columns: outSizes.1,
      kernel_rows: kernelSizes.0, kernel_columns: kernelSizes.1, stride_rows: steps.0, stride_columns: steps.1,
      pad_top: low.0, pad_left: low.1, dilation_rows: spread.0, dilation_columns: spread.1,
      in_channels: Int32(input[axes + 1]), out_channels: Int32(output[axes + 1]), groups: Int32(groups))
  }

  /// Every number that a prepared kernel depends on.
  var numbers: [Int] { [axes, groups] + strides + paddingLow + paddingHigh + dilation }
}

/// Refuses sizes beyond the 32 bits that image kernels count with.
func checkImageSizes(_ shape: Shape, _ what: String) throws {
  guard shape.allSatisfy({ $0 <= Int(Int32.max) }) else {
    throw TensorError(.shape, "a \(what) takes axes of at most \(Int32.max) elements, and got \(shape.shapeText)")
  }
}
