/// The user/kernel boundary and what happens at it: signals, stops, exit.
///
/// `enterKernel` and `leaveKernel` frame the body of a system call in the user program's own code.
/// A sleeper that a signal woke comes to `leaveKernel` with −ERESTARTSYS; it crosses the boundary,
/// the signal acts there, and then the call begins anew at its `enterKernel`, unseen by the
/// program. SIGSTOP followed by SIGCONT therefore carries a sleeper across.
///
/// Nobody crosses who is not on a CPU: a signal leaves word, and the crossing is a step of the
/// task's own. In user mode that step is a pass through the exit work (`passExitWork`).
extension Machine {
  func enterKernel(
    _ instruction: Instruction, _ slot: TaskSlot, _ process: inout Process,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Bool {
    let origin = layout.origin(of: slot)
    let systemCall =
      Int(instruction.b) == Instruction.noRegister ? nil : FunctionID(Int(instruction.b))
    row.set(layout.task.inKernel, at: origin, to: true)
    clearSeen(at: origin, &row)
    record(.enteredKernel(slot, systemCall: systemCall), &row, &workspace)
    engine.crossedBoundary(slot, .kernelEntry, self, &row, &workspace)
    spend(costs.kernelEntry, slot, &row, &workspace)
    process.programCounter += 1
    return true
  }

  func leaveKernel(
    _ instruction: Instruction, _ slot: TaskSlot, _ process: inout Process,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Bool {
    let origin = layout.origin(of: slot)
    clearSeen(at: origin, &row)
    guard passesExitWork(slot, .kernelExit, &row, &workspace) else { return false }
    let isRestarting = row[process.frame + Int(instruction.a)] == Self.restart
    row.set(layout.task.inKernel, at: origin, to: false)
    record(.leftKernel(slot, restarting: isRestarting), &row, &workspace)
    spend(costs.kernelExit, slot, &row, &workspace)
    process.programCounter = isRestarting ? instruction.wide : process.programCounter + 1
    return true
  }

  /// The work on the way out to user mode: the engine's flag falls before signals are looked at, as
  /// in the kernel's loop; then a fatal one ends the task and a stop stops it right here, and
  /// SIGCONT brings it here again. False when it does not go out.
  private func passesExitWork(
    _ slot: TaskSlot, _ cause: MigrationCause, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> Bool {
    let origin = layout.origin(of: slot)
    engine.crossedBoundary(slot, cause, self, &row, &workspace)
    row.set(layout.task.signalPending, at: origin, to: false)
    if row.isSet(layout.task.fatalPending, at: origin) {
      exit(slot, &row, &workspace)
      return false
    }
    if row.isSet(layout.task.stopPending, at: origin) {
      row.set(layout.task.stopPending, at: origin, to: false)
      row[layout.task.state, at: origin] = TaskState.stopped.rawValue
      record(.stopped(slot), &row, &workspace)
      releaseCPU(of: slot, &row, &workspace)
      return false
    }
    return true
  }

  /// Whether the task's next step is to pass the exit work and nothing else: it is in user mode and
  /// a signal is pending, a fake one or a true one.
  func isInterrupted(at origin: Int, _ row: inout MutableSpan<UInt64>) -> Bool {
    row.isSet(layout.task.signalPending, at: origin)
      && !row.isSet(layout.task.inKernel, at: origin)
  }

  /// The step of an interrupted task. The work that it carries comes after.
  func passExitWork(
    _ slot: TaskSlot, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    guard passesExitWork(slot, .interruption, &row, &workspace) else { return }
    spend(costs.kernelExit, slot, &row, &workspace)
  }

  /// The task leaves the task list. Its parent is init, which reaps at once.
  func exit(
    _ slot: TaskSlot, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    record(.exited(slot), &row, &workspace)
    engine.crossedBoundary(slot, .exit, self, &row, &workspace)
    releaseCPU(of: slot, &row, &workspace)
    let origin = layout.origin(of: slot)
    let function = row[layout.task.function, at: origin]
    let kept = program.taskVariables.compactMap { variable in
      variable.registers[FunctionID(Int(function))].map { origin + layout.taskStack + $0 }
    }
    for word in origin..<(origin + layout.taskStride) where !kept.contains(word) { row[word] = 0 }
    row[layout.task.function, at: origin] = function
    row[layout.task.state, at: origin] = TaskState.gone.rawValue
  }

  // MARK: Signals

  /// Sends a signal to a task, as `kill(2)` does. It only leaves word: a stop or a fatal signal is
  /// pending until the task itself, on a CPU, passes the exit work.
  func deliver(
    _ signal: Signal, to slot: TaskSlot, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) {
    let origin = layout.origin(of: slot)
    let state = state(of: slot, &row)
    guard state != .gone, state != .unborn, state != .zombie else { return }
    record(.signalled(slot, signal), &row, &workspace)
    // Kernel threads ignore signals that they don't ask for.
    guard !isKernelThread(slot) else { return }
    switch signal {
    case .CONT:
      row.set(layout.task.stopPending, at: origin, to: false)
      if state == .stopped { wakeStopped(slot, &row, &workspace) }
    case .STOP:
      guard state != .stopped else { return }
      row.set(layout.task.stopPending, at: origin, to: true)
      interrupt(slot, state, &row, &workspace)
    default:
      row.set(layout.task.fatalPending, at: origin, to: true)
      interrupt(slot, state, &row, &workspace)
      if state == .stopped, signal == .KILL { wakeStopped(slot, &row, &workspace) }
    }
  }

  private func wakeStopped(
    _ slot: TaskSlot, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    let origin = layout.origin(of: slot)
    record(.continued(slot), &row, &workspace)
    // Who was stopped on the way out of a system call stands before `leaveKernel`; who was stopped
    // in user mode has to be sent through the exit work once more.
    if !row.isSet(layout.task.inKernel, at: origin) {
      row.set(layout.task.signalPending, at: origin, to: true)
    }
    makeRunnable(slot, &row, &workspace)
  }

  /// TIF_SIGPENDING, and whatever makes the task notice (`signal_wake_up`).
  private func interrupt(
    _ slot: TaskSlot, _ state: TaskState, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) {
    row.set(layout.task.signalPending, at: layout.origin(of: slot), to: true)
    switch state {
    case .sleeping:
      wakeTask(slot, .signal, &row, &workspace)
    case .uninterruptible:
      // A killable sleeper wakes for what ends it (TASK_KILLABLE).
      let isFatal = row.isSet(layout.task.fatalPending, at: layout.origin(of: slot))
      if isFatal, isKillable(slot, &row) { wakeTask(slot, .signal, &row, &workspace) }
    case .runnable:
      kick(slot, &row, &workspace)
    case .stopped, .zombie, .gone, .unborn:
      break
    }
  }

  /// Interrupts a task at its work in user mode (`kick_process`): its step is due now, what it had
  /// still to work is owed. A task that waits for a CPU, or that a CPU is just switching to, can't
  /// be hurried.
  private func kick(
    _ slot: TaskSlot, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    let origin = layout.origin(of: slot)
    guard layout.keepsTime, !row.isSet(layout.task.inKernel, at: origin) else { return }
    let clock = layout.clock
    let number = Int(row[clock.cpu, at: origin])
    guard number > 0 else { return }
    let cpu = clock.cpus[number - 1]
    // A handler on its CPU has held it up since it began, and adds what it took at its end.
    let moment = row[cpu.handler] > 0 ? row[cpu.handlerBegan] : row[clock.now]
    let due = row[clock.due, at: origin]
    guard due > moment, !isSwitching(to: slot, on: cpu, &row) else { return }
    row[clock.carried, at: origin] += due - moment
    schedule(.task(slot), at: Int64(moment), &row, &workspace)
  }

  /// Makes a user task pass the exit work as a signal would, with none queued: the program never
  /// knows (`signal_wake_up(t, 0)`). A stopped task stays where it is: it will pass there anyway.
  package func fakeSignal(
    _ slot: TaskSlot, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    let state = state(of: slot, &row)
    guard state != .stopped else { return }
    interrupt(slot, state, &row, &workspace)
  }
}
