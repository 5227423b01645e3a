import FileFormats

/// What run.json says of a run. Of all files that a run writes it alone holds times.
public struct RunSummary: Sendable {
  public var version: String
  /// The notebook's file as it was given.
  public var file: String
  /// The digest of the notebook's bytes.
  public var digest: String
  public var seed: UInt64
  public var seconds: Double

  public init(version: String, file: String, bytes: [UInt8], seed: UInt64, seconds: Double) {
    self.version = version
    self.file = file
    self.digest = "sha256:" + SHA256.hexadecimal(bytes)
    self.seed = seed
    self.seconds = seconds
  }

  public func json(of run: NotebookRun, status: Int32) -> JSON {
    var parameters: [(String, JSON)] = run.notebook.parameters.map { ($0.name, .string($0.value)) }
    for override in run.overrides {
      guard let place = parameters.firstIndex(where: { $0.0 == override.name }) else { continue }
      parameters[place].1 = .string(override.expression)
    }
    return [
      "glia": .string(version), "file": .string(file), "digest": .string(digest), "seed": .number(Double(seed)),
      "parameters": .object(JSON.Fields(parameters)), "outcome": .string(run.outcome.word),
      "status": .number(Double(status)),
      "seconds": .number(rounded(seconds)), "cells": .array(cells(of: run)),
      "artifacts": .array(run.artifacts.map { .string($0) }),
    ]
  }

  private func cells(of run: NotebookRun) -> [JSON] {
    run.cells.enumerated().compactMap { index, cell in
      guard run.notebook.cells[index].kind == .code else { return nil }
      var fields: [(String, JSON)] = [
        ("cell", .number(Double(index + 1))), ("title", .string(run.notebook.cells[index].title)),
        ("outcome", .string(word(cell.outcome))), ("seconds", .number(rounded(cell.seconds))),
      ]
      if let error = cell.errors.first {
        fields.append(("error", ["kind": .string(error.kind.rawValue), "message": .string(error.message)]))
      }
      return .object(JSON.Fields(fields))
    }
  }

  private func word(_ outcome: CellRun.Outcome) -> String {
    switch outcome {
    case .notRun: "not run"
    case .skipped: "skipped"
    case .finished(.succeeded): "succeeded"
    case .finished(.failed): "failed"
    case .finished(.invalid): "invalid"
    case .finished(.timedOut): "timed out"
    case .finished(.interrupted): "interrupted"
    case .finished(.exited): "exited"
    }
  }

  /// Microseconds are enough.
  private func rounded(_ seconds: Double) -> Double { (seconds * 1e6).rounded() / 1e6 }
}
