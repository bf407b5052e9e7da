import Diagnostics
import Machine
import Syntax

/// Something that is asked of a world without a step: an expression's value as text, or whether a
/// condition holds.
///
/// It stands in the program as an `await` that nobody comes to; its condition is evaluated where it
/// is wanted. So it means what the same expression means in a scenario.
package struct Question {
  package enum Form: Hashable, Sendable {
    /// The value, as people read it.
    case value
    /// Whether it holds.
    case condition
  }

  package let text: String
  package let form: Form
  let statement: Statement

  /// - Parameter text: takes up the text, whose places the statement carries.
  init?(_ source: String, _ form: Form, in text: inout SessionText) {
    guard let expression = text.question(source) else { return nil }
    self.text = source
    self.form = form
    let file = expression.range.file
    let length = Int32(text.sources[file].bytes.count)
    let whole = SourceRange(file: file, lower: 0, upper: length)
    let condition: Expression
    switch form {
    case .condition: condition = expression
    case .value:
      condition = expression.asText(
        at: Self.valuePlace(file, length),
        comparedAt: SourceRange(file: file, lower: length - 1, upper: length))
    }
    statement = .await(condition, at: whole)
  }

  /// The byte behind the text that stands for its value.
  private static func valuePlace(_ file: SourceFileID, _ length: Int32) -> SourceRange {
    SourceRange(file: file, lower: length - 2, upper: length - 1)
  }

  /// The number of its `await` in a program that has been made with it.
  func number(in program: Program) -> Int? {
    program.awaits.firstIndex { $0.origin.range == statement.range }
  }

  /// Where its value comes to stand.
  func capture(in program: Program, number: Int) -> Capture? {
    program.awaits[number].captures.first {
      $0.origin.range == Self.valuePlace(statement.range.file, statement.range.upper)
    }
  }
}

/// Something that is asked after every step.
package struct Watch {
  package enum Purpose: Hashable, Sendable {
    /// To show it when it changes.
    case show
    /// To stop when it comes true.
    case stop
  }

  /// What people call it by; it keeps it when others go.
  package var number: Int
  package var question: Question
  package var purpose: Purpose
  /// What it was last.
  package var last: String?
  /// What it has been since it was shown.
  package var changes: [(step: Int, nanoseconds: Int64, text: String)] = []

  var statement: Statement { question.statement }
}

extension LiveSession {
  /// An answer, or what is wrong with the question.
  package struct Answer {
    package var text: String?
    package var diagnostics: [Diagnostic] = []
    package var sources: SourceMap
  }

  /// What an expression is worth here. Nil where the text is no expression that only asks.
  package mutating func ask(_ source: String, _ form: Question.Form = .value) -> Answer? {
    var candidate = text
    guard let question = Question(source, form, in: &candidate) else { return nil }
    var answer = Answer(sources: candidate.sources)
    let (scenario, found) = candidate.compile(asking: [question.statement])
    guard let scenario else {
      answer.diagnostics = found.filter { $0.severity == .error }
      return answer
    }
    var copy = self
    copy.adopt(candidate, scenario)
    answer.text = copy.value(of: question)
    if answer.text == nil, let fault = copy.workspace.fault {
      copy.end = .fault(fault)
      if let diagnosis = copy.diagnosis() { answer.diagnostics.append(diagnosis) }
    }
    return answer
  }

  /// The value in the present world; nil, with a fault in the workspace, where there is none.
  mutating func value(of question: Question) -> String? {
    let program = machine.program
    guard let number = question.number(in: program) else { return nil }
    let capture = question.capture(in: program, number: number)
    return touch { machine, row, workspace in
      switch question.form {
      case .condition:
        return machine.holds(await: number, &row, &workspace) ? "true" : "false"
      case .value:
        guard let capture,
          let word = machine.value(of: capture, ofAwait: number, &row, &workspace)
        else { return nil }
        return machine.text(word, capture.kind, &row, workspace)
      }
    }
  }

  // MARK: Watching

