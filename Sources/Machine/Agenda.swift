import DequeModule
import HeapModule

/// Indexes over a row that keeps time: who is due when, who waits for a CPU, who waits on a queue.
///
/// The row is the truth. An entry counts only while the row still says the same (its ticket is the
/// process's current one), so that nothing is ever removed from the middle; `Machine.rebuildAgenda`
/// makes the same agenda again from the row alone.
package struct Agenda: Sendable {
  struct Entry: Comparable, Sendable {
    let due: UInt64
    let ticket: UInt64
    /// Packed: a heap of four million of these moves a third less.
    private let code: UInt64

    init(due: UInt64, ticket: UInt64, actor: Actor) {
      self.due = due
      self.ticket = ticket
      code =
        switch actor {
        case .operator: 0
        case .engine: 1
        case .handler(let number): 2 | UInt64(number) << 2
        case .task(let slot): 3 | UInt64(slot.rawValue) << 2
        }
    }

    var actor: Actor {
      switch code & 3 {
      case 0: .operator
      case 1: .engine
      case 2: .handler(Int(code >> 2))
      default: .task(TaskSlot(Int(code >> 2)))
      }
    }

    static func < (left: Entry, right: Entry) -> Bool {
      left.due < right.due || (left.due == right.due && left.ticket < right.ticket)
    }
    static func == (left: Entry, right: Entry) -> Bool {
      left.due == right.due && left.ticket == right.ticket
    }
  }

  /// A task that waits for a CPU or on a queue, with the ticket it then drew.
  struct Waiter: Sendable {
    let slot: TaskSlot
    let ticket: UInt64
  }

  /// What the tasks that have a CPU do next: a handful, whose entries come and go with every step.
  private var onCPU = Heap<Entry>()
  /// Timers of sleepers, interrupts, the engine, the operator: as many as there are tasks.
  private var others = Heap<Entry>()
  var runQueue = Deque<Waiter>()
  var sleepers: [Deque<Waiter>]

  init(queueCount: Int) {
    sleepers = Array(repeating: Deque(), count: queueCount)
  }

  /// The earliest entry, and among equals the one with the lowest ticket.
  var earliest: Entry? {
    guard let near = onCPU.min else { return others.min }
    guard let far = others.min else { return near }
    return near < far ? near : far
  }

  /// - Parameter isOnCPU: whether it is that of a task which has a CPU. Two heaps because what
  ///   steps next is nearly always one of those few: a timer then costs one long way through a
  ///   heap of many for each sleep, not one for each step.
  mutating func insert(_ entry: Entry, isOnCPU: Bool) {
    if isOnCPU { onCPU.insert(entry) } else { others.insert(entry) }
  }

  /// Removes what `earliest` gives.
  mutating func removeEarliest() {
    guard let near = onCPU.min else {
      _ = others.popMin()
      return
    }
    if let far = others.min, far < near { others.removeMin() } else { onCPU.removeMin() }
  }

  /// Takes these entries in place of all others.
  mutating func replaceAll(with entries: [Entry]) {
    onCPU = Heap()
    others = Heap(entries)
  }
}
