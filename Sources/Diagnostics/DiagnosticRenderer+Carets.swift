extension DiagnosticRenderer {
  /// A label's part on one line.
  struct Mark {
    var bytes: Range<Int>
    var isPrimary: Bool
    var message: String
    /// Columns within the shown window; set when the line is laid out.
    var columns = 0..<1
  }

  /// The numbered source line and the lines of carets and messages under it.
  func sourceLine(
    _ line: Int, of text: SourceText, marks: [Mark], values: [AnchoredValue] = [],
    severity: Severity, gutter: Int
  ) -> [String] {
    let anchor = marks.first { $0.isPrimary } ?? marks.first
    let start = anchor?.bytes.lowerBound ?? text.byteRange(ofLine: line).lowerBound
    let display = DisplayLine(text, line: line, around: start)
    let window = Window(display, anchor: anchor?.bytes, room: width - gutter - 4)

    let number = String(line)
    let padding = String(repeating: " ", count: gutter - min(gutter, number.count))
    let shown = window.text(of: display)
    var result = [paint("\(padding)\(number) |", .frame) + (shown.isEmpty ? "" : " " + shown)]
    let frame = String(repeating: " ", count: gutter) + " " + paint("|", .frame) + " "
    let placed = marks.map { mark in
      var mark = mark
      mark.columns = window.columns(of: mark.bytes, in: display)
      return mark
    }.sorted {
      ($0.columns.lowerBound, $0.columns.upperBound) < (
        $1.columns.lowerBound, $1.columns.upperBound
      )
    }
    for row in rows(of: placed, severity: severity) { result.append(frame + row) }
    let hung = values.map { value in
      let end = value.offset + 1
      return (window.columns(of: value.offset..<end, in: display).lowerBound, value.text)
    }
    for row in Self.rows(hanging: hung) { result.append(frame + paint(row, .frame)) }
    return result
  }

  /// Carets on the first row, with the message of the rightmost mark; the other messages below,
  /// from right to left, each on its stem.
  private func rows(of marks: [Mark], severity: Severity) -> [String] {
    guard let rightmost = marks.last else { return [] }
    var row = Canvas()
    // Primary carets last: where labels overlap they win.
    for mark in marks where !mark.isPrimary { row.fill(mark.columns, with: "-", .frame) }
    for mark in marks where mark.isPrimary {
      row.fill(mark.columns, with: "^", .severity(severity))
    }
    row.write(" " + rightmost.message, at: row.count, style(of: rightmost, severity))
    var result = [row]
    var hanging = marks.dropLast().filter { !$0.message.isEmpty }
    if !hanging.isEmpty { result.append(stems(hanging, severity)) }
    while let mark = hanging.popLast() {
      var row = stems(hanging, severity)
      row.write(mark.message, at: mark.columns.lowerBound, style(of: mark, severity))
      result.append(row)
    }
    return result.map { render($0) }
  }

  private func stems(_ marks: [Mark], _ severity: Severity) -> Canvas {
    var row = Canvas()
    for mark in marks {
      let column = mark.columns.lowerBound
      row.fill(column..<(column + 1), with: "|", style(of: mark, severity))
    }
    return row
  }

  private func style(of mark: Mark, _ severity: Severity) -> Style {
    mark.isPrimary ? .severity(severity) : .frame
  }

  private func render(_ canvas: Canvas) -> String {
    canvas.runs.map { $0.style.map { [text = $0.text] in paint(text, $0) } ?? $0.text }.joined()
  }
}

/// A row of styled characters that is painted from left to right.
private struct Canvas {
  private var characters: [Character] = []
  private var styles: [DiagnosticRenderer.Style?] = []

  var count: Int { characters.count }

  mutating func fill(
    _ columns: Range<Int>, with character: Character, _ style: DiagnosticRenderer.Style
  ) {
    write(String(repeating: character, count: columns.count), at: columns.lowerBound, style)
  }

  mutating func write(_ text: String, at column: Int, _ style: DiagnosticRenderer.Style) {
    for (index, character) in text.enumerated() {
      while count <= column + index {
        characters.append(" ")
        styles.append(nil)
      }
      characters[column + index] = character
      styles[column + index] = style
    }
  }

  /// Neighbours of one style, without trailing blanks.
  var runs: [(text: String, style: DiagnosticRenderer.Style?)] {
    let end = (characters.lastIndex { $0 != " " }).map { $0 + 1 } ?? 0
    var result: [(text: String, style: DiagnosticRenderer.Style?)] = []
    for index in 0..<end {
      if let last = result.indices.last, result[last].style == styles[index] {
        result[last].text.append(characters[index])
      } else {
        result.append((String(characters[index]), styles[index]))
      }
    }
    return result
  }
}

/// The part of a line that fits the terminal.
private struct Window {
  var columns: Range<Int>
  var cutBefore: Bool
  var cutAfter: Bool

  init(_ line: DisplayLine, anchor: Range<Int>?, room: Int) {
    columns = 0..<line.width
    if line.width > room {
      let start = anchor.map { line.column(ofByte: $0.lowerBound) } ?? 0
      let end = anchor.map { line.column(ofByte: $0.upperBound) } ?? 0
      // Keep some of what comes before, and the whole label when it fits.
      var lower = max(0, start - room / 3)
      if end - lower > room { lower = max(0, start - 8) }
      lower = min(lower, max(0, line.width - (room - 2)))
      columns = lower..<min(line.width, lower + room - 2)
    }
    cutBefore = line.isCutBefore || columns.lowerBound > 0
    cutAfter = line.isCutAfter || columns.upperBound < line.width
  }

  func text(of line: DisplayLine) -> String {
    var body = line.text(in: columns)
    if cutAfter {
      body += "…"
    } else {
      while body.unicodeScalars.last == " " { body.unicodeScalars.removeLast() }
    }
    return cutBefore ? "…" + body : body
  }

  /// Where the carets go: at least one column, within the window.
  func columns(of bytes: Range<Int>, in line: DisplayLine) -> Range<Int> {
    let shift = columns.lowerBound - (cutBefore ? 1 : 0)
    let lower = min(
      max(line.column(ofByte: bytes.lowerBound), columns.lowerBound), columns.upperBound)
    let upper = min(max(line.column(ofByte: bytes.upperBound), lower), columns.upperBound)
    return (lower - shift)..<max(lower - shift + 1, upper - shift)
  }
}
