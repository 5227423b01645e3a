import Interpreter
import Tensors
import Training

/// Batches as a value: what `batches(x, y, 32)` gives, `for` walks, and `fit` learns from.
final class BatchesObject: ObjectValue {
  let source: any BatchSource

  init(_ source: any BatchSource) { self.source = source }

  override var typeName: String { "batches" }
  override var count: Int? { source.batchCount }
  override func text(_ style: DisplayStyle) -> String {
    source.batchCount.map { "<\(Wording.counted($0, "batch")) \(source.rowCount.map { "of \($0) rows" } ?? "")>" }?
      .replacing("batchs", with: "batches") ?? "<batches>"
  }

  override func makeIterator(_ context: CallContext) throws -> (() throws -> Value?)? {
    let pass = try source.startPass()
    return { try pass.next().map(BatchesObject.value) }
  }

  /// A batch as a program sees it: `x`, or `(x, y)`, with a list where there are several inputs or targets.
  static func value(_ batch: Batch) -> Value {
    func part(_ tensors: [Tensor]) -> Value {
      tensors.count == 1 ? .tensor(tensors[0]) : .items(tensors.map { .tensor($0) })
    }
    return batch.targets.isEmpty ? part(batch.inputs) : .items([part(batch.inputs), part(batch.targets)])
  }
}

/// Rows that are read when they are asked for: `image_folder(…)`.
final class DatasetObject: ObjectValue {
  let dataset: any Dataset
  private let title: String
  /// What else is known of it: class names.
  private let facts: [(name: String, value: Value)]

  init(_ title: String, _ dataset: any Dataset, facts: [(name: String, value: Value)] = []) {
    self.title = title
    self.dataset = dataset
    self.facts = facts
  }

  override var typeName: String { "dataset" }
  override var count: Int? { dataset.rowCount }
  override var memberNames: [String] { facts.map(\.name) }
  override func text(_ style: DisplayStyle) -> String { "<\(title) with \(Wording.counted(dataset.rowCount, "row"))>" }
  override func member(_ name: String, _ context: CallContext) throws -> Value? {
    facts.first { $0.name == name }?.value
  }
  override func element(at position: Int, _ context: CallContext) throws -> Value? {
    let batch = try dataset.rows(in: position..<position + 1)
    return BatchesObject.value(
      Batch(inputs: try batch.inputs.map { try $0.squeeze(0) }, targets: try batch.targets.map { try $0.squeeze(0) }))
  }
}

/// What `fit`, `evaluate` and `predict` take their rows from.
func fitSource(x: Value, y: Value, weights: Tensor? = nil, of function: String, _ context: CallContext) throws
  -> FitSource
{
  if let source = preparedSource(x, y, context) {
    guard weights == nil else {
      throw RuntimeError(
        .type, "`sample_weights` goes with rows in tensors, not with batches, data sets and functions",
        hint: "give `\(function)` the tensors themselves, with `batch:`")
    }
    return source
  }
  let inputs = try rowTensors(x, of: function)
  let targets = y.isNone ? [] : try rowTensors(y, of: function)
  return .data(try TensorDataset(inputs: inputs, targets: targets, weights: weights))
}

/// What brings rows by itself: batches, a data set, a function that makes batches. Nil for anything else.
private func preparedSource(_ x: Value, _ y: Value, _ context: CallContext) -> FitSource? {
  switch x {
  case .object(let object as BatchesObject): .batches(object.source)
  case .object(let object as DatasetObject): .data(object.dataset)
  case .function where y.isNone: .batches(streamed(x, context))
  default: nil
  }
}

/// One tensor of rows, or a list of them for several inputs or outputs.
func rowTensors(_ value: Value, of function: String) throws -> [Tensor] {
  if case .list(let list) = value, !list.items.isEmpty,
    list.items.allSatisfy({ if case .tensor = $0 { true } else { false } })
  {
    return try list.items.map { try tensorFromValue($0, of: function) }
  }
  return [try tensorFromValue(value, of: function)]
}

/// A function that begins a pass: it gives a list, or anything that `for` walks, of (x, y).
private func streamed(_ function: Value, _ context: CallContext) -> StreamedBatches {
  StreamedBatches {
    let next = try context.makeIterator(context.call(function, CallArguments()))
    return {
      guard let item = try next() else { return nil }
      guard case .list(let pair) = item, pair.items.count == 2 else {
        throw TensorError(.type, "a function that makes batches gives pairs (x, y), and this one gave \(item.kindText)")
      }
      return Batch(
        inputs: try rowTensors(pair.items[0], of: "fit"), targets: try rowTensors(pair.items[1], of: "fit"))
    }
  }
}

/// `batches`.
func registerBatches(_ catalogue: inout Catalogue) {
  catalogue.add(
    "batches", "(x, y = none, size = 32, shuffle = false, transform = none)", .training,
    """
    The rows of x and y in batches of `size`, the last one smaller, for `for` and `fit`.

    `for (xb, yb) in batches(x, y, 32, shuffle: true) { … }`; without y (or with none) each batch is xb alone. With
    `shuffle` every pass has a new order. `transform` is a function of xb, such as `augment(flip: true)`.
    """, example: "len(batches(zeros(10, 2), zeros(10), 4))  # 3"
  ) { a, c in
    let source = try fitSource(x: a[0], y: a[1], of: "batches", c)
    guard case .data(var dataset) = source else { return a[0] }
    if let transform = try a.optionalCallable(4) {
      dataset = MappedDataset(dataset) { batch in
        var batch = batch
        let changed = try c.call(
          transform, CallArguments(positional: ContiguousArray(batch.inputs.map { .tensor($0) })))
        batch.inputs = try rowTensors(changed, of: "transform")
        return batch
      }
    }
    let size = try a.integer(2, in: 1...Int(Int32.max))
    return .object(BatchesObject(try Batches(dataset, size: size, shuffle: a.boolean(3))))
  }
}
