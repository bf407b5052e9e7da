import Diagnostics
import Testing

@Suite struct RendererTests {
  static let code = DiagnosticCode(rawValue: "E0999")

  /// The range of the first occurrence of `part` in `text`.
  private func range(_ part: String, in text: SourceText, _ file: SourceFileID) -> SourceRange {
    let whole = text.bytes
    let wanted = Array(part.utf8)
    let start = whole.indices.first { whole[$0...].starts(with: wanted) } ?? 0
    return SourceRange(file: file, lower: Int32(start), upper: Int32(start + wanted.count))
  }

  private func render(
    _ source: String, form: DiagnosticRenderer.Form = .long, colour: Bool = false,
    width: Int = 100, _ make: (SourceText, SourceFileID) -> Diagnostic
  ) -> String {
    var map = SourceMap()
    let text = SourceText(name: "a.graft", source)
    let file = map.add(text)
    return DiagnosticRenderer(sources: map, form: form, usesColour: colour, width: width)
      .render(make(text, file))
  }

  @Test func labelsNotesAndHelpAreDrawn() {
    let shown = render("let a = b + c\nlet d = 1\n") { text, file in
      Diagnostic(
        .error, Self.code, "these differ",
        labels: [
          .primary(range("+", in: text, file), "here"),
          .secondary(range("b", in: text, file), "an int"),
          .secondary(range("c", in: text, file), "a duration"),
        ],
        notes: ["units matter"], help: "convert one")
    }
    #expect(
      shown == """
        error[E0999]: these differ
         --> a.graft:1:11
          |
        1 | let a = b + c
          |         - ^ - a duration
          |         | |
          |         | here
          |         an int
          |
          = note: units matter
          = help: convert one

        """)
  }

  @Test func aLabelOverLinesIsDrawnAtBothEnds() {
    let shown = render("one {\n  two\n  three\n}\n") { text, file in
      .error(Self.code, "long", at: range("{\n  two\n  three\n}", in: text, file), label: "this")
    }
    #expect(
      shown == """
        error[E0999]: long
         --> a.graft:1:5
          |
        1 | one {
          |     ^
        ...
        4 | }
          | ^ this

        """)
  }

  @Test func tabsWideCharactersAndControlsKeepCaretsInPlace() {
    let shown = render("\tx = \"漢\u{1B}\" y") { text, file in
      .error(Self.code, "odd\u{7}", at: range("y", in: text, file))
    }
    #expect(
      shown == """
        error[E0999]: odd\\u{7}
         --> a.graft:1:11
          |
        1 |     x = "漢\\u{1b}" y
          |                    ^

        """)
  }

  @Test func longLinesAreWindowed() {
    let source = String(repeating: "a", count: 300) + " here " + String(repeating: "b", count: 300)
    let shown = render(source, width: 60) { text, file in
      .error(Self.code, "far", at: range("here", in: text, file))
    }
    let lines = shown.split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 60 })
    let caret = lines.last?.firstIndex(of: "^").map {
      lines[4].distance(from: lines[4].startIndex, to: $0)
    }
    #expect(lines.contains { $0.contains("…") && $0.contains(" here ") })
    #expect(caret != nil)
  }

  @Test func theShortFormIsOneLine() {
    let shown = render("ä b", form: .short) { text, file in
      .error(Self.code, "no", at: range("b", in: text, file))
    }
    #expect(shown == "a.graft:1:3: error[E0999]: no\n")
  }

  @Test func theJSONFormIsOneObjectPerLine() {
    let shown = render("a \"b\"\n", form: .json) { text, file in
      .error(
        Self.code, "say \"x\"", at: range("\"b\"", in: text, file),
        fixIt: FixIt(range: range("a", in: text, file), replacement: "c"))
    }
    let span = #""start":{"line":1,"column":3,"byte":2},"end":{"line":1,"column":6,"byte":5}"#
    let fix = #""start":{"line":1,"column":1,"byte":0},"end":{"line":1,"column":2,"byte":1}"#
    #expect(
      shown == #"{"version":1,"severity":"error","code":"E0999","message":"say \"x\"","#
        + #""labels":[{"primary":true,"message":"","file":"a.graft",\#(span)}],"#
        + #""notes":[],"help":null,"fix":{"replacement":"c","file":"a.graft",\#(fix)},"#
        + #""used_at":[]}"# + "\n")
  }

  @Test func coloursAreAddedAndNothingElse() {
    let make = { (text: SourceText, file: SourceFileID) -> Diagnostic in
      .error(Self.code, "no", at: SourceRange(file: file, lower: 0, upper: 1), label: "this")
    }
    let plain = render("a b", make)
    let coloured = render("a b", colour: true, make)
    #expect(coloured.contains("\u{1B}[1;31m^ this\u{1B}[0m"))
    #expect(coloured.replacing(/\u{1B}\[[0-9;]*m/, with: "") == plain)
  }

  @Test func theIncludeChainIsShown() {
    var map = SourceMap()
    let root = map.add(SourceText(name: "main.graft", "use \"b.graft\"\n"))
    let use = SourceRange(file: root, lower: 4, upper: 13)
    let included = map.add(SourceText(name: "b.graft", "oops"), includedFrom: use)
    let shown = DiagnosticRenderer(sources: map).render(
      .error(Self.code, "no", at: SourceRange(file: included, lower: 0, upper: 4)))
    #expect(
      shown == """
        error[E0999]: no
         --> b.graft:1:1
            used at main.graft:1:5
          |
        1 | oops
          | ^^^^

        """)
  }

  @Test func positionsCountCharacters() {
    let text = SourceText(name: "a", "é\r\nx👩‍💻y\n")
    #expect(text.lineCount == 3)
    #expect(text.position(at: 2) == SourcePosition(line: 1, column: 2))
    #expect(text.position(at: 5) == SourcePosition(line: 2, column: 2))
    let afterEmoji = Int32(text.bytes.count - 2)
    #expect(text.position(at: afterEmoji) == SourcePosition(line: 2, column: 3))
    #expect(text.text(ofLine: 1) == "é")
    #expect(text.position(at: 1000) == SourcePosition(line: 3, column: 1))
  }
}
