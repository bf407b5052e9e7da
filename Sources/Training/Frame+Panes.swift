import Diagnostics
import Machine
import Reports

/// The open views, each in a pane. A view keeps its place from one moment to the next: they stand
/// in an order of their own, the timeline over the whole width.
extension Frame {
  /// The views that there is room for: of those that are open the latest.
  private func visibleViews(rows: Int) -> [Moment.View] {
    let open = moment.views.isEmpty ? [Moment.View.timeline, .log] : moment.views
    let count = rows < 8 ? 1 : screen.width < 60 || rows < 12 ? 2 : screen.width < 120 ? 3 : 4
    return open.prefix(count).sorted { $0.order < $1.order }
  }

  mutating func drawPanes(in rows: Range<Int>) {
    let views = visibleViews(rows: rows.count)
    guard let first = views.first else { return }
    let rest = views.dropFirst()
    guard !rest.isEmpty else { return draw(first, in: rows, 0..<screen.width) }
    let isStacked = screen.width < 60
    // The rest has a third at least, and what the first doesn't need.
    let least = max(4, rows.count / 3)
    let height = min(wantedHeight(of: first) + 1, rows.count - least)
    let split = rows.lowerBound + max(3, height)
    draw(first, in: rows.lowerBound..<split, 0..<screen.width)
    if isStacked {
      return draw(rest[rest.startIndex], in: split..<rows.upperBound, 0..<screen.width)
    }
    let count = rest.count
    for (number, view) in rest.enumerated() {
      let left = screen.width * number / count + (number > 0 ? 1 : 0)
      let right = screen.width * (number + 1) / count
      draw(view, in: split..<rows.upperBound, left..<right)
    }
  }

  private func wantedHeight(of view: Moment.View) -> Int {
    switch view {
    case .timeline: 4 + min(LessonFold.greatestTaskCount, max(1, moment.tasks.count)) + 1
    case .tasks: max(1, shownTasks.count)
    case .source(let page): page?.lines.count ?? lesson.source.lines.count
    case .files: moment.files.reduce(0) { $0 + 1 + $1.content.shownLines.count }
    case .terminal: moment.terminal.count
    case .log: max(3, moment.logCount)
    }
  }

  private mutating func draw(_ view: Moment.View, in rows: Range<Int>, _ columns: Range<Int>) {
    guard rows.count > 1 else { return }
    let isLatest = moment.views.first?.order == view.order
    drawRule(
      row: rows.lowerBound, title: view.title, ink: isLatest ? .bold : .dim, in: columns)
    let inner = (rows.lowerBound + 1)..<rows.upperBound
    switch view {
    case .timeline: drawTimeline(in: inner, columns)
    case .tasks: drawTasks(in: inner, columns)
    case .source(let page): drawSource(page, in: inner, columns)
    case .files: drawFiles(in: inner, columns)
    case .terminal: drawTerminal(in: inner, columns)
    case .log: drawLog(in: inner, columns)
    }
  }

  private mutating func put(
    _ text: String, _ row: Int, _ columns: Range<Int>, at offset: Int = 1, ink: Ink = .plain
  ) {
    screen.put(
      text, row: row, column: columns.lowerBound + offset, limit: columns.upperBound, ink: ink)
  }

  // MARK: Timeline

  private mutating func drawTimeline(in rows: Range<Int>, _ columns: Range<Int>) {
    let isTall = rows.count > 4
    let lanes = LaneDrawing(
      lesson, moment, width: columns.count,
      greatestRowCount: rows.count - (isTall ? 2 : 0) - 1)
    guard !lanes.rows.isEmpty else {
      return put("no task yet", rows.lowerBound, columns, ink: .dim)
    }
    var row = rows.lowerBound
    for line in isTall ? lanes.axis : [] {
      put(line, row, columns, ink: .dim)
      row += 1
    }
    for lane in lanes.rows where row < rows.upperBound {
      put(cut(lane.name, to: lanes.labelWidth), row, columns, ink: .dim)
      for (place, glyph) in lane.glyphs.enumerated() {
        let isLast = place == lane.glyphs.count - 1
        put(
          String(glyph), row, columns, at: lanes.labelWidth + 3 + place,
          ink: isLast && glyph != " " ? .current : Self.ink(of: glyph))
      }
      row += 1
    }
    guard row < rows.upperBound else { return }
    let text =
      lanes.hidden > 0
      ? "… and \(lanes.hidden) more" : lanes.legend(width: columns.count - 1)
    put(text, row, columns, ink: .dim)
  }

