import ArgumentParser
import Session

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Find mistakes without computing: syntax, names, arguments.")

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  @Argument(help: "The notebooks or scripts to check.")
  var files: [String]

  @Option(help: ArgumentHelp("How mistakes are written: text, or json, one object a line.", valueName: "text|json"))
  var format: Format = .text

  @OptionGroup var common: CommonOptions

  func run() throws {
    Glia.exit(with: Checking(known: Session.knownNames).run(files, asJSON: format == .json, common.console))
  }
}
