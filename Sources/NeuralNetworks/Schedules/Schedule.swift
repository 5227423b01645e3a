import Tensors

/// A learning rate as a function of the step; the first update asks for step 0.
public struct Schedule: Configurable {
  public var configuration: Configuration
  private let body: (Double) throws -> Double

  public init(name: String = "schedule", _ body: @escaping (Double) throws -> Double) {
    configuration = Configuration(name)
    self.body = body
  }

  /// The same rate at every step.
  public static func constant(_ rate: Double) -> Schedule {
    var schedule = Schedule(name: "constant") { _ in rate }
    schedule.configuration = Configuration("constant", settings: [("rate", .number(rate))])
    return schedule
  }

  /// A schedule that the program wrote itself: `step -> 0.1 / (1 + step)`.
  public init(_ function: TensorFunction, body: @escaping (Double) throws -> Double) {
    configuration = Configuration("function", settings: [("function", .function(function))])
    self.body = body
  }

  /// The rate at a step.
  /// - Throws: a value error where a function of the program gave a negative rate or nan.
  public func callAsFunction(_ step: Double) throws -> Double {
    let rate = try body(step)
    guard rate >= 0 else {
      throw TensorError(
        .value, "the schedule gave the rate \(rate) at step \(Setting.numberText(step)): a rate is 0 or more")
    }
    return rate
  }
}

extension Catalogue {
  nonisolated(unsafe) public static let schedules: [Descriptor<Schedule>] = decaySchedules + cyclicSchedules

  nonisolated(unsafe) static let rateParameter = ParameterDescription("rate", .number(.notNegative), "the first rate")
  nonisolated(unsafe) static let stepsParameter = ParameterDescription(
    "steps", .number(.positive), "updates, not epochs")
}
