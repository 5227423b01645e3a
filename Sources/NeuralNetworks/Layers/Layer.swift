import Tensors

/// A function with parameters that learns its input size when first used.
///
/// A subclass states its parts (`children`), makes its parameters (`build`), says what inputs it takes (`check`) and
/// computes (`forward`). Everything else is here: naming, building, freezing, masks, penalties, errors.
open class Layer: Configurable {
  /// How it was made; clones and files are made from it.
  public var configuration = Configuration("layer")
  /// The name that the program gave it; nil for none.
  public var name: String?
  /// Where the program made it, for messages: `digits.glia:14`.
  public var origin: String?
  /// Its own parameters, in the order of Keras's weights.
  public private(set) var ownParameters: [Parameter] = []
  /// The specs of the first inputs, batch axis included; nil until built.
  public private(set) var builtSpecs: [Spec]?
  private var isUnfrozen = true
  /// Counts every change of any layer's parameters, so that a list of them made before is known to be old.
  nonisolated(unsafe) static var structure = 0
  /// The last list of parameters, and the count when it was made: a training step asks for it each time.
  var listed: (structure: Int, parameters: [NamedParameter])?

  public init() {}

  // MARK: What a subclass says

  /// Layers inside, with the prefix of their parameters' paths; an empty prefix adds nothing to the path.
  open var children: [(prefix: String, layer: Layer)] { [] }

  /// How many inputs a call takes.
  open var inputCount: ClosedRange<Int> { 1...1 }

  /// Checks inputs before they are used, built or not.
  /// - Throws: a shape error; `failure` words it.
  open func check(_ inputs: [Spec]) throws {}

  /// Makes the parameters for inputs of these specs, with `addParameter`. The specs have passed `check`.
  open func build(_ inputs: [Spec]) throws {}

  /// Computes; built and checked inputs.
  open func forward(_ inputs: [Tensor], _ context: LayerContext) throws -> [Tensor] { inputs }

  /// The mask of the results, from the inputs' masks; most layers pass the first one on.
  open func outputMask(_ inputs: [Tensor], _ outputs: [Tensor]) -> Tensor? { nil }

  /// The penalty on its results, where it has one.
  open var activityRegularizer: Regularizer? { nil }

  /// The same structure without the weights. `copy` gives the copy of a part, the same one each time it is asked.
  open func copied(_ copy: (Layer) throws -> Layer) throws -> Layer {
    guard let descriptor = Catalogue.layers.first(where: { $0.name == configuration.name }) else {
      throw TensorError(.value, "the layer \(sourceText) cannot be copied")
    }
    var settings = configuration
    for (position, setting) in settings.settings.enumerated() {
      settings.settings[position].value = try setting.value.mappingLayers(copy)
    }
    return try descriptor.make(settings)
  }

  /// As a program writes it.
  open var sourceText: String { configuration.sourceText }

  // MARK: Calling

  /// Applies the layer; the first call builds it.
  /// - Throws: a shape error that names the layer, what it got, what it wanted, and the repair.
  public final func callAsFunction(_ inputs: [Tensor], _ context: LayerContext = LayerContext()) throws -> [Tensor] {
    try context.outermost {
      guard inputCount.contains(inputs.count) else {
        let wanted =
          inputCount.count == 1
          ? "\(inputCount.lowerBound)" : "\(inputCount.lowerBound) to \(inputCount.upperBound)"
        throw failure(
          .type, "takes \(wanted) input\(inputCount == 1...1 ? "" : "s"), and got \(inputs.count)", context.path)
      }
      let specs = inputs.map(\.spec)
      do {
        try check(specs)
        if builtSpecs == nil {
          try prepare(specs)
          context.noteBuilt(self)
        }
      } catch let error as LayerFailure {
        throw failure(error.kind, error.message, context.path, hint: error.hint)
      }
      let outputs: [Tensor]
      do {
        outputs = try forward(inputs, context)
      } catch let error as LayerFailure {
        throw failure(error.kind, error.message, context.path, hint: error.hint)
      } catch let error as TensorError where children.isEmpty && !error.message.hasPrefix("layer ") {
        throw failure(error.kind, "failed: \(error.message)", context.path, hint: error.hint)
      }
      if let mask = outputMask(inputs, outputs) {
        for (position, output) in outputs.enumerated() where inputs.first(where: { $0 === output }) == nil {
          outputs[position].provenance = Provenance(logits: output.provenance?.logits, mask: mask)
        }
      }
      if let activityRegularizer, let output = outputs.first {
        let batch = Double(max(1, output.shape.first ?? 1))
        context.add(penalty: try activityRegularizer(output) / batch)
      }
      try context.observer?(context.path, self, outputs)
      return outputs
    }
  }

