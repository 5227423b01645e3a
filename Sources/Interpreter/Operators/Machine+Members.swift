import Diagnostics
import Tensors

extension Machine {
  /// `x.name` where it is no field that the loop found.
  func member(of value: Value, _ site: MemberSite) throws -> Value {
    if let found = try ownMember(site, of: value) { return found }
    // `xs.len` without a call is the function with its first argument given? No: it is an error that says so.
    throw RuntimeError.unknownMember(site.key.text, of: value, among: memberNames(of: value))
  }

  /// The member of a value, nil where it has none of that name.
  func ownMember(_ site: MemberSite, of value: Value) throws -> Value? {
    switch value {
    case .record(let record): return record.position(of: site.key).map { record.value(at: $0) }
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
  /// Where a field is, by the position that the site remembers or by search.
  @inline(__always)
  func field(_ site: Unmanaged<MemberSite>) -> ValuePointer? {
    let position = position(site)
    guard position >= 0 else { return nil }
    return values.withUnsafeBufferPointer {
      UnsafeMutablePointer(mutating: $0.baseAddress.unsafelyUnwrapped + position)
    }
  }

  /// Where a field is, for changing it; for whoever holds the only reference to the record.
  @inline(__always)
  func uniqueField(_ site: Unmanaged<MemberSite>) -> ValuePointer? {
    let position = position(site)
    guard position >= 0 else { return nil }
    return values.withUnsafeMutableBufferPointer { $0.baseAddress.unsafelyUnwrapped + position }
  }

  @inline(__always)
  private func position(_ site: Unmanaged<MemberSite>) -> Int {
    site._withUnsafeGuaranteedRef { site in
      let hint = site.hint
      if shape.hasKey(site.key, at: hint) { return hint }
      let found = shape.find(site.key)
      if found >= 0 { site.hint = found }
      return found
    }
  }
}

extension RecordShape {
  @inline(__always)
  func hasKey(_ key: StringValue, at position: Int) -> Bool { position < keys.count && keys[position] === key }
}
