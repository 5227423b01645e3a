import FileFormats
import Tensors

/// Data sets in the files that their makers gave out.
public enum DatasetFiles {
  /// Training and test images with their classes.
  public struct ImageClasses {
    public var train: ExampleSet
    public var test: ExampleSet
  }

  /// MNIST or Fashion-MNIST: four IDX files in a folder, plain or `.gz`. Images are (n, 28, 28, 1) with values 0 to 1.
  /// A folder with the test files alone gives them as both parts.
  /// - Throws: an io error that names the missing file, or says what is wrong with one.
  public static func idx(_ folder: String, names: [String], about: String) throws -> ImageClasses {
    func part(_ stem: String) throws -> ExampleSet? {
      guard let imagePath = find(folder, "\(stem)-images-idx3-ubyte", "\(stem)-images.idx3-ubyte") else { return nil }
      guard let labelPath = find(folder, "\(stem)-labels-idx1-ubyte", "\(stem)-labels.idx1-ubyte") else {
        throw TensorError(.io, "\(folder) has \(imagePath) and no labels for it")
      }
      let images = try read(imagePath)
      let labels = try read(labelPath)
      guard images.shape.count == 3, labels.shape == [images.shape[0]], images.type == .uint8 else {
        throw TensorError(
          .io,
          "\(imagePath) and \(labelPath) do not belong together: \(images.shape.shapeText) and \(labels.shape.shapeText)"
        )
      }
      return ExampleSet(
        x: try Tensor(images.bytes.map { Float($0) / 255 }, shape: images.shape + [1]), y: try Tensor(labels),
        names: [], classes: names, about: about)
    }
    let train = try part("train")
    let test = try part("t10k") ?? train
    guard let test else {
      throw TensorError(
        .io, "\(folder) has no train-images-idx3-ubyte and no t10k-images-idx3-ubyte (plain or .gz)",
        hint: "put the four files of the data set into the folder")
    }
    return ImageClasses(train: train ?? test, test: test)
  }

  private static func find(_ folder: String, _ names: String...) -> String? {
    names.flatMap { ["\(folder)/\($0)", "\(folder)/\($0).gz"] }.first(where: FileReader.exists)
  }

  private static func read(_ path: String) throws -> RawArray {
    try withFiles(path) {
      let bytes = try FileReader.bytes(of: path)
      return try IDX.read(Deflate.isGzip(bytes) ? Deflate.inflate(bytes) : bytes)
    }
  }

  public static func mnist(_ folder: String) throws -> ImageClasses {
    try idx(
      folder, names: (0..<10).map(String.init),
      about: "MNIST: handwritten digits, 28×28. Y. LeCun, C. Cortes and C. Burges, 1998.")
  }

  public static func fashionMnist(_ folder: String) throws -> ImageClasses {
    try idx(
      folder,
      names: ["T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"],
      about: "Fashion-MNIST: articles of clothing, 28×28. H. Xiao, K. Rasul and R. Vollgraf, 2017.")
  }

  /// CIFAR-10 in its binary form: `data_batch_1.bin` to `data_batch_5.bin` and `test_batch.bin`. Images are
  /// (n, 32, 32, 3) with values 0 to 1.
  public static func cifar10(_ folder: String) throws -> ImageClasses {
    let training = (1...5).map { "\(folder)/data_batch_\($0).bin" }.filter(FileReader.exists)
    let testPath = "\(folder)/test_batch.bin"
    guard !training.isEmpty || FileReader.exists(testPath) else {
      throw TensorError(
        .io, "\(folder) has no data_batch_1.bin and no test_batch.bin",
        hint: "unpack the binary version of CIFAR-10 into it")
    }
    let train = try cifar(training.isEmpty ? [testPath] : training)
    return ImageClasses(train: train, test: FileReader.exists(testPath) ? try cifar([testPath]) : train)
  }

  /// Records of a class byte and 3072 pixels, all red ones first.
  private static func cifar(_ paths: [String]) throws -> ExampleSet {
    let recordSize = 1 + 3 * 1024
    var labels: [Int32] = []
    var pixels: [Float] = []
    for path in paths {
      let bytes = try withFiles(path) { try FileReader.bytes(of: path) }
      guard !bytes.isEmpty, bytes.count % recordSize == 0 else {
        throw TensorError(.io, "\(path): damaged CIFAR-10 data: \(bytes.count) bytes are not a whole number of images")
      }
      pixels.reserveCapacity(pixels.count + bytes.count)
      for start in stride(from: 0, to: bytes.count, by: recordSize) {
        guard bytes[start] < 10 else { throw TensorError(.io, "\(path): damaged CIFAR-10 data: class \(bytes[start])") }
        labels.append(Int32(bytes[start]))
        for position in 0..<1024 {
          for channel in 0..<3 { pixels.append(Float(bytes[start + 1 + channel * 1024 + position]) / 255) }
        }
      }
    }
    return ExampleSet(
      x: try Tensor(pixels, shape: [labels.count, 32, 32, 3]), y: try Tensor(int32: labels, shape: [labels.count]),
      names: [],
      classes: ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"],
      about: "CIFAR-10: photographs of ten kinds of things, 32×32. A. Krizhevsky, 2009.")
  }

  /// An image as a tensor (height, width, channels) with values 0 to 1.
  public static func image(_ path: String) throws -> Tensor {
    let image = try withFiles(path) { try Image.read(FileReader.bytes(of: path)) }
    return try Tensor(image.pixels.map { Float($0) / 255 }, shape: [image.height, image.width, image.channels])
  }
}
