import Interpreter
import Tensors
import Training

/// Text as numbers.
func registerTokenizers(_ catalogue: inout Catalogue) {
  let use =
    "`t.encode(text)` gives an int32 tensor, `t.decode(tokens)` the text, `t.vocabulary` the pieces; `len(t)` is their number."
  catalogue.add(
    "char_tokenizer", "(text)", .data, "A tokenizer with one number for each character of a text.\n\n\(use)",
    example: #"char_tokenizer("abca").encode("cab")  # [2, 0, 1]  # 3, int32"#
  ) { a, _ in .object(TokenizerObject("char_tokenizer", CharacterTokenizer(try a.string(0)))) }
  catalogue.add(
    "word_tokenizer", "(text, vocab = none)", .data,
    "A tokenizer with one number for each of the most frequent words; 0 stands for words it does not know.\n\n\(use)",
    example: #"word_tokenizer("a rose is a rose").decode(int32([1]))  # a"#
  ) { a, _ in
    .object(
      TokenizerObject(
        "word_tokenizer", try WordTokenizer(a.string(0), size: a.optionalInteger(1, in: 1...Int(Int32.max)))))
  }
  catalogue.add(
    "bpe_tokenizer", "(text, vocab)", .data,
    """
    A byte-pair tokenizer with up to `vocab` pieces, learnt by joining the most frequent neighbours again and again.

    \(use)

    Source: Sennrich, Haddow and Birch, ACL 2016
    """, example: #"len(bpe_tokenizer("low lower lowest", 12)) <= 12  # true"#
  ) { a, _ in
    .object(
      TokenizerObject("bpe_tokenizer", try BytePairTokenizer(a.string(0), size: a.integer(1, in: 1...Int(Int32.max)))))
  }
}

/// A tokenizer as a value.
final class TokenizerObject: ObjectValue {
  private let title: String
  private let tokenizer: any Tokenizer

  init(_ title: String, _ tokenizer: any Tokenizer) {
    self.title = title
    self.tokenizer = tokenizer
  }

  override var typeName: String { "tokenizer" }
  override var count: Int? { tokenizer.vocabulary.count }
  override func text(_ style: DisplayStyle) -> String { "<\(title) with \(tokenizer.vocabulary.count) pieces>" }
  override var memberNames: [String] { ["decode", "encode", "vocabulary"] }

  override func member(_ name: String, _ context: CallContext) throws -> Value? {
    let tokenizer = tokenizer
    switch name {
    case "vocabulary": return .items(tokenizer.vocabulary.map { .text($0) })
    case "encode":
      let signature = Signature(function: "encode", text: "(text)")
      return .function(
        HostFunction("encode", signature: signature) { arguments, _ in
          let bound = BoundArguments(signature: signature, values: try signature.bind(arguments))
          return .tensor(try tokenizer.tensor(bound.string(0)))
        })
    case "decode":
      let signature = Signature(function: "decode", text: "(tokens)")
      return .function(
        HostFunction("decode", signature: signature) { arguments, _ in
          let bound = BoundArguments(signature: signature, values: try signature.bind(arguments))
          return .text(try tokenizer.decode(bound.integers(0)))
        })
    default: return nil
    }
  }
}
