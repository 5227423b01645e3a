import FileFormats
import Testing

@Suite struct DeflateTests {
  @Test func gzipRoundTripsAndRepeats() throws {
    let content = Array(String(repeating: "glia ", count: 1000).utf8)
    let packed = try Deflate.deflate(content)
    #expect(packed.count < 100)
    #expect(try packed == Deflate.deflate(content))
    #expect(try Deflate.inflate(packed) == content)
    #expect(try Deflate.inflate(packed + packed) == content + content)
    #expect(try Deflate.inflate(Deflate.deflate([])) == [])
  }

  @Test func aBombStopsAtTheLimit() throws {
    let packed = try Deflate.deflate([UInt8](repeating: 0, count: 1 << 20))
    #expect(throws: FormatError.tooLarge(format: "gzip", bytes: 786432, limit: 1 << 20 - 1)) {
      try Deflate.inflate(packed, limit: 1 << 20 - 1)
    }
    #expect(throws: FormatError.damaged(format: "gzip", reason: "the data end early")) {
      try Deflate.inflate(Array(packed.dropLast(9)))
    }
  }
}

@Suite struct NPYTests {
  /// `numpy.save` of `numpy.array([[1, 2], [3, 4]], dtype=">i2", order="F")`.
  static let bigEndianColumnMajor: [UInt8] =
    [0x93] + Array("NUMPY".utf8) + [1, 0, 70, 0]
    + Array("{'descr': '>i2', 'fortran_order': True, 'shape': (2, 2), }          \n ".utf8) + [0, 1, 0, 3, 0, 2, 0, 4]

  @Test func otherOrdersAreBroughtIntoOne() throws {
    let array = try NPY.read(NPYTests.bigEndianColumnMajor)
    #expect(array.shape == [2, 2])
    #expect(array.doubles() == [1, 2, 3, 4])
  }

  @Test(arguments: ElementType.allCases.filter { $0 != .bfloat16 })
  func everyTypeRoundTrips(type: ElementType) throws {
    for shape in [[], [3], [2, 0], [2, 3]] {
      let count = shape.reduce(type.size, *)
      let array = try RawArray(type: type, shape: shape, bytes: (0..<count).map { UInt8($0 % 2) })
      let bytes = try NPY.write(array)
      #expect((bytes.count - count) % 64 == 0)
      #expect(try NPY.read(bytes) == array)
    }
  }

  @Test func valuesOfTheTypes() throws {
    #expect(try RawArray([1.5, -2], shape: [2]).doubles() == [1.5, -2])
    #expect(try RawArray([1.5, -2] as [Float], shape: [2]).doubles() == [1.5, -2])
    #expect(try RawArray([7, -8] as [Int32], shape: [2]).floats() == [7, -8])
    #expect(try RawArray([true, false], shape: [2]).doubles() == [1, 0])
    let halves: [UInt8] = [0x00, 0x3C, 0x00, 0xC0, 0x01, 0x00, 0x00, 0x7C, 0xFF, 0x7B]
    #expect(
      try RawArray(type: .float16, shape: [5], bytes: halves).doubles() == [1, -2, 0x1p-24, .infinity, 65504])
    #expect(try RawArray(type: .bfloat16, shape: [1], bytes: [0x80, 0x3F]).floats() == [1])
  }

  @Test func impossibleShapesAreRefused() {
    let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (9223372036854775807, 8), }\n"
    let bytes = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + header.utf8
    #expect(throws: FormatError.self) { try NPY.read(bytes) }
    #expect(throws: FormatError.self) { try RawArray([1.0], shape: [-1]) }
  }

  @Test func archivesKeepNamesAndOrder() throws {
    let a = try RawArray([1, 2] as [Float], shape: [2])
    let b = try RawArray([true], shape: [])
    for compressed in [false, true] {
      let read = try NPZ.read(NPZ.write([("z", a), ("weights/ü", b)], compressed: compressed))
      #expect(read.map(\.name) == ["z", "weights/ü"])
      #expect(read.map(\.array) == [a, b])
    }
  }

  @Test func anArchiveCannotInflateBeyondTheLimit() throws {
    let zeros = try RawArray([Float](repeating: 0, count: 100_000), shape: [100_000])
    let bytes = try NPZ.write([("a", zeros), ("b", zeros)], compressed: true)
    #expect(throws: FormatError.tooLarge(format: "zip", bytes: 400_128, limit: 500_000)) {
      try NPZ.read(bytes, limit: 500_000)
    }
  }
}

@Suite struct IDXTests {
  @Test func imagesAndGzip() throws {
    let bytes: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2, 9, 8, 7, 255]
    let array = try IDX.read(bytes)
    #expect(array.shape == [1, 2, 2])
    #expect(array.doubles() == [9, 8, 7, 255])
    #expect(try IDX.read(Deflate.deflate(bytes)) == array)
  }

  @Test func otherTypesAreBigEndian() throws {
    #expect(try IDX.read([0, 0, 0x0C, 1, 0, 0, 0, 1, 0xFF, 0xFF, 0xFF, 0xFE]).doubles() == [-2])
  }

  @Test func hugeSizesAreRefused() {
    #expect(throws: FormatError.self) {
      try IDX.read([0, 0, 8, 3, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1])
    }
  }
}

@Suite struct SafetensorsTests {
  static func file(_ header: String, _ body: [UInt8] = []) -> [UInt8] {
    [UInt8(header.utf8.count), 0, 0, 0, 0, 0, 0, 0] + header.utf8 + body
  }

  @Test func roundTrip() throws {
    let file = Safetensors(
      metadata: ["b": "2", "a": "1"],
      items: [
        .init(name: "x", array: try RawArray([true, false, true], shape: [3])),
        .init(name: "dense.kernel", array: try RawArray([1, 2, 3, 4] as [Float], shape: [2, 2])),
        .init(name: "empty", array: try RawArray([Double](), shape: [0, 4])),
      ])
    let bytes = try file.serialized()
    #expect(try Safetensors(reading: bytes) == file)
    #expect(try file.serialized() == bytes)
    #expect(file["dense.kernel"]?.shape == [2, 2])
  }

  @Test(arguments: [
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}"#, 6
    ),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, 8),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 8),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4),
    (#"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,4]}}"#, 4),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, 4),
    (#"{"a":{"dtype":"Q7","shape":[1],"data_offsets":[0,4]}}"#, 4),
    (#"{"__metadata__":{"a":1}}"#, 0), (#"{"a":1}"#, 0), ("[]", 0), ("{", 0),
  ])
  func lyingHeadersAreRefused(header: String, bytes: Int) {
    #expect(throws: FormatError.self) {
      try Safetensors(reading: SafetensorsTests.file(header, [UInt8](repeating: 0, count: bytes)))
    }
  }

  @Test func aHugeHeaderLengthIsRefused() {
    #expect(throws: FormatError.self) { try Safetensors(reading: [UInt8](repeating: 255, count: 8) + [0]) }
  }

  @Test func invalidUTF8InTheHeaderIsRefused() {
    #expect(throws: FormatError.self) {
      try Safetensors(reading: [5, 0, 0, 0, 0, 0, 0, 0] + Array("{\"".utf8) + [0xFF, 0x22, 0x7D])
    }
  }
}
