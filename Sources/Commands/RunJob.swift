import Diagnostics
import FileFormats
import Notebook
import Session

/// One notebook to run: what `glia run FILE` does.
public struct RunJob {
  public var path: String
  /// The folder in which each notebook's own folder lies.
  public var out = "out"
  public var overrides: [ParameterOverride] = []
  public var seed: UInt64 = 0
  public var timeLimit: Double?
  public var keepsGoing = false
  public var isQuiet = false
  public var verifies = false
  public var tolerance = 1e-6
  /// The endings of the reports to write.
  public var formats = ["md"]
  public var readableFolders: [String] = []
  public var writableFolders: [String] = []
  public var arguments: [String] = []

  public init(_ path: String) { self.path = path }

  /// Runs the notebook and writes its reports; gives the exit status.
  public func run(_ console: Console) -> Int32 {
    let loaded: LoadedNotebook
    do {
      loaded = try SourceLoading.load(path)
    } catch {
      return console.refuse(error)
    }
    let folder = FilePaths.join(out, FilePaths.stem(path))
    guard verifies else { return run(loaded, folder: folder, console) }
    guard let old = earlierReport(in: folder) else {
      return console.refuse("there is no report of an earlier run in `\(folder)`; run it once without --verify")
    }
    guard let temporary = FilePaths.makeTemporaryFolder() else {
      return console.refuse("no temporary folder could be made for --verify")
    }
    defer { FilePaths.remove(temporary) }
    return run(loaded, folder: temporary, console, comparingWith: old)
  }

  private func run(_ loaded: LoadedNotebook, folder: String, _ console: Console, comparingWith old: [ReportFile]? = nil)
    -> Int32
  {
    let start = ContinuousClock.now
    let session = Session(options(console, folder: folder))
    Interrupts.session = session
    defer { Interrupts.session = nil }
    var runner = NotebookRunner(loaded.notebook, fileName: path)
    runner.overrides = overrides
    runner.keepsGoing = keepsGoing
    runner.onEvent = { event in
      if case .cellFinished(_, let cell) = event { console.report(cell.errors) }
    }
    var run: NotebookRun
    do {
      run = try runner.run(session)
    } catch {
      return console.refuse(error.message)
    }
    if run.outcome == .invalid {
      console.report(run.cells.flatMap(\.errors))
      return run.outcome.status
    }
    if let old {
      return verify(run, old, console)
    }
    let elapsed = ContinuousClock.now - start
    let summary = RunSummary(
      version: Glia.version, file: path, bytes: loaded.bytes, seed: seed,
      seconds: Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18)
    do {
      try write(run, summary, folder: folder)
      if !isQuiet, console.hasTerminal, let ending = formats.first {
        console.report("report: \(folder)/\(reportName(ending)).\(ending)")
      }
    } catch {
      console.report("glia: \(error)")
      if run.outcome == .succeeded { run.outcome = .failed }
    }
    return run.outcome.status
  }

  private func options(_ console: Console, folder: String) -> SessionOptions {
    var options = SessionOptions(workingDirectory: console.workingDirectory)
    options.seed = seed
    options.runFolder = folder
    options.sourceFolder = FilePaths.folder(path)
    options.readableFolders = readableFolders
    options.writableFolders = writableFolders
    options.timeLimit = timeLimit
    options.arguments = arguments
    options.showsProgress = !isQuiet
    options.usesColor = console.usesColor
    options.width = console.width
    options.onText = console.write
    let isQuiet = isQuiet
    options.onDisplay = { value in
      if !isQuiet { console.write(value.text + "\n") }
    }
    options.onReport = console.report
    return options
  }

  // MARK: Reports

  private static let reportName = "report"

  private func write(_ run: NotebookRun, _ summary: RunSummary, folder: String) throws {
    for file in reports(of: run) {
      try AtomicFile.write(file.bytes, to: folder + "/" + file.name, makingFolders: true)
    }
    let json = summary.json(of: run, status: run.outcome.status).text(.indented(2)) + "\n"
    try AtomicFile.write(json, to: folder + "/run.json", makingFolders: true)
  }

  private func reports(of run: NotebookRun) -> [ReportFile] {
    formats.flatMap { ending in
      NotebookFormats.format(named: ending)?.write(run, name: reportName(ending)) ?? []
    }
  }

  /// Reports are called report; a notebook keeps its name.
  private func reportName(_ ending: String) -> String {
    ending == "ipynb" || ending == "glia" ? FilePaths.stem(path) : Self.reportName
  }

  /// The report of the last run and its pictures; nil where there is none.
  private func earlierReport(in folder: String) -> [ReportFile]? {
    guard let text = try? FileReader.text(of: folder + "/\(Self.reportName).md") else { return nil }
    let names = (try? FileReader.names(inFolder: folder)) ?? []
    let pictures = names.filter { $0.hasPrefix(Self.reportName + "-cell-") && $0.hasSuffix(".svg") }.sorted()
    return [ReportFile(Self.reportName + ".md", text)]
      + pictures.compactMap { name in (try? FileReader.text(of: folder + "/" + name)).map { ReportFile(name, $0) } }
  }

  private func verify(_ run: NotebookRun, _ old: [ReportFile], _ console: Console) -> Int32 {
    let new = MarkdownFormat().write(run, name: Self.reportName)
    let differences = Verification(tolerance: tolerance).differences(old: old, new: new)
    if differences.isEmpty {
      if !isQuiet { console.report("\(path): as before") }
      return run.outcome.status
    }
    console.report("\(path): differs from the last run")
    for line in differences { console.report("  " + line) }
    return RunOutcome.different.status
  }
}

extension Session: CellEvaluator {}
