import Exploration
import Machine
import Patching

/// What becomes of a task if somebody does something now, and the operator nothing more: asked of
/// the machine itself, on copies of the world.
///
/// Where time is kept the natural run is made from there, until nobody will ever act again or
/// everybody stands where he stood before; where it is arbitrary every order of steps is.
///
/// Cost: up to as many steps or worlds a question as the terms say.
struct Trial {
  /// What is asked for.
  enum Goal: Sendable, Hashable {
    /// The task is in the new universe.
    case crossing
    /// The task makes a step.
    case step
  }

  enum Outcome: Sendable, Hashable {
    /// It comes to that: at that moment, where time is kept.
    case moves(at: Int64)
    /// It never does; whether the task has been awake meanwhile.
    case stays(Blocker.Reason, isAwake: Bool = true)
    /// A bound was reached first, or values that are open decide.
    case unknown

    /// Whether it comes about here, and there not, or later: by more than another order of the same
    /// steps would make.
    func isEarlier(than other: Outcome) -> Bool {
      switch (self, other) {
      case (.moves(let moment), .moves(let later)): moment + Self.noise < later
      case (.moves, .stays): true
      default: false
      }
    }

    /// Nanoseconds.
    private static let noise: Int64 = 1_000_000

    var reason: Blocker.Reason? {
      if case .stays(let reason, _) = self { reason } else { nil }
    }
  }

  private let machine: Machine
  private let engine: KGraft
  private let slot: TaskSlot
  private let goal: Goal
  private let terms: TrialTerms
  private let start: [UInt64]
  private let workspace: Workspace
  private let rule: TimedRule
  /// Of a task that sleeps, or is stopped, as the trial begins: why it stays if it is never awake.
  private let rest: Blocker.Reason?
  /// Whether the immutable window is open then.
  let isWindowOpen: Bool

  private static let greatestTasks = 1_024
  /// Tasks that may be born on the way.
  private static let births = 16
  private static let greatestOperations = 1_000_000

  /// Nil where the world is too large to be tried.
  init?(
    _ goal: Goal, of slot: TaskSlot, _ machine: Machine, _ terms: TrialTerms,
    _ row: inout MutableSpan<UInt64>
  ) {
    guard let engine = machine.engine as? KGraft,
      machine.taskCount(&row) <= Self.greatestTasks
    else { return nil }
    self.machine = machine
    self.engine = engine
    self.slot = slot
    self.goal = goal
    self.terms = terms
    var words: [UInt64] = []
    let room = machine.layout.rowWords(tasks: machine.taskCount(&row) + Self.births)
    words.reserveCapacity(max(room, row.count))
    for word in 0..<row.count { words.append(row[word]) }
    words += repeatElement(0, count: max(0, room - row.count))
    var limits = Limits.ci
    limits.operations = Self.greatestOperations
    var workspace = Workspace(program: machine.program, recording: false, limits: limits)
    workspace.strings = terms.strings
    var span = words.mutableSpan
    machine.retireOperator(&span)
    machine.rebuildAgenda(&span, &workspace)
    switch machine.state(of: slot, &span) {
    case .sleeping, .uninterruptible: rest = .sleepsOn
    case .stopped: rest = .stopped
    default: rest = nil
    }
    isWindowOpen = engine.isImmutable(machine, &span)
    start = words
    self.workspace = workspace
    rule = TimedRule(machine, TimedMode(), forgetting: true)
  }

  /// Whether it changes anything at all.
  func isOfConsequence(_ disturbance: Disturbance) -> Bool {
    var words = start
    var workspace = workspace
    var row = words.mutableSpan
    machine.disturb(disturbance, &row, &workspace)
    return words != start
  }

  /// - Parameter withLooks: the engine goes on looking at the tasks, and sends them signals.
  func outcome(of disturbance: Disturbance, withLooks: Bool) -> Outcome {
    guard keepsTime else { return search(disturbance, withLooks) }
    let (outcome, isOpen) = run(disturbance, withLooks, .low)
    guard isOpen, case .stays = outcome else { return outcome }
    // The natural run takes the low end of what is open; another one takes something else.
    guard case .stays = run(disturbance, withLooks, .high).outcome else { return .unknown }
    return outcome
  }

  var keepsTime: Bool { machine.layout.keepsTime }

  /// Which of the ways that a step can go it takes.
  private enum Leaning {
    case low, high

    func alternative(of count: Int) -> Int { self == .low ? 0 : count - 1 }
  }

  /// Whether it has come to that. While the window is open the stub marks whoever has left the old
  /// universe.
  private func isReached(_ row: inout MutableSpan<UInt64>) -> Bool {
    switch goal {
    case .crossing:
      !engine.isWaitedFor(slot, machine, &row) && !engine.isImmutable(machine, &row)
    case .step: machine.canStep(slot, &row)
    }
  }

  private func isLook(_ choice: Choice, _ row: inout MutableSpan<UInt64>) -> Bool {
    choice.actor == .engine && engine.phase(machine, &row) == .look
  }

  /// Whether the operator only goes on with what it had begun.
  private func isForbidden(_ choice: Choice, _ row: inout MutableSpan<UInt64>) -> Bool {
    choice.actor == .operator && !engine.isForcing(machine, &row)
  }

  // MARK: Where time is kept

