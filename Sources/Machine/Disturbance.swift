/// Something that somebody does to a world from outside, to see what then becomes of it.
package enum Disturbance: Sendable, Hashable {
  /// The machine is left to itself.
  case none
  /// Everybody who sleeps there is woken, as the operator's `wake` does.
  case wake(queue: Int)
  /// As `kill(2)` does.
  case signal(Signal, TaskSlot)
}

extension Machine {
  /// Does it to the world.
  package func disturb(
    _ disturbance: Disturbance, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    workspace.fault = nil
    switch disturbance {
    case .none: break
    case .wake(let queue):
      _ = wakeQueue(queue, limit: .max, 0, &row, &workspace)
    case .signal(let signal, let slot):
      deliver(signal, to: slot, &row, &workspace)
    }
  }

  /// The operator asks for nothing more, and nothing is claimed any more; what it has asked for
  /// already goes on.
  package func retireOperator(_ row: inout MutableSpan<UInt64>) {
    for field in layout.armed { row.set(field, to: false) }
    guard row[layout.operatorStatus] != OperatorStatus.busy.rawValue,
      !engine.isForcing(self, &row)
    else { return }
    row[layout.operatorStatus] = OperatorStatus.finished.rawValue
    unschedule(.operator, &row)
  }

  /// The engine's next step is taken from the agenda.
  package func holdEngine(_ row: inout MutableSpan<UInt64>) { unschedule(.engine, &row) }

  /// Whether the engine has a step on the agenda.
  package func isEngineDue(_ row: inout MutableSpan<UInt64>) -> Bool {
    layout.keepsTime && row[layout.clock.engineTicket] != 0
  }

  /// In how many ways the chosen step can go: a value, or a length of time, is open.
  package func wayCount(of choice: Choice, _ row: inout MutableSpan<UInt64>) -> Int {
    alternatives(of: choice.actor, &row)
  }

  /// Whether the task is awake, and nobody keeps it from its next step.
  package func canStep(_ slot: TaskSlot, _ row: inout MutableSpan<UInt64>) -> Bool {
    guard state(of: slot, &row) == .runnable, spinner(over: slot, &row) == nil else {
      return false
    }
    return layout.keepsTime
      ? row[layout.clock.cpu, at: layout.origin(of: slot)] != 0 : !lacksCPU(slot, &row)
  }
}
