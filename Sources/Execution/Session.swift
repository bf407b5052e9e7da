import Machine
import Patching

/// One run of one scenario: the machine, the row, and who chooses.
///
/// Runs are deterministic, so a session doesn't record what it may not need: a caller that wants
/// events of a run it has already made starts another session and replays it loudly.
package struct Session: Sendable {
  package let machine: Machine
  package private(set) var row: [UInt64]
  package private(set) var workspace: Workspace
  /// Steps taken.
  package private(set) var steps = 0
  package private(set) var end: RunEnd?

  package let schedule: Schedule
  private let isCancelled: Cancellation?
  private var seeded: SeededChoice
  private var stallJudge: StallJudge?
  private var shownFiles: ShownFiles?

  /// - Parameters:
  ///   - machine: keeps time for a seed, has arbitrary time for a list of choices.
  ///   - recordingFrom: the first step whose common events are wanted, the rare ones from the
  ///     beginning; nil for none at all.
  ///   - isCancelled: asked now and then whether to give up.
  package init(
    machine: Machine, schedule: Schedule, recordingFrom: Int? = nil, limits: Limits,
    cancelledWhen isCancelled: Cancellation? = nil
  ) {
    self.machine = machine
    self.schedule = schedule
    self.limits = limits
    self.isCancelled = isCancelled
    if case .seed(let seed) = schedule {
      seeded = SeededChoice(seed: seed)
    } else {
      seeded = SeededChoice(seed: 0)
    }
    workspace = Workspace(
      program: machine.program, recording: recordingFrom != nil, limits: limits)
    workspace.fuel.isCancelled = isCancelled
    workspace.events.commonFrom = recordingFrom ?? 0
    stallJudge = StallJudge(machine, machine.engine as? KGraft)
    shownFiles = recordingFrom == nil ? nil : ShownFiles(machine.program)
    row = machine.initialRow(taskCapacity: 16, &workspace)
    if let fault = workspace.fault { end = RunEnd(fault) }
  }

  package let limits: Limits
  /// Where the last look for tasks that spin was taken.
  private var spinning = Spinning()

  private mutating func lookForSpinning() {
    guard machine.layout.keepsTime, spinning.isSuspect(steps: steps, time: time) else { return }
    var address = 0
    for _ in 0..<Spinning.sample(cpus: machine.program.cpuCount) {
      let before = time
      let place = look { machine, row, workspace -> Int? in
        guard case .task(let slot)? = machine.nextChoice(&row, &workspace)?.actor else {
          return nil
        }
        return Int(row[machine.layout.programCounter, at: machine.layout.origin(of: slot)])
      }
      guard let place else { return }
      address = place
      step()
      guard end == nil, time - before <= 1 else { return }
    }
    end = .spins(address: address)
  }

  private var requestJudge = RequestJudge()

  /// Whether the operator's request is one that never returns.
  private mutating func lookForWaiting() {
    guard requestJudge.isDue(steps: steps) else { return }
    var judge = requestJudge
    let isForEver = look { machine, row, workspace in
      judge.waitsForEver(machine, &row, workspace)
    }
    requestJudge = judge
    guard isForEver else { return }
    // With its window open the transition can't finish either.
    let isOpen = look { machine, row, _ in
      (machine.engine as? KGraft)?.cpusWaitedFor(machine, &row).isEmpty == false
    }
    if isOpen, isInProgress { noteStalled() }
    if end == nil { end = .requestWaits }
  }

  private var isInProgress: Bool {
    var words = row
    var span = words.mutableSpan
    return machine.engine.isInProgress(machine, &span)
  }

  /// A run that somebody else has made, at its end: for what there is to say about that.
  init(
    machine: Machine, row: [UInt64], workspace: Workspace, steps: Int, end: RunEnd, limits: Limits
  ) {
    self.machine = machine
    self.row = row
    self.workspace = workspace
    self.steps = steps
    self.end = end
    self.limits = limits
    schedule = .choices([])
    isCancelled = nil
    seeded = SeededChoice(seed: 0)
  }

  /// Runs to the end.
  package mutating func run() -> RunEnd {
    while end == nil {
      // Whoever watches for a stall looks after each step of the engine, and who shows files after
      // each step.
      if case .seed(0) = schedule, stallJudge == nil, shownFiles == nil {
        runStretch()
      } else {
        step()
      }
      if end == nil { lookForSpinning() }
      if end == nil { lookForWaiting() }
    }
    // Nobody will ever act again: neither will whoever the transition waits for.
    if end == .nothingHappens, isInProgress { noteStalled() }
    return end ?? .finished
  }

  /// Natural steps up to the end, or up to where the row has no room for another task: the row is
  /// taken out of the session once for all of them.
  private mutating func runStretch() {
    var words: [UInt64] = []
    swap(&words, &row)
    var span = words.mutableSpan
    let stretch = machine.run(
      limit: min(Spinning.window, requestJudge.nextLook - steps, limits.steps - steps),
      lastNanosecond: limits.virtualNanoseconds, &span, &workspace)
    swap(&words, &row)
    steps += stretch.steps
    switch stretch.stop {
    case .limit, .operatorStepped:
      checkLimits()
      giveUpIfCancelled()
    case .finished: end = .finished
    case .faulted(let choice): conclude(.faulted, choice)
    case .nothingHappens: end = .nothingHappens
    }
  }

  /// One step, unless the run has ended.
  package mutating func step() {
    guard end == nil else { return }
    // The row is out of the session while a span over it exists.
    var words: [UInt64] = []
    swap(&words, &row)
    var span = words.mutableSpan
    let pick = pick(&span)
    guard case .choice(let choice) = pick else {
      if case .none(let reason) = pick { end = reason }
      swap(&words, &row)
      return
    }
    let before = (events: workspace.events.events.count, step: workspace.events.step)
    let progress = machine.step(choice, &span, &workspace)
    swap(&words, &row)
    conclude(progress, choice)
    lookAtShownFiles(since: before.events, inStep: before.step)
  }

  /// - Parameter since: how many events there were before the step.
  private mutating func lookAtShownFiles(since: Int, inStep step: Int) {
    guard var shown = shownFiles else { return }
    let changes = look { machine, row, workspace in
      shown.look(after: workspace.events.events[since...], machine, &row)
    }
    shownFiles = shown
    let next = workspace.events.step
    workspace.events.step = step
    for change in changes { workspace.events.record(change, at: time) }
    workspace.events.step = next
  }

  private enum Pick {
    case choice(Choice)
    case none(RunEnd)
  }

  private mutating func pick(_ span: inout MutableSpan<UInt64>) -> Pick {
    switch schedule {
    case .seed(0):
      guard let choice = machine.nextChoice(&span, &workspace) else {
        return .none(.nothingHappens)
      }
      return .choice(choice)
    case .seed:
      let choices = machine.dueChoices(&span, &workspace)
      guard choices.count > 0 else { return .none(.nothingHappens) }
      return .choice(choices[seeded.number(below: choices.count)])
    case .choices(let numbers), .timed(let numbers, _):
      let choices = machine.choices(schedule.timed, &span, &workspace)
      guard !choices.isEmpty else { return .none(.nothingHappens) }
      guard steps < numbers.count else { return .none(.scheduleEnded) }
      guard numbers[steps] < choices.count else {
        return .none(.diverged(step: steps, choice: numbers[steps], possible: choices.count))
      }
      return .choice(choices[numbers[steps]])
    }
  }

  private mutating func conclude(_ progress: Progress, _ choice: Choice) {
    switch progress {
    case .running:
      steps += 1
      if choice.actor == .engine, stallJudge != nil { judgeStalling() }
      if end == nil { checkLimits() }
      if steps & (Self.stepsBetweenLooks - 1) == 0 { giveUpIfCancelled() }
    case .finished:
      steps += 1
      end = .finished
      if stallJudge != nil {
        judgeStalling()
        leavesTransition = end == .finished && isInProgress && !finishesByItself()
      }
    case .faulted:
      guard let fault = workspace.fault else { return }
      guard case .needsCapacity(let tasks) = fault else {
        steps += 1
        end = RunEnd(fault)
        return
      }
      lengthenRow(tasks: tasks)
      var words: [UInt64] = []
      swap(&words, &row)
      var span = words.mutableSpan
      let progress = machine.step(choice, &span, &workspace)
      swap(&words, &row)
      conclude(progress, choice)
    }
  }

  /// When the engine has closed its window, at each of its looks, and at the scenario's end:
  /// whether anything can still finish the transition.
  private mutating func judgeStalling() {
    guard var judge = stallJudge else { return }
    let verdict = look { machine, row, workspace -> StallJudge.Verdict in
      guard machine.engine.isInProgress(machine, &row),
        (machine.engine as? KGraft)?.phase(machine, &row) == .look
          || row[machine.layout.operatorStatus] == OperatorStatus.finished.rawValue
      else { return .open }
      return judge.judge(machine, &row, workspace)
    }
    stallJudge = judge
    if verdict == .stalled { noteStalled() }
  }

  /// The transition is stalled: who must never see that has failed, who must come to it has.
  package mutating func noteStalled() {
    let fault = look { machine, row, workspace in
      workspace.fault = nil
      machine.noteSeen(.stalled, Violation(), &row, &workspace)
      return workspace.fault
    }
    if let fault { end = RunEnd(fault) }
  }

  /// A transition is left on its way at the end, and it could not be told whether it would finish.
  package private(set) var leavesTransition = false

  /// Steps beyond the end that are tried.
  private static let stepsBeyond = 200_000

  /// Whether the machine, left alone, comes to the end of its transition.
  private func finishesByItself() -> Bool {
    var words = row
    var beyond = workspace
    beyond.events.isRecording = false
    var span = words.mutableSpan
    for _ in 0..<Self.stepsBeyond {
      guard let choice = machine.nextChoice(&span, &beyond),
        machine.step(choice, &span, &beyond) != .faulted
      else { return false }
      if !machine.engine.isInProgress(machine, &span) { return true }
    }
    return false
  }

  private mutating func lengthenRow(tasks: Int) {
    let capacity = machine.layout.taskCapacity(rowWords: row.count)
    let wanted = machine.layout.rowWords(tasks: max(tasks, 2 * capacity))
    row.append(contentsOf: repeatElement(0, count: max(0, wanted - row.count)))
  }

  private mutating func giveUpIfCancelled() {
    if end == nil, let isCancelled, isCancelled() { end = .cancelled }
  }

  /// Steps between two looks whether the run is still wanted, a power of two: about 20 ms.
  private static let stepsBetweenLooks = 1 << 17

  private mutating func checkLimits() {
    if steps >= limits.steps {
      end = .stepsExhausted(limits.steps)
    } else if time > limits.virtualNanoseconds {
      end = .timeExhausted(limits.virtualNanoseconds)
    }
  }

  /// Virtual time in nanoseconds.
  package var time: Int64 {
    machine.layout.keepsTime ? Int64(row[machine.layout.clock.now.word]) : 0
  }

  package var events: [Event] { workspace.events.events }

  /// Hands over what has been recorded since the last time, so that a long run need not be held.
  package mutating func takeEvents() -> [Event] { workspace.events.takeEvents() }

  /// From now on no event is left out, however many a step makes.
  package mutating func keepEveryEvent() {
    workspace.events.capacity = .max
    workspace.events.byteCapacity = .max
  }

  /// Looks into the world as it is now.
  package mutating func look<Answer>(
    _ body: (Machine, inout MutableSpan<UInt64>, inout Workspace) -> Answer
  ) -> Answer {
    var words: [UInt64] = []
    swap(&words, &row)
    defer { swap(&words, &row) }
    var span = words.mutableSpan
    return body(machine, &span, &workspace)
  }
}

/// How a run ended.
package enum RunEnd: Sendable, Hashable {
  /// The operator took its last step.
  case finished
  case fault(Fault)
  /// Nobody will ever act again, and the operator waits.
  case nothingHappens
  /// The list of choices ended before the scenario did.
  case scheduleEnded
  /// The list ended where the operator can wait for ever.
  case starved
  /// What the operator asked for is never answered.
  case requestWaits
  /// The list names a choice that is not possible there: the text or the engine has changed.
  case diverged(step: Int, choice: Int, possible: Int)
  case stepsExhausted(Int)
  /// Steps are made and made, and time stands still.
  case spins(address: Int)
  case timeExhausted(Int64)
  /// Nobody wants to know any more.
  case cancelled

  /// The end that a fault makes.
  init(_ fault: Fault) { self = fault == .cancelled ? .cancelled : .fault(fault) }
}
