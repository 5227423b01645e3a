import ArgumentParser

struct FormatCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "format", abstract: "Lay out Glia files in the usual way; what they mean stays the same.")

  @Argument(help: "The files to lay out.")
  var files: [String]

  @Flag(help: "Change nothing; exit with 1 where a file is laid out otherwise.")
  var check = false

  @OptionGroup var common: CommonOptions

  func run() throws { Glia.exit(with: Formatting(onlyChecks: check).run(files, common.console)) }
}
