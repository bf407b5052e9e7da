/// Whether virtual time is kept.
package enum TimeModel: Sendable, Hashable {
  /// Durations are exact, CPUs are as many as stated, the earliest step comes first. A run.
  case kept
  /// Speeds and delays are arbitrary: any step that is possible may come next. The strongest claim
  /// a search can make, and the smallest rows: they hold no clock, no deadline and no CPU.
  case arbitrary
}

/// Where everything stands in the row of one program's worlds; computed once per program.
///
/// A row is `[ globals | operator | interrupt handlers | task 0 | task 1 | … ]`. Tasks come last,
/// so that a row can grow: a longer row of zeros at its end is the same world with room for more.
/// Equal situations are equal words, whatever led to them (`design/architecture.md`, decision 5):
/// a register that no path reads any more is zero, as is everything above the top of a stack and
/// every word of a task that has not been born or is gone.
///
/// A process (task, handler, operator) is a region: its first word is the header with program
/// counter and frame; its stack of registers stands at its end. What every step reads stands at the
/// same place in every program's rows (`Header`, `TimeFields`), so that the compiler knows it.
package struct Layout: Sendable {
  package let time: TimeModel
  /// Whether rows hold a clock, deadlines and CPUs.
  package let keepsTime: Bool

  // Every process.
  package let programCounter: Field
  package var frame: Field { Header.frame }

  // The operator.
  package let operatorOrigin: Int
  package let operatorStack: Int
  package let operatorStackWords: Int
  /// Its status and how far it is with a verb stand among the globals.
  package let operatorStatus: Field
  package let operatorBegan: Field
  /// In a run: how many elements of the list at hand are done.
  package let operatorCursor: Field?

  // Interrupt handlers, one process for each source and CPU.
  package let handlers: [Handler]
  package let handlerActive: Field
  /// In a search whose handlers take locks: slot + 1 of the task whose work it interrupted.
  package let handlerInterrupted: Field?

  // Tasks.
  package let firstTaskOrigin: Int
  package let taskStride: Int
  package let taskStack: Int
  package let taskStackWords: Int
  package let task: TaskFields
  /// Number of tasks alive or gone: the next newcomer's slot.
  package let taskCount: Field

  // Shared things.
  package let variables: [Field]
  /// Of each lock who holds it, as `Layout.number(of:)` counts, or 0.
  package let locks: [Field]
  /// Whether the second one was asked for while the first one was held; only of programs that claim
  /// something of `lock_order`.
  package let lockOrder: [[Field]]
  /// Of each place of each pool, by its handle less 1.
  package let objects: [ObjectFields]
  /// Of each shadow variable, by the object's handle.
  package let shadows: [[Int: ShadowFields]]
  /// In a search whose tasks are bound to CPUs: of each CPU, slot + 1 of the one of them that keeps
  /// it from the others.
  package let occupants: [Field]
  package let armed: [Field]
  /// Of what ends a schedule unasked: whether the scenario has said that it is to come to it. Only
  /// of what some `reach` is about.
  let expected: [Monitor: Field]
  package let logged: [Field]
  /// The log's text, in a run that asks for it.
  package let log: Field?
  /// Kernel code has crashed, and the machine went on: only where somebody can tell.
  package let died: Field?
  /// Taints that somebody has written, where somebody may.
  package let addedTaint: Field?
  /// In a run that asks for it: the longest pause of a task that the engine has caused.
  package let longestPause: Field?
  /// Only where the scenario has to do with packages, or reboots.
  package let disk: DiskFields?
  /// For each module its `ModuleState`; nil for one that never changes.
  package let modules: [Field?]

  /// Only to be used where `keepsTime`; elsewhere its fields stand nowhere.
  package let clock: TimeFields

  // The patching engine's own.
  package let engine: EngineFields

  /// What layouts of both time models have in common, in the same order.
  let timeless: TimelessFields

  package struct Handler: Sendable {
    package let source: Int
    package let cpu: Int
    package let origin: Int
    package let stack: Int
    package let stackWords: Int
  }

  package struct TaskFields: Sendable {
    package var state: Field { Header.state }
    package let function: Field
    package let queue: Field
    package var wakeReason: Field { Header.wakeReason }
    package var inKernel: Field { Header.inKernel }
    package var began: Field { Header.began }
    /// TIF_SIGPENDING: keeps the task from sleeping interruptibly until it has passed the exit
    /// work, where its next step leads from user mode. A fake signal sets it alone.
    package var signalPending: Field { Header.signalPending }
    package let stopPending: Field
    package let fatalPending: Field
    /// One that dumps core is pending: only where that is something else than any fatal one.
    package let dumpPending: Field?
    /// Of a process, in its first thread's words: the signals that have ended it, or will, as a
    /// `sigset_t`; where somebody asks.
    package let endingSignals: Field?
    /// The CPU that it had last, where somebody asks.
    package let lastCPU: Field?
    /// Only where some code turns them off.
    package let interruptsOff: Field?
    package let bottomHalvesOff: Field?
    /// In a search, of one that sleeps for a lock: its place in line, from 1.
    package let placeInLine: Field?
    /// Only where some tasks are bound to one CPU: that one's number + 1.
    package let ownCPU: Field?
    /// A verb on a list has yet to reach this task.
    package let targeted: Field
    /// Only of programs that fork, start threads or reap.
    package let family: FamilyFields?
    /// Only of programs that catch or ignore signals: one for each such signal, in their order.
    package let managed: [ManagedSignalFields]
    /// For each patch two bits: within this kernel entry the task ran its old, its new code.
    package let seen: [SeenFields]
  }

  package struct FamilyFields: Sendable {
    /// Slot + 1 of the process that waits for its end, 0 for init. A thread has that of its
    /// process.
    package let parent: Field
    /// Number of its children, dead or alive.
    package let children: Field
    /// Of a thread that is not its process's first: that one's slot + 1. Only of programs that
    /// start threads.
    package let leader: Field?
  }

  /// What becomes of one signal in a task.
  package struct ManagedSignalFields: Sendable {
    package let signal: Signal
    /// 0: what is usual, 1: nothing, 2 + n: handler n.
    package let disposition: Field
    package let pending: Field
    /// Its handler runs: another one of it has to wait.
    package let blocked: Field
  }

  package struct SeenFields: Sendable {
    package let old: Field
    package let new: Field
  }

  package struct TimeFields: Sendable {
    let cpuCount: Int

    package var now: Word { Word(word: 0) }
    package var nextTicket: Word { Word(word: 1) }
    package var engineDue: Word { Word(word: 2) }
    package var engineTicket: Word { Word(word: 3) }
    /// When the operator's `await` gives up.
    package var awaitLimit: Word { Word(word: 4) }
    /// While a transition is on its way: when it began, + 1; and how long the last one took.
    package var transitionBegan: Word { Word(word: 5) }
    package var transitionTook: Word { Word(word: 6) }
    package var cpus: CPUs { CPUs(firstWord: 7, count: cpuCount) }
    var globalWords: Int { 7 + cpuCount * CPUFields.count }

    /// Of every process: when it does what it does next, and its place among equals.
    package var due: Word { Word(word: 1) }
    package var ticket: Word { Word(word: 2) }
    static let processWords = 2
    /// Of a task: since when it has been in its state, work that a preemption left undone, and the
    /// end of a sleep that a signal broke; in its header, its CPU + 1.
    package var since: Word { Word(word: 3) }
    package var carried: Word { Word(word: 4) }
    package var sleepEnd: Word { Word(word: 5) }
    static let taskWords = 3
    package var cpu: Field { Header.cpu }
  }

  /// Where the row's words about each CPU stand, side by side.
  package struct CPUs: RandomAccessCollection, Sendable {
    let firstWord: Int
    package let count: Int
    package var startIndex: Int { 0 }
    package var endIndex: Int { count }
    package subscript(number: Int) -> CPUFields {
      CPUFields(firstWord: firstWord + number * CPUFields.count)
    }
  }

  package struct CPUFields: Sendable {
    let firstWord: Int
    static let count = 4
    /// Slot + 1 of the task it runs, 0 for idle.
    package var current: Word { Word(word: firstWord) }
    /// Number + 1 of the handler that runs on it.
    package var handler: Word { Word(word: firstWord + 1) }
    package var sliceEnd: Word { Word(word: firstWord + 2) }
    package var handlerBegan: Word { Word(word: firstWord + 3) }
  }

  /// The first word of a task.
  package func origin(of slot: TaskSlot) -> Int { firstTaskOrigin + slot.rawValue * taskStride }

  /// Words of a row with room for that many tasks.
  package func rowWords(tasks: Int) -> Int { firstTaskOrigin + tasks * taskStride }

  /// Tasks that a row of that many words has room for.
  package func taskCapacity(rowWords: Int) -> Int { (rowWords - firstTaskOrigin) / taskStride }
}

/// The fields of a layout that have nothing to do with time.
struct TimelessFields: Sendable, Hashable {
  let globals: [Field]
  let process: [Field]
  let handler: [Field]
  let task: [Field]
}

/// Where a patching engine keeps what it must remember; the engine says how much of each it needs.
package struct EngineFields: Sendable {
  package var globals: [Field] = []
  package var perCPU: [Field] = []
  package var perTask: [Field] = []
  /// All of a task's in one, for a quick look at whether there is anything.
  package var ofTask: Field?
}

/// What a patching engine needs to remember.
package struct EngineDemand: Sendable {
  /// For each global of the engine, its greatest value.
  package var globals: [Int]
  /// Bits for each CPU.
  package var bitsPerCPU: Int
  /// Bits for each task, each a field of its own.
  package var bitsPerTask: Int

  package init(globals: [Int], bitsPerCPU: Int, bitsPerTask: Int) {
    self.globals = globals
    self.bitsPerCPU = bitsPerCPU
    self.bitsPerTask = bitsPerTask
  }
}
