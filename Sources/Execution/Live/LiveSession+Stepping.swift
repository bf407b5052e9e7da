import Machine

/// Forwards.
extension LiveSession {
  package enum Goal: Sendable, Hashable {
    /// As many steps, of whoever is next.
    case steps(Int)
    /// The operator has come to its next statement, or to a pause.
    case statement
    /// The operator pauses, or the scenario is over.
    case pause
    /// Something happened that a story tells of.
    case event
    /// No step has come that lies later.
    case moment(Int64)
  }

  package enum Stop: Sendable, Hashable {
    case reached
    /// The session has an end; `diagnosis` says what is wrong, if something is.
    case ended
    /// Nobody will ever act again.
    case nothingHappens
    case cancelled
    /// A `break when` came true.
    case broke(Int)
    /// No more steps are allowed, or no more time.
    case limit
    /// For long nothing has happened that a story tells of.
    case quiet
    /// Where time is arbitrary and everybody gets a turn: what is waited for never comes, for the
    /// same situation comes again after so many steps.
    case recurs(every: Int)
    /// The same, of what has not come in so many steps.
    case unanswered(steps: Int)
  }

  /// Makes natural steps until the goal is reached, or something stops it.
  package mutating func advance(to goal: Goal) -> Stop {
    let stop = proceed(to: goal)
    return leaveStep() ?? stop
  }

  /// Nobody can stand in the middle of a step: one that was cancelled there is to be made yet.
  private mutating func leaveStep() -> Stop? {
    guard end == .cancelled else { return nil }
    back(toStep: steps)
    return .cancelled
  }

  /// As `advance`; but one that is cancelled within a step leaves nothing to go on with.
  mutating func proceed(to goal: Goal) -> Stop {
    guard end == nil else { return .ended }
    if case .pause = goal, isPaused() { return .reached }
    let (first, began) = (steps, now)
    let statement = currentStatement()
    var patience = Patience(self, goal)
    while true {
      if isCancelled() { return .cancelled }
      guard steps < limits.steps, now <= limits.virtualNanoseconds else { return .limit }
      var chunk = Self.chunk
      if case .steps(let count) = goal {
        guard steps - first < count else { return .reached }
        chunk = count - (steps - first)
      }
      if goal == .event || !watches.isEmpty { chunk = 1 }
      var last = Int64.max
      if case .moment(let moment) = goal { last = moment }
      let before = steps
      let progress = run(atMost: min(chunk, limits.steps - steps), last)
      if progress == .operatorStepped, isAtPause { course.noteEnd(before: steps, at: now) }
      if case .stopped(let stop) = progress { return stop }
      if let broken = judgeWatches() { return .broke(broken) }
      if let stop = patience.judge(&self) { return stop }
      switch goal {
      case .steps: break
      case .statement:
        if progress == .operatorStepped, currentStatement() != statement || isAtPause {
          return .reached
        }
      case .pause: if progress == .operatorStepped, isAtPause { return .reached }
      case .event:
        if chronicle.events(from: before).contains(where: { !$0.kind.isCommon }) {
          return .reached
        }
        if now - began > Self.quietNanoseconds || steps - first > Self.quietSteps { return .quiet }
      case .moment(let moment): if now > moment { return .reached }
      }
    }
  }

  /// How long somebody waits for something to be told.
  private static let quietNanoseconds: Int64 = 20_000_000_000
  private static let quietSteps = 100_000

  /// Steps between two looks at whether to leave off.
  private static let chunk = 65_536

  private var isAtPause: Bool {
    mutating get { look { $0.isPaused(&$1) } }
  }

  /// How a stretch of steps ended.
  enum StretchEnd: Hashable {
    case stepped
    case operatorStepped
    case stopped(Stop)
  }

  /// Natural steps: as many at the most, stopping after each of the operator's, and after the first
  /// that comes later than that moment. Leaves a checkpoint behind where one is due.
  mutating func run(atMost count: Int, _ lastNanosecond: Int64 = .max) -> StretchEnd {
    let spacing = Checkpoints.spacing(rowWords: row.count)
    var count = count
    if let last = checkpoints.last {
      if steps - last.step >= spacing { addCheckpoint() }
      count = min(count, max(1, (checkpoints.last?.step ?? steps) + spacing - steps))
    } else {
      addCheckpoint()
    }
    let before = steps
    let progress =
      machine.layout.keepsTime ? runInTime(count, lastNanosecond) : stepFairly()
    if workspace.events.isRecording { chronicle.add(workspace.events.takeEvents()) }
    assert(steps >= before)
    return progress
  }

