import Interpreter
import Tensors
import Training

/// Something that takes part in a training, as a value.
final class CallbackObject: ObjectValue {
  let callback: any Callback
  init(_ callback: any Callback) { self.callback = callback }

  override var typeName: String { "callback" }
  override func text(_ style: DisplayStyle) -> String { "<callback \(callback.name)>" }
  override var memberNames: [String] { callback is Track ? ["table"] : [] }
  override func member(_ name: String, _ context: CallContext) throws -> Value? {
    guard name == "table", let track = callback as? Track else { return nil }
    return try .table(track.table)
  }
}

/// Callbacks for `fit`.
func registerCallbacks(_ catalogue: inout Catalogue) {
  catalogue.add(
    "early_stopping", "(monitor = \"val_loss\", patience = 5, min_delta = 0, restore_best = true)", .callbacks,
    """
    Stops when a column of the history has not become better by more than `min_delta` for `patience` epochs.

    With `restore_best` the best epoch's weights come back. Whether a column wants to fall or to grow follows from its name.
    """, example: "type(early_stopping(patience: 3))  # callback"
  ) { a, _ in
    .object(
      CallbackObject(
        try EarlyStopping(
          monitor: a.string(0), patience: a.integer(1), margin: a.number(2), restoresBest: a.boolean(3))))
  }

  catalogue.add(
    "checkpoint", "(path, monitor = \"val_loss\", best_only = true)", .callbacks,
    """
    Writes all that a training needs to go on to a file after each epoch that is the best so far, or after every epoch.

    The file is written whole or not at all; the one before it is kept as `path.previous`. `resume(path)` reads it.
    """, example: "type(checkpoint(\"run.safetensors\", best_only: false))  # callback"
  ) { a, c in
    let path = try c.host.pathForWriting(a.string(0))
    return .object(CallbackObject(CheckpointCallback(path, monitor: try a.string(1), bestOnly: try a.boolean(2))))
  }

  catalogue.add(
    "reduce_rate_on_plateau",
    "(monitor = \"val_loss\", factor = 0.1, patience = 10, min_delta = 0.0001, cooldown = 0, min_rate = 0)",
    .callbacks,
    "Multiplies the rate by `factor` when a column of the history has not become better for `patience` epochs.",
    example: "type(reduce_rate_on_plateau(patience: 3))  # callback"
  ) { a, _ in
    .object(
      CallbackObject(
        try ReduceRateOnPlateau(
          monitor: a.string(0), factor: a.number(1), patience: a.integer(2), margin: a.number(3), minimum: a.number(5),
          cooldown: a.integer(4))))
  }

  catalogue.add(
    "csv_log", "(path)", .callbacks,
    "Writes the history to a CSV file, a row after every epoch; a resumed run continues it.",
    example: "type(csv_log(\"history.csv\"))  # callback"
  ) { a, c in .object(CallbackObject(CSVLog(try c.host.pathForWriting(a.string(0))))) }

  catalogue.add(
    "tensorboard", "(dir, histograms = false)", .callbacks, "Writes event files that TensorBoard reads, into a folder.",
    example: "type(tensorboard(\"logs\"))  # callback"
  ) { a, c in
    .object(CallbackObject(TensorBoardCallback(try c.host.pathForWriting(a.string(0)), histograms: try a.boolean(1))))
  }

  for moment in [FunctionCallback.Moment.epoch, .batch] {
    catalogue.add(
      moment.rawValue, "(f)", .callbacks,
      """
      Calls `f` after every \(moment == .epoch ? "epoch" : "batch") with a record: `epoch epochs batch loss rate net`\(moment == .epoch ? " and the history's row" : "").

      Where f gives false the training ends.
      """, example: "type(\(moment.rawValue)(r -> none))  # callback"
    ) { a, c in
      let function = try a.callable(0)
      return .object(
        CallbackObject(
          FunctionCallback(moment) { state in
            if case .bool(false) = try c.call(function, record(of: state, moment)) { return false }
            return true
          }))
    }
  }

  catalogue.add(
    "track", "(net = none, what = (\"gradients\", \"weights\", \"activations\"), bins = 20)", .callbacks,
    """
    Takes histograms of gradients, weights and activations by layer and epoch: what shows vanishing and exploding gradients.

    `run.tracked` is a table with the columns `epoch what layer bin_start bin_end count`.
    """, example: "type(track())  # callback"
  ) { a, _ in
    let words = try a.names(1)
    let kinds = try words.map { word -> Track.What in
      guard let kind = Track.What(rawValue: word) else {
        throw RuntimeError(
          .value, "`track` knows \"gradients\", \"weights\" and \"activations\", and got \"\(word)\"",
          hint: didYouMean(word, among: Track.What.allCases.map(\.rawValue)))
      }
      return kind
    }
    return .object(CallbackObject(try Track(what: Set(kinds), bins: a.integer(2))))
  }
}

/// What `on_epoch` and `on_batch` are given.
private func record(of state: TrainingState, _ moment: FunctionCallback.Moment) -> Value {
  let record = RecordValue([
    ("epoch", .number(Double(state.epoch))), ("epochs", .number(Double(state.epochs))),
    ("batch", .number(Double(state.batch))), ("loss", .number(state.batchLoss)), ("rate", .number(state.rate)),
    ("net", .object(LayerObject(state.model))),
  ])
  if moment == .epoch { for (name, value) in state.row { record.set(name, .number(value)) } }
  return .record(record)
}
