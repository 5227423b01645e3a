import Charts
import FileFormats
import Interpreter
import NeuralNetworks
import Tables
import Tensors
import Training

/// `export`: what the ending says.
func registerExporting(_ catalogue: inout Catalogue) {
  catalogue.add(
    "export", "(value, path)", .files,
    """
    Writes a value to a file, whole or not at all; the ending says how.

    - `.csv` `.tsv`: a table, a record of columns, a list of records, a tensor of rank 1 or 2; numbers in full precision.
    - `.json`: anything but functions and layers; tensors as nested arrays.
    - `.npy`, `.npz`: a tensor, a record of tensors, as NumPy reads them.
    - `.svg`: a chart. `.html`: a chart or table as a page. `.png`: a tensor (height, width) or (height, width, channels)
      with values from 0 to 255.
    - `.txt`: what `print` shows. `.safetensors`: a layer, or a record of tensors. `.onnx`: a layer that was built.
    """, example: #"export({a: [1, 2]}, "a.json"); read_json("a.json").a  # (1, 2)"#
  ) { a, c in
    let path = try a.string(1)
    let ending = path.split(separator: "/").last?.split(separator: ".").dropFirst().last.map { $0.lowercased() } ?? ""
    if case .object(let object as LayerObject) = a[0], try exportLayer(object.layer, path, ending, c) { return .none }
    guard let exporter = exporters[ending] else {
      throw RuntimeError(
        .value, "`export` knows files by their ending, and `\(path)` has \(ending.isEmpty ? "none" : "`.\(ending)`")",
        hint: ending == "onnx"
          ? "ONNX holds layers and models"
          : "the endings are \(exporters.keys.sorted().map { "." + $0 }.joined(separator: " "))")
    }
    let bytes = try filing(path) { try exporter(a[0], path, c) }
    try write(bytes, to: path, c)
    return .none
  }
}

/// Layers have files of their own; false where the ending is for something else.
private func exportLayer(_ layer: Layer, _ path: String, _ ending: String, _ context: CallContext) throws -> Bool {
  switch ending {
  case "safetensors": try ModelFile.save(layer, to: context.host.pathForWriting(path))
  case "onnx": try exportOnnx(layer, to: context.host.pathForWriting(path), inputShapes: knownShapes(layer))
  default: return false
  }
  return true
}

/// Writes a file that a program names, in one piece.
func write(_ bytes: [UInt8], to path: String, _ context: CallContext) throws {
  let target = try context.host.pathForWriting(path)
  try filing(path) { try AtomicFile.write(bytes, to: target, makingFolders: true) }
}

private typealias Exporter = (_ value: Value, _ path: String, _ context: CallContext) throws -> [UInt8]

/// How a value becomes the bytes of a file, by the file's ending.
nonisolated(unsafe) private let exporters: [String: Exporter] = [
  "csv": { value, _, _ in CSV.text(try exportedTable(value)) },
  "tsv": { value, _, _ in CSV.text(try exportedTable(value), separator: UInt8(ascii: "\t")) },
  "json": { value, _, _ in try value.json().utf8(.indented(2)) + [UInt8(ascii: "\n")] },
  "npy": { value, _, _ in try NPY.write(tensorFromValue(value, of: "export").rawArray()) },
  "npz": { value, _, _ in
    try NPZ.write(exportedTensors(value).map { (name: $0.name, array: try $0.tensor.rawArray()) })
  },
  "txt": { value, _, _ in
    if case .string(let text) = value { return Array(text.text.utf8) }
    return Array((value.text(.printed) + "\n").utf8)
  },
  "png": { value, _, _ in try PNG.write(exportedImage(value)) },
  "svg": { value, _, _ in Array(try exportedChart(value).svg().utf8) },
  "html": { value, _, _ in Array(try exportedPage(value).utf8) },
  "safetensors": exportedSafetensors,
]

