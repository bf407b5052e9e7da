/// A rule that can be taken out, to see what it is there for.
package enum KGraftMutation: String, Sendable, Hashable, CaseIterable {
  case immutableWindow = "immutable-window"
  case fakeSignal = "fake-signal"
  case kernelThreadWakeUp = "kernel-thread-wake-up"
  case cpuSwitch = "cpu-switch"
  case forkCopiesFlag = "fork-copies-flag"
  case flagOnEntry = "flag-on-entry"
  case flagOnExit = "flag-on-exit"
  case revertInversion = "revert-inversion"
  case lifoRefs = "lifo-refs"
  case oneAtATime = "one-at-a-time"
  case replaceRevertsFirst = "replace-reverts-first"
  case zombieExemption = "zombie-exemption"
  case quantum = "quantum"
  case lateModules = "late-modules"
  case moduleRefcount = "module-refcount"
  case stubOrder = "stub-order"
  case lazyTest = "lazy-test"
  case replaceRestoresOriginals = "replace-restores-originals"
  case finaliseLock = "finalise-lock"
  case workerCPU = "worker-cpu"
  case cpuSwitchLate = "cpu-switch-late"
  case weakFunctions = "weak-functions"
  case vermagic
  case immediate
  case recovery
  case lateModuleRefusal = "late-module-refusal"

  package var explanation: String {
    switch self {
    case .immutableWindow: "slow stubs decide by the task's flag from the first one on"
    case .fakeSignal: "a look that finds sleepers leaves them alone"
    case .kernelThreadWakeUp: "kernel threads are left asleep after the marking"
    case .cpuSwitch: "interrupts stay in the old universe during the transition"
    case .forkCopiesFlag: "a child begins in the new universe, whatever its parent's is"
    case .flagOnEntry: "a task that enters the kernel stays in the old universe"
    case .flagOnExit: "a task that leaves the kernel stays in the old universe"
    case .revertInversion: "who has migrated gets the patch's code while it is taken back"
    case .lifoRefs: "a patch is reverted below another"
    case .oneAtATime: "a transition starts while another one runs"
    case .replaceRevertsFirst: "what `replaces all` drops stays until it is finalised"
    case .zombieExemption: "a zombie holds the transition up"
    case .quantum: "the worker looks every millisecond"
    case .lateModules: "a module that comes late is left as it is"
    case .moduleRefcount: "the module of an applied patch can be removed"
    case .stubOrder: "slow stubs ask for the immutable window before interrupts"
    case .lazyTest: "who is in user space is marked, and who is in the kernel is not"
    case .finaliseLock: "nobody has to wait while the worker finalises"
    case .cpuSwitchLate: "interrupts change over when the window has closed"
    case .weakFunctions: "a patch fails for what it can do without"
    case .vermagic: "a patch is let in whatever kernel it was built for"
    case .immediate: "a patch that asks for no consistency waits like any other"
    case .recovery: "a patch that fails leaves behind what it has done"
    case .lateModuleRefusal: "a module that can't be patched is let in as it is"
    case .workerCPU: "the worker looks whether or not a CPU can run it"
    case .replaceRestoresOriginals: "below what `replaces all` drops lies what it once hid"
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
    case .flagOnEntry: rules.clearsOnEntry = false
    case .flagOnExit: rules.clearsOnExit = false
    case .revertInversion: rules.invertsOnRevert = false
    case .lifoRefs: rules.revertsLastFirst = false
    case .oneAtATime: rules.allowsOneAtATime = false
    case .replaceRevertsFirst: rules.replacesRevertFirst = false
    case .zombieExemption: rules.exemptsZombies = false
    case .quantum: rules.lookNanoseconds = 1_000_000
    case .lateModules: rules.patchesLateModules = false
    case .moduleRefcount: rules.holdsModules = false
    case .stubOrder: rules.asksForInterruptsFirst = false
    case .lazyTest: rules.marking = rules.marking.inverted
    case .replaceRestoresOriginals: rules.replaceRestoresOriginals = false
    case .finaliseLock: rules.locksWhileFinalising = false
    case .workerCPU: rules.workerNeedsCPU = false
    case .cpuSwitchLate: rules.switchesCPUsFirst = false
    case .weakFunctions: rules.leavesOutWeak = false
    case .vermagic: rules.comparesReleases = false
    case .immediate: rules.knowsImmediate = false
    case .recovery: rules.restoresAfterFailure = false
    case .lateModuleRefusal: rules.refusesLateModules = false
    }
    return rules
  }
}
