/// What the machine can do. `form` is the one table that says how each instruction's operands are to be read; the
/// disassembler and the verifier are made from it.
enum Opcode: UInt8, CaseIterable {
  // Data.
  case move, loadNumber, loadConstant, loadNone, loadBool
  case getGlobal, setGlobal, defineGlobal, lookUp
  case makeBox, makeEmptyBox, getBox, setBox, getCapture, getCaptureBox, setCaptureBox, loadSelf, closure
  // Arithmetic: registers (RR), register and constant (RK), constant and register (KR).
  case addRR, addRK, subtractRR, subtractRK, subtractKR, multiplyRR, multiplyRK
  case divideRR, divideRK, divideKR, moduloRR, moduloRK, floorDivideRR, floorDivideRK, powerRR, powerRK
  // Two instructions in one: `Opcode.then`.
  case multiplyThenAdd, getIndexTwice, getIndexThenMultiply, getIndexThenAdd
  case binary, contains, compare, negate, not, combineAnd, combineOr, numberFunction
  // Jumps.
  case jump, jumpIfTrue, jumpIfFalse, jumpUnlessAnd, jumpUnlessOr, jumpIfGiven
  case lessRR, lessRK, lessEqualRR, lessEqualRK, greaterRR, greaterRK, greaterEqualRR, greaterEqualRK
  case equalRR, equalRK, notEqualRR, notEqualRK
  case prepareRange, nextInRange, prepareIteration, nextElement
  // Calls.
  case call, callLocal, callCapture, callGlobal, callSelf, callBuiltin, callMember, giveBack, giveBackNone
  // Making.
  case makeList, appendToList, makeTensor, makeRecord, format, unpack
  // Indexing and members.
  case getIndex, getIndexConstant, getParts, getMember
  case setIndex, updateIndex, setMember, updateMember, setPath, updatePath, updateField, appendItems, push, mutate
  case updateGlobal, updateBox, updateCapture
  // The rest.
  case raise, assignUnknown, assert, importModule

  /// How an instruction's operands are meant.
  struct Form {
    enum Operand { case unused, written, read, readOrWritten, count, constantNumber, flag }
    enum Wide { case unused, jump, number, constant, global, capture, operation, live, site }
    var a = Operand.unused
    var b = Operand.unused
    var c = Operand.unused
    var d = Wide.unused

    init(_ a: Operand = .unused, _ b: Operand = .unused, _ c: Operand = .unused, _ d: Wide = .unused) {
      self.a = a
      self.b = b
      self.c = c
      self.d = d
    }
  }

  var form: Form {
    switch self {
    case .move: Form(.written, .read)
    case .loadNumber: Form(.written, .unused, .unused, .number)
    case .loadConstant: Form(.written, .unused, .unused, .constant)
    case .loadNone, .makeEmptyBox, .loadSelf: Form(.written)
    case .loadBool: Form(.written, .flag)
    case .getGlobal: Form(.written, .unused, .unused, .global)
    case .setGlobal, .defineGlobal: Form(.read, .unused, .unused, .global)
    case .lookUp: Form(.written, .unused, .unused, .site)
    case .makeBox: Form(.readOrWritten)
    case .getBox: Form(.written, .read)
    case .setBox: Form(.read, .read)
    case .getCapture, .getCaptureBox: Form(.written, .unused, .unused, .capture)
    case .setCaptureBox: Form(.read, .unused, .unused, .capture)
    case .closure: Form(.written, .unused, .unused, .site)
    case .addRR, .subtractRR, .multiplyRR, .multiplyThenAdd, .divideRR, .moduloRR, .floorDivideRR, .powerRR:
      Form(.written, .read, .read, .live)
    case .addRK, .subtractRK, .multiplyRK, .divideRK, .moduloRK, .floorDivideRK, .powerRK:
      Form(.written, .read, .constantNumber)
    case .subtractKR, .divideKR: Form(.written, .constantNumber, .read)
    case .binary, .compare: Form(.written, .read, .read, .operation)
    case .contains: Form(.written, .read, .read)
    case .negate, .not: Form(.written, .read)
    case .combineAnd, .combineOr: Form(.written, .read, .read)
    case .numberFunction: Form(.written, .read, .read, .site)
    case .jump: Form(.unused, .unused, .unused, .jump)
    case .jumpIfTrue, .jumpIfFalse, .jumpIfGiven, .jumpUnlessAnd, .jumpUnlessOr: Form(.read, .unused, .unused, .jump)
    case .lessRR, .lessEqualRR, .greaterRR, .greaterEqualRR, .equalRR, .notEqualRR: Form(.read, .read, .flag, .jump)
    case .lessRK, .lessEqualRK, .greaterRK, .greaterEqualRK, .equalRK, .notEqualRK:
      Form(.read, .constantNumber, .flag, .jump)
    case .prepareRange, .nextInRange, .prepareIteration, .nextElement: Form(.readOrWritten, .unused, .unused, .jump)
    case .call: Form(.readOrWritten, .count, .unused, .site)
    case .callGlobal: Form(.written, .count, .flag, .global)
    case .callLocal: Form(.written, .count, .read)
    case .callCapture: Form(.written, .count, .unused, .capture)
    case .callSelf: Form(.written, .count)
    case .callBuiltin: Form(.written, .count, .unused, .constant)
    case .callMember: Form(.readOrWritten, .count, .unused, .site)
    case .giveBack: Form(.read)
    case .giveBackNone: Form()
    case .makeList, .appendToList: Form(.readOrWritten, .read, .count)
    case .makeTensor, .makeRecord, .format: Form(.written, .read, .count, .site)
    case .unpack: Form(.read, .written, .count)
    case .getIndex, .getIndexTwice, .getIndexThenMultiply, .getIndexThenAdd: Form(.written, .read, .read)
    case .getIndexConstant: Form(.written, .read, .unused, .number)
    case .getParts: Form(.written, .read, .read, .site)
    case .getMember: Form(.written, .read, .unused, .site)
    case .setIndex: Form(.readOrWritten, .read, .read, .live)
    case .updateIndex: Form(.readOrWritten, .read, .read, .operation)
    case .setMember: Form(.readOrWritten, .read, .unused, .site)
    case .updateMember: Form(.readOrWritten, .read, .flag, .site)
    case .setPath, .updatePath: Form(.unused, .read, .read, .site)
    case .updateField: Form(.readOrWritten, .read, .read, .site)
    case .appendItems: Form(.unused, .read, .count, .site)
    case .push: Form(.readOrWritten, .read, .unused, .site)
    case .mutate: Form(.written, .read, .count, .site)
    case .updateGlobal: Form(.flag, .read, .flag, .global)
    case .updateBox: Form(.read, .read, .flag, .operation)
    case .updateCapture: Form(.flag, .read, .flag, .capture)
    case .raise, .assignUnknown: Form(.unused, .unused, .unused, .site)
    case .assert: Form(.read, .read, .flag, .site)
    case .importModule: Form(.written, .unused, .unused, .site)
    }
  }

  /// What stands in for this instruction where another one follows it: it does the same, and then also what the other one
  /// does, as long as both work on plain numbers and lists. The other one stays where it is, for all other values, and
  /// for jumps to it. Nil where there is no such instruction.
  func then(_ next: Opcode) -> Opcode? {
    switch (self, next) {
    case (.multiplyRR, .addRR): .multiplyThenAdd
    case (.getIndex, .getIndex): .getIndexTwice
    case (.getIndex, .multiplyRR): .getIndexThenMultiply
    case (.getIndex, .addRR): .getIndexThenAdd
    default: nil
    }
  }
}
