/// Zip archives, as far as NPZ and other containers of small files need them: stored and deflated entries.
///
/// Source: PKWARE's APPNOTE, sections 4.3 and 4.5.3 (zip64).
public enum Zip {
  /// One file of an archive.
  public struct Entry: Equatable, Sendable {
    public var name: String
    public var bytes: [UInt8]

    public init(name: String, bytes: [UInt8]) {
      self.name = name
      self.bytes = bytes
    }
  }

  /// The entries, in the order of the archive's directory.
  ///
  /// - Parameter limit: the most bytes that all entries may inflate to together.
  /// - Throws: ``FormatError``, also where a checksum does not fit.
  public static func read(_ bytes: [UInt8], limit: Int = Deflate.defaultLimit) throws(FormatError) -> [Entry] {
    let (count, offset) = try directory(of: bytes)
    var reader = ByteReader(bytes, format: "zip", offset: offset)
    var entries: [Entry] = []
    var room = limit
    for _ in 0..<count {
      let record = try DirectoryRecord(&reader)
      if record.name.hasSuffix("/") { continue }
      guard record.size <= room else { throw .tooLarge(format: "zip", bytes: record.size, limit: limit) }
      entries.append(Entry(name: record.name, bytes: try content(of: record, in: bytes)))
      room -= record.size
    }
    return entries
  }

  /// The bytes of an archive; dates are the format's first day, so the same entries give the same bytes.
  ///
  /// - Parameter compressed: deflate the entries, else store them.
  /// - Throws: ``FormatError`` where an archive would need the zip64 form (4 GiB, 65,535 entries).
  public static func write(_ entries: [Entry], compressed: Bool = false) throws(FormatError) -> [UInt8] {
    var body: [UInt8] = []
    var directory: [UInt8] = []
    for entry in entries {
      let packed = compressed ? try Deflate.deflate(entry.bytes, wrapping: .none) : entry.bytes
      guard entry.bytes.count < Int(UInt32.max), body.count + packed.count < Int(UInt32.max), entries.count < 0xFFFF,
        entry.name.utf8.count < 0xFFFF
      else { throw .unsupported(format: "zip", reason: "an archive of 4 GiB or 65,535 entries") }
      var common: [UInt8] = []
      common.appendLittleEndian(20, 2)
      common.appendLittleEndian(0x0800, 2)
      common.appendLittleEndian(compressed ? 8 : 0, 2)
      common.appendLittleEndian(0, 2)
      common.appendLittleEndian(0x0021, 2)
      common.appendLittleEndian(UInt64(Deflate.checksum(entry.bytes[...])), 4)
      common.appendLittleEndian(UInt64(packed.count), 4)
      common.appendLittleEndian(UInt64(entry.bytes.count), 4)
      common.appendLittleEndian(UInt64(entry.name.utf8.count), 2)
      common.appendLittleEndian(0, 2)
      directory.appendLittleEndian(0x0201_4B50, 4)
      directory.appendLittleEndian(20, 2)
      directory += common
      directory.appendLittleEndian(0, 10)
      directory.appendLittleEndian(UInt64(body.count), 4)
      directory += entry.name.utf8
      body.appendLittleEndian(0x0403_4B50, 4)
      body += common
      body += entry.name.utf8
      body += packed
    }
    let start = body.count
    body += directory
    body.appendLittleEndian(0x0605_4B50, 4)
    body.appendLittleEndian(0, 4)
    body.appendLittleEndian(UInt64(entries.count), 2)
    body.appendLittleEndian(UInt64(entries.count), 2)
    body.appendLittleEndian(UInt64(directory.count), 4)
    body.appendLittleEndian(UInt64(start), 4)
    body.appendLittleEndian(0, 2)
    return body
  }

