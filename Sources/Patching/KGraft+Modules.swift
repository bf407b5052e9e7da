import Machine

/// Kernel modules that come and go while patches are in place (`kgr_module_init` and its
/// counterpart in `kernel/kgraft.c`).
///
/// Each is one step: the kernel does it under `kgr_in_progress_lock`, before anybody can call into
/// the module, or after nobody can.
extension KGraft {
  /// The module's functions become what they would be had it been there all the time: topmost
  /// finalised variants get their fast stub; those of the patch in transition, and those that a
  /// running `replaces all` drops, their slow one.
  package func moduleComing(
    _ module: ModuleID, _ machine: Machine, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> Errno? {
    guard rules.patchesLateModules else { return nil }
    for number in machine.program.tracedFunctions.indices
    where machine.program.tracedFunctions[number].object == module {
      let function = TracedFunctionID(number)
      var open: [Variant] = []
      for variant in waitingVariants(of: function, machine, &row) {
        guard let failure = failure(variant, machine, &row) else {
          open.append(variant)
          continue
        }
        if let error = refuse(module, variant, failure, machine, &row, &workspace) { return error }
      }
      guard !open.isEmpty else { continue }
      catchUp(open, machine, &row)
      machine.record(.moduleFunctionPatched(function), &row, &workspace)
    }
    return nil
  }

  /// The variants of a function that only wait for its object: those of finalised patches from the
  /// bottom up, then that of the patch in transition. 3.12 looks for the name first, and passes
  /// over what isn't in the module.
  private func waitingVariants(
    of function: TracedFunctionID, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> [Variant] {
    var found: [(height: UInt64, variant: Variant)] = []
    let traced = machine.program.tracedFunctions[function.rawValue]
    guard rules.knowsPositions || hasName(traced) else { return [] }
    for (number, entry) in machine.program.tracedFunctions[function.rawValue].variants.enumerated()
    {
      let variant = Variant(function: function, number: number)
      guard state(of: variant, machine, &row) == .skipped else { continue }
      let place = row[position(entry.patch, machine)]
      let isMoving = row[field(.patch, machine)] == entry.patch.number
      if place > 0 || isMoving { found.append((isMoving ? .max : place, variant)) }
    }
    return found.sorted { $0.height < $1.height }.map(\.variant)
  }

  private func catchUp(
    _ variants: [Variant], _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) {
    for variant in variants {
      let function = variant.function
      let patch = machine.program.tracedFunctions[function.rawValue].variants[variant.number].patch
      if row[field(.patch, machine)] == patch.number {
        row[older(variant, machine)] = topmost(of: function, machine, &row)
        row[state(variant, machine)] =
          isReverting(machine, &row)
          ? FunctionState.revertSlow.rawValue : FunctionState.slow.rawValue
        row[stub(function, machine)] = slow(variant)
      } else if isDropped(variant, machine, &row) {
        row[older(variant, machine)] = 0
        row[state(variant, machine)] = FunctionState.revertSlow.rawValue
        row[stub(function, machine)] = slow(variant)
      } else {
        row[older(variant, machine)] = topmost(of: function, machine, &row)
        row[state(variant, machine)] = FunctionState.applied.rawValue
        row[stub(function, machine)] = fast(variant)
      }
    }
  }

  /// Whether a transition that replaces all is on its way and has no variant of the function.
  private func isDropped(
    _ variant: Variant, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Bool {
    guard row[field(.patch, machine)] > 0 else { return false }
    let patch = PatchID(Int(row[field(.patch, machine)]) - 1)
    return machine.program.patches[patch.rawValue].replacesAll && !isReverting(machine, &row)
      && rules.replacesRevertFirst
      && machine.program.variant(of: variant.function, in: patch) == nil
  }

  /// The module is refused, unless `force_load_module` lets it in; then the rest of it is patched.
  /// 3.12 says what it has not found and goes on.
  private func refuse(
    _ module: ModuleID, _ variant: Variant, _ failure: LookupFailure, _ machine: Machine,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Errno? {
    let isForced = forcesModules(machine, &row)
    let error = error(of: failure)
    log(failure, of: variant, isLate: true, machine, &row, &workspace)
    guard rules.refusesLateModules else { return nil }
    machine.log(
      lines.delayedPatchingFailed(machine.objectName(module), error, isForced: isForced), &row,
      &workspace)
    guard !isForced else {
      row.set(field(.warned, machine), to: true)
      return nil
    }
    leave(module, machine, &row, &workspace)
    return error
  }

  package func moduleGoing(
    _ module: ModuleID, _ machine: Machine, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) {
    leave(module, machine, &row, &workspace)
  }

  /// The stubs go by force, and every function that was patched, or about to be, waits for the
  /// module's return.
  private func leave(
    _ module: ModuleID, _ machine: Machine, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) {
    complain(of: module, machine, &row, &workspace)
    for (number, traced) in machine.program.tracedFunctions.enumerated()
    where traced.object == module {
      let function = TracedFunctionID(number)
      row[stub(function, machine)] = 0
      for variant in traced.variants.indices.map({ Variant(function: function, number: $0) }) {
        switch state(of: variant, machine, &row) {
        case .slow, .applied, .revertSlow:
          row[state(variant, machine)] = FunctionState.skipped.rawValue
          row[older(variant, machine)] = 0
        case .initial, .reverted, .skipped: break
        }
      }
    }
  }

  /// 3.12 says which patches can't do without what is going, and lets it go.
  private func complain(
    of module: ModuleID, _ machine: Machine, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) {
    guard !rules.knowsPositions else { return }
    for patch in inPlace(machine, &row) {
      for function in machine.program.patches[patch.rawValue].functions {
        let traced = machine.program.tracedFunctions[function.rawValue]
        guard traced.object == module, hasName(traced),
          isRequired(variant(function, of: patch, machine), machine)
        else { continue }
        let name = machine.program.patches[patch.rawValue].name
        machine.log(lines.removingRequired(traced.symbol, name), &row, &workspace)
      }
    }
  }

  /// The patches on the list, and behind them the one in transition.
  private func inPlace(
    _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> [PatchID] {
    var found: [(place: UInt64, patch: PatchID)] = []
    for number in machine.program.patches.indices {
      let patch = PatchID(number)
      let isMoving = row[field(.patch, machine)] == patch.number
      let place = isMoving ? .max : row[position(patch, machine)]
      if place > 0 { found.append((place, patch)) }
    }
    return found.sorted { $0.place < $1.place }.map(\.patch)
  }

  /// In the first stage of a transition and in its last, from one function to the other. The last
  /// one takes the lock with its first function, not with the look that leads there.
  package func isBusyWithFunctions(
    _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Bool {
    switch phase(machine, &row) {
    case .finalise: rules.locksWhileFinalising && row[field(.cursor, machine)] > 0
    case .finaliseReplaced, .finish: rules.locksWhileFinalising
    case .idle, .switchCPUs, .mark, .closeWindow, .wakeKernelThreads, .look, .sendFakeSignals:
      false
    case .openWindow, .revertReplaced, .redirect, .setInProgress, .rollBack, .restoreReplaced,
      .fail:
      true
    }
  }

  /// `rmmod` of a patch's module: its functions are as if it had never been there, and it may be
  /// applied anew. The caller has made sure that nobody holds it.
  package func unload(
    _ patch: PatchID, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) {
    for function in machine.program.patches[patch.rawValue].functions {
      guard let number = machine.program.variant(of: function, in: patch) else { continue }
      row[state(Variant(function: function, number: number), machine)] =
        FunctionState.initial.rawValue
    }
    row[refs(patch, machine)] = 0
    row.set(loaded(patch, machine), to: false)
  }
}
