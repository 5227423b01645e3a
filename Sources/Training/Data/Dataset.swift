import Tensors

/// Rows that belong together: what one step of training sees.
public struct Batch {
  public var inputs: [Tensor]
  public var targets: [Tensor]
  /// One factor a row for its part of the loss; nil where all count alike.
  public var weights: Tensor?

  public init(inputs: [Tensor], targets: [Tensor] = [], weights: Tensor? = nil) {
    self.inputs = inputs
    self.targets = targets
    self.weights = weights
  }

  public var rowCount: Int { inputs.first?.shape.first ?? 0 }
}

/// Rows that can be fetched by number: tensors in memory, or files that are read when their turn comes.
public protocol Dataset {
  /// The number of rows.
  var rowCount: Int { get }
  /// True where all rows are there already, so that looking at them costs little.
  var isInMemory: Bool { get }
  /// The rows at these positions, in this order.
  func rows(at positions: [Int]) throws -> Batch
  /// The rows of a range; a data set in memory need not gather them one by one.
  func rows(in range: Range<Int>) throws -> Batch
}

extension Dataset {
  public var isInMemory: Bool { false }
  public func rows(in range: Range<Int>) throws -> Batch { try rows(at: Array(range)) }
}

/// Inputs, targets and weights in memory, one row of each belonging to the same row of the others.
public struct TensorDataset: Dataset {
  public let inputs: [Tensor]
  public let targets: [Tensor]
  public let weights: Tensor?
  public let rowCount: Int
  public var isInMemory: Bool { true }

  /// - Throws: a shape error where they have not equally many rows.
  public init(inputs: [Tensor], targets: [Tensor] = [], weights: Tensor? = nil) throws {
    func named(_ tensors: [Tensor], _ name: String) -> [(name: String, tensor: Tensor)] {
      tensors.enumerated().map { (tensors.count == 1 ? name : "\(name)[\($0)]", $1) }
    }
    var all = named(inputs, "x") + named(targets, "y")
    if let weights { all.append(("sample_weights", weights)) }
    self.rowCount = try Rows.commonCount(all)
    self.inputs = inputs
    self.targets = targets
    self.weights = weights
  }

  public func rows(at positions: [Int]) throws -> Batch {
    Batch(
      inputs: try inputs.map { try Rows.gathered($0, positions) },
      targets: try targets.map { try Rows.gathered($0, positions) },
      weights: try weights.map { try Rows.gathered($0, positions) })
  }

  public func rows(in range: Range<Int>) throws -> Batch {
    Batch(
      inputs: try inputs.map { try Rows.slice($0, range) }, targets: try targets.map { try Rows.slice($0, range) },
      weights: try weights.map { try Rows.slice($0, range) })
  }
}

/// A data set whose batches pass through a function on their way: augmentation, scaling.
public struct MappedDataset: Dataset {
  let base: any Dataset
  let transform: (Batch) throws -> Batch

  public init(_ base: any Dataset, _ transform: @escaping (Batch) throws -> Batch) {
    self.base = base
    self.transform = transform
  }

  public var rowCount: Int { base.rowCount }
  public func rows(at positions: [Int]) throws -> Batch { try transform(base.rows(at: positions)) }
  public func rows(in range: Range<Int>) throws -> Batch { try transform(base.rows(in: range)) }
}

/// What `fit`, `evaluate` and a `for` loop take batches from; every pass begins anew.
public protocol BatchSource {
  /// Rows of one pass; nil where nobody knows before it ends.
  var rowCount: Int? { get }
  /// Batches of one pass; nil where nobody knows before it ends.
  var batchCount: Int? { get }
  /// Begins a pass.
  func startPass() throws -> any BatchPass
}

/// One pass over the batches of a source.
public protocol BatchPass: AnyObject {
  /// The next batch; nil after the last.
  func next() throws -> Batch?
}

/// A data set in batches of `size` rows, the last one smaller; shuffled anew for every pass where asked for.
public struct Batches: BatchSource {
  public let dataset: any Dataset
  public let size: Int
  public let shuffle: Bool
  let random: RandomStream

  /// - Throws: a value error for a size below 1.
  public init(_ dataset: any Dataset, size: Int, shuffle: Bool = false, random: RandomStream = .session) throws {
    guard size >= 1 else { throw TensorError(.value, "a batch needs at least 1 row, and got \(size)") }
    self.dataset = dataset
    self.size = size
    self.shuffle = shuffle
    self.random = random
  }

  public var rowCount: Int? { dataset.rowCount }
  public var batchCount: Int? { (dataset.rowCount + size - 1) / size }

  public func startPass() throws -> any BatchPass {
    Pass(self, order: shuffle ? try random.permutation(dataset.rowCount) : nil)
  }

  private final class Pass: BatchPass {
    let batches: Batches
    let order: [Int]?
    var position = 0

    init(_ batches: Batches, order: [Int]?) {
      self.batches = batches
      self.order = order
    }

    func next() throws -> Batch? {
      let rows = batches.dataset.rowCount
      guard position < rows else { return nil }
      let end = rows - position > batches.size ? position + batches.size : rows
      defer { position = end }
      if let order { return try batches.dataset.rows(at: Array(order[position..<end])) }
      return try batches.dataset.rows(in: position..<end)
    }
  }
}

/// Batches that a function hands out one after the other: data that are made, or that stream from somewhere.
public struct StreamedBatches: BatchSource {
  public let rowCount: Int? = nil
  public let batchCount: Int? = nil
  let start: () throws -> () throws -> Batch?

  /// - Parameter start: begins a pass and gives the function that yields its batches, nil after the last.
  public init(_ start: @escaping () throws -> () throws -> Batch?) { self.start = start }

  public func startPass() throws -> any BatchPass { Pass(try start()) }

  private final class Pass: BatchPass {
    let step: () throws -> Batch?
    init(_ step: @escaping () throws -> Batch?) { self.step = step }
    func next() throws -> Batch? { try step() }
  }
}
