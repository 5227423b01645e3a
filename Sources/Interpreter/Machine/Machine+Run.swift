import Diagnostics
import Syntax

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Machine {
  /// Runs the topmost frame until it returns; gives its result.
  ///
  /// The fast paths of numbers, lists and calls stand here; everything else is in functions of its own.
  /// - Throws: a `Diagnostic` where an error leaves the frame, or what a host threw to end the program.
  func runTopFrame() throws -> Value {
    var frame = frames + (frameCount - 1)
    var registers = frame.pointee.registers
    var pc = frame.pointee.next
    var numbers = frame.pointee.entry.pointee.numbers
    let interruption = self.interruption
    while true {
      do {
        while true {
          let i = pc.pointee
          pc += 1
          let a = registers + Int(i.a)
          switch i.opcode {
          // MARK: Data
          case .move: a.copy(registers + Int(i.b))
          case .loadNumber: a.set(numbers[Int(i.d)])
          case .loadConstant: a.pointee = frame.pointee.entry.pointee.constants[Int(i.d)]
          case .loadNone: a.pointee = .none
          case .loadBool: a.set(i.b != 0)
          case .getGlobal:
            let global = globals + Int(i.d)
            if global.tag == ValueTag.object { try checkGiven(global.pointee, slot: Int(i.d)) }
            a.copy(global)
          case .setGlobal: (globals + Int(i.d)).copy(a)
          case .getBox:
            let held = (registers + Int(i.b)).boxed
            if held.tag == ValueTag.object { try checkGiven(held.pointee) }
            a.copy(held)
          case .setBox: a.boxed.copy(registers + Int(i.b))
          case .getCapture: a.copy(frame.pointee.captures + Int(i.d))
          case .getCaptureBox:
            let held = (frame.pointee.captures + Int(i.d)).boxed
            if held.tag == ValueTag.object { try checkGiven(held.pointee) }
            a.copy(held)
          case .setCaptureBox: (frame.pointee.captures + Int(i.d)).boxed.copy(a)
          // MARK: Arithmetic
          case .addRR:
            let (l, r) = (registers + Int(i.b), registers + Int(i.c))
            if l.isNumber && r.isNumber { a.set(l.number + r.number) } else { try add(i, registers) }
          case .addRK:
            let l = registers + Int(i.b)
            if l.isNumber { a.set(l.number + numbers[Int(i.c)]) } else { try withConstant(.add, i, registers, numbers) }
          case .subtractRR:
            let (l, r) = (registers + Int(i.b), registers + Int(i.c))
            if l.isNumber && r.isNumber { a.set(l.number - r.number) } else { try general(.subtract, i, registers) }
          case .subtractRK:
            let l = registers + Int(i.b)
            if l.isNumber {
              a.set(l.number - numbers[Int(i.c)])
            } else {
              try withConstant(.subtract, i, registers, numbers)
            }
          case .subtractKR:
            let r = registers + Int(i.c)
            if r.isNumber {
              a.set(numbers[Int(i.b)] - r.number)
            } else {
              a.pointee = try binary(.subtract, .number(numbers[Int(i.b)]), r.pointee)
            }
          case .multiplyRR:
            let (l, r) = (registers + Int(i.b), registers + Int(i.c))
            if l.isNumber && r.isNumber { a.set(l.number * r.number) } else { try general(.multiply, i, registers) }
          case .multiplyRK:
            let l = registers + Int(i.b)
            if l.isNumber {
              a.set(l.number * numbers[Int(i.c)])
            } else {
              try withConstant(.multiply, i, registers, numbers)
            }
          case .multiplyThenAdd:
            let (l, r) = (registers + Int(i.b), registers + Int(i.c))
            if l.isNumber && r.isNumber {
              a.set(l.number * r.number)
              let next = pc.pointee
              let (l, r) = (registers + Int(next.b), registers + Int(next.c))
              if l.isNumber && r.isNumber {
                (registers + Int(next.a)).set(l.number + r.number)
                pc += 1
              }
            } else {
              try general(.multiply, i, registers)
            }
          case .divideRR:
            let (l, r) = (registers + Int(i.b), registers + Int(i.c))
            if l.isNumber && r.isNumber { a.set(l.number / r.number) } else { try general(.divide, i, registers) }
          case .divideRK:
            let l = registers + Int(i.b)
            if l.isNumber {
              a.set(l.number / numbers[Int(i.c)])
            } else {
              try withConstant(.divide, i, registers, numbers)
            }
          case .divideKR:
            let r = registers + Int(i.c)
            if r.isNumber {
              a.set(numbers[Int(i.b)] / r.number)
            } else {
              a.pointee = try binary(.divide, .number(numbers[Int(i.b)]), r.pointee)
            }
          case .moduloRR:
            let (l, r) = (registers + Int(i.b), registers + Int(i.c))
            if l.isNumber && r.isNumber {
              a.set(NumberOperators.modulo(l.number, r.number))
            } else {
              try general(.modulo, i, registers)
            }
          case .moduloRK:
            let l = registers + Int(i.b)
            if l.isNumber {
              a.set(NumberOperators.modulo(l.number, numbers[Int(i.c)]))
            } else {
              try withConstant(.modulo, i, registers, numbers)
            }
          case .floorDivideRR:
            let (l, r) = (registers + Int(i.b), registers + Int(i.c))
            if l.isNumber && r.isNumber {
              a.set(NumberOperators.floorDivide(l.number, r.number))
            } else {
              try general(.floorDivide, i, registers)
            }
          case .floorDivideRK:
            let l = registers + Int(i.b)
            if l.isNumber {
              a.set(NumberOperators.floorDivide(l.number, numbers[Int(i.c)]))
            } else {
              try withConstant(.floorDivide, i, registers, numbers)
            }
          case .powerRR:
            let (l, r) = (registers + Int(i.b), registers + Int(i.c))
            if l.isNumber && r.isNumber {
              a.set(NumberOperators.power(l.number, r.number))
            } else {
              try general(.power, i, registers)
            }
          case .powerRK:
            let l = registers + Int(i.b)
            if l.isNumber {
              a.set(NumberOperators.power(l.number, numbers[Int(i.c)]))
            } else {
              try withConstant(.power, i, registers, numbers)
            }
          case .contains:
            let (l, r) = (registers + Int(i.b), registers + Int(i.c))
            if r.tag == ValueTag.record, l.tag == ValueTag.string, r.field(named: l) != nil {
              a.set(true)
            } else {
              a.set(try contains(r.pointee, l.pointee))
            }
          case .compare: try compare(i, registers)
          case .negate:
            let operand = registers + Int(i.b)
            if operand.isNumber { a.set(-operand.number) } else { a.pointee = try negate(operand.pointee) }
          case .not:
            let operand = registers + Int(i.b)
            if operand.tag == ValueTag.bool { a.set(!operand.bool) } else { a.pointee = try not(operand.pointee) }
          case .numberFunction:
            frame.pointee.next = pc
            try numberFunction(i, registers)

          // MARK: Jumps
          case .jump: try jump(&pc, i.d, interruption)
          case .jumpIfTrue:
            if a.tag == ValueTag.bool ? a.bool : try condition(a.pointee) { try jump(&pc, i.d, interruption) }
          case .jumpIfFalse:
            if !(a.tag == ValueTag.bool ? a.bool : try condition(a.pointee)) { try jump(&pc, i.d, interruption) }
          case .jumpIfGiven:
            if a.tag != ValueTag.object || !a.pointee.isMissing { pc += Int(i.d) }
          case .jumpUnlessAnd:
            if try !goesOn(.and, a) { pc += Int(i.d) }
          case .jumpUnlessOr:
            if try !goesOn(.or, a) { pc += Int(i.d) }
          case .lessRR:
            let r = registers + Int(i.b)
            let holds = a.isNumber && r.isNumber ? a.number < r.number : try holds(.less, a, r)
            if holds == (i.c != 0) { try jump(&pc, i.d, interruption) }
          case .lessRK:
            let holds = a.isNumber ? a.number < numbers[Int(i.b)] : try holds(.less, a, numbers[Int(i.b)])
            if holds == (i.c != 0) { try jump(&pc, i.d, interruption) }
          case .lessEqualRR:
            let r = registers + Int(i.b)
            let holds = a.isNumber && r.isNumber ? a.number <= r.number : try holds(.lessEqual, a, r)
            if holds == (i.c != 0) { try jump(&pc, i.d, interruption) }
          case .lessEqualRK:
            let holds = a.isNumber ? a.number <= numbers[Int(i.b)] : try holds(.lessEqual, a, numbers[Int(i.b)])
            if holds == (i.c != 0) { try jump(&pc, i.d, interruption) }
          case .greaterRR:
            let r = registers + Int(i.b)
            let holds = a.isNumber && r.isNumber ? a.number > r.number : try holds(.greater, a, r)
            if holds == (i.c != 0) { try jump(&pc, i.d, interruption) }
          case .greaterRK:
            let holds = a.isNumber ? a.number > numbers[Int(i.b)] : try holds(.greater, a, numbers[Int(i.b)])
            if holds == (i.c != 0) { try jump(&pc, i.d, interruption) }
          case .greaterEqualRR:
            let r = registers + Int(i.b)
            let holds = a.isNumber && r.isNumber ? a.number >= r.number : try holds(.greaterEqual, a, r)
            if holds == (i.c != 0) { try jump(&pc, i.d, interruption) }
          case .greaterEqualRK:
            let holds = a.isNumber ? a.number >= numbers[Int(i.b)] : try holds(.greaterEqual, a, numbers[Int(i.b)])
            if holds == (i.c != 0) { try jump(&pc, i.d, interruption) }
          case .equalRR:
            let r = registers + Int(i.b)
            let holds = a.isNumber && r.isNumber ? a.number == r.number : try holds(.equal, a, r)
            if holds == (i.c != 0) { try jump(&pc, i.d, interruption) }
          case .equalRK:
            let holds = a.isNumber ? a.number == numbers[Int(i.b)] : try holds(.equal, a, numbers[Int(i.b)])
            if holds == (i.c != 0) { try jump(&pc, i.d, interruption) }
          case .notEqualRR:
            let r = registers + Int(i.b)
            let holds = a.isNumber && r.isNumber ? a.number != r.number : try holds(.notEqual, a, r)
            if holds == (i.c != 0) { try jump(&pc, i.d, interruption) }
          case .notEqualRK:
            let holds = a.isNumber ? a.number != numbers[Int(i.b)] : try holds(.notEqual, a, numbers[Int(i.b)])
            if holds == (i.c != 0) { try jump(&pc, i.d, interruption) }

          // MARK: Loops
          case .prepareRange:
            if try !prepareRange(a) { pc += Int(i.d) }
          case .nextInRange:
            let next = a.number
            if next < (a + 1).number {
              a.set(next + 1)
              (a + 4).set((a + 3).isNumber ? (a + 2).number + next * (a + 3).number : next)
              pc += Int(i.d)
              if interruption.isRequested { try interrupted() }
            }
          case .prepareIteration:
            if try !prepareIteration(a) { pc += Int(i.d) }
          case .nextElement:
            if a.tag == ValueTag.list {
              if let element = a.listBuffer.element(at: (a + 1).number) {
                (a + 1).set((a + 1).number + 1)
                (a + 2).copy(element)
                pc += Int(i.d)
                if interruption.isRequested { try interrupted() }
              }
            } else if try nextElement(a) {
              pc += Int(i.d)
              if interruption.isRequested { try interrupted() }
            }

          // MARK: Calls
          case .callGlobal:
            let function = globals + Int(i.d)
            frame.pointee.next = pc
            if i.c == 0, function.tag == ValueTag.function, let entry = function.functionObject.pointee.entry {
              registers = a + 1
              try push(entry, function.address, registers, Int(i.b))
              follow(entry, &frame, &pc, &numbers)
              if interruption.isRequested { try interrupted() }
            } else if let entry = try holdCallee(function, at: a, slot: Int(i.d)) {
              registers = a + 1
              try push(entry, a.address, registers, Int(i.b))
              follow(entry, &frame, &pc, &numbers)
              if interruption.isRequested { try interrupted() }
            } else {
              try callOther(a, Int(i.b), nil)
            }
          case .call:
            frame.pointee.next = pc
            if a.tag == ValueTag.function, i.d < 0, let entry = a.functionObject.pointee.entry {
              registers = a + 1
              try push(entry, a.address, registers, Int(i.b))
              follow(entry, &frame, &pc, &numbers)
              if interruption.isRequested { try interrupted() }
            } else {
              try callOther(a, Int(i.b), i.d >= 0 ? site(i, CallSite.self) : nil)
            }
          case .callLocal, .callCapture:
            let function = i.opcode == .callLocal ? registers + Int(i.c) : frame.pointee.captures + Int(i.d)
            frame.pointee.next = pc
            if function.tag == ValueTag.function, let entry = function.functionObject.pointee.entry {
              registers = a + 1
              try push(entry, function.address, registers, Int(i.b))
              follow(entry, &frame, &pc, &numbers)
              if interruption.isRequested { try interrupted() }
            } else {
              a.copy(function)
              try callOther(a, Int(i.b), nil)
            }
          case .callSelf:
            // The running function, which its own frame keeps alive.
            let entry = frame.pointee.entry
            frame.pointee.next = pc
            registers = a + 1
            try push(entry, frame.pointee.function, registers, Int(i.b))
            follow(entry, &frame, &pc, &numbers)
            if interruption.isRequested { try interrupted() }
          case .callBuiltin:
            frame.pointee.next = pc
            try callBuiltin(i, a)
          case .callMember:
            if try prepareMember(a, i) {
              // The function and all its arguments are in place.
              let count = Int(i.b) + 1
              if a.tag == ValueTag.function, let entry = a.functionObject.pointee.entry {
                frame.pointee.next = pc
                registers = a + 1
                try push(entry, a.address, registers, count)
                follow(entry, &frame, &pc, &numbers)
                if interruption.isRequested { try interrupted() }
              } else {
                frame.pointee.next = pc
                try callOther(a, count, nil)
              }
            }
          case .giveBack, .giveBackNone:
            let result = registers - 1
            if i.opcode == .giveBack { result.take(a) } else { result.pointee = .none }
            var count = frame.pointee.entry.pointee.registerCount
            var register = registers
            while count > 0 {
              register.clear()
              register += 1
              count -= 1
            }
            frameCount -= 1
            if frame.pointee.isEntry {
              let value = result.move()
              result.forget()
              return value
            }
            frame -= 1
            let entry = frame.pointee.entry
            registers = frame.pointee.registers
            pc = frame.pointee.next
            numbers = entry.pointee.numbers

          // MARK: Indexing and members
          case .getIndex:
            let container = registers + Int(i.b)
            let index = registers + Int(i.c)
            if let element = container.listElement(at: index) {
              a.copy(element)
              continue
            }
            if container.tag == ValueTag.record, index.tag == ValueTag.string,
              let field = container.field(named: index)
            {
              a.copy(field)
              continue
            }
            a.pointee = try element(of: container.pointee, index.pointee)
          case .getIndexTwice:
            guard let element = (registers + Int(i.b)).listElement(at: registers + Int(i.c)) else {
              try getElement(i, registers)
              continue
            }
            a.copy(element)
            let next = pc.pointee
            if let element = (registers + Int(next.b)).listElement(at: registers + Int(next.c)) {
              (registers + Int(next.a)).copy(element)
              pc += 1
            }
          case .getIndexThenMultiply, .getIndexThenAdd:
            guard let element = (registers + Int(i.b)).listElement(at: registers + Int(i.c)) else {
              try getElement(i, registers)
              continue
            }
            a.copy(element)
            let next = pc.pointee
            let (l, r) = (registers + Int(next.b), registers + Int(next.c))
            if l.isNumber && r.isNumber {
              let isSum = i.opcode == .getIndexThenAdd
              (registers + Int(next.a)).set(isSum ? l.number + r.number : l.number * r.number)
              pc += 1
            }
          case .getIndexConstant:
            let container = registers + Int(i.b)
            let index = numbers[Int(i.d)]
            if container.tag == ValueTag.list, let element = container.listBuffer.element(at: index) {
              a.copy(element)
              continue
            }
            a.pointee = try element(of: container.pointee, .number(index))
          case .getMember:
            let object = registers + Int(i.b)
            let site = frame.pointee.entry.pointee.sites[Int(i.d)]
            if object.tag == ValueTag.record,
              let field = object.field(site.assumingMemoryBound(to: MemberSiteObject.self))
            {
              a.copy(field)
            } else {
              a.pointee = try member(of: object.pointee, self.site(i, MemberSite.self))
            }
          case .setIndex:
            let index = registers + Int(i.b)
            if a.tag == ValueTag.list, index.isNumber,
              let element = a.uniqueListBuffer?.element(at: index.number)
            {
              element.copy(registers + Int(i.c))
            } else if a.tag == ValueTag.record, index.tag == ValueTag.string,
              let field = a.uniqueField(named: index)
            {
              field.copy(registers + Int(i.c))
            } else {
              try setIndex(i, registers)
            }
          case .updateIndex:
            let index = registers + Int(i.b)
            let operand = registers + Int(i.c)
            if a.tag == ValueTag.list, index.isNumber, operand.isNumber,
              let element = a.uniqueListBuffer?.element(at: index.number), element.isNumber
            {
              element.set(
                NumberOperators.apply(BinaryOperator(operand: i.d & 0xff), element.number, operand.number))
            } else if a.tag == ValueTag.record, index.tag == ValueTag.string, operand.isNumber,
              let field = a.uniqueField(named: index), field.isNumber
            {
              field.set(NumberOperators.apply(BinaryOperator(operand: i.d & 0xff), field.number, operand.number))
            } else {
              try updateIndex(i, registers)
            }
          case .setMember:
            let site = frame.pointee.entry.pointee.sites[Int(i.d)].assumingMemoryBound(to: MemberSiteObject.self)
            if a.tag == ValueTag.record, let field = a.uniqueField(site) {
              field.copy(registers + Int(i.b))
            } else {
              try setMember(i, registers)
            }
          case .updateMember:
            let site = frame.pointee.entry.pointee.sites[Int(i.d)].assumingMemoryBound(to: MemberSiteObject.self)
            let operand = registers + Int(i.b)
            if a.tag == ValueTag.record, operand.isNumber, let field = a.uniqueField(site), field.isNumber {
              field.set(NumberOperators.apply(BinaryOperator(operand: i.c), field.number, operand.number))
            } else {
              try updateMember(i, registers)
            }
          case .updateField:
            let index = registers + Int(i.b)
            let operand = registers + Int(i.c)
            let site = frame.pointee.entry.pointee.sites[Int(i.d)].assumingMemoryBound(to: PathSiteObject.self)
            if a.tag == ValueTag.list, index.isNumber, operand.isNumber,
              let element = a.uniqueListBuffer?.element(at: index.number), element.tag == ValueTag.record,
              let field = element.uniqueField(site.pointee.fieldOfElement.unsafelyUnwrapped), field.isNumber
            {
              let operation = BinaryOperator(operand: site.pointee.operation)
              field.set(NumberOperators.apply(operation, field.number, operand.number))
            } else {
              frame.pointee.next = pc
              try runSeldom(i, registers)
            }
          case .push:
            let item = registers + Int(i.b)
            if a.tag == ValueTag.list, a.isUnique, a.listBuffer.pointee.count < LanguageLimits.maximumListLength {
              a.append(item)
            } else {
              try mutate(Instruction(.mutate, Int(i.b), 0, 1, Int(i.d)), registers)
            }
          case .updateGlobal:
            let global = globals + Int(i.d)
            let operand = registers + Int(i.b)
            if global.isNumber, operand.isNumber {
              global.set(NumberOperators.apply(BinaryOperator(operand: i.a), global.number, operand.number))
            } else {
              try checkGiven(global.pointee, slot: Int(i.d))
              try update(global, BinaryOperator(operand: i.a), operand.pointee, deadFrom: registers + Int(i.c))
            }
          case .updateBox:
            let held = a.boxed
            let operand = registers + Int(i.b)
            try update(held, BinaryOperator(operand: i.d), operand.pointee, deadFrom: registers + Int(i.c))
          case .updateCapture:
            let held = (frame.pointee.captures + Int(i.d)).boxed
            let operand = registers + Int(i.b)
            if held.isNumber, operand.isNumber {
              held.set(NumberOperators.apply(BinaryOperator(operand: i.a), held.number, operand.number))
            } else {
              try update(held, BinaryOperator(operand: i.a), operand.pointee, deadFrom: registers + Int(i.c))
            }

          // MARK: The rest
          case .defineGlobal, .lookUp, .makeBox, .makeEmptyBox, .loadSelf, .closure, .binary, .combineAnd,
            .combineOr, .makeList, .appendToList, .makeTensor, .makeRecord, .format, .unpack, .getParts, .setPath,
            .updatePath, .appendItems, .mutate, .raise, .assignUnknown, .assert, .importModule:
            frame.pointee.next = pc
            try runSeldom(i, registers)
          }
        }
      } catch {
        pc = try recover(from: error, at: pc)
        frame = frames + (frameCount - 1)
        registers = frame.pointee.registers
        numbers = frame.pointee.entry.pointee.numbers
      }
    }
  }

  @inline(__always)
  private func jump(_ pc: inout UnsafePointer<Instruction>, _ distance: Int32, _ interruption: Interruption) throws {
    pc += Int(distance)
    if distance < 0 && interruption.isRequested { try interrupted() }
  }

  /// Goes on in the frame that has just begun.
  @inline(__always)
  private func follow(
    _ entry: UnsafePointer<CodeEntry>, _ frame: inout UnsafeMutablePointer<Frame>,
    _ pc: inout UnsafePointer<Instruction>, _ numbers: inout UnsafePointer<Double>
  ) {
    frame += 1
    pc = entry.pointee.instructions
    numbers = entry.pointee.numbers
  }
}
