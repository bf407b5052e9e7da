import Machine

/// The moves of one variant of a function from state to state, and its stub's registration with
/// ftrace. Nothing else writes these fields.
///
///     INIT → SLOW → APPLIED → REVERT_SLOW → REVERTED, or INIT → SKIPPED
///
/// (`kgr_patch_code` in `kernel/kgraft.c`.) Of several patches' variants of one function only the
/// topmost is registered; those below only change their state.
extension KGraft {
  /// INIT → SLOW: the slow stub goes in, on top of whatever is active, which becomes the old
  /// universe.
  func startApplying(
    _ variant: Variant, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) {
    row[older(variant, machine)] = topmost(of: variant.function, machine, &row)
    row[state(variant, machine)] = FunctionState.slow.rawValue
    row[stub(variant.function, machine)] = slow(variant)
  }

  /// SLOW → APPLIED: the fast stub in, the slow one out. What `replaces all` has replaced will not
  /// be there again: below its functions lies the original.
  func finaliseApplying(
    _ variant: Variant, replacingAll: Bool, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) {
    guard state(of: variant, machine, &row) == .slow else { return }
    row[state(variant, machine)] = FunctionState.applied.rawValue
    row[stub(variant.function, machine)] = fast(variant)
    if replacingAll { row[older(variant, machine)] = 0 }
  }

  /// APPLIED → REVERT_SLOW. The state comes first in the kernel, so that the stub always sees it.
  /// Whether a stub went in: not for what is hidden, or whose module is absent.
  func startReverting(
    _ variant: Variant, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Bool {
    guard state(of: variant, machine, &row) == .applied else { return false }
    let hasStub = isRegistered(variant, machine, &row) || isBare(variant, machine, &row)
    row[state(variant, machine)] = FunctionState.revertSlow.rawValue
    guard hasStub else { return false }
    row[stub(variant.function, machine)] = slow(variant)
    return true
  }

  /// REVERT_SLOW → REVERTED. What lies below gets its fast stub back; after a replacement nothing
  /// does.
  func finaliseReverting(
    _ variant: Variant, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) {
    guard state(of: variant, machine, &row) == .revertSlow else { return }
    if isRegistered(variant, machine, &row) {
      let below = row[older(variant, machine)]
      row[stub(variant.function, machine)] =
        below == 0 ? 0 : fast(Variant(function: variant.function, number: Int(below) - 1))
    }
    bury(variant, machine, &row)
  }

  /// A variant that the new patch has one of its own for, or that was hidden: no work for ftrace.
  func bury(_ variant: Variant, _ machine: Machine, _ row: inout MutableSpan<UInt64>) {
    row[state(variant, machine)] = FunctionState.reverted.rawValue
    row[older(variant, machine)] = 0
  }

  /// SLOW → INIT, or REVERT_SLOW → APPLIED, after another function's failure. Whether ftrace had to
  /// do something.
  func rollBack(
    _ variant: Variant, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Bool {
    switch state(of: variant, machine, &row) {
    case .slow:
      let below = row[older(variant, machine)]
      row[stub(variant.function, machine)] =
        below == 0 ? 0 : fast(Variant(function: variant.function, number: Int(below) - 1))
      row[state(variant, machine)] = FunctionState.initial.rawValue
      row[older(variant, machine)] = 0
      return true
    case .revertSlow:
      row[state(variant, machine)] = FunctionState.applied.rawValue
      guard isRegistered(variant, machine, &row) else { return false }
      row[stub(variant.function, machine)] = fast(variant)
      return true
    case .skipped: row[state(variant, machine)] = FunctionState.initial.rawValue
    case .initial, .applied, .reverted: break
    }
    return false
  }

  // MARK: Stubs

  func slow(_ variant: Variant) -> UInt64 { UInt64(1 + 2 * variant.number) }
  func fast(_ variant: Variant) -> UInt64 { UInt64(2 + 2 * variant.number) }

  /// Whether the function's registered stub is this variant's.
  func isRegistered(
    _ variant: Variant, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Bool {
    let stub = row[stub(variant.function, machine)]
    return stub == slow(variant) || stub == fast(variant)
  }

  /// Number + 1 of the finalised variant that lies on top (`kgr_get_old_fun`); 0: the original.
  func topmost(
    of function: TracedFunctionID, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> UInt64 {
    below(.max, function, machine, &row)
  }

  /// The same among the patches with a place below `height`.
  func below(
    _ height: UInt64, _ function: TracedFunctionID, _ machine: Machine,
    _ row: inout MutableSpan<UInt64>
  ) -> UInt64 {
    var found: UInt64 = 0
    var highest: UInt64 = 0
    for (number, variant) in machine.program.tracedFunctions[function.rawValue].variants
      .enumerated()
    {
      let place = row[position(variant.patch, machine)]
      let state = state(of: Variant(function: function, number: number), machine, &row)
      guard place > highest, place < height, state == .applied || state == .revertSlow else {
        continue
      }
      (highest, found) = (place, UInt64(number + 1))
    }
    return found
  }
}
