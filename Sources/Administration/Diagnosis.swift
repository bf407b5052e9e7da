import Machine
import Patching

/// The examination of one task. A new sort of place is a new case of `run`, with its remedies.
struct Diagnosis {
  let slot: TaskSlot
  let machine: Machine
  let isKernelThread: Bool
  let place: Machine.Place
  /// What is pending for the task already.
  let pending: Outlook.Urge
  var remedies: [Blocker.Remedy] = []
  var futile: [Blocker.Futile] = []
  /// Why the task alone is denied what others may bring about.
  private(set) var reviewed: [Blocker.Measure: Blocker.Reason] = [:]
  /// The immutable window is open and will never close.
  var isWindowStuck = false

  init(_ slot: TaskSlot, _ machine: Machine, _ row: inout MutableSpan<UInt64>) {
    self.slot = slot
    self.machine = machine
    isKernelThread = machine.isKernelThread(slot, &row)
    place = machine.place(of: slot, &row)
    let origin = machine.layout.origin(of: slot)
    pending =
      row.isSet(machine.layout.task.fatalPending, at: origin)
      ? .fatal : row.isSet(machine.layout.task.signalPending, at: origin) ? .signal : .nothing
  }

  mutating func run(trying terms: TrialTerms?, _ row: inout MutableSpan<UInt64>) {
    examine(&row)
    refuseSteps(&row)
    review(&row)
    refuseCPU(&row)
    if let terms, let trial = Trial(.crossing, of: slot, machine, terms, &row) {
      hold(against: trial, &row)
    }
    if isWindowStuck {
      deny(.force, .windowStaysOpen)
    } else {
      remedies.append(.init(measure: .force, isCertain: true))
    }
  }

  private mutating func examine(_ row: inout MutableSpan<UInt64>) {
    switch place {
    case .userMode: examineUserMode(&row)
    case .kernel: examineKernel(&row)
    case .waiting(let queue, let manner, let timer):
      examineWait(queue, manner, &row)
      examineTimer(timer, &row)
    case .locked(let lock, let holder):
      let measure = Blocker.Measure.unlock(lock: lock, holder: holder)
      if case .task(let owner)? = holder, isDead(owner, &row) {
        deny(measure, .ownerIsDead)
      } else {
        judge(measure, waking: .woken, pending, &row)
      }
      let own = machine.program.locks.map(\.queue)
      for queue in machine.program.queues.indices where !own.contains(queue) {
        deny(.wake(queue: queue), .elsewhere)
      }
      deny(.itself, .noTimer)
      examineDisturbances(isDeaf: true, isKillable: false, &row)
    case .sleeping(let timer):
      examineTimer(timer, &row)
      let locks = machine.program.locks.map(\.queue)
      for queue in machine.program.queues.indices where !locks.contains(queue) {
        deny(.wake(queue: queue), .elsewhere)
      }
      examineDisturbances(isDeaf: false, isKillable: false, &row)
    case .reaping(let pid):
      let children = machine.children(of: slot, pid: pid, &row)
      if children.count > 1, machine.isReapedAtOnce(children[0], &row) {
        // Deaf to SIGCHLD it waits for all of them.
        remedies.append(.init(measure: .childEnd(children), isCertain: false))
      } else {
        judge(.childEnd(children), waking: .woken, pending, &row)
      }
      let locks = machine.program.locks.map(\.queue)
      for queue in machine.program.queues.indices where !locks.contains(queue) {
        deny(.wake(queue: queue), .elsewhere)
      }
      examineDisturbances(isDeaf: false, isKillable: false, &row)
    case .stopped: examineStopped()
    case .zombie: examineZombie(&row)
    case .gone: break
    }
  }

  /// Awake it makes no step: it spins, or who has its CPU does. What gets the lock back is of
  /// use, and whatever gets that going.
  private mutating func refuseSteps(_ row: inout MutableSpan<UInt64>) {
    guard let spinner = machine.spinner(over: slot, &row) else { return }
    futile += remedies.map { .init(measure: $0.measure, reason: .spins(spinner)) }
    remedies = []
    let locks = machine.program.locks.map(\.queue)
    for queue in machine.program.queues.indices where !locks.contains(queue) {
      deny(.wake(queue: queue), .spins(spinner))
    }
  }

  /// Awake it would make no step: others keep the CPUs for ever.
  private mutating func refuseCPU(_ row: inout MutableSpan<UInt64>) {
    let starvers = place == .zombie ? [] : machine.starvers(of: slot, &row)
    guard !starvers.isEmpty else { return }
    futile += remedies.map { Blocker.Futile(measure: $0.measure, reason: .noCPU(starvers)) }
    remedies = []
  }

