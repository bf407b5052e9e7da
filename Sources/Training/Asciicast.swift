import Diagnostics
import Reports

/// A lesson as a recording of a terminal: asciinema's `asciicast`, version 2 or 3. Nobody has typed
/// it: frames follow each other in the time that their reading takes.
package struct Asciicast {
  package enum Version: Int, Sendable, CaseIterable {
    case two = 2
    case three = 3
  }

  /// - Parameters:
  ///   - width: columns; `height`: rows.
  package static func text(
    of lesson: Lesson, version: Version, width: Int = 80, height: Int = 24
  ) -> String {
    var text = header(lesson, version, width, height) + "\n"
    var last: [String] = []
    var milliseconds = 0
    var reported = 0
    func event(_ code: String, _ data: String) -> String {
      // Version 3 has the time since the event before.
      let time = version == .two ? milliseconds : milliseconds - reported
      reported = milliseconds
      return "[\(seconds(time)),\"\(code)\",\(jsonQuoted(data))]\n"
    }
    for (index, moment) in lesson.moments.enumerated() {
      let screen = Frame.screen(of: lesson, at: index, width: width, height: height)
      let rows = (0..<screen.height).map { screen.row($0, coloured: true) }
      if moment.kind == .chapter, let chapter = moment.chapter {
        text += event("m", escapingControls(lesson.chapters[chapter].title))
      }
      text += event("o", drawing(rows, over: last))
      last = rows
      milliseconds += lesson.milliseconds(at: index)
    }
    // It stays there for as long as the last moment is to be read.
    text += event("o", "\u{1b}[?25h")
    return text
  }

  private static func header(
    _ lesson: Lesson, _ version: Version, _ width: Int, _ height: Int
  ) -> String {
    let title = jsonQuoted(escapingControls(lesson.id.title))
    switch version {
    case .two:
      return "{\"version\":2,\"width\":\(width),\"height\":\(height),\"title\":\(title),"
        + "\"env\":{\"TERM\":\"xterm-256color\"}}"
    case .three:
      return "{\"version\":3,\"term\":{\"cols\":\(width),\"rows\":\(height),"
        + "\"type\":\"xterm-256color\"},\"title\":\(title)}"
    }
  }

  /// What changes the rows of one frame into those of another; all of them, the first time.
  private static func drawing(_ rows: [String], over last: [String]) -> String {
    var text = last.isEmpty ? "\u{1b}[?25l\u{1b}[2J" : ""
    for (number, row) in rows.enumerated() where last.isEmpty || last[number] != row {
      text += "\u{1b}[\(number + 1);1H\(row)\u{1b}[K"
    }
    return text
  }

  private static func seconds(_ milliseconds: Int) -> String {
    let rest = String(milliseconds % 1_000)
    return "\(milliseconds / 1_000)." + String(repeating: "0", count: 3 - rest.count) + rest
  }
}
