import Diagnostics
import Syntax

extension Machine {
  /// The instructions that do more work than the way to this function costs.
  func runSeldom(_ i: Instruction, _ registers: ValuePointer) throws {
    let a = registers + Int(i.a)
    switch i.opcode {
    case .defineGlobal:
      (globals + Int(i.d)).copy(a)
      bind(global(at: Int(i.d)))
    case .lookUp: a.pointee = try lookUp(site(i, NameSite.self))
    case .makeBox: a.pointee = .object(Box(a.pointee))
    case .makeEmptyBox: a.pointee = .object(Box(.missing))
    case .loadSelf: a.pointee = ownFunction
    case .closure: a.pointee = makeClosure(site(i, FunctionSite.self), registers)

    case .binary:
      a.pointee = try binary(
        BinaryOperator(operand: i.d), registers[Int(i.b)], registers[Int(i.c)])
    case .combineAnd: a.pointee = try combine(.and, registers[Int(i.b)], registers[Int(i.c)])
    case .combineOr: a.pointee = try combine(.or, registers[Int(i.b)], registers[Int(i.c)])
    case .makeList:
      a.pointee = .list(
        ListValue(ContiguousArray(UnsafeBufferPointer(start: registers + Int(i.b), count: Int(i.c)))))
    case .appendToList: try appendToList(a, registers + Int(i.b), Int(i.c))
    case .makeTensor: a.pointee = try makeTensor(site(i, TensorSite.self), registers + Int(i.b), Int(i.c))
    case .makeRecord: a.pointee = makeRecord(site(i, RecordSite.self), registers + Int(i.b), Int(i.c))
    case .format: a.pointee = try format(site(i, FormatSite.self), registers + Int(i.b))
    case .unpack: try unpack(a.pointee, registers + Int(i.b), Int(i.c))

    case .getParts:
      a.pointee = try part(of: registers[Int(i.b)], indexValues(site(i, PartsSite.self), registers + Int(i.c)))
    case .setPath, .updatePath, .updateField: try changePath(i, registers)
    case .appendItems: try appendItems(i, registers)
    case .mutate: try mutate(i, registers)
    case .raise: throw site(i, RaiseSite.self).error
    case .assignUnknown: throw assignUnknown(site(i, NameSite.self))
    case .assert: try assertHolds(site(i, AssertSite.self), i, registers)
    case .importModule: a.pointee = .object(try load(site(i, ImportSite.self)))
    // The machine's loop, whose switch is exhaustive, sends nothing else here.
    default: break
    }
  }
}
