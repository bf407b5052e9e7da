import Diagnostics
import Execution
import Machine
import Reports

/// A run of a lesson as something to be shown: a list of moments, each with all that can be seen
/// then. Every player and every export is a renderer of this one value.
package struct Lesson: Sendable {
  package var id: ScenarioID
  /// Whether moments have times; else they have numbers of steps alone.
  package var keepsTime: Bool
  package var chapters: [Chapter] = []
  package var questions: [QuestionSite] = []
  package var moments: [Moment] = []
  /// Names of the tasks, in the order of their lanes, and how many there are besides.
  package var tasks: [String] = []
  package var furtherTasks = 0
  /// What the lanes show, from the first moment on; a moment sees the first so many.
  package var columns: [Lanes.Column] = []
  package var slots: [TaskSlot] = []
  /// The kernel log; a moment sees the first so many lines.
  package var log: [LogLine] = []
  /// The lesson's own file.
  package var source: SourcePage
  /// Nil: it passes. Otherwise what went wrong, and the command that shows it.
  package var failure: String?

  /// Its number in a course, which its file's name begins with, as `07-together.graft`.
  package var number: Int? {
    let file = id.path.split(separator: "/").last ?? ""
    let digits = file.prefix { $0.isASCII && $0.isNumber }
    return file.dropFirst(digits.count).first == "-" ? Int(digits) : nil
  }

  package struct Chapter: Sendable, Hashable {
    package var title: String
    /// The moment at which it begins.
    package var start: Int
  }

  package struct LogLine: Sendable, Hashable {
    package var time: Int64
    package var text: String
  }
}

/// Some lines of a file.
package struct SourcePage: Sendable, Hashable {
  package var name: String
  /// The number of the first line, from 1.
  package var first: Int
  package var lines: [String]
}

/// What can be seen at one instant of a lesson.
package struct Moment: Sendable {
  package enum Kind: String, Sendable {
    /// Before anything has happened, and after everything has.
    case begin, end
    case chapter
    /// The operator begins a statement, or something has happened in the machine.
    case statement, event
    case say, pause
    /// A question is put, and later its answers are known.
    case question, answers

    /// Whether a presenter stops here: what lies between are steps.
    package var isStop: Bool {
      switch self {
      case .statement, .event: false
      default: true
      }
    }
  }

  /// A view that is open.
  package enum View: Sendable, Hashable {
    case timeline, tasks, log, files
    /// The last command and what it has printed.
    case terminal
    /// Nil: the lesson itself.
    case source(SourcePage?)

    /// Where it stands among others, so that a view keeps its place.
    package var order: Int {
      switch self {
      case .timeline: 0
      case .tasks: 1
      case .source: 2
      case .files: 3
      case .terminal: 4
      case .log: 5
      }
    }

    package var title: String {
      switch self {
      case .timeline: "timeline"
      case .tasks: "tasks"
      case .source(let page): page == nil ? "the lesson" : "source"
      case .files: "files"
      case .terminal: "terminal"
      case .log: "kernel log"
      }
    }
  }

  package struct Line: Sendable, Hashable {
    package var mark: String
    package var text: String
    package var tone: Tone

    package enum Tone: String, Sendable { case operatorLine, machine, output, log, old, new }
  }

  package struct Task: Sendable, Hashable {
    package var glyph: Character
    /// Where it is, in words.
    package var place: String
    package var universe: String
  }

  package struct File: Sendable, Hashable {
    package var path: String
    package var content: String
  }

  package var kind: Kind
  package var time: Int64
  package var step: Int
  /// What has happened, as the story tells it.
  package var lines: [Line] = []
  package var chapter: Int?
  /// What the audience reads: the last thing that was said in this chapter.
  package var narration = ""
  /// The question that is open, or has just been answered.
  package var question: Int?
  /// What is for the speaker alone.
  package var notes = ""
  /// A pause's own text.
  package var prompt = ""
  /// The line of the lesson's file where the operator is; 0: nowhere.
  package var sourceLine = 0
  /// The views that are open, the latest first.
  package var views: [View] = []
  package var columnCount = 0
  package var tasks: [Task] = []
  /// The tasks that the table shows; empty: all.
  package var wantedTasks: [String] = []
  package var logCount = 0
  package var files: [File] = []
  /// The last command of the chapter, and its output.
  package var terminal: [Line] = []

  package init(_ kind: Kind, time: Int64 = 0, step: Int = 0) {
    self.kind = kind
    self.time = time
    self.step = step
  }
}
