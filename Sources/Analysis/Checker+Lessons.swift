import Diagnostics
import Machine
import Syntax

/// What only a lesson has: chapters, questions, views.
extension Checker {
  /// Whether the scenario at hand is a lesson; a `def` of the file may be called by one.
  private var isInScenario: Bool {
    place.scenario.map { index.scenarios[$0].flavour == .scenario } ?? false
  }

  /// Whether a lesson's verb may stand here; reports when not.
  func allowInLesson(_ verb: String, at range: SourceRange) -> Bool {
    guard allow(verb, at: range) else { return false }
    if isInScenario { report(.misplaced("`\(verb)`", belongs: "in a `lesson`", at: range)) }
    return true
  }

  /// A chapter is a heading with what belongs to it. It is no scope and no branch: what is declared
  /// or claimed in it goes for all that follows.
  func check(_ chapter: Chapter, _ range: SourceRange) {
    guard allowInLesson("chapter", at: range) else { return }
    if nesting > 0 || !place.isScenarioBody {
      report(.misplaced("`chapter`", belongs: "directly in a lesson's body", at: range))
    }
    checkStatements(chapter.body.statements)
  }

  func check(_ question: Question, _ range: SourceRange) {
    guard allowInLesson("ask", at: range) else { return }
    if let reveal = question.reveal { nested(reveal) }
    for answer in question.answers {
      guard let condition = answer.condition else { continue }
      check(condition, is: .boolean)
      warnIfConstant(answer.isRight ? "right" : "wrong", condition)
    }
    let hasRight = question.answers.contains(where: \.isRight)
    guard !hasRight || question.answers.allSatisfy(\.isRight), !broken.contains(range) else {
      return
    }
    report(.unanswerable(lacks: hasRight ? "wrong" : "right", at: question.text.range))
  }

  func check(_ show: Show, _ range: SourceRange) {
    guard allowInLesson("show", at: range), !show.view.isMissing else { return }
    guard let view = LessonView(rawValue: show.view.text) else {
      let known = LessonView.allCases.map(\.rawValue)
      return report(
        .unknownFixedName(
          show.view, sort: "view", near: nearest(to: show.view.text, among: known), known: known))
    }
    guard view.takes.contains(show.subjects.count) else {
      return report(
        .wrongArity(
          "`show \(view.rawValue)`", takes: view.takenWords, found: show.subjects.count, at: range,
          help: "write: \(view.signature)"))
    }
    for subject in show.subjects {
      switch view {
      case .timeline, .log: break
      case .tasks: checkTasks(subject)
      case .source: checkShownSource(subject)
      case .files:
        check(subject, is: .string)
        checkPath(subject, of: "cat(…)")
      }
    }
  }

  private func checkShownSource(_ subject: Expression) {
    _ = expect(subject, sort: "a declaration") { symbol in
      switch symbol {
      case .function, .patch, .program, .definition, .variable, .constant, .record: true
      default: false
      }
    }
  }
}

/// A view that a lesson can open.
package enum LessonView: String, Sendable, CaseIterable {
  case timeline, tasks, source, files, log

  /// How many things can stand behind it.
  var takes: ClosedRange<Int> {
    switch self {
    case .timeline, .log: 0...0
    case .source: 0...1
    case .tasks: 0...16
    case .files: 1...4
    }
  }

  var takenWords: String {
    switch self {
    case .timeline, .log: "nothing behind it"
    case .source: "one name, or nothing"
    case .tasks: "up to 16 tasks, or lists of them"
    case .files: "1 to 4 paths"
    }
  }

  package var signature: String {
    switch self {
    case .timeline, .log: "show \(rawValue)"
    case .source: "show source [NAME]"
    case .tasks: "show tasks [TASKS[, …]]"
    case .files: "show files PATH[, …]"
    }
  }

  package var help: String {
    switch self {
    case .timeline: "a lane for each task, its universe by colour and by letter"
    case .tasks: "who is where and in which universe; all tasks, or those named"
    case .source: "a function, patch, program of the text; without a name the lesson itself"
    case .files: "what virtual files hold, at each moment from here on"
    case .log: "the kernel log"
    }
  }
}
