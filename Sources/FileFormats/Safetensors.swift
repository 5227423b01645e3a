/// The safetensors container: a JSON header with names, types, shapes and offsets, then the elements of all arrays.
///
/// Source: huggingface/safetensors, README "Format". Reading keeps its rules: the header is at most 100 MB, the arrays
/// cover the buffer without holes or overlaps, names are unique, metadata are texts.
public struct Safetensors: Equatable, Sendable {
  /// One named array.
  public struct Item: Equatable, Sendable {
    public var name: String
    public var array: RawArray

    public init(name: String, array: RawArray) {
      self.name = name
      self.array = array
    }
  }

  /// The longest header accepted.
  public static let headerLimit = 100_000_000

  /// Texts about the file, by name.
  public var metadata: [String: String]
  /// The arrays, in the order of their bytes.
  public var items: [Item]

  public init(metadata: [String: String] = [:], items: [Item]) {
    self.metadata = metadata
    self.items = items
  }

  /// The array of this name, or nil.
  public subscript(name: String) -> RawArray? { items.first { $0.name == name }?.array }

  private static let types: [(name: String, type: ElementType)] = [
    ("BOOL", .bool), ("I8", .int8), ("U8", .uint8), ("I16", .int16), ("U16", .uint16), ("I32", .int32),
    ("U32", .uint32), ("I64", .int64), ("U64", .uint64), ("F16", .float16), ("BF16", .bfloat16), ("F32", .float32),
    ("F64", .float64),
  ]

  private static func damaged(_ reason: String) -> FormatError { .damaged(format: "safetensors", reason: reason) }
}

extension Safetensors {
  /// Reads a container; everything the header claims is checked before anything is allocated.
  ///
  /// - Throws: ``FormatError``.
  public init(reading bytes: [UInt8]) throws(FormatError) {
    var reader = ByteReader(bytes, format: "safetensors")
    let length = try reader.littleEndian(8, "the header's length")
    guard length <= UInt64(Safetensors.headerLimit), length <= UInt64(reader.remaining) else {
      throw Safetensors.damaged("a header of \(length) bytes in a file of \(bytes.count)")
    }
    let headerBytes = Array(try reader.take(Int(length), "the header"))
    guard headerBytes.first == UInt8(ascii: "{") else { throw Safetensors.damaged("the header is not a JSON object") }
    let header: JSON
    do {
      header = try JSON.parse(headerBytes)
    } catch {
      throw Safetensors.damaged("the header is not valid: \(error)")
    }
    guard let fields = header.object else { throw Safetensors.damaged("the header is not a JSON object") }

    metadata = [:]
    var located: [(name: String, type: ElementType, shape: [Int], range: Range<Int>)] = []
    for (name, value) in fields.pairs {
      if name == "__metadata__" {
        guard let entries = value.object else { throw Safetensors.damaged("the metadata are not an object") }
        for (key, entry) in entries.pairs {
          guard let text = entry.string else { throw Safetensors.damaged("the metadata entry `\(key)` is not a text") }
          metadata[key] = text
        }
      } else {
        let (type, shape, range) = try Safetensors.entry(name, value, bufferSize: reader.remaining)
        located.append((name, type, shape, range))
      }
    }
    located.sort { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }
    var end = 0
    for entry in located {
      guard entry.range.lowerBound == end else {
        throw Safetensors.damaged(
          entry.range.lowerBound < end ? "`\(entry.name)` overlaps another array" : "a hole before `\(entry.name)`")
      }
      end = entry.range.upperBound
    }
    guard end == reader.remaining else {
      throw Safetensors.damaged("\(reader.remaining - end) bytes belong to no array")
    }
    items = []
    for entry in located {
      let body = Array(try reader.take(entry.range.count, "`\(entry.name)`"))
      items.append(Item(name: entry.name, array: try RawArray(type: entry.type, shape: entry.shape, bytes: body)))
    }
  }

  private static func entry(
    _ name: String, _ value: JSON, bufferSize: Int
  ) throws(FormatError) -> (ElementType, [Int], Range<Int>) {
    guard let typeName = value["dtype"]?.string, let sizes = value["shape"]?.array,
      let offsets = value["data_offsets"]?.array, offsets.count == 2
    else { throw damaged("`\(name)` lacks dtype, shape or data_offsets") }
    guard let type = types.first(where: { $0.name == typeName })?.type else {
      throw .unsupported(format: "safetensors", reason: "`\(name)` has elements of type `\(typeName.prefix(20))`")
    }
    let shape = sizes.compactMap(\.integer)
    guard shape.count == sizes.count, let count = RawArray.byteCount(type, shape) else {
      throw damaged("the shape of `\(name)`")
    }
    guard let start = offsets[0].integer, let end = offsets[1].integer, start >= 0, start <= end, end <= bufferSize
    else { throw damaged("the offsets of `\(name)` lie outside the file") }
    guard end - start == count else {
      throw damaged("`\(name)` of shape \(RawArray.text(shape)) needs \(count) bytes and has \(end - start)")
    }
    return (type, shape, start..<end)
  }

  /// The bytes of the container: metadata sorted by name, arrays in their order, the buffer at a multiple of 8 bytes.
  ///
  /// - Throws: ``FormatError`` where two arrays have the same name.
  public func serialized() throws(FormatError) -> [UInt8] {
    var fields = JSON.Fields()
    if !metadata.isEmpty {
      fields["__metadata__"] = .object(JSON.Fields(metadata.sorted { $0.key < $1.key }.map { ($0, .string($1)) }))
    }
    var offset = 0
    for item in items {
      guard fields[item.name] == nil, item.name != "__metadata__",
        let type = Safetensors.types.first(where: { $0.type == item.array.type })?.name
      else { throw Safetensors.damaged("the name `\(item.name)` stands for two arrays") }
      let end = offset + item.array.bytes.count
      fields[item.name] = [
        "dtype": .string(type), "shape": .array(item.array.shape.map { .number(Double($0)) }),
        "data_offsets": [.number(Double(offset)), .number(Double(end))],
      ]
      offset = end
    }
    var header = JSON.object(fields).utf8()
    header += repeatElement(32, count: (8 - header.count % 8) % 8)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + header.count + offset)
    bytes.appendLittleEndian(UInt64(header.count), 8)
    bytes += header
    for item in items { bytes += item.array.bytes }
    return bytes
  }
}
