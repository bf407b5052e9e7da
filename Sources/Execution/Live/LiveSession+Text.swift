import Diagnostics
import Machine
import Syntax

/// Growing: what is typed becomes part of the text, and the operator does it.
extension LiveSession {
  /// What became of a text.
  package struct Entered {
    package enum Outcome {
      /// It has mistakes, and nothing has changed.
      case refused
      /// Its last statement went wrong; that one was taken back.
      case failed
      case done
      /// The operator was stopped in the middle of it.
      case left(Stop)
    }

    package var outcome: Outcome
    package var diagnostics: [Diagnostic] = []
    package var sources: SourceMap
    /// The first step that came of it.
    package var firstStep: Int
    /// Names that it has bound.
    package var bound: [String] = []
    /// Those of them that hold what became of a command.
    package var results: [String] = []
    /// Of one that went wrong: whether something asserted is not so; else it could not go on.
    package var isVerdict = false
    /// The scenario was over, and its last step was taken back for this.
    package var isReopened = false
    /// Its last statement is none of the session's.
    var isTakenBack = false
    /// Things to know that are no mistakes.
    package var notes: [String] = []
    package var hasDeclarations = false
    /// Scenarios and lessons among them, by their titles.
    package var scenarios: [String] = []
    /// Requests that were refused, and are written down as ones that fail.
    package var refusals = 0
    /// Statements that were done.
    package var statements = 0
  }

  /// Where the operator is in the text.
  package enum Place: Hashable, Sendable {
    /// It waits for more behind that entry; −1: before the first.
    case paused(after: Int)
    /// It has not begun that entry, whose turn it is; or, behind the last, the scenario's end.
    case before(Int)
    case inside(Int)
  }

  /// Which entry the operator is at, and whether it has begun it.
  package mutating func place() -> Place {
    let pauses = pauses
    let (address, isUnderWay) = look { machine, row -> (Int, Bool) in
      let address = machine.operatorStack(&row).last?.address ?? machine.operatorAddress(&row)
      return (address, machine.isOperatorUnderWay(&row))
    }
    if let pause = pauses.first(where: { $0.address == address }) {
      return .paused(after: pause.entry)
    }
    let origin = machine.program.origins[address]
    let file = SourceFileID(max(0, origin.file))
    guard
      let entry = text.entries.firstIndex(where: { entry in
        let range = entry.statement.range
        return origin.file >= 0 && range.file == file && range.lower <= origin.lower
          && origin.upper <= range.upper
      })
    else {
      return origin.file < 0 ? .before(0) : .before(text.entries.count)
    }
    // What was typed is begun as soon as it is entered.
    guard !text.entries[entry].isTyped, !isUnderWay, firstAction(of: entry) == address,
      look({ machine, row in machine.operatorStack(&row).count }) == 1, !isLastBegun(entry)
    else { return .inside(entry) }
    return .before(entry)
  }

  /// Whether the entry is the last that has done something: a loop comes back to its first action.
  private func isLastBegun(_ number: Int) -> Bool {
    for event in chronicle.events.reversed() {
      guard case .acted(let address) = event.kind else { continue }
      let origin = machine.program.origins[address]
      if let found = text.entries.firstIndex(where: { $0.statement.range.holds(origin) }) {
        return found == number
      }
    }
    return false
  }

  /// The address at which the operator rests before it does anything of an entry.
  private func firstAction(of number: Int) -> Int? {
    let program = machine.program
    let body = program.functions[program.operatorFunction.rawValue]
    let range = text.entries[number].statement.range
    return (body.entry..<body.end).first { address in
      let origin = program.origins[address]
      return origin.file == range.file.index && range.lower <= origin.lower
        && origin.upper <= range.upper && program.instructions[address].operation.isVisible
    }
  }

  /// The entry whose turn it is, for noticing that another one's has come.
  mutating func currentStatement() -> Int {
    switch place() {
    case .paused(let after): after
    case .before(let entry), .inside(let entry): entry
    }
  }

  // MARK: Entering

