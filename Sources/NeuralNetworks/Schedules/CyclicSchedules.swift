import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Catalogue {
  /// Cosines, restarts and warm-ups.
  static var cyclicSchedules: [Descriptor<Schedule>] { [cosineDecay, cosineRestarts, warmup, oneCycle] }

  private static func alpha() -> ParameterDescription {
    ParameterDescription("alpha", .number(.unit), default: .number(0), "the last rate as a share of the first")
  }

  private static var cosineDecay: Descriptor<Schedule> {
    Descriptor(
      "cosine_decay", .schedules, [rateParameter, stepsParameter, alpha()],
      Documentation(
        "Falls along half a cosine, then stays.", formula: "rate·((1 - alpha)·(1 + cos(π·step / steps)) / 2 + alpha)",
        source: "Loshchilov and Hutter, ICLR 2017", example: "cosine_decay(0.1, 10)(5)  # 0.05"),
      sample: [.number(0.1), .number(10)]
    ) { arguments in
      let (rate, steps) = (try arguments.number("rate"), try arguments.number("steps"))
      let alpha = try arguments.number("alpha")
      return Schedule { step in
        let share = 0.5 * (1 + cos(Double.pi * min(step, steps) / steps))
        return rate * ((1 - alpha) * share + alpha)
      }
    }
  }

  private static var cosineRestarts: Descriptor<Schedule> {
    Descriptor(
      "cosine_restarts", .schedules,
      [
        rateParameter, ParameterDescription("steps", .number(.positive), "updates of the first fall"),
        ParameterDescription(
          "t_mul", .number(NumberRange(lower: 1, isLowerOpen: false, upper: .infinity, isUpperOpen: false)),
          default: .number(2), "each fall is so much longer"),
        ParameterDescription("m_mul", .number(.notNegative), default: .number(1), "each start is so much higher"),
        alpha(),
      ],
      Documentation(
        "Falls along half a cosine, again and again.",
        formula: "rate·m_mulⁱ·((1 - alpha)·(1 + cos(π·p)) / 2 + alpha), p the part of fall i that is over",
        source: "Loshchilov and Hutter, ICLR 2017",
        example: "cosine_restarts(0.1, 10)(10)  # 0.1"),
      sample: [.number(0.1), .number(5)]
    ) { arguments in
      let (rate, steps) = (try arguments.number("rate"), try arguments.number("steps"))
      let (lengthening, raising) = (try arguments.number("t_mul"), try arguments.number("m_mul"))
      let alpha = try arguments.number("alpha")
      return Schedule { step in
        var (rest, length, turn) = (step, steps, 0.0)
        if lengthening == 1 {
          turn = (step / steps).rounded(.down)
          rest -= turn * steps
        } else {
          while rest >= length && length.isFinite {
            rest -= length
            length *= lengthening
            turn += 1
          }
        }
        let share = 0.5 * pow(raising, turn) * (1 + cos(Double.pi * rest / length))
        return rate * ((1 - alpha) * share + alpha)
      }
    }
  }

  private static var warmup: Descriptor<Schedule> {
    Descriptor(
      "warmup", .schedules, [stepsParameter, ParameterDescription("then", .rate, "what follows")],
      Documentation(
        "Rises from 0 in a straight line, then hands over.",
        formula: "then(0)·step / steps, afterwards then(step - steps)", source: "Goyal and others, 2017",
        example: "warmup(10, 0.1)(5)  # 0.05"),
      sample: [.number(10), .number(0.1)]
    ) { arguments in
      let (steps, next) = (try arguments.number("steps"), try arguments.schedule("then"))
      return Schedule { step in step < steps ? try next(0) * step / steps : try next(step - steps) }
    }
  }

  private static var oneCycle: Descriptor<Schedule> {
    Descriptor(
      "one_cycle", .schedules,
      [
        ParameterDescription("rate", .number(.notNegative), "the highest rate"),
        ParameterDescription(
          "steps", .number(NumberRange(lower: 2, isLowerOpen: false, upper: .infinity, isUpperOpen: false)),
          "updates in all"),
      ],
      Documentation(
        "Up in three tenths of the steps from a 25th of the rate, then down to a ten-thousandth of that, along cosines.",
        details: "Afterwards the last rate stays.",
        formula: "end + (start - end)·(1 + cos(π·p)) / 2, p the part of the rise or fall that is over",
        source: "Smith and Topin, 2018",
        example: "one_cycle(0.1, 30)(8)  # 0.1"),
      sample: [.number(0.1), .number(30)]
    ) { arguments in
      let (rate, steps) = (try arguments.number("rate"), try arguments.number("steps"))
      let (first, last) = (rate / 25, rate / 25 / 10_000)
      let top = max(0.3 * steps - 1, 0)
      let anneal = { (start: Double, end: Double, share: Double) in
        end + (start - end) / 2 * (1 + cos(Double.pi * share))
      }
      return Schedule { step in
        if step <= top, top > 0 { return anneal(first, rate, step / top) }
        return anneal(rate, last, min(1, (step - top) / (steps - 1 - top)))
      }
    }
  }
}