  mutating func addCheckpoint() {
    var kept = workspace
    kept.fault = nil
    checkpoints.add(
      Checkpoints.Checkpoint(
        step: steps, marks: marks, row: row, workspace: kept, turns: turns))
  }

  private mutating func runInTime(_ count: Int, _ lastNanosecond: Int64) -> StretchEnd {
    let stretch = touch { machine, row, workspace in
      machine.run(
        limit: count, lastNanosecond: lastNanosecond, stopsAfterOperator: true, &row, &workspace)
    }
    switch stretch.stop {
    case .limit:
      steps += stretch.steps
      return .stepped
    case .operatorStepped:
      steps += stretch.steps
      return .operatorStepped
    case .finished:
      steps += stretch.steps
      end = .finished
      return .stopped(.ended)
    case .nothingHappens:
      steps += stretch.steps
      return .stopped(.nothingHappens)
    case .faulted(let choice):
      steps += stretch.steps
      return conclude(.faulted, choice)
    }
  }

  /// Whoever can step and has waited longest; the first of them.
  private mutating func stepFairly() -> StretchEnd {
    let choices = possibleChoices()
    guard !choices.isEmpty else { return .stopped(.nothingHappens) }
    var best = 0
    for (number, choice) in choices.enumerated()
    where turns[choice.actor] ?? -1 < turns[choices[best].actor] ?? -1 {
      best = number
    }
    return take(best, of: choices)
  }

  /// Takes one of the steps that are possible where time is arbitrary.
  mutating func take(_ number: Int, of choices: [Choice]) -> StretchEnd {
    turns[choices[number].actor] = steps
    course.choices.append(number)
    return make(choices[number])
  }

  /// Makes a step.
  mutating func make(_ choice: Choice) -> StretchEnd {
    let progress = touch { machine, row, workspace in machine.step(choice, &row, &workspace) }
    return conclude(progress, choice)
  }

  mutating func conclude(_ outcome: Progress, _ choice: Choice) -> StretchEnd {
    switch outcome {
    case .running:
      steps += 1
      return choice.actor == .operator ? .operatorStepped : .stepped
    case .finished:
      steps += 1
      end = .finished
      return .stopped(.ended)
    case .faulted:
      if case .needsCapacity(let tasks)? = workspace.fault {
        lengthenRow(tasks: tasks)
        return make(choice)
      }
      if workspace.fault == .cancelled {
        end = .cancelled
        return .stopped(.cancelled)
      }
      steps += 1
      if let fault = workspace.fault { end = .fault(fault) }
      return .stopped(.ended)
    }
  }

  private mutating func lengthenRow(tasks: Int) {
    let capacity = machine.layout.taskCapacity(rowWords: row.count)
    let wanted = machine.layout.rowWords(tasks: max(tasks, 2 * capacity))
    row.append(contentsOf: repeatElement(0, count: max(0, wanted - row.count)))
  }

  // MARK: What is possible

  /// The steps that can come next: where time is kept those that are due at the next moment, in
  /// natural order, elsewhere all. The first few thousand.
  package mutating func possibleChoices() -> [Choice] {
    guard end == nil else { return [] }
    if machine.layout.keepsTime {
      // Asking moves the clock: on a copy.
      var copy = self
      return copy.touch { machine, row, workspace in
        let due = machine.dueChoices(&row, &workspace)
        return (0..<min(due.count, 4_096)).map { due[$0] }
      }
    }
    return touch { machine, row, workspace in
      var choices: [Choice] = []
      machine.forEachChoice(&row, &workspace) { choices.append($0) }
      return choices
    }
  }

  /// Makes the step with that number among the possible ones.
  package mutating func pick(_ number: Int) -> Stop {
    let choices = possibleChoices()
    guard choices.indices.contains(number) else { return .nothingHappens }
    addCheckpoint()
    let progress: StretchEnd
    if machine.layout.keepsTime {
      course.pick(number, at: steps)
      progress = makeDue(number)
    } else {
      progress = take(number, of: choices)
    }
    chronicle.add(workspace.events.takeEvents())
    if let stop = leaveStep() { return stop }
    if case .stopped(let stop) = progress { return stop }
    return .reached
  }

  /// Makes one of the steps that are due.
  mutating func makeDue(_ number: Int) -> StretchEnd {
    let choice = touch { machine, row, workspace -> Choice? in
      let due = machine.dueChoices(&row, &workspace)
      return number < due.count ? due[number] : nil
    }
    guard let choice else { return .stopped(.nothingHappens) }
    return make(choice)
  }
}