/// A value as the table that CSV holds.
private func exportedTable(_ value: Value) throws -> Table {
  switch value {
  case .object(let object as TableObject): return object.table
  case .object(let object as RunObject): return try object.historyTable()
  case .record(let record):
    return try tabular { try Table(try zip(record.names, record.values).map { ($0, try Column($1, name: $0)) }) }
  case .list(let list):
    guard case .object(let object as TableObject) = try table(ofRows: list.items) else { return Table() }
    return object.table
  case .tensor(let tensor) where tensor.rank == 1:
    return try tabular { try Table([("value", try Column(value, name: "value"))]) }
  case .tensor(let tensor) where tensor.rank == 2:
    let columns = try (0..<tensor.shape[1]).map { index -> (name: String, values: Column) in
      let column = try tensor.gather(Tensor(int32: [Int32(index)], shape: []), axis: 1)
      return ("column_\(index + 1)", try Column(.tensor(column), name: "column_\(index + 1)"))
    }
    return try tabular { try Table(columns) }
  default:
    throw RuntimeError(
      .type,
      "`export` to CSV wants a table, a record of columns, a list of records, or a tensor of rank 1 or 2, and got \(value.kindText)"
    )
  }
}

/// Named tensors: a record of them (nested names joined by dots), or a layer's parameters.
func exportedTensors(_ value: Value) throws -> [(name: String, tensor: Tensor)] {
  switch value {
  case .record(let record):
    return try zip(record.names, record.values).flatMap { name, value -> [(name: String, tensor: Tensor)] in
      if case .record = value { return try exportedTensors(value).map { ("\(name).\($0.name)", $0.tensor) } }
      return [(name, try tensorFromValue(value, of: "export"))]
    }
  case .object(let object as LayerObject): return object.layer.parameters.map { ($0.path, $0.parameter.value) }
  default: throw RuntimeError(.type, "`export` wants a record of tensors or a layer here, and got \(value.kindText)")
  }
}

/// A tensor of pixels as a picture.
private func exportedImage(_ value: Value) throws -> Image {
  let tensor = try tensorFromValue(value, of: "export")
  guard tensor.rank == 2 || tensor.rank == 3 && (1...4).contains(tensor.shape[2]) else {
    throw RuntimeError(
      .shape,
      "a picture is a tensor (height, width) or (height, width, channels), and this one has shape \(tensor.shape.shapeText)"
    )
  }
  let values = try tensor.doubles()
  if let outside = values.first(where: { !($0 >= 0 && $0 <= 255) }) {
    throw RuntimeError(
      .value, "a picture's values lie from 0 to 255, and one is \(NumberText.short(outside))", hint: "clip(x, 0, 255)")
  }
  return try Image(
    width: tensor.shape[1], height: tensor.shape[0], channels: tensor.rank == 2 ? 1 : tensor.shape[2],
    pixels: values.map { UInt8($0.rounded()) })
}

/// A chart, or what is drawn as one.
private func exportedChart(_ value: Value) throws -> Chart {
  if case .object(let object as ChartObject) = value { return object.chart }
  throw RuntimeError(
    .type, "`export` to SVG wants a chart, and got \(value.kindText)",
    hint: "plot(x) makes one, and draw(net) of a model")
}

/// A chart or a table as a page of its own.
private func exportedPage(_ value: Value) throws -> String {
  let body: String
  if case .object(let object as ChartObject) = value {
    body = object.chart.svg()
  } else {
    let rows = TableObject(try exportedTable(value)).allRows
    let lines = rows.enumerated().map { index, row in
      "<tr>" + row.map { index == 0 ? "<th>\(escaped($0))</th>" : "<td>\(escaped($0))</td>" }.joined() + "</tr>"
    }
    body = "<table>\n" + lines.joined(separator: "\n") + "\n</table>"
  }
  return """
    <!DOCTYPE html>
    <html lang="en">
    <head><meta charset="utf-8"><title>Glia</title>
    <style>body{font-family:system-ui,sans-serif;margin:2rem}td,th{padding:.2rem .8rem;text-align:right}</style></head>
    <body>
    \(body)
    </body>
    </html>

    """
}

private func escaped(_ text: String) -> String {
  var out = ""
  for character in text {
    switch character {
    case "&": out += "&amp;"
    case "<": out += "&lt;"
    case ">": out += "&gt;"
    default: out.append(character)
    }
  }
  return out
}

/// Tensors by name, as other programs read them; a layer with its structure.
private func exportedSafetensors(_ value: Value, _ path: String, _ context: CallContext) throws -> [UInt8] {
  let items = try exportedTensors(value).map { Safetensors.Item(name: $0.name, array: try $0.tensor.rawArray()) }
  return try Safetensors(items: items).serialized()
}
