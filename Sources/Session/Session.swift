import Builtins
import Diagnostics
import Interpreter
import Syntax
import Tensors

/// The only door to the language: source goes in; values, output and diagnostics come out.
///
/// Prompt, notebook runner, command line and tests all run programs through it. Top-level names live as long as the
/// session. One session runs at a time: the engine belongs to one thread.
public final class Session {
  /// Bytes of freed tensors that are kept between two evaluations, so that the next one need not ask the system.
  private static let memoryKept = 256 << 20

  private let options: SessionOptions
  private let host: SessionHost
  private let files: SessionFiles
  private let modules: SessionModules
  private let interruption = Interpreter.Interruption()
  private let worker = Worker()
  private let machine: Machine
  private let scope = GlobalScope()

  public init(_ options: SessionOptions) {
    self.options = options
    files = SessionFiles(options)
    host = SessionHost(options, files: files)
    modules = SessionModules(files: files)
    let host = host
    machine = Machine(
      prelude: Catalogue.standard.prelude, host: host, loader: modules, interruption: interruption,
      output: { host.write($0) })
    GraphFunctions.install(machine)
    if let seed = options.seed {
      Generator.shared.seed(seed)
    } else {
      Generator.shared.seed(UInt64.random(in: 0 ... .max))
    }
  }

  deinit {
    let machine = machine
    worker.run { machine.letGo() }
  }

  // MARK: Running

  /// Runs a cell, a file or a line. Names that it defines stay for the next one.
  public func evaluate(_ source: SourceFile) -> CellResult {
    let tree = SyntaxTree(parsing: source)
    let mistakes = tree.diagnostics.filter { $0.severity == .error }
    guard mistakes.isEmpty else { return CellResult(status: .invalid, diagnostics: mistakes) }
    interruption.clear()
    let watch = options.timeLimit.map { Watch(seconds: $0, interruption) }
    defer { watch?.stop() }
    return worker.run {
      defer { MemoryPool.shared.trim(to: Session.memoryKept) }
      return self.run(tree)
    }
  }

  /// Runs a text under a name.
  public func evaluate(source text: String, name: String, cell: String? = nil) -> CellResult {
    evaluate(SourceFile(name: name, text: text, label: cell))
  }

  private func run(_ tree: SyntaxTree) -> CellResult {
    let outerCheck = Engine.shared.interruptionCheck
    let interruption = interruption
    Engine.shared.interruptionCheck = {
      guard interruption.reason == .none else { throw TensorError(.interrupt, "interrupted") }
    }
    defer { Engine.shared.interruptionCheck = outerCheck }
    var status = CellResult.Status.succeeded
    var diagnostics: [Diagnostic] = []
    do {
      let outcome = try machine.run(tree, in: scope)
      if outcome.isShown { host.display(outcome.value) }
    } catch let request as ExitRequest {
      status = .exited(request.status)
    } catch let diagnostic as Diagnostic {
      diagnostics = [diagnostic]
      status = diagnostic.kind == .interrupt ? (interruption.reason == .timeLimit ? .timedOut : .interrupted) : .failed
    } catch {
      diagnostics = [Diagnostic(.value, "\(error)", at: Location(source: tree.source, span: Span(0, 0)))]
      status = .failed
    }
    return CellResult(
      status: status, outputs: host.takeOutputs(), diagnostics: diagnostics, artifacts: files.takeArtifacts())
  }

  /// Asks the running program to stop. May be called from a signal handler. The first request during a training lets its
  /// batch finish and keeps what it has learnt.
  public func interrupt() { interrupter() }

  /// What `interrupt` does, for other threads and signal handlers to hold.
  public var interrupter: @Sendable () -> Void {
    let interruption = interruption
    return { if InterruptRequests.add() { interruption.request() } }
  }

  // MARK: Knowing

  /// The names that programs have defined at top level, in the order of their first definition.
  public var definedNames: [String] { scope.names }

  /// The text of a top-level name's value; nil where it is not defined.
  public func text(of name: String) -> String? { machine.value(of: name, in: scope)?.text(.automatic) }

  /// The value of a top-level name, for hosts and tests that know the language's values.
  public func value(of name: String) -> Value? { machine.value(of: name, in: scope) }

  /// What could stand at the end of a text that is being typed.
  public func completions(for text: String) -> [Completion] {
    Completer(scope: scope, machine: machine, modules: modules).completions(for: text)
  }

  /// Whether a text could still be continued, as a prompt wants to know.
  public static func isIncomplete(_ text: String) -> Bool {
    SyntaxTree(parsing: SourceFile(name: "<prompt>", text: text)).completeness == .incomplete
  }
}