  /// Takes what was typed: declarations at once; of the statements one after the other, each run to
  /// its end.
  package mutating func enter(_ source: String) -> Entered {
    let whole = self
    var candidate = text
    let (typed, _, found) = candidate.read(source)
    var entered = Entered(outcome: .refused, sources: candidate.sources, firstStep: steps)
    entered.hasDeclarations = !typed.declarations.isEmpty
    entered.scenarios = typed.scenarios.map(\.title.text)
    guard !found.contains(where: { $0.severity == .error }) else {
      entered.diagnostics = found
      return entered
    }
    var insertion = candidate.entries.count
    var point = UndoPoint(self)
    point.isReleased = isReleased
    if !typed.statements.isEmpty {
      if let problem = makeRoom(
        &candidate, &insertion, &entered.notes, &entered.isReopened)
      {
        entered.notes.append(problem)
        giveUp(&entered, for: whole)
        return entered
      }
      candidate.entries.insert(contentsOf: typed.statements, at: insertion)
      if entered.isReopened { entered.firstStep = steps }
    }
    let (scenario, said) = candidate.compile(asking: watches.map(\.statement))
    entered.sources = candidate.sources
    entered.diagnostics = said.filter { diagnostic in
      diagnostic.severity == .error
        || diagnostic.range.map { candidate.isLast($0.file) } ?? false
    }
    guard let scenario else {
      giveUp(&entered, for: whole)
      return entered
    }
    let before = self
    let isAnew =
      typed.declarations.isEmpty
      ? adopt(candidate, scenario) : adopt(declaring: candidate, scenario)
    if isAnew, now != before.now || steps != before.steps {
      entered.notes.append(
        "the session was run again from its beginning: what a step is has changed; it is at step "
          + "\(steps) now")
    }
    entered.outcome = .done
    guard !typed.statements.isEmpty else { return entered }
    point.marks = marks
    leave(insertion - 1)
    for number in insertion..<(insertion + typed.statements.count) {
      let isFirst = number == insertion
      if !isFirst { point = UndoPoint(self, upTo: number, of: insertion + typed.statements.count) }
      let done = perform(number, point, &entered)
      // With its first statement taken back the session is what it was, whatever was left for it.
      if entered.isTakenBack, isFirst, !entered.hasDeclarations {
        giveUp(&entered, for: whole)
      }
      guard done else { break }
    }
    return entered
  }

  /// It is as if nothing had been typed.
  private mutating func giveUp(_ entered: inout Entered, for whole: LiveSession) {
    self = whole
    entered.isReopened = false
  }

  /// Makes sure that the operator can pause where the new statements are to stand. Gives what is in
  /// the way.
  private mutating func makeRoom(
    _ candidate: inout SessionText, _ insertion: inout Int, _ notes: inout [String],
    _ isReopened: inout Bool
  ) -> String? {
    if end == .finished {
      reopen()
      isReopened = true
    }
    guard end == nil else { return "the session has come to an end here; `back` goes on before it" }
    switch place() {
    case .paused(let after):
      insertion = after + 1
    case .before(let next):
      // `machine` belongs first.
      let entry = max(next, candidate.entries.prefix { $0.isSetting }.count)
      insertion = entry
      callBack(before: entry)
      if entry == 0 {
        candidate.pausesFirst = true
      } else {
        candidate.entries[entry - 1].pausesAfter = true
      }
    case .inside(let entry):
      guard look({ $0.canAbandon(&$1) }) else {
        return "the operator is inside `\(shortText(of: entry))`: `finish` lets it come back, "
          + "`step` and `pick N` let others act meanwhile"
      }
      candidate.entries[entry].pausesAfter = true
      insertion = entry + 1
      notes.append("the operator leaves `\(shortText(of: entry))`")
    }
    return nil
  }

  /// If the operator is inside that entry, it leaves it for the pause behind.
  private mutating func leave(_ entry: Int) {
    guard case .inside(entry) = place() else { return }
    pass(.abandon(to: entry))
  }

  func shortText(of entry: Int) -> String {
    let line = text.entries[entry].text.prefix { $0 != "\n" }
    return line.count > 60 ? line.prefix(59) + "…" : String(line)
  }

  /// Does an act and notes it.
  private mutating func pass(_ act: Course.Mark.Act) {
    course.note(act, before: steps, at: now)
    marks += 1
    apply(act)
  }

