import Machine

/// A task that a transition waits for: where it is, and what would move it and what would not.
///
/// All of it is read off the world and the code ahead of the task. What the code makes certain is a
/// remedy; what it rules out is futile; where it depends on values that are not known here, the
/// remedy says so.
package struct Blocker: Sendable, Hashable {
  package var slot: TaskSlot
  /// What it was started with; a zombie has no other name.
  package var function: FunctionID
  package var isKernelThread: Bool
  package var place: Machine.Place
  /// The functions it is inside of, the innermost first.
  package var stack: [Machine.StackFrame]
  /// Since when it has been in its state; nil where time is arbitrary.
  package var since: Int64?
  /// Of a task that waits for a CPU: who has those that it could take.
  package var cpuHolders: [Runner] = []
  /// The only CPU that it could take, where it is bound to one.
  package var ownCPU: Int?
  /// What the tasks are called that a sentence may name.
  package var names: [TaskSlot: String] = [:]
  /// What signals do to it, of those that are worth a word.
  package var effects: [Signal: Machine.SignalEffect] = [:]
  /// The CPU that it has, and the lock that it spins on there.
  package var cpu: Int?
  package var spunLock: Int?
  /// Who waits for whom, from the task on.
  package var chain: [Link] = []
  /// What handlers are called that a sentence may name, by their number.
  package var handlerNames: [Int: String] = [:]
  package var remedies: [Remedy]
  package var futile: [Futile]

  /// What somebody may do about it, or wait for.
  package enum Measure: Sendable, Hashable {
    /// Its own next steps, with nobody's help.
    case itself
    /// Somebody wakes the sleepers of that queue.
    case wake(queue: Int)
    case timer(Machine.Timer)
    /// Who holds the lock gives it back, and those who came before have had it.
    case unlock(lock: Int, holder: Runner?)
    case signal(Signal)
    /// What the engine does at each of its looks: a fake signal, or a wake-up of a kernel thread.
    case look
    /// The parent reaps the zombie.
    case reap
    /// A child that it waits for ends.
    case childEnd([TaskSlot])
    /// The threads end that keep their process's first one a zombie.
    case threadsEnd([TaskSlot])
    /// The administrator declares everybody migrated.
    case force
  }

  package struct Remedy: Sendable, Hashable {
    package var measure: Measure
    /// False: it depends on values whether the task then comes to the boundary without more help.
    package var isCertain: Bool
    /// Others have to do something, and may: these.
    package var byWayOf: Movers?
  }

  package struct Futile: Sendable, Hashable {
    package var measure: Measure
    package var reason: Reason
  }

  /// Signals that are worth a word: the others stop like SIGSTOP, or do nothing.
  static let signals = Signal.allCases.filter {
    $0.defaultAction != .nothing && ![.TSTP, .TTIN, .TTOU].contains($0)
  }

  /// Why a measure does not help.
  package enum Reason: Sendable, Hashable {
    /// State D: no signal wakes it; a killable sleep only what ends the task.
    case deafSleep, onlyFatal
    /// It dumps core, and a killable sleeper does not wake for that.
    case dumpsCore
    /// Who holds the lock is dead.
    case ownerIsDead
    /// Signals pass a kernel thread by.
    case kernelThread
    /// SIGCONT wakes only what is stopped.
    case notStopped
    /// It is pid 1, and has no handler for it (SIGNAL_UNKILLABLE).
    case unkillable
    /// The program ignores it, or its handler is at work already.
    case ignored
    case stopped, zombie
    /// It would fall asleep again before it comes to a crossing: addresses.
    case sleepsAgain([Int])
    /// The code ahead never comes to a crossing.
    case noCrossing
    /// As things stand it goes round in a loop and never comes to one.
    case goesRound
    /// It does not sleep on that queue.
    case elsewhere
    /// What it waits for (`until`) does not hold.
    case conditionFalse
    /// It spins for a lock, or who has its CPU does.
    case spins(Spinner)
    /// These keep every CPU that it could have.
    case noCPU([Runner])
    /// Nothing ends its sleep by itself.
    case noTimer
    /// A bare wait of a kernel thread: it looks, finds nothing, and sleeps on.
    case bareWait
    /// This generation of the engine does not do it.
    case notDone
    /// Tried: the sleep is not ended by it.
    case sleepsOn
    /// Tried: the machine comes to no later step.
    case endsInDeadlock, endsInCrash
    /// Somebody keeps a CPU whose interrupts have yet to be switched, and until then everybody who
    /// leaves the old universe is marked again.
    case windowStaysOpen
  }
}
