import Machine
import Patching

/// What a task waits for others to do, and how far a denial goes: nothing is ruled out that others
/// may bring about while the machine goes on.
extension Blocker {
  /// Somebody that a blocker waits for: who holds its lock, or its parent.
  package struct Link: Sendable, Hashable {
    package enum Tie: Sendable, Hashable {
      case holder(lock: Int)
      case parent
    }

    package var tie: Tie
    package var slot: TaskSlot
    package var name: String
    package var place: Machine.Place
    package var isKernelThread: Bool
    package var stack: [Machine.StackFrame]
    package var since: Int64?
    /// What gets it going.
    package var ways: [Way] = []

    package enum Way: Sendable, Hashable {
      case ownSteps
      case wake(queue: Int)
      case timer(Machine.Timer)
      /// Whichever it hears of, or only one that ends it.
      case signal, fatalSignal, resume
      case look
      case childEnd
    }
  }

  /// Links that are followed; longer chains are seldom, and circles are deadlocks.
  private static let greatestChain = 8

  /// Who waits for whom, from the blocker on.
  static func chain(
    from slot: TaskSlot, _ place: Machine.Place, _ machine: Machine,
    _ row: inout MutableSpan<UInt64>
  ) -> [Link] {
    var links: [Link] = []
    var current = (slot: slot, place: place)
    while links.count < greatestChain,
      let (tie, next) = next(after: current.slot, current.place, machine, &row),
      next != slot, !links.contains(where: { $0.slot == next })
    {
      let place = machine.place(of: next, &row)
      let isDead = place == .gone || place == .zombie
      var link = Link(
        tie: tie, slot: next, name: machine.taskName(next, &row), place: place,
        isKernelThread: machine.isKernelThread(next, &row),
        stack: isDead ? [] : machine.stack(of: next, &row), since: machine.since(next, &row))
      link.ways = ways(to: link, machine, &row)
      links.append(link)
      guard !isDead else { break }
      current = (next, place)
    }
    return links
  }

  /// What gets somebody going who is waited for. The engine looks at those in the old universe.
  private static func ways(
    to link: Link, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> [Link.Way] {
    let isLookedAt =
      (machine.engine as? KGraft)?.rules.sendsFakeSignals == true
      && machine.engine.isWaitedFor(link.slot, machine, &row)
    let looks: [Link.Way] = isLookedAt ? [.look] : []
    let signal: [Link.Way] = link.isKernelThread ? [] : [.signal]
    switch link.place {
    case .userMode, .kernel:
      return machine.lockInTheWay(of: link.slot, &row) == nil ? [.ownSteps] : []
    case .waiting(let queue, let manner, let timer):
      let isOpen = manner.isDisjoint(with: [.uninterruptible, .killable])
      let kill: [Link.Way] = manner.contains(.killable) ? [.fatalSignal] : []
      return [.wake(queue: queue)] + (timer == .none ? [] : [.timer(timer)])
        + (isOpen ? signal + (link.isKernelThread ? [] : looks) : kill)
    case .sleeping(let timer):
      return (timer == .none ? [] : [.timer(timer)]) + signal + looks
    case .reaping: return [.childEnd] + signal + looks
    case .stopped: return [.resume]
    case .locked, .zombie, .gone: return []
    }
  }

  private static func next(
    after slot: TaskSlot, _ place: Machine.Place, _ machine: Machine,
    _ row: inout MutableSpan<UInt64>
  ) -> (Link.Tie, TaskSlot)? {
    switch place {
    case .locked(let lock, .task(let holder)?): return (.holder(lock: lock), holder)
    case .userMode, .kernel:
      guard let lock = machine.lockInTheWay(of: slot, &row),
        case .task(let holder)? = machine.holder(of: lock, &row)
      else { return nil }
      return (.holder(lock: lock), holder)
    case .zombie:
      guard machine.liveThreads(of: slot, &row).isEmpty else { return nil }
      return machine.parent(of: slot, &row).map { (.parent, $0) }
    default: return nil
    }
  }
}

/// Goes over what an examination has denied, with everybody else in view.
struct DenialReview {
  let slot: TaskSlot
  let machine: Machine
  let sendsFakeSignals: Bool
  /// Who may get the task going from where it stands.
  let others: Movers
  private let hasThreadAmongThem: Bool
  private let isChangeable: Bool
  /// What it waits for does not hold, and nobody ever changes that.
  private let isHopeless: Bool
  /// The engine's look is a remedy, or may be one: it comes by itself.
  private let isLookedAt: Bool

  init(
    _ slot: TaskSlot, _ machine: Machine, sendsFakeSignals: Bool, isLookedAt: Bool,
    _ row: inout MutableSpan<UInt64>
  ) {
    self.slot = slot
    self.machine = machine
    self.sendsFakeSignals = sendsFakeSignals
    self.isLookedAt = isLookedAt
    others = machine.movers(of: slot, &row)
    let leader = machine.leader(of: slot, &row)
    var hasThread = false
    for task in others.tasks where task != slot && machine.leader(of: task, &row) == leader {
      hasThread = true
    }
    hasThreadAmongThem = hasThread
    let isFalse = machine.conditionHolds(slot, &row) == false
    isChangeable = isFalse && machine.somebodyStores(besides: slot, &row)
    isHopeless = isFalse && !isChangeable
  }

  /// A signal that wakes nobody now is pending: once others have woken the task it keeps it from
  /// its next sleep.
  private func isPendingOfUse(_ row: inout MutableSpan<UInt64>) -> Bool {
    var isWoken = !isHopeless && others.goOn(withLooks: sendsFakeSignals)
    if case .waiting(_, _, let timer) = machine.place(of: slot, &row), timer != .none {
      isWoken = true
    }
    guard isWoken else { return false }
    return machine.outlook(of: slot, waking: .woken, urge: .fatal, &row).crosses
      && !machine.outlook(of: slot, waking: .woken, urge: .nothing, &row).isCertain
  }

  enum Answer {
    case stands
    /// It comes about by itself, or with what these do.
    case perhaps(Movers)
    /// What was denied is another remedy's doing, which is named.
    case dropped
  }

  func review(_ futile: Blocker.Futile, _ row: inout MutableSpan<UInt64>) -> Answer {
    if futile.measure == .itself, isLookedAt { return .dropped }
    // Whoever wakes it then finds it asleep again: nobody makes true what it waits for.
    if isHopeless {
      switch futile.measure {
      case .itself, .wake: return .stands
      default: break
      }
    }
    switch futile.reason {
    case .noCrossing, .notDone, .ownerIsDead: return .stands
    case .sleepsAgain(let addresses):
      let ahead = machine.movers(of: slot, asleepAt: addresses, &row)
      return ahead.goOn(withLooks: sendsFakeSignals) ? .perhaps(ahead) : .stands
    default: break
    }
    switch futile.measure {
    case .itself:
      return others.goOn(withLooks: sendsFakeSignals) ? .perhaps(others) : .stands
    case .look: return others.areLookedAt ? .perhaps(others) : .stands
    case .wake(let queue):
      if others.queues.contains(queue) { return .perhaps(others) }
      return futile.reason == .conditionFalse && isChangeable ? .perhaps(others) : .stands
    case .signal:
      if hasThreadAmongThem { return .perhaps(others) }
      let isPending = [.deafSleep, .onlyFatal, .dumpsCore].contains(futile.reason)
      return isPending && isPendingOfUse(&row) ? .perhaps(others) : .stands
    default: return .stands
    }
  }
}
