import FileFormats
import Tensors

/// Images in a folder, one folder inside for each class, read when their turn comes: `cats/1.png dogs/7.png`. Each is
/// scaled to one size; values are 0 to 1.
public struct ImageFolder: Dataset {
  public let classes: [String]
  /// Height and width that every image is scaled to.
  public let height: Int
  public let width: Int
  /// 1 for grey, 3 for colour, 4 with transparency; that of the first image, to which others are converted.
  public let channels: Int
  private let files: [(path: String, label: Int32)]

  /// - Throws: an io error where the folder has no images in folders; a value error for a size below 1.
  public init(_ folder: String, height: Int, width: Int) throws {
    guard height >= 1, width >= 1 else {
      throw TensorError(.value, "image_folder needs a size of at least 1, and got \(height)×\(width)")
    }
    let names = try withFiles(folder) { try FileReader.names(inFolder: folder) }
    classes = names.filter { FileReader.isFolder("\(folder)/\($0)") && !$0.hasPrefix(".") }
    var files: [(path: String, label: Int32)] = []
    for (label, name) in classes.enumerated() {
      for file in try withFiles(folder, { try FileReader.names(inFolder: "\(folder)/\(name)") }) {
        let ending = file.split(separator: ".").last.map { $0.lowercased() } ?? ""
        if ["png", "ppm", "pgm", "pbm", "pnm"].contains(ending) {
          files.append(("\(folder)/\(name)/\(file)", Int32(truncatingIfNeeded: label)))
        }
      }
    }
    guard let first = files.first else {
      throw TensorError(
        .io, "\(folder) has no images in folders",
        hint: "put the images (PNG, PNM) of each class into a folder of its name")
    }
    self.height = height
    self.width = width
    self.files = files
    channels = try withFiles(first.path) { try Image.read(FileReader.bytes(of: first.path)).channels }
    _ = try Limits.checkedCount([files.count, height, width, channels])
  }

  public var rowCount: Int { files.count }

  public func rows(at positions: [Int]) throws -> Batch {
    let result = try Tensor(uninitialized: Spec(.float32, [positions.count, height, width, channels]))
    let output = try result.elements(Float.self)
    let size = height * width * channels
    for (row, position) in positions.enumerated() {
      let path = files[position].path
      let image = try withFiles(path) { try Image.read(FileReader.bytes(of: path)) }
      resize(image, into: UnsafeMutableBufferPointer(rebasing: output[row * size..<(row + 1) * size]))
    }
    let labels = try Tensor(int32: positions.map { files[$0].label }, shape: [positions.count])
    return Batch(inputs: [result], targets: [labels])
  }

  /// All images at once.
  public func wholeSet(about: String) throws -> ExampleSet {
    let batch = try rows(at: Array(0..<rowCount))
    return ExampleSet(x: batch.inputs[0], y: batch.targets[0], names: [], classes: classes, about: about)
  }

  /// Bilinear between pixel centres; another number of channels is converted by the mean, by repetition, or by full
  /// opacity.
  private func resize(_ image: Image, into output: UnsafeMutableBufferPointer<Float>) {
    let (scaleY, scaleX) = (Double(image.height) / Double(height), Double(image.width) / Double(width))
    func value(_ y: Int, _ x: Int, _ channel: Int) -> Float {
      let row = min(max(y, 0), image.height - 1)
      let column = min(max(x, 0), image.width - 1)
      let base = (row * image.width + column) * image.channels
      let colours = image.channels >= 3 ? 3 : 1
      if channels <= 2, channel == 0, colours == 3 {
        return (Float(image.pixels[base]) + Float(image.pixels[base + 1]) + Float(image.pixels[base + 2])) / (3 * 255)
      }
      let isOpacity = (channels == 2 && channel == 1) || (channels == 4 && channel == 3)
      if isOpacity { return image.channels % 2 == 0 ? Float(image.pixels[base + image.channels - 1]) / 255 : 1 }
      return Float(image.pixels[base + (colours == 3 ? channel : 0)]) / 255
    }
    for y in 0..<height {
      let fromY = (Double(y) + 0.5) * scaleY - 0.5
      let top = Int(fromY.rounded(.down))
      let weightY = Float(fromY - Double(top))
      for x in 0..<width {
        let fromX = (Double(x) + 0.5) * scaleX - 0.5
        let left = Int(fromX.rounded(.down))
        let weightX = Float(fromX - Double(left))
        for channel in 0..<channels {
          let upper = value(top, left, channel) * (1 - weightX) + value(top, left + 1, channel) * weightX
          let lower = value(top + 1, left, channel) * (1 - weightX) + value(top + 1, left + 1, channel) * weightX
          output[(y * width + x) * channels + channel] = upper * (1 - weightY) + lower * weightY
        }
      }
    }
  }
}
