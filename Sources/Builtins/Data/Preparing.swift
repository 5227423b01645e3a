import Interpreter
import Tensors
import Training

/// Splitting, scaling, windows, augmentation.
func registerPreparing(_ catalogue: inout Catalogue) {
  catalogue.add(
    "train_test_split", "(x, y, test = 0.2, stratify = false, seed = none)", .data,
    """
    Splits rows at random into a part to train on and a part to test on: (x_train, x_test, y_train, y_test).

    `test` is a share, or a number of rows. With `stratify` every class of `y` gets its share of both parts. A `seed`
    makes the split repeat by itself; without one it draws from the session's random numbers.
    """, example: "train_test_split(zeros(10, 2), zeros(10))[1].shape  # (2, 2)"
  ) { a, _ in
    let parts = try trainTestSplit(
      a.tensor(0), a.tensor(1), test: a.number(2), stratify: a.boolean(3), seed: a.seed(4))
    return .items([parts.xTrain, parts.xTest, parts.yTrain, parts.yTest].map { .tensor($0) })
  }

  catalogue.add(
    "standardize", "(x)", .data,
    """
    A fitted transform that makes each column's mean 0 and standard deviation 1: (x - mean) / std.

    Call it on any rows: `let scale = standardize(train)`, then `scale(train)`, `scale(test)`; `scale.inverse(y)` goes
    back. A constant column becomes 0.
    """, example: "standardize([1; 3])([1; 3])  # [[-1],\n#  [1]]  # 2×1"
  ) { a, _ in .object(TransformObject("standardize", try ColumnScaling.standardize(a.tensor(0)))) }

  catalogue.add(
    "min_max_scale", "(x, lo = 0, hi = 1)", .data,
    """
    A fitted transform that moves each column's smallest value to `lo` and its largest to `hi`.

    Call it on any rows; `.inverse` goes back. A constant column becomes `lo`.
    """, example: "min_max_scale([1; 3])([2])  # [0.5]  # 1"
  ) { a, _ in
    .object(
      TransformObject("min_max_scale", try ColumnScaling.minMax(a.tensor(0), low: a.number(1), high: a.number(2))))
  }

  catalogue.add(
    "normalize", "(x)", .data, "Each row divided by its length, √Σx²; a row of zeros stays.",
    example: "normalize([[3, 4]])  # [[0.6, 0.8]]  # 1×2"
  ) { a, _ in .tensor(try normalize(a.tensor(0))) }

  catalogue.add(
    "windows", "(x, size, step = 1)", .data, "Whole windows of `size` rows, each `step` rows after the one before.",
    example: "windows([1, 2, 3], 2)  # [[1, 2],\n#  [2, 3]]  # 2×2"
  ) { a, _ in .tensor(try windows(a.tensor(0), size: a.integer(1), step: a.integer(2))) }

  catalogue.add(
    "pad_sequences", "(sequences, length = none, value = 0)", .data,
    "Lists of unequal length as one int32 matrix: `value` goes before, and a sequence longer than `length` loses its beginning.",
    example: "pad_sequences(((1, 2), (3,)))  # [[1, 2],\n#  [0, 3]]  # 2×2, int32"
  ) { a, _ in
    let sequences = try a.items(0).map { try tensorFromValue($0, of: "pad_sequences").doubles() }
    return .tensor(
      try padSequences(sequences, length: a.optionalInteger(1, in: 0...Int(Int32.max)), value: a.number(2)))
  }

  catalogue.add(
    "class_weights", "(y)", .data,
    "A record from class number (as text) to n / (classes · count): weights for `fit` that make the classes count alike.",
    example: "class_weights([0, 0, 0, 1])  # {\"0\": 0.666667, \"1\": 2}"
  ) { a, _ in .fields(try classWeights(a.tensor(0)).map { (String($0.label), .number($0.weight)) }) }

  catalogue.add(
    "k_folds", "(n, k, shuffle = false, seed = none)", .data,
    "k splits of n rows as a list of records with the positions `train` and `test`; each row is in one test part.",
    example: "k_folds(4, 2)[0].test  # [0, 1]  # 2, int32"
  ) { a, _ in
    let count = try a.integer(0, in: 0...Int(Int32.max))
    let folds = try kFolds(count, a.integer(1), shuffle: a.boolean(2), seed: a.seed(3))
    func positions(_ rows: [Int]) throws -> Value {
      .tensor(try Tensor(int32: rows.map { Int32(clamping: $0) }, shape: [rows.count]))
    }
    return .items(try folds.map { .fields([("train", try positions($0.train)), ("test", try positions($0.test))]) })
  }

  catalogue.add(
    "augment", "(flip = false, shift = 0, rotate = 0, zoom = 0)", .data,
    """
    A function that changes each image of a batch (n, height, width, channels) at random: for `batches(…)` or a `lambda`.

    `flip` mirrors left and right for half of them, `shift` moves up to that share of the size, `rotate` turns up to so
    many degrees, `zoom` changes the size by up to that share.
    """, example: "augment(flip: true)(zeros(2, 4, 4, 1)).shape  # (2, 4, 4, 1)"
  ) { a, _ in
    let augmentation = try Augmentation(flip: a.boolean(0), shift: a.number(1), rotate: a.number(2), zoom: a.number(3))
    let signature = Signature(function: "augment(…)", text: "(images)")
    return .function(
      HostFunction("augment(…)", signature: signature, payload: Payload(augmentation)) { arguments, _ in
        let bound = BoundArguments(signature: signature, values: try signature.bind(arguments))
        return .tensor(try augmentation(bound.tensor(0)))
      })
  }
}

extension BoundArguments {
  /// A seed, where one is given.
  func seed(_ position: Int) throws -> UInt64? {
    try optionalInteger(position).map { UInt64(bitPattern: Int64($0)) }
  }
}

/// A transform fitted to data: a function with an inverse.
final class TransformObject: ObjectValue {
  private let title: String
  private let scaling: ColumnScaling

  init(_ title: String, _ scaling: ColumnScaling) {
    self.title = title
    self.scaling = scaling
  }

  override var typeName: String { "transform" }
  override func text(_ style: DisplayStyle) -> String { "<\(title) fitted to \(scaling.centre.count) columns>" }
  override var memberNames: [String] { ["inverse"] }
  override var isCallable: Bool { true }

  override func call(_ arguments: CallArguments, _ context: CallContext) throws -> Value {
    let signature = Signature(function: title, text: "(x)")
    let bound = BoundArguments(signature: signature, values: try signature.bind(arguments))
    return .tensor(try scaling(bound.tensor(0)))
  }

  override func member(_ name: String, _ context: CallContext) throws -> Value? {
    guard name == "inverse" else { return nil }
    let signature = Signature(function: "inverse", text: "(y)")
    let scaling = scaling
    return .function(
      HostFunction("inverse", signature: signature) { arguments, _ in
        let bound = BoundArguments(signature: signature, values: try signature.bind(arguments))
        return .tensor(try scaling.inverse(bound.tensor(0)))
      })
  }
}
