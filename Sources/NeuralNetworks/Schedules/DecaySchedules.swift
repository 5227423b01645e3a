import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Catalogue {
  /// Rates that fall.
  static var decaySchedules: [Descriptor<Schedule>] {
    [exponentialDecay, inverseTimeDecay, polynomialDecay, piecewiseConstant, stepDecay]
  }

  nonisolated(unsafe) private static let factor = ParameterDescription("factor", .number(.notNegative))
  nonisolated(unsafe) private static let staircase = ParameterDescription(
    "staircase", .flag, default: .flag(false), "the rate changes only every `steps` updates")

  private static var exponentialDecay: Descriptor<Schedule> {
    Descriptor(
      "exponential_decay", .schedules, [rateParameter, stepsParameter, factor, staircase],
      Documentation(
        "Multiplies the rate by a factor every so many steps.", formula: "rate·factor^(step / steps)",
        example: "exponential_decay(0.1, 10, 0.5)(10)  # 0.05"),
      sample: [.number(0.1), .number(10), .number(0.5)]
    ) { arguments in
      let (rate, steps) = (try arguments.number("rate"), try arguments.number("steps"))
      let (factor, isStaircase) = (try arguments.number("factor"), try arguments.flag("staircase"))
      return Schedule { step in
        let turns = step / steps
        return rate * pow(factor, isStaircase ? turns.rounded(.down) : turns)
      }
    }
  }

  private static var inverseTimeDecay: Descriptor<Schedule> {
    Descriptor(
      "inverse_time_decay", .schedules, [rateParameter, stepsParameter, factor, staircase],
      Documentation(
        "Divides the rate by a number that grows with the steps.", formula: "rate / (1 + factor·step / steps)",
        example: "inverse_time_decay(0.1, 10, 1)(10)  # 0.05"),
      sample: [.number(0.1), .number(10), .number(0.5)]
    ) { arguments in
      let (rate, steps) = (try arguments.number("rate"), try arguments.number("steps"))
      let (factor, isStaircase) = (try arguments.number("factor"), try arguments.flag("staircase"))
      return Schedule { step in
        let turns = step / steps
        return rate / (1 + factor * (isStaircase ? turns.rounded(.down) : turns))
      }
    }
  }

  private static var polynomialDecay: Descriptor<Schedule> {
    Descriptor(
      "polynomial_decay", .schedules,
      [
        rateParameter, stepsParameter,
        ParameterDescription("end", .number(.notNegative), default: .number(0.0001), "the last rate"),
        ParameterDescription("power", .number(.positive), default: .number(1), "1 is a straight line"),
        ParameterDescription(
          "cycle", .flag, default: .flag(false), "starts anew, with a longer fall, when it is through"),
      ],
      Documentation(
        "Falls from one rate to another along a power of the steps left.",
        formula: "(rate - end)·(1 - step / steps)^power + end", example: "polynomial_decay(0.1, 10, end: 0)(5)  # 0.05"),
      sample: [.number(0.1), .number(10)]
    ) { arguments in
      let (rate, steps) = (try arguments.number("rate"), try arguments.number("steps"))
      let (end, power, cycles) = (
        try arguments.number("end"), try arguments.number("power"), try arguments.flag("cycle")
      )
      return Schedule { step in
        let length = cycles ? steps * max(1, (step / steps).rounded(.up)) : steps
        return (rate - end) * pow(1 - min(step, length) / length, power) + end
      }
    }
  }

  private static var piecewiseConstant: Descriptor<Schedule> {
    Descriptor(
      "piecewise_constant", .schedules,
      [
        ParameterDescription("boundaries", .numbers, "steps at which the rate changes, ascending"),
        ParameterDescription("rates", .numbers, "one more than there are boundaries"),
      ],
      Documentation(
        "One rate up to each boundary.", details: "The boundary step itself still has the earlier rate.",
        example: "piecewise_constant((10,), (0.1, 0.01))(11)  # 0.01"),
      sample: [.list([.number(10)]), .list([.number(0.1), .number(0.01)])]
    ) { arguments in
      let (boundaries, rates) = (try arguments.numbers("boundaries"), try arguments.numbers("rates"))
      guard rates.count == boundaries.count + 1 else {
        throw TensorError(
          .value,
          "piecewise_constant wants one rate more than boundaries, and got \(rates.count) rates for \(boundaries.count)"
        )
      }
      guard zip(boundaries, boundaries.dropFirst()).allSatisfy({ $0 < $1 }) else {
        throw TensorError(.value, "piecewise_constant wants ascending boundaries")
      }
      return Schedule { step in rates[boundaries.firstIndex { step <= $0 } ?? boundaries.count] }
    }
  }

  private static var stepDecay: Descriptor<Schedule> {
    Descriptor(
      "step_decay", .schedules, [rateParameter, stepsParameter, factor],
      Documentation(
        "Multiplies the rate by a factor once every so many steps.", formula: "rate·factor^⌊step / steps⌋",
        example: "step_decay(0.1, 10, 0.5)(25)  # 0.025"),
      sample: [.number(0.1), .number(10), .number(0.5)]
    ) { arguments in
      let (rate, steps) = (try arguments.number("rate"), try arguments.number("steps"))
      let factor = try arguments.number("factor")
      return Schedule { rate * pow(factor, ($0 / steps).rounded(.down)) }
    }
  }
}
