import Testing

@testable import Tensors

extension EngineTests {
  /// The float32 functions of `CKernels` against the C library's in float64.
  @Suite struct ElementaryFunctionTests {
    typealias Function = @Sendable (Tensor) throws -> Tensor

    /// The largest distance in units in the last place over a sweep, where the true value is a normal float.
    static func largestError(_ function: Function, _ values: [Double]) throws -> (ulp: Double, at: Float) {
      let single = try Tensor(values.map { Float($0) }, shape: [values.count])
      let exact = try function(single.cast(to: .float64)).doubles()
      let got = try function(single).floats()
      var worst = (ulp: 0.0, at: Float(0))
      for (index, want) in exact.enumerated() {
        let rounded = Float(want)
        guard rounded.isNormal || rounded == 0 else {
          // Beyond the range the same kind of value; in the subnormals a few of their units, or 0.
          let isNear =
            abs(Double(got[index]) - want) <= 1e-43 + 1e-6 * abs(want) || got[index] == 0 && abs(want) < 1.2e-38
          let isSame = rounded.isNaN ? got[index].isNaN : isNear || got[index] == rounded
          if !isSame { worst = (.infinity, Float(values[index])) }
          continue
        }
        let unit = Double(rounded.ulp)
        let error = abs(Double(got[index]) - want) / max(unit, 1e-44)
        if error > worst.ulp { worst = (error, Float(values[index])) }
      }
      return worst
    }

    static func sweep(_ low: Double, _ high: Double, _ count: Int = 40_001) -> [Double] {
      (0..<count).map { low + (high - low) * Double($0) / Double(count - 1) }
    }

    /// Both signs, over all magnitudes.
    static var magnitudes: [Double] {
      var values: [Double] = [0]
      var value = 1e-40
      while value < 3e38 {
        values += [value, -value]
        value *= 1.01
      }
      return values
    }

    @Test(
      arguments: [
        ("exp", 1.5, { @Sendable x in try x.exp() }), ("expm1", 2, { @Sendable x in try x.expm1() }),
        ("log", 1.5, { @Sendable x in try x.log() }), ("log1p", 2.5, { @Sendable x in try x.log1p() }),
        ("tanh", 2.5, { @Sendable x in try x.tanh() }), ("sigmoid", 3, { @Sendable x in try x.sigmoid() }),
        ("softplus", 3, { @Sendable x in try x.softplus() }), ("erf", 2.5, { @Sendable x in try x.erf() }),
        ("gelu of positive x", 3, { @Sendable x in try x.abs().tanhGelu() }),
        ("gelu", 10, { @Sendable x in try x.gelu() }), ("sin", 1, { @Sendable x in try x.sin() }),
        ("cos", 1, { @Sendable x in try x.cos() }), ("tan", 1, { @Sendable x in try x.tan() }),
        ("log2", 1, { @Sendable x in try x.log2() }), ("log10", 2, { @Sendable x in try x.log10() }),
        ("x ^ 1.75", 1, { @Sendable x in try x.power(1.75) }), ("x ^ 3", 2, { @Sendable x in try x.power(3) }),
        ("1.5 ^ x", 1, { @Sendable x in try Tensor.full(x.shape, 1.5, x.dtype).power(x) }),
        ("x // 0.75", 1, { @Sendable x in try x.floorDivide(0.75) }),
        ("x % 0.75", 1, { @Sendable x in try x.modulo(0.75) }),
      ] as [(String, Double, Function)])
    func float32IsWithinAFewUnits(name: String, limit: Double, function: @escaping Function) throws {
      for values in [Self.sweep(-12, 12), Self.sweep(-110, 110), Self.magnitudes] {
        let worst = try Self.largestError(function, values)
        #expect(worst.ulp <= limit, "\(name) is \(worst.ulp) units off at \(worst.at)")
      }
    }

    /// `e^v` of a rounded v is as many units off as v is large.
    @Test func geluWithTanhOfNegativeNumbers() throws {
      for (range, limit) in [(-1.0...0, 8.0), (-9...(-1), 150)] {
        let worst = try Self.largestError({ try $0.tanhGelu() }, Self.sweep(range.lowerBound, range.upperBound))
        #expect(worst.ulp <= limit, "\(worst.ulp) units off at \(worst.at)")
      }
    }

    @Test func specialValues() throws {
      let x = try Tensor([Float.infinity, -.infinity, .nan], shape: [3])
      func check(_ y: Tensor, _ positive: Float, _ negative: Float) throws {
        let values = try y.floats()
        #expect(values[0] == positive || values[0].isNaN && positive.isNaN)
        #expect(values[1] == negative || values[1].isNaN && negative.isNaN)
        #expect(values[2].isNaN)
      }
      for type in [DType.float32, .float64] {
        let x = try x.cast(to: type)
        try check(x.exp(), .infinity, 0)
        try check(x.expm1(), .infinity, -1)
        try check(x.log(), .infinity, .nan)
        try check(x.log1p(), .infinity, .nan)
        try check(x.tanh(), 1, -1)
        try check(x.sigmoid(), 1, 0)
        try check(x.softplus(), .infinity, 0)
        try check(x.erf(), 1, -1)
        try check(x.gelu(), .infinity, 0)
        try check(x.tanhGelu(), .infinity, 0)
        try check(x.relu(), .infinity, 0)
        try check(x.clip(-1, 2), 2, -1)
        try check(x.sign(), 1, -1)
      }
      #expect(try Tensor([0, -1], shape: [2]).log().floats()[0] == -.infinity)
      #expect(try Tensor([-1, 1], shape: [2]).floorDivide(.infinity).floats() == [-1, 0])
      #expect(try Tensor([-1, 1], shape: [2]).modulo(.infinity).floats() == [.infinity, 1])
      #expect(try Tensor([5, -5], shape: [2]).floorDivide(0).floats() == [.infinity, -.infinity])
    }
  }
}
