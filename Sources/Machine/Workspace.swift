/// What stepping needs beside the row and may be lost between steps: where events go, indexes that
/// can be rebuilt from the row, what strings mean, and the fault of the last step.
package struct Workspace: Sendable {
  package var events: EventSink
  package var strings: StringTable
  package var lists = ListTable()
  package var agenda: Agenda
  package var fault: Fault?
  /// Which of the ways that the step at hand can go it takes.
  var alternative = 0
  package var limits: Limits
  /// Operations left of the budget.
  package var fuel: Fuel
  /// What `report` has given so far.
  package var figures: [Figure] = []
  /// Bytes printed so far.
  package var outputBytes = 0
  /// Which assertions have held so far, by number: what a search learns beside its faults.
  package var assertionsHeld: [Bool]
  /// Which `reach` properties have been reached so far, by the property's number.
  package var goalsReached: [Bool]
  /// Checks that have failed so far, each with the values that it had the first time.
  package var failedChecks: [FailedCheck] = []

  /// What the operator is told of a log that rows don't hold, in the order in which it asks: a look
  /// ahead tries both answers. Without one the question is a fault.
  package var guesses: [Bool] = []
  /// Whether it is a look ahead whose texts nobody will read.
  package var isLookingAhead = false

  package init(
    program: Program, recording: Bool, limits: Limits = .ci
  ) {
    events = EventSink(isRecording: recording)
    strings = StringTable(program.strings)
    agenda = Agenda(
      queueCount: program.queues.count, cpuCount: program.cpuCount,
      bindsTasks: !program.spawnCPUs.isEmpty)
    self.limits = limits
    events.byteCapacity = limits.memoryBytes / 4
    fuel = Fuel(operations: limits.operations)
    goalsReached = Array(repeating: false, count: program.properties.count)
    assertionsHeld = Array(repeating: false, count: program.assertions.count)
  }
}

extension Workspace {
  mutating func guess() -> Bool? { guesses.isEmpty ? nil : guesses.removeFirst() }

  /// Takes over what words mean to another one of the same program.
  package mutating func learnTexts(of other: Workspace) {
    strings.learn(other.strings)
    lists.learn(other.lists)
  }

  /// Takes up a longer text of the same program: what stood in it stands at the same places.
  package mutating func take(_ program: Program) {
    for string in program.strings { _ = strings.intern(string) }
    let goals = program.properties.count - goalsReached.count
    goalsReached += Array(repeating: false, count: max(0, goals))
    let assertions = program.assertions.count - assertionsHeld.count
    assertionsHeld += Array(repeating: false, count: max(0, assertions))
  }
}

/// A `check` that did not hold, and how often.
package struct FailedCheck: Sendable, Hashable {
  /// One of its captures, as people read it. One that `and` or `or` left out is not among them.
  package struct Value: Sendable, Hashable {
    package var capture: Int
    package var text: String
  }

  package var assertion: Int
  package var values: [Value]
  package var times = 1
}

/// A named figure of a run: `report "migration", transition.duration`.
package struct Figure: Sendable, Hashable {
  package var name: String
  /// As people read it.
  package var text: String
  package var kind: ValueKind
  /// Of an int, a bool or a duration: the number, a duration's in nanoseconds.
  package var value: Int64?
}
