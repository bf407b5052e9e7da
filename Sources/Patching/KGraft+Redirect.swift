import Machine

/// Which universe a call belongs to, and who leaves the old one.
extension KGraft {
  /// The stub of a traced function. The order of the questions is the kernel's
  /// (`kgr_stub_slow`): interrupt context first, then the immutable window, then the task's flag;
  /// a variant that is being taken back turns the answer round, so that who has migrated gets what
  /// lies below it.
  package func redirect(
    _ function: TracedFunctionID, for runner: Runner, _ machine: Machine,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> FunctionID {
    let stub = Int(row[stub(function, machine)])
    let traced = machine.program.tracedFunctions[function.rawValue]
    guard stub > 0 else { return traced.original }
    let variant = Variant(function: function, number: (stub - 1) / 2)
    let isFast = stub % 2 == 0
    if isFast { return traced.variants[variant.number].function }
    var usesNew = belongsToNew(runner, machine, &row, &workspace)
    if rules.invertsOnRevert, state(of: variant, machine, &row) == .revertSlow { usesNew.toggle() }
    if usesNew { return traced.variants[variant.number].function }
    let older = Int(row[older(variant, machine)])
    return older > 0 ? traced.variants[older - 1].function : traced.original
  }

  private func belongsToNew(
    _ runner: Runner, _ machine: Machine, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> Bool {
    switch runner {
    case .handler(let number):
      if asksForWindowFirst(machine, &row) { return false }
      let cpu = machine.layout.handlers[number].cpu
      return row[machine.layout.engine.perCPU[cpu]] & 1 == 1
    case .task(let slot):
      if !asksForWindowFirst(machine, &row),
        let cpu = machine.interruptCPU(of: slot, &row, workspace)
      {
        return row[machine.layout.engine.perCPU[cpu]] & 1 == 1
      }
      if rules.hasImmutableWindow, row.isSet(field(.immutable, machine)) {
        mark(slot, machine, &row, &workspace)
        return false
      }
      return !row.isSet(flag(machine), at: machine.layout.origin(of: slot))
    }
  }

  /// Only where that rule is broken.
  private func asksForWindowFirst(
    _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Bool {
    !rules.asksForInterruptsFirst && rules.hasImmutableWindow
      && row.isSet(field(.immutable, machine))
  }

  /// The flag falls at every kernel entry and exit, whatever the window's state; in the window the
  /// stub raises it again.
  package func crossedBoundary(
    _ slot: TaskSlot, _ cause: MigrationCause, _ machine: Machine,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    switch cause {
    case .kernelEntry: guard rules.clearsOnEntry else { return }
    case .kernelExit, .interruption: guard rules.clearsOnExit else { return }
    case .safePoint, .force, .exit: break
    }
    migrate(slot, cause, machine, &row, &workspace)
  }

  func migrate(
    _ slot: TaskSlot, _ cause: MigrationCause, _ machine: Machine,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    let origin = machine.layout.origin(of: slot)
    guard row.isSet(flag(machine), at: origin) else { return }
    row.set(flag(machine), at: origin, to: false)
    row[field(.flagged, machine)] -= 1
    machine.record(.migrated(slot, by: cause), &row, &workspace)
  }

  /// The flag is a bit of `thread_info`, which fork copies.
  package func forked(
    _ parent: TaskSlot, _ child: TaskSlot, _ machine: Machine,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    guard rules.forkCopiesFlag, isOld(parent, machine, &row) else { return }
    mark(child, machine, &row, &workspace)
  }

  func mark(
    _ slot: TaskSlot, _ machine: Machine, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) {
    let origin = machine.layout.origin(of: slot)
    guard !row.isSet(flag(machine), at: origin) else { return }
    row.set(flag(machine), at: origin, to: true)
    row[field(.flagged, machine)] += 1
    machine.record(.marked(slot), &row, &workspace)
  }
}
