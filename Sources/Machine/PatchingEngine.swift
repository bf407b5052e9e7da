/// The table of hooks by which a live-patching engine plugs into the machine.
///
/// The machine calls; the engine keeps whatever it must remember in fields of the row that
/// `Layout` set aside for it (`demand`), so that a world with a half-finished transition is one
/// row like any other. An engine is a value: two machines may share it.
///
/// A hook that is about one task's step (`redirect`, `crossedBoundary`, `universe`) reads and
/// writes that task's words and the globals and nothing else: a search relies on it (`Footprint`).
package protocol PatchingEngine: Sendable {
  /// What the engine must remember for worlds of this program.
  static func demand(for program: Program, time: TimeModel) -> EngineDemand

  /// Which body runs when `runner` calls the traced function.
  func redirect(
    _ function: TracedFunctionID, for runner: Runner, _ machine: Machine,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> FunctionID

  /// The task leaves the old universe, if it is still in it, for that reason. Called only for a
  /// task of which the engine remembers something: one of its bits in it is set.
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

  /// The operator asks for a patch to be taken back.
  func revert(
    _ patch: PatchID, _ machine: Machine, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> EngineAnswer

  /// The operator declares every task migrated. The answer `walking` leads to `forceNext`, again
  /// and again, until that gives true.
  func force(
    _ machine: Machine, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> EngineAnswer
  /// Whether the walk of `force` is under way.
  func isForcing(_ machine: Machine, _ row: inout MutableSpan<UInt64>) -> Bool
  /// Whether a request that was told to wait is to be asked anew.
  func isRequestWaiting(_ machine: Machine, _ row: inout MutableSpan<UInt64>) -> Bool
  func forceAlternatives(_ machine: Machine, _ row: inout MutableSpan<UInt64>) -> Int
  func forceNext(
    _ alternative: Int, _ machine: Machine, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> Bool

  /// In how many ways the engine's next step can go; 0 when it has nothing to do.
  func alternatives(_ machine: Machine, _ row: inout MutableSpan<UInt64>) -> Int

  /// One small step of the transition.
  func step(
    _ alternative: Int, _ machine: Machine, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> EngineNext

  /// A CPU that the engine waits for in a run has been given up, and its work item has it.
  func cpuIsFree(_ cpu: Int, _ machine: Machine, _ row: inout MutableSpan<UInt64>)

  /// Whether a transition is on its way.
  func isInProgress(_ machine: Machine, _ row: inout MutableSpan<UInt64>) -> Bool
  /// What `/proc/<pid>/kgr_in_progress` says of the task's process.
  func isProcessOld(
    _ slot: TaskSlot, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Bool
  /// Whether the task is still in the old universe.
  func isOld(_ slot: TaskSlot, _ machine: Machine, _ row: inout MutableSpan<UInt64>) -> Bool
  /// Whether the transition still waits for the task.
  func isWaitedFor(
    _ slot: TaskSlot, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Bool
  /// Whose code the body of a traced function is, seen from one patch.
  func universe(
    of chosen: FunctionID, _ function: TracedFunctionID, under patch: PatchID,
    _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> CodeUniverse

  // MARK: What is a task's own affair

  /// Whether it looks at tasks' stacks, or at where they stand, other than in their own steps.
  var looksAtStacks: Bool { get }
  /// Whether that step of the task is nobody else's affair, as far as the engine is concerned:
  /// whatever the engine does before the task's next step, and whatever it is asked for on the way,
  /// the step does the same, and nothing that the engine does is otherwise for its sake. Once so it
  /// stays so, up to that step.
  func isSettled(
    _ step: OwnStep, of slot: TaskSlot, expecting future: OperatorFuture, _ machine: Machine,
    _ row: inout MutableSpan<UInt64>
  ) -> Bool

  /// A kernel has started anew: what the engine writes into its log.
  func kernelStarted(
    _ machine: Machine, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace)

  // MARK: Modules

  /// A kernel module is about to run its `init`: its symbols are there. An error refuses it.
  func moduleComing(
    _ module: ModuleID, _ machine: Machine, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> Errno?
  /// A kernel module has run its `exit`, and its text is about to go.
  func moduleGoing(
    _ module: ModuleID, _ machine: Machine, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace)
  /// Whether the engine holds the lock that it takes to be told of a module: who tells it waits.
  func isBusyWithFunctions(_ machine: Machine, _ row: inout MutableSpan<UInt64>) -> Bool
  /// Whether the patch's own module is loaded, and how many references it has.
  func isLoaded(
    _ patch: PatchID, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Bool
  func moduleReferences(
    _ patch: PatchID, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Int
  /// `rmmod` of the patch's module, which nobody holds: the engine forgets what it knew of it.
  func unload(_ patch: PatchID, _ machine: Machine, _ row: inout MutableSpan<UInt64>)
}

extension PatchingEngine {
  package var looksAtStacks: Bool { true }
  package func isSettled(
    _ step: OwnStep, of slot: TaskSlot, expecting future: OperatorFuture, _ machine: Machine,
    _ row: inout MutableSpan<UInt64>
  ) -> Bool { false }
}

/// A step of a task in which the engine has a part.
package enum OwnStep: Sendable, Hashable {
  case call(TracedFunctionID)
  /// Of the boundary, or a safe point.
  case crossing
}

/// What the engine says to a request.
package enum EngineAnswer: Sendable, Hashable {
  /// The first step is due after that time, and the engine answers later.
  case accepted(dueNanoseconds: Int64)
  /// The engine is at work under the lock that the request needs; it says when the request may be
  /// asked anew (`resumeOperator`).
  case waiting
  /// It goes over the tasks, a step each.
  case walking
  case done
  case refused(Errno)
}

/// Whose code a body is, seen from one patch.
package enum CodeUniverse: Sendable, Hashable {
  case old, new
  /// That of a patch stacked on it, or of none of its functions.
  case neither
}

/// When the engine acts next.
package enum EngineNext: Sendable, Hashable {
  case after(nanoseconds: Int64)
  /// When a CPU that it waits for is free.
  case whenCPUIsFree
  case idle
}
