import Tensors

/// Turns text into numbers and back.
public protocol Tokenizer {
  /// The pieces of text; a piece's number is its position.
  var vocabulary: [String] { get }
  /// The numbers of a text's pieces.
  /// - Throws: a value error for text that the vocabulary cannot express.
  func encode(_ text: String) throws -> [Int]
  /// The text of numbers.
  /// - Throws: an index error for a number without a piece.
  func decode(_ tokens: [Int]) throws -> String
}

extension Tokenizer {
  func piece(_ token: Int) throws -> String {
    guard vocabulary.indices.contains(token) else {
      throw TensorError(
        .index, "token \(token) does not exist: there are \(vocabulary.count), 0 to \(vocabulary.count - 1)")
    }
    return vocabulary[token]
  }

  /// The numbers of a text's pieces as an int32 tensor of rank 1.
  public func tensor(_ text: String) throws -> Tensor {
    let tokens = try encode(text)
    return try Tensor(int32: tokens.map { Int32(clamping: $0) }, shape: [tokens.count])
  }
}

/// One number a character; the vocabulary is the sorted characters of a text.
public struct CharacterTokenizer: Tokenizer {
  public let vocabulary: [String]
  private let numbers: [Character: Int]

  public init(_ text: String) {
    let characters = Set(text).sorted()
    vocabulary = characters.map(String.init)
    numbers = Dictionary(uniqueKeysWithValues: zip(characters, characters.indices))
  }

  public func encode(_ text: String) throws -> [Int] {
    try text.map { character in
      guard let number = numbers[character] else { throw unknownCharacter(character) }
      return number
    }
  }

  public func decode(_ tokens: [Int]) throws -> String { try tokens.map(piece).joined() }
}

func unknownCharacter(_ character: some CustomStringConvertible) -> TensorError {
  TensorError(
    .value, "`\(character)` does not occur in the text that the tokenizer was made from",
    hint: "make it from a text that holds every character you need")
}

/// One number a word: lower-case runs of letters and digits, and each other visible character by itself. Piece 0 is
/// `<unknown>`, the others are the most frequent words, the earlier first among equals.
public struct WordTokenizer: Tokenizer {
  public static let unknown = "<unknown>"
  public let vocabulary: [String]
  private let numbers: [String: Int]

  /// - Parameter size: pieces at most, `<unknown>` included; nil for all words.
  /// - Throws: a value error for a size below 2.
  public init(_ text: String, size: Int? = nil) throws {
    if let size, size < 2 { throw TensorError(.value, "a vocabulary needs at least 2 pieces, and got \(size)") }
    var counts: [String: (count: Int, first: Int)] = [:]
    for (position, word) in WordTokenizer.words(text).enumerated() {
      counts[word, default: (0, position)].count += 1
    }
    let ordered = counts.sorted {
      $0.value.count != $1.value.count ? $0.value.count > $1.value.count : $0.value.first < $1.value.first
    }
    vocabulary = [WordTokenizer.unknown] + ordered.prefix((size ?? ordered.count + 1) - 1).map(\.key)
    numbers = Dictionary(uniqueKeysWithValues: zip(vocabulary, vocabulary.indices))
  }

  static func words(_ text: String) -> [String] {
    var words: [String] = []
    var word = ""
    for character in text.lowercased() {
      if character.isLetter || character.isNumber || (character == "'" && !word.isEmpty) {
        word.append(character)
        continue
      }
      if !word.isEmpty { words.append(word) }
      word = ""
      if !character.isWhitespace { words.append(String(character)) }
    }
    if !word.isEmpty { words.append(word) }
    return words
  }

  public func encode(_ text: String) -> [Int] { WordTokenizer.words(text).map { numbers[$0] ?? 0 } }

  /// The words with a space between them; punctuation stands at the word before it.
  public func decode(_ tokens: [Int]) throws -> String {
    var text = ""
    for token in tokens {
      let word = try piece(token)
      let isPunctuation = word.count == 1 && ".,;:!?)".contains(word)
      if !text.isEmpty, !isPunctuation { text += " " }
      text += word
    }
    return text
  }
}

/// Byte-pair encoding (Sennrich, Haddow & Birch 2016): starts from the characters of a text and joins the most frequent
/// neighbours within a word, again and again. A word keeps the space before it, so that decoding is exact.
public struct BytePairTokenizer: Tokenizer {
  public let vocabulary: [String]
  private let numbers: [String: Int]
  /// The rank of each join: a lower one was learnt earlier and is done first.
  private let ranks: [Pair: Int]

