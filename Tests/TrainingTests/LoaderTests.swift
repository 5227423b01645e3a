import FileFormats
import Foundation
import NeuralNetworks
import Tensors
import Testing

@testable import Training

/// Data sets in files.
@Suite(.serialized) struct LoaderTests {
  static func idx(_ shape: [Int], _ bytes: [UInt8]) -> [UInt8] {
    [0, 0, 8, UInt8(shape.count)]
      + shape.flatMap { size in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: size >> $0) } } + bytes
  }

  @Test func idxFilesPlainAndPacked() throws {
    let folder = try TemporaryFolder()
    let images = LoaderTests.idx([2, 2, 3], (0..<12).map { UInt8($0 * 20) })
    try AtomicFile.write(images, to: "\(folder.path)/train-images-idx3-ubyte")
    try AtomicFile.write(LoaderTests.idx([2], [7, 3]), to: "\(folder.path)/train-labels-idx1-ubyte")
    try AtomicFile.write(Deflate.deflate(images), to: "\(folder.path)/t10k-images-idx3-ubyte.gz")
    try AtomicFile.write(Deflate.deflate(LoaderTests.idx([2], [1, 9])), to: "\(folder.path)/t10k-labels-idx1-ubyte.gz")
    let sets = try DatasetFiles.mnist(folder.path)
    #expect(sets.train.x.shape == [2, 2, 3, 1] && sets.test.x.shape == [2, 2, 3, 1])
    #expect(try sets.train.y.doubles() == [7, 3] && sets.test.y.doubles() == [1, 9])
    Golden.expectClose(
      try sets.test.x.doubles(), (0..<12).map { Double($0 * 20) / 255 }, "pixels", relative: 1e-6, absolute: 1e-9)
    #expect(try DatasetFiles.fashionMnist(folder.path).train.classes.count == 10)
  }

  @Test func idxFilesThatDoNotFitAreRefused() throws {
    let folder = try TemporaryFolder()
    let missing = #expect(throws: TensorError.self) { try DatasetFiles.mnist(folder.path) }
    #expect(missing?.kind == .io && missing?.message.contains("t10k-images") == true)
    try AtomicFile.write(
      LoaderTests.idx([2, 2, 3], [UInt8](repeating: 0, count: 12)), to: "\(folder.path)/train-images-idx3-ubyte")
    #expect(throws: TensorError.self) { try DatasetFiles.mnist(folder.path) }
    try AtomicFile.write(LoaderTests.idx([3], [1, 2, 3]), to: "\(folder.path)/train-labels-idx1-ubyte")
    let unequal = #expect(throws: TensorError.self) { try DatasetFiles.mnist(folder.path) }
    #expect(unequal?.message.contains("do not belong together") == true)
  }

  @Test func cifarRecords() throws {
    let folder = try TemporaryFolder()
    var record: [UInt8] = [6]
    for channel in 0..<3 { record += [UInt8](repeating: UInt8(50 * (channel + 1)), count: 1024) }
    try AtomicFile.write(record + record, to: "\(folder.path)/data_batch_1.bin")
    try AtomicFile.write(record, to: "\(folder.path)/test_batch.bin")
    let sets = try DatasetFiles.cifar10(folder.path)
    #expect(sets.train.x.shape == [2, 32, 32, 3] && sets.test.x.shape == [1, 32, 32, 3])
    let pixels = try sets.train.x.doubles()
    Golden.expectClose(
      Array(pixels[3..<6]), [50.0 / 255, 100.0 / 255, 150.0 / 255], "colours", relative: 1e-6, absolute: 0)
    #expect(try sets.train.y.doubles() == [6, 6])
    try AtomicFile.write(Array(record.dropLast()), to: "\(folder.path)/test_batch.bin")
    #expect(throws: TensorError.self) { try DatasetFiles.cifar10(folder.path) }
    record[0] = 10
    try AtomicFile.write(record, to: "\(folder.path)/test_batch.bin")
    #expect(throws: TensorError.self) { try DatasetFiles.cifar10(folder.path) }
  }

  @Test func imagesOfAFolderAreReadWhenAsked() throws {
    let folder = try TemporaryFolder()
    let grey = try Image(width: 2, height: 2, channels: 1, pixels: [0, 255, 255, 0])
    let colour = try Image(width: 4, height: 4, channels: 3, pixels: [UInt8](repeating: 255, count: 48))
    try AtomicFile.write(PNG.write(grey), to: "\(folder.path)/a/1.png", makingFolders: true)
    try AtomicFile.write(PNM.write(colour), to: "\(folder.path)/b/2.ppm", makingFolders: true)
    try AtomicFile.write("no image", to: "\(folder.path)/b/notes.txt")
    let images = try ImageFolder(folder.path, height: 2, width: 2)
    #expect(images.classes == ["a", "b"] && images.rowCount == 2 && images.channels == 1)
    let batch = try images.rows(at: [1, 0])
    #expect(try batch.targets[0].doubles() == [1, 0])
    #expect(try batch.inputs[0].doubles() == [1, 1, 1, 1, 0, 1, 1, 0])
    let larger = try ImageFolder(folder.path, height: 4, width: 4).rows(at: [0]).inputs[0]
    #expect(try larger.shape == [1, 4, 4, 1] && abs(larger.doubles().reduce(0, +) - 8) < 1e-5)
    #expect(try DatasetFiles.image("\(folder.path)/b/2.ppm").shape == [4, 4, 3])
    #expect(throws: TensorError.self) { try ImageFolder("\(folder.path)/a", height: 2, width: 2) }
    #expect(throws: TensorError.self) { try ImageFolder("\(folder.path)/none", height: 2, width: 2) }
    #expect(throws: TensorError.self) { try ImageFolder(folder.path, height: 0, width: 2) }
  }

  static let mnistFolder = ProcessInfo.processInfo.environment["GLIA_MNIST"]

  /// A convolutional network on real images: 8,000 of MNIST's test images to learn from, 2,000 to be judged by.
  @Test(.enabled(if: mnistFolder != nil, "needs MNIST's test images: set GLIA_MNIST to a folder that has them"))
  func convolutionalNetworkReadsDigits() throws {
    let all = try DatasetFiles.mnist(try #require(LoaderTests.mnistFolder)).test
    Generator.shared.seed(0)
    let relu = (name: "activation", value: try Make.activation("relu"))
    let net = Sequential([
      try Make.layer("conv2d", [.number(16), .number(3)], [relu]), try Make.layer("max_pool2d", [.number(2)]),
      try Make.layer("conv2d", [.number(32), .number(3)], [relu]), try Make.layer("max_pool2d", [.number(2)]),
      try Make.layer("flatten"), try Make.layer("dropout", [.number(0.3)]), try Make.dense(10, "softmax"),
    ])
    var options = FitOptions()
    options.epochs = 8
    options.batchSize = 64
    options.metrics = [Accuracy()]
    let data = try TensorDataset(inputs: [all.x], targets: [all.y])
    let run = try fit(
      net, .data(DatasetRange(data, 0..<8000)), losses: [Make.loss("cross_entropy")],
      optimizer: Make.optimizer("adam", 0.002), options: options)
    let judged = try evaluate(
      net, .data(DatasetRange(data, 8000..<10000)), losses: [Make.loss("cross_entropy")], metrics: [Accuracy()])
    print("mnist: accuracy \(judged[1].value) after \(run.history.rowCount) epochs")
    #expect(judged[1].value >= 0.98)
  }
}
