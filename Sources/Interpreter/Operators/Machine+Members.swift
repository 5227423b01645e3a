import Diagnostics
import Tensors

extension Machine {
  /// `x.name` where it is no field that the loop found.
  func member(of value: Value, _ site: MemberSite) throws -> Value {
    if let found = try ownMember(site, of: value) { return found }
    throw RuntimeError.unknownMember(site.key.text, of: value, among: memberNames(of: value))
  }

  /// The member of a value, nil where it has none of that name.
  func ownMember(_ site: MemberSite, of value: Value) throws -> Value? {
    switch value {
    case .record(let record):
      let position = record.shape.find(site)
      return position < 0 ? nil : record.value(at: position)
    case .object(let object): return try object.member(site.key.text, self)
    case .tensor(let tensor):
      switch site.key.text {
      case "shape": return .shape(tensor.shape)
      case "rank": return .number(Double(tensor.rank))
      case "size": return .number(Double(tensor.count))
      case "dtype": return .text(tensor.dtype.name)
      case "T": return .tensor(try tensor.transpose())
      default: return nil
      }
    default: return nil
    }
  }

  /// The members of a value, for did-you-mean and completion.
  public func memberNames(of value: Value) -> [String] {
    switch value {
    case .record(let record): record.names
    case .object(let object): object.memberNames
    case .tensor: ["shape", "rank", "size", "dtype", "T"]
    default: []
    }
  }
}

extension RecordValue {
  /// Where a field is, for changing it; for whoever holds the only reference to the record.
  func uniqueField(_ site: MemberSite) -> ValuePointer? {
    let position = shape.find(site)
    guard position >= 0 else { return nil }
    return values.withUnsafeMutableBufferPointer { $0.baseAddress.unsafelyUnwrapped + position }
  }
}
