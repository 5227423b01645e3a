import Diagnostics
import Tensors

extension Machine {
  /// `` `w` of shape 128×10 was made at digits.glia:3:5 ``; nil where that is not known, not a tensor, or on the line of
  /// the error.
  func origin(_ origin: Code.Origin, of code: Code, at position: Int, _ here: Location) -> String? {
    let name: String
    let made: Location
    let value: Value
    switch origin {
    case .global(let slot):
      let variable = global(at: slot)
      guard let definition = variable.definition else { return nil }
      (name, made, value) = (variable.name, definition, globals[slot])
    case .register, .capture:
      guard let definition = code.definition(of: origin, at: position) else { return nil }
      name = definition.name
      made = Location(source: code.source, span: definition.span)
      switch origin {
      case .register(let register): value = frames[frameCount - 1].registers[register]
      case .capture(let capture): value = captures[capture]
      case .global: return nil
      }
    }
    guard case .tensor(let tensor) = value, tensor.rank > 0 else { return nil }
    let isSameLine =
      made.source === here.source
      && made.source.position(of: made.span.start).line == here.source.position(of: here.span.start).line
    return isSameLine ? nil : "`\(name)` of shape \(tensor.shape.shapeText) was made at \(made.description)"
  }
}
