/// Something that happened in one step. Every report, timeline and prompt is a fold over these; a
/// report that needs a fact gets an event for it and never looks into the row.
package struct Event: Sendable, Hashable {
  /// Virtual time in nanoseconds; 0 where time is arbitrary.
  package var time: Int64
  /// Number of the step that it happened in, from 0.
  package var step: Int
  package var kind: Kind

  package init(time: Int64, step: Int, kind: Kind) {
    self.time = time
    self.step = step
    self.kind = kind
  }

  package enum Kind: Sendable, Hashable {
    // Tasks.
    case spawned(TaskSlot, FunctionID)
    case enteredKernel(TaskSlot, systemCall: FunctionID?)
    case leftKernel(TaskSlot, restarting: Bool)
    case slept(TaskSlot, queue: Int?, uninterruptible: Bool)
    case woken(TaskSlot, WakeReason)
    case signalled(TaskSlot, Signal)
    /// The task that it was meant for is gone.
    case signalMissed(TaskSlot, Signal)
    case stopped(TaskSlot)
    case continued(TaskSlot)
    case preempted(TaskSlot)
    case reachedSafePoint(TaskSlot)
    case exited(TaskSlot)
    /// The second one is a copy of the first, or a thread of its process.
    case forked(TaskSlot, TaskSlot, isThread: Bool)
    /// The first one has waited for the end of the second.
    case reaped(TaskSlot?, TaskSlot)
    /// A handler of the program's own begins.
    case caught(TaskSlot, Signal)
    // Code.
    case called(Runner, TracedFunctionID, FunctionID)
    case returned(Runner, FunctionID)
    case worked(Runner, nanoseconds: Int64)
    case stored(Runner, variable: Int, value: Int64)
    case locked(Runner, lock: Int, address: Int)
    case unlocked(Runner, lock: Int)
    /// For the first time since `lock_order` is claimed, somebody who held the one asked for the
    /// other; where it did.
    case lockOrdered(Runner, held: Int, lock: Int, address: Int)
    /// No object: the pool is used up.
    case allocated(Runner, object: Int?)
    case freed(Runner, object: Int)
    case fieldStored(Runner, object: Int, name: Int, value: Int64)
    case shadowStored(Runner, object: Int, shadow: Int)
    case shadowDropped(Runner, object: Int, shadow: Int)
    case oopsed(Oops)
    /// The kernel gives up: what can't be killed has crashed.
    case panicked
    case interruptBegan(handler: Int, cpu: Int)
    case interruptEnded(handler: Int, cpu: Int)
    // Patching.
    case patching(PatchingStage, PatchID)
    case marked(TaskSlot)
    case migrated(TaskSlot, by: MigrationCause)
    case kernelLog(String)
    // The operator.
    case acted(address: Int)
    case requested(address: Int, RequestOutcome)
    case printed(site: Int, String)
    case reported(site: Int, name: String, text: String)
    /// A lesson has said, shown or asked something.
    case cued(cue: Int, text: String)
    /// What a file holds that a lesson shows: when it is opened, and whenever that has changed.
    case fileShown(path: String, content: String)
    case asserted(assertion: Int)
    case checkFailed(assertion: Int)
    case reached(property: Int)
    case finished
    /// A command has ended, with what it has printed.
    case commandEnded(address: Int, line: String, CommandStatus, output: String)
    /// The machine went down with all its tasks, and a kernel starts anew.
    case rebooted
    // Modules.
    case module(ModuleID, ModuleState)
    case lostText(LostText)
    /// A function of a module that comes late is what its patches make of it.
    case moduleFunctionPatched(TracedFunctionID)
  }
}

/// Who ran the code: a task, or an interrupt handler.
package enum Runner: Sendable, Hashable {
  case task(TaskSlot)
  case handler(Int)
}

package enum WakeReason: Int, Sendable, Hashable {
  case woken = 1
  case signal = 2
  case timeout = 3
  /// Somebody else's wake-up: what the task waits for has not come.
  case spurious = 4
}

/// What made a task leave the old universe.
package enum MigrationCause: Sendable, Hashable {
  case kernelEntry, kernelExit
  /// A signal, fake or true, sent it through the exit work from user mode.
  case interruption
  case safePoint
  /// Somebody wrote to `in_progress`.
  case force
  /// It is no more.
  case exit
}

