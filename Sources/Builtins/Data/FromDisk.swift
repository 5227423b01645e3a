import Interpreter
import Tensors
import Training

/// Data sets in the files that their makers gave out, and folders of pictures.
func registerDataFiles(_ catalogue: inout Catalogue) {
  let parts = "A record with `train` and `test`, each with `x`, `y`, `names`, `classes`, `about`; values are 0 to 1."
  let loaders: [(String, String, (String) throws -> DatasetFiles.ImageClasses)] = [
    ("mnist", "Handwritten digits, 28×28, from the four IDX files in a folder, plain or `.gz`.", DatasetFiles.mnist),
    (
      "fashion_mnist", "Articles of clothing, 28×28, from the four IDX files in a folder, plain or `.gz`.",
      DatasetFiles.fashionMnist
    ),
    (
      "cifar10", "Photographs of ten kinds of things, 32×32, from the binary batches in a folder.", DatasetFiles.cifar10
    ),
  ]
  for (name, summary, load) in loaders {
    catalogue.add(name, "(dir)", .data, "\(summary)\n\n\(parts)", example: "type(\(name))  # function") { a, c in
      let sets = try load(c.host.pathForReading(a.string(0)))
      return .fields([("train", record(of: sets.train)), ("test", record(of: sets.test))])
    }
  }

  catalogue.add(
    "image_folder", "(dir, size)", .data,
    """
    Pictures in a folder, one folder inside for each class, scaled to one size (a number, or (height, width)); values are 0 to 1.

    A dataset for `fit` and `batches` that reads pictures when their turn comes; `.classes` are the names of the classes.
    """, example: "type(image_folder)  # function"
  ) { a, c in
    let size = try a.sizes(1, count: 2, in: 1...100_000)
    let folder = try ImageFolder(c.host.pathForReading(a.string(0)), height: size[0], width: size[1])
    return .object(
      DatasetObject("image_folder", folder, facts: [("classes", .items(folder.classes.map { .text($0) }))]))
  }
}
