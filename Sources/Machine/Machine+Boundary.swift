/// The user/kernel boundary and what happens at it: signals, stops, exit.
///
/// `enterKernel` and `leaveKernel` frame the body of a system call in the user program's own code.
/// A sleeper that a signal woke comes to `leaveKernel` with −ERESTARTSYS; it crosses the boundary,
/// the signal acts there, and then the call begins anew at its `enterKernel`, unseen by the
/// program. SIGSTOP followed by SIGCONT therefore carries a sleeper across.
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
    // The exit work clears the engine's flag before it looks at signals, as the kernel's loop does.
    clearSeen(at: origin, &row)
    engine.crossedBoundary(slot, .kernelExit, self, &row, &workspace)
    row.set(layout.task.signalPending, at: origin, to: false)
    if row.isSet(layout.task.fatalPending, at: origin) {
      exit(slot, &row, &workspace)
      return false
    }
    if row.isSet(layout.task.stopPending, at: origin) {
      // It stops inside the exit work, still in the kernel; SIGCONT brings it here again.
      row.set(layout.task.stopPending, at: origin, to: false)
      stop(slot, &row, &workspace)
      return false
    }
    let isRestarting = row[process.frame + Int(instruction.a)] == Self.restart
    row.set(layout.task.inKernel, at: origin, to: false)
    record(.leftKernel(slot, restarting: isRestarting), &row, &workspace)
    spend(costs.kernelExit, slot, &row, &workspace)
    process.programCounter = isRestarting ? instruction.wide : process.programCounter + 1
    return true
  }

  private func stop(
    _ slot: TaskSlot, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    let origin = layout.origin(of: slot)
    row[layout.task.state, at: origin] = TaskState.stopped.rawValue
    // A second stop may come before it has gone on from the first; then it stands as it stood.
    row.set(layout.task.resuming, at: origin, to: false)
    record(.stopped(slot), &row, &workspace)
    releaseCPU(of: slot, &row, &workspace)
  }

  /// A task that was stopped in user mode goes on: out through the exit work once more.
  func resume(
    _ slot: TaskSlot, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    let origin = layout.origin(of: slot)
    row.set(layout.task.resuming, at: origin, to: false)
    engine.crossedBoundary(slot, .kernelExit, self, &row, &workspace)
    row.set(layout.task.signalPending, at: origin, to: false)
    if row.isSet(layout.task.fatalPending, at: origin) { return exit(slot, &row, &workspace) }
    spend(costs.kernelExit, slot, &row, &workspace)
  }

  /// The task leaves the task list. Its parent is init, which reaps at once.
  func exit(
    _ slot: TaskSlot, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    record(.exited(slot), &row, &workspace)
    engine.crossedBoundary(slot, .kernelEntry, self, &row, &workspace)
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

  /// Sends a signal to a task, as `kill(2)` does: a stop or a fatal signal stays pending until the
  /// task is at the boundary, and wakes an interruptible sleeper on its way there.
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
      interrupt(slot, state, marking: layout.task.stopPending, &row, &workspace)
    default:
      interrupt(slot, state, marking: layout.task.fatalPending, &row, &workspace)
      if state == .stopped, signal == .KILL { wakeStopped(slot, &row, &workspace) }
    }
  }

  private func wakeStopped(
    _ slot: TaskSlot, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    let origin = layout.origin(of: slot)
    record(.continued(slot), &row, &workspace)
    if !row.isSet(layout.task.inKernel, at: origin) {
      row.set(layout.task.resuming, at: origin, to: true)
    }
    makeRunnable(slot, &row, &workspace)
  }

  private func interrupt(
    _ slot: TaskSlot, _ state: TaskState, marking pending: Field,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    let origin = layout.origin(of: slot)
    let isInUserMode = !row.isSet(layout.task.inKernel, at: origin)
    if state == .runnable, isInUserMode {
      // User code is interrupted and goes out through the exit work at once.
      engine.crossedBoundary(slot, .kernelExit, self, &row, &workspace)
      if pending == layout.task.stopPending {
        carryRest(of: slot, &row)
        stop(slot, &row, &workspace)
      } else {
        exit(slot, &row, &workspace)
      }
      return
    }
    row.set(pending, at: origin, to: true)
    row.set(layout.task.signalPending, at: origin, to: true)
    let isKilled =
      pending == layout.task.fatalPending && state == .uninterruptible && isKillable(slot, &row)
    if state == .sleeping || isKilled { wakeTask(slot, .signal, &row, &workspace) }
  }

  /// The time that a task on a CPU had still to spend before its next step is owed when it goes on.
  private func carryRest(of slot: TaskSlot, _ row: inout MutableSpan<UInt64>) {
    guard layout.keepsTime else { return }
    let clock = layout.clock
    let origin = layout.origin(of: slot)
    let number = Int(row[clock.cpu, at: origin])
    guard number > 0 else { return }
    // A handler on its CPU has held it up since it began.
    let cpu = clock.cpus[number - 1]
    let stopped = row[cpu.handler] > 0 ? row[cpu.handlerBegan] : row[clock.now]
    let due = row[clock.due, at: origin]
    if due > stopped { row[clock.carried, at: origin] += due - stopped }
  }

  /// Wakes a user task as a signal would, with none queued: it passes through the exit work, and
  /// the program never knows (`signal_wake_up(t, 0)`).
  package func fakeSignal(
    _ slot: TaskSlot, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    let origin = layout.origin(of: slot)
    switch state(of: slot, &row) {
    case .sleeping:
      row.set(layout.task.signalPending, at: origin, to: true)
      wakeTask(slot, .signal, &row, &workspace)
    case .runnable where !row.isSet(layout.task.inKernel, at: origin):
      engine.crossedBoundary(slot, .kernelExit, self, &row, &workspace)
    case .runnable, .uninterruptible:
      row.set(layout.task.signalPending, at: origin, to: true)
    case .stopped, .zombie, .gone, .unborn:
      break
    }
  }
}
