/// The rules of one generation of kGraft, as values: a test breaks one of them and some scenario
/// must notice.
///
/// Sources: `kernel/kgraft.c` of SUSE's 3.12 kernels (SLE 12 GA and SP1) and of 4.4 (SP2 and SP3).
package struct KGraftRules: Sendable, Hashable {
  /// Which tasks the marking walk puts into the old universe.
  package enum Marking: Sendable, Hashable {
    /// Process leaders whose stack trace has more than two entries; who is in user space counts as
    /// migrated. It looks and marks while the task runs on.
    case leadersInsideKernel
    /// Every thread, wherever it is.
    case everyThread
  }

  package var generation: Generation
  package var marking: Marking
  /// While functions are redirected and tasks marked, a slow stub runs old code and marks whoever
  /// calls it.
  package var hasImmutableWindow = true
  /// A look that finds tasks left sends each of them a fake signal.
  package var sendsFakeSignals: Bool
  /// Time from the start to the first look, and between looks, in nanoseconds.
  package var lookNanoseconds: Int64 = 2_000_000_000
  /// Kernel threads that are still in the old universe are woken after the marking.
  package var wakesKernelThreads = true
  /// Interrupts are switched, CPU by CPU, before any task is marked; otherwise never.
  package var switchesCPUs = true

  /// A child begins in its parent's universe.
  package var forkCopiesFlag = true

  package enum Generation: String, Sendable, Hashable, CaseIterable {
    /// SLE 12 GA and SP1; the one that the manual describes.
    case manual = "3.12"
    /// SLE 12 SP2 and SP3, the last that was kGraft proper.
    case current = "4.4"
  }

  package init(generation: Generation) {
    self.generation = generation
    switch generation {
    case .manual:
      marking = .leadersInsideKernel
      sendsFakeSignals = false
    case .current:
      marking = .everyThread
      sendsFakeSignals = true
    }
  }

  /// The generation that a kernel release carries: 3.12 and older the manual's, anything newer the
  /// last one. A release that doesn't begin with a version counts as the manual's.
  package init(kernelRelease: String) {
    let numbers = kernelRelease.split(separator: ".").prefix(2).map { Int($0) ?? 0 }
    let isNewer = numbers.count == 2 && (numbers[0], numbers[1]) > (3, 12)
    self.init(generation: isNewer ? .current : .manual)
  }
}

/// How long kGraft's own steps take, in virtual nanoseconds. Assumptions of the usual magnitude:
/// redirecting a function patches text on a running machine, the walks are a few loads each.
package struct KGraftCosts: Sendable, Hashable {
  package var openWindow: Int64 = 1_000
  package var redirectFunction: Int64 = 20_000
  package var setInProgress: Int64 = 100
  package var switchCPU: Int64 = 5_000
  package var markTask: Int64 = 50
  package var closeWindow: Int64 = 100
  package var wakeKernelThread: Int64 = 500
  package var sendFakeSignal: Int64 = 500
  package var look: Int64 = 1_000
  package var finaliseFunction: Int64 = 40_000

  package init() {}
}

/// A rule that can be taken out, to see what it is there for.
package enum KGraftMutation: String, Sendable, Hashable, CaseIterable {
  case immutableWindow = "immutable-window"
  case fakeSignal = "fake-signal"
  case kernelThreadWakeUp = "kernel-thread-wake-up"
  case cpuSwitch = "cpu-switch"
  case forkCopiesFlag = "fork-copies-flag"

  package var explanation: String {
    switch self {
    case .immutableWindow: "slow stubs decide by the task's flag from the first one on"
    case .fakeSignal: "a look that finds sleepers leaves them alone"
    case .kernelThreadWakeUp: "kernel threads are left asleep after the marking"
    case .forkCopiesFlag: "a child begins in the new universe, whatever its parent's is"
    case .cpuSwitch: "interrupts stay in the old universe during the transition"
    }
  }
}

extension KGraftRules {
  package func without(_ mutation: KGraftMutation) -> KGraftRules {
    var rules = self
    switch mutation {
    case .immutableWindow: rules.hasImmutableWindow = false
    case .fakeSignal: rules.sendsFakeSignals = false
    case .kernelThreadWakeUp: rules.wakesKernelThreads = false
    case .cpuSwitch: rules.switchesCPUs = false
    case .forkCopiesFlag: rules.forkCopiesFlag = false
    }
    return rules
  }
}
