import Diagnostics
import Machine
import Reports

/// A lesson to be read: what is said as prose, what happens as the story has it, the lanes where
/// somebody would have stopped, questions with their answers folded away.
package struct MarkdownPage {
  private let lesson: Lesson
  private var text = ""
  /// Lines of the story that are still to be written, and whether the lanes have changed since.
  private var story: [String] = []
  private var drawnColumns = 0

  package static func text(of lesson: Lesson) -> String {
    "# \(markdown(lesson.id.title))\n\n" + body(of: lesson)
  }

  /// Without a heading: what stands between the marks of a block.
  package static func body(of lesson: Lesson) -> String {
    var page = MarkdownPage(lesson: lesson)
    for moment in lesson.moments { page.add(moment) }
    page.flushStory()
    return page.text
  }

  private init(lesson: Lesson) { self.lesson = lesson }

  private mutating func add(_ moment: Moment) {
    switch moment.kind {
    case .begin: break
    case .chapter:
      flushStory()
      guard let chapter = moment.chapter else { return }
      text += "## \(chapter + 1). \(Self.markdown(lesson.chapters[chapter].title))\n\n"
    case .say:
      flushStory()
      text += Self.markdown(moment.narration) + "\n\n"
    case .statement, .event:
      story += moment.lines.map { line in
        let when = lesson.keepsTime ? Duration.moment(nanoseconds: moment.time) : "#\(moment.step)"
        let blanks = String(repeating: " ", count: max(0, 12 - when.count))
        return "\(blanks)\(when) \(line.mark) \(line.text)"
      }
    case .pause:
      flushStory()
      drawLanes(moment)
      if !moment.prompt.isEmpty { text += "*\(Self.markdown(moment.prompt))*\n\n" }
    case .question:
      flushStory()
      drawLanes(moment)
      ask(moment)
    case .answers:
      flushStory()
      answer(moment)
    case .end:
      flushStory()
      drawLanes(moment)
      if let failure = lesson.failure {
        text += "**It fails:** \(Self.markdown(failure.replacing("\n", with: " ")))\n\n"
      }
    }
  }

  private mutating func flushStory() {
    guard !story.isEmpty else { return }
    let shown =
      story.count <= Self.greatestStory
      ? story
      : story.prefix(Self.greatestStory / 2) + ["             …"]
        + story.suffix(Self.greatestStory / 2)
    text += Self.fenced(shown.joined(separator: "\n") + "\n")
    story = []
  }

  private static let greatestStory = 24

  private mutating func drawLanes(_ moment: Moment) {
    guard moment.columnCount > drawnColumns else { return }
    drawnColumns = moment.columnCount
    let lanes = LaneDrawing(lesson, moment, width: 78, greatestRowCount: 16)
    guard !lanes.rows.isEmpty else { return }
    text += Self.fenced(lanes.text + lanes.legend(width: .max) + "\n")
  }

  private mutating func ask(_ moment: Moment) {
    guard let number = moment.question else { return }
    let question = lesson.questions[number]
    text += "**\(Self.markdown(question.text))**\n\n"
    for (place, answer) in question.answers.enumerated() {
      text += "\(place + 1). \(Self.markdown(answer.text))\n"
    }
    text += "\n"
  }

  private mutating func answer(_ moment: Moment) {
    guard let number = moment.question else { return }
    text += "<details><summary>The answer</summary>\n\n"
    for (place, answer) in lesson.questions[number].answers.enumerated() {
      let reason = answer.explanation.map { ": " + Self.markdown($0) } ?? ""
      guard answer.isRight || !reason.isEmpty else { continue }
      text += "- \(answer.isRight ? "✓" : "✗") \(place + 1)\(reason)\n"
    }
    text += "\n</details>\n\n"
  }

  // MARK: Blocks of a page that somebody else writes

  /// The page with every block `<!-- graft demo TITLE -->` … `<!-- graft end -->` made anew of the
  /// lesson of that title; nil where it has none of these lessons'.
  package static func renewed(_ page: String, of lessons: [Lesson]) -> String? {
    var lines: [Substring] = []
    var isInside = false
    var isFound = false
    for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
      if isInside, line == "<!-- graft end -->" { isInside = false }
      if !isInside { lines.append(line) }
      guard !isInside, line.hasPrefix("<!-- graft demo "), line.hasSuffix(" -->") else { continue }
      let title = line.dropFirst("<!-- graft demo ".count).dropLast(" -->".count)
      guard let lesson = lessons.first(where: { $0.id.title == title }) else { continue }
      lines.append("")
      let body = body(of: lesson)
      lines += body.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      (isInside, isFound) = (true, true)
    }
    return isFound && !isInside ? lines.joined(separator: "\n") : nil
  }

  // MARK: The format

  /// Text that is nothing but text.
  static func markdown(_ text: String) -> String {
    var result = ""
    for character in escapingControls(text.replacing("\n", with: " ")) {
      // Some mean something at a line's beginning alone.
      let isSign = result.isEmpty ? "-+=".contains(character) : false
      if isSign || "\\`*_{}[]<>#|!~&".contains(character) { result += "\\" }
      if character == ".", !result.isEmpty, result.allSatisfy(\.isNumber) { result += "\\" }
      result.append(character)
    }
    return result
  }

  /// A block of code, whose fence is longer than any in it.
  private static func fenced(_ code: String) -> String {
    var longest = 2
    var run = 0
    for character in code {
      run = character == "`" ? run + 1 : 0
      longest = max(longest, run)
    }
    let fence = String(repeating: "`", count: longest + 1)
    return "\(fence)text\n\(code)\(fence)\n\n"
  }
}
