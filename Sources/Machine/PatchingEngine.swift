/// The table of hooks by which a live-patching engine plugs into the machine.
///
/// The machine calls; the engine keeps whatever it must remember in fields of the row that
/// `Layout` set aside for it (`demand`), so that a world with a half-finished transition is one
/// row like any other. An engine is a value: two machines may share it.
package protocol PatchingEngine: Sendable {
  /// What the engine must remember for worlds of this program.
  static func demand(for program: Program, time: TimeModel) -> EngineDemand

  /// Which body runs when `runner` calls the traced function.
  func redirect(
    _ function: TracedFunctionID, for runner: Runner, _ machine: Machine,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> FunctionID

  /// The task leaves the old universe, if it is still in it, for that reason.
  func crossedBoundary(
    _ slot: TaskSlot, _ cause: MigrationCause, _ machine: Machine,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace)

  /// The second task was born as a copy of the first, thread flags and all.
  func forked(
    _ parent: TaskSlot, _ child: TaskSlot, _ machine: Machine,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace)

  /// The operator asks for a patch to be applied. Accepted: the first step is due after that many
  /// nanoseconds, and the engine answers the operator where `insmod` would return.
  func apply(
    _ patch: PatchID, _ machine: Machine, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> EngineAnswer

  /// In how many ways the engine's next step can go; 0 when it has nothing to do.
  func alternatives(_ machine: Machine, _ row: inout MutableSpan<UInt64>) -> Int

  /// One small step of the transition.
  func step(
    _ alternative: Int, _ machine: Machine, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> EngineNext

  /// Whether a transition is on its way.
  func isInProgress(_ machine: Machine, _ row: inout MutableSpan<UInt64>) -> Bool
  /// What `/proc/<pid>/kgr_in_progress` says of the task's process.
  func isProcessOld(
    _ slot: TaskSlot, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Bool
  /// Whether the transition still waits for the task.
  func isOld(_ slot: TaskSlot, _ machine: Machine, _ row: inout MutableSpan<UInt64>) -> Bool
  /// Where the patch stands in the order of application, from 1; 0 when it is not applied.
  func position(
    of patch: PatchID, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Int
}

/// What the engine says to a request.
package enum EngineAnswer: Sendable, Hashable {
  case accepted(dueNanoseconds: Int64)
  case refused(Errno)
}

/// When the engine acts next.
package enum EngineNext: Sendable, Hashable {
  case after(nanoseconds: Int64)
  case idle
}
