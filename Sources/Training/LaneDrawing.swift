import Machine
import Reports

/// The lanes of a moment for a width: two lines of times, and a row of letters for each lane.
struct LaneDrawing {
  var axis: [String] = []
  var rows: [(name: String, glyphs: [Character])] = []
  /// Cells that names take.
  var labelWidth = 0
  /// Tasks that have no row.
  var hidden = 0

  /// What the letters mean: those that are there, and as many as there is room for.
  ///
  /// - Parameter width: cells.
  func legend(width: Int) -> String {
    let tasks = Set(rows.dropFirst().flatMap(\.glyphs))
    let stages = Set(rows.first?.glyphs ?? [])
    var parts: [String] = []
    for (letter, word) in Self.letters
    where tasks.contains(letter) || tasks.contains(Character(letter.uppercased())) {
      parts.append("\(letter) \(word)")
    }
    if tasks.contains(where: \.isUppercase) { parts.append("CAPITAL: new universe") }
    for (letter, word) in Self.stages where stages.contains(letter) {
      parts.append("\(letter) \(word)")
    }
    var text = ""
    for part in parts {
      let longer = text.isEmpty ? part : text + "  " + part
      if CharacterWidth.of(longer) <= width { text = longer }
    }
    return text
  }

  private static let letters: [(Character, String)] = [
    ("u", "user"), ("k", "kernel"), ("z", "asleep"), ("d", "in state D"), ("t", "stopped"),
  ]
  private static let stages: [(Character, String)] = [
    ("w", "window"), ("-", "waiting for tasks"), ("f", "final"),
  ]

  /// - Parameter greatestRowCount: rows for tasks at the most, one of them for those left out.
  init(_ lesson: Lesson, _ moment: Moment, width: Int, greatestRowCount: Int) {
    var known = Array(lesson.columns.prefix(moment.columnCount))
    // Whoever waits has waited until now.
    if var now = known.last, lesson.keepsTime ? moment.time > now.time : moment.step > now.step {
      (now.time, now.step, now.isTurningPoint) = (moment.time, moment.step, true)
      known.append(now)
    }
    let born = min(moment.tasks.count, lesson.tasks.count)
    guard !known.isEmpty else { return }
    let names = lesson.tasks.prefix(born)
    labelWidth = min(16, max(10, names.map { CharacterWidth.of($0) }.max() ?? 0))
    let room = max(8, width - labelWidth - 4)
    let shown = Lanes.squeezed(known, to: room, keepsTime: lesson.keepsTime)
    axis = Lanes.axis(shown, indent: labelWidth + 2, keepsTime: lesson.keepsTime)
    rows = [("transition", shown.map(\.stage))]
    let count = max(0, born > greatestRowCount ? greatestRowCount - 1 : born)
    for number in 0..<count {
      let slot = lesson.slots[number]
      rows.append((lesson.tasks[number], shown.map { $0.tasks[slot] ?? " " }))
    }
    hidden = born - count + (born == lesson.tasks.count ? lesson.furtherTasks : 0)
  }

  /// For a page of plain text.
  var text: String {
    var lines = axis
    for row in rows {
      let name = cut(row.name, to: labelWidth)
      let blanks = String(repeating: " ", count: labelWidth + 2 - CharacterWidth.of(name))
      var line = name + blanks + String(row.glyphs)
      while line.last == " " { line.removeLast() }
      lines.append(line)
    }
    if hidden > 0 { lines.append("… and \(hidden) more") }
    return lines.joined(separator: "\n") + "\n"
  }
}
