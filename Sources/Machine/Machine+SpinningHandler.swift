/// A handler that spins for a lock which nobody will ever give back, as that of the task that it
/// has interrupted: its CPU is lost.
package struct SpinningHandler: Sendable, Hashable {
  package var number: Int
  package var lock: Int
  package var holder: Runner
}

extension Machine {
  /// The one that has the CPU of a task and never lets it go on.
  package func endlessSpinner(
    over slot: TaskSlot, _ row: inout MutableSpan<UInt64>
  ) -> SpinningHandler? {
    if layout.keepsTime {
      let cpu = Int(row[layout.clock.cpu, at: layout.origin(of: slot)])
      return cpu == 0 ? nil : endlessSpinner(on: cpu - 1, &row)
    }
    let own = ownCPU(of: slot, &row)
    for (number, handler) in layout.handlers.enumerated() {
      let interrupted = layout.handlerInterrupted.map { row[$0, at: handler.origin] } ?? 0
      guard interrupted == UInt64(slot.rawValue + 1) || own == handler.cpu,
        let spinner = endless(number, over: slot, &row)
      else { continue }
      return spinner
    }
    return nil
  }

  /// The one that has that CPU of a run.
  package func endlessSpinner(
    on cpu: Int, _ row: inout MutableSpan<UInt64>
  ) -> SpinningHandler? {
    guard layout.keepsTime else {
      for (number, handler) in layout.handlers.enumerated() where handler.cpu == cpu {
        let word = layout.handlerInterrupted.map { row[$0, at: handler.origin] } ?? 0
        let slot = word == 0 ? occupier(of: cpu, &row) : TaskSlot(Int(word) - 1)
        if let spinner = endless(number, over: slot, &row) { return spinner }
      }
      return nil
    }
    let number = Int(row[layout.clock.cpus[cpu].handler])
    guard number > 0 else { return nil }
    let current = Int(row[layout.clock.cpus[cpu].current])
    return endless(number - 1, over: current == 0 ? nil : TaskSlot(current - 1), &row)
  }

  private func endless(
    _ number: Int, over slot: TaskSlot?, _ row: inout MutableSpan<UInt64>
  ) -> SpinningHandler? {
    guard isSpinning(.handler(number), &row) else { return nil }
    let address = Int(row[layout.programCounter, at: layout.handlers[number].origin])
    let lock = Int(program.instructions[address].b)
    guard let holder = holder(of: lock, &row) else { return nil }
    let isEndless =
      switch holder {
      case .handler(let other): other == number
      case .task(let owner):
        owner == slot || [.zombie, .gone].contains(state(of: owner, &row))
      }
    return isEndless ? SpinningHandler(number: number, lock: lock, holder: holder) : nil
  }
}
