import Machine

/// One situation of the simulated machine, as a plain value: what each process is doing, what the
/// transition has done, and, in a run, who is due when.
///
/// The second opinion about `Machine`: no packed words, no indexes, no reuse of its code. Slow on
/// purpose; where the two disagree, one of them is wrong.
package struct ReferenceWorld: Hashable, Sendable {
  package var scenario: ReferenceOperator
  package var handlers: [ReferenceHandler]
  package var tasks: [ReferenceTask] = []
  package var variables: [Int64]
  /// Of each lock who holds it, and who sleeps for it, the first in line first.
  package var locks: [ReferenceActor?]
  package var lines: [[Int]]
  /// Which lock was asked for by somebody who held which other, while something is claimed of it.
  package var order: Set<Order> = []
  package var objects: [ReferenceObject]
  /// Where time is arbitrary, of each CPU who is bound to it and in the middle of kernel code.
  package var occupants: [Int: Int] = [:]
  /// Where each of the program's modules stands.
  package var modules: [ModuleState]
  /// Kernel code has crashed, where the operator may read of it.
  package var hasDied = false
  /// Properties that the operator has armed.
  package var armed: Set<Int> = []
  /// What would end a schedule, and no longer does: the operator has said that it is to come.
  package var expected: Set<Monitor> = []
  /// Log patterns that some line has contained.
  package var logged: Set<Int> = []
  /// The log itself, where time is kept.
  package var log: [String] = []
  package var transition: ReferenceTransition
  package var disk = ReferenceDisk()
  /// Nil where time is arbitrary.
  package var time: ReferenceTime?
}

extension ReferenceWorld {
  package struct Order: Hashable, Sendable {
    package var held: Int
    package var wanted: Int
    package init(held: Int, wanted: Int) {
      self.held = held
      self.wanted = wanted
    }
  }
}

/// One call on a process's stack.
package struct ReferenceFrame: Hashable, Sendable {
  package var function: Int
  /// Where it stands; of a frame that has called, where the callee returns to.
  package var address: Int
  package var registers: [Int64]
  /// Of a frame that has called: which of its registers takes the value.
  package var result: Int?
}

package struct ReferenceOperator: Hashable, Sendable {
  package enum Status: Hashable, Sendable { case ready, busy, awaiting, finished }
  package var status = Status.ready
  /// In the middle of a verb that takes more than one step.
  package var hasBegun = false
  /// In a run: elements of the list at hand that are done.
  package var elementsDone = 0
  /// What a request has come to, until the operator takes note of it.
  package var answer: Int64 = 0
  package var stack: [ReferenceFrame] = []
}

/// An interrupt handler on one CPU; an empty stack is one that does not run.
package struct ReferenceHandler: Hashable, Sendable {
  package let source: Int
  package let cpu: Int
  package var stack: [ReferenceFrame] = []
  /// The task that can't go on before it is done, where no CPU tells.
  package var brokenInto: Int?
  package var isActive: Bool { !stack.isEmpty }
}

