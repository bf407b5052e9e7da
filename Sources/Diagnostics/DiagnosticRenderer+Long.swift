// The long form, in the manner of rustc:
//
//     error[E0110]: expected `}` to close the `kernel` block
//       --> demo.graft:4:1
//        |
//      1 | kernel "3.12" {
//        |               - opened here
//     ...
//      4 | scenario "x" {
//        | ^^^^^^^^ expected `}` before this
//        |
//        = help: …
//
// A label over several lines is drawn at its first and at its last line. When several labels share
// a line, the message of the rightmost stands beside its carets and the others hang below.

extension DiagnosticRenderer {
  func renderLong(_ diagnostic: Diagnostic) -> String {
    var lines = [paintedHeadline(diagnostic)]
    let labels = diagnostic.labels.filter {
      Int($0.range.upper) <= sources[$0.range.file].bytes.count
    }
    let gutter = gutterWidth(labels)
    let margin = String(repeating: " ", count: gutter + 1)
    for (index, file) in files(of: labels, first: diagnostic.range?.file).enumerated() {
      let own = labels.filter { $0.range.file == file }
      let place = own.first { $0.isPrimary } ?? own[0]
      let arrow = paint(margin.dropLast() + (index == 0 ? "-->" : ":::"), .frame)
      lines.append("\(arrow) \(location(of: place.range))")
      for use in sources.includeChain(of: file) {
        lines.append("\(margin)  used at \(location(of: use))")
      }
      lines.append(margin + paint("|", .frame))
      let values = diagnostic.values.filter { $0.range.file == file }
      lines += excerpt(
        of: file, labels: own, values: values, severity: diagnostic.severity, gutter: gutter)
    }
    lines += remarks(diagnostic, margin: margin, afterExcerpt: !labels.isEmpty)
    return lines.joined(separator: "\n") + "\n"
  }

  private func paintedHeadline(_ diagnostic: Diagnostic) -> String {
    let kind = "\(diagnostic.severity.rawValue)[\(diagnostic.code.rawValue)]"
    let message = ": " + shownMessage(diagnostic.message)
    return paint(kind, .severity(diagnostic.severity)) + paint(message, .bold)
  }

  private func remarks(_ diagnostic: Diagnostic, margin: String, afterExcerpt: Bool) -> [String] {
    var remarks = diagnostic.notes.map { ("note", $0) }
    if let help = diagnostic.help { remarks.append(("help", help)) }
    guard !remarks.isEmpty else { return [] }
    let frame = afterExcerpt ? [margin + paint("|", .frame)] : []
    return frame
      + remarks.map { kind, text in
        "\(margin)\(paint("=", .frame)) \(paint(kind, .bold)): \(shownMessage(text))"
      }
  }

  private func gutterWidth(_ labels: [Label]) -> Int {
    labels.map { label in
      let text = sources[label.range.file]
      return String(text.line(at: lastByte(of: label.range))).count
    }.max() ?? 1
  }

  /// The files that labels stand in: the diagnostic's own first, then in order of mention.
  private func files(of labels: [Label], first: SourceFileID?) -> [SourceFileID] {
    var result: [SourceFileID] = []
    for file in [first].compactMap({ $0 }) + labels.map(\.range.file)
    where !result.contains(file) && labels.contains(where: { $0.range.file == file }) {
      result.append(file)
    }
    return result
  }

  private func excerpt(
    of file: SourceFileID, labels: [Label], values: [SourceValue], severity: Severity,
    gutter: Int
  ) -> [String] {
    let text = sources[file]
    var marks: [Int: [Mark]] = [:]
    for label in labels {
      for (line, mark) in self.marks(for: label, in: text) { marks[line, default: []].append(mark) }
    }
    let anchored = anchors(of: values, in: text)
    for line in anchored.keys where marks[line] == nil { marks[line] = [] }
    var result: [String] = []
    var previous: Int?
    for line in marks.keys.sorted() {
      if let previous, line > previous + 1 {
        if line == previous + 2 {
          result += sourceLine(line - 1, of: text, marks: [], severity: severity, gutter: gutter)
        } else {
          result.append(paint("...", .frame))
        }
      }
      let marks = marks[line] ?? []
      result += sourceLine(
        line, of: text, marks: marks, values: anchored[line] ?? [], severity: severity,
        gutter: gutter)
      previous = line
    }
    return result
  }

  /// The last byte that a range covers, so that a range ending with a line break ends on its line.
  private func lastByte(of range: SourceRange) -> Int32 { max(range.lower, range.upper - 1) }

  private func marks(for label: Label, in text: SourceText) -> [(line: Int, mark: Mark)] {
    let range = label.range.bytes
    let first = text.line(at: label.range.lower)
    let last = text.line(at: lastByte(of: label.range))
    let message = shownMessage(label.message)
    guard first != last else {
      return [(first, Mark(bytes: range, isPrimary: label.isPrimary, message: message))]
    }
    let head = range.lowerBound..<max(range.lowerBound, text.byteRange(ofLine: first).upperBound)
    let lastLine = text.byteRange(ofLine: last)
    let indent = lastLine.prefix { text.bytes[$0] == 0x20 || text.bytes[$0] == 0x09 }.count
    let tail = min(lastLine.lowerBound + indent, range.upperBound)..<range.upperBound
    return [
      (first, Mark(bytes: head, isPrimary: label.isPrimary, message: "")),
      (last, Mark(bytes: tail, isPrimary: label.isPrimary, message: message)),
    ]
  }
}
