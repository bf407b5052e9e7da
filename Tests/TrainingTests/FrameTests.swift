import Graft
import Testing

/// Frames: what stands where, in terminals of many sizes.
@Suite struct FrameTests {
  @Test func aFrameHasTitleViewsSpeechAndKeys() throws {
    let lesson = try Lessons.one(Lessons.sample)
    let index = try #require(lesson.moments.firstIndex { $0.kind == .say })
    var extras = Frame.Extras()
    extras.footer = "keys"
    let rows = Frame.screen(of: lesson, at: index, width: 80, height: 24, extras).plainRows
    #expect(rows.count == 24)
    #expect(rows[0].hasPrefix(" sleepers  1/2 quiet") && rows[0].hasSuffix("0.010000"))
    #expect(rows[1].hasPrefix("─ timeline ─"))
    #expect(rows.contains { $0.hasPrefix(" server:100") && $0.hasSuffix("z") })
    #expect(rows.contains { $0.contains("/sys/kernel/kgraft/in_progress 0") })
    #expect(rows.contains(" Two servers wait."))
    #expect(rows[23] == " keys")
  }

  @Test(arguments: [(20, 6), (60, 18), (80, 24), (200, 50), (500, 200), (1, 1)])
  func everyFrameFitsItsTerminal(_ width: Int, _ height: Int) throws {
    let lesson = try Lessons.one(Lessons.sample)
    for index in lesson.moments.indices {
      let screen = Frame.screen(of: lesson, at: index, width: width, height: height)
      #expect(screen.width == max(20, width) && screen.height == max(6, height))
      for row in screen.plainRows {
        #expect(!row.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7f })
      }
      // What matters most is there however small it is.
      if screen.height >= 18, lesson.moments[index].kind == .question {
        #expect(screen.plainRows.contains { $0.contains("2  no") })
      }
    }
  }

  /// Letters that are there, and no others; on a narrow screen as many as fit, each whole.
  @Test func theLegendHasTheLettersThatAreThere() throws {
    let lesson = try Lessons.one(Lessons.sample)
    func legend(_ kind: Moment.Kind, width: Int) throws -> String? {
      let index = try #require(lesson.moments.lastIndex { $0.kind == kind })
      let rows = Frame.screen(of: lesson, at: index, width: width, height: 40).plainRows
      return rows.first { $0.hasPrefix(" u user") }
    }
    let asleep = " u user  k kernel  z asleep"
    #expect(try legend(.pause, width: 80) == asleep)
    #expect(try legend(.answers, width: 80) == asleep + "  w window  - waiting for tasks")
    #expect(try legend(.answers, width: 40) == asleep + "  w window")
    #expect(try legend(.answers, width: 24) == " u user  k kernel")
  }

  @Test func answersAreMarkedWhenTheyAreKnown() throws {
    let lesson = try Lessons.one(Lessons.sample)
    let index = try #require(lesson.moments.firstIndex { $0.kind == .answers })
    var extras = Frame.Extras()
    extras.choices = [0: 0]
    let rows = Frame.screen(of: lesson, at: index, width: 80, height: 24, extras).plainRows
    #expect(rows.contains(" ✗ 1  yes") && rows.contains(" ✓ 2  no"))
    let reasons = ["nobody leaves the kernel", "both sleep in it"]
    #expect(reasons.allSatisfy { reason in rows.contains { $0.hasSuffix("   " + reason) } })
  }

  /// Widths come from our own table: a wide character is never cut in half, a mark takes no cell.
  @Test func wideCharactersKeepTheirCells() {
    var screen = Screen(width: 6, height: 1)
    let end = screen.put("a漢e\u{301}字x", row: 0, column: 0)
    #expect(end == 6)
    #expect(screen.plainRows == ["a漢e\u{301}字"])
    var narrow = Screen(width: 4, height: 1)
    narrow.put("a漢字", row: 0, column: 0)
    #expect(narrow.plainRows == ["a漢"])
    #expect(narrow.drawing(coloured: false) == "\u{1b}[Ha漢\u{1b}[K")
  }

  @Test func withoutColourThereAreNoColours() throws {
    let lesson = try Lessons.one(Lessons.sample)
    let screen = Frame.screen(of: lesson, at: lesson.moments.count / 2, width: 80, height: 24)
    #expect(!(0..<24).contains { screen.row($0, coloured: false).contains("\u{1b}") })
    #expect((0..<24).contains { screen.row($0, coloured: true).contains("\u{1b}[7m") })
  }
}
