import ArgumentParser
import Notebook

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run notebooks or scripts; reports and artifacts go to out/NAME/.",
    discussion: "Words after `--` are for the program: `args()` gives them.")

  @Argument(help: "The notebooks or scripts to run.")
  var files: [String]

  @Option(help: ArgumentHelp("The folder in which each run has its folder.", valueName: "dir"))
  var out = "out"

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp("Set a parameter; the value is a Glia expression.", valueName: "name=value"))
  var overrides: [String] = []

  @Flag(name: .customLong("params"), help: "List the notebook's parameters and stop.")
  var listsParameters = false

  @Option(help: ArgumentHelp("What the random numbers start from.", valueName: "n"))
  var seed: UInt64 = 0

  @Option(help: ArgumentHelp("Seconds that a cell may take.", valueName: "seconds"))
  var timeout: Double?

  @Flag(help: "After a failure, run the cells that do not depend on it.")
  var keepGoing = false

  @Flag(help: "Compare with the report of the last run instead of writing one.")
  var verify = false

  @Option(help: ArgumentHelp("How far numbers may differ with --verify, relative.", valueName: "x"))
  var tolerance = 1e-6

  @Option(help: ArgumentHelp("How many notebooks to run at once.", valueName: "n"))
  var jobs = 1

  @Option(help: ArgumentHelp("The reports to write, of md, html, ipynb.", valueName: "md,html,ipynb"))
  var format = "md"

  @Flag(help: "Write only what the program prints; no displayed values, no progress.")
  var quiet = false

  @Option(help: ArgumentHelp("Also read files below this folder.", valueName: "dir"))
  var allowRead: [String] = []

  @Option(help: ArgumentHelp("Also write files below this folder.", valueName: "dir"))
  var allowWrite: [String] = []

  @OptionGroup var common: CommonOptions

  func validate() throws {
    if let timeout, !(timeout > 0 && timeout.isFinite) {
      throw ValidationError("--timeout wants a number of seconds above 0")
    }
    if !(tolerance >= 0 && tolerance.isFinite) { throw ValidationError("--tolerance wants a number of at least 0") }
    if jobs < 1 { throw ValidationError("--jobs wants a number of at least 1") }
    for text in overrides where ParameterOverride(text) == nil {
      throw ValidationError("--set wants NAME=VALUE, and got `\(text)`")
    }
    for ending in formats where NotebookFormats.format(named: ending) == nil {
      throw ValidationError("--format knows \(NotebookFormats.endings.joined(separator: ", ")), and got `\(ending)`")
    }
  }

  private var formats: [String] { format.split(separator: ",").map { $0.filter { $0 != " " }.lowercased() } }

  func run() throws {
    let console = common.console
    if listsParameters { return Glia.exit(with: list(console)) }
    let jobs = files.map(job)
    if self.jobs > 1, files.count > 1 {
      return Glia.exit(with: JobPool(count: self.jobs).run(files, options: forwarded, console))
    }
    var status = ExitStatus.success
    for job in jobs {
      let result = job.run(console)
      if status == ExitStatus.success { status = result }
      if result == RunOutcome.interrupted.status { break }
    }
    Glia.exit(with: status)
  }

  private func job(_ path: String) -> RunJob {
    var job = RunJob(path)
    job.out = out
    job.overrides = overrides.compactMap { ParameterOverride($0) }
    job.seed = seed
    job.timeLimit = timeout
    job.keepsGoing = keepGoing
    job.isQuiet = quiet
    job.verifies = verify
    job.tolerance = tolerance
    job.formats = formats
    job.readableFolders = allowRead
    job.writableFolders = allowWrite
    job.arguments = Glia.programArguments
    return job
  }

  /// The options for a process that runs one of several notebooks.
  private var forwarded: (before: [String], after: [String]) {
    var words = ["--out", out, "--seed", "\(seed)", "--tolerance", "\(tolerance)", "--format", format]
    for override in overrides { words += ["--set", override] }
    if let timeout { words += ["--timeout", "\(timeout)"] }
    if keepGoing { words.append("--keep-going") }
    if verify { words.append("--verify") }
    if quiet { words.append("--quiet") }
    for folder in allowRead { words += ["--allow-read", folder] }
    for folder in allowWrite { words += ["--allow-write", folder] }
    words += ["--color", common.console.usesColor ? "always" : "never"]
    return (words, Glia.programArguments.isEmpty ? [] : ["--"] + Glia.programArguments)
  }

  private func list(_ console: Console) -> Int32 {
    for path in files {
      let loaded: LoadedNotebook
      do {
        loaded = try SourceLoading.load(path)
      } catch {
        return console.refuse(error)
      }
      if files.count > 1 { console.write("\(path)\n") }
      for parameter in loaded.notebook.parameters {
        let comment = parameter.comment.isEmpty ? "" : "  # \(parameter.comment)"
        console.write("\(parameter.name) = \(parameter.value)\(comment)\n")
      }
    }
    return ExitStatus.success
  }
}
