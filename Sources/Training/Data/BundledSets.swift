import BundledData
import FileFormats
import Tensors

/// The data sets inside the binary; each is unpacked when it is first asked for.
public enum BundledSets {
  /// 1,797 handwritten digits, 8×8 images as rows of 64 values from 0 to 16.
  public static func digits() throws -> ExampleSet { try classified(.digits, description: descriptions.digits) }
  /// 150 flowers of three kinds.
  public static func iris() throws -> ExampleSet { try classified(.iris, description: descriptions.iris) }
  /// 178 wines of three growers.
  public static func wine() throws -> ExampleSet { try classified(.wine, description: descriptions.wine) }
  /// 569 tumours, malignant or benign.
  public static func breastCancer() throws -> ExampleSet {
    try classified(.breastCancer, description: descriptions.breastCancer)
  }

  /// 442 patients and the progress of their disease after a year.
  public static func diabetes() throws -> ExampleSet {
    let (x, y, rows) = try numbers(.diabetes, columns: descriptions.diabetes.names.count)
    return ExampleSet(
      x: x, y: try Tensor(y, shape: [rows], dtype: .float32), names: descriptions.diabetes.names,
      about: descriptions.diabetes.about)
  }

  /// A piece of Shakespeare as character numbers: `y` is `x` one character later, `names` are the characters.
  public static func shakespeare() throws -> ExampleSet {
    let bytes = try Deflate.inflate(BundledData.compressed(.shakespeare))
    let text = String(decoding: bytes, as: UTF8.self)
    let tokenizer = CharacterTokenizer(text)
    let numbers = try tokenizer.encode(text).map { Int32(truncatingIfNeeded: $0) }
    return ExampleSet(
      x: try Tensor(int32: Array(numbers.dropLast()), shape: [numbers.count - 1]),
      y: try Tensor(int32: Array(numbers.dropFirst()), shape: [numbers.count - 1]), names: tokenizer.vocabulary,
      about: """
        The beginning of Shakespeare's Coriolanus, \(numbers.count) characters. x holds the number of each character, \
        y the number of the next one, names the characters, text the text itself. In the public domain.
        """, text: text)
  }

  struct Description {
    var names: [String]
    var classes: [String] = []
    var about: String
  }

  private static func classified(_ file: BundledData.File, description: Description) throws -> ExampleSet {
    let (x, y, rows) = try numbers(file, columns: description.names.count)
    return ExampleSet(
      x: x, y: try Tensor(int32: y.map { Int32($0) }, shape: [rows]), names: description.names,
      classes: description.classes, about: description.about)
  }

  /// Rows of numbers with commas, the target last.
  private static func numbers(_ file: BundledData.File, columns: Int) throws -> (x: Tensor, y: [Double], rows: Int) {
    let bytes = try Deflate.inflate(BundledData.compressed(file))
    var x: [Float] = []
    var y: [Double] = []
    var column = 0
    var reader = PlainNumberReader(bytes)
    while let value = reader.next() {
      if column < columns { x.append(Float(value)) } else { y.append(value) }
      column = column < columns ? column + 1 : 0
    }
    return (try Tensor(x, shape: [y.count, columns]), y, y.count)
  }
}

/// Reads decimal numbers without exponent, separated by single commas and line ends: what the bundled files hold.
struct PlainNumberReader {
  private let bytes: [UInt8]
  private var index = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func next() -> Double? {
    guard index < bytes.count else { return nil }
    var digits = 0
    var scale = 1.0
    var isNegative = false
    var isFraction = false
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        digits = digits &* 10 &+ Int(byte &- UInt8(ascii: "0"))
        if isFraction { scale *= 10 }
      case UInt8(ascii: "."): isFraction = true
      case UInt8(ascii: "-"): isNegative = true
      default: return (isNegative ? -1 : 1) * Double(digits) / scale
      }
    }
    return (isNegative ? -1 : 1) * Double(digits) / scale
  }
}
