import ArgumentParser
import Diagnostics
import FileFormats
import Notebook
import Session
import Syntax

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The command `glia`: the prompt, or with an argument one of its commands.
public struct Glia: ParsableCommand {
  /// The version of the command and of its reports.
  public static let version = "0.1.0"

  public static let configuration = CommandConfiguration(
    commandName: "glia", abstract: "A small language for exploring neural networks.",
    discussion: """
      Without arguments: the prompt, or, where input is not a terminal, it is run as a script.
      Exit status: 0 all well; 1 a cell failed; 2 the command line is wrong; 3 the source has mistakes and nothing \
      ran; 4 --verify found a difference; 5 a time limit; 130 interrupted.
      """,
    version: version,
    subcommands: [RunCommand.self, CheckCommand.self, FormatCommand.self, ConvertCommand.self, HelpCommand.self])

  @Option(name: .customShort("e"), help: ArgumentHelp("Run this text.", valueName: "code"))
  var code: String?

  @OptionGroup var common: CommonOptions

  public init() {}

  public func run() throws {
    let console = common.console
    if let code {
      Self.exit(with: Evaluation(console).run(SourceFile(name: "-e", text: code)))
    } else if isatty(0) != 0 {
      Self.exit(with: Prompt(console).run())
    } else {
      Self.exit(with: Evaluation(console).run(SourceFile(name: "<standard input>", bytes: Evaluation.standardInput())))
    }
  }

  /// The status with which the process ends; set by the command that ran.
  nonisolated(unsafe) private static var status: Int32 = 0

  static func exit(with status: Int32) { Self.status = status }

  /// The words after `--`: they are the program's.
  nonisolated(unsafe) static private(set) var programArguments: [String] = []

  /// Runs the command; gives the exit status. Nothing else of the process is touched but its streams.
  public static func main(arguments: [String]) -> Int32 {
    Interrupts.install()
    status = 0
    // The shortest way to a result: parsing a command line costs some milliseconds of looking up types.
    if arguments.count == 2, arguments[0] == "-e" {
      status = Evaluation(.standard(color: .auto)).run(SourceFile(name: "-e", text: arguments[1]))
      StandardOutput.shared.flush()
      return status
    }
    let own = arguments.firstIndex(of: "--") ?? arguments.count
    programArguments = Array(arguments[min(own + 1, arguments.count)...])
    if let mistake = mistakenCommand(arguments.first) {
      StandardOutput.writeAll("glia: \(mistake)\n", to: 2)
      return ExitStatus.commandLine
    }
    do {
      var command = try parseAsRoot(Array(arguments[..<own]))
      try command.run()
    } catch {
      let code = exitCode(for: error)
      let message = fullMessage(for: error)
      if code == .success {
        StandardOutput.shared.write(message + "\n")
      } else {
        StandardOutput.shared.flush()
        StandardOutput.writeAll(message + "\n", to: 2)
        status = ExitStatus.commandLine
      }
    }
    StandardOutput.shared.flush()
    return status
  }
}

extension Glia {
  /// What to say of a first word that is no command.
  private static func mistakenCommand(_ word: String?) -> String? {
    guard let word, !word.hasPrefix("-"), word != "--" else { return nil }
    let names = configuration.subcommands.compactMap { $0.configuration.commandName }
    if names.contains(word) { return nil }
    if FileReader.exists(word) { return "`\(word)` is a file; to run it, write `glia run \(word)`" }
    let near = Suggestion.nearest(to: word, among: names).map { "did you mean `glia \($0)`?" }
    return "there is no command `\(word)`; \(near ?? "there are " + names.joined(separator: ", "))"
  }
}

/// Options of every command.
struct CommonOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Colours in messages: auto, always or never.", valueName: "when"))
  var color: ColorChoice = .auto

  var console: Console { .standard(color: color) }
}

extension ColorChoice: ExpressibleByArgument {}