  /// Applies a layer with one input and one result.
  public final func callAsFunction(_ input: Tensor, _ context: LayerContext = LayerContext()) throws -> Tensor {
    let outputs = try self([input], context)
    guard outputs.count == 1 else {
      throw failure(.type, "gives \(outputs.count) results where one is wanted", context.path)
    }
    return outputs[0]
  }

  // MARK: Parameters

  /// Adds a parameter; called from `build`.
  @discardableResult
  public final func addParameter(
    _ name: String, _ shape: Shape, _ dtype: DType, _ initializer: Initializer, role: Parameter.Role = .weight,
    regularizer: Regularizer? = nil
  ) throws -> Parameter {
    let value: Tensor
    do {
      value = try initializer(shape, dtype)
    } catch let error as TensorError {
      throw LayerFailure(error.kind, "cannot make its `\(name)`: \(error.message)", hint: error.hint)
    }
    let parameter = Parameter(name, value, role: role, regularizer: regularizer)
    ownParameters.append(parameter)
    Layer.structure += 1
    return parameter
  }

  /// Adds a parameter with a given first value.
  @discardableResult
  public final func addParameter(_ name: String, value: Tensor, role: Parameter.Role = .weight) -> Parameter {
    let parameter = Parameter(name, value, role: role)
    ownParameters.append(parameter)
    Layer.structure += 1
    return parameter
  }

  /// Makes the layer's own parameters for inputs of these specs.
  func prepare(_ specs: [Spec]) throws {
    guard builtSpecs == nil else { return }
    Layer.structure += 1
    do {
      try build(specs)
    } catch {
      unbuild()
      throw error
    }
    builtSpecs = specs
    for parameter in ownParameters { parameter.isUnfrozen = isUnfrozen }
  }

  /// Forgets the parameters, so that the next input builds again.
  func unbuild() {
    Layer.structure += 1
    ownParameters = []
    builtSpecs = nil
  }

  /// True for a layer that calls have given all its parameters, parts included.
  public final var isBuilt: Bool { builtSpecs != nil && children.allSatisfy { $0.layer.isBuilt } }

  /// False: gradients leave its weights and those of its parts alone, and batch norm uses its running statistics.
  public final var isTrainable: Bool {
    get {
      let parts = children
      return parts.isEmpty || !ownParameters.isEmpty ? isUnfrozen : parts.contains { $0.layer.isTrainable }
    }
    set {
      isUnfrozen = newValue
      for parameter in ownParameters { parameter.isUnfrozen = newValue }
      for child in children { child.layer.isTrainable = newValue }
    }
  }

  // MARK: Errors

  /// An error in the terms of this layer.
  public final func failure(
    _ kind: TensorError.Kind, _ message: String, _ path: String = "", hint: String? = nil
  ) -> TensorError {
    var title = "layer "
    if let name { title += "`\(name)` " }
    var shown = sourceText
    // The name stands in front already.
    if name != nil, children.isEmpty {
      var unnamed = configuration
      unnamed.changed.remove("name")
      shown = unnamed.sourceText
    }
    title += shown
    if !path.isEmpty { title += " (part \(path))" }
    if let origin { title += ", made at \(origin)," }
    return TensorError(kind, "\(title) \(message)", hint: hint)
  }
}

/// What a layer refuses, before the layer's name is put in front: `wants inputs with 3 features, and got …`.
public struct LayerFailure: Error {
  public var kind: TensorError.Kind
  public var message: String
  public var hint: String?

  public init(_ kind: TensorError.Kind, _ message: String, hint: String? = nil) {
    self.kind = kind
    self.message = message
    self.hint = hint
  }
}

extension Setting {
  /// The setting with every layer in it replaced.
  func mappingLayers(_ change: (Layer) throws -> Layer) rethrows -> Setting {
    switch self {
    case .layer(let layer): .layer(try change(layer))
    case .list(let items): .list(try items.map { try $0.mappingLayers(change) })
    default: self
    }
  }
}
