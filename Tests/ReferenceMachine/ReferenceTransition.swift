/// kGraft: how far the transition has come, and what earlier ones left behind.
package struct ReferenceTransition: Hashable, Sendable {
  package enum Stage: Hashable, Sendable, CaseIterable {
    case idle, openWindow, revertReplaced, redirect, setInProgress, switchCPUs, mark, closeWindow
    case wakeKernelThreads, look, sendFakeSignals, finalise, finaliseReplaced, finish
    case rollBack, restoreReplaced, fail
  }

  /// What ftrace has registered for a function.
  package enum Stub: Hashable, Sendable {
    case none
    case slow(patch: Int)
    case fast(patch: Int)

    package var patch: Int? {
      switch self {
      case .none: nil
      case .slow(let patch), .fast(let patch): patch
      }
    }
  }

  package struct Variant: Hashable, Sendable {
    /// In the order of sysfs's numbers.
    package enum Condition: Int, Hashable, Sendable {
      case initial, slow, applied, revertSlow, reverted, skipped
    }
    package var condition = Condition.initial
    /// The patch whose variant is its old universe; none: the original.
    package var below: Int?
  }

  package struct Patch: Hashable, Sendable {
    package var isLoaded = false
    package var isHeld = false
    package var refs = 0
    /// Its variants, by the traced function's number.
    package var variants: [Int: Variant] = [:]
  }

  package var stage = Stage.idle
  package var patch: Int?
  /// The function that is next, or in a run the task.
  package var position = 0
  package var isReverting = false
  package var isWindowOpen = false
  package var isInProgress = false
  package var hasComplained = false
  package var isForcing = false
  /// What stands in `force_load_module`.
  package var forcesModules = false
  package var isTainted = false
  package var isUnsupported = false
  package var hasWarned = false
  /// The operator sleeps until the functions are finalised.
  package var isRequestWaiting = false
  package var stubs: [Stub]
  package var patches: [Patch]
  /// Patches that are finalised, in order.
  package var finished: [Int] = []
  package var switchedCPUs: Set<Int> = []
  /// In a run: CPUs that the work item has been given, and has yet to switch.
  package var lentCPUs: Set<Int> = []
}
