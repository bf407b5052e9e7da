import Machine

/// A first stage that fails, and what becomes of what it has done so far.
///
/// 4.4 puts everything back (`kgr_patching_failed`). 3.12's file, the one that compares releases,
/// only takes out the slow stubs that it has put in (`kgr_modify_kernel`), and three things stay:
/// - a function that an earlier patch had changed runs its original: that patch's fast stub has
///   gone when the slow one came, and its patch counts as applied all the same;
/// - what `replaces all` drops is half taken back, and no request gets it any further;
/// - `kgr_immutable` is set. Where a slow stub is there, of what is half taken back or of an
///   `immediate` patch that comes next, whoever calls it is flagged and gets the code from before,
///   until the next transition has closed the window.
///
/// A function has one stub here; in the kernel a new patch's would stand beside that of what is
/// half taken back.
extension KGraft {
  /// Of one of the patch's functions nothing can be made.
  func refuse(
    _ patch: PatchID, with error: Errno? = nil, _ machine: Machine,
    _ row: inout MutableSpan<UInt64>
  ) -> EngineNext {
    let isFirst = row[field(.cursor, machine)] == 0
    if let error {
      enterFailing(error, machine, &row)
    } else if isFirst {
      enterRestoring(patch, machine, &row)
    } else {
      enter(.rollBack, machine, &row)
    }
    return .after(nanoseconds: costs.redirectFunction)
  }

  /// The request is to end with that error, which no function of the patch tells of itself.
  private func enterFailing(
    _ error: Errno, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) {
    enter(.fail, machine, &row)
    row[field(.cursor, machine)] = UInt64(error.rawValue)
  }

  private func enterRestoring(
    _ patch: PatchID, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) {
    let restores = rules.restoresAfterFailure && hasDropped(patch, machine, &row)
    enter(restores ? .restoreReplaced : .fail, machine, &row)
  }

  /// One function is as it was before the request, or without a stub.
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
      let variant = variant(redirected[cursor], of: patch, machine)
      let isCovering = row[older(variant, machine)] > 0
      if rollBack(variant, machine, &row) {
        if isCovering, !rules.restoresAfterFailure {
          row[stub(variant.function, machine)] = 0
          machine.record(.patching(.functionReverted(variant.function), patch), &row, &workspace)
        } else {
          machine.record(.patching(.functionRestored(variant.function), patch), &row, &workspace)
        }
      } else {
        cost = costs.passFunction
      }
      row[field(.cursor, machine)] += 1
    }
    if cursor + 1 >= redirected.count { enterRestoring(patch, machine, &row) }
    return .after(nanoseconds: cost)
  }

  /// The request ends with the error of the first function that could not be redirected; `insmod`
  /// leaves no module behind, and a write to `revert` leaves the patch where it is.
  func fail(
    _ patch: PatchID, _ machine: Machine, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> EngineNext {
    let error = Errno(rawValue: Int(row[field(.cursor, machine)]))
    let found = error ?? firstError(of: patch, machine, &row)
    let staysOpen = !rules.restoresAfterFailure && row.isSet(field(.immutable, machine))
    row.set(field(.immutable, machine), to: staysOpen)
    if !isReverting(machine, &row) {
      row.set(loaded(patch, machine), to: false)
      row.set(held(patch, machine), to: false)
      machine.forgetVariables(of: .patch(patch), &row)
    }
    endTransition(machine, &row)
    if rules.restoresAfterFailure {
      machine.log(lines.recovered, &row, &workspace)
      row.set(field(.warned, machine), to: true)
    }
    machine.record(
      .patching(.failed(found, isWindowOpen: staysOpen), patch), &row, &workspace)
    machine.answerOperator(found, &row, &workspace)
    return .idle
  }

  private func firstError(
    of patch: PatchID, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Errno {
    for function in machine.program.patches[patch.rawValue].functions {
      if let failure = failure(variant(function, of: patch, machine), machine, &row) {
        return error(of: failure)
      }
    }
    return .ENOENT
  }

  // MARK: What an earlier failure has left

  /// Whether a request comes to a function that an earlier one has left half taken back: there is
  /// no way from there but the end of a transition (`kgr_patch_code`).
  func isStuck(
    _ variant: Variant, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Bool {
    !rules.restoresAfterFailure && state(of: variant, machine, &row) == .revertSlow
  }

  /// Whether the variant lies on top, counts as applied, and has lost its stub.
  func isBare(
    _ variant: Variant, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Bool {
    row[stub(variant.function, machine)] == 0
      && state(of: variant, machine, &row) == .applied
      && topmost(of: variant.function, machine, &row) == UInt64(variant.number + 1)
  }

  /// The variant on top of a function, if it has lost its stub.
  func bareVariant(
    of function: TracedFunctionID, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Variant? {
    let top = topmost(of: function, machine, &row)
    guard top > 0 else { return nil }
    let variant = Variant(function: function, number: Int(top) - 1)
    return isBare(variant, machine, &row) ? variant : nil
  }

  /// ftrace is asked to take out a stub that is not there: it warns, and kGraft goes on.
  func logMissingStub(
    of function: TracedFunctionID, _ machine: Machine, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) {
    let name = machine.program.tracedFunctions[function.rawValue].symbol
    machine.log(lines.disablingFailed(name), &row, &workspace)
    row.set(field(.warned, machine), to: true)
  }
}
