import Foundation
import Graft
import Testing

/// Exports are functions of the lesson: the same bytes each time, and each in its format.
@Suite struct ExportTests {
  private static let forms: [(String, @Sendable (Lesson) -> String)] = [
    ("cast 2", { Asciicast.text(of: $0, version: .two) }),
    ("cast 3", { Asciicast.text(of: $0, version: .three) }),
    ("svg", { AnimatedSVG.text(of: $0) }), ("md", { MarkdownPage.text(of: $0) }),
    ("html", { LessonPage.text(of: [$0], title: "t") }),
  ]

  @Test func everyExportIsTheSameEachTime() throws {
    let (first, second) = (try Lessons.one(Lessons.sample), try Lessons.one(Lessons.sample))
    for (name, text) in Self.forms { #expect(text(first) == text(second), "\(name)") }
  }

  /// What a lesson says can neither end an element nor steer a terminal.
  @Test func wordsStayWords() throws {
    let hostile = "</script><img src=x onerror=alert(1)>\\u{1b}[2J`*_&quot;"
    let lesson = try Lessons.one(
      """
      lesson "\(hostile)" {
          chapter "\(hostile)" {
              say "\(hostile)"
              notes "\(hostile)"
              ask "\(hostile)" { right "\(hostile)" because "\(hostile)"; wrong "b"; hint "<b>" }
              print "\(hostile)"
          }
      }
      """)
    for (name, text) in Self.forms {
      let text = text(lesson)
      // A recording is no markup; in a text a bracket with a stroke is a character, and so is one
      // in a block of code.
      let prose = text.components(separatedBy: "```").enumerated()
        .filter { name != "md" || $0.offset % 2 == 0 }.map(\.element).joined()
      let isMarkup =
        prose.replacing("\\<", with: "").contains("<img") && !name.hasPrefix("cast")
      #expect(!isMarkup, "\(name)")
      let controls = text.unicodeScalars.filter { $0.value < 0x20 && $0 != "\n" }
      #expect(controls.isEmpty, "\(name)")
    }
    // The head, the lesson, and the page's own script.
    let page = LessonPage.text(of: [lesson], title: hostile)
    #expect(page.components(separatedBy: "<script").count == 4)
    #expect(page.components(separatedBy: "</script").count == 4)
    #expect(!page.contains("https://") && !page.contains("@import") && !page.contains("url("))
  }

  @Test func aRecordingIsLinesOfJSON() throws {
    let lesson = try Lessons.one(Lessons.sample)
    for version in Asciicast.Version.allCases {
      let lines = Asciicast.text(of: lesson, version: version, width: 90, height: 30)
        .split(separator: "\n").map { Data($0.utf8) }
      let head = try #require(
        try JSONSerialization.jsonObject(with: lines[0]) as? [String: Any])
      #expect(head["version"] as? Int == version.rawValue)
      #expect(head["title"] as? String == "sleepers")
      let term = head["term"] as? [String: Any]
      #expect(version == .two ? head["width"] as? Int == 90 : term?["cols"] as? Int == 90)
      let events = try lines.dropFirst().map { line in
        try #require(try JSONSerialization.jsonObject(with: line) as? [Any])
      }
      let times = events.compactMap { $0[0] as? Double }
      let marks = events.filter { $0[1] as? String == "m" }.compactMap { $0[2] as? String }
      #expect(marks == ["quiet", "a patch"])
      let total = lesson.moments.indices.reduce(0) { $0 + lesson.milliseconds(at: $1) }
      // Times since the beginning in version 2, since the event before in version 3.
      let end = version == .two ? times.last ?? 0 : times.reduce(0, +)
      #expect(abs(end - Double(total) / 1_000) < 0.01)
      #expect(version == .three || times == times.sorted())
    }
  }

  @Test func aPictureIsXMLWithAFrameForEachMoment() throws {
    let lesson = try Lessons.one(Lessons.sample)
    let text = AnimatedSVG.text(of: lesson)
    let parser = XMLParserProbe(text)
    #expect(parser.isWellFormed)
    // A step of the strip for each moment, and the end.
    let steps = text.components(separatedBy: "{transform:translateY(").count - 1
    #expect(steps == lesson.moments.count + 1)
    #expect(text.contains("prefers-reduced-motion"))
  }

  @Test func aTextTellsTheLesson() throws {
    let text = MarkdownPage.text(of: try Lessons.one(Lessons.sample))
    let parts = [
      "# sleepers\n", "## 1. quiet\n", "\nTwo servers wait\\.\n".replacing("\\.", with: "."),
      "\n*Ready?*\n", "## 2. a patch\n", "\n**Done in a minute?**\n\n1. yes\n2. no\n",
      "<details><summary>The answer</summary>", "- ✗ 1: nobody leaves the kernel\n",
      "- ✓ 2: both sleep in it\n", "    0.010000 > apply fix\n", "\nserver:100  ",
    ]
    var rest = Substring(text)
    for part in parts {
      let found = rest.firstRange(of: part) ?? text.firstRange(of: part)
      #expect(found != nil, "\(part)")
      if let found, found.upperBound > rest.startIndex { rest = text[found.upperBound...] }
    }
    // The speaker's notes are nobody else's.
    #expect(!text.contains("softly"))
  }

  @Test func blocksOfAPageAreMadeAnew() throws {
    let lesson = try Lessons.one(Lessons.sample)
    let page = """
      # A page of mine

      <!-- graft demo sleepers -->
      what stood here
      <!-- graft end -->

      And the end.

      """
    let once = try #require(MarkdownPage.renewed(page, of: [lesson]))
    #expect(once.hasPrefix("# A page of mine\n\n<!-- graft demo sleepers -->\n"))
    #expect(once.hasSuffix("\n<!-- graft end -->\n\nAnd the end.\n"))
    #expect(!once.contains("what stood here") && once.contains("Two servers wait."))
    #expect(MarkdownPage.renewed(once, of: [lesson]) == once)
    #expect(MarkdownPage.renewed("# other", of: [lesson]) == nil)
    // One that isn't closed is left alone.
    #expect(MarkdownPage.renewed("<!-- graft demo sleepers -->\nx", of: [lesson]) == nil)
  }
}

/// Whether a text has its elements nested and closed, which is all that a picture needs.
private struct XMLParserProbe {
  let isWellFormed: Bool

  init(_ text: String) {
    var open: [Substring] = []
    var isGood = true
    for match in text.matches(of: /<(\/?)([a-z]+)((?:[^>"]|"[^"<]*")*?)(\/?)>/) {
      let (closes, name, isEmpty) = (!match.1.isEmpty, match.2, !match.4.isEmpty)
      if closes {
        isGood = isGood && open.popLast() == name
      } else if !isEmpty {
        open.append(name)
      }
    }
    isWellFormed = isGood && open.isEmpty
  }
}
