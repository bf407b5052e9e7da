import Machine

/// The steps of a transition.
extension KGraft {
  /// `kgr_modify_kernel`: the checks, in the kernel's order. What passes them starts; the operator
  /// goes on where `insmod` returns.
  package func apply(
    _ patch: PatchID, _ machine: Machine, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> EngineAnswer {
    if row[position(patch, machine)] > 0 || row[field(.patch, machine)] == patch.number {
      // insmod of a module that is loaded already.
      return .refused(.EEXIST)
    }
    if row[field(.patch, machine)] != 0 {
      machine.log(
        "kgr: can't patch, another patching not yet finalized", &row, &workspace)
      return .refused(.EAGAIN)
    }
    row[field(.patch, machine)] = patch.number
    row[field(.phase, machine)] = Phase.openWindow.rawValue
    return .accepted(dueNanoseconds: 0)
  }

  package func alternatives(_ machine: Machine, _ row: inout MutableSpan<UInt64>) -> Int {
    switch phase(machine, &row) {
    case .idle: 0
    case .switchCPUs: cpusToSwitch(machine, &row)
    case .mark, .wakeKernelThreads, .sendFakeSignals:
      machine.layout.time == .kept ? 1 : max(1, unwalked(machine, &row))
    case .openWindow, .redirect, .setInProgress, .closeWindow, .look, .finalise, .finish: 1
    }
  }

  package func step(
    _ alternative: Int, _ machine: Machine, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> EngineNext {
    guard row[field(.patch, machine)] > 0 else { return .idle }
    let patch = PatchID(Int(row[field(.patch, machine)]) - 1)
    switch phase(machine, &row) {
    case .idle:
      return .idle
    case .openWindow:
      return openWindow(patch, machine, &row, &workspace)
    case .redirect:
      return redirectNext(patch, machine, &row, &workspace)
    case .setInProgress:
      row.set(field(.inProgress, machine), to: true)
      machine.record(.patching(.inProgress, patch), &row, &workspace)
      if rules.switchesCPUs {
        enter(.switchCPUs, machine, &row)
      } else {
        beginMarking(machine, &row)
      }
      return .after(nanoseconds: costs.setInProgress)
    case .switchCPUs:
      return switchNext(alternative, patch, machine, &row, &workspace)
    case .mark:
      return markNext(alternative, patch, machine, &row, &workspace)
    case .closeWindow:
      return closeWindow(patch, machine, &row, &workspace)
    case .wakeKernelThreads:
      return wakeNext(alternative, patch, machine, &row, &workspace)
    case .look:
      return look(patch, machine, &row, &workspace)
    case .sendFakeSignals:
      return fakeNext(alternative, patch, machine, &row, &workspace)
    case .finalise:
      return finaliseNext(patch, machine, &row, &workspace)
    case .finish:
      return finish(patch, machine, &row, &workspace)
    }
  }

  func enter(_ phase: Phase, _ machine: Machine, _ row: inout MutableSpan<UInt64>) {
    row[field(.phase, machine)] = phase.rawValue
    row[field(.cursor, machine)] = 0
  }

  private func openWindow(
    _ patch: PatchID, _ machine: Machine, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> EngineNext {
    row.set(field(.immutable, machine), to: true)
    if rules.generation != .manual {
      machine.log(
        "kgr: applying patch '\(machine.program.patches[patch.rawValue].name)'", &row,
        &workspace)
    }
    machine.record(.patching(.windowOpened, patch), &row, &workspace)
    enter(.redirect, machine, &row)
    return .after(nanoseconds: costs.openWindow)
  }

  /// The slow stub of one function goes in, on top of whatever variant is active.
  private func redirectNext(
    _ patch: PatchID, _ machine: Machine, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> EngineNext {
    let functions = machine.program.patches[patch.rawValue].functions
    let cursor = Int(row[field(.cursor, machine)])
    if cursor < functions.count {
      let function = functions[cursor]
      let variant = machine.program.variant(of: function, in: patch) ?? 0
      row[newest(function, machine)] = UInt64(variant + 1)
      row[state(function, machine)] = FunctionState.slow.rawValue
      machine.record(.patching(.functionRedirected(function), patch), &row, &workspace)
      row[field(.cursor, machine)] += 1
    }
    if Int(row[field(.cursor, machine)]) >= functions.count {
      enter(.setInProgress, machine, &row)
    }
    return .after(nanoseconds: costs.redirectFunction)
  }

  private func closeWindow(
    _ patch: PatchID, _ machine: Machine, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> EngineNext {
    row.set(field(.immutable, machine), to: false)
    machine.record(.patching(.windowClosed, patch), &row, &workspace)
    // 3.12 wakes kernel threads while it marks; later generations afterwards.
    let wakesNow = rules.wakesKernelThreads && rules.marking == .everyThread
    if wakesNow, beginWalk(.wakeKernelThreads, machine, &row) {
      return .after(nanoseconds: costs.closeWindow)
    }
    return returnFromInsmod(machine, &row, &workspace)
  }

  /// `insmod` returns; the delayed work is queued.
  func returnFromInsmod(
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
  private func look(
    _ patch: PatchID, _ machine: Machine, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> EngineNext {
    let left = Int(row[field(.flagged, machine)])
    machine.record(.patching(.looked(stillOld: left), patch), &row, &workspace)
    guard left > 0 else {
      enter(.finalise, machine, &row)
      return .after(nanoseconds: costs.look)
    }
    if !row.isSet(field(.printed, machine)) {
      row.set(field(.printed, machine), to: true)
      let seconds = rules.lookNanoseconds / 1_000_000_000
      machine.log(
        "\(prefix)still in progress after timeout, will keep trying every \(seconds) seconds",
        &row, &workspace)
    }
    if rules.sendsFakeSignals, beginWalk(.sendFakeSignals, machine, &row) {
      return .after(nanoseconds: costs.look)
    }
    return .after(nanoseconds: rules.lookNanoseconds)
  }

  /// 3.12 writes `kgr succeeded`, 4.4 `kgr: patching succeeded`.
  private var prefix: String { rules.generation == .manual ? "kgr " : "kgr: " }

  private func finaliseNext(
    _ patch: PatchID, _ machine: Machine, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> EngineNext {
    let functions = machine.program.patches[patch.rawValue].functions
    let cursor = Int(row[field(.cursor, machine)])
    if cursor < functions.count {
      row[state(functions[cursor], machine)] = FunctionState.applied.rawValue
      machine.record(
        .patching(.functionFinalised(functions[cursor]), patch), &row, &workspace)
      row[field(.cursor, machine)] += 1
    }
    if Int(row[field(.cursor, machine)]) >= functions.count { enter(.finish, machine, &row) }
    return .after(nanoseconds: costs.finaliseFunction)
  }

  private func finish(
    _ patch: PatchID, _ machine: Machine, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> EngineNext {
    row[field(.finalised, machine)] += 1
    row[position(patch, machine)] = row[field(.finalised, machine)]
    row[field(.patch, machine)] = 0
    row.set(field(.inProgress, machine), to: false)
    row.set(field(.printed, machine), to: false)
    for cpu in machine.layout.engine.perCPU { row[cpu] = 0 }
    enter(.idle, machine, &row)
    machine.log(
      rules.generation == .manual ? "kgr succeeded" : "kgr: patching succeeded", &row,
      &workspace)
    machine.record(.patching(.finished, patch), &row, &workspace)
    return .idle
  }
}

extension PatchID {
  /// What the engine's field of the patch in transition holds; 0 is nobody.
  var number: UInt64 { UInt64(rawValue + 1) }
}
