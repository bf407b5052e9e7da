import Machine

/// Which tasks the end of a run is about, where there are more than can be shown: those that are
/// still in the old universe, and those that acted last.
struct Involvement {
  private var born = 0
  /// Those of a boot stand in the places of those before it.
  private var greatestSlot = -1
  private var old: Set<TaskSlot> = []
  /// Tasks in the order in which they last did something, the latest first.
  private var latest: [TaskSlot] = []

  /// Tasks of either sort that are looked for; more lanes nobody has.
  private static let greatestCount = 64

  init(_ events: [Event]) {
    for event in events {
      switch event.kind {
      case .spawned(let slot, _):
        if slot.rawValue > greatestSlot { born += 1 }
        greatestSlot = max(greatestSlot, slot.rawValue)
      case .rebooted: old = []
      case .marked(let slot): old.insert(slot)
      case .migrated(let slot, _), .exited(let slot): old.remove(slot)
      default: break
      }
    }
    var seen: Set<TaskSlot> = []
    for event in events.reversed() {
      guard latest.count < Self.greatestCount else { break }
      if let slot = event.kind.task, seen.insert(slot).inserted { latest.append(slot) }
    }
  }

  /// Nil where all of them can be shown.
  func tasks(upTo count: Int) -> Set<TaskSlot>? {
    guard born > count else { return nil }
    var chosen = Set(old.sorted().prefix(count / 2))
    for slot in latest where chosen.count < count { chosen.insert(slot) }
    for slot in old.sorted() where chosen.count < count { chosen.insert(slot) }
    // There are lanes left for the first ones.
    var next = 0
    while chosen.count < min(count, born) {
      chosen.insert(TaskSlot(next))
      next += 1
    }
    return chosen
  }
}

extension Event.Kind {
  /// The task that did it, or that it was done to.
  fileprivate var task: TaskSlot? {
    switch self {
    case .spawned(let slot, _), .enteredKernel(let slot, _), .leftKernel(let slot, _),
      .slept(let slot, _, _), .woken(let slot, _), .signalled(let slot, _),
      .signalMissed(let slot, _),
      .stopped(let slot),
      .continued(let slot), .preempted(let slot), .reachedSafePoint(let slot), .exited(let slot),
      .caught(let slot, _), .marked(let slot), .migrated(let slot, _), .forked(let slot, _, _):
      slot
    case .called(.task(let slot), _, _), .returned(.task(let slot), _),
      .locked(.task(let slot), _, _), .unlocked(.task(let slot), _):
      slot
    case .lostText(let lost): lost.slot
    default: nil
    }
  }
}
