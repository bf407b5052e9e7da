import Machine

/// Walks over CPUs and tasks. In a search their order is arbitrary, so that identical tasks are
/// interchangeable: each alternative of a step is one that the walk has not been to. In a run it is
/// the task list's own order, kept by a cursor.
extension KGraft {
  // MARK: CPUs

  /// What a CPU's bits say: its interrupts are switched. Or, in a run, that its work item has it
  /// and has yet to do that (`Machine.isLent`).
  private static let isSwitched: UInt64 = 1

  /// `schedule_on_each_cpu`: every CPU has its work item; those whose CPU is free have it at once.
  func beginSwitching(_ machine: Machine, _ row: inout MutableSpan<UInt64>) {
    enter(.switchCPUs, machine, &row)
    guard machine.layout.keepsTime else { return }
    for (cpu, field) in machine.layout.engine.perCPU.enumerated() {
      if machine.isFree(cpu, &row) {
        row[field] = Machine.isLent
      } else {
        machine.wantCPU(cpu, &row)
      }
    }
  }

  package func cpuIsFree(_ cpu: Int, _ machine: Machine, _ row: inout MutableSpan<UInt64>) {
    let field = machine.layout.engine.perCPU[cpu]
    switch phase(machine, &row) {
    case .switchCPUs where row[field] == 0: row[field] = Machine.isLent
    case .look where lentCPU(machine, &row) == nil:
      row[field] |= Machine.isLent
      machine.forgetWantedCPUs(&row)
    default: break
    }
  }

  /// A CPU that has been the work item's for longer than that, with handlers there all the time.
  package func stormCPU(
    _ machine: Machine, _ row: inout MutableSpan<UInt64>, patience: Int64
  ) -> Int? {
    let began = Int64(row[machine.layout.clock.transitionBegan])
    guard phase(machine, &row) == .switchCPUs, began > 0,
      Int64(row[machine.layout.clock.now]) - began > patience
    else { return nil }
    return lentCPU(machine, &row)
  }

  /// The CPUs that a transition waits for: each has a work item in line.
  package func cpusWaitedFor(_ machine: Machine, _ row: inout MutableSpan<UInt64>) -> [Int] {
    guard phase(machine, &row) == .switchCPUs else { return [] }
    return machine.layout.engine.perCPU.indices.filter {
      row[machine.layout.engine.perCPU[$0]] & Self.isSwitched == 0
    }
  }

  // MARK: The worker

  private func lentCPU(_ machine: Machine, _ row: inout MutableSpan<UInt64>) -> Int? {
    machine.layout.engine.perCPU.firstIndex { row[$0] & Machine.isLent != 0 }
  }

  /// The delayed work is a kernel thread's, on whichever CPU will have it: an idle one, or one with
  /// user code. Else it stands in line on all of them. False: it has to wait.
  ///
  /// What it does then it does at one go, so that nobody asks again before its next delay is over.
  func workerHasCPU(_ machine: Machine, _ row: inout MutableSpan<UInt64>) -> Bool {
    guard rules.workerNeedsCPU, machine.layout.keepsTime else { return true }
    let flags = machine.layout.engine.perCPU
    if let lent = lentCPU(machine, &row) {
      // A handler's end brings it back here.
      if machine.isHandlerRunning(on: lent, &row) { return false }
      row[flags[lent]] &= ~Machine.isLent
      return true
    }
    var interrupted: Int?
    for cpu in flags.indices where machine.isFree(cpu, &row) {
      if !machine.isHandlerRunning(on: cpu, &row) { return true }
      interrupted = interrupted ?? cpu
    }
    if let interrupted {
      row[flags[interrupted]] |= Machine.isLent
    } else {
      for cpu in flags.indices { machine.wantCPU(cpu, &row) }
    }
    return false
  }

  /// Where time is arbitrary only those who are bound to a CPU can keep it, and all of them are
  /// needed.
  func workerMayStep(_ machine: Machine, _ row: inout MutableSpan<UInt64>) -> Bool {
    guard rules.workerNeedsCPU, !machine.layout.keepsTime else { return true }
    let occupants = machine.layout.occupants
    return occupants.isEmpty || occupants.contains { row[$0] == 0 }
  }

  /// CPUs whose interrupts are still to be switched and whose work item can run.
  func cpusToSwitch(_ machine: Machine, _ row: inout MutableSpan<UInt64>) -> Int {
    if machine.layout.time == .kept { return 1 }
    var count = 0
    for cpu in machine.layout.engine.perCPU.indices
    where isSwitchable(cpu, machine, &row) { count += 1 }
    return count
  }

