/// Why a step could not be completed. After a fault the row is not to be stepped on, except after
/// `needsCapacity`, which leaves it as it was.
///
/// Indirect, so that it is one word: it is asked for after every step whether there is one, and as
/// large as its largest case that question was a quarter of a run's time.
package indirect enum Fault: Sendable, Hashable {
  /// Arithmetic left the 64-bit integers, at this address.
  case overflow(address: Int)
  case divisionByZero(address: Int)
  /// Calls nested deeper than the layout has room for.
  case stackOverflow(address: Int)
  /// The scenario computed longer than its budget allows: most often a loop without end.
  case operationsExhausted(address: Int)
  /// Nobody wants to know any more.
  case cancelled
  /// The row has no room for that many tasks; lengthen it and take the same step again.
  case needsCapacity(tasks: Int)
  /// The scenario wants more tasks than its budget allows.
  case tasksExhausted(address: Int, tasks: Int)
  /// Strings, lists and tasks take more memory than the budget allows.
  case memoryExhausted(address: Int)
  /// One text is longer than any may be.
  case textTooLong(address: Int)
  /// Two strings or two lists that differ have the same hash.
  case hashCollision(address: Int)
  /// More was printed than the budget allows.
  case outputExhausted(address: Int)
  case negativeCount(address: Int, value: Int64)
  case negativeDuration(address: Int, value: Int64)
  case listIndex(address: Int, index: Int64, count: Int64)
  /// A task that has exited was asked for something that only a live one has.
  case deadTask(address: Int, slot: TaskSlot)
  /// The task's program has no such variable.
  case noTaskVariable(address: Int, slot: TaskSlot, variable: Int)
  /// A verb failed that should succeed, or succeeded where it should fail.
  case unexpectedOutcome(outcome: Int, got: Errno?)
  /// A command ended with that exit status, and no error number stands behind it.
  case commandFailed(outcome: Int, exit: Int)
  /// The clock was read where time is arbitrary: there is none.
  case noClock(address: Int)
  /// The log's text was asked for where rows hold none.
  case noLog(address: Int)
  case hostCall(address: Int, Errno)
  case assertionFailed(assertion: Int)
  /// The condition did not hold within its limit of machine time.
  case awaitExpired(site: Int, limitNanoseconds: Int64)
  case violated(property: Int, Violation)
  case oops(Oops)
  /// The operator looked at a field where there is none.
  case noField(address: Int, Oops.Reason)
  /// Some wait for each other in a circle, each for a lock that the next one holds.
  case deadlock([LockWait])
  /// A module's text was freed with a task inside it.
  case lostText(LostText)
}

/// Who broke a property, where the machine knows.
package struct Violation: Sendable, Hashable {
  package var slot: TaskSlot?
  package var patch: PatchID?
  /// Of `lost_text`: who was lost where.
  package var lost: LostText?
  /// Of `lock_order`: locks, each asked for while the one before it was held, the last one the
  /// first again.
  package var lockOrder: [Int] = []
  package init(slot: TaskSlot? = nil, patch: PatchID? = nil, lost: LostText? = nil) {
    self.slot = slot
    self.patch = patch
    self.lost = lost
  }
  package init(lockOrder: [Int]) { self.lockOrder = lockOrder }
}

/// How far a scenario has come after a step.
package enum Progress: Sendable, Hashable {
  case running
  /// The operator has taken its last step.
  case finished
  /// The step could not be completed; `Workspace.fault` says why.
  case faulted
}