  struct Pair: Hashable {
    let left: Int
    let right: Int
  }

  /// - Parameter size: pieces, the single characters included; fewer where nothing is left to join.
  /// - Throws: a value error where the text has more characters than that.
  public init(_ text: String, size: Int) throws {
    let characters = Set(text).sorted()
    guard size >= characters.count else {
      throw TensorError(
        .value, "the text has \(characters.count) different characters, more than a vocabulary of \(size)")
    }
    var pieces = characters.map(String.init)
    let characterNumbers = Dictionary(uniqueKeysWithValues: zip(characters, characters.indices))
    // Each different word once, with its count, in order of first appearance.
    var positions: [Substring: Int] = [:]
    var words: [(pieces: [Int], count: Int)] = []
    for word in BytePairTokenizer.words(text) {
      if let position = positions[word] {
        words[position].count += 1
      } else {
        positions[word] = words.count
        words.append((word.compactMap { characterNumbers[$0] }, 1))
      }
    }
    var ranks: [Pair: Int] = [:]
    var counts: [Pair: Int] = [:]
    var holders: [Pair: Set<Int>] = [:]
    func count(_ index: Int, _ sign: Int) {
      let (list, times) = words[index]
      for (a, b) in zip(list, list.dropFirst()) {
        let pair = Pair(left: a, right: b)
        counts[pair, default: 0] += sign * times
        if sign > 0 { holders[pair, default: []].insert(index) }
      }
    }
    for index in words.indices { count(index, 1) }
    while pieces.count < size {
      let best = counts.max {
        $0.value != $1.value
          ? $0.value < $1.value
          : ($0.key.left, $0.key.right) > ($1.key.left, $1.key.right)
      }
      guard let pair = best?.key, let times = best?.value, times > 1 else { break }
      let joined = pieces.count
      pieces.append(pieces[pair.left] + pieces[pair.right])
      ranks[pair] = joined
      for index in holders[pair, default: []].sorted() {
        count(index, -1)
        words[index].pieces = BytePairTokenizer.join(words[index].pieces, pair, into: joined)
        count(index, 1)
      }
      counts[pair] = nil
      holders[pair] = nil
    }
    self.ranks = ranks
    vocabulary = pieces
    numbers = Dictionary(zip(pieces, pieces.indices), uniquingKeysWith: { first, _ in first })
  }

  /// Words with the white space before them.
  static func words(_ text: String) -> [Substring] {
    var words: [Substring] = []
    var start = text.startIndex
    var index = start
    var hasLetters = false
    while index < text.endIndex {
      let isSpace = text[index].isWhitespace
      if isSpace, hasLetters {
        words.append(text[start..<index])
        start = index
        hasLetters = false
      } else if !isSpace {
        hasLetters = true
      }
      index = text.index(after: index)
    }
    if start < text.endIndex { words.append(text[start...]) }
    return words
  }

  private static func join(_ pieces: [Int], _ pair: Pair, into joined: Int) -> [Int] {
    var result: [Int] = []
    var index = 0
    while index < pieces.count {
      if index + 1 < pieces.count, pieces[index] == pair.left, pieces[index + 1] == pair.right {
        result.append(joined)
        index += 2
      } else {
        result.append(pieces[index])
        index += 1
      }
    }
    return result
  }

  public func encode(_ text: String) throws -> [Int] {
    var known: [Substring: [Int]] = [:]
    var tokens: [Int] = []
    for word in BytePairTokenizer.words(text) {
      if let pieces = known[word] {
        tokens += pieces
        continue
      }
      var pieces = try word.map { character in
        guard let number = numbers[String(character)] else { throw unknownCharacter(character) }
        return number
      }
      while true {
        let pairs = zip(pieces, pieces.dropFirst()).map { Pair(left: $0, right: $1) }
        let first = pairs.compactMap { pair in ranks[pair].map { (rank: $0, pair: pair) } }.min { $0.rank < $1.rank }
        guard let first else { break }
        pieces = BytePairTokenizer.join(pieces, first.pair, into: first.rank)
      }
      known[word] = pieces
      tokens += pieces
    }
    return tokens
  }

  public func decode(_ tokens: [Int]) throws -> String { try tokens.map(piece).joined() }
}
