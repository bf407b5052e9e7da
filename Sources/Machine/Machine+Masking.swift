/// Interrupts and bottom halves turned off by a task, and blocks that are one step.
extension Machine {
  /// Turns interrupts or bottom halves off, and gives what was before into R[a], as
  /// `local_irq_save` does; `unmask` puts it back. In an interrupt handler nothing changes.
  func mask(
    _ instruction: Instruction, _ runner: Runner, _ process: Process,
    _ row: inout MutableSpan<UInt64>
  ) {
    let register = process.frame + Int(instruction.a)
    guard case .task(let slot) = runner, let field = maskField(instruction) else {
      row[register] = 0
      return
    }
    let origin = layout.origin(of: slot)
    row[register] = row[field, at: origin]
    row.set(field, at: origin, to: true)
  }

  func unmask(
    _ instruction: Instruction, _ runner: Runner, _ process: Process,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    guard case .task(let slot) = runner, let field = maskField(instruction) else { return }
    let origin = layout.origin(of: slot)
    row[field, at: origin] = row[process.frame + Int(instruction.a)]
    if !areInterruptsOff(slot, &row) { serveInterrupts(of: slot, &row, &workspace) }
  }

  private func maskField(_ instruction: Instruction) -> Field? {
    switch instruction.operation {
    case .interruptsOff, .interruptsRestore: layout.task.interruptsOff
    default: layout.task.bottomHalvesOff
    }
  }

  func areInterruptsOff(_ slot: TaskSlot, _ row: inout MutableSpan<UInt64>) -> Bool {
    layout.task.interruptsOff.map { row.isSet($0, at: layout.origin(of: slot)) } ?? false
  }

  func areBottomHalvesOff(_ slot: TaskSlot, _ row: inout MutableSpan<UInt64>) -> Bool {
    layout.task.bottomHalvesOff.map { row.isSet($0, at: layout.origin(of: slot)) } ?? false
  }

  /// Whether the task may not sleep, and no other gets its CPU: it spins on locks.
  package func isAtomic(_ slot: TaskSlot, _ row: inout MutableSpan<UInt64>) -> Bool {
    areInterruptsOff(slot, &row) || areBottomHalvesOff(slot, &row)
  }

  /// In a run: whether the task that the CPU runs has turned interrupts off there.
  func isMasked(_ cpu: Int, _ row: inout MutableSpan<UInt64>) -> Bool {
    guard layout.task.interruptsOff != nil else { return false }
    let current = Int(row[layout.clock.cpus[cpu].current])
    return current > 0 && areInterruptsOff(TaskSlot(current - 1), &row)
  }

  /// Interrupts that came while the task had turned them off are due now.
  func serveInterrupts(
    of slot: TaskSlot, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    guard layout.keepsTime, layout.task.interruptsOff != nil else { return }
    let cpu = Int(row[layout.clock.cpu, at: layout.origin(of: slot)]) - 1
    for (number, handler) in layout.handlers.enumerated()
    where handler.cpu == cpu && !row.isSet(layout.handlerActive, at: handler.origin)
      && isConnected(handler.source, &row)
    {
      let due = Int64(row[layout.clock.due, at: handler.origin])
      schedule(.handler(number), at: max(due, now(&row)), &row, &workspace)
    }
  }

  /// A task dies with interrupts off: its CPU goes on with them.
  func exitMasked(
    _ slot: TaskSlot, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    if let field = layout.task.interruptsOff {
      row.set(field, at: layout.origin(of: slot), to: false)
    }
    serveInterrupts(of: slot, &row, &workspace)
  }

  // MARK: The CPU's universe

  /// The CPU whose interrupts' universe code of the task belongs to, because the kernel takes it
  /// for interrupt context: `in_interrupt()` is true wherever bottom halves are off.
  ///
  /// Where time is arbitrary a task has no CPU. Any will do, and so the step has an alternative for
  /// each of those that differ.
  package func interruptCPU(
    of slot: TaskSlot, _ row: inout MutableSpan<UInt64>, _ workspace: Workspace
  ) -> Int? {
    guard areBottomHalvesOff(slot, &row) else { return nil }
    if let cpu = cpu(of: slot, &row) { return cpu }
    let cpus = differentCPUs(&row)
    return cpus.indices.contains(workspace.alternative) ? cpus[workspace.alternative] : 0
  }

  /// One CPU for each state that the engine keeps of them.
  private func differentCPUs(_ row: inout MutableSpan<UInt64>) -> [Int] {
    var states: [UInt64] = []
    var cpus: [Int] = []
    for (cpu, field) in layout.engine.perCPU.enumerated() where !states.contains(row[field]) {
      states.append(row[field])
      cpus.append(cpu)
    }
    return cpus
  }

  /// In how many ways a call can go that follows a CPU's universe.
  func callAlternatives(
    _ slot: TaskSlot, _ row: inout MutableSpan<UInt64>
  ) -> Int {
    guard layout.time == .arbitrary, areBottomHalvesOff(slot, &row), ownCPU(of: slot, &row) == nil
    else { return 1 }
    return max(1, differentCPUs(&row).count)
  }

  // MARK: Blocks of one step

  /// Everything up to the block's end, in this step. Gives its cost, or nil after a fault or an
  /// oops.
  func actAtomically(
    _ runner: Runner, _ process: inout Process, stackEnd: Int,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Int64? {
    var cost: Int64 = 0
    process.programCounter += 1
    while true {
      runLocals(&process, stackEnd: stackEnd, &row, &workspace)
      guard workspace.fault == nil else { return nil }
      let instruction = program.instructions[process.programCounter]
      switch instruction.operation {
      case .endAtomic:
        process.programCounter += 1
        return cost
      case .work:
        let duration = self.duration(instruction, 0, process, &row, &workspace)
        guard workspace.fault == nil else { return nil }
        record(.worked(runner, nanoseconds: duration), &row, &workspace)
        cost = cost.addingClamped(duration)
        process.programCounter += 1
      default:
        guard
          let spent = actAnywhere(
            instruction, runner, 0, &process, stackEnd: stackEnd, &row, &workspace)
        else { return nil }
        cost = cost.addingClamped(spent)
      }
    }
  }
}
