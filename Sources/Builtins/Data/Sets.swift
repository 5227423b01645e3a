import Interpreter
import Tensors
import Training

/// Data sets inside the binary, and sets made by a formula: records with `x`, `y`, `names`, `about`.
func registerSets(_ catalogue: inout Catalogue) {
  let bundled: [(String, String, String, () throws -> ExampleSet)] = [
    (
      "digits", "1,797 handwritten digits: 8×8 images as rows of 64 values from 0 to 16, and their class numbers.",
      "(1797, 64)", BundledSets.digits
    ),
    ("iris", "150 flowers of three kinds with four lengths each (Fisher, 1936).", "(150, 4)", BundledSets.iris),
    ("wine", "178 wines of three growers with 13 measurements each.", "(178, 13)", BundledSets.wine),
    (
      "breast_cancer", "569 tumours with 30 measurements each; benign is class 1.", "(569, 30)",
      BundledSets.breastCancer
    ),
    (
      "diabetes", "442 patients with ten measurements each, and the progress of their disease after a year.",
      "(442, 10)", BundledSets.diabetes
    ),
  ]
  for (name, summary, shape, load) in bundled {
    catalogue.add(
      name, "()", .data,
      "\(summary)\n\nA record with `x`, `y`, `names` (of the columns), `classes` where there are any, `about`.",
      example: "\(name)().x.shape  # \(shape)"
    ) { _, _ in record(of: try load()) }
  }
  catalogue.add(
    "shakespeare", "()", .data,
    "A piece of Shakespeare as character numbers: `y` is `x` one character later, `names` the characters, `text` the text.",
    example: "shakespeare().x.rank  # 1"
  ) { _, _ in record(of: try BundledSets.shakespeare()) }

  let plane =
    "A record with `x` (n, 2), `y` (class numbers), `names`, `about`. `noise` is the standard deviation of what is added."
  catalogue.add(
    "make_moons", "(n = 100, noise = 0.1)", .data, "Two half circles that reach into each other.\n\n\(plane)",
    example: "make_moons(50).x.shape  # (50, 2)"
  ) { a, _ in record(of: try MadeSets.moons(a.rows(0), noise: a.number(1))) }
  catalogue.add(
    "make_circles", "(n = 100, noise = 0.05, factor = 0.5)", .data,
    "A circle inside another; `factor` is the ratio of their radii.\n\n\(plane)",
    example: "make_circles(50).x.shape  # (50, 2)"
  ) { a, _ in record(of: try MadeSets.circles(a.rows(0), noise: a.number(1), factor: a.number(2))) }
  catalogue.add(
    "make_blobs", "(n = 100, centres = 3, noise = 1)", .data,
    "Round clouds about centres on a circle of radius 5.\n\n\(plane)",
    example: "make_blobs(50).x.shape  # (50, 2)"
  ) { a, _ in record(of: try MadeSets.blobs(a.rows(0), centres: a.integer(1, in: 1...10_000), noise: a.number(2))) }
  catalogue.add(
    "make_spirals", "(n = 100, noise = 0.1, classes = 2, turns = 1.5)", .data,
    "Spiral arms, one for each class.\n\n\(plane)",
    example: "make_spirals(50).x.shape  # (50, 2)"
  ) { a, _ in
    record(
      of: try MadeSets.spirals(a.rows(0), noise: a.number(1), classes: a.integer(2, in: 1...10_000), turns: a.number(3))
    )
  }
  catalogue.add(
    "make_regression", "(n = 100, features = 1, noise = 0.1)", .data,
    "Rows of normal numbers, and a linear function of them with noise.\n\nA record with `x`, `y` (n, 1), `names`, `about`.",
    example: "make_regression(50, features: 3).x.shape  # (50, 3)"
  ) { a, _ in
    record(of: try MadeSets.regression(a.rows(0), features: a.integer(1, in: 1...1_000_000), noise: a.number(2)))
  }
  catalogue.add(
    "sine_wave", "(n = 100, noise = 0)", .data, "One period of the sine.\n\nA record with `x`, `y`, `names`, `about`.",
    example: "len(sine_wave(50).x)  # 50"
  ) { a, _ in record(of: try MadeSets.sineWave(a.rows(0), noise: a.number(1))) }
  for gate in MadeSets.Gate.allCases {
    catalogue.add(
      "\(gate.rawValue)_table", "()", .data, "The truth table of `a \(gate.rawValue) b`: `x` (4, 2) and `y` (4, 1).",
      example: "\(gate.rawValue)_table().x.shape  # (4, 2)"
    ) { _, _ in record(of: try MadeSets.table(gate)) }
  }
}

extension BoundArguments {
  /// A number of rows.
  fileprivate func rows(_ position: Int) throws -> Int { try integer(position, in: 1...100_000_000) }
}

/// A data set as a record.
func record(of set: ExampleSet) -> Value {
  var fields: [(String, Value)] = [
    ("x", .tensor(set.x)), ("y", .tensor(set.y)), ("names", .items(set.names.map { .text($0) })),
  ]
  if !set.classes.isEmpty { fields.append(("classes", .items(set.classes.map { .text($0) }))) }
  if let text = set.text { fields.append(("text", .text(text))) }
  fields.append(("about", .text(set.about)))
  return .fields(fields)
}
