import Machine

/// What others may ask of the engine; nothing here changes a world.
extension KGraft {
  package func isInProgress(_ machine: Machine, _ row: inout MutableSpan<UInt64>) -> Bool {
    row.isSet(field(.inProgress, machine))
  }

  package func isOld(
    _ slot: TaskSlot, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Bool {
    row.isSet(flag(machine), at: machine.layout.origin(of: slot))
  }

  /// Whether the walks over the tasks come to this one: all of 3.12's are `for_each_process`, over
  /// the first threads alone. Its stub may flag another thread in the window, and then nobody asks
  /// for that, and nobody but the thread itself takes the flag away.
  func isWalkedOver(
    _ slot: TaskSlot, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Bool {
    rules.marking == .everyThread || machine.leader(of: slot, &row) == slot
  }

  /// A zombie may be old and hold nothing up (bnc#1008979).
  package func isWaitedFor(
    _ slot: TaskSlot, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Bool {
    guard isOld(slot, machine, &row), isWalkedOver(slot, machine, &row) else { return false }
    return !rules.exemptsZombies || machine.state(of: slot, &row) != .zombie
  }

  /// Since May 2015 (bnc#929883) any of its threads speaks for a process, before only the first.
  package func isProcessOld(
    _ slot: TaskSlot, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Bool {
    let leader = machine.leader(of: slot, &row)
    if isOld(leader, machine, &row) { return true }
    guard rules.marking == .everyThread else { return false }
    for thread in machine.liveThreads(of: leader, &row) where isOld(thread, machine, &row) {
      return true
    }
    return false
  }

  package func phase(_ machine: Machine, _ row: inout MutableSpan<UInt64>) -> Phase {
    Phase(rawValue: row[field(.phase, machine)]) ?? .idle
  }

  /// The state of a patch's variant of a function, as sysfs shows it.
  package func functionState(
    _ function: TracedFunctionID, of patch: PatchID, _ machine: Machine,
    _ row: inout MutableSpan<UInt64>
  ) -> FunctionState {
    guard let number = machine.program.variant(of: function, in: patch) else { return .skipped }
    return state(of: Variant(function: function, number: number), machine, &row)
  }

  /// Whether the patch can't do without the function.
  package func isRequired(
    _ function: TracedFunctionID, by patch: PatchID, _ machine: Machine
  ) -> Bool {
    isRequired(variant(function, of: patch, machine), machine)
  }

  func state(
    of variant: Variant, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> FunctionState {
    FunctionState(rawValue: row[state(variant, machine)]) ?? .initial
  }

  /// How many newer patches have to be reverted before that one.
  package func refs(
    of patch: PatchID, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Int {
    Int(row[refs(patch, machine)])
  }

  package func isLoaded(
    _ patch: PatchID, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Bool {
    row.isSet(loaded(patch, machine))
  }

  package func moduleReferences(
    _ patch: PatchID, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Int {
    rules.holdsModules && row.isSet(held(patch, machine)) ? 1 : 0
  }

  /// Whether the patch is in force, or on its way to be or not to be: from its application until it
  /// has been taken back or replaced.
  package func isActive(
    _ patch: PatchID, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Bool {
    row.isSet(held(patch, machine))
  }

  /// The patch that was applied last, of those that are in force and not being taken back.
  package func newest(_ machine: Machine, _ row: inout MutableSpan<UInt64>) -> PatchID? {
    let current = row[field(.patch, machine)]
    if current > 0, !row.isSet(field(.reverting, machine)) { return PatchID(Int(current) - 1) }
    let patches = machine.program.patches.indices.map { PatchID($0) }
    var found: (patch: PatchID, place: UInt64)?
    for patch in patches {
      let place = row[position(patch, machine)]
      if place > found?.place ?? 0 { found = (patch, place) }
    }
    return found?.patch
  }

  /// Whether `force_load_module` is 1.
  package func forcesModules(_ machine: Machine, _ row: inout MutableSpan<UInt64>) -> Bool {
    row.isSet(field(.forcesModules, machine))
  }

  package func setForcesModules(
    _ value: Bool, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) {
    row.set(field(.forcesModules, machine), to: value)
  }

  /// `/proc/sys/kernel/tainted`: TAINT_LIVEPATCH, or 3.12's TAINT_KGRAFT in its place, is bit 15;
  /// SUSE's TAINT_NO_SUPPORT is bit 30; a WARN sets TAINT_WARN, bit 9 (`kernel/panic.c`).
  package func taint(_ machine: Machine, _ row: inout MutableSpan<UInt64>) -> Int {
    (row.isSet(field(.tainted, machine)) ? 1 << 15 : 0)
      | (row.isSet(field(.unsupported, machine)) ? 1 << 30 : 0)
      | (row.isSet(field(.warned, machine)) ? 1 << 9 : 0)
  }

  // MARK: The monitor `mixed`

  /// Whose code it was, seen from one patch: its own is its new universe, code from below it its
  /// old one, code of a patch above it neither.
  ///
  /// A patch that replaces all has more functions than it names: those of the patches that it drops
  /// go with it, back to the original.
  package func universe(
    of chosen: FunctionID, _ function: TracedFunctionID, under patch: PatchID,
    _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> CodeUniverse {
    let traced = machine.program.tracedFunctions[function.rawValue]
    let owner = machine.program.functions[chosen.rawValue].patch
    let place = row[position(patch, machine)]
    guard traced.variants.contains(where: { $0.patch == patch }) else {
      guard machine.program.patches[patch.rawValue].replacesAll else { return .neither }
      if owner != nil { return place == 0 ? .old : .neither }
      return isDropping(function, for: patch, machine, &row) ? .new : .neither
    }
    if owner == patch { return .new }
    // The patch in transition has no place yet; its code lies above all that have one.
    var height: UInt64 = 0
    if let owner {
      height = row[position(owner, machine)]
      if height == 0 { height = .max }
    }
    return place == 0 || place > height ? .old : .neither
  }

  private func isDropping(
    _ function: TracedFunctionID, for patch: PatchID, _ machine: Machine,
    _ row: inout MutableSpan<UInt64>
  ) -> Bool {
    guard row[field(.patch, machine)] == patch.number else { return false }
    let stub = row[stub(function, machine)]
    guard stub > 0 else { return false }
    let variant = Variant(function: function, number: Int(stub - 1) / 2)
    return state(of: variant, machine, &row) == .revertSlow
  }
}
