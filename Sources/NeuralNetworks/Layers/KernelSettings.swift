import Tensors

/// The arguments that every layer with a kernel takes.
public struct KernelSettings {
  let kernelInitializer: Initializer
  let biasInitializer: Initializer
  let kernelRegularizer: Regularizer?
  let biasRegularizer: Regularizer?
  let activityRegularizer: Regularizer?

  init(_ arguments: Arguments, kernel: String = "kernel") throws {
    kernelInitializer = try arguments.initializer("\(kernel)_init")
    biasInitializer = try arguments.initializer("bias_init")
    kernelRegularizer = try arguments.regularizer("\(kernel)_regularizer")
    biasRegularizer = try arguments.regularizer("bias_regularizer")
    activityRegularizer = try arguments.regularizer("activity_regularizer")
  }

  static var parameters: [ParameterDescription] { parameters(kernel: "kernel") }

  static func parameters(kernel: String) -> [ParameterDescription] {
    [
      ParameterDescription("\(kernel)_init", .initializer, default: .initializer(.glorotUniform)),
      ParameterDescription("bias_init", .initializer, default: .initializer(.zeros)),
      ParameterDescription("\(kernel)_regularizer", .optional(.regularizer), default: Setting.none),
      ParameterDescription("bias_regularizer", .optional(.regularizer), default: Setting.none),
      ParameterDescription(
        "activity_regularizer", .optional(.regularizer), default: Setting.none,
        "a penalty on the result, divided by the batch size"),
    ]
  }
}

extension Layer {
  /// Adds `kernel` and, where it has a size, `bias`.
  func addParameters(
    _ settings: KernelSettings, kernel shape: Shape, bias count: Int?, _ dtype: DType
  ) throws -> (kernel: Parameter, bias: Parameter?) {
    let kernel = try addParameter(
      "kernel", shape, dtype, settings.kernelInitializer, regularizer: settings.kernelRegularizer)
    guard let count else { return (kernel, nil) }
    return (
      kernel,
      try addParameter("bias", [count], dtype, settings.biasInitializer, regularizer: settings.biasRegularizer)
    )
  }
}
