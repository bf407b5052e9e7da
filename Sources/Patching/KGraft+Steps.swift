import Machine

/// The steps of a transition.
extension KGraft {
  package func alternatives(_ machine: Machine, _ row: inout MutableSpan<UInt64>) -> Int {
    switch phase(machine, &row) {
    case .idle: 0
    case .switchCPUs: cpusToSwitch(machine, &row)
    case .look: workerMayStep(machine, &row) ? 1 : 0
    case .mark, .wakeKernelThreads, .sendFakeSignals:
      machine.layout.time == .kept ? 1 : max(1, unwalked(machine, &row))
    case .openWindow, .revertReplaced, .redirect, .setInProgress, .closeWindow, .finalise,
      .finaliseReplaced, .finish, .rollBack, .restoreReplaced, .fail:
      1
    }
  }

  package func step(
    _ alternative: Int, _ machine: Machine, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> EngineNext {
    guard row[field(.patch, machine)] > 0 else { return .idle }
    let patch = PatchID(Int(row[field(.patch, machine)]) - 1)
    switch phase(machine, &row) {
    case .idle: return .idle
    case .openWindow: return openWindow(patch, machine, &row, &workspace)
    case .revertReplaced: return revertNextReplaced(patch, machine, &row, &workspace)
    case .redirect: return redirectNext(patch, machine, &row, &workspace)
    case .setInProgress: return setInProgress(patch, machine, &row, &workspace)
    case .switchCPUs: return switchNext(alternative, patch, machine, &row, &workspace)
    case .mark: return markNext(alternative, patch, machine, &row, &workspace)
    case .closeWindow: return closeWindow(patch, machine, &row, &workspace)
    case .wakeKernelThreads: return wakeNext(alternative, patch, machine, &row, &workspace)
    case .look: return look(patch, machine, &row, &workspace)
    case .sendFakeSignals: return fakeNext(alternative, patch, machine, &row, &workspace)
    case .finalise: return finaliseNext(patch, machine, &row, &workspace)
    case .finaliseReplaced: return finaliseNextReplaced(patch, machine, &row, &workspace)
    case .finish: return finish(patch, machine, &row, &workspace)
    case .rollBack: return rollBackNext(patch, machine, &row, &workspace)
    case .restoreReplaced: return restoreNextReplaced(patch, machine, &row, &workspace)
    case .fail: return fail(patch, machine, &row, &workspace)
    }
  }

  func enter(_ phase: Phase, _ machine: Machine, _ row: inout MutableSpan<UInt64>) {
    row[field(.phase, machine)] = phase.rawValue
    row[field(.cursor, machine)] = 0
  }

  func isReverting(_ machine: Machine, _ row: inout MutableSpan<UInt64>) -> Bool {
    row.isSet(field(.reverting, machine))
  }

  private func openWindow(
    _ patch: PatchID, _ machine: Machine, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> EngineNext {
    row.set(field(.tainted, machine), to: true)
    let name = machine.program.patches[patch.rawValue].name
    if let line = lines.started(name, reverting: isReverting(machine, &row)) {
      machine.log(line, &row, &workspace)
    }
    if !isImmediate(patch, machine) {
      row.set(field(.immutable, machine), to: true)
      let isReverting = isReverting(machine, &row)
      machine.record(.patching(.windowOpened(reverting: isReverting), patch), &row, &workspace)
    }
    enterFirstStage(patch, machine, &row)
    return .after(nanoseconds: costs.openWindow)
  }

  /// The direction is known from here on: a patch that is taken back leaves the list, one that
  /// comes on top of others keeps them from being reverted before it.
  private func setInProgress(
    _ patch: PatchID, _ machine: Machine, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> EngineNext {
    row.set(field(.inProgress, machine), to: true)
    if isReverting(machine, &row) {
      leaveList(patch, machine, &row)
    } else if !machine.program.patches[patch.rawValue].replacesAll {
      for number in machine.program.patches.indices
      where row[position(PatchID(number), machine)] > 0 {
        row[refs(PatchID(number), machine)] += 1
      }
    }
    machine.record(.patching(.inProgress, patch), &row, &workspace)
    if rules.switchesCPUs, rules.switchesCPUsFirst {
      beginSwitching(machine, &row)
    } else {
      leaveSwitching(patch, machine, &row, &workspace)
    }
    return .after(nanoseconds: costs.setInProgress)
  }

  /// 3.12's `immediate`: no window, no marks, no worker; `insmod` itself finalises.
  func isImmediate(_ patch: PatchID, _ machine: Machine) -> Bool {
    rules.knowsImmediate && machine.program.patches[patch.rawValue].isImmediate
  }

  /// What comes behind the CPUs' interrupts.
  func leaveSwitching(
    _ patch: PatchID, _ machine: Machine, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) {
    guard isImmediate(patch, machine) else { return beginMarking(machine, &row) }
    enter(.finalise, machine, &row)
    if rules.announcesBeforeFinalising { machine.log(lines.succeeded, &row, &workspace) }
  }

  private func leaveList(
    _ patch: PatchID, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) {
    let place = row[position(patch, machine)]
    guard place > 0 else { return }
    for number in machine.program.patches.indices
    where row[position(PatchID(number), machine)] > place {
      row[position(PatchID(number), machine)] -= 1
    }
    row[position(patch, machine)] = 0
    row[field(.finalised, machine)] -= 1
  }

  private func closeWindow(
    _ patch: PatchID, _ machine: Machine, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> EngineNext {
    row.set(field(.immutable, machine), to: false)
    machine.record(.patching(.windowClosed, patch), &row, &workspace)
    if rules.switchesCPUs, !rules.switchesCPUsFirst {
      beginSwitching(machine, &row)
      return .after(nanoseconds: costs.closeWindow)
    }
    return leaveWindow(machine, &row, &workspace)
  }

  /// What comes behind the window.
  func leaveWindow(
    _ machine: Machine, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> EngineNext {
    // 3.12 wakes kernel threads while it marks; later generations afterwards.
    let wakesNow = rules.wakesKernelThreads && rules.marking == .everyThread
    if wakesNow, beginWalk(.wakeKernelThreads, machine, &row) {
      return .after(nanoseconds: costs.closeWindow)
    }
    return returnToOperator(machine, &row, &workspace)
  }

  /// `insmod`, or the write to `revert`, returns; the delayed work is queued.
  func returnToOperator(
    _ machine: Machine, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> EngineNext {
    enter(.look, machine, &row)
    machine.answerOperator(nil, &row, &workspace)
    return .after(nanoseconds: rules.lookNanoseconds)
  }

  /// The worker's look at the tasks (`kgr_still_patching`).
  ///
  /// One step, though the kernel walks the list: with the window closed a flag only ever falls, so
  /// a walk that finds none was over an empty set at its end, and one that finds some at its
  /// beginning. No order of the walk gives another answer than one look at one of those moments.
  /// (A task that is flagged and becomes a zombie meanwhile is the same: it doesn't come back.)
  private func look(
    _ patch: PatchID, _ machine: Machine, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> EngineNext {
    guard workerHasCPU(machine, &row) else { return .whenCPUIsFree }
    let left = blocking(machine, &row)
    machine.record(.patching(.looked(stillOld: left), patch), &row, &workspace)
    guard left > 0 else {
      enter(.finalise, machine, &row)
      if rules.announcesBeforeFinalising { machine.log(lines.succeeded, &row, &workspace) }
      return .after(nanoseconds: costs.look)
    }
    if rules.complainsAtEachLook || !row.isSet(field(.printed, machine)) {
      if !rules.complainsAtEachLook { row.set(field(.printed, machine), to: true) }
      machine.log(lines.stillInProgress, &row, &workspace)
    }
    if rules.sendsFakeSignals, beginWalk(.sendFakeSignals, machine, &row) {
      return .after(nanoseconds: costs.look)
    }
    return .after(nanoseconds: rules.lookNanoseconds)
  }

  /// Tasks that the transition still waits for. Since November 2016 a zombie is none of them
  /// (bnc#1008979).
  private func blocking(_ machine: Machine, _ row: inout MutableSpan<UInt64>) -> Int {
    var left = Int(row[field(.flagged, machine)])
    guard left > 0, rules.exemptsZombies || machine.hasThreads else { return left }
    for number in 0..<machine.taskCount(&row) {
      let slot = TaskSlot(number)
      if isOld(slot, machine, &row), !isWaitedFor(slot, machine, &row) { left -= 1 }
    }
    return left
  }

  private func finish(
    _ patch: PatchID, _ machine: Machine, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> EngineNext {
    if isReverting(machine, &row) {
      for number in machine.program.patches.indices
      where row[position(PatchID(number), machine)] > 0 && row[refs(PatchID(number), machine)] > 0 {
        row[refs(PatchID(number), machine)] -= 1
      }
      row.set(held(patch, machine), to: false)
    } else {
      if machine.program.patches[patch.rawValue].replacesAll { dropReplaced(machine, &row) }
      row[field(.finalised, machine)] += 1
      row[position(patch, machine)] = row[field(.finalised, machine)]
    }
    endTransition(machine, &row)
    if !rules.announcesBeforeFinalising { machine.log(lines.succeeded, &row, &workspace) }
    machine.record(.patching(.finished, patch), &row, &workspace)
    if isRequestWaiting(machine, &row) { machine.resumeOperator(&row, &workspace) }
    if isImmediate(patch, machine) { machine.answerOperator(nil, &row, &workspace) }
    return .idle
  }

  func endTransition(_ machine: Machine, _ row: inout MutableSpan<UInt64>) {
    row[field(.patch, machine)] = 0
    row.set(field(.inProgress, machine), to: false)
    row.set(field(.reverting, machine), to: false)
    row.set(field(.printed, machine), to: false)
    for cpu in machine.layout.engine.perCPU { row[cpu] = 0 }
    enter(.idle, machine, &row)
  }
}
