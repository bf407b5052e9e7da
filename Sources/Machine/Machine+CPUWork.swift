/// A work item of the engine's that has to run on one CPU (`schedule_on_each_cpu`).
///
/// The thread that does it is bound to that CPU. It takes an idle one at once, and preempts user
/// code, for it has slept; kernel code it has to wait for until that sleeps or leaves, and then it
/// is first in line. Code that does neither keeps it waiting for ever.
///
/// In a run a CPU that is wanted so has no slice left: whoever gives it up, or could lose it, comes
/// to where slices end anyhow, and looks there who wants it. In a search a task has no CPU but one
/// that it is bound to; nobody else stands in the way.
extension Machine {
  /// Stands for the end of the slice on a CPU that the engine waits for.
  static let wantedByEngine: UInt64 = 1

  /// Of the engine's bits of a CPU the one that says, in a run, that its work item has the CPU.
  package static let isLent: UInt64 = 2

  /// Whether a work item gets the CPU now. In a run it may have to wait for a handler there even
  /// then; the handler's end makes the engine's step due.
  package func isFree(_ cpu: Int, _ row: inout MutableSpan<UInt64>) -> Bool {
    guard layout.keepsTime else {
      return !isHandlerRunning(on: cpu, &row)
        && (layout.occupants.isEmpty || row[layout.occupants[cpu]] == 0)
    }
    let current = Int(row[layout.clock.cpus[cpu].current])
    return current == 0 || mayLoseCPU(TaskSlot(current - 1), &row)
  }

  /// The engine's work item stands in line for the CPU, which is not free.
  package func wantCPU(_ cpu: Int, _ row: inout MutableSpan<UInt64>) {
    row[layout.clock.cpus[cpu].sliceEnd] = Self.wantedByEngine
  }

  /// The engine has one CPU, and needs no other any more. Slices there are over, as they would soon
  /// have been.
  package func forgetWantedCPUs(_ row: inout MutableSpan<UInt64>) {
    for cpu in layout.clock.cpus where row[cpu.sliceEnd] == Self.wantedByEngine {
      row[cpu.sliceEnd] = row[layout.clock.now]
    }
  }

  @inline(__always)
  func isWantedByEngine(_ cpu: Int, _ row: inout MutableSpan<UInt64>) -> Bool {
    row[layout.clock.cpus[cpu].sliceEnd] == Self.wantedByEngine
  }

  /// The CPU that the engine waits for is its own for a moment: its step is due.
  @inline(never)
  func lendToEngine(
    _ cpu: Int, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    row[layout.clock.cpus[cpu].sliceEnd] =
      row[layout.clock.now] + UInt64(program.sliceNanoseconds)
    engine.cpuIsFree(cpu, self, &row)
    if row[layout.clock.engineTicket] == 0 { hastenEngine(&row, &workspace) }
  }

  /// A handler has ended on a CPU that may be the work item's.
  func resumeEngine(
    on cpu: Int, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    guard let field = layout.engine.perCPU.indices.contains(cpu) ? layout.engine.perCPU[cpu] : nil,
      row[field] & Self.isLent != 0, row[layout.clock.engineTicket] == 0
    else { return }
    hastenEngine(&row, &workspace)
  }

  /// User code makes room for the engine's work item, and goes on after it, unless somebody waits.
  func makeRoom(
    for cpu: Int, _ slot: TaskSlot, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) {
    record(.preempted(slot), &row, &workspace)
    lendToEngine(cpu, &row, &workspace)
    notePause(costs.contextSwitch, &row)
    let due = Int64(row[layout.clock.now]) + costs.contextSwitch
    row[layout.clock.cpus[cpu].sliceEnd] = UInt64(due)
    schedule(.task(slot), at: due, &row, &workspace)
  }

  /// A task that has a CPU can't step for so long, and it is the engine that keeps it from that.
  package func notePause(_ nanoseconds: Int64, _ row: inout MutableSpan<UInt64>) {
    guard let field = layout.longestPause else { return }
    row[field] = max(row[field], UInt64(nanoseconds))
  }
}
