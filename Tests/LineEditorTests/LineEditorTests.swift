import Testing

@testable import LineEditor

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite struct CompletionTests {
  let several = Completions(word: "re", candidates: [.init("relu"), .init("reshape"), .init("repeat")])

  @Test func aSingleCandidateIsWrittenWithItsEnding() {
    let one = Completions(word: "den", candidates: [.init("dense", ending: "(")])
    #expect(one.action(line: "x = den", wasPressedHere: false) == .replace(3, "dense("))
    #expect(
      Completions(word: "dense", candidates: [.init("dense")]).action(line: "dense", wasPressedHere: true) == .nothing)
  }

  @Test func severalAreCompletedAsFarAsTheyAgree() {
    let longer = Completions(word: "r", candidates: several.candidates)
    #expect(longer.action(line: "r", wasPressedHere: false) == .replace(1, "re"))
    #expect(several.action(line: "re", wasPressedHere: false) == .nothing)
    #expect(several.action(line: "re", wasPressedHere: true) == .list)
  }

  @Test func nothingFits() {
    #expect(Completions(word: "zz").action(line: "zz", wasPressedHere: true) == .nothing)
    #expect(several.action(line: "other", wasPressedHere: true) == .nothing)
  }

  @Test func charactersOfSeveralCodePointsAreRemovedWhole() {
    let accents = Completions(word: "e\u{301}", candidates: [.init("e\u{301}ta")])
    #expect(accents.action(line: "e\u{301}", wasPressedHere: false) == .replace(2, "e\u{301}ta"))
  }

  @Test func listsReadDownwards() {
    let list = Completions(candidates: ["a", "bb", "ccc", "d", "e"].map { Completions.Candidate($0) })
    #expect(list.listing(width: 12) == "a    d\nbb   e\nccc\n")
    #expect(list.listing(width: 1) == "a\nbb\nccc\nd\ne\n")
    let wide = Completions(candidates: [.init("漢字"), .init("x", title: "x: size")])
    #expect(wide.listing(width: 80) == "漢字     x: size\n")
    #expect(
      Completions(candidates: (0..<205).map { .init("name\($0)") }).listing(width: 80).hasSuffix("… and 5 more\n"))
  }
}

@Suite struct PromptTextTests {
  @Test func escapesTakeNoRoom() {
    #expect(PromptText.protected("\u{1B}[1mglia>\u{1B}[0m ") == "\u{1}\u{1B}[1m\u{1}glia>\u{1}\u{1B}[0m\u{1} ")
    #expect(PromptText.plain("\u{1B}[38;5;4mglia>\u{1B}[0m ") == "glia> ")
    #expect(PromptText.plain("broken \u{1B}[3") == "broken ")
    #expect(TerminalColumns.count("\u{1B}[1m漢a\u{1B}[0m") == 3)
  }
}

@Suite struct IndentationTests {
  @Test(arguments: [
    ("fn f(x) {", "    "), ("f(\n  [1,", "        "), ("let s = \"(((\"", ""), ("# ((", ""), ("}", ""),
    ("\"a \\\" (\" + {", "    "), ("f(1)\n", ""), ("\"\"\"\n (", ""),
  ])
  func onceForEachOpenBracket(text: String, indent: String) {
    #expect(Indentation.next(after: text) == indent)
  }
}

@Suite struct SettledLineTests {
  @Test func aClosingBracketMovesOut() {
    #expect(Indentation.settled("    }") == "}")
    #expect(Indentation.settled("        } else {") == "    } else {")
    #expect(Indentation.settled("    x }") == "    x }")
    #expect(Indentation.settled("  }") == "  }")
  }
}

@Suite struct HistoryTests {
  private func temporaryPath() -> String {
    "\(getenv("TMPDIR").map { String(cString: $0) } ?? P_tmpdir)/glia-history-\(getpid())-\(UInt32.random(in: 0...(.max)))"
  }

  @Test func entriesAreKeptOnceAndLimited() {
    var history = History(limit: 3)
    for entry in ["a", "b", "a", "a", " ", "", " secret", "c", "d"] { history.add(entry) }
    #expect(history.entries == ["a", "c", "d"])
  }

  @Test func aFileKeepsEntriesOfSeveralLines() {
    let path = temporaryPath()
    defer { unlink(path) }
    var history = History(path: path, limit: 10)
    let entries = ["let a = \"\\n\"", "fn f(x) {\n    x\n}", "ünï", "a\\nb"]
    for entry in entries { history.add(entry) }
    history.add(entries[0])
    let again = History(path: path, limit: 10)
    #expect(again.entries == Array(entries[1...]) + [entries[0]])
    #expect(History(path: path, limit: 2).entries == ["a\\nb", entries[0]])
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
  }

  @Test func aLongFileIsWrittenAnew() throws {
    let path = temporaryPath()
    defer { unlink(path) }
    var history = History(path: path, limit: 5)
    for number in 0..<200 { history.add("entry \(number)") }
    #expect(History(path: path, limit: 5).entries.first == "entry 195")
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_size < 100)
  }

  @Test func aPathThatCannotBeWrittenIsNoError() {
    var history = History(path: "/nowhere/at/all")
    history.add("a")
    #expect(history.entries == ["a"])
  }
}
