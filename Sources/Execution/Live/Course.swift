/// What was chosen in a session, in order. With the text it is the whole session: going back,
/// leaving off and going another way are re-execution from it, which is exact.
package struct Course: Sendable, Hashable {
  /// Something that happens between two steps.
  package struct Mark: Sendable, Hashable {
    package enum Act: Sendable, Hashable {
      /// The operator goes on from the pause behind that entry; −1 is the one before the first.
      case release(from: Int)
      /// The operator leaves what it is doing, for the pause behind that entry.
      case abandon(to: Int)
    }

    /// Before the step with that number.
    package var step: Int
    package var act: Act
    /// When that was, and when the operator was done with what it did then,
    package var nanoseconds: Int64
    package var ended: Int64?
    /// and before which step that was: for an assignment the same.
    var endedStep: Int?
  }

  package private(set) var marks: [Mark] = []
  /// Where time is kept: steps that were picked among those that were due, by their number. All
  /// others were the natural ones.
  package private(set) var picks: [(step: Int, number: Int)] = []
  /// Where time is arbitrary: the number of every step's choice.
  package var choices: [Int] = []

  package mutating func note(_ act: Mark.Act, before step: Int, at nanoseconds: Int64) {
    marks.append(Mark(step: step, act: act, nanoseconds: nanoseconds))
  }

  mutating func noteEnd(before step: Int, at nanoseconds: Int64) {
    guard let last = marks.indices.last, marks[last].ended == nil else { return }
    marks[last].ended = nanoseconds
    marks[last].endedStep = step
  }

  package mutating func pick(_ number: Int, at step: Int) { picks.append((step, number)) }

  /// The first pick from a step on, if there is one.
  func pick(from step: Int) -> (step: Int, number: Int)? {
    // Picks are few: people make them.
    picks.first { $0.step >= step }
  }

  /// Marks that lie before a step, and what they led to as well: who goes back to before it finds
  /// the assignments that were made there, and not the statement whose own step it is.
  func marks(before step: Int) -> Int {
    marks.firstIndex { mark in
      guard mark.step == step, case .release = mark.act else { return mark.step > step }
      return mark.endedStep != step
    } ?? marks.count
  }

  /// Forgets what lies behind a position.
  mutating func cut(toStep step: Int, marks count: Int) {
    marks.removeLast(max(0, marks.count - count))
    // What ended later has not ended here.
    if let last = marks.indices.last, let ended = marks[last].endedStep, ended > step {
      marks[last].ended = nil
      marks[last].endedStep = nil
    }
    picks.removeAll { $0.step >= step }
    choices.removeLast(max(0, choices.count - step))
  }

  /// Whether another course goes on from where this one is after so many steps: nothing was chosen
  /// here that was not chosen there.
  package func isBeginning(of other: Course, steps: Int) -> Bool {
    guard marks.count <= other.marks.count, choices.count <= other.choices.count,
      zip(marks, other.marks).allSatisfy({ $0.step == $1.step && $0.act == $1.act }),
      other.choices.starts(with: choices)
    else { return false }
    let more = other.marks.dropFirst(marks.count).first
    let theirs = other.picks.filter { $0.step < steps }
    return more.map { $0.step >= steps } ?? true
      && picks.elementsEqual(theirs) { $0 == $1 }
  }

  /// The steps before which each mark lies, and its moments, where the session was run anew.
  mutating func move(mark number: Int, to step: Int, at nanoseconds: Int64) {
    marks[number].step = step
    marks[number].nanoseconds = nanoseconds
  }

  mutating func moveEnd(ofMark number: Int, to step: Int) { marks[number].endedStep = step }

  mutating func forgetPicks() { picks = [] }

  package static func == (left: Course, right: Course) -> Bool {
    left.marks == right.marks && left.choices == right.choices
      && left.picks.elementsEqual(right.picks) { $0 == $1 }
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(marks)
    hasher.combine(choices)
  }
}
