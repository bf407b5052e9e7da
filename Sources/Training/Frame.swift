import Diagnostics
import Machine
import Reports

/// One moment of a lesson as a screen: a title, the open views, what is said, and what can be done.
package struct Frame {
  /// What a player adds to the moment that it stands at.
  package struct Extras: Sendable {
    /// By question: the answer that was chosen, and how many hints are shown.
    package var choices: [Int: Int] = [:]
    package var hints: [Int: Int] = [:]
    /// The last row: the keys, or how it goes on.
    package var footer = ""
    /// Whether the speaker's notes are shown beside what is said.
    package var showsNotes = false

    package init() {}
  }

  let lesson: Lesson
  let moment: Moment
  let index: Int
  let extras: Extras
  var screen: Screen

  package static func screen(
    of lesson: Lesson, at index: Int, width: Int, height: Int, _ extras: Extras = Extras()
  ) -> Screen {
    var frame = Frame(lesson, index, width, height, extras)
    frame.draw()
    return frame.screen
  }

  private init(_ lesson: Lesson, _ index: Int, _ width: Int, _ height: Int, _ extras: Extras) {
    self.lesson = lesson
    self.index = index
    self.extras = extras
    moment = lesson.moments[index]
    screen = Screen(width: max(20, width), height: max(6, height))
  }

  private mutating func draw() {
    drawTitle()
    let speech = speechLines()
    let hasFooter = screen.height > 8
    let spoken = min(max(speech.count, leastSpeechHeight), screen.height / 2)
    let bottom = screen.height - (hasFooter ? 1 : 0)
    let rule = bottom - spoken - 1
    if rule > 1 { drawPanes(in: 1..<rule) }
    drawRule(row: max(1, rule), title: speechTitle, ink: .accent)
    for (number, line) in speech.prefix(bottom - rule - 1).enumerated() {
      screen.put(line.text, row: rule + 1 + number, column: 1, ink: line.ink)
    }
    if hasFooter { screen.put(extras.footer, row: bottom, column: 1, ink: .dim) }
  }

  /// So that what stands above keeps its place from one moment to the next.
  private var leastSpeechHeight: Int { max(3, min(8, screen.height / 5)) }

  private mutating func drawTitle() {
    screen.fill(row: 0, 0..<screen.width, with: " ", ink: .title)
    let when =
      lesson.keepsTime ? Duration.moment(nanoseconds: moment.time) : "step \(moment.step)"
    let time = screen.width > CharacterWidth.of(when) + 12 ? when : ""
    let limit = screen.width - CharacterWidth.of(time) - 2
    var column = screen.put(
      escapingControls(lesson.id.title), row: 0, column: 1, limit: limit, ink: .title)
    if let chapter = moment.chapter {
      let title = lesson.chapters[chapter].title
      let text = "  \(chapter + 1)/\(lesson.chapters.count) \(escapingControls(title))"
      column = screen.put(text, row: 0, column: column, limit: limit, ink: .title)
    }
    screen.put(time, row: 0, column: limit + 1, ink: .title)
  }

  mutating func drawRule(
    row: Int, title: String, ink: Ink = .frame, in columns: Range<Int>? = nil
  ) {
    let columns = columns ?? 0..<screen.width
    screen.fill(row: row, columns, with: "─", ink: .frame)
    guard !title.isEmpty, columns.count > 6 else { return }
    screen.put(
      " \(title) ", row: row, column: columns.lowerBound + 1, limit: columns.upperBound - 1,
      ink: ink)
  }
}
