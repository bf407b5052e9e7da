/// A handler that spins for a lock, on the CPU of a task that can't go on meanwhile: it is as if
/// the task itself waited for that lock.
package struct SpinningHandler: Sendable, Hashable {
  package var number: Int
  package var lock: Int
  package var holder: Runner
}

extension Machine {
  /// The one that has the CPU of a task.
  package func spinner(
    over slot: TaskSlot, _ row: inout MutableSpan<UInt64>
  ) -> SpinningHandler? {
    guard !layout.locks.isEmpty else { return nil }
    if layout.keepsTime {
      let cpu = Int(row[layout.clock.cpu, at: layout.origin(of: slot)])
      return cpu == 0 ? nil : spinner(on: cpu - 1, &row)
    }
    guard state(of: slot, &row) == .runnable else { return nil }
    let own = ownCPU(of: slot, &row)
    for (number, handler) in layout.handlers.enumerated() {
      let broken = layout.handlerInterrupted.map { row[$0, at: handler.origin] } ?? 0
      guard broken == UInt64(slot.rawValue + 1) || own == handler.cpu else { continue }
      if let spinner = spinner(number, &row) { return spinner }
    }
    return nil
  }

  /// The one that has that CPU.
  package func spinner(
    on cpu: Int, _ row: inout MutableSpan<UInt64>
  ) -> SpinningHandler? {
    guard !layout.locks.isEmpty else { return nil }
    if layout.keepsTime {
      let number = Int(row[layout.clock.cpus[cpu].handler])
      return number == 0 ? nil : spinner(number - 1, &row)
    }
    for (number, handler) in layout.handlers.enumerated() where handler.cpu == cpu {
      if let spinner = spinner(number, &row) { return spinner }
    }
    return nil
  }

  private func spinner(
    _ number: Int, _ row: inout MutableSpan<UInt64>
  ) -> SpinningHandler? {
    guard isSpinning(.handler(number), &row) else { return nil }
    let address = Int(row[layout.programCounter, at: layout.handlers[number].origin])
    let lock = Int(program.instructions[address].b)
    return holder(of: lock, &row).map {
      SpinningHandler(number: number, lock: lock, holder: $0)
    }
  }

  /// The lock without which the task makes no step, though it is awake: it spins on it, or a
  /// handler does that has its CPU.
  package func lockInTheWay(of slot: TaskSlot, _ row: inout MutableSpan<UInt64>) -> Int? {
    spunLock(of: slot, &row) ?? spinner(over: slot, &row)?.lock
  }

  /// Whether the handler that has that CPU spins for ever, for nobody can come to give the lock
  /// back, and the CPU is lost.
  package func isLost(_ cpu: Int, _ row: inout MutableSpan<UInt64>) -> Bool {
    guard let spinner = spinner(on: cpu, &row) else { return false }
    switch spinner.holder {
    case .handler(let other): return other == spinner.number
    case .task(let owner):
      guard isLive(owner, &row) else { return true }
      if cpuNumber(of: owner, &row) == cpu || self.spinner(over: owner, &row) == spinner {
        return true
      }
      guard lockInTheWay(of: owner, &row) != nil else { return false }
      let movers = movers(of: owner, &row)
      return !movers.act && !movers.hear && movers.queues.isEmpty
    }
  }
}
