import Diagnostics
import Syntax
import Tensors

// What an instruction needs beyond its operands. Code keeps these in a list; instructions name them by position.

/// A name that was not found when the code was compiled: looked up among the top-level names when reached.
final class NameSite {
  let name: String
  /// The local names that are visible there, for did-you-mean.
  let visible: [String]

  init(_ name: String, visible: [String]) {
    self.name = name
    self.visible = visible
  }
}

/// A function to be made a closure.
final class FunctionSite {
  let code: Code
  init(_ code: Code) { self.code = code }
}

/// A member by name, with the position in a record where it was found last.
final class MemberSite {
  // The first two properties are read through `MemberSiteObject`.
  private var shapeIdentity = -1
  private var position = 0
  let key: StringValue
  /// Where the member is changed: registers from here on hold nothing that is still needed.
  var live = 0
  init(_ key: StringValue) { self.key = key }

  /// Keeps where the key was found.
  func remember(_ shapeIdentity: Int, _ position: Int) {
    self.shapeIdentity = shapeIdentity
    self.position = position
  }
}

/// The arguments of a call that are not simply positional, and the member's name of `x.f(…)`.
final class CallSite {
  let member: MemberSite?
  /// For each argument: its name, or nil.
  let names: [String?]
  /// Which arguments are spread.
  let spreads: [Bool]
  let isPlain: Bool
  let visible: [String]

  init(member: MemberSite?, names: [String?], spreads: [Bool], visible: [String]) {
    self.member = member
    self.names = names
    self.spreads = spreads
    self.visible = visible
    isPlain = !names.contains { $0 != nil } && !spreads.contains(true)
  }
}

/// The elements of a tensor literal: how many stand in each row; nil without semicolons.
final class TensorSite {
  let rows: [Int]?
  /// What plain numbers become: float64 inside `float64([…])` and `int32([…])`, so that no digit is lost on the way.
  let numbers: DType
  /// True where the elements are in a list, because there are too many for registers.
  let isList: Bool

  init(rows: [Int]?, numbers: DType, isList: Bool) {
    self.rows = rows
    self.numbers = numbers
    self.isList = isList
  }
}

/// The names of a record literal; literals of the same names in the same order share a shape.
final class RecordSite {
  let shape: RecordShape
  /// For each written field its position: a name given twice keeps its first place and its last value.
  let positions: [Int]

  init(names: [StringValue]) {
    var keys: ContiguousArray<StringValue> = []
    var known: [String: Int] = [:]
    positions = names.map { name in
      if let found = known[name.text] { return found }
      known[name.text] = keys.count
      keys.append(name)
      return keys.count - 1
    }
    shape = RecordShape.shared(keys)
  }
}

/// A string with holes.
final class FormatSite {
  enum Part {
    case text(String)
    case hole(FormatSpecification?)
  }
  let parts: [Part]
  /// Where each hole's expression stands.
  let spans: [Span]

  init(parts: [Part], spans: [Span]) {
    self.parts = parts
    self.spans = spans
  }
}

/// The parts of an index with slices or several positions. The values are in consecutive registers.
final class PartsSite {
  enum Part {
    case position
    case slice(hasStart: Bool, hasStop: Bool, hasStep: Bool)
    case ellipsis
    case newAxis
  }
  let parts: [Part]
  init(_ parts: [Part]) { self.parts = parts }
}

/// A place that is changed: a variable and the way from it to the part that changes.
final class PathSite {
  enum Base {
    case local(Int)
    case box(Int)
    case capture(Int)
    case global(Int)
    /// The copy of something that is no variable: only a thing with identity can be changed there. Its name and what
    /// it is, for the message.
    case fixed(Int, String, String)
  }
  enum Step {
    case member(MemberSite)
    /// One position, in the next register.
    case index
    case parts(PartsSite)
  }
  // The first two properties are read through `PathSiteObject`.
  /// Where the steps are one position and a member, and numbers may meet there: the member's site, which `steps` keeps.
  private let fieldOfElement: UnsafeRawPointer?
  private let operationPosition: Int
  let base: Base
  let steps: [Step]
  /// `+=` and the like; nil for `=`.
  let operation: BinaryOperator?
  /// Registers from here on hold nothing that is still needed.
  let live: Int

  init(base: Base, steps: [Step], operation: BinaryOperator?, live: Int) {
    self.base = base
    self.steps = steps
    self.operation = operation
    self.live = live
    operationPosition = operation?.position ?? 0
    if steps.count == 2, case .index = steps[0], case .member(let site) = steps[1], let operation,
      operation != .matrixMultiply
    {
      fieldOfElement = UnsafeRawPointer(Unmanaged.passUnretained(site).toOpaque())
    } else {
      fieldOfElement = nil
    }
  }

  /// True for `xs[i].name op= value`.
  var hasFieldOfElement: Bool { fieldOfElement != nil }
}

/// `xs.push(4)` as a statement.
final class MutationSite {
  let path: PathSite
  let method: MemberSite
  /// The built-in of the method's name.
  let function: Value
  let call: CallSite
  /// True for `variable.push(x)`.
  let isPlainPush: Bool

  init(path: PathSite, method: MemberSite, function: Value, call: CallSite) {
    self.path = path
    self.method = method
    self.function = function
    isPlainPush = path.steps.isEmpty && method.key.text == "push" && call.isPlain && call.names.count == 1
    self.call = call
  }
}

/// A built-in that says what it does to a plain number (`sqrt`), or `len`.
final class NumberFunctionSite {
  let function: Value
  /// Nil for `len`.
  let onNumber: ((Double) -> Double)?

  init(_ function: Value, onNumber: ((Double) -> Double)?) {
    self.function = function
    self.onNumber = onNumber
  }
}

/// An error that is known before the program runs, raised when it is reached.
final class RaiseSite {
  let error: RuntimeError
  init(_ error: RuntimeError) { self.error = error }
}

/// `assert` of a comparison: what stood between the two sides.
final class AssertSite {
  let comparison: BinaryOperator?
  let hasMessage: Bool
  init(comparison: BinaryOperator?, hasMessage: Bool) {
    self.comparison = comparison
    self.hasMessage = hasMessage
  }
}

final class ImportSite {
  enum Target {
    case module(String)
    case file(String)
  }
  let target: Target
  init(_ target: Target) { self.target = target }
}