  private func isSwitchable(
    _ cpu: Int, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Bool {
    let bits = row[machine.layout.engine.perCPU[cpu]]
    if machine.layout.keepsTime {
      return bits == Machine.isLent && !machine.isHandlerRunning(on: cpu, &row)
    }
    return bits == 0 && machine.isFree(cpu, &row)
  }

  /// The CPU that is switched under that alternative of the engine's step.
  package func cpu(
    ofAlternative alternative: Int, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Int? {
    var left = alternative
    for cpu in machine.layout.engine.perCPU.indices where isSwitchable(cpu, machine, &row) {
      if left == 0 { return cpu }
      left -= 1
    }
    return nil
  }

  func switchNext(
    _ alternative: Int, _ patch: PatchID, _ machine: Machine,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> EngineNext {
    let flags = machine.layout.engine.perCPU
    if let cpu = cpu(ofAlternative: alternative, machine, &row) {
      row[flags[cpu]] = Self.isSwitched
      machine.record(.patching(.cpuSwitched(cpu), patch), &row, &workspace)
    }
    var waiting = 0
    for cpu in flags.indices where row[flags[cpu]] != Self.isSwitched {
      if isSwitchable(cpu, machine, &row) { return .after(nanoseconds: costs.switchCPU) }
      waiting += 1
    }
    if waiting > 0 { return .whenCPUIsFree }
    guard rules.switchesCPUsFirst else { return leaveWindow(machine, &row, &workspace) }
    leaveSwitching(patch, machine, &row, &workspace)
    return .after(nanoseconds: costs.switchCPU)
  }

  // MARK: Tasks

  func beginMarking(_ machine: Machine, _ row: inout MutableSpan<UInt64>) {
    if !beginWalk(.mark, machine, &row) { enter(.closeWindow, machine, &row) }
  }

  /// Enters a walk's phase and puts aside whom it has no business with. False when that is
  /// everybody.
  func beginWalk(_ phase: Phase, _ machine: Machine, _ row: inout MutableSpan<UInt64>) -> Bool {
    enter(phase, machine, &row)
    guard machine.layout.time == .arbitrary else {
      return walkLength(phase, machine, &row) > 0
    }
    for number in 0..<machine.taskCount(&row)
    where isListed(TaskSlot(number), machine, &row)
      && !concerns(phase, TaskSlot(number), machine, &row)
    {
      row.set(walked(machine), at: machine.layout.origin(of: TaskSlot(number)), to: true)
    }
    if unwalked(machine, &row) > 0 { return true }
    endWalk(machine, &row)
    return false
  }

  /// How many tasks the walk goes over in a run: kernel threads stand first, but for those that
  /// modules bring later.
  private func walkLength(
    _ phase: Phase, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Int {
    phase == .wakeKernelThreads && !machine.program.hasLateKernelThreads
      ? machine.program.kernelThreads.count : machine.taskCount(&row)
  }

  /// Whether the walk of this phase does anything with the task.
  private func concerns(
    _ phase: Phase, _ slot: TaskSlot, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Bool {
    guard isListed(slot, machine, &row) else { return false }
    switch phase {
    case .wakeKernelThreads: return machine.isKernelThread(slot, &row)
    case .sendFakeSignals: return isOld(slot, machine, &row)
    default: return true
    }
  }

  /// Whether the task is on the task list.
  private func isListed(
    _ slot: TaskSlot, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Bool {
    let layout = machine.layout
    let state = row[layout.task.state, at: layout.origin(of: slot)]
    return state != TaskState.gone.rawValue && state != TaskState.unborn.rawValue
  }

  func unwalked(_ machine: Machine, _ row: inout MutableSpan<UInt64>) -> Int {
    var count = 0
    for number in 0..<machine.taskCount(&row)
    where isAhead(TaskSlot(number), machine, &row) { count += 1 }
    return count
  }

  private func isAhead(
    _ slot: TaskSlot, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Bool {
    isListed(slot, machine, &row)
      && !row.isSet(walked(machine), at: machine.layout.origin(of: slot))
  }

  func endWalk(_ machine: Machine, _ row: inout MutableSpan<UInt64>) {
    for number in 0..<machine.taskCount(&row) {
      row.set(walked(machine), at: machine.layout.origin(of: TaskSlot(number)), to: false)
    }
  }

  /// The task that the walk comes to under this alternative, and whether it was the last one. No
  /// task when the last ones have exited under the walk's feet.
  private func nextTask(
    _ alternative: Int, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> (slot: TaskSlot?, isLast: Bool) {
    if machine.layout.time == .kept {
      let cursor = Int(row[field(.cursor, machine)])
      row[field(.cursor, machine)] += 1
      let length = walkLength(phase(machine, &row), machine, &row)
      let slot = TaskSlot(cursor)
      return (isListed(slot, machine, &row) ? slot : nil, cursor + 1 >= length)
    }
    var left = alternative
    var chosen: TaskSlot?
    for number in 0..<machine.taskCount(&row)
    where isAhead(TaskSlot(number), machine, &row) {
      if left == 0 {
        row.set(walked(machine), at: machine.layout.origin(of: TaskSlot(number)), to: true)
        chosen = TaskSlot(number)
        break
      }
      left -= 1
    }
    let isLast = unwalked(machine, &row) == 0
    if isLast { endWalk(machine, &row) }
    return (chosen, isLast)
  }

  /// One task of the marking walk (`kgr_handle_processes`).
  func markNext(
    _ alternative: Int, _ patch: PatchID, _ machine: Machine,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> EngineNext {
    let (slot, isLast) = nextTask(alternative, machine, &row)
    if let slot, isToBeMarked(slot, machine, &row) {
      mark(slot, machine, &row, &workspace)
      if rules.marking != .everyThread, rules.wakesKernelThreads,
        machine.isKernelThread(slot, &row)
      {
        wake(slot, patch, machine, &row, &workspace)
      }
    }
    if isLast {
      machine.record(.patching(.marked, patch), &row, &workspace)
      enter(.closeWindow, machine, &row)
    }
    return .after(nanoseconds: costs.markTask)
  }

  /// 3.12's lazy test takes a task with no more than two stack entries for one in user space.
  private func isToBeMarked(
    _ slot: TaskSlot, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Bool {
    guard rules.marking != .everyThread else { return true }
    // `for_each_process` comes to the first thread of each process alone.
    guard machine.leader(of: slot, &row) == slot else { return false }
    // A stopped task and a zombie stand deep in the kernel.
    let state = machine.state(of: slot, &row)
    let isInKernel =
      state == .stopped || state == .zombie
      || row.isSet(machine.layout.task.inKernel, at: machine.layout.origin(of: slot))
    return isInKernel == (rules.marking == .leadersInsideKernel)
  }

  /// Wakes one kernel thread that is still in the old universe (`kgr_wakeup_kthreads`).
  func wakeNext(
    _ alternative: Int, _ patch: PatchID, _ machine: Machine,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> EngineNext {
    let (slot, isLast) = nextTask(alternative, machine, &row)
    if let slot, machine.isKernelThread(slot, &row), isOld(slot, machine, &row) {
      wake(slot, patch, machine, &row, &workspace)
    }
    if isLast { return returnToOperator(machine, &row, &workspace) }
    return .after(nanoseconds: costs.wakeKernelThread)
  }

  /// One that is awake is left as it is.
  private func wake(
    _ slot: TaskSlot, _ patch: PatchID, _ machine: Machine,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    let state = machine.state(of: slot, &row)
    guard state == .sleeping || state == .uninterruptible else { return }
    machine.record(.patching(.kernelThreadWoken(slot), patch), &row, &workspace)
    machine.wakeSpuriously(slot, &row, &workspace)
  }

  /// One task of the walk that sends fake signals (`kgr_send_fake_signal`): a kernel thread is
  /// woken, a user task woken as if by a signal, with none queued.
  func fakeNext(
    _ alternative: Int, _ patch: PatchID, _ machine: Machine,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> EngineNext {
    let (slot, isLast) = nextTask(alternative, machine, &row)
    if let slot, isOld(slot, machine, &row), machine.state(of: slot, &row) != .zombie {
      if machine.isKernelThread(slot, &row) {
        wake(slot, patch, machine, &row, &workspace)
      } else {
        machine.record(.patching(.fakeSignal(slot), patch), &row, &workspace)
        machine.fakeSignal(slot, &row, &workspace)
      }
    }
    if isLast {
      enter(.look, machine, &row)
      return .after(nanoseconds: rules.lookNanoseconds)
    }
    return .after(nanoseconds: costs.sendFakeSignal)
  }
}