  /// Lets the operator do one entry, to its end. False when the others are not to be done.
  private mutating func perform(
    _ number: Int, _ point: UndoPoint, _ entered: inout Entered
  ) -> Bool {
    let before = self
    points.append(point)
    addCheckpointIfFar()
    pass(.release(from: number - 1))
    let stop = end == nil ? proceed(to: .pause) : .ended
    entered.statements += 1
    if end == .cancelled {
      takeBack(number, before, &entered)
      entered.outcome = .left(.cancelled)
      return false
    }
    switch stop {
    case .reached:
      course.noteEnd(before: steps, at: now)
      if case .binding(let binding) = text.entries[number].statement.kind {
        if case .shell = binding.value.kind {
          entered.results.append(binding.name.text)
        } else {
          entered.bound.append(binding.name.text)
        }
      }
      if case .variable(let variable) = text.entries[number].statement.kind {
        entered.bound.append(variable.name.text)
      }
      return true
    case .ended where end != .finished:
      return recover(number, before, &entered)
    case .nothingHappens:
      end = .nothingHappens
      return recover(number, before, &entered)
    case .recurs(let period):
      end = .starved
      return recover(number, before, &entered, recurringEvery: period)
    case .ended, .broke:
      entered.outcome = .left(stop)
      return false
    case .limit where steps == before.steps:
      // Nothing can be done any more: it is as if it had not been typed.
      takeBack(number, before, &entered)
      entered.outcome = .left(.limit)
      return false
    case .cancelled, .limit, .quiet, .unanswered:
      entered.outcome = .left(stop)
      if look({ $0.canAbandon(&$1) }) { pass(.abandon(to: number)) }
      dropEntries(after: number)
      return false
    }
  }

  /// Lets the operator go on from the pause that it stands at, with what is written there already.
  package mutating func releaseNext() {
    guard case .paused(let after) = place(), end == nil else { return }
    points.append(UndoPoint(self))
    pass(.release(from: after))
  }

  private mutating func addCheckpointIfFar() {
    guard steps - (checkpoints.last?.step ?? -1) > 0 else { return }
    // One before each statement is cheap while rows are short.
    if row.count < 4_096 { addCheckpoint() }
  }

  /// A statement has gone wrong. A request that was refused is written down as one that fails; a
  /// statement that did not hold is taken back.
  private mutating func recover(
    _ number: Int, _ before: LiveSession, _ entered: inout Entered,
    recurringEvery period: Int? = nil
  ) -> Bool {
    let point = points.last
    if case .fault(.unexpectedOutcome(_, let error?))? = end,
      var entry = Optional(text.entries[number]), entry.expect(error, in: &text)
    {
      var retry = before
      var text = text
      entry.pausesAfter = true
      text.entries[number] = entry
      if let scenario = text.compile(asking: watches.map(\.statement)).scenario {
        retry.adopt(text, scenario)
        point.map { retry.points.append($0) }
        retry.pass(.release(from: number - 1))
        if retry.advance(to: .pause) == .reached {
          retry.course.noteEnd(before: retry.steps, at: retry.now)
          entered.refusals += 1
          self = retry
          return true
        }
      }
    }
    entered.outcome = .failed
    if var diagnosis = diagnosis() {
      if let period { diagnosis.notes = [Self.recurrence(period)] }
      entered.diagnostics.append(diagnosis)
    }
    entered.isVerdict = endsInVerdict()
    takeBack(number, before, &entered)
    return false
  }

  /// In words.
  package static func recurrence(_ period: Int) -> String {
    "everybody gets a turn, and "
      + (period == 1
        ? "each step leads to the same situation"
        : "the same situation comes again every \(period) steps")
  }

  /// It is as if the entry, and what was typed behind it, had not been typed.
  private mutating func takeBack(
    _ number: Int, _ before: LiveSession, _ entered: inout Entered
  ) {
    entered.isTakenBack = true
    entered.sources = text.sources
    self = before
    dropEntries(after: number - 1)
  }

  /// Takes what was typed behind an entry out of the text again; nothing of it has begun.
  private mutating func dropEntries(after number: Int) {
    var text = text
    let first = number + 1
    var last = first
    while last < text.entries.count, text.entries[last].isTyped { last += 1 }
    guard last > first else { return }
    text.entries.removeSubrange(first..<last)
    if let scenario = text.compile(asking: watches.map(\.statement)).scenario {
      adopt(text, scenario)
    }
  }
}

extension SessionText.Entry {
  /// Writes `fails ERROR` behind the statement, if it is one that can have it and has none.
  fileprivate mutating func expect(_ error: Errno, in text: inout SessionText) -> Bool {
    let written = self.text + " fails \(error.name)"
    let file = text.add(written)
    let (fragment, found) = parseFragment(text.sources[file], file: file)
    guard !found.contains(where: { $0.severity == .error }), fragment.items.count == 1,
      case .statement(let statement) = fragment.items[0], !self.text.contains(" fails ")
    else { return false }
    self.text = written
    self.statement = statement
    return true
  }
}
