import Machine

/// `replaces all`: what becomes of the patches that the new one takes the place of.
///
/// Their functions that it has no variant of are reverted in the same transition, before its own
/// come in; the others stay beneath its stubs as the old universe until it is finalised. Then all
/// of them are dead and their modules free.
extension KGraft {
  /// The variants of the finalised patches, in the list's order and each patch's own.
  private func finalised(_ machine: Machine, _ row: inout MutableSpan<UInt64>) -> [Variant] {
    var variants: [Variant] = []
    for place in 0..<row[field(.finalised, machine)] {
      for (number, patch) in machine.program.patches.enumerated()
      where row[position(PatchID(number), machine)] == place + 1 {
        variants += patch.functions.compactMap { function in
          machine.program.variant(of: function, in: PatchID(number)).map {
            Variant(function: function, number: $0)
          }
        }
      }
    }
    return variants
  }

  /// Those of them that the new patch has no variant of.
  private func dropped(
    by patch: PatchID, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> [Variant] {
    finalised(machine, &row).filter {
      machine.program.variant(of: $0.function, in: patch) == nil
    }
  }

  private func owner(of variant: Variant, _ machine: Machine) -> PatchID {
    machine.program.tracedFunctions[variant.function.rawValue].variants[variant.number].patch
  }

  /// Where the window leads: to what has to be reverted first, or to the patch's own functions.
  func enterFirstStage(
    _ patch: PatchID, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) {
    enter(hasDropped(patch, machine, &row) ? .revertReplaced : .redirect, machine, &row)
  }

  /// Whether the new patch has something to revert before its own functions come in.
  func hasDropped(
    _ patch: PatchID, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Bool {
    machine.program.patches[patch.rawValue].replacesAll && !isReverting(machine, &row)
      && rules.replacesRevertFirst && !dropped(by: patch, machine, &row).isEmpty
  }

  /// One variant that the new patch drops: it is reverted to the original, not to what it hid.
  func revertNextReplaced(
    _ patch: PatchID, _ machine: Machine, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> EngineNext {
    let dropped = dropped(by: patch, machine, &row)
    let cursor = Int(row[field(.cursor, machine)])
    var cost = costs.redirectFunction
    if cursor < dropped.count {
      if isStuck(dropped[cursor], machine, &row) {
        logStuck(dropped[cursor], machine, &row, &workspace)
        return refuse(patch, with: .EINVAL, machine, &row)
      }
      if rules.replaceRestoresOriginals { row[older(dropped[cursor], machine)] = 0 }
      let wasBare = isBare(dropped[cursor], machine, &row)
      if startReverting(dropped[cursor], machine, &row) {
        if wasBare { logMissingStub(of: dropped[cursor].function, machine, &row, &workspace) }
        machine.record(
          .patching(
            .functionReverting(dropped[cursor].function), owner(of: dropped[cursor], machine)),
          &row, &workspace)
      } else {
        cost = costs.passFunction
      }
      row[field(.cursor, machine)] += 1
    }
    if cursor + 1 >= dropped.count { enter(.redirect, machine, &row) }
    return .after(nanoseconds: cost)
  }

  /// An earlier failure has left it half taken back.
  private func logStuck(
    _ variant: Variant, _ machine: Machine, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) {
    let owner = machine.program.patches[owner(of: variant, machine).rawValue].name
    let function = machine.program.tracedFunctions[variant.function.rawValue].symbol
    machine.log(lines.cannotRevert(function, owner), &row, &workspace)
  }

  /// After a failure: one dropped variant is what it was again.
  func restoreNextReplaced(
    _ patch: PatchID, _ machine: Machine, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> EngineNext {
    let dropped = dropped(by: patch, machine, &row)
    let cursor = Int(row[field(.cursor, machine)])
    var cost = costs.redirectFunction
    if cursor < dropped.count {
      let variant = dropped[cursor]
      let place = row[position(owner(of: variant, machine), machine)]
      // One that was left out has not been touched.
      if state(of: variant, machine, &row) == .revertSlow {
        row[older(variant, machine)] = below(place, variant.function, machine, &row)
        if rollBack(variant, machine, &row) {
          machine.record(
            .patching(.functionRestored(variant.function), owner(of: variant, machine)), &row,
            &workspace)
        } else {
          cost = costs.passFunction
        }
      } else {
        cost = costs.passFunction
      }
      row[field(.cursor, machine)] += 1
    }
    if cursor + 1 >= dropped.count { enter(.fail, machine, &row) }
    return .after(nanoseconds: cost)
  }

  /// Whether finalising goes on with the patches that were replaced.
  func replacesSome(
    _ patch: PatchID, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Bool {
    machine.program.patches[patch.rawValue].replacesAll && !isReverting(machine, &row)
      && !finalised(machine, &row).isEmpty
  }

  /// One variant of a patch that was replaced is dead. One without a successor loses its slow stub;
  /// the stub of any other is the new patch's already.
  func finaliseNextReplaced(
    _ patch: PatchID, _ machine: Machine, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> EngineNext {
    let all = finalised(machine, &row)
    let cursor = Int(row[field(.cursor, machine)])
    var cost = costs.passFunction
    if cursor < all.count {
      let variant = all[cursor]
      if isRegistered(variant, machine, &row) {
        row[stub(variant.function, machine)] = 0
        cost = costs.finaliseFunction
      }
      if state(of: variant, machine, &row) != .skipped {
        bury(variant, machine, &row)
        machine.record(
          .patching(.functionReverted(variant.function), owner(of: variant, machine)), &row,
          &workspace)
      }
      row[field(.cursor, machine)] += 1
    }
    if cursor + 1 >= all.count { enter(.finish, machine, &row) }
    return .after(nanoseconds: cost)
  }

  /// The replaced patches leave the list, and their modules can go.
  func dropReplaced(_ machine: Machine, _ row: inout MutableSpan<UInt64>) {
    for number in machine.program.patches.indices
    where row[position(PatchID(number), machine)] > 0 {
      row[position(PatchID(number), machine)] = 0
      row.set(held(PatchID(number), machine), to: false)
    }
    row[field(.finalised, machine)] = 0
  }
}
