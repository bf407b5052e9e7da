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
      if let ambiguous = waitingVariants(of: function, machine, &row)
        .first(where: { isAmbiguous($0, machine, &row) })
      {
        return fail(ambiguous, module, machine, &row, &workspace)
      }
      catchUp(function, machine, &row)
      machine.record(.moduleFunctionPatched(function), &row, &workspace)
    }
    return nil
  }

  /// The variants of a function that only wait for its object: those of finalised patches from the
  /// bottom up, then that of the patch in transition.
  private func waitingVariants(
    of function: TracedFunctionID, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> [Variant] {
    var found: [(height: UInt64, variant: Variant)] = []
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
    _ function: TracedFunctionID, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) {
    for variant in waitingVariants(of: function, machine, &row) {
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

  /// The module is refused, unless `force_load_module` lets it in as it is.
  private func fail(
    _ variant: Variant, _ module: ModuleID, _ machine: Machine,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Errno? {
    let traced = machine.program.tracedFunctions[variant.function.rawValue]
    let name = machine.objectName(module)
    machine.log(lines.ambiguous(traced.symbol, in: name), &row, &workspace)
    let isForced = forcesModules(machine, &row)
    machine.log(
      lines.delayedPatchingFailed(name, .ENOENT, isForced: isForced), &row, &workspace)
    guard !isForced else {
      row.set(field(.warned, machine), to: true)
      return nil
    }
    leave(module, machine, &row)
    return .ENOENT
  }

  package func moduleGoing(
    _ module: ModuleID, _ machine: Machine, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) {
    leave(module, machine, &row)
  }

  /// The stubs go by force, and every function that was patched, or about to be, waits for the
  /// module's return.
  private func leave(
    _ module: ModuleID, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) {
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
