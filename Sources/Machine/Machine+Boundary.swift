/// The user/kernel boundary and what happens at it.
///
/// `enterKernel` and `leaveKernel` frame the body of a system call in the user program's own code.
/// A sleeper that a signal woke comes to `leaveKernel` with −ERESTARTSYS; it crosses the boundary,
/// the signal acts there, and then the call begins anew at its `enterKernel`, unseen by the
/// program. SIGSTOP followed by SIGCONT therefore carries a sleeper across.
///
/// Nobody crosses who is not on a CPU: a signal leaves word, and the crossing is a step of the
/// task's own. In user mode that step is a pass through the exit work (`passExitWork`).
extension Machine {
  @inline(__always)
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
    crossBoundary(slot, .kernelEntry, &row, &workspace)
    spend(costs.kernelEntry, slot, &row, &workspace)
    process.programCounter += 1
    return true
  }

  @inline(__always)
  func leaveKernel(
    _ instruction: Instruction, _ slot: TaskSlot, _ process: inout Process,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Bool {
    let origin = layout.origin(of: slot)
    if let lock = heldLock(of: .task(slot), &row) {
      oops(.lockHeld(lock: lock), .task(slot), process, &row, &workspace)
      return false
    }
    guard passesKernelExit(slot, &row, &workspace) else { return false }
    var isRestarting = row[process.frame + Int(instruction.a)] == Self.restart
    if isRestarting, isHandlerDue(at: origin, &row),
      program.instructions[process.programCounter - 1].operation == .sleep
    {
      // A sleep that was broken by a signal with a handler is over (`nanosleep(2)`: EINTR).
      isRestarting = false
      if layout.keepsTime { row[layout.clock.sleepEnd, at: origin] = 0 }
    }
    row.set(layout.task.inKernel, at: origin, to: false)
    record(.leftKernel(slot, restarting: isRestarting), &row, &workspace)
    spend(costs.kernelExit, slot, &row, &workspace)
    process.programCounter = isRestarting ? instruction.wide : process.programCounter + 1
    enterHandlers(slot, &process, &row, &workspace)
    return true
  }

  /// The exit work at a system call's end: what ran in it counts no more.
  func passesKernelExit(
    _ slot: TaskSlot, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Bool {
    clearSeen(at: layout.origin(of: slot), &row)
    return passesExitWork(slot, .kernelExit, &row, &workspace)
  }

  /// Tells the engine, if it remembers anything of the task: to most tasks at most times it is as
  /// if there were none.
  @inline(__always)
  func crossBoundary(
    _ slot: TaskSlot, _ cause: MigrationCause, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) {
    guard let bits = layout.engine.ofTask, row.isSet(bits, at: layout.origin(of: slot))
    else { return }
    engine.crossedBoundary(slot, cause, self, &row, &workspace)
  }

  /// The work on the way out to user mode: the engine's flag falls before signals are looked at, as
  /// in the kernel's loop; then a fatal one ends the task and a stop stops it right here, and
  /// SIGCONT brings it here again. False when it does not go out.
  private func passesExitWork(
    _ slot: TaskSlot, _ cause: MigrationCause, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> Bool {
    let origin = layout.origin(of: slot)
    crossBoundary(slot, cause, &row, &workspace)
    row.set(layout.task.signalPending, at: origin, to: false)
    if row.isSet(layout.task.fatalPending, at: origin) {
      exit(slot, &row, &workspace)
      return false
    }
    if isDumping(at: origin, &row) {
      killOthers(than: slot, &row, &workspace)
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
  @inline(__always)
  func isInterrupted(at origin: Int, _ row: inout MutableSpan<UInt64>) -> Bool {
    row.isSet(layout.task.signalPending, at: origin)
      && !row.isSet(layout.task.inKernel, at: origin)
  }

  /// The step of an interrupted task. The work that it carries comes after, and after a handler.
  func passExitWork(
    _ slot: TaskSlot, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    guard passesExitWork(slot, .interruption, &row, &workspace) else { return }
    spend(costs.kernelExit, slot, &row, &workspace)
    let origin = layout.origin(of: slot)
    guard isHandlerDue(at: origin, &row) else { return }
    let stack = origin + layout.taskStack
    var process = process(at: origin, stack: stack, &row)
    enterHandlers(slot, &process, &row, &workspace)
    runLocals(&process, stackEnd: stack + layout.taskStackWords, &row, &workspace)
    if workspace.fault == nil { rest(process, at: origin, stack: stack, &row) }
  }
}
