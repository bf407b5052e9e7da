/// Whoever spins for a lock on a CPU that somebody else needs: a handler, over the task that it has
/// interrupted, or one that can't be preempted. It is as if all of them waited for that lock.
package struct Spinner: Sendable, Hashable {
  package var runner: Runner
  package var lock: Int
  package var holder: Runner
}

extension Machine {
  /// The one that keeps a task from its next step: itself, or who has its CPU. Of one that could
  /// take several CPUs only where each of them is kept so.
  package func spinner(over slot: TaskSlot, _ row: inout MutableSpan<UInt64>) -> Spinner? {
    guard !layout.locks.isEmpty, state(of: slot, &row) == .runnable else { return nil }
    if let own = spinner(.task(slot), &row) { return own }
    let own = ownCPU(of: slot, &row)
    guard layout.keepsTime else {
      for (number, handler) in layout.handlers.enumerated() {
        let broken = layout.handlerInterrupted.map { row[$0, at: handler.origin] } ?? 0
        guard broken == UInt64(slot.rawValue + 1) || own == handler.cpu else { continue }
        if let spinner = spinner(.handler(number), &row) { return spinner }
      }
      return occupantSpinning(besides: slot, &row)
    }
    let cpu = Int(row[layout.clock.cpu, at: layout.origin(of: slot)])
    if cpu > 0 { return handlerSpinning(on: cpu - 1, &row) }
    var found: Spinner?
    for number in 0..<layout.clock.cpus.count where own == nil || own == number {
      guard let spinner = spinner(on: number, &row) else { return nil }
      found = found ?? spinner
    }
    return found
  }

  /// The one that has that CPU.
  package func spinner(on cpu: Int, _ row: inout MutableSpan<UInt64>) -> Spinner? {
    guard !layout.locks.isEmpty else { return nil }
    if let handler = handlerSpinning(on: cpu, &row) { return handler }
    guard layout.keepsTime else { return nil }
    let current = Int(row[layout.clock.cpus[cpu].current])
    return current == 0 ? nil : spinner(.task(TaskSlot(current - 1)), &row)
  }

  package func handlerSpinning(on cpu: Int, _ row: inout MutableSpan<UInt64>) -> Spinner? {
    guard !layout.locks.isEmpty else { return nil }
    if layout.keepsTime {
      let number = Int(row[layout.clock.cpus[cpu].handler])
      return number == 0 ? nil : spinner(.handler(number - 1), &row)
    }
    for (number, handler) in layout.handlers.enumerated() where handler.cpu == cpu {
      if let spinner = spinner(.handler(number), &row) { return spinner }
    }
    return nil
  }

  /// The lock that a handler stands before and does not get.
  func lockSpunFor(byHandler number: Int, _ row: inout MutableSpan<UInt64>) -> Int? {
    spinner(.handler(number), &row)?.lock
  }

  private func spinner(_ runner: Runner, _ row: inout MutableSpan<UInt64>) -> Spinner? {
    let actor: Actor =
      switch runner {
      case .task(let slot): .task(slot)
      case .handler(let number): .handler(number)
      }
    guard isSpinning(actor, &row) else { return nil }
    let address = Int(row[layout.programCounter, at: origin(of: actor)])
    let lock = Int(program.instructions[address].b)
    return holder(of: lock, &row).map { Spinner(runner: runner, lock: lock, holder: $0) }
  }

  /// In a search: who has the CPU that the task is bound to and spins there.
  private func occupantSpinning(
    besides slot: TaskSlot, _ row: inout MutableSpan<UInt64>
  ) -> Spinner? {
    guard !layout.occupants.isEmpty, let own = ownCPU(of: slot, &row) else { return nil }
    let occupant = Int(row[layout.occupants[own]])
    guard occupant > 0, occupant != slot.rawValue + 1 else { return nil }
    return spinner(.task(TaskSlot(occupant - 1)), &row)
  }

  /// In a search: whether somebody spins on the CPU that the task is bound to.
  func isKeptOutBySpinner(_ slot: TaskSlot, _ row: inout MutableSpan<UInt64>) -> Bool {
    guard !layout.locks.isEmpty, let own = ownCPU(of: slot, &row) else { return false }
    return occupantSpinning(besides: slot, &row) != nil || handlerSpinning(on: own, &row) != nil
  }

  /// Whether some code of this program may spin on a lock.
  var canSpin: Bool {
    !layout.handlers.isEmpty || layout.task.interruptsOff != nil
      || layout.task.bottomHalvesOff != nil
  }

  /// Of a task that wants a CPU and has none: who spins on those that it could take. Nobody, where
  /// one of them may be given up.
  func keepers(
    inTheWayOf slot: TaskSlot, _ row: inout MutableSpan<UInt64>
  ) -> [Runner] {
    guard canSpin, state(of: slot, &row) == .runnable else { return [] }
    guard layout.keepsTime else {
      return occupantSpinning(besides: slot, &row).map { [$0.runner] } ?? []
    }
    guard row[layout.clock.cpu, at: layout.origin(of: slot)] == 0 else { return [] }
    let own = ownCPU(of: slot, &row)
    var keepers: [Runner] = []
    for number in layout.clock.cpus.indices where own == nil || own == number {
      guard let spinner = spinner(on: number, &row) else { return [] }
      keepers.append(spinner.runner)
    }
    return keepers
  }

  /// The lock without which the task makes no step, though it is awake.
  package func lockInTheWay(of slot: TaskSlot, _ row: inout MutableSpan<UInt64>) -> Int? {
    spinner(over: slot, &row)?.lock
  }

  /// Whether the handler that has that CPU spins for ever, for nobody can come to give the lock
  /// back, and the CPU is lost.
  package func isLost(_ cpu: Int, _ row: inout MutableSpan<UInt64>) -> Bool {
    guard let spinner = handlerSpinning(on: cpu, &row) else { return false }
    switch spinner.holder {
    case .handler: return spinner.holder == spinner.runner
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