package struct ReferenceTask: Hashable, Sendable {
  package enum Condition: Hashable, Sendable {
    case runnable, sleeping, uninterruptible, stopped, zombie, gone
  }
  package enum WakeCause: Hashable, Sendable { case woken, signal, timeout, spurious }
  package enum Pending: Hashable, Sendable { case stop, fatal, dump }
  package enum Universe: Hashable, Sendable { case old, new }
  package enum Disposition: Hashable, Sendable {
    case ignored
    case handler(Int)
  }

  package var function: Int
  package var condition = Condition.runnable
  package var stack: [ReferenceFrame] = []
  package var isInKernel = false
  /// Inside a blocking instruction: asleep in it, or awake again and not yet past it.
  package var hasBegun = false
  package var queue: Int?
  package var wakeCause: WakeCause?
  package var pending: Set<Pending> = []
  /// TIF_SIGPENDING.
  package var hasSignalPending = false
  package var areInterruptsOff = false
  package var areBottomHalvesOff = false
  /// A verb on a list has yet to reach it.
  package var isTargeted = false
  /// Signals that are not left to their usual effect, by number.
  package var dispositions: [Int: Disposition] = [:]
  /// Those with a handler that have come and not been handled.
  package var caught: Set<Int> = []
  /// Those whose handler runs.
  package var blocked: Set<Int> = []
  /// The process that waits for it, none: init.
  package var parent: Int?
  /// The one CPU that it runs on, if it is bound to one.
  package var ownCPU: Int?
  /// Of a thread, the first one of its process.
  package var leader: Int?
  /// For each patch, whose code the task ran in this kernel entry.
  package var ran: [Int: Set<Universe>] = [:]
  /// TIF_KGR_IN_PROGRESS.
  package var isOld = false
  /// The walk over the tasks has been here.
  package var isWalked = false

  // In a run.
  package var cpu: Int?
  package var carried: Int64 = 0
  package var sleepEnd: Int64 = 0
  package var since: Int64 = 0

  package var isLive: Bool { condition != .gone && condition != .zombie }

  /// Of a task that is gone: what the operator may still read of its variables.
  package var remains: [Int: Int64] = [:]

  /// Its next step leads through the exit work: a signal is pending and it is in user mode.
  package var isInterrupted: Bool { hasSignalPending && !isInKernel }

  /// Off the task list, without a trace.
  package static let gone: ReferenceTask = {
    var task = ReferenceTask(function: 0)
    task.condition = .gone
    return task
  }()
}

/// What a run has beside: the clock, the CPUs, and everybody's next appointment.
package struct ReferenceTime: Hashable, Sendable {
  package struct CPU: Hashable, Sendable {
    package var task: Int?
    package var handler: Int?
    package var sliceEnd: Int64 = 0
    package var handlerBegan: Int64 = 0
  }
  package struct Appointment: Hashable, Sendable {
    package var actor: ReferenceActor
    package var due: Int64
    package init(actor: ReferenceActor, due: Int64) {
      self.actor = actor
      self.due = due
    }
  }

  package var now: Int64 = 0
  package var cpus: [CPU]
  /// Tasks that want a CPU, the first in line first.
  package var runQueue: [Int] = []
  /// For each wait queue the tasks in it, the longest asleep first.
  package var waiting: [[Int]]
  /// In the order in which they were made, which is the order of those due at one time.
  package var appointments: [Appointment] = []
  package var awaitLimit: Int64 = 0
  /// While a transition is on its way; and how long the last one took.
  package var transitionBegan: Int64?
  package var transitionTook: Int64 = 0
  /// The longest that a task with a CPU had to wait for the engine in it.
  package var longestPause: Int64 = 0
}

package enum ReferenceActor: Hashable, Sendable {
  case scenario
  case engine
  case handler(Int)
  case task(Int)
}

package struct ReferenceChoice: Hashable, Sendable {
  package var actor: ReferenceActor
  package var alternative: Int
  package init(actor: ReferenceActor, alternative: Int = 0) {
    self.actor = actor
    self.alternative = alternative
  }
}

package enum ReferenceFault: Error, Hashable, Sendable {
  case arithmetic(address: Int)
  case negativeCount(address: Int)
  case negativeDuration(address: Int)
  case listIndex(address: Int)
  case deadTask(address: Int)
  case unexpectedOutcome(Int)
  case noClock(address: Int)
  case noLog(address: Int)
  case noTaskVariable(Int)
  case assertionFailed(Int)
  case awaitExpired(Int)
  case violated(property: Int)
  case oops(address: Int)
  case noField(address: Int)
  case deadlock
  case lostText(Int)
  case host(address: Int)
  case unsupported(address: Int)
}

package enum ReferenceOutcome: Hashable, Sendable {
  case running
  case finished
  case faulted(ReferenceFault)
}
