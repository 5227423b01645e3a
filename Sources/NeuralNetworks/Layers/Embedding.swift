import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A learnt vector for each of a number of words.
public final class Embedding: Layer {
  let vocabulary: Int
  let dimension: Int
  let masksZero: Bool
  let initializer: Initializer
  let regularizer: Regularizer?
  private var table: Parameter?

  init(_ arguments: Arguments) throws {
    vocabulary = try arguments.integer("vocab")
    dimension = try arguments.integer("dim")
    masksZero = try arguments.flag("mask_zero")
    initializer = try arguments.initializer("embeddings_init")
    regularizer = try arguments.regularizer("embeddings_regularizer")
  }

  public override func build(_ inputs: [Spec]) throws {
    table = try addParameter("embeddings", [vocabulary, dimension], .float32, initializer, regularizer: regularizer)
  }

  override func unbuild() {
    super.unbuild()
    table = nil
  }

  public override func forward(_ inputs: [Tensor], _ context: LayerContext) throws -> [Tensor] {
    guard let table else { return inputs }
    let x = inputs[0]
    if !x.isAbstract {
      // Checked here, not by the gather, so that the message can speak of words.
      let words = try x.doubles()
      if let place = words.firstIndex(where: { !($0 >= 0 && $0 < Double(vocabulary) && $0 == $0.rounded()) }) {
        throw LayerFailure(
          .index, "has \(vocabulary) words, 0 to \(vocabulary - 1), and got \(Setting.numberText(words[place]))")
      }
    }
    return [try embeddingLookup(table.value, x)]
  }

  public override func outputMask(_ inputs: [Tensor], _ outputs: [Tensor]) -> Tensor? {
    masksZero ? try? inputs[0].notEqual(Tensor.number(0)) : nil
  }
}

/// Adds to each position of a sequence a pattern that tells where it is.
public final class PositionalEncoding: Layer {
  let isLearned: Bool
  let maximum: Int?
  private var table: Parameter?

  init(isLearned: Bool, maximum: Int?) {
    self.isLearned = isLearned
    self.maximum = maximum
  }

  public override func check(_ inputs: [Spec]) throws {
    try ShapeWords.signal(inputs[0])
    let steps = inputs[0].shape[1]
    if let table, table.shape[1] != inputs[0].features { throw ShapeWords.features(inputs[0], wanted: table.shape[1]) }
    if let limit = table?.shape[0] ?? maximum, steps > limit {
      throw LayerFailure(
        .shape, "knows \(limit) positions, and got sequences of \(steps) steps",
        hint: isLearned ? "make it with max: \(steps)" : nil)
    }
  }

  public override func build(_ inputs: [Spec]) throws {
    guard isLearned else { return }
    table = try addParameter(
      "embeddings", [maximum ?? inputs[0].shape[1], inputs[0].features], inputs[0].parameterDType, .glorotUniform)
  }

  override func unbuild() {
    super.unbuild()
    table = nil
  }

  public override func forward(_ inputs: [Tensor], _ context: LayerContext) throws -> [Tensor] {
    let x = inputs[0].dtype.isFloat ? inputs[0] : try inputs[0].cast(to: .float32)
    let (steps, width) = (x.shape[1], x.shape[2])
    guard let table else { return [try x + PositionalEncoding.sinusoids(steps: steps, width: width, x.dtype)] }
    let rows =
      table.shape[0] == steps ? table.value : try table.value.split(sizes: [steps, table.shape[0] - steps], axis: 0)[0]
    return [try x + rows]
  }

  /// Position p at place 2i is sin(p / 10000^(2i/width)), at place 2i + 1 the cosine of the same.
  static func sinusoids(steps: Int, width: Int, _ dtype: DType) throws -> Tensor {
    var values = [Double](repeating: 0, count: steps * width)
    for place in 0..<width {
      let rate = exp(-log(10_000) * Double(place - place % 2) / Double(max(1, width)))
      for step in 0..<steps {
        let angle = Double(step) * rate
        values[step * width + place] = place % 2 == 0 ? sin(angle) : cos(angle)
      }
    }
    return try Tensor(values, shape: [steps, width], dtype: dtype)
  }

  public override func outputMask(_ inputs: [Tensor], _ outputs: [Tensor]) -> Tensor? { inputs[0].provenance?.mask }
}

extension Catalogue {
  static var embeddingLayers: [Descriptor<Layer>] {
    [
      Descriptor(
        "embedding", .layers,
        [
          ParameterDescription("vocab", .integer(from: 1), "the number of words"),
          ParameterDescription("dim", .integer(from: 1), "the length of a word's vector"),
          ParameterDescription(
            "mask_zero", .flag, default: .flag(false),
            "word 0 is padding: recurrent layers, attention, means over time and the loss skip it, as far as layers work on each step alone; after a convolution or a `lambda` nobody knows of it"
          ),
          ParameterDescription("embeddings_init", .initializer, default: .initializer(initializer("uniform_init"))),
          ParameterDescription("embeddings_regularizer", .optional(.regularizer), default: Setting.none),
        ] + Layer.commonParameters,
        Documentation(
          "A learnt vector for each word number.", formula: "y[…] = embeddings[x[…]]",
          shapes: "(…) of word numbers → (…, dim); embeddings (vocab, dim)",
          source: "Bengio and others, JMLR 2003", example: "embedding(10, 4)(int32([1, 2; 3, 4])).shape  # (2, 2, 4)"),
        sample: [.number(5), .number(3)], sampleInputs: [[2, 4]]
      ) { try Embedding($0).named($0) },
      Descriptor(
        "positional_encoding", .layers,
        [
          ParameterDescription("kind", .choice(["sinusoidal", "learned"]), default: .text("sinusoidal")),
          ParameterDescription(
            "max", .optional(.integer(from: 1)), default: Setting.none,
            "the most steps; where none, for learned ones, the first input's"),
        ] + Layer.commonParameters,
        Documentation(
          "Adds to each step a pattern that tells its position.",
          formula: "x + P; P(p, 2i) = sin(p / 10000^(2i/width)), P(p, 2i+1) = cos(the same)",
          shapes: "(steps, width) → the same; learned: embeddings (max, width)",
          source: "Vaswani and others, NeurIPS 2017",
          example: "positional_encoding()(zeros(1, 5, 4)).shape  # (1, 5, 4)"),
        sampleInputs: [[2, 3, 4]]
      ) { arguments in
        try PositionalEncoding(
          isLearned: arguments.text("kind") == "learned", maximum: arguments.optionalInteger("max")
        ).named(arguments)
      },
    ]
  }
}