  static func ink(of glyph: Character) -> Ink {
    guard glyph.isLetter else { return .plain }
    switch glyph {
    case "w", "f": return .accent
    default: return glyph.isUppercase ? .new : .old
    }
  }

  // MARK: Tasks

  private var shownTasks: [(name: String, task: Moment.Task)] {
    zip(lesson.tasks, moment.tasks).filter { name, _ in
      moment.wantedTasks.isEmpty || moment.wantedTasks.contains(name)
    }.map { ($0, $1) }
  }

  private mutating func drawTasks(in rows: Range<Int>, _ columns: Range<Int>) {
    let tasks = shownTasks
    if tasks.isEmpty { return put("no task yet", rows.lowerBound, columns, ink: .dim) }
    let width = min(18, tasks.map { CharacterWidth.of($0.name) }.max() ?? 0)
    for (number, entry) in tasks.enumerated() {
      let row = rows.lowerBound + number
      guard row < rows.upperBound else { return }
      if row == rows.upperBound - 1, number < tasks.count - 1 {
        return put("… and \(tasks.count - number) more", row, columns, ink: .dim)
      }
      put(cut(entry.name, to: width), row, columns)
      let ink: Ink = entry.task.universe == "new" ? .new : .old
      put(entry.task.universe, row, columns, at: width + 3, ink: ink)
      put(entry.task.place, row, columns, at: width + 8, ink: .dim)
    }
  }

  // MARK: Texts

  private mutating func drawSource(
    _ page: SourcePage?, in rows: Range<Int>, _ columns: Range<Int>
  ) {
    let page = page ?? lesson.source
    let isLesson = page == lesson.source
    // The current line a third down; a declaration from its beginning.
    let current = isLesson && moment.sourceLine > 0 ? moment.sourceLine - page.first : 0
    let top = max(0, min(current - rows.count / 3, page.lines.count - rows.count))
    let width = String(page.first + page.lines.count).count
    for (number, row) in rows.enumerated() where top + number < page.lines.count {
      let line = page.first + top + number
      let isCurrent = isLesson && line == moment.sourceLine
      let label = String(repeating: " ", count: width - String(line).count) + String(line)
      put(isCurrent ? "›" : " ", row, columns, at: 0, ink: .accent)
      put(label, row, columns, ink: .dim)
      put(page.lines[top + number], row, columns, at: width + 2, ink: isCurrent ? .bold : .plain)
    }
  }

  private mutating func drawFiles(in rows: Range<Int>, _ columns: Range<Int>) {
    var lines: [(text: String, ink: Ink)] = []
    for file in moment.files {
      let content = file.content.shownLines
      let path = escapingControls(file.path)
      // One line of a short file stands beside its path.
      if content.count == 1, CharacterWidth.of(path) + 1 + content[0].count < columns.count {
        lines.append(("\(path) \(content[0])", .plain))
      } else {
        lines.append((path, .dim))
        lines += content.map { ("  " + $0, .plain) }
      }
    }
    for (line, row) in zip(lines, rows) { put(line.text, row, columns, ink: line.ink) }
    if moment.files.isEmpty { put("nothing is shown yet", rows.lowerBound, columns, ink: .dim) }
  }

  /// The command, and as much of the end of its output as there is room for.
  private mutating func drawTerminal(in rows: Range<Int>, _ columns: Range<Int>) {
    guard let command = moment.terminal.first, let first = rows.first else { return }
    put(command.text, first, columns, ink: .accent)
    let output = moment.terminal.dropFirst().suffix(rows.count - 1)
    for (line, row) in zip(output, rows.dropFirst()) { put(line.text, row, columns) }
  }

  private mutating func drawLog(in rows: Range<Int>, _ columns: Range<Int>) {
    let lines = lesson.log.prefix(moment.logCount).suffix(rows.count)
    if lines.isEmpty { put("(empty)", rows.lowerBound, columns, ink: .dim) }
    for (line, row) in zip(lines, rows) {
      let when = lesson.keepsTime ? Duration.moment(nanoseconds: line.time) + " " : ""
      put(when + line.text, row, columns)
      put(when, row, columns, ink: .dim)
    }
  }
}