  /// What is denied holds for the task alone; the others go on, and may make it come true.
  private mutating func review(_ row: inout MutableSpan<UInt64>) {
    guard !futile.isEmpty else { return }
    let isLookedAt = sendsFakeSignals && remedies.contains { $0.measure == .look }
    let review = DenialReview(
      slot, machine, sendsFakeSignals: sendsFakeSignals, isLookedAt: isLookedAt, &row)
    var standing: [Blocker.Futile] = []
    for denied in futile {
      switch review.review(denied, &row) {
      case .stands: standing.append(denied)
      case .perhaps(let movers):
        reviewed[denied.measure] = denied.reason
        remedies.append(.init(measure: denied.measure, isCertain: false, byWayOf: movers))
      case .dropped: break
      }
    }
    futile = standing
  }

  private func isDead(_ slot: TaskSlot, _ row: inout MutableSpan<UInt64>) -> Bool {
    [.gone, .zombie].contains(machine.state(of: slot, &row))
  }

  /// As long as threads of its process live nobody can reap it (`delay_group_leader` in
  /// `kernel/exit.c`); after the last of them init does so at once, another parent in its own time.
  private mutating func examineZombie(_ row: inout MutableSpan<UInt64>) {
    let threads = machine.liveThreads(of: slot, &row)
    guard threads.isEmpty else {
      let isInits = machine.isReapedAtOnce(slot, &row)
      remedies.append(.init(measure: .threadsEnd(threads), isCertain: isInits))
      return
    }
    remedies.append(.init(measure: .reap, isCertain: true))
    for signal in Blocker.signals { deny(.signal(signal), .zombie) }
    deny(.itself, .zombie)
  }

  // MARK: On a CPU, or waiting for one

  private mutating func examineUserMode(_ row: inout MutableSpan<UInt64>) {
    if pending != .nothing {
      // Its next step is the exit work.
      remedies.append(.init(measure: .itself, isCertain: true))
    } else {
      judge(.itself, waking: nil, .nothing, &row)
    }
    guard !movesAlone else { return }
    for signal in Blocker.signals {
      switch machine.effect(of: signal, on: slot, &row) {
      case .continues: deny(.signal(signal), .notStopped)
      case .nothing: deny(.signal(signal), deafness(&row))
      case .ends, .stops, .handled:
        remedies.append(.init(measure: .signal(signal), isCertain: isTaker(of: signal, &row)))
      }
    }
    if sendsFakeSignals {
      remedies.append(.init(measure: .look, isCertain: true))
    } else {
      deny(.look, .notDone)
    }
  }

  private mutating func examineKernel(_ row: inout MutableSpan<UInt64>) {
    judge(.itself, waking: machine.wakeReason(of: slot, &row), pending, &row)
    guard !movesAlone else { return }
    guard !isKernelThread else {
      for signal in Blocker.signals { deny(.signal(signal), .kernelThread) }
      return
    }
    for signal in Blocker.signals {
      switch machine.effect(of: signal, on: slot, &row) {
      case .continues: deny(.signal(signal), .notStopped)
      case .nothing: deny(.signal(signal), deafness(&row))
      case .ends, .stops, .handled:
        judge(signal, waking: machine.wakeReason(of: slot, &row), &row)
      }
    }
    if sendsFakeSignals {
      judge(.look, waking: machine.wakeReason(of: slot, &row), max(.signal, pending), &row)
    }
  }

  /// It needs nobody: then nobody's help is worth a word.
  var movesAlone: Bool {
    remedies.contains(.init(measure: .itself, isCertain: true))
  }

  // MARK: Asleep

  private mutating func examineWait(
    _ queue: Int, _ manner: WaitManner, _ row: inout MutableSpan<UInt64>
  ) {
    let locks = machine.program.locks.map(\.queue)
    for other in machine.program.queues.indices where !locks.contains(other) {
      if other != queue {
        deny(.wake(queue: other), .elsewhere)
      } else if machine.conditionHolds(slot, &row) == false, !passesFreezer(manner) {
        deny(.wake(queue: other), .conditionFalse)
      } else {
        judge(.wake(queue: other), waking: .woken, pending, &row)
      }
    }
    examineDisturbances(
      isDeaf: manner.contains(.uninterruptible), isKillable: manner.contains(.killable), &row)
  }

  /// A thread in such a wait passes a safe point whoever wakes it.
  private func passesFreezer(_ manner: WaitManner) -> Bool {
    isKernelThread && manner.contains(.freezable)
  }

  private mutating func examineTimer(
    _ timer: Machine.Timer, _ row: inout MutableSpan<UInt64>
  ) {
    guard timer != .none else { return deny(.itself, .noTimer) }
    judge(.timer(timer), waking: .timeout, pending, &row)
  }

