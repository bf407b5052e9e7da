import Machine

/// What has happened in a session, as far as anybody may still ask: the rare events from the
/// beginning, the ordinary ones of the last stretch.
package struct Chronicle: Sendable {
  package private(set) var events: [Event] = []
  /// The first step whose ordinary events are all here.
  package private(set) var ordinaryFrom = 0

  /// Events held at the most; beyond it half of the ordinary ones go, the oldest first.
  private static let capacity = 400_000

  mutating func add(_ more: [Event]) {
    events += more
    guard events.count > Self.capacity, let last = events.last?.step else { return }
    let first = events[events.count / 2].step
    ordinaryFrom = min(first, last)
    let limit = ordinaryFrom
    events.removeAll { $0.step < limit && $0.kind.isCommon }
  }

  mutating func cut(toStep step: Int) {
    while let last = events.last, last.step >= step { events.removeLast() }
  }

  mutating func removeAll() {
    events = []
    ordinaryFrom = 0
  }

  /// What has happened from a step on.
  package func events(from step: Int) -> ArraySlice<Event> {
    var (low, high) = (0, events.count)
    while low < high {
      let middle = (low + high) / 2
      if events[middle].step < step { low = middle + 1 } else { high = middle }
    }
    return events[low...]
  }
}
