/// How far a search has come, so that it can go on another time as if nothing had been between.
///
/// No row stands in it, only which step of which world led to each world first: worlds are made
/// again by these steps, one for each of them, where the search took every step out of every world.
/// So it is small, and whatever its bytes say, no world comes of it that the scenario lacks.
package struct SearchSnapshot: Sendable, Hashable {
  /// Of each world the one that it was reached from first, and by which of its steps. The first
  /// world has 0 for both.
  package var parents: [UInt32] = []
  package var choices: [UInt32] = []
  /// Worlds out of which every step has been taken; breadth first, those with the lowest numbers.
  package var expanded = 0
  /// The level that is gone through ends before that world.
  package var levelEnd = 1
  /// Where the steps lead that are still asked about, world by world, as the graph has it.
  package var targets: [UInt32] = []
  /// Depth first: the worlds that are left, and where somebody waits.
  package var open: [UInt32] = []
  package var awaited: [Int] = []
  package var isDepthFirst = false
  package var isCutOff = false
  /// Worlds in which schedules end, and those in which the scenario does.
  package var ends: [UInt32] = []
  package var endWorlds: [UInt32] = []

  package var depth = 0
  package var transitions = 0
  package var alone = 0
  package var flaws: [Found] = []
  package var completion: [Int]?
  package var held: [Int: [Int]] = [:]
  package var reached: [Int: [Int]] = [:]
  package var missing: [Int: [Int]] = [:]
  package var missed: [Int] = []

  /// A flaw by the schedule that shows it: what its last step comes to says the rest.
  package struct Found: Sendable, Hashable {
    package enum Kind: UInt8, Sendable { case fault, deadEnd, checkFailed }
    package var kind: Kind
    /// The address of a dead end, the assertion of a check.
    package var number: Int
    package var schedule: [Int]
  }

  /// Why it can't be gone on from.
  package struct Mistake: Error, Sendable, Hashable {
    package var reason: String

    static let damaged = Mistake(reason: "it is damaged")
  }

  /// Distinct worlds that the search had met.
  package var states: Int { parents.count }
  /// Steps of the longest schedule that it had looked at.
  package var depthReached: Int { depth }
}

/// Somebody who keeps how far a search is.
package struct SearchKeeping: Sendable {
  /// Asked now and then whether it is time to.
  package var isDue: @Sendable () -> Bool
  /// Called then, and when a bound ends the search.
  package var keep: @Sendable (SearchSnapshot) -> Void

  package init(
    isDue: @escaping @Sendable () -> Bool, keep: @escaping @Sendable (SearchSnapshot) -> Void
  ) {
    self.isDue = isDue
    self.keep = keep
  }
}
