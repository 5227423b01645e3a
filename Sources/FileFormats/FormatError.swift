/// A file's content that does not follow its format.
public enum FormatError: Error, Equatable, Sendable {
  /// The bytes contradict the format: cut short, lengths that do not fit, wrong sums.
  case damaged(format: String, reason: String)
  /// A valid file that uses a part of the format Glia does not read.
  case unsupported(format: String, reason: String)
  /// Reading it would take more memory than the limit: often the sign of a damaged or hostile file.
  case tooLarge(format: String, bytes: Int, limit: Int)
}

extension FormatError: CustomStringConvertible {
  /// One line: the format and the reason.
  public var description: String {
    switch self {
    case .damaged(let format, let reason): "damaged \(format) data: \(reason)"
    case .unsupported(let format, let reason): "unsupported \(format) data: \(reason)"
    case .tooLarge(let format, let bytes, let limit):
      "\(format) data would take \(ByteCount.text(bytes)), more than the limit of \(ByteCount.text(limit))"
    }
  }
}
