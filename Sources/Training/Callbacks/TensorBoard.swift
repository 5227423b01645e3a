import FileFormats
import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Writes event files that TensorBoard reads: the history's values and, where asked for, histograms of the weights.
/// Values of training stand in the folder `train`, those of validation in `validation`, under the same names, so that
/// TensorBoard draws them together.
public final class TensorBoardCallback: Callback {
  public let name = "tensorboard"
  public let folder: String
  public let histograms: Bool
  private var files: [String: EventFile] = [:]

  public init(_ folder: String, histograms: Bool = false) {
    self.folder = folder
    self.histograms = histograms
  }

  public func started(_ state: TrainingState) throws { files = [:] }

  public func epochEnded(_ state: TrainingState) throws {
    for (name, value) in state.row.dropFirst() {
      let isValidation = name.hasPrefix("val_")
      try file(isValidation ? "validation" : "train").scalar(
        isValidation ? String(name.dropFirst(4)) : name, value, step: state.epoch)
    }
    if histograms {
      for entry in state.model.parameters {
        try file("train").histogram(entry.path, entry.parameter.value.doubles(), step: state.epoch)
      }
    }
    for file in files.values { try file.flush() }
  }

  private func file(_ part: String) throws -> EventFile {
    if let file = files[part] { return file }
    let file = try EventFile(folder: "\(folder)/\(part)")
    files[part] = file
    return file
  }
}

/// One event file: a record for each event, in protocol buffer form.
///
/// Source: tensorflow `event.proto`, `summary.proto`. A new file is begun for every run; TensorBoard joins them.
final class EventFile {
  let path: String
  private var pending: [UInt8] = []

  init(folder: String) throws {
    let seconds = Int(EventFile.now())
    var path = "\(folder)/events.out.tfevents.\(seconds).glia"
    var number = 1
    while FileReader.exists(path) {
      number += 1
      path = "\(folder)/events.out.tfevents.\(seconds).glia.\(number)"
    }
    self.path = path
    try withFiles(folder) { try AtomicFile.makeFolder(folder) }
    record { $0.string(3, "brain.Event:2") }
    try flush()
  }

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// Event { double wall_time = 1; int64 step = 2; string file_version = 3; Summary summary = 5; }
  private func record(step: Int = 0, _ write: (inout ProtobufWriter) -> Void) {
    var event = ProtobufWriter()
    event.double(1, EventFile.now())
    if step != 0 { event.integer(2, step) }
    write(&event)
    pending += TFRecord.framed(event.bytes)
  }

  /// Summary { repeated Value value = 1; }, Value { string tag = 1; float simple_value = 2; HistogramProto histo = 5; }
  func scalar(_ tag: String, _ value: Double, step: Int) {
    record(step: step) { event in
      event.message(5) { summary in
        summary.message(1) { entry in
          entry.string(1, tag)
          entry.float(2, Float(value))
        }
      }
    }
  }

  /// HistogramProto { double min = 1, max = 2, num = 3, sum = 4, sum_squares = 5; repeated double bucket_limit = 6, bucket = 7; }
  func histogram(_ tag: String, _ values: [Double], step: Int) {
    let histogram = Histogram(values, bins: 30)
    guard !histogram.counts.isEmpty else { return }
    record(step: step) { event in
      event.message(5) { summary in
        summary.message(1) { entry in
          entry.string(1, tag)
          entry.message(5) { proto in
            proto.double(1, histogram.least)
            proto.double(2, histogram.most)
            proto.double(3, Double(histogram.count))
            proto.double(4, histogram.sum)
            proto.double(5, histogram.sumOfSquares)
            proto.packed(6, Array(histogram.edges.dropFirst()))
            proto.packed(7, histogram.counts.map(Double.init))
          }
        }
      }
    }
  }

  /// Appends what is pending to the file.
  func flush() throws {
    guard !pending.isEmpty else { return }
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw TensorError(.io, "\(path): cannot be written: \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    guard write(descriptor, pending, pending.count) == pending.count else {
      throw TensorError(.io, "\(path): cannot be written: \(String(cString: strerror(errno)))")
    }
    pending.removeAll()
  }
}
