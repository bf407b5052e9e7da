import DequeModule

/// Indexes over a row that keeps time: who is due when, who waits for a CPU, who waits on a queue.
///
/// The row is the truth. A timer's entry counts only while the row still says the same (its ticket
/// is the process's current one), so that nothing is ever removed from the middle;
/// `Machine.rebuildAgenda` makes the same agenda again from the row alone.
package struct Agenda: Sendable {
  /// Two words: when, and whose, with the ticket above the actor, so that the second orders what
  /// the first leaves equal.
  struct Entry: Comparable, Sendable {
    let due: UInt64
    private let code: UInt64

    /// Later than anything that is due.
    @inline(__always) static var never: Entry { Entry(due: .max, code: .max) }

    @inline(__always) private init(due: UInt64, code: UInt64) {
      self.due = due
      self.code = code
    }

    @inline(__always) init(due: UInt64, ticket: UInt64, task slot: TaskSlot) {
      self.init(due: due, code: ticket << Self.actorBits | UInt64(slot.rawValue) << 2 | 3)
    }

    init(due: UInt64, ticket: UInt64, actor: Actor) {
      let number: UInt64 =
        switch actor {
        case .operator: 0
        case .engine: 1
        case .handler(let number): 2 | UInt64(number) << 2
        case .task(let slot): 3 | UInt64(slot.rawValue) << 2
        }
      self.init(due: due, code: ticket << Self.actorBits | number)
    }

    /// The actor has 24 bits: as many tasks as Linux can number. That leaves 40 for the ticket, a
    /// million million of them; after these the order among equals begins anew.
    @inline(__always) private static var actorBits: UInt64 { 24 }

    @inline(__always) var actor: Actor {
      let number = Int(code & (1 << Self.actorBits - 1)) >> 2
      switch code & 3 {
      case 0: return .operator
      case 1: return .engine
      case 2: return .handler(number)
      default: return .task(TaskSlot(number))
      }
    }

    /// Whether this is the ticket that it was made with.
    @inline(__always) func hasTicket(_ ticket: UInt64) -> Bool {
      ticket << Self.actorBits == code & ~(1 << Self.actorBits - 1)
    }

    /// One comparison of both words: without a branch.
    @inline(__always) static func < (left: Entry, right: Entry) -> Bool {
      UInt128(_low: left.code, _high: left.due) < UInt128(_low: right.code, _high: right.due)
    }
    @inline(__always) static func == (left: Entry, right: Entry) -> Bool {
      left.due == right.due && left.code == right.code
    }
  }

  /// A task that waits for a CPU or on a queue, with the ticket it then drew.
  struct Waiter: Sendable {
    let slot: TaskSlot
    let ticket: UInt64
  }

  /// What the tasks do next that have a CPU and are not held up there. Apart from the timers,
  /// because what steps next is nearly always one of those few: a timer then costs a way through
  /// many for each sleep, not one for each step.
  var onCPU: Tournament
  /// Timers of sleepers, interrupts, the engine, the operator: as many as there are tasks.
  var timers = DueHeap()
  var runQueue = Deque<Waiter>()
  /// Of each CPU those who wait for that one alone; empty where nobody is bound to one.
  var ownQueues: [Deque<Waiter>] = []
  var sleepers: [Deque<Waiter>]

  init(queueCount: Int, cpuCount: Int, bindsTasks: Bool) {
    if bindsTasks { ownQueues = Array(repeating: Deque(), count: cpuCount) }
    sleepers = Array(repeating: Deque(), count: queueCount)
    onCPU = Tournament(cpuCount: cpuCount)
  }

  /// When the first entry is due, whether it is current or not.
  var earliestDue: UInt64 { min(timers.first.due, onCPU.first.due) }

  /// Removes the first entry; there must be one.
  mutating func takeEarliest() -> Entry {
    let entry = min(timers.first, onCPU.first)
    if entry == timers.first {
      timers.removeFirst()
    } else {
      onCPU.set(.never, cpu: onCPU.firstCPU)
    }
    return entry
  }
}
