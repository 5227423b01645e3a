import Tensors
import Testing

@testable import Training

@Suite struct TokenizerTests {
  let text = "low low low lower lowest new newer newest, wide wider widest"

  @Test func charactersRoundTrip() throws {
    let tokenizer = CharacterTokenizer(text)
    #expect(tokenizer.vocabulary == Set(text).sorted().map { String($0) })
    #expect(try tokenizer.decode(tokenizer.encode(text)) == text)
    #expect(throws: TensorError.self) { try tokenizer.encode("low!") }
    #expect(throws: TensorError.self) { try tokenizer.decode([999]) }
    #expect(throws: TensorError.self) { try tokenizer.decode([-1]) }
  }

  @Test func wordsByFrequency() throws {
    let tokenizer = try WordTokenizer("the cat, the dog and the bird", size: 4)
    #expect(tokenizer.vocabulary == ["<unknown>", "the", "cat", ","])
    #expect(tokenizer.encode("The bird, the cat") == [1, 0, 3, 1, 2])
    #expect(try tokenizer.decode([1, 2, 3, 1]) == "the cat, the")
  }

  @Test func pairsAreJoinedByFrequency() throws {
    let tokenizer = try BytePairTokenizer(text, size: 24)
    #expect(try tokenizer.decode(tokenizer.encode(text)) == text)
    #expect(try tokenizer.decode(tokenizer.encode("newer  lowest")) == "newer  lowest")
    #expect(tokenizer.vocabulary.contains { $0.count > 1 })
    #expect(try tokenizer.encode(text).count < text.count)
    #expect(throws: TensorError.self) { try BytePairTokenizer(text, size: 3) }
    #expect(throws: TensorError.self) { try tokenizer.encode("zzz") }
  }

  @Test func emptyTexts() throws {
    #expect(try BytePairTokenizer("", size: 10).encode("") == [])
    #expect(try CharacterTokenizer("").encode("") == [])
    #expect(try WordTokenizer("").decode([0]) == "<unknown>")
  }
}

@Suite struct AugmentationTests {
  @Test func nothingAskedForChangesNothing() throws {
    let images = try DataTests.matrix(2, 12).reshape([2, 4, 3, 1])
    #expect(try Augmentation()(images).doubles() == images.doubles())
  }

  @Test func flipMirrorsRows() throws {
    let images = try DataTests.matrix(40, 4).reshape([40, 2, 2, 1])
    let before = try images.doubles()
    let after = try Augmentation(flip: true)(images, random: RandomStream(seed: 1)).doubles()
    var flipped = 0
    for image in stride(from: 0, to: 160, by: 4) {
      let old = Array(before[image..<image + 4])
      let new = Array(after[image..<image + 4])
      if new == old { continue }
      Golden.expectClose(new, [old[1], old[0], old[3], old[2]], "mirror", relative: 1e-6, absolute: 1e-7)
      flipped += 1
    }
    #expect((8...32).contains(flipped))
  }

  @Test func shapesAndSettingsAreChecked() throws {
    #expect(throws: TensorError.self) { try Augmentation()(DataTests.matrix(2, 4)) }
    #expect(throws: TensorError.self) { try Augmentation(zoom: 1) }
    #expect(throws: TensorError.self) { try Augmentation(shift: -1) }
    let images = try DataTests.matrix(3, 64).reshape([3, 8, 8])
    #expect(try Augmentation(flip: true, shift: 0.2, rotate: 30, zoom: 0.2)(images).shape == [3, 8, 8])
  }
}
