import ArgumentParser
import Diagnostics
import Session

struct HelpCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "help", abstract: "Documentation of a built-in, a topic, a command, or the list.")

  @Argument(help: "A built-in, a family of them, or a command.")
  var name: String?

  @OptionGroup var common: CommonOptions

  func run() throws {
    if let name, let command = Glia.configuration.subcommands.first(where: { $0.configuration.commandName == name }) {
      common.console.write(Glia.helpMessage(for: command) + "\n")
      return
    }
    Glia.exit(with: Helping().run(name, common.console))
  }
}

/// What `glia help` does: it asks the language's own `help`.
public struct Helping {
  public init() {}

  public func run(_ name: String?, _ console: Console) -> Int32 {
    let argument = name.map { name in
      let escaped = name.map { "\"\\{".contains($0) ? "\\\($0)" : String($0) }.joined()
      return "\"\(escaped)\""
    }
    return Evaluation(console).run(SourceFile(name: "help", text: "help(\(argument ?? ""))"))
  }
}