  /// The number of entries and the offset of the directory, from the record that ends the archive.
  private static func directory(of bytes: [UInt8]) throws(FormatError) -> (count: Int, offset: Int) {
    let signature: [UInt8] = [0x50, 0x4B, 5, 6]
    // The record is followed by a comment of at most 65,535 bytes.
    let earliest = max(0, bytes.count - 22 - 0xFFFF)
    var at = bytes.count - 22
    while at >= earliest, !bytes[at..<at + 4].elementsEqual(signature) { at -= 1 }
    guard at >= earliest else { throw .damaged(format: "zip", reason: "there is no directory at its end") }
    var reader = ByteReader(bytes, format: "zip", offset: at + 10)
    var count = try reader.littleEndian(2, "the number of entries")
    _ = try reader.littleEndian(4, "the directory's size")
    var offset = try reader.littleEndian(4, "the directory's offset")
    if count == 0xFFFF || offset == 0xFFFF_FFFF, at >= 20 {
      var locator = ByteReader(bytes, format: "zip", offset: at - 20)
      if try locator.littleEndian(4, "the zip64 locator") == 0x0706_4B50 {
        _ = try locator.littleEndian(4, "the zip64 locator")
        let record = try locator.size(locator.littleEndian(8, "the zip64 record"), "the zip64 record's offset")
        guard record <= bytes.count - 56 else { throw .damaged(format: "zip", reason: "the zip64 record is missing") }
        var zip64 = ByteReader(bytes, format: "zip", offset: record + 32)
        count = try zip64.littleEndian(8, "the number of entries")
        _ = try zip64.littleEndian(8, "the directory's size")
        offset = try zip64.littleEndian(8, "the directory's offset")
      }
    }
    // Each entry takes 46 bytes of directory: more cannot be there.
    guard count <= bytes.count / 46, offset <= bytes.count else {
      throw .damaged(format: "zip", reason: "the directory lies outside the file")
    }
    return (Int(count), Int(offset))
  }

  private static func content(of record: DirectoryRecord, in bytes: [UInt8]) throws(FormatError) -> [UInt8] {
    guard record.offset <= bytes.count else {
      throw .damaged(format: "zip", reason: "`\(record.name)` lies outside the file")
    }
    var reader = ByteReader(bytes, format: "zip", offset: record.offset)
    guard try reader.littleEndian(4, "an entry") == 0x0403_4B50 else {
      throw .damaged(format: "zip", reason: "`\(record.name)` does not begin where the directory says")
    }
    _ = try reader.take(22, "an entry")
    let nameLength = Int(try reader.littleEndian(2, "an entry"))
    let extraLength = Int(try reader.littleEndian(2, "an entry"))
    _ = try reader.take(nameLength + extraLength, "an entry's name")
    let packed = try reader.take(record.packedSize, "the entry `\(record.name)`")
    let content: [UInt8]
    switch record.method {
    case 0: content = Array(packed)
    case 8: content = try Deflate.inflate(packed, wrapping: .none, limit: record.size)
    default: throw .unsupported(format: "zip", reason: "compression method \(record.method)")
    }
    guard content.count == record.size, Deflate.checksum(content[...]) == record.checksum else {
      throw .damaged(format: "zip", reason: "the checksum of `\(record.name)` does not fit")
    }
    return content
  }
}

/// One entry of an archive's directory.
private struct DirectoryRecord {
  var name: String
  var method: UInt64
  var checksum: UInt32
  var packedSize: Int
  var size: Int
  var offset: Int

  init(_ reader: inout ByteReader) throws(FormatError) {
    guard try reader.littleEndian(4, "a directory entry") == 0x0201_4B50 else {
      throw .damaged(format: "zip", reason: "the directory is malformed")
    }
    _ = try reader.take(4, "a directory entry")
    let flags = try reader.littleEndian(2, "a directory entry")
    guard flags & 1 == 0 else { throw .unsupported(format: "zip", reason: "encrypted entries") }
    method = try reader.littleEndian(2, "a directory entry")
    _ = try reader.take(4, "a directory entry")
    checksum = UInt32(try reader.littleEndian(4, "a directory entry"))
    var packed = try reader.littleEndian(4, "a directory entry")
    var whole = try reader.littleEndian(4, "a directory entry")
    let nameLength = Int(try reader.littleEndian(2, "a directory entry"))
    let extraLength = Int(try reader.littleEndian(2, "a directory entry"))
    let commentLength = Int(try reader.littleEndian(2, "a directory entry"))
    _ = try reader.take(8, "a directory entry")
    var start = try reader.littleEndian(4, "a directory entry")
    name = String(decoding: try reader.take(nameLength, "an entry's name"), as: UTF8.self)
    var extra = ByteReader(Array(try reader.take(extraLength, "an entry's extra field")), format: "zip")
    _ = try reader.take(commentLength, "an entry's comment")
    while extra.remaining >= 4 {
      let kind = try extra.littleEndian(2, "an extra field")
      let length = Int(try extra.littleEndian(2, "an extra field"))
      var field = ByteReader(Array(try extra.take(length, "an extra field")), format: "zip")
      guard kind == 1 else { continue }
      if whole == 0xFFFF_FFFF { whole = try field.littleEndian(8, "a zip64 size") }
      if packed == 0xFFFF_FFFF { packed = try field.littleEndian(8, "a zip64 size") }
      if start == 0xFFFF_FFFF { start = try field.littleEndian(8, "a zip64 offset") }
    }
    packedSize = try reader.size(packed, "an entry's size")
    size = try reader.size(whole, "an entry's size")
    offset = try reader.size(start, "an entry's offset")
  }
}
