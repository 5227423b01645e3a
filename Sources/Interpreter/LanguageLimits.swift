/// What the language refuses, so that a size is an error and never a crash.
public enum LanguageLimits {
  /// Elements of one list: 1.6 GB of them.
  public static let maximumListLength = 100_000_000
  /// Bytes of one string: what fits into memory several times over.
  public static let maximumStringLength = 1 << 30
  /// Bytes of the text of one list or record: `str` refuses more, the display cuts it.
  public static let maximumDisplayLength = 1 << 28
  /// Calls of functions of the language inside each other.
  public static let maximumCallDepth = 200_000
  /// Calls through built-ins (`map(f)`, `grad(f)`) inside each other: they use the process's stack.
  public static let maximumNativeDepth = 10_000
  /// How deep a display shows lists in lists.
  public static let maximumDisplayDepth = 100
}
