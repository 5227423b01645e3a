import Diagnostics
import FileFormats
import Session

/// Jupyter's `.ipynb`, version 4: JSON with a list of cells (https://nbformat.readthedocs.io).
public struct JupyterFormat: NotebookFormat {
  public let ending = "ipynb"

  public init() {}

  // MARK: Reading

  public func read(_ text: String) throws -> Notebook {
    let root: JSON
    do {
      root = try JSON.parse(text, allowingNonFinite: true)
    } catch {
      throw NotebookError.notJSON("\(error)")
    }
    guard case .object = root else { throw NotebookError.notANotebook("its outermost value is no object") }
    if let version = root["nbformat"]?.number, version < 4 { throw NotebookError.oldVersion(Int(max(0, version))) }
    guard case .array(let cells)? = root["cells"] else { throw NotebookError.notANotebook("it has no list `cells`") }
    var notebook = Notebook(cells: [], metadata: Self.fields(root["metadata"]))
    for (index, cell) in cells.enumerated() { notebook.cells.append(try Self.cell(cell, index)) }
    return notebook
  }

  private static func cell(_ json: JSON, _ index: Int) throws -> Cell {
    guard case .string(let word)? = json["cell_type"] else {
      throw NotebookError.notANotebook("cell \(index + 1) has no `cell_type`")
    }
    guard let kind = Cell.Kind(rawValue: word) else {
      throw NotebookError.notANotebook("cell \(index + 1) is a `\(word)` cell; known are code, markdown and raw")
    }
    var cell = Cell(kind, try text(json["source"], index))
    if case .string(let identifier)? = json["id"] { cell.identifier = identifier }
    for field in fields(json["metadata"]) {
      switch (field.name, field.value) {
      case ("tags", .array(let tags)):
        cell.tags = tags.compactMap { if case .string(let tag) = $0 { tag } else { nil } }
      case ("title", .string(let title)): cell.title = title
      default: cell.metadata.append(field)
      }
    }
    return cell
  }

  /// A text, which may be given as a list of lines.
  private static func text(_ json: JSON?, _ index: Int) throws -> String {
    var text = ""
    switch json {
    case .string(let whole)?: text = whole
    case .array(let lines)?:
      for line in lines {
        guard case .string(let line) = line else {
          throw NotebookError.notANotebook("the text of cell \(index + 1) is no text")
        }
        text += line
      }
    case nil, .null?: break
    default: throw NotebookError.notANotebook("the text of cell \(index + 1) is no text")
    }
    return text
  }

  private static func fields(_ json: JSON?) -> [JSONField] {
    guard case .object(let fields)? = json else { return [] }
    return fields.pairs.map { JSONField($0.name, $0.value) }
  }

  // MARK: Writing

  public func write(_ run: NotebookRun, name: String) -> [ReportFile] {
    [ReportFile(name + "." + ending, json(of: run).text(.indented(1)) + "\n")]
  }

  func json(of run: NotebookRun) -> JSON {
    var execution = 0
    let cells = run.notebook.cells.enumerated().map { index, cell in
      let result = index < run.cells.count ? run.cells[index] : CellRun()
      if cell.kind == .code, result.wasRun { execution += 1 }
      return json(cell, index, result, execution)
    }
    var metadata = run.notebook.metadata
    if metadata.isEmpty {
      metadata = [
        JSONField("kernelspec", ["display_name": "Glia", "language": "glia", "name": "glia"]),
        JSONField("language_info", ["file_extension": ".glia", "name": "glia"]),
      ]
    }
    return [
      "cells": .array(cells), "metadata": .object(JSON.Fields(metadata.map { ($0.name, $0.value) })), "nbformat": 4,
      "nbformat_minor": 5,
    ]
  }

  private func json(_ cell: Cell, _ index: Int, _ result: CellRun, _ execution: Int) -> JSON {
    var metadata: [(String, JSON)] = []
    if !cell.title.isEmpty { metadata.append(("title", .string(cell.title))) }
    if !cell.tags.isEmpty { metadata.append(("tags", .array(cell.tags.map { .string($0) }))) }
    metadata += cell.metadata.map { ($0.name, $0.value) }
    var fields: [(String, JSON)] = [
      ("cell_type", .string(cell.kind.rawValue)), ("id", .string(cell.identifier ?? "cell-\(index + 1)")),
      ("metadata", .object(JSON.Fields(metadata))), ("source", Self.lines(cell.text)),
    ]
    if cell.kind == .code {
      fields.append(("execution_count", result.wasRun ? .number(Double(execution)) : .null))
      fields.append(("outputs", .array(result.outputs.map(Self.output) + result.errors.map(Self.error))))
    }
    return .object(JSON.Fields(fields))
  }

  /// A text as Jupyter keeps it: a list of lines, each with its end.
  static func lines(_ text: String) -> JSON {
    if text.isEmpty { return .array([]) }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    var result = lines.dropLast().map { JSON.string($0 + "\n") }
    if let last = lines.last, !last.isEmpty { result.append(.string(String(last))) }
    return .array(result)
  }

  private static func output(_ output: CellOutput) -> JSON {
    switch output {
    case .text(let text): return ["name": "stdout", "output_type": "stream", "text": lines(text)]
    case .display(let value):
      var data: [(String, JSON)] = []
      if let svg = value.svg { data.append(("image/svg+xml", lines(svg))) }
      if let table = value.table { data.append(("text/html", lines(HTMLWriter.table(table)))) }
      data.append(("text/plain", lines(value.text)))
      return ["data": .object(JSON.Fields(data)), "metadata": [:], "output_type": "display_data"]
    }
  }

  private static func error(_ diagnostic: Diagnostic) -> JSON {
    [
      "ename": .string(diagnostic.kind.rawValue), "evalue": .string(diagnostic.message), "output_type": "error",
      "traceback": .array(
        diagnostic.rendered().split(separator: "\n", omittingEmptySubsequences: false).map { .string(String($0)) }),
    ]
  }
}
