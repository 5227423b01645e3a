/// How large a program may be. Past a limit stands an error, never a stack overflow.
public enum SyntaxLimits {
  /// How deeply expressions and blocks may be nested: brackets in brackets, `if` in `if`, `-` after `-`.
  /// The parser calls itself this often at most.
  public static let maximumNesting = 200
  /// How high the tree of one expression may be. A chain such as `1 + 1 + …` leans to the left and is as high as it
  /// has operators; whatever walks the tree (the compiler, or releasing it) calls itself this often at most.
  public static let maximumHeight = 1_000
  /// After this many errors the rest of a file is not looked at: what follows is mostly their echo.
  public static let maximumErrors = 20
}
