/// Tasks that run on one CPU alone (`spawn … on cpu N`; `sched_setaffinity(2)`), and what they hand
/// on to their children and threads.
///
/// In a run such a task waits for its CPU while others are idle. In a search a task has no CPU but
/// this: a handler there holds it up, code that counts as an interrupt follows that CPU's universe,
/// and of the tasks of one CPU none gets between two steps of another's kernel code, which gives
/// the CPU up when it sleeps or leaves. Who is in the middle of it stands in the row. Tasks that
/// may run anywhere have never met these.
extension Machine {
  /// The one CPU that the task runs on, if it is bound to one.
  package func ownCPU(of slot: TaskSlot, _ row: inout MutableSpan<UInt64>) -> Int? {
    guard let field = layout.task.ownCPU else { return nil }
    let number = Int(row[field, at: layout.origin(of: slot)])
    return number == 0 ? nil : number - 1
  }

  /// The next task is bound to where this statement says.
  func bind(_ slot: TaskSlot, spawnedAt address: Int, _ row: inout MutableSpan<UInt64>) {
    guard let field = layout.task.ownCPU, let cpu = program.spawnCPUs[address] else { return }
    row[field, at: layout.origin(of: slot)] = UInt64(cpu) + 1
  }

  func inheritCPU(
    _ child: TaskSlot, from parent: TaskSlot, _ row: inout MutableSpan<UInt64>
  ) {
    guard let field = layout.task.ownCPU else { return }
    row[field, at: layout.origin(of: child)] = row[field, at: layout.origin(of: parent)]
  }

  /// Where it is on a CPU, or waits for the only one that it can be on.
  func cpu(of slot: TaskSlot, _ row: inout MutableSpan<UInt64>) -> Int? {
    if layout.keepsTime {
      let number = Int(row[layout.clock.cpu, at: layout.origin(of: slot)])
      if number > 0 { return number - 1 }
    }
    return state(of: slot, &row) == .runnable ? ownCPU(of: slot, &row) : nil
  }

  // MARK: In a search

  /// Whether the task can't step because its CPU is somebody else's.
  func lacksCPU(_ slot: TaskSlot, _ row: inout MutableSpan<UInt64>) -> Bool {
    guard !layout.occupants.isEmpty, let cpu = ownCPU(of: slot, &row) else { return false }
    if isHandlerRunning(on: cpu, &row) { return true }
    let occupant = Int(row[layout.occupants[cpu]])
    return occupant != 0 && occupant != slot.rawValue + 1
  }

  /// After a step of a task that is, or was, bound to the CPU: whether it is in the middle of
  /// kernel code that keeps it.
  func noteOccupant(_ slot: TaskSlot, on cpu: Int, _ row: inout MutableSpan<UInt64>) {
    row[layout.occupants[cpu]] = keepsCPU(slot, &row) ? UInt64(slot.rawValue) + 1 : 0
  }

  package func keepsCPU(_ slot: TaskSlot, _ row: inout MutableSpan<UInt64>) -> Bool {
    state(of: slot, &row) == .runnable && !mayLoseCPU(slot, &row)
  }

  /// Whether who is on the CPU has turned interrupts off there.
  func isMaskedByOccupant(_ cpu: Int, _ row: inout MutableSpan<UInt64>) -> Bool {
    guard !layout.occupants.isEmpty else { return false }
    let occupant = Int(row[layout.occupants[cpu]])
    return occupant > 0 && areInterruptsOff(TaskSlot(occupant - 1), &row)
  }

  /// What the CPUs of a run amount to in a search.
  func keepOccupants(
    _ untimed: Machine, _ row: inout MutableSpan<UInt64>, _ target: inout MutableSpan<UInt64>
  ) {
    for (cpu, field) in untimed.layout.occupants.enumerated() {
      let current = Int(row[layout.clock.cpus[cpu].current])
      guard current > 0, ownCPU(of: TaskSlot(current - 1), &row) != nil,
        keepsCPU(TaskSlot(current - 1), &row)
      else { continue }
      target[field] = UInt64(current)
    }
  }
}
