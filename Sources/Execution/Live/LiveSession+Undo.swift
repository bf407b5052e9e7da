import Machine

/// What a statement found: with the course up to there it is the session before it, word for word.
///
/// A statement is more than what is run again without it. Where it was entered the operator may
/// have been in the middle of another one, and left that; the text may have stood otherwise.
struct UndoPoint {
  /// Marks of the course before its first one.
  var marks: Int
  private(set) var entries: [SessionText.Entry]
  private(set) var pausesFirst: Bool
  /// The scenario was over, and its last step was taken back: the number of the choice that it was,
  /// or nil for the natural one.
  private(set) var lastStep: (isOver: Bool, choice: Int?) = (false, nil)

  /// The operator had been released, and had done nothing yet.
  var isReleased = false

  init(_ session: LiveSession) {
    marks = session.marks
    entries = session.text.entries
    pausesFirst = session.text.pausesFirst
    if session.end == .finished {
      let pick = session.course.pick(from: session.steps - 1)?.number
      lastStep = (true, session.time == .arbitrary ? session.course.choices.last : pick)
    }
  }

  /// Before a statement that was entered together with others: those behind it are not there yet.
  init(_ session: LiveSession, upTo number: Int, of end: Int) {
    self.init(session)
    entries.removeSubrange(number..<end)
  }
}

extension LiveSession {
  /// Goes back to where the last statement of the operator's was entered, or begun where it is a
  /// scenario's own. False when there is none.
  package mutating func undo() -> Bool {
    let own = text.isScenario ? lastBeginning : nil
    let last = points.last.map { course.marks[$0.marks].step }
    if let own, last.map({ $0 <= own }) ?? true {
      back(toStep: own)
      return true
    }
    guard let point = points.last, let last else { return false }
    travel(toStep: last, marks: point.marks)
    cutCourse()
    var text = text
    text.entries = point.entries
    text.pausesFirst = point.pausesFirst
    if let scenario = text.compile(asking: watches.map(\.statement)).scenario {
      adopt(text, scenario)
    }
    if point.isReleased { releaseNext() }
    if point.lastStep.isOver { close(by: point.lastStep.choice) }
    return true
  }

  /// The step with which the scenario's own statement began that was the last to begin.
  private var lastBeginning: Int? {
    beginnings.filter { !text.entries[$0.key].isTyped }.map(\.value.step).max()
  }

  /// Takes back the step with which the scenario was over.
  package mutating func reopen() { back(toStep: steps - 1) }

  private mutating func close(by choice: Int?) {
    if let choice { _ = pick(choice) } else { _ = advance(to: .steps(1)) }
  }

  /// Whether the operator was released and has not begun the entry that is next.
  var isReleased: Bool {
    mutating get {
      guard end == nil, case .before(let entry) = place() else { return false }
      return course.marks.last?.act == .release(from: entry - 1)
    }
  }

  /// Takes back a release that has led to nothing yet: what is to stand before that entry would be
  /// released by it in its place.
  mutating func callBack(before entry: Int) {
    guard isReleased else { return }
    let before = self
    marks -= 1
    cutCourse()
    checkpoints.removeAll()
    rewind()
    workspace.fuel.isCancelled = nil
    defer { workspace.fuel.isCancelled = isCancelled }
    if time == .arbitrary { takeUpChoices(of: before) } else { repeatCourse(of: before) }
  }

  /// Marks that lie before a step: the operator leaves nothing for a statement that is not there.
  func marks(before step: Int) -> Int {
    let count = course.marks(before: step)
    let isLeaving = points.contains { $0.marks == count - 1 } && count < course.marks.count
    guard isLeaving, case .abandon = course.marks[count - 1].act,
      course.marks[count - 1].step == step
    else { return count }
    return count - 1
  }

  /// What lies behind the present position is no part of the course any more, nor are the
  /// statements that were entered there.
  mutating func cutCourse(toStep step: Int? = nil) {
    course.cut(toStep: step ?? steps, marks: marks)
    points.removeAll { $0.marks >= marks }
  }
}
