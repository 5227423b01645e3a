/// NumPy's archives of named arrays: a zip file with one NPY file for each.
public enum NPZ {
  /// The arrays with their names, in the archive's order.
  ///
  /// - Parameter limit: the most bytes that all arrays may take together.
  /// - Throws: ``FormatError``.
  public static func read(
    _ bytes: [UInt8], limit: Int = Deflate.defaultLimit
  ) throws(FormatError) -> [(name: String, array: RawArray)] {
    var arrays: [(name: String, array: RawArray)] = []
    for entry in try Zip.read(bytes, limit: limit) {
      let name = entry.name.hasSuffix(".npy") ? String(entry.name.dropLast(4)) : entry.name
      arrays.append((name, try NPY.read(entry.bytes)))
    }
    return arrays
  }

  /// The bytes of an archive.
  ///
  /// - Parameter compressed: deflate the arrays, as `numpy.savez_compressed` does.
  public static func write(
    _ arrays: [(name: String, array: RawArray)], compressed: Bool = false
  ) throws(FormatError) -> [UInt8] {
    var entries: [Zip.Entry] = []
    for (name, array) in arrays { entries.append(Zip.Entry(name: name + ".npy", bytes: try NPY.write(array))) }
    return try Zip.write(entries, compressed: compressed)
  }
}
