import Machine

/// One way in which schedules end: what they have reported, and which claims they have not kept.
package struct SearchOutcome: Sendable, Hashable {
  package var figures: [Figure]
  /// The assertions of the checks that did not hold on the way.
  package var failedChecks: [Int]
  /// The properties that the schedule was to come to, and did not.
  package var missed: [Int]
  /// Distinct worlds in which such schedules end, every one of those that differ only in which of
  /// several like tasks is which counted; nil: more than a number can say. Of schedules that were
  /// picked, how many of them end so.
  package var worlds: Int?
  /// A shortest schedule that ends so.
  package var schedule: [Int]
}

extension BreadthFirstSearch {
  /// The ends of schedules by what they are like, the most frequent first.
  mutating func countOutcomes() {
    var numbers: [OutcomeKey: Int] = [:]
    var found: [(key: OutcomeKey, worlds: Int?, first: Int)] = []
    for world in endWorlds.sorted() {
      let key = outcome(of: world)
      let size = store.symmetry.orbit(store.world(world))
      if let number = numbers[key] {
        found[number].worlds = Self.sum(found[number].worlds, size)
      } else {
        numbers[key] = found.count
        found.append((key, size, world))
      }
    }
    var accounts = AccountTable()
    for worker in workers { worker.expander.withLock { accounts.learn($0.accounts) } }
    let outcomes = found.map { key, worlds, first in
      let account = accounts[key.account]
      return SearchOutcome(
        figures: account.figures, failedChecks: account.failedChecks, missed: key.missed,
        worlds: worlds, schedule: schedule(to: first, nil, nil).choices)
    }
    result.outcomes = outcomes.sorted(by: SearchOutcome.precedes)
  }

  private struct OutcomeKey: Hashable {
    var account: UInt64
    var missed: [Int]
  }

  private func outcome(of world: Int) -> OutcomeKey {
    var words = [UInt64](repeating: 0, count: store.cut.rowWords)
    var row = words.mutableSpan
    store.copy(world, to: &row)
    return OutcomeKey(
      account: store.cut.account.map { row[$0] } ?? 0,
      missed: goals.filter { row.isSet(machine.layout.armed[$0]) })
  }

  private static func sum(_ one: Int?, _ other: Int?) -> Int? {
    guard let one, let other else { return nil }
    let (sum, overflows) = one.addingReportingOverflow(other)
    return overflows ? nil : sum
  }
}

extension SearchOutcome {
  /// An order that no reduction changes.
  static func precedes(_ one: SearchOutcome, _ other: SearchOutcome) -> Bool {
    let counts = (one.worlds ?? .max, other.worlds ?? .max)
    if counts.0 != counts.1 { return counts.0 > counts.1 }
    for (left, right) in zip(one.figures, other.figures) where left != right {
      if let left = left.value, let right = right.value { return left < right }
      return (left.name, left.text) < (right.name, right.text)
    }
    if one.failedChecks != other.failedChecks {
      return one.failedChecks.lexicographicallyPrecedes(other.failedChecks)
    }
    return one.missed.lexicographicallyPrecedes(other.missed)
  }
}

extension Symmetry {
  /// How many worlds there are of which this one is kept: those that come of it by exchanging tasks
  /// that may be exchanged, and do differ. Nil: more than a number can say.
  func orbit(_ numbers: [UInt32]) -> Int? {
    var orbit = 1
    for places in groups {
      // n! / (a! b! …), one task after the other; each prefix is a whole number.
      var seen: [UInt32: Int] = [:]
      for (index, place) in places.enumerated() {
        let alike = seen[numbers[place], default: 0] + 1
        seen[numbers[place]] = alike
        let (product, overflows) = orbit.multipliedReportingOverflow(by: index + 1)
        if overflows { return nil }
        orbit = product / alike
      }
    }
    return orbit
  }
}

extension Program {
  /// Whether something is reported, so that schedules may differ in what they say.
  var reports: Bool { instructions.contains { $0.operation == .report } }
}