  /// Signals, true ones and fake, and the engine's wake-ups.
  private mutating func examineDisturbances(
    isDeaf: Bool, isKillable: Bool, _ row: inout MutableSpan<UInt64>
  ) {
    for signal in Blocker.signals {
      let measure = Blocker.Measure.signal(signal)
      let effect = machine.effect(of: signal, on: slot, &row)
      if isKernelThread {
        deny(measure, .kernelThread)
      } else if effect == .continues {
        deny(measure, .notStopped)
      } else if isDeaf {
        deny(measure, .deafSleep)
      } else if effect == .nothing {
        deny(measure, deafness(&row))
      } else if isKillable, effect != .ends || machine.isDump(signal) {
        deny(measure, effect == .ends ? .dumpsCore : .onlyFatal)
      } else {
        judge(signal, waking: .signal, &row)
      }
    }
    if !sendsFakeSignals {
      deny(.look, .notDone)
    } else if isKernelThread {
      examineEngineWakeUp(&row)
    } else if isDeaf || isKillable {
      deny(.look, isDeaf ? .deafSleep : .onlyFatal)
    } else {
      judge(.look, waking: .signal, max(.signal, pending), &row)
    }
  }

  /// `wake_up_process` ends a `sleep` early; a wait is only left by it when what it waits for has
  /// come true.
  private mutating func examineEngineWakeUp(_ row: inout MutableSpan<UInt64>) {
    if case .locked = place { return deny(.look, .bareWait) }
    if case .waiting(_, let manner, _) = place, !manner.contains(.freezable) {
      switch machine.conditionHolds(slot, &row) {
      case nil: return deny(.look, .bareWait)
      case false: return deny(.look, .conditionFalse)
      case true: break
      }
    }
    judge(.look, waking: .spurious, .nothing, &row)
  }

  // MARK: Stopped

  private mutating func examineStopped() {
    for signal in Blocker.signals {
      if signal == .CONT || signal == .KILL {
        remedies.append(.init(measure: .signal(signal), isCertain: true))
      } else {
        deny(.signal(signal), .stopped)
      }
    }
    deny(.itself, .stopped)
    deny(.look, sendsFakeSignals ? .stopped : .notDone)
  }

  private func deafness(_ row: inout MutableSpan<UInt64>) -> Blocker.Reason {
    let isInit = machine.program.initSlot == machine.leader(of: slot, &row)
    return isInit ? .unkillable : .ignored
  }

  // MARK: Judging

  var sendsFakeSignals: Bool {
    (machine.engine as? KGraft)?.rules.sendsFakeSignals ?? false
  }

  private func urge(
    of signal: Signal, _ row: inout MutableSpan<UInt64>
  ) -> Outlook.Urge {
    let isFatal = machine.effect(of: signal, on: slot, &row) == .ends && !machine.isDump(signal)
    return isFatal ? .fatal : max(.signal, pending)
  }

  private mutating func judge(
    _ signal: Signal, waking reason: WakeReason?, _ row: inout MutableSpan<UInt64>
  ) {
    guard isTaker(of: signal, &row) else {
      return remedies.append(.init(measure: .signal(signal), isCertain: false))
    }
    judge(.signal(signal), waking: reason, urge(of: signal, &row), &row)
  }

  /// What dumps core comes to one thread first, and when that does so is open here.
  private func isTaker(of signal: Signal, _ row: inout MutableSpan<UInt64>) -> Bool {
    guard machine.isDump(signal), machine.effect(of: signal, on: slot, &row) == .ends else {
      return true
    }
    return machine.liveThreads(of: machine.leader(of: slot, &row), &row) == [slot]
  }

  private mutating func deny(_ measure: Blocker.Measure, _ reason: Blocker.Reason) {
    futile.append(.init(measure: measure, reason: reason))
  }

  /// A measure that gets the task going: whether it helps is what the code ahead says.
  private mutating func judge(
    _ measure: Blocker.Measure, waking reason: WakeReason?, _ urge: Outlook.Urge,
    _ row: inout MutableSpan<UInt64>
  ) {
    let outlook = machine.outlook(of: slot, waking: reason, urge: urge, &row)
    if outlook.crosses {
      remedies.append(.init(measure: measure, isCertain: outlook.isCertain))
      return
    }
    // Is there one at all, if everybody helped?
    let helped = machine.outlook(of: slot, waking: reason, urge: .helped, &row)
    guard helped.crosses else { return deny(measure, .noCrossing) }
    deny(measure, outlook.sleeps.isEmpty ? .goesRound : .sleepsAgain(outlook.sleeps.sorted()))
  }
}
