import Machine

/// kGraft: whole functions are replaced while the kernel runs, task by task.
///
/// A transition is a sequence of small steps, each a step of the machine, so that a task or an
/// interrupt can run between any two of them (`kgr_modify_kernel` and `kgr_work_fn` in
/// `kernel/kgraft.c`). Applying and reverting go the same way:
///
///     open the window → revert what `replaces all` drops: g₀, g₁, … → redirect f₀, f₁, …
///     → in progress → switch CPU 0, 1, … → mark each task → close the window
///     → wake kernel threads → (insmod, or the write to `revert`, returns) → look, look, …
///     → finalise f₀, f₁, … → finalise what was replaced → done
///
/// A redirected function's *slow stub* decides at each call which body runs (`redirect`); the
/// *fast* one that finalising leaves behind always takes the new. A task leaves the old universe
/// when it crosses the user/kernel boundary, a kernel thread at a safe point.
///
/// Each patch's variant of a function has a state of its own and knows what lies below it
/// (`loc_old`); of a function's variants at most one is registered with ftrace, as its slow or its
/// fast stub. These three say everything: there are no special cases for hidden variants.
///
/// The engine has no fields of its own beside its rules: what it must remember stands in the row.
/// A class, because the machine calls it through an existential: as a struct it was copied for each
/// hook.
package final class KGraft: PatchingEngine {
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
    case revertReplaced
    case redirect
    case setInProgress
    case switchCPUs
    case mark
    case closeWindow
    case wakeKernelThreads
    case look
    case sendFakeSignals
    case finalise
    case finaliseReplaced
    case finish
    /// A function could not be redirected: those before it go back,
    case rollBack
    /// then those that were to be replaced,
    case restoreReplaced
    /// and the request fails.
    case fail
  }

  /// What `/sys/kernel/kgraft/<patch>/state` calls a function's state; the numbers are the
  /// kernel's.
  package enum FunctionState: UInt64, Sendable, Hashable, CaseIterable {
    case initial = 0
    /// Being applied: each task and CPU decides.
    case slow = 1
    /// Applied; perhaps hidden by a later patch's variant.
    case applied = 2
    /// Being taken back: the decision is inverted.
    case revertSlow = 3
    /// Taken back for good.
    case reverted = 4
    /// Its object is not loaded.
    case skipped = 5
  }

  package static func demand(for program: Program, time: TimeModel) -> EngineDemand {
    var globals = Global.allCases.map { $0.greatest(in: program) }
    // Of a function its registered stub; of each variant its state and what lies below.
    globals += program.tracedFunctions.map { 2 * $0.variants.count }
    for traced in program.tracedFunctions {
      for _ in traced.variants {
        globals += [FunctionState.allCases.count - 1, traced.variants.count]
      }
    }
    // Of a patch its place on the list, its refs, whether its module is loaded, and held.
    for _ in program.patches { globals += [program.patches.count, program.patches.count, 1, 1] }
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
    /// The direction (`kgr_revert`).
    case reverting
    /// A write to `in_progress` is on its way through the tasks.
    case forcing
    /// `/sys/kernel/kgraft/force_load_module`
    case forcesModules
    /// A patch was applied, at some time.
    case tainted
    /// A revert was asked for, at some time.
    case unsupported
    /// kGraft has warned of something, at some time.
    case warned
    /// A request waits until the functions are finalised.
    case waiting

    static let count = allCases.count

    func greatest(in program: Program) -> Int {
      switch self {
      case .phase: Int(Phase.fail.rawValue)
      case .patch, .finalised: program.patches.count
      case .cursor, .flagged: 1 << 24
      case .immutable, .inProgress, .printed, .reverting, .forcing, .forcesModules, .tainted,
        .unsupported, .warned, .waiting:
        1
      }
    }
  }

  func field(_ global: Global, _ machine: Machine) -> Field {
    machine.layout.engine.globals[global.rawValue]
  }

  /// Of a traced function: 0 when none of its variants is registered with ftrace, 1 + 2·v for the
  /// slow stub of variant v, 2 + 2·v for its fast one.
  func stub(_ function: TracedFunctionID, _ machine: Machine) -> Field {
    machine.layout.engine.globals[Global.count + function.rawValue]
  }

  /// One patch's variant of a traced function, by its place among the function's.
  package struct Variant: Hashable, Sendable {
    package var function: TracedFunctionID
    package var number: Int
  }

  func state(_ variant: Variant, _ machine: Machine) -> Field { field(0, of: variant, machine) }

  /// What runs in the old universe (`loc_old`): 0 the original, else number + 1 of a variant.
  func older(_ variant: Variant, _ machine: Machine) -> Field { field(1, of: variant, machine) }

  private func field(_ place: Int, of variant: Variant, _ machine: Machine) -> Field {
    let functions = machine.program.tracedFunctions
    var before = variant.number
    for number in 0..<variant.function.rawValue { before += functions[number].variants.count }
    return machine.layout.engine.globals[Global.count + functions.count + 2 * before + place]
  }

  /// Of a patch: its place in the order of application, from 1; 0 when it isn't on the list.
  func position(_ patch: PatchID, _ machine: Machine) -> Field { field(0, of: patch, machine) }
  /// How many newer patches have to be reverted before it.
  func refs(_ patch: PatchID, _ machine: Machine) -> Field { field(1, of: patch, machine) }
  /// Whether its module is loaded.
  func loaded(_ patch: PatchID, _ machine: Machine) -> Field { field(2, of: patch, machine) }
  /// Whether kGraft holds its module.
  func held(_ patch: PatchID, _ machine: Machine) -> Field { field(3, of: patch, machine) }

  private func field(_ place: Int, of patch: PatchID, _ machine: Machine) -> Field {
    let globals = machine.layout.engine.globals
    return globals[globals.count - 4 * (machine.program.patches.count - patch.rawValue) + place]
  }

  /// TIF_KGR_IN_PROGRESS: the task is still in the old universe.
  func flag(_ machine: Machine) -> Field { machine.layout.engine.perTask[0] }
  /// A walk over the tasks has been here.
  func walked(_ machine: Machine) -> Field { machine.layout.engine.perTask[1] }
}

extension Program {
  /// The number of a patch's variant among those of a traced function.
  func variant(of function: TracedFunctionID, in patch: PatchID) -> Int? {
    tracedFunctions[function.rawValue].variants.firstIndex { $0.patch == patch }
  }
}

extension PatchID {
  /// What the engine's field of the patch in transition holds; 0 is nobody.
  var number: UInt64 { UInt64(rawValue + 1) }
}
