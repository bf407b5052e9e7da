import Diagnostics
import Machine

extension Cue {
  /// As a trace calls it.
  var word: String {
    switch kind {
    case .chapter: "chapter"
    case .chapterEnd: "chapter_end"
    case .say: "say"
    case .notes: "notes"
    case .pause: "pause"
    case .show: "show"
    case .asked: "ask"
    case .answered: "answers"
    }
  }

  /// What it says, in full.
  ///
  /// - Parameter text: that of its event.
  func said(_ text: String, _ program: Program) -> String {
    switch kind {
    case .asked(let number): program.questions[number].text
    case .answered(let number):
      program.questions[number].answers.filter(\.isRight).map(\.text).joined(separator: "; ")
    case .show(let view): text.isEmpty ? view.word : "\(view.word) \(text)"
    case .chapter, .chapterEnd, .say, .notes, .pause: text
    }
  }

  /// A line of a story and the sign before it; nil where the story goes on without it.
  func told(_ text: String, _ program: Program) -> (mark: String, text: String)? {
    let mark: String
    switch kind {
    case .chapter: mark = "§"
    case .say: mark = " "
    case .asked: mark = "?"
    case .answered: mark = "✓"
    case .chapterEnd, .notes, .pause, .show: return nil
    }
    return (mark, escapingControls(said(text, program)))
  }
}

extension Cue.View {
  /// As a lesson opens it.
  package var word: String {
    switch self {
    case .timeline: "timeline"
    case .tasks: "tasks"
    case .source: "source"
    case .file: "files"
    case .log: "log"
    }
  }
}
