import FileFormats
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A fresh folder, removed with everything in it when the test ends.
final class ScratchFolder {
  let path: String

  init() throws {
    var template = Array("\(getenv("TMPDIR").map { String(cString: $0) } ?? P_tmpdir)/glia-test-XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  deinit { remove(path) }

  private func remove(_ path: String) {
    if FileReader.isFolder(path) {
      chmod(path, 0o700)
      for name in (try? FileReader.names(inFolder: path)) ?? [] { remove("\(path)/\(name)") }
      rmdir(path)
    } else {
      unlink(path)
    }
  }
}

@Suite struct AtomicFileTests {
  @Test func aWrittenFileReadsBack() throws {
    let folder = try ScratchFolder()
    let path = "\(folder.path)/a.txt"
    try AtomicFile.write("first", to: path)
    try AtomicFile.write("second", to: path)
    #expect(try FileReader.text(of: path) == "second")
    #expect(try FileReader.names(inFolder: folder.path) == ["a.txt"])
  }

  @Test func foldersAreMadeWhenAsked() throws {
    let folder = try ScratchFolder()
    let path = "\(folder.path)/deep/down/a.bin"
    #expect(throws: FileError.noSuchFolder(path: path, folder: "\(folder.path)/deep/down")) {
      try AtomicFile.write([1, 2], to: path)
    }
    try AtomicFile.write([1, 2], to: path, makingFolders: true)
    #expect(try FileReader.bytes(of: path) == [1, 2])
  }

  @Test func aFolderIsNotReplaced() throws {
    let folder = try ScratchFolder()
    #expect(throws: FileError.isFolder(path: folder.path)) { try AtomicFile.write("x", to: folder.path) }
    #expect(throws: FileError.isFolder(path: folder.path)) { try FileReader.bytes(of: folder.path) }
  }

  @Test func aFileOnTheWayIsNamed() throws {
    let folder = try ScratchFolder()
    try AtomicFile.write("x", to: "\(folder.path)/file")
    #expect(throws: FileError.notAFolder(path: "\(folder.path)/file")) {
      try AtomicFile.write("x", to: "\(folder.path)/file/below", makingFolders: true)
    }
  }

  @Test func aLinkStaysAndItsFileIsReplaced() throws {
    let folder = try ScratchFolder()
    try AtomicFile.write("old", to: "\(folder.path)/real")
    #expect(symlink("real", "\(folder.path)/link") == 0)
    try AtomicFile.write("new", to: "\(folder.path)/link")
    #expect(try FileReader.text(of: "\(folder.path)/real") == "new")
  }

  @Test func aFullDiskIsSaid() throws {
    guard FileReader.exists("/dev/full") else { return }
    #expect(throws: FileError.diskFull(path: "/dev/full")) { try AtomicFile.write("x", to: "/dev/full") }
  }

  @Test func readingSaysWhatIsWrong() throws {
    let folder = try ScratchFolder()
    let path = "\(folder.path)/a"
    #expect(throws: FileError.noSuchFile(path: path)) { try FileReader.bytes(of: path) }
    try AtomicFile.write([0x61, 0xC3, 0x28], to: path)
    #expect(throws: FileError.notUTF8(path: path, offset: 1)) { try FileReader.text(of: path) }
    #expect(throws: FileError.tooLarge(path: path, limit: 2)) { try FileReader.bytes(of: path, limit: 2) }
    try AtomicFile.write([0xEF, 0xBB, 0xBF, 0x61], to: path)
    #expect(try FileReader.text(of: path) == "a")
  }

  @Test func errorsReadAsSentences() {
    #expect(FileError.noSuchFile(path: "a.csv").description == "there is no file `a.csv`")
    #expect(
      FileError.tooLarge(path: "a", limit: 1536).description == "`a` is larger than 1.5 KiB")
    #expect(
      FormatError.damaged(format: "PNG", reason: "cut short").description == "damaged PNG data: cut short")
  }
}
