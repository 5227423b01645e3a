/// How a session runs programs: where its files are, what it may touch, who hears it.
public struct SessionOptions {
  /// What the random numbers start from; nil for a different start each time (the prompt).
  public var seed: UInt64? = 0
  /// True where a person is present: files are not limited, and a running training redraws one line.
  public var isInteractive = false
  /// False keeps training progress off standard error.
  public var showsProgress = true
  /// Where files that a program writes go; made when first needed. Nil: the working directory.
  public var runFolder: String?
  /// The folder of the notebook or script: files are read from there after the run's folder.
  public var sourceFolder: String?
  public var workingDirectory: String
  /// Folders outside the run's that a program may write to and read from.
  public var writableFolders: [String] = []
  public var readableFolders: [String] = []
  /// Seconds that a cell may take; nil for no limit.
  public var timeLimit: Double?
  /// The words for the program after `--` on the command line.
  public var arguments: [String] = []
  /// Characters in a line of the terminal, for charts and tables.
  public var width = 80
  /// True where escape sequences for colours are welcome on standard error and in charts.
  public var usesColor = false
  /// Hears what a program prints, as it prints it.
  public var onText: (String) -> Void = { _ in }
  /// Hears what a program displays, as it does.
  public var onDisplay: (DisplayedValue) -> Void = { _ in }
  /// Hears progress and warnings, for standard error.
  public var onReport: (String) -> Void = { _ in }

  public init(workingDirectory: String) { self.workingDirectory = workingDirectory }
}
