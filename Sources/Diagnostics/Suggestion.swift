/// "Did you mean …": the one place that decides whether two names are near enough to suggest one for the other.
public enum Suggestion {
  /// Longer names are not compared: the work grows with the square of the length.
  private static let maximumLength = 200

  /// The candidate most like `name`, or nil where none is near enough.
  ///
  /// What another library calls a candidate finds it (`lr` finds `rate`). Names that differ only in case or underscores
  /// come next (`crossEntropy` finds `cross_entropy`). Then counts the
  /// number of letters to insert, delete, change or swap (Damerau–Levenshtein, each pair swapped once): one for names of
  /// up to four letters, beyond that a third of the length. Among equals, a shared first letter and then the order
  /// given decide.
  public static func nearest(to name: String, among candidates: some Sequence<String>) -> String? {
    for known in [otherNames[name], otherParameterNames[name]].compactMap({ $0 }) where candidates.contains(known) {
      return known
    }
    let wanted = Array(name.unicodeScalars)
    let folded = foldedForm(name)
    guard wanted.count <= maximumLength else { return nil }
    let limit = wanted.count <= 1 ? 0 : max(1, wanted.count / 3)
    var best: (name: String, score: Int)?
    for candidate in candidates where candidate != name {
      let letters = Array(candidate.unicodeScalars)
      let score: Int
      if foldedForm(candidate) == folded {
        score = 0
      } else {
        guard abs(letters.count - wanted.count) <= limit else { continue }
        let distance = distance(wanted, letters, limit: limit)
        guard distance <= limit, distance < max(wanted.count, letters.count) else { continue }
        score = 2 * distance + (letters.first == wanted.first ? 0 : 1)
      }
      if score < best?.score ?? Int.max { best = (candidate, score) }
    }
    return best?.name
  }

  /// What to say about a name that is not defined: another language's spelling, or the nearest known name.
  public static func hint(forUnknown name: String, among candidates: some Sequence<String>) -> String? {
    if let spelling = foreignNames[name] { return "in Glia this is \(spelling)" }
    return nearest(to: name, among: candidates).map { "did you mean `\($0)`?" }
  }

  /// Names that other languages give to things that Glia spells otherwise.
  private static let foreignNames: [String: String] = [
    "None": "`none`", "null": "`none`", "nil": "`none`", "NULL": "`none`", "undefined": "`none`", "nothing": "`none`",
    "True": "`true`", "TRUE": "`true`", "False": "`false`", "FALSE": "`false`", "NaN": "`nan`", "Inf": "`inf`",
    "Infinity": "`inf`", "println": "`print`", "printf": "`print`", "echo": "`print`", "elif": "`else if`",
    "raise": "`error(\"…\")`", "throw": "`error(\"…\")`", "lambda": "`x -> …`", "def": "`fn`", "function": "`fn`",
    "func": "`fn`", "const": "`let`",
    "int": "`int32(x)`, or `floor(x)` for the whole part of a number", "float": "`number(x)`",
    "np": "a built-in without prefix: `zeros(3)`", "torch": "a built-in without prefix: `zeros(3)`",
    "tf": "a built-in without prefix: `zeros(3)`", "Sequential": "`>>` between layers: `dense(8) >> dense(2)`",
    "sequential": "`>>` between layers: `dense(8) >> dense(2)`", "length": "`len`",
    "size": "`len` (of a list) or `x.size` (of a tensor)",
  ]

  /// Names by which other libraries know a built-in, for `help` and for suggestions; the language has one name for each.
  public static let otherNames: [String: String] = [
    "xavier_uniform": "glorot_uniform", "xavier_normal": "glorot_normal", "kaiming_uniform": "he_uniform",
    "kaiming_normal": "he_normal", "silu": "swish", "arange": "range", "average": "mean", "var": "variance",
    "cat": "concat", "matmul": "dot", "view": "reshape", "unsqueeze": "expand",
    "expand_dims": "expand", "categorical_cross_entropy": "cross_entropy",
    "sparse_categorical_cross_entropy": "cross_entropy", "bce": "binary_cross_entropy", "append": "push",
    "maxpool2d": "max_pool2d", "avgpool2d": "avg_pool2d", "batchnorm": "batch_norm", "MaxPooling2D": "max_pool2d",
    "AveragePooling2D": "avg_pool2d", "batch_normalization": "batch_norm", "BatchNormalization": "batch_norm",
    "LayerNormalization": "layer_norm", "categorical_crossentropy": "cross_entropy",
    "sparse_categorical_crossentropy": "cross_entropy", "CrossEntropyLoss": "cross_entropy", "MSELoss": "mse",
    "to_categorical": "one_hot", "detach": "stop_gradient",
  ]

  /// Names that other libraries give to parameters.
  private static let otherParameterNames: [String: String] = [
    "batch_size": "batch", "learning_rate": "rate", "lr": "rate", "keepdims": "keep", "keepdim": "keep", "dim": "axis",
    "test_size": "test", "random_state": "seed", "maxlen": "length", "num_epochs": "epochs", "criterion": "loss",
    "class_weight": "class_weights", "sample_weight": "sample_weights", "kernel_initializer": "kernel_init",
    "bias_initializer": "bias_init", "eps": "epsilon", "validation_split": "validation",
    "validation_data": "validation",
  ]

  /// Members of other libraries' objects, and what does their work.
  public static let foreignMembers: [String: String] = [
    "backward": "gradients are taken of functions: `grad(p -> loss(p(x), y))(net)`",
    "detach": "write `stop_gradient(x)`",
    "zero_grad": "gradients are values here, and there is nothing to clear", "item": "write `number(x)`",
    "numpy": "tensors need no conversion", "cuda": "everything runs on the processor",
    "eval": "a call is in use, not in training, unless `training: true` is given",
    "train": "`fit(net, x, y, …)` trains, and `net(x, training: true)` calls it as in training",
    "parameters": "they are `net.params`", "state_dict": "`weights(net)` gives them by name",
    "compile": "loss, optimizer and metrics are given to `fit`", "summary": "write `summary(net)`",
  ]

  /// What to say of parameters that other libraries' functions have and no function here.
  public static let foreignParameters: [String: String] = [
    "learning_rate": "the rate belongs to the optimizer: `optimizer: adam(0.001)`",
    "lr": "the rate belongs to the optimizer: `optimizer: adam(0.001)`",
    "dtype": "`float32(x)`, `float64(x)`, `int32(x)` and `bool(x)` convert",
    "device": "everything runs on the processor",
    "requires_grad": "`grad(f)` differentiates with respect to the arguments of f",
  ]

  /// Lower case without underscores: `crossEntropy` and `cross_entropy` are one word.
  private static func foldedForm(_ name: String) -> String {
    name.lowercased().filter { $0 != "_" }
  }

  /// The optimal string alignment distance, or something above `limit` as soon as that is certain.
  static func distance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar], limit: Int) -> Int {
    if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
    var beforeLast = [Int](repeating: 0, count: b.count + 1)
    var last = Array(0...b.count)
    var current = beforeLast
    for i in 1...a.count {
      current[0] = i
      for j in 1...b.count {
        let change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
        var cost = min(change, last[j] + 1, current[j - 1] + 1)
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
          cost = min(cost, beforeLast[j - 2] + 1)
        }
        current[j] = cost
      }
      if current.min() ?? 0 > limit { return limit + 1 }
      (beforeLast, last, current) = (last, current, beforeLast)
    }
    return last[b.count]
  }
}
