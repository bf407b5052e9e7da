/// Calls of functions that a patch names: the engine says which body runs, and the `mixed` monitor
/// takes note.
extension Machine {
  func callTraced(
    _ instruction: Instruction, _ runner: Runner, _ process: inout Process, stackEnd: Int,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Int64? {
    let traced = TracedFunctionID(Int(instruction.b))
    let chosen = engine.redirect(traced, for: runner, self, &row, &workspace)
    record(.called(runner, traced, chosen), &row, &workspace)
    guard
      push(
        chosen, arguments: Int(instruction.c), result: Int(instruction.a), &process,
        stackEnd: stackEnd, &row, &workspace)
    else { return nil }
    if case .task(let slot) = runner, !layout.task.seen.isEmpty {
      noteUniverse(of: chosen, traced, slot, &row, &workspace)
      guard workspace.fault == nil else { return nil }
    }
    return costs.tracedCall
  }

  /// Notes for each patch whether its old or its new code ran. With both in one kernel entry the
  /// entry is mixed.
  private func noteUniverse(
    of chosen: FunctionID, _ traced: TracedFunctionID, _ slot: TaskSlot,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    let origin = layout.origin(of: slot)
    for (number, seen) in layout.task.seen.enumerated() {
      let patch = PatchID(number)
      switch engine.universe(of: chosen, traced, under: patch, self, &row) {
      case .new: row.set(seen.new, at: origin, to: true)
      case .old: row.set(seen.old, at: origin, to: true)
      case .neither: continue
      }
      guard row.isSet(seen.old, at: origin), row.isSet(seen.new, at: origin) else { continue }
      noteSeen(.mixed, Violation(slot: slot, patch: patch), &row, &workspace)
    }
  }

  /// A new kernel entry, or a safe point: what ran before it counts no more.
  @inline(__always)
  func clearSeen(at origin: Int, _ row: inout MutableSpan<UInt64>) {
    for seen in layout.task.seen {
      row.set(seen.old, at: origin, to: false)
      row.set(seen.new, at: origin, to: false)
    }
  }
}
