import Machine

/// A session where time is arbitrary, as a schedule of a scenario that runs by itself.
extension LiveSession {
  /// The numbers of the same choices in another program's numbering; nil where one of them is not
  /// possible there.
  ///
  /// - Parameters:
  ///   - left: entries that are no part of that program, for nothing but time passed in them.
  ///   - toItsEnd: the operator then goes on alone, to the end of the scenario.
  package func schedule(
    in scenario: RunnableScenario, leavingOut left: Set<Int>, toItsEnd: Bool
  ) -> [Int]? {
    guard time == .arbitrary else { return nil }
    var mine = self
    mine.restore(nil)
    mine.workspace.events.isRecording = true
    var other = LiveSession(text, scenario, .arbitrary, limits, isCancelled)
    for number in course.choices {
      mine.passMarks(course.marks.count)
      let choices = mine.possibleChoices()
      guard mine.end == nil, other.end == nil, choices.indices.contains(number) else { return nil }
      let choice = choices[number]
      let isLeft = choice.actor == .operator && left.contains(mine.currentStatement())
      let isAtomic = mine.isAtomic(choice.actor)
      _ = mine.make(choice)
      let events = mine.workspace.events.takeEvents()
      if isLeft || !isAtomic && mine.isUntraced(events.first?.kind, in: other.machine.program) {
        continue
      }
      if let (place, possible) = other.turn(for: choice) {
        _ = other.take(place, of: possible)
      } else if choice.actor != .operator {
        return nil
      }
    }
    var left = toItsEnd ? Self.greatestEnding : 0
    while left > 0, other.end == nil {
      let possible = other.possibleChoices()
      guard let place = possible.firstIndex(of: Choice(actor: .operator)) else { break }
      _ = other.take(place, of: possible)
      left -= 1
    }
    guard toItsEnd, other.end == nil else { return other.course.choices }
    // It stands in the middle of a statement, which others have to bring to its end.
    return other.passingSchedule(states: Self.greatestSearch).map { other.course.choices + $0 }
  }

  /// Whether a step is a call of a function, or its return, that is none in another program: no
  /// patch that is used there names it.
  private func isUntraced(_ event: Event.Kind?, in other: Program) -> Bool {
    let program = machine.program
    let number: Int?
    switch event {
    case .called(_, let traced, _): number = traced.rawValue
    case .returned(_, let function):
      number = program.tracedFunctions.firstIndex { traced in
        traced.original == function || traced.variants.contains { $0.function == function }
      }
    default: number = nil
    }
    guard let number else { return false }
    let mine = program.tracedFunctions[number]
    return !other.tracedFunctions.contains { theirs in
      theirs.symbol == mine.symbol && theirs.occurrence == mine.occurrence
        && theirs.object.map { other.modules[$0.rawValue].name }
          == mine.object.map { program.modules[$0.rawValue].name }
    }
  }

  /// Whether the actor's next step is many in one.
  private mutating func isAtomic(_ actor: Actor) -> Bool {
    look { machine, row in
      let origin =
        switch actor {
        case .task(let slot): machine.layout.origin(of: slot)
        case .handler(let number): machine.layout.handlers[number].origin
        case .operator, .engine: machine.layout.operatorOrigin
        }
      let address = Int(row[machine.layout.programCounter, at: origin])
      return machine.program.instructions[address].operation == .beginAtomic
    }
  }

  /// States of a search for a way to the end.
  private static let greatestSearch = 100_000

  /// The place of a choice among those that are possible. What takes no step at a prompt, as an
  /// assignment, can be one of the operator's in a run of its own, and the other way round: where
  /// it is behind, it goes on until the choice is possible.
  private mutating func turn(for choice: Choice) -> (place: Int, possible: [Choice])? {
    for _ in 0..<Self.greatestDelay {
      let possible = possibleChoices()
      if let place = possible.firstIndex(of: choice) { return (place, possible) }
      guard end == nil, let turn = possible.firstIndex(of: Choice(actor: .operator)) else {
        return nil
      }
      _ = take(turn, of: possible)
    }
    return nil
  }

  /// Steps that the operator may be behind.
  private static let greatestDelay = 64

  /// Steps that a scenario's last assertions may take.
  private static let greatestEnding = 10_000
}
