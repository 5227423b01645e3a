import FileFormats
import NeuralNetworks
import Tensors

/// Something that takes part in a training: it looks on after batches and epochs, may stop it, and may change the rate.
public protocol Callback: AnyObject {
  /// The name in messages.
  var name: String { get }
  /// Called before the first batch; a run that goes on from a checkpoint has its memory restored afterwards.
  /// - Throws: where what it needs is not there, such as a validation loss.
  func started(_ state: TrainingState) throws
  /// Called after each update.
  func batchEnded(_ state: TrainingState) throws
  /// Called after each epoch, when `state.row` is complete.
  func epochEnded(_ state: TrainingState) throws
  /// Called once at the end, however it came; not after an error.
  func ended(_ state: TrainingState) throws
  /// What must survive in a checkpoint for a resumed run to go on as if nothing had happened.
  var memory: CallbackMemory { get set }
}

/// A callback's state in a checkpoint.
public struct CallbackMemory {
  public var fields: [String: JSON] = [:]
  public var tensors: [String: Tensor] = [:]
  public init() {}
}

extension Callback {
  public func started(_ state: TrainingState) throws {}
  public func batchEnded(_ state: TrainingState) throws {}
  public func epochEnded(_ state: TrainingState) throws {}
  public func ended(_ state: TrainingState) throws {}
  public var memory: CallbackMemory {
    get { CallbackMemory() }
    set {}
  }
}

/// A number watched from epoch to epoch, and how long it has not become better.
struct Watch {
  let monitor: String
  let direction: Direction
  let margin: Double
  var best: Double
  /// 0 before the first number.
  var bestEpoch = 0
  /// Epochs since the best one.
  var waited = 0

  init(_ monitor: String, margin: Double = 0) {
    self.monitor = monitor
    self.margin = margin
    direction = Direction.of(column: monitor)
    best = direction.worst
  }

  /// Takes in an epoch; true where it is the best so far. The first number is, whatever the margin.
  mutating func isBest(_ value: Double, epoch: Int) -> Bool {
    if bestEpoch == 0 ? !value.isNaN : direction.isBetter(value, than: best, by: margin) {
      best = value
      bestEpoch = epoch
      waited = 0
      return true
    }
    waited += 1
    return false
  }

  /// The same watch before the first epoch.
  var fresh: Watch { Watch(monitor, margin: margin) }

  var fields: [String: JSON] {
    get { ["best": .string("\(best)"), "best_epoch": .number(Double(bestEpoch)), "waited": .number(Double(waited))] }
    set {
      best = newValue["best"]?.string.flatMap(Double.init) ?? direction.worst
      bestEpoch = newValue["best_epoch"]?.integer ?? 0
      waited = newValue["waited"]?.integer ?? 0
    }
  }
}