  /// Watches an expression. Gives what is wrong with it.
  package mutating func watch(_ source: String, _ purpose: Watch.Purpose) -> Answer {
    var candidate = text
    let form: Question.Form = purpose == .stop ? .condition : .value
    guard let question = Question(source, form, in: &candidate) else {
      let (typed, _, found) = candidate.read(source)
      _ = typed
      return Answer(text: nil, diagnostics: found, sources: candidate.sources)
    }
    var answer = Answer(sources: candidate.sources)
    let statements = watches.map(\.statement) + [question.statement]
    let (scenario, found) = candidate.compile(asking: statements)
    guard let scenario else {
      answer.diagnostics = found.filter { $0.severity == .error }
      return answer
    }
    adopt(candidate, scenario)
    watchCount += 1
    var watch = Watch(number: watchCount, question: question, purpose: purpose)
    watch.last = value(of: question)
    answer.text = watch.last ?? "?"
    watches.append(watch)
    return answer
  }

  /// False when there is no watch with that number.
  package mutating func unwatch(_ number: Int) -> Bool {
    guard let place = watches.firstIndex(where: { $0.number == number }) else { return false }
    watches.remove(at: place)
    return true
  }

  /// Looks at everything that is watched. Gives the number of a condition that has come true.
  mutating func judgeWatches() -> Int? {
    var broken: Int?
    for number in watches.indices {
      let value = value(of: watches[number].question)
      guard value != watches[number].last else { continue }
      watches[number].last = value
      switch watches[number].purpose {
      case .show:
        watches[number].changes.append((steps, now, value ?? "?"))
        if watches[number].changes.count > 1_000 { watches[number].changes.removeFirst(500) }
      case .stop: if value == "true" { broken = broken ?? watches[number].number }
      }
    }
    return broken
  }

  /// Hands over the changes since the last time.
  package mutating func takeChanges() -> [(
    watch: String, step: Int, nanoseconds: Int64, text: String
  )] {
    var changes: [(watch: String, step: Int, nanoseconds: Int64, text: String)] = []
    for number in watches.indices {
      for change in watches[number].changes {
        changes.append(
          (watches[number].question.text, change.step, change.nanoseconds, change.text))
      }
      watches[number].changes = []
    }
    return changes.sorted { $0.step < $1.step }
  }

  // MARK: Back until

  package enum Found {
    /// The step before which it is so, and whether it had become so there.
    case at(step: Int, became: Bool)
    case never
    case refused(Answer)
  }

  /// Looks back for a condition: where it holds now, for the moment at which it came true; where it
  /// doesn't, for the last one at which it held.
  package mutating func lookBack(for source: String) -> Found {
    var candidate = text
    guard let question = Question(source, .condition, in: &candidate) else {
      let found = candidate.read(source).diagnostics
      return .refused(Answer(text: nil, diagnostics: found, sources: candidate.sources))
    }
    let (scenario, found) = candidate.compile(asking: [question.statement])
    guard let scenario else {
      return .refused(
        Answer(
          text: nil, diagnostics: found.filter { $0.severity == .error },
          sources: candidate.sources))
    }
    var probe = self
    probe.adopt(candidate, scenario)
    let holdsNow = probe.value(of: question) == "true"
    let last = probe.steps
    var high = last
    while high > 0 {
      // From the checkpoint before, forwards, to what is known already.
      let start = probe.checkpoints.last { $0.step < high }
      probe.restore(start)
      let low = probe.steps
      if let step = probe.scan(upTo: high, question, lookingFor: !holdsNow) {
        // It held up to there; or it did not up to there, and did from the next step on.
        return holdsNow ? .at(step: step + 1, became: true) : .at(step: step, became: false)
      }
      guard low > 0 else { break }
      high = low
    }
    return holdsNow ? .at(step: 0, became: true) : .never
  }

  /// The last step before `high` at which the condition has that value.
  private mutating func scan(
    upTo high: Int, _ question: Question, lookingFor wanted: Bool
  ) -> Int? {
    var found: Int?
    while steps < high, end == nil {
      if isCancelled() { return found }
      passMarks(marks(before: steps))
      if (value(of: question) == "true") == wanted { found = steps }
      passMarks(course.marks.count)
      if case .stopped = repeatSteps(upTo: steps + 1) { break }
    }
    return found
  }
}
