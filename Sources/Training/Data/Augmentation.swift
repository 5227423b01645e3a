import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Changes images at random, each in its own way, so that a network sees new ones every epoch: mirrors, moves, turns
/// and scales them about their centre, reads between pixels bilinearly, and fills what comes in from outside with 0.
public struct Augmentation {
  /// Mirror left to right, for every other image.
  public let flip: Bool
  /// The largest move, as a share of height and width.
  public let shift: Double
  /// The largest turn, in degrees, either way.
  public let rotate: Double
  /// The largest change of size, as a share: 0.1 gives 0.9 to 1.1.
  public let zoom: Double

  /// - Throws: a value error for a share that is negative or too large.
  public init(flip: Bool = false, shift: Double = 0, rotate: Double = 0, zoom: Double = 0) throws {
    guard (0...1).contains(shift), (0...180).contains(rotate), (0..<1).contains(zoom) else {
      throw TensorError(
        .value,
        "augment needs shift from 0 to 1, rotate from 0 to 180 degrees and zoom from 0 to below 1, and got \(shift), \(rotate) and \(zoom)"
      )
    }
    self.flip = flip
    self.shift = shift
    self.rotate = rotate
    self.zoom = zoom
  }

  /// Changed copies of images of shape (n, height, width, channels), or (n, height, width).
  public func callAsFunction(_ images: Tensor, random: RandomStream = .session) throws -> Tensor {
    guard images.rank == 4 || images.rank == 3 else {
      throw TensorError(
        .shape, "augment needs images of shape (n, height, width, channels), and got \(images.shape.shapeText)",
        hint: images.rank == 2 ? "reshape rows of pixels first, as x.reshape(-1, 8, 8, 1)" : nil)
    }
    let source = try images.dtype == .float32 ? images : images.cast(to: .float32)
    let (count, height, width) = (images.shape[0], images.shape[1], images.shape[2])
    let channels = images.rank == 4 ? images.shape[3] : 1
    let result = try Tensor(uninitialized: Spec(.float32, images.shape))
    let draws = try random.uniforms(5 * count)
    let input = try source.elements(Float.self)
    let output = try result.elements(Float.self)
    for image in 0..<count {
      let draw = draws[(5 * image)..<(5 * image + 5)].map { 2 * $0 - 1 }
      let angle = draw[0] * rotate * Double.pi / 180
      let scale = 1 / (1 + draw[1] * zoom)
      let mirror = flip && draw[4] > 0 ? -1.0 : 1.0
      let (dy, dx) = (draw[2] * shift * Double(height), draw[3] * shift * Double(width))
      let (centreY, centreX) = (Double(height - 1) / 2, Double(width - 1) / 2)
      let (cosine, sine) = (cos(angle) * scale, sin(angle) * scale)
      let base = image * height * width * channels
      for y in 0..<height {
        for x in 0..<width {
          // Where the pixel comes from: move back, turn and scale back, mirror.
          let v = Double(y) - centreY - dy
          let u = Double(x) - centreX - dx
          let fromY = -sine * u + cosine * v + centreY
          let fromX = mirror * (cosine * u + sine * v) + centreX
          let top = fromY.rounded(.down)
          let left = fromX.rounded(.down)
          let (weightY, weightX) = (Float(fromY - top), Float(fromX - left))
          let (row, column) = (Int(top), Int(left))
          for channel in 0..<channels {
            func pixel(_ y: Int, _ x: Int) -> Float {
              guard y >= 0, y < height, x >= 0, x < width else { return 0 }
              return input[base + (y * width + x) * channels + channel]
            }
            let upper = pixel(row, column) * (1 - weightX) + pixel(row, column + 1) * weightX
            let lower = pixel(row + 1, column) * (1 - weightX) + pixel(row + 1, column + 1) * weightX
            output[base + (y * width + x) * channels + channel] = upper * (1 - weightY) + lower * weightY
          }
        }
      }
    }
    return result
  }
}
