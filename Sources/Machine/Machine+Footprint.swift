/// Which steps a search may know beforehand: those that depend on a task's own words and on the
/// globals alone, and change nothing else.
extension Machine {
  /// Whether every way that the task's next step can go reads and writes nothing but the task's own
  /// words and the globals, and does the same for any other task with the same words. So is whether
  /// it can step at all, wherever `hasSelfContainedSteps`. Where time is arbitrary.
  ///
  /// The table is `Operation.footprint`; who is about to be ended by a signal reaches further.
  package func isSelfContained(
    _ slot: TaskSlot, _ row: inout MutableSpan<UInt64>
  ) -> Bool {
    let origin = layout.origin(of: slot)
    switch state(of: slot, &row) {
    case .unborn, .stopped, .zombie, .gone: return true
    case .runnable, .sleeping, .uninterruptible: break
    }
    guard !row.isSet(layout.task.fatalPending, at: origin), layout.task.dumpPending == nil,
      layout.task.managed.isEmpty
    else { return false }
    return selfContained[Int(row[layout.programCounter, at: origin])]
  }

  /// Whether there are any such steps in this program.
  package var hasSelfContainedSteps: Bool { selfContained.contains(true) }
}
