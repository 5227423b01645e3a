import FileFormats
import Testing

@Suite struct TFRecordTests {
  @Test func checksumIsTheOneOfRFC3720() {
    // RFC 3720, appendix B.4, and the usual check value of CRC-32C.
    #expect(TFRecord.checksum([UInt8](repeating: 0, count: 32)) == 0x8a91_36aa)
    #expect(TFRecord.checksum([UInt8](repeating: 0xff, count: 32)) == 0x62a8_ab43)
    #expect(TFRecord.checksum(Array("123456789".utf8)) == 0xe306_9283)
  }

  @Test func frameHoldsLengthAndChecksums() {
    let record = TFRecord.framed([1, 2, 3])
    #expect(record.count == 8 + 4 + 3 + 4)
    #expect(Array(record[0..<8]) == [3, 0, 0, 0, 0, 0, 0, 0])
    #expect(Array(record[12..<15]) == [1, 2, 3])
  }
}

@Suite struct ProtobufTests {
  @Test func theDocumentationsExamples() {
    var message = ProtobufWriter()
    message.integer(1, 150)
    #expect(message.bytes == [0x08, 0x96, 0x01])
    var text = ProtobufWriter()
    text.string(2, "testing")
    #expect(text.bytes == [0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67])
    var outer = ProtobufWriter()
    outer.message(3) { $0.integer(1, 150) }
    #expect(outer.bytes == [0x1a, 0x03, 0x08, 0x96, 0x01])
    var packed = ProtobufWriter()
    packed.packed(6, [3, 270, 86942])
    #expect(packed.bytes == [0x32, 0x06, 0x03, 0x8e, 0x02, 0x9e, 0xa7, 0x05])
  }

  @Test func negativeIntegersTakeTenBytes() {
    var message = ProtobufWriter()
    message.integer(1, -2)
    #expect(message.bytes == [0x08, 0xfe] + [UInt8](repeating: 0xff, count: 8) + [0x01])
  }

  @Test func floats() {
    var message = ProtobufWriter()
    message.float(2, 1)
    message.double(1, -2)
    #expect(message.bytes == [0x15, 0, 0, 0x80, 0x3f, 0x09, 0, 0, 0, 0, 0, 0, 0, 0xc0])
  }
}
