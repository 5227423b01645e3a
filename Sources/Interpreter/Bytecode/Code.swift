import Diagnostics

/// What the machine needs of a function's code to run it, without asking the object.
struct CodeEntry {
  let instructions: UnsafePointer<Instruction>
  let numbers: UnsafePointer<Double>
  let constants: ValuePointer
  let sites: UnsafePointer<UnsafeRawPointer>
  let registerCount: Int
  /// The number of arguments that need no arranging; -1 where there is a rest parameter.
  let plainCount: Int
  let code: Unmanaged<Code>
}

/// A compiled function, or the top level of a source.
final class Code {
  /// What is in force between two instructions: where an error there goes on.
  struct Handler {
    var start: Int
    var end: Int
    /// The first instruction of the `catch` block, which finds the error in a register.
    var target: Int
    var register: Int
  }

  /// Where a closure finds a captured value when it is made.
  enum Capture {
    case local(Int)
    case capture(Int)
    /// The function that makes the closure, itself.
    case own
  }

  /// A `let`: where it stands in the source, and where the code finds it.
  struct Definition {
    let name: String
    let span: Span
    let register: Int?
    var capture: Int?
    /// The instructions for which the register holds it.
    let start: Int
    var end: Int
  }

  let name: String?
  let source: SourceFile
  /// The top-level names of the source.
  weak var scope: GlobalScope?
  /// The place of the definition.
  let span: Span
  let documentation: String?
  let signature: Signature
  let parameterCount: Int
  /// How many arguments must be given.
  let requiredCount: Int
  let hasRest: Bool
  let registerCount: Int
  let captures: [Capture]
  let definitions: [Definition]
  let handlers: [Handler]
  let instructionCount: Int
  let instructions: UnsafeMutablePointer<Instruction>
  let spans: [Span]
  private let numbers: UnsafeMutablePointer<Double>
  let numberCount: Int
  let constants: ContiguousArray<Value>
  let sites: ContiguousArray<AnyObject>
  private let constantPlaces: ValuePointer
  private let sitePlaces: UnsafeMutablePointer<UnsafeRawPointer>
  let entry: UnsafeMutablePointer<CodeEntry>

  init(
    name: String?, source: SourceFile, scope: GlobalScope, span: Span, documentation: String?, signature: Signature,
    registerCount: Int,
    captures: [Capture], definitions: [Definition], handlers: [Handler], instructions: [Instruction], spans: [Span],
    numbers: [Double],
    constants: ContiguousArray<Value>, sites: ContiguousArray<AnyObject>
  ) {
    self.name = name
    self.source = source
    self.scope = scope
    self.span = span
    self.documentation = documentation
    self.signature = signature
    parameterCount = signature.parameters.count
    requiredCount = signature.parameters.prefix { $0.isRequired }.count
    hasRest = signature.parameters.contains(where: \.isRest)
    self.registerCount = registerCount
    self.captures = captures
    self.definitions = definitions
    self.handlers = handlers
    self.spans = spans
    instructionCount = instructions.count
    self.instructions = .allocate(capacity: max(1, instructions.count))
    self.instructions.initialize(from: instructions, count: instructions.count)
    numberCount = numbers.count
    self.numbers = .allocate(capacity: max(1, numbers.count))
    self.numbers.initialize(from: numbers, count: numbers.count)
    self.constants = constants
    constantPlaces = .allocate(capacity: max(1, constants.count))
    for (index, constant) in constants.enumerated() { (constantPlaces + index).initialize(to: constant) }
    self.sites = sites
    sitePlaces = .allocate(capacity: max(1, sites.count))
    for (index, site) in sites.enumerated() {
      (sitePlaces + index).initialize(to: UnsafeRawPointer(Unmanaged.passUnretained(site).toOpaque()))
    }
    entry = .allocate(capacity: 1)
    entry.initialize(
      to: CodeEntry(
        instructions: UnsafePointer(self.instructions), numbers: UnsafePointer(self.numbers), constants: constantPlaces,
        sites: UnsafePointer(sitePlaces), registerCount: registerCount, plainCount: hasRest ? -1 : parameterCount,
        code: .passUnretained(self)))
  }

  deinit {
    instructions.deallocate()
    numbers.deallocate()
    constantPlaces.deinitialize(count: constants.count)
    constantPlaces.deallocate()
    sitePlaces.deallocate()
    entry.deallocate()
  }

  /// The name as messages show it.
  var title: String { name ?? "a function" }

  /// The place of an instruction in the source.
  func location(of position: Int) -> Location {
    Location(source: source, span: spans.indices.contains(position) ? spans[position] : span)
  }

  /// Where an error at an instruction goes on.
  func handler(at position: Int) -> Handler? {
    handlers.first { $0.start <= position && position < $0.end }
  }
}