  private func run(
    _ disturbance: Disturbance, _ withLooks: Bool, _ leaning: Leaning
  ) -> (outcome: Outcome, isOpen: Bool) {
    var words = start
    var workspace = workspace
    var course = Course()
    var row = words.mutableSpan
    machine.disturb(disturbance, &row, &workspace)
    while course.steps < terms.greatestSteps {
      course.steps += 1
      if isReached(&row) {
        return (.moves(at: machine.now(&row) + course.skipped), course.isOpen)
      }
      if machine.state(of: slot, &row) == .runnable { course.isAwake = true }
      guard var choice = machine.nextChoice(&row, &workspace) else {
        return (stays(course, &row), course.isOpen)
      }
      if isForbidden(choice, &row) {
        machine.retireOperator(&row)
        continue
      }
      let isLook = isLook(choice, &row)
      if isLook, !withLooks {
        machine.holdEngine(&row)
        continue
      }
      if course.comesRound(for: slot, machine, rule, isLook: isLook, withLooks, &row) {
        return (stays(course, &row), course.isOpen)
      }
      if course.hasComeRound, !isLook, hastenLook(&course, &row, &workspace) { continue }
      let ways = machine.wayCount(of: choice, &row)
      if ways > 1 {
        course.isOpen = true
        choice.alternative = leaning.alternative(of: ways)
      }
      guard machine.step(choice, &row, &workspace) != .faulted else {
        return (outcome(of: workspace.fault), course.isOpen)
      }
    }
    return (.unknown, course.isOpen)
  }

  /// Everybody goes round until the engine looks, so that it may as well look now. False where no
  /// look is due.
  private func hastenLook(
    _ course: inout Course, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Bool {
    let wait = Int64(row[machine.layout.clock.engineDue]) - machine.now(&row)
    guard machine.isEngineDue(&row), engine.phase(machine, &row) == .look, wait > 0 else {
      return false
    }
    course.skipped += wait
    machine.hastenEngine(&row, &workspace)
    return true
  }

  private func stays(_ course: Course, _ row: inout MutableSpan<UInt64>) -> Outcome {
    .stays(reason(course, &row), isAwake: course.isAwake)
  }

  private func outcome(of fault: Fault?) -> Outcome {
    switch fault {
    case .deadlock?: .stays(.endsInDeadlock)
    case .oops?, .lostText?: .stays(.endsInCrash)
    default: .unknown
    }
  }

  /// Why it stays: where it is when nothing more will come.
  private func reason(_ course: Course, _ row: inout MutableSpan<UInt64>) -> Blocker.Reason {
    if engine.isImmutable(machine, &row) { return .windowStaysOpen }
    if let spinner = machine.spinner(over: slot, &row) { return .spins(spinner) }
    switch machine.place(of: slot, &row) {
    case .userMode, .kernel:
      let holders = machine.holdersOfCPUs(wantedBy: slot, &row)
      return holders.isEmpty ? .goesRound : .noCPU(holders)
    case .stopped: return .stopped
    default:
      if !course.isAwake, let rest { return rest }
      return .sleepsAgain([machine.stack(of: slot, &row)[0].address])
    }
  }

  // MARK: Where time is arbitrary

  private func search(_ disturbance: Disturbance, _ withLooks: Bool) -> Outcome {
    var words = start
    var workspace = workspace
    do {
      var row = words.mutableSpan
      machine.disturb(disturbance, &row, &workspace)
    }
    var sleeps: Set<Int> = []
    var spinner: Spinner?
    var isAwake = false
    var closesWindow = false
    let answer = Foresight.look(
      machine, from: words, knowing: workspace, states: terms.greatestWorlds, endsAtCrashes: true,
      rulingOut: { choice, row in
        isForbidden(choice, &row) || (!withLooks && isLook(choice, &row))
      },
      until: { row in
        if isReached(&row) { return true }
        if !engine.isImmutable(machine, &row) { closesWindow = true }
        switch machine.state(of: slot, &row) {
        case .runnable:
          isAwake = true
          spinner = spinner ?? machine.spinner(over: slot, &row)
        case .sleeping, .uninterruptible: sleeps.insert(machine.stack(of: slot, &row)[0].address)
        default: break
        }
        return false
      }
    ).answer
    switch answer {
    case .comes: return .moves(at: 0)
    case .unknown: return .unknown
    case .neverComes:
      if !closesWindow { return .stays(.windowStaysOpen) }
      if let spinner { return .stays(.spins(spinner)) }
      if !isAwake, let rest { return .stays(rest, isAwake: false) }
      return .stays(sleeps.isEmpty ? .goesRound : .sleepsAgain(sleeps.sorted()))
    }
  }
}

/// What trials need beside the world, and how far they go.
package struct TrialTerms: Sendable {
  /// What the words in the row mean.
  package var strings: StringTable
  /// Where time is kept: steps that one question may take.
  package var greatestSteps: Int
  /// Where it is arbitrary: worlds that one question may visit.
  package var greatestWorlds: Int

  /// For somebody who reads the answer.
  package static func thorough(_ strings: StringTable) -> TrialTerms {
    TrialTerms(strings: strings, greatestSteps: 32_768, greatestWorlds: 6_000)
  }

  /// For a scenario that asks in each of its schedules.
  package static func quick(_ strings: StringTable) -> TrialTerms {
    TrialTerms(strings: strings, greatestSteps: 16_384, greatestWorlds: 200)
  }
}
