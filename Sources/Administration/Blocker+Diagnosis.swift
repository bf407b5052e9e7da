import Machine

extension Blocker {
  /// The tasks that keep the transition from finishing. Cost: O(tasks) and the code ahead of those.
  ///
  /// - Parameter terms: if what is said is to be tried on copies of the world; nil: it is only read
  ///   off the code.
  package static func all(
    _ machine: Machine, _ row: inout MutableSpan<UInt64>, limit: Int = .max,
    trying terms: TrialTerms? = nil
  ) -> [Blocker] {
    guard machine.engine.isInProgress(machine, &row) else { return [] }
    var found: [Blocker] = []
    for number in 0..<machine.taskCount(&row) where found.count < limit {
      if let blocker = Blocker(TaskSlot(number), machine, &row, trying: terms) {
        found.append(blocker)
      }
    }
    return found
  }

  /// How many tasks keep the transition from finishing.
  package static func count(_ machine: Machine, _ row: inout MutableSpan<UInt64>) -> Int {
    guard machine.engine.isInProgress(machine, &row) else { return 0 }
    var count = 0
    for number in 0..<machine.taskCount(&row)
    where machine.engine.isWaitedFor(TaskSlot(number), machine, &row) { count += 1 }
    return count
  }

  /// Nil when no transition waits for the task.
  package init?(
    _ slot: TaskSlot, _ machine: Machine, _ row: inout MutableSpan<UInt64>,
    trying terms: TrialTerms? = nil
  ) {
    guard machine.engine.isInProgress(machine, &row),
      machine.engine.isWaitedFor(slot, machine, &row)
    else { return nil }
    var diagnosis = Diagnosis(slot, machine, &row)
    diagnosis.run(trying: terms, &row)
    self.init(
      slot: slot, function: machine.function(of: slot, &row),
      isKernelThread: diagnosis.isKernelThread, place: diagnosis.place,
      stack: diagnosis.place == .gone || diagnosis.place == .zombie
        ? [] : machine.stack(of: slot, &row),
      since: machine.since(slot, &row), remedies: diagnosis.remedies, futile: diagnosis.futile)
    cpuHolders = machine.holdersOfCPUs(wantedBy: slot, &row)
    ownCPU = machine.ownCPU(of: slot, &row)
    chain = Self.chain(from: slot, place, machine, &row)
    if let terms { holdChain(against: terms, machine, &row) }
    nameHandlers(machine)
    for task in namedTasks { names[task] = machine.taskName(task, &row) }
    for signal in Self.signals { effects[signal] = machine.effect(of: signal, on: slot, &row) }
  }

  private var namedTasks: [TaskSlot] {
    var tasks = remedies.flatMap { $0.byWayOf?.tasks.prefix(Self.toldMovers) ?? [] }
    for case .task(let holder) in cpuHolders { tasks.append(holder) }
    if case .locked(_, .task(let holder)?) = place { tasks.append(holder) }
    for denied in futile {
      switch denied.reason {
      case .spins(let spinner):
        for case .task(let task) in [spinner.runner, spinner.holder] { tasks.append(task) }
      case .noCPU(let keepers):
        for case .task(let keeper) in keepers { tasks.append(keeper) }
      default: break
      }
    }
    for remedy in remedies {
      switch remedy.measure {
      case .childEnd(let children): tasks += children
      case .threadsEnd(let threads): tasks += threads
      default: break
      }
    }
    return tasks
  }
}
