import Machine

/// Which calls and crossings are settled: whatever happens before them, they come to the same, and
/// nothing of the engine's comes to anything else for their sake.
extension KGraft {
  package var looksAtStacks: Bool { false }

  package func isSettled(
    _ step: OwnStep, of slot: TaskSlot, expecting future: OperatorFuture, _ machine: Machine,
    _ row: inout MutableSpan<UInt64>
  ) -> Bool {
    let isOld = isOld(slot, machine, &row)
    switch step {
    case .crossing:
      // Who is flagged migrates by it, and the worker counts.
      guard !isOld else { return false }
      return future.isDisjoint(with: [.requests, .force, .others])
        && isNeverMarkedAgain(slot, machine, &row)
    case .call(let function):
      if isOld { return isOldCallSettled(slot, expecting: future, machine, &row) }
      return isNewCallSettled(function, slot, expecting: future, machine, &row)
    }
  }

  /// A task that is flagged keeps its flag until it crosses the boundary itself, and as long as the
  /// transition waits for it no stub changes: its calls get old code.
  private func isOldCallSettled(
    _ slot: TaskSlot, expecting future: OperatorFuture, _ machine: Machine,
    _ row: inout MutableSpan<UInt64>
  ) -> Bool {
    guard future.isDisjoint(with: [.force, .others]), !isForcing(machine, &row),
      rules.allowsOneAtATime || future.isDisjoint(with: .requests),
      isWaitedFor(slot, machine, &row), row[field(.patch, machine)] > 0
    else { return false }
    let patch = PatchID(Int(row[field(.patch, machine)]) - 1)
    switch phase(machine, &row) {
    // Every function is redirected.
    case .switchCPUs, .mark, .closeWindow, .wakeKernelThreads, .look, .sendFakeSignals:
      return !isImmediate(patch, machine)
    case .idle, .openWindow, .revertReplaced, .redirect, .setInProgress, .finalise,
      .finaliseReplaced, .finish, .rollBack, .restoreReplaced, .fail:
      return false
    }
  }

  /// With the window closed, a call of who has migrated gets what finalising leaves behind.
  private func isNewCallSettled(
    _ function: TracedFunctionID, _ slot: TaskSlot, expecting future: OperatorFuture,
    _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Bool {
    guard future.isDisjoint(with: [.requests, .force, .others]),
      // With several of them, whose code it was is another thing at a transition's end.
      machine.program.patches.count == 1, !machine.program.patches[0].replacesAll,
      !row.isSet(field(.immutable, machine))
    else { return false }
    switch phase(machine, &row) {
    case .idle, .wakeKernelThreads, .look, .sendFakeSignals, .finalise, .finish: break
    case .openWindow, .revertReplaced, .redirect, .setInProgress, .switchCPUs, .mark, .closeWindow,
      .finaliseReplaced, .rollBack, .restoreReplaced, .fail:
      return false
    }
    let stub = Int(row[stub(function, machine)])
    // Fast stubs and bare functions stay as they are.
    guard stub % 2 == 1 else { return true }
    let variant = Variant(function: function, number: (stub - 1) / 2)
    switch state(of: variant, machine, &row) {
    case .slow: return !isReverting(machine, &row)
    case .revertSlow: return rules.invertsOnRevert && isReverting(machine, &row)
    case .initial, .applied, .reverted, .skipped: return false
    }
  }

  /// Nothing flags a task any more that has been passed by the walk, with nobody to begin another;
  /// but its own calls, as long as the window is open.
  private func isNeverMarkedAgain(
    _ slot: TaskSlot, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Bool {
    switch phase(machine, &row) {
    case .mark: row.isSet(walked(machine), at: machine.layout.origin(of: slot))
    case .idle, .closeWindow, .wakeKernelThreads, .look, .sendFakeSignals, .finalise,
      .finaliseReplaced, .finish:
      true
    case .switchCPUs: !rules.switchesCPUsFirst
    case .openWindow, .revertReplaced, .redirect, .setInProgress, .rollBack, .restoreReplaced,
      .fail:
      false
    }
  }
}
