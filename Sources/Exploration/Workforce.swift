import Machine
import Synchronization

/// Who does the work of a search: as many threads as the caller has for it. How many there are
/// changes nothing of what is found, nor in which order.
package protocol Workforce: Sendable {
  /// Hands at work at once, at least one.
  var count: Int { get }
  /// Calls `work` with each number below `count`, at the same time, and comes back when all of
  /// them are done.
  func each(_ work: @escaping @Sendable (Int) -> Void)
}

/// The one who asks does the work.
package struct SingleHand: Workforce {
  package init() {}
  package var count: Int { 1 }
  package func each(_ work: @escaping @Sendable (Int) -> Void) { work(0) }
}

/// One of those who take the steps: what it needs for that is its own.
final class Worker: Sendable {
  let expander: Mutex<Expander>
  init(_ expander: Expander) { self.expander = Mutex(expander) }
}

/// A stretch of worlds whose steps somebody takes, and what they lead to.
final class Stretch: Sendable {
  let harvest: Mutex<Harvest>
  init(_ cut: RowCut) { harvest = Mutex(Harvest(cut)) }
}

/// Several workers on several stretches: each takes the next one that is left.
///
/// While they are at work nobody writes to the store. A stretch's harvest is the same whoever
/// takes it, and harvests are taken in by the order of their worlds: so numbers, counts and
/// witnesses are the same with any number of workers.
struct Round: Sendable {
  let workers: [Worker]
  let stretches: [Stretch]
  /// The worlds of each stretch; those beyond their number stay empty.
  let worlds: [Range<Int>]
  private let next = Counter()

  init(workers: [Worker], stretches: [Stretch], worlds: [Range<Int>]) {
    self.workers = workers
    self.stretches = stretches
    self.worlds = worlds
  }

  private final class Counter: Sendable {
    let value = Atomic<Int>(0)
  }

  func work(_ number: Int, on store: WorldStore) {
    workers[number].expander.withLock { expander in
      while true {
        let place = next.value.add(1, ordering: .relaxed).oldValue
        guard place < worlds.count else { return }
        stretches[place].harvest.withLock { harvest in
          harvest.removeAll()
          expander.expand(worlds[place], of: store, into: &harvest)
        }
      }
    }
  }
}
