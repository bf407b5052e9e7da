/// What a lesson says to its audience at one place of its text. Nothing of it acts in the machine:
/// a cue is an event, and who shows the lesson folds over these.
package struct Cue: Sendable, Hashable {
  package enum Kind: Sendable, Hashable {
    /// A part of the lesson begins, or is over.
    case chapter, chapterEnd
    /// A text for the audience, and one for the speaker.
    case say, notes
    /// Somebody has to press a key; with a text or without.
    case pause
    /// A view is opened.
    case show(View)
    /// A question is put, or its answers have been judged.
    case asked(question: Int)
    case answered(question: Int)
  }

  package enum View: Sendable, Hashable {
    case timeline, log
    /// The tasks that the cue's text names; all, if it has none.
    case tasks
    /// A part of the text; nil: the lesson itself, where it is.
    case source(Origin?)
    /// The file whose path is the cue's text.
    case file
  }

  package var kind: Kind
  package var origin: Origin

  package init(_ kind: Kind, origin: Origin) {
    self.kind = kind
    self.origin = origin
  }
}

/// A question of a lesson. Its answers are judged by assertions of the program.
package struct QuestionSite: Sendable, Hashable {
  package struct Answer: Sendable, Hashable {
    package var isRight: Bool
    package var text: String
    package var explanation: String?
    /// Whether the run is asked if it is so.
    package var isChecked: Bool

    package init(isRight: Bool, text: String, explanation: String?, isChecked: Bool) {
      self.isRight = isRight
      self.text = text
      self.explanation = explanation
      self.isChecked = isChecked
    }
  }

  package var text: String
  package var answers: [Answer]
  /// From the gentlest to the plainest.
  package var hints: [String]
  package var origin: Origin

  package init(text: String, answers: [Answer], hints: [String], origin: Origin) {
    self.text = text
    self.answers = answers
    self.hints = hints
    self.origin = origin
  }
}
