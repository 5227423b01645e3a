import Diagnostics
import Testing

@testable import Interpreter

struct SignatureTests {
  let signature = Signature(
    function: "dense", text: #"(units, activation = "a, b", rate = 1e-3, size = (2, 3), ...rest)"#)

  @Test func parametersComeFromText() throws {
    let parameters = signature.parameters
    #expect(parameters.map(\.name) == ["units", "activation", "rate", "size", "rest"])
    #expect(parameters.map(\.isRequired) == [true, false, false, false, false])
    #expect(parameters[1].defaultValue?.text(.nested) == #""a, b""#)
    #expect(parameters[2].defaultValue?.text(.nested) == "0.001")
    #expect(parameters[3].defaultValue?.text(.nested) == "(2, 3)")
    #expect(parameters[4].isRest)
  }

  @Test func argumentsFindTheirPlaces() throws {
    let bound = try signature.bind(
      CallArguments(positional: [.number(1), .text("x"), .number(2), .none, .number(7)], named: []))
    #expect(Value.items(bound).text(.nested) == #"(1, "x", 2, none, (7,))"#)
    let named = try signature.bind(CallArguments(named: [("rate", .number(5)), ("units", .number(3))]))
    #expect(Value.items(named).text(.nested) == #"(3, "a, b", 5, (2, 3), ())"#)
  }

  @Test func mistakesPrintTheSignature() {
    let cases = [
      (CallArguments(), "`dense` needs `units`"),
      (
        CallArguments(positional: [.none], named: [("unit", .none)]),
        "`dense` has no parameter `unit`; did you mean `units`?"
      ),
      (CallArguments(positional: [.none], named: [("units", .none)]), "`dense` got `units` twice"),
    ]
    for (arguments, message) in cases {
      let error = #expect(throws: RuntimeError.self) { _ = try signature.bind(arguments) }
      #expect(error?.message == message)
      #expect(error?.hint?.contains("dense(units, ") == true)
    }
  }
}
