import Machine

/// Walks over a patch's functions, in the order of its array: the first stage and the last, and the
/// way back.
extension KGraft {
  func variant(
    _ function: TracedFunctionID, of patch: PatchID, _ machine: Machine
  ) -> Variant {
    Variant(function: function, number: machine.program.variant(of: function, in: patch) ?? 0)
  }

  /// The slow stub of one function goes in.
  func redirectNext(
    _ patch: PatchID, _ machine: Machine, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> EngineNext {
    let functions = machine.program.patches[patch.rawValue].functions
    let cursor = Int(row[field(.cursor, machine)])
    var cost = costs.redirectFunction
    if cursor < functions.count {
      let function = functions[cursor]
      let variant = variant(function, of: patch, machine)
      if isReverting(machine, &row) {
        if startReverting(variant, machine, &row) {
          machine.record(.patching(.functionReverting(function), patch), &row, &workspace)
        } else {
          cost = costs.passFunction
        }
      } else {
        switch lookUp(variant, machine, &row) {
        case .failed(let failure):
          log(failure, of: variant, isLate: false, machine, &row, &workspace)
          return refuse(patch, machine, &row)
        case .leftOut(let saysSo):
          if saysSo { log(.notResolved, of: variant, isLate: false, machine, &row, &workspace) }
          row[state(variant, machine)] = FunctionState.skipped.rawValue
          machine.record(.patching(.functionSkipped(function), patch), &row, &workspace)
          cost = costs.passFunction
        case .found:
          startApplying(variant, machine, &row)
          machine.record(.patching(.functionRedirected(function), patch), &row, &workspace)
        }
      }
      row[field(.cursor, machine)] += 1
    }
    if cursor + 1 >= functions.count { enter(.setInProgress, machine, &row) }
    return .after(nanoseconds: cost)
  }

  /// One function is in its last state.
  func finaliseNext(
    _ patch: PatchID, _ machine: Machine, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> EngineNext {
    let functions = machine.program.patches[patch.rawValue].functions
    let cursor = Int(row[field(.cursor, machine)])
    var cost = costs.finaliseFunction
    if cursor < functions.count {
      let variant = variant(functions[cursor], of: patch, machine)
      if state(of: variant, machine, &row) == .skipped {
        // Its module has never come, or is gone: it is as it was.
        cost = costs.passFunction
      } else if isReverting(machine, &row) {
        finaliseReverting(variant, machine, &row)
        machine.record(.patching(.functionReverted(functions[cursor]), patch), &row, &workspace)
      } else {
        finaliseApplying(
          variant,
          replacingAll: machine.program.patches[patch.rawValue].replacesAll
            && rules.replaceRestoresOriginals, machine, &row)
        machine.record(.patching(.functionFinalised(functions[cursor]), patch), &row, &workspace)
      }
      row[field(.cursor, machine)] += 1
    }
    if cursor + 1 >= functions.count {
      enter(replacesSome(patch, machine, &row) ? .finaliseReplaced : .finish, machine, &row)
    }
    return .after(nanoseconds: cost)
  }

  // MARK: Failure

  /// A function can't be redirected.
  private func refuse(
    _ patch: PatchID, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> EngineNext {
    let isFirst = row[field(.cursor, machine)] == 0
    if isFirst {
      enterRestoring(patch, machine, &row)
    } else {
      enter(.rollBack, machine, &row)
    }
    return .after(nanoseconds: costs.redirectFunction)
  }

  private func enterRestoring(
    _ patch: PatchID, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) {
    enter(hasDropped(patch, machine, &row) ? .restoreReplaced : .fail, machine, &row)
  }

  /// One function is as it was before the request.
  func rollBackNext(
    _ patch: PatchID, _ machine: Machine, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> EngineNext {
    let functions = machine.program.patches[patch.rawValue].functions
    let redirected = functions.prefix {
      failure(variant($0, of: patch, machine), machine, &row) == nil
    }
    let cursor = Int(row[field(.cursor, machine)])
    var cost = costs.redirectFunction
    if cursor < redirected.count {
      if rollBack(variant(redirected[cursor], of: patch, machine), machine, &row) {
        machine.record(
          .patching(.functionRestored(redirected[cursor]), patch), &row, &workspace)
      } else {
        cost = costs.passFunction
      }
      row[field(.cursor, machine)] += 1
    }
    if cursor + 1 >= redirected.count { enterRestoring(patch, machine, &row) }
    return .after(nanoseconds: cost)
  }
}
