import Diagnostics
import Syntax
import Testing

@testable import Interpreter

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Runs tiny programs with a handful of built-ins.
final class TestHost: HostServices, ModuleLoader {
  private(set) var text = ""
  var files: [String: String] = [:]
  /// The host and its machine know each other.
  // swift-format-ignore: NeverUseImplicitlyUnwrappedOptionals
  private(set) var machine: Machine!
  let scope = GlobalScope()
  private var cells = 0

  init() {
    machine = Machine(prelude: Prelude(testBuiltins), host: self, loader: self) { [unowned self] in text += $0 }
  }

  func pathForReading(_ path: String) throws -> String { path }
  func pathForWriting(_ path: String) throws -> String { path }
  func display(_ value: Value) { text += value.text(.automatic) + "\n" }
  func report(_ text: String, isProgress: Bool) {}
  var isInteractive: Bool { false }

  var moduleNames: [String] { ["stats"] }
  func module(named name: String) -> SourceFile? {
    name == "stats" ? SourceFile(name: "stats.glia", text: "fn double(x) = x * 2") : nil
  }
  func file(_ path: String, importedFrom source: SourceFile) throws -> (identity: String, source: SourceFile) {
    guard let text = files[path] else { throw RuntimeError(.io, "there is no file \(path)") }
    return (path, SourceFile(name: path, text: text))
  }

  /// Runs a cell; gives what it printed and displayed since the last one.
  @discardableResult
  func run(_ program: String) throws -> String {
    cells += 1
    let tree = machine.parse(SourceFile(name: "cell\(cells)", text: program))
    // Whatever runs has been held against the opcode table.
    let mistakes = try machine.compile(tree, in: GlobalScope()).mistakes
    #expect(mistakes.isEmpty)
    let outcome = try machine.run(tree, in: scope)
    if outcome.isShown { display(outcome.value) }
    defer { text = "" }
    return text
  }
}

/// Runs a program on a thread with the stack that sessions have; gives its output, or its error as `kind line:column
/// message`.
func output(of program: String, files: [String: String] = [:]) -> String {
  onLargeStack {
    let host = TestHost()
    host.files = files
    do {
      return try host.run(program)
    } catch let error as Diagnostic {
      return describe(error)
    } catch {
      return "\(error)"
    }
  }
}

func describe(_ error: Diagnostic) -> String {
  let place = error.location.map { $0.source.position(of: $0.span.start) }
  return "\(error.kind) \(place.map { "\($0.line):\($0.column)" } ?? "?") \(error.message)"
}

/// Runs `body` on a thread with a stack of 512 MB.
func onLargeStack<Result>(_ body: () -> Result) -> Result {
  withoutActuallyEscaping(body) { body in
    var result: Result?
    let work = Work { result = body() }
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setstacksize(&attributes, 512 << 20)
    var thread = pthread_t()
    pthread_create(
      &thread, &attributes,
      { context in
        guard let context else { return nil }
        Unmanaged<Work>.fromOpaque(context).takeUnretainedValue().run()
        return nil
      }, Unmanaged.passUnretained(work).toOpaque())
    pthread_join(thread, nil)
    return result!
  }
}

private final class Work {
  let run: () -> Void
  init(_ run: @escaping () -> Void) { self.run = run }
}
