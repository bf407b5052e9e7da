import Diagnostics
import Machine
import Reports

/// One lesson, or a course of them, as a page that plays them: one file, no network, any browser.
///
/// The page is fixed text around JSON. What comes from a scenario reaches the document as text
/// alone.
package enum LessonPage {
  package static func text(of lessons: [Lesson], title: String) -> String {
    var head = JSONLine()
    head.add("title", escapingControls(title))
    return top(title) + HTMLPage.block("head", head.object)
      + lessons.map { HTMLPage.block("lesson", json($0)) }.joined() + bottom
  }

  // MARK: Data

  static func json(_ lesson: Lesson) -> String {
    var line = JSONLine()
    line.add("title", escapingControls(lesson.id.title))
    line.add("path", escapingControls(lesson.id.path))
    line.add("number", raw: lesson.number.map { "\($0)" } ?? "null")
    line.add("failure", lesson.failure.map(escapingLines))
    line.add("chapters", raw: list(lesson.chapters.map(chapter)))
    line.add("questions", raw: list(lesson.questions.map(question)))
    let isShown = lesson.moments.contains { $0.views.contains(.source(nil)) }
    line.add("source", raw: isShown ? page(lesson.source) : "null")
    line.add("tasks", raw: list(lesson.tasks.map(jsonQuoted)))
    line.add("further", lesson.furtherTasks)
    line.add("columns", raw: columns(lesson))
    line.add(
      "log",
      raw: list(lesson.log.map { jsonQuoted(when($0.time, 0, lesson) + " " + $0.text) }))
    var pages: [SourcePage] = []
    var last: Moment?
    let moments = lesson.moments.enumerated().map { index, moment -> String in
      defer { last = moment }
      return self.moment(moment, after: last, lesson, lesson.milliseconds(at: index), &pages)
    }
    line.add("moments", raw: list(moments))
    line.add("pages", raw: list(pages.map(page)))
    return line.object
  }

  private static func list(_ values: [String]) -> String {
    "[" + values.joined(separator: ",") + "]"
  }

  private static func texts(_ values: [String]) -> String { list(values.map(jsonQuoted)) }

  private static func escapingLines(_ text: String) -> String {
    text.shownLines.joined(separator: "\n")
  }

  private static func when(_ time: Int64, _ step: Int, _ lesson: Lesson) -> String {
    lesson.keepsTime ? Duration.moment(nanoseconds: time) : "#\(step)"
  }

  private static func chapter(_ chapter: Lesson.Chapter) -> String {
    var line = JSONLine()
    line.add("title", escapingControls(chapter.title))
    line.add("start", chapter.start)
    return line.object
  }

  private static func question(_ question: QuestionSite) -> String {
    var line = JSONLine()
    line.add("text", escapingLines(question.text))
    line.add("hints", raw: texts(question.hints.map(escapingLines)))
    let answers = question.answers.map { answer in
      var line = JSONLine()
      line.add("text", escapingLines(answer.text))
      line.add("right", answer.isRight)
      line.add("because", answer.explanation.map(escapingLines))
      return line.object
    }
    line.add("answers", raw: list(answers))
    return line.object
  }

  private static func page(_ page: SourcePage) -> String {
    var line = JSONLine()
    line.add("name", escapingControls(page.name))
    line.add("first", page.first)
    line.add("lines", raw: texts(page.lines))
    return line.object
  }

  /// A text for each lane, a letter for each column.
  private static func columns(_ lesson: Lesson) -> String {
    var line = JSONLine()
    let columns = lesson.columns
    line.add("when", raw: texts(columns.map { when($0.time, $0.step, lesson) }))
    line.add(
      "at", raw: list(columns.map { "\(lesson.keepsTime ? $0.time : Int64($0.step))" }))
    line.add("stage", String(columns.map(\.stage)))
    line.add("turns", String(columns.map { $0.isTurningPoint ? "1" : "0" }))
    line.add(
      "lanes",
      raw: texts(lesson.slots.map { slot in String(columns.map { $0.tasks[slot] ?? " " }) }))
    return line.object
  }

  /// What differs from the moment before; what was said and what happened, always.
  private static func moment(
    _ moment: Moment, after last: Moment?, _ lesson: Lesson, _ milliseconds: Int,
    _ pages: inout [SourcePage]
  ) -> String {
    var line = JSONLine()
    line.add("kind", moment.kind.rawValue)
    line.add("when", when(moment.time, moment.step, lesson))
    line.add("at", lesson.keepsTime ? moment.time : Int64(moment.step))
    line.add("ms", milliseconds)
    if !moment.lines.isEmpty {
      line.add("lines", raw: lines(moment.lines))
    }
    if !moment.notes.isEmpty { line.add("notes", escapingLines(moment.notes)) }
    if !moment.prompt.isEmpty { line.add("prompt", escapingLines(moment.prompt)) }
    if moment.chapter != last?.chapter { line.add("chapter", moment.chapter ?? -1) }
    if moment.narration != last?.narration {
      line.add("narration", escapingLines(moment.narration))
    }
    if moment.question != last?.question { line.add("question", moment.question ?? -1) }
    if moment.sourceLine != last?.sourceLine { line.add("line", moment.sourceLine) }
    if moment.columnCount != last?.columnCount { line.add("columns", moment.columnCount) }
    if moment.logCount != last?.logCount { line.add("log", moment.logCount) }
    if moment.views != last?.views { line.add("views", raw: views(moment, &pages)) }
    if moment.wantedTasks != last?.wantedTasks {
      line.add("wanted", raw: texts(moment.wantedTasks))
    }
    if moment.tasks != last?.tasks {
      line.add(
        "tasks",
        raw: list(moment.tasks.map { texts([String($0.glyph), $0.universe, $0.place]) }))
    }
    if moment.terminal != last?.terminal { line.add("terminal", raw: lines(moment.terminal)) }
    if moment.files != last?.files {
      line.add(
        "files",
        raw: list(
          moment.files.map { texts([escapingControls($0.path), escapingLines($0.content)]) }))
    }
    return line.object
  }

  private static func lines(_ lines: [Moment.Line]) -> String {
    list(lines.map { texts([$0.mark, escapingLines($0.text), $0.tone.rawValue]) })
  }

  /// A source view is the number of its page, or −1 for the lesson itself.
  private static func views(_ moment: Moment, _ pages: inout [SourcePage]) -> String {
    list(
      moment.views.map { view in
        switch view {
        case .timeline: "\"timeline\""
        case .tasks: "\"tasks\""
        case .files: "\"files\""
        case .terminal: "\"terminal\""
        case .log: "\"log\""
        case .source(nil): "-1"
        case .source(.some(let page)): "\(number(of: page, in: &pages))"
        }
      })
  }

  private static func number(of page: SourcePage, in pages: inout [SourcePage]) -> Int {
    if let known = pages.firstIndex(of: page) { return known }
    pages.append(page)
    return pages.count - 1
  }

  // MARK: The page

  private static func top(_ title: String) -> String {
    let policy =
      "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta http-equiv="Content-Security-Policy" content="\(policy)">
      <link rel="icon" href="data:,">
      <title>\(xmlEscaped(title))</title>
      <style>
      \(text(PackageResources.lesson_css))</style>
      </head>
      <body>
      <noscript>This lesson plays itself: allow scripts for this file, it asks nobody for anything.</noscript>
      <div id="page"></div>

      """
  }

  private static let bottom =
    "<script>\n" + text(PackageResources.lesson_js) + "</script>\n</body>\n</html>\n"

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
