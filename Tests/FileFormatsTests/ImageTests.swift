import FileFormats
import Testing

@Suite struct ImageTests {
  @Test(arguments: 1...4)
  func pngRoundTrips(channels: Int) throws {
    let image = try Image(
      width: 5, height: 3, channels: channels, pixels: (0..<15 * channels).map { UInt8($0 * 4 % 256) })
    let bytes = try PNG.write(image)
    #expect(try Image.read(bytes) == image)
    #expect(try PNG.write(image) == bytes)
  }

  @Test func noisyPicturesFitTheBound() throws {
    var random = SplitMix(seed: 3)
    let pixels = (0..<301 * 97 * 3).map { _ in UInt8.random(in: 0...255, using: &random) }
    let image = try Image(width: 301, height: 97, channels: 3, pixels: pixels)
    #expect(try PNG.read(PNG.write(image)) == image)
  }

  @Test func allFormsOfPNM() throws {
    let grey = try Image(width: 2, height: 2, channels: 1, pixels: [0, 128, 255, 64])
    #expect(try Image.read(PNM.write(grey)) == grey)
    #expect(try Image.read(Array("P2 # a comment\n2 2 255 0 128 255 64".utf8)) == grey)
    #expect(try Image.read(Array("P1\n3 1\n101".utf8)).pixels == [0, 255, 0])
    #expect(try Image.read(Array("P4\n3 2\n".utf8) + [0b1010_0000, 0b0100_0000]).pixels == [0, 255, 0, 255, 0, 255])
    #expect(try Image.read(Array("P5 1 1 65535\n".utf8) + [0xFF, 0xFF]).pixels == [255])
    #expect(try Image.read(Array("P3 1 1 15 15 0 5".utf8)).pixels == [255, 0, 85])
    let colour = try Image(width: 1, height: 2, channels: 4, pixels: [1, 2, 3, 255, 4, 5, 6, 0])
    #expect(try Image.read(PNM.write(colour)).pixels == [1, 2, 3, 4, 5, 6])
  }

  @Test(arguments: [
    "P5 99999 99999 255\n", "P5 0 1 255\n", "P5 1 1 0\n", "P9", "P6 1 1 255\n1", "P1 2 2 101", "GIF89a",
  ])
  func damagedPicturesAreRefused(text: String) {
    #expect(throws: FormatError.self) { try Image.read(Array(text.utf8)) }
  }

  @Test func sizesMustFitThePixels() {
    #expect(throws: FormatError.self) { try Image(width: 2, height: 2, channels: 1, pixels: [1]) }
    #expect(throws: FormatError.self) { try Image(width: Int.max, height: 2, channels: 4, pixels: [1]) }
    #expect(throws: FormatError.self) { try Image(width: 1, height: 1, channels: 5, pixels: [1]) }
  }
}

@Suite struct Base64Tests {
  @Test(arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")])
  func examplesOfTheStandard(plain: String, text: String) {
    #expect(Base64.text(Array(plain.utf8)) == text)
    #expect(Base64.bytes(text) == Array(plain.utf8))
  }

  @Test func malformedTextsAreRefused() {
    #expect(Base64.bytes("Zg=") == nil)
    #expect(Base64.bytes("Z") == nil)
    #expect(Base64.bytes("Zg==Zg==") == nil)
    #expect(Base64.bytes("Z!==") == nil)
    #expect(Base64.bytes(" Zm\n9v ") == Array("foo".utf8))
  }
}