package enum RequestOutcome: Sendable, Hashable {
  case accepted
  case refused(Errno)
}

/// The steps that patching engines take, in their common words.
package enum PatchingStage: Sendable, Hashable {
  case windowOpened(reverting: Bool)
  case functionRedirected(TracedFunctionID)
  /// Nothing is done: it was looked for in vain, or its object is absent and nobody has looked.
  case functionSkipped(TracedFunctionID, wasSought: Bool)
  case inProgress
  case cpuSwitched(Int)
  case marked
  case windowClosed
  case kernelThreadWoken(TaskSlot)
  case looked(stillOld: Int)
  case fakeSignal(TaskSlot)
  case functionFinalised(TracedFunctionID)
  /// A patch's variant of the function begins to be taken back,
  case functionReverting(TracedFunctionID)
  /// and is dead.
  case functionReverted(TracedFunctionID)
  /// After another one's failure it is what it was.
  case functionRestored(TracedFunctionID)
  /// The request ends with that error. Its window closes with it, or stays open for what is half
  /// taken back.
  case failed(Errno, isWindowOpen: Bool)
  case finished
}

/// Takes events, or drops them. A search steps with one that drops, and replays what it found with
/// one that records.
///
/// Of a long run the common events, which every system call makes by the handful, are kept only
/// from a step on, usually near its end; the rare ones, of which the story is made, from the
/// beginning. Neither may fill the memory: past `capacity` events are counted, not kept.
package struct EventSink: Sendable {
  package var isRecording: Bool
  package private(set) var events: [Event] = []
  package var step = 0
  /// The first step whose common events are kept.
  package var commonFrom = 0
  /// Events that were not kept.
  package private(set) var droppedCount = 0

  /// Events held at the most. Enough for any story that a person reads; who takes them away as they
  /// come wants every one.
  package var capacity = 1_000_000
  /// What they may take of the memory that the scenario has.
  package var byteCapacity = Int.max
  private var byteCount = 0

  package init(isRecording: Bool) { self.isRecording = isRecording }

  package mutating func record(_ kind: Event.Kind, at time: Int64) {
    guard events.count < capacity, byteCount < byteCapacity,
      step >= commonFrom || !kind.isCommon
    else {
      droppedCount += 1
      return
    }
    let event = Event(time: time, step: step, kind: kind)
    byteCount += event.byteCount
    events.append(event)
  }

  /// Hands over what has been recorded since the last time; to be called between two steps.
  package mutating func takeEvents() -> [Event] {
    defer { events.removeAll(keepingCapacity: true) }
    byteCount = 0
    return events
  }

  /// Takes back what somebody had taken over.
  package mutating func put(back taken: [Event]) {
    events = taken + events
    byteCount = events.reduce(0) { $0 + $1.byteCount }
  }

  /// Forgets what has been recorded of the step at hand: it will be taken again.
  mutating func forgetStep() {
    while let last = events.last, last.step == step {
      byteCount -= last.byteCount
      events.removeLast()
    }
  }
}

extension Event {
  /// What it takes in a list that grows by doubling, its texts included.
  fileprivate var byteCount: Int {
    let texts =
      switch kind {
      case .kernelLog(let text), .printed(_, let text): text.utf8.count
      case .reported(_, let name, let text): name.utf8.count + text.utf8.count
      case .commandEnded(_, let line, _, let output): line.utf8.count + output.utf8.count
      default: 0
      }
    // A text of up to fifteen bytes needs no memory of its own.
    return 2 * MemoryLayout<Event>.stride + (texts > 15 ? texts + 32 : 0)
  }
}

extension Event.Kind {
  /// Whether ordinary system calls and interrupts make it.
  package var isCommon: Bool {
    switch self {
    case .enteredKernel, .leftKernel, .slept, .woken, .preempted, .reachedSafePoint, .called,
      .returned, .worked, .stored, .locked, .unlocked, .allocated, .freed,
      .fieldStored, .shadowStored, .shadowDropped, .interruptBegan,
      .interruptEnded, .asserted:
      true
    default:
      false
    }
  }
}
