import Interpreter
import Tensors

/// The families that built-ins are listed by, in the order of the reference.
public enum Family: String, CaseIterable, Sendable {
  case values = "Values"
  case lists = "Lists"
  case strings = "Strings"
  case records = "Records"
  case making = "Making tensors"
  case random = "Random numbers"
  case shape = "Shape"
  case picking = "Picking and ordering"
  case elementwise = "Elementwise"
  case reductions = "Reductions"
  case linearAlgebra = "Linear algebra"
  case gradients = "Gradients"
  case activations = "Activations"
  case layers = "Layers"
  case models = "Models"
  case losses = "Losses"
  case optimizers = "Optimizers"
  case schedules = "Schedules"
  case initializers = "Initializers"
  case regularizers = "Regularizers"
  case training = "Training"
  case callbacks = "Callbacks"
  case metrics = "Metrics"
  case data = "Data"
  case tables = "Tables"
  case files = "Files"
  case charts = "Charts"
}

/// Every built-in, found by name: the one list that the language, `help`, completion and the reference are made from.
public struct Catalogue {
  public private(set) var builtins: [Builtin] = []
  private var positions: [String: Int] = [:]

  init() {
    builtins.reserveCapacity(512)
    positions.reserveCapacity(512)
  }

  /// All built-ins of the language.
  public nonisolated(unsafe) static let standard: Catalogue = {
    var catalogue = Catalogue()
    for register in registrations { register(&catalogue) }
    return catalogue
  }()

  /// One function per file of built-ins.
  nonisolated(unsafe) private static let registrations: [(inout Catalogue) -> Void] = [
    registerValues, registerLists, registerListFunctions, registerStrings, registerRecords, registerMaking,
    registerRandom,
    registerShape, registerPicking, registerElementwise, registerReductions, registerLinearAlgebra, registerGradients,
    registerCompiling,
    registerTables, registerConstructors, registerConfiguredFunctions, registerMetrics, registerSets, registerPreparing,
    registerTokenizers, registerReading, registerExporting, registerSeries, registerFields, registerNetworkCharts,
    registerBatches, registerFitting, registerExplaining,
    registerCallbacks, registerSaving, registerOnnx, registerSearching, registerDataFiles, registerModels,
    registerFunctional,
  ]

  /// The built-in of a name.
  public subscript(name: String) -> Builtin? { positions[name].map { builtins[$0] } }

  /// Adds a built-in; a second one of the same name is a mistake of ours that a test finds.
  mutating func add(_ builtin: Builtin) {
    positions[builtin.name] = builtins.count
    builtins.append(builtin)
  }

  /// Adds a built-in from its parts.
  mutating func add(
    _ name: String, _ signature: String, _ family: Family, _ documentation: String, example: String,
    onNumber: ((Double) -> Double)? = nil, body: @escaping (inout BoundArguments, CallContext) throws -> Value
  ) {
    let isSymbolic = Catalogue.symbolicFamilies.contains(family) || ["sort", "unique", "split"].contains(name)
    let hasEffects = Catalogue.effectFamilies.contains(family) && !Catalogue.withoutEffects.contains(name)
    add(
      Builtin(
        name, signature, family: family.rawValue, documentation: documentation, example: example, onNumber: onNumber
      ) { a, c in
        if hasEffects, AbstractRun.forbidsEffects { throw AbstractDataError() }
        if isSymbolic, SymbolicObject.isUsed, a.values.contains(where: \.isSymbolic) {
          return try GraphCall(name, Array(a.values)).recorded(c)
        }
        return try body(&a, c)
      })
  }

  /// The families whose functions do more than compute: a function that calls them does not run as a program.
  private static let effectFamilies: Set<Family> = [
    .values, .training, .models, .files, .charts, .callbacks, .tables, .data,
  ]
  private static let withoutEffects: Set<String> = [
    "type", "error", "assert", "weights", "count_params", "normalize", "windows",
  ]

  /// The families whose functions become steps of a functional model when an argument is symbolic.
  private static let symbolicFamilies: Set<Family> = [
    .making, .shape, .picking, .elementwise, .reductions, .linearAlgebra, .activations, .losses,
  ]
}
