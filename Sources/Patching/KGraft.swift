import Machine

/// kGraft: whole functions are replaced while the kernel runs, task by task.
///
/// A transition is a sequence of small steps, each a step of the machine, so that a task or an
/// interrupt can run between any two of them (`kgr_modify_kernel` and `kgr_work_fn` in
/// `kernel/kgraft.c`):
///
///     open the window → redirect f₀, f₁, … → in progress → switch CPU 0, 1, … → mark each task
///     → close the window → wake kernel threads → (insmod returns) → look, look, …
///     → finalise f₀, f₁, … → done
///
/// A redirected function's *slow stub* decides at each call which body runs (`redirect`); the
/// *fast* one that finalising leaves behind always takes the new. A task leaves the old universe
/// when it crosses the user/kernel boundary, a kernel thread at a safe point.
///
/// The engine has no fields of its own beside its rules: what it must remember stands in the row.
package struct KGraft: PatchingEngine {
  package let rules: KGraftRules
  package let costs: KGraftCosts

  package init(rules: KGraftRules, costs: KGraftCosts = KGraftCosts()) {
    self.rules = rules
    self.costs = costs
  }

  /// Where the transition stands. The raw value is what the row keeps.
  package enum Phase: UInt64, Sendable, Hashable, CaseIterable {
    case idle = 0
    case openWindow
    case redirect
    case setInProgress
    case switchCPUs
    case mark
    case closeWindow
    case wakeKernelThreads
    case look
    case sendFakeSignals
    case finalise
    case finish
  }

  /// What `/sys/kernel/kgraft/<patch>/state` calls a function's state; the numbers are the
  /// kernel's, and stand here whether a transition comes to them yet or not.
  package enum FunctionState: UInt64, Sendable, Hashable {
    case initial = 0
    case slow = 1
    case applied = 2
    case revertSlow = 3
    case reverted = 4
    case skipped = 5
  }

  package static func demand(for program: Program, time: TimeModel) -> EngineDemand {
    var globals = Global.allCases.map { $0.greatest(in: program) }
    for traced in program.tracedFunctions {
      // Its newest variant, and that one's state.
      globals += [traced.variants.count, 5]
    }
    globals += program.patches.map { _ in program.patches.count }
    return EngineDemand(globals: globals, bitsPerCPU: 2, bitsPerTask: 2)
  }

  /// The engine's fixed globals, in the order of `demand`.
  enum Global: Int, CaseIterable {
    case phase
    /// Number + 1 of the patch in transition.
    case patch
    /// In a run: how far a walk has come. In a search: the next function.
    case cursor
    case immutable
    case inProgress
    /// How many tasks are flagged.
    case flagged
    /// The "still in progress" line has been printed for this transition.
    case printed
    /// Number of patches on the list of finalised ones.
    case finalised

    static let count = allCases.count

    func greatest(in program: Program) -> Int {
      switch self {
      case .phase: Int(Phase.finish.rawValue)
      case .patch, .finalised: program.patches.count
      case .cursor, .flagged: 1 << 24
      case .immutable, .inProgress, .printed: 1
      }
    }
  }

  func field(_ global: Global, _ machine: Machine) -> Field {
    machine.layout.engine.globals[global.rawValue]
  }

  /// Of a traced function: the variant on top (0: the original), and its state.
  func newest(_ function: TracedFunctionID, _ machine: Machine) -> Field {
    machine.layout.engine.globals[Global.count + 2 * function.rawValue]
  }
  func state(_ function: TracedFunctionID, _ machine: Machine) -> Field {
    machine.layout.engine.globals[Global.count + 2 * function.rawValue + 1]
  }
  /// Of a patch: its place in the order of application, from 1.
  func position(_ patch: PatchID, _ machine: Machine) -> Field {
    machine.layout.engine.globals[
      Global.count + 2 * machine.program.tracedFunctions.count + patch.rawValue]
  }

  /// TIF_KGR_IN_PROGRESS: the task is still in the old universe.
  func flag(_ machine: Machine) -> Field { machine.layout.engine.perTask[0] }
  /// A walk over the tasks has been here.
  func walked(_ machine: Machine) -> Field { machine.layout.engine.perTask[1] }

  // MARK: What others may ask

  package func isInProgress(_ machine: Machine, _ row: inout MutableSpan<UInt64>) -> Bool {
    row.isSet(field(.inProgress, machine))
  }

  /// Since May 2015 (bnc#929883) any of its threads speaks for a process, before only the first.
  package func isProcessOld(
    _ slot: TaskSlot, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Bool {
    let leader = machine.leader(of: slot, &row)
    if isOld(leader, machine, &row) { return true }
    guard rules.marking == .everyThread else { return false }
    for thread in machine.liveThreads(of: leader, &row) where isOld(thread, machine, &row) {
      return true
    }
    return false
  }

  package func isOld(
    _ slot: TaskSlot, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Bool {
    row.isSet(flag(machine), at: machine.layout.origin(of: slot))
  }

  package func position(
    of patch: PatchID, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Int {
    Int(row[position(patch, machine)])
  }

  package func phase(_ machine: Machine, _ row: inout MutableSpan<UInt64>) -> Phase {
    Phase(rawValue: row[field(.phase, machine)]) ?? .idle
  }

  /// The state of a patch's variant of a function, as sysfs shows it.
  package func functionState(
    _ function: TracedFunctionID, of patch: PatchID, _ machine: Machine,
    _ row: inout MutableSpan<UInt64>
  ) -> FunctionState {
    guard let variant = machine.program.variant(of: function, in: patch) else { return .skipped }
    if row[newest(function, machine)] == UInt64(variant + 1) {
      return FunctionState(rawValue: row[state(function, machine)]) ?? .initial
    }
    return row[position(patch, machine)] > 0 ? .applied : .initial
  }
}

extension Program {
  /// The number of a patch's variant among those of a traced function.
  func variant(of function: TracedFunctionID, in patch: PatchID) -> Int? {
    tracedFunctions[function.rawValue].variants.firstIndex { $0.patch == patch }
  }
}
