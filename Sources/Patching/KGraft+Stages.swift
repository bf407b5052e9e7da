import Machine

/// Walks over a patch's functions, in the order of its array: the first stage and the last.
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
        if isStuck(variant, machine, &row) {
          return refuse(patch, with: .EINVAL, machine, &row)
        }
        let wasBare = isBare(variant, machine, &row)
        if startReverting(variant, machine, &row) {
          if wasBare { logMissingStub(of: function, machine, &row, &workspace) }
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
          machine.record(
            .patching(.functionSkipped(function, wasSought: saysSo), patch), &row, &workspace)
          cost = costs.passFunction
        case .found:
          let isBare = bareVariant(of: function, machine, &row) != nil
          startApplying(variant, machine, &row)
          if isBare { logMissingStub(of: function, machine, &row, &workspace) }
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
}
