import FileFormats
import Interpreter
import Tables
import Tensors

/// Reading files. Paths are relative to the run's folder, then the notebook's, then the working directory.
func registerReading(_ catalogue: inout Catalogue) {
  catalogue.add(
    "read_csv", "(path, separator = none, header = true)", .files,
    """
    A table from a CSV file (RFC 4180); `.gz` files are unpacked.

    Types are told apart by the values: numbers, `true`/`false`, else texts. Missing numbers are `nan`, missing texts
    `none`. The separator is found (comma, semicolon, tab or bar) unless given. Without a header the columns are
    `column_1`, `column_2`, ….
    """, example: #"export(table({a: [1, 2]}), "a.csv"); read_csv("a.csv").a  # [1, 2]  # 2"#
  ) { a, c in
    var separator: UInt8?
    if let text = try a.optionalString(1) {
      guard text.utf8.count == 1, let byte = text.utf8.first else {
        throw RuntimeError(.value, "`read_csv` wants one character as separator, and got \(a[1].shortText)")
      }
      separator = byte
    }
    let options = CSV.Options(separator: separator, hasHeader: try a.boolean(2))
    let path = try a.string(0)
    let bytes = try contents(of: path, c)
    return try tabular(path: path) { .object(TableObject(try CSV.read(bytes, options))) }
  }

  catalogue.add(
    "read_text", "(path)", .files, "The text of a file in UTF-8.",
    example: #"export("hello", "a.txt"); read_text("a.txt")  # hello"#
  ) { a, c in
    let path = try a.string(0)
    guard let text = String(validating: try contents(of: path, c), as: UTF8.self) else {
      throw RuntimeError(.value, "`\(path)` is not UTF-8 text")
    }
    return .text(text)
  }

  catalogue.add(
    "read_json", "(path)", .files,
    "The value in a JSON file: objects are records, arrays lists, null is none.",
    example: #"export({a: (1, 2)}, "a.json"); read_json("a.json")  # {a: (1, 2)}"#
  ) { a, c in
    let path = try a.string(0)
    let bytes = try contents(of: path, c)
    return try filing(path) { Value(try JSON.parse(bytes, allowingNonFinite: true)) }
  }

  catalogue.add(
    "read_npy", "(path)", .files,
    "The tensor in a NumPy `.npy` file. Integers of more than 32 bits and float16 become float64 and float32.",
    example: #"export([1, 2], "a.npy"); read_npy("a.npy")  # [1, 2]  # 2"#
  ) { a, c in
    let path = try a.string(0)
    let bytes = try contents(of: path, c)
    return try filing(path) { .tensor(try Tensor(NPY.read(bytes))) }
  }

  catalogue.add(
    "read_npz", "(path)", .files, "The tensors in a NumPy `.npz` file, as a record.",
    example: #"export({a: [1, 2]}, "a.npz"); read_npz("a.npz").a  # [1, 2]  # 2"#
  ) { a, c in
    let path = try a.string(0)
    let bytes = try contents(of: path, c)
    return try filing(path) { .fields(try NPZ.read(bytes).map { ($0.name, .tensor(try Tensor($0.array))) }) }
  }

  catalogue.add(
    "read_image", "(path)", .files,
    "The picture in a PNG or PNM file as a tensor (height, width, channels) with values from 0 to 255.",
    example: #"export(zeros(2, 3, 1), "a.png"); read_image("a.png").shape  # (2, 3, 1)"#
  ) { a, c in
    let path = try a.string(0)
    let bytes = try contents(of: path, c)
    return try filing(path) { .tensor(try imageTensor(Image.read(bytes))) }
  }
}

/// The bytes of a file that a program names; gzip is unpacked.
func contents(of path: String, _ context: CallContext) throws -> [UInt8] {
  let found = try context.host.pathForReading(path)
  return try filing(path) {
    let bytes = try FileReader.bytes(of: found)
    return Deflate.isGzip(bytes) ? try Deflate.inflate(bytes) : bytes
  }
}

/// Runs a file operation; its errors become the language's, and name the path as the program wrote it.
func filing<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
  do {
    return try body()
  } catch let error as FileError {
    throw RuntimeError(.io, error.description)
  } catch let error as FormatError {
    throw RuntimeError(.value, "`\(path)`: \(error.description)")
  }
}

private func tabular<Result>(path: String, _ body: () throws -> Result) throws -> Result {
  do {
    return try tabular(body)
  } catch var error as RuntimeError {
    error.message = "`\(path)`: \(error.message)"
    throw error
  }
}

/// Pixels as a tensor (height, width, channels).
func imageTensor(_ image: Image) throws -> Tensor {
  try Tensor(image.pixels.map(Float.init), shape: [image.height, image.width, image.channels])
}
