/// The rules of one generation of kGraft, as values: a test breaks one of them and some scenario
/// must notice.
///
/// Sources: `kernel/kgraft.c` of the series of 2014, of SUSE's first 3.12 kernels (the file that
/// compares releases; later ones of 3.12 stand between it and 4.4), and of 4.4 (SP2 and SP3).
package struct KGraftRules: Sendable, Hashable {
  /// Which tasks the marking walk puts into the old universe.
  package enum Marking: Sendable, Hashable {
    /// Process leaders whose stack trace has more than two entries; who is in user space counts as
    /// migrated. It looks and marks while the task runs on.
    case leadersInsideKernel
    /// The same with the test turned round, which no kernel ever did.
    case leadersInUserSpace
    /// Every thread, wherever it is.
    case everyThread

    /// The lazy test turned round, where there is one.
    var inverted: Marking {
      switch self {
      case .leadersInsideKernel: .leadersInUserSpace
      case .leadersInUserSpace: .leadersInsideKernel
      case .everyThread: .everyThread
      }
    }
  }

  package enum Generation: String, Sendable, Hashable, CaseIterable {
    /// The series of 2014, before it shipped.
    case first = "2014"
    /// SLE 12, the one that the manual describes.
    case manual = "3.12"
    /// SLE 12 SP2 and SP3, the last that was kGraft proper.
    case current = "4.4"
  }

  package var generation: Generation
  package var marking: Marking
  /// While functions are redirected and tasks marked, a slow stub runs old code and marks whoever
  /// calls it.
  package var hasImmutableWindow = true
  /// The slow stub's first question is whether this is an interrupt, its second the window: an
  /// interrupt follows its CPU even while the window is open.
  package var asksForInterruptsFirst = true
  /// A look that finds tasks left sends each of them a fake signal.
  package var sendsFakeSignals: Bool
  /// Time from the start to the first look, and between looks, in nanoseconds. A transition takes
  /// one of them at least, and ends at a multiple.
  package var lookNanoseconds: Int64 = 2_000_000_000
  /// Kernel threads that are still in the old universe are woken after the marking.
  package var wakesKernelThreads = true
  /// Interrupts are switched, CPU by CPU, before any task is marked; otherwise never.
  package var switchesCPUs = true
  /// …, and not when the window has closed.
  package var switchesCPUsFirst = true
  /// A child begins in its parent's universe.
  package var forkCopiesFlag = true
  /// The flag falls at the kernel's entry, and at its exit.
  package var clearsOnEntry = true
  package var clearsOnExit = true
  /// The slow stub of a variant that is being taken back gives it to who has not migrated.
  package var invertsOnRevert = true
  /// Only the patch on top can be reverted.
  package var revertsLastFirst = true
  package var allowsOneAtATime = true
  /// `replaces all` reverts what it drops in the same transition; else that is cut off at its end.
  package var replacesRevertFirst = true
  /// A module that comes late is patched before its init runs.
  package var patchesLateModules = true
  /// kGraft holds the module of a patch that is applied.
  package var holdsModules = true
  /// The worker is a kernel thread: it looks when some CPU can run it.
  package var workerNeedsCPU = true
  /// What lies below the functions that it drops, and below its own once they are finalised, is the
  /// original, whatever patches they hid (`loc_old = loc_name`).
  package var replaceRestoresOriginals = true
  /// A zombie that is flagged holds nothing up (bnc#1008979, November 2016).
  package var exemptsZombies: Bool
  /// The look that finds tasks left says so each time, not once a transition.
  package var complainsAtEachLook = false
  /// The last stage holds the lock that whoever asks for something has to take.
  package var locksWhileFinalising = true
  /// The line that tells of success comes before the functions are finalised, and before the lock
  /// for that is taken; else after.
  package var announcesBeforeFinalising: Bool
  /// A write to `in_progress` is followed by a look at once, and refused in words when nothing
  /// runs.
  package var forceFinalisesAtOnce = false
  /// A function is known by object, name and position; else by its name, and the first one of
  /// that name is taken.
  package var knowsPositions: Bool
  /// A function that a patch can do without, and that is missing, is left out.
  package var leavesOutWeak = true
  /// A patch may ask for no consistency at all, and is finished at once.
  package var knowsImmediate = true
  /// A patch that says which release it was built for is refused by any other.
  package var comparesReleases: Bool
  /// A first stage that fails puts everything back as it was. Else the stubs that it has put in go,
  /// and nothing comes back: neither those of earlier patches nor what `replaces all` has dropped.
  package var restoresAfterFailure: Bool
  /// A module that can't be patched when it comes is refused, unless `force_load_module` says
  /// otherwise; else it is let in as it is, and there is no such file.
  package var refusesLateModules: Bool

  package init(generation: Generation) {
    self.generation = generation
    switch generation {
    case .first, .manual:
      marking = .leadersInsideKernel
      sendsFakeSignals = false
      exemptsZombies = false
      knowsPositions = false
      announcesBeforeFinalising = true
    case .current:
      marking = .everyThread
      sendsFakeSignals = true
      exemptsZombies = true
      knowsPositions = true
      announcesBeforeFinalising = false
    }
    comparesReleases = generation == .manual
    restoresAfterFailure = generation == .current
    refusesLateModules = generation == .current
    guard generation == .first else { return }
    lookNanoseconds = 30_000_000_000
    complainsAtEachLook = true
    forceFinalisesAtOnce = true
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
  /// A function for which ftrace has nothing to do.
  package var passFunction: Int64 = 100
  package var switchCPU: Int64 = 5_000
  package var markTask: Int64 = 50
  package var closeWindow: Int64 = 100
  package var wakeKernelThread: Int64 = 500
  package var sendFakeSignal: Int64 = 500
  package var look: Int64 = 1_000
  package var finaliseFunction: Int64 = 40_000

  package init() {}
}
