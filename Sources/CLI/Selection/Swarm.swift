import Graft

/// `2/8`: this job's part in a swarm. All jobs search the same scenarios, each in its own way,
/// which follows from its number alone; `graft merge` joins what they have found.
struct Swarm: Sendable {
  var part: SwarmPart

  init?(_ argument: String) {
    let numbers = argument.split(separator: "/", omittingEmptySubsequences: false)
    guard numbers.count == 2, let number = Int(numbers[0]), let count = Int(numbers[1]),
      number >= 1, number <= count
    else { return nil }
    part = SwarmPart(number: number, count: count)
  }

  /// How a job goes through schedules.
  struct Plan: Sendable {
    var strategy: any SearchStrategy
    /// Steps of a schedule at the most; nil: any.
    var depth: Int?
    /// Picks the schedule of a scenario that is run and not searched.
    var runSeed: UInt64
    /// For people.
    var words: String
    /// Of these the reports say which.
    var order: String
  }

  /// The first job goes breadth first, as a search without a swarm: what it can see as a whole is
  /// answered by it alone. Others take turns: depth first, each in an order of its own and every
  /// other time within a bound; by chance; and by priorities with one change of turns, two, three.
  ///
  /// - Parameters:
  ///   - seed: that of the whole swarm.
  ///   - runs: schedules that are picked.
  func plan(seed: UInt64, runs: Int?) -> Plan {
    let own = seed &+ UInt64(part.number)
    let (round, place) = (part.number - 2).quotientAndRemainder(dividingBy: Self.kinds)
    func plan(
      _ strategy: any SearchStrategy, _ order: String, depth: Int? = nil, _ words: String
    ) -> Plan {
      Plan(
        strategy: strategy, depth: depth, runSeed: own &- 1,
        words: "job \(part.number) of \(part.count), \(words)", order: order)
    }
    guard part.number > 1 else { return plan(BreadthFirst(), "breadth", "breadth first") }
    let count = runs ?? Strategy.usualRuns
    func priorities(_ changes: Int) -> Plan {
      var walks = Walks(.priorities, seed: own, count: count)
      walks.changes = changes
      let turns = changes == 1 ? "one change" : "\(changes) changes"
      return plan(walks, "pct", "by priorities with \(turns) of turns, seed \(own)")
    }
    switch place {
    case 0: return plan(DepthFirst(order: own), "depth", "depth first, order \(own)")
    case 1: return priorities(1 + 3 * (round % 2))
    case 2:
      return plan(Walks(.uniform, seed: own, count: count), "random", "by chance, seed \(own)")
    case 3:
      let depth = Self.leastDepth << (round % 6)
      return plan(
        DepthFirst(order: own), "depth", depth: depth,
        "depth first to \(depth) steps, order \(own)")
    case 4: return priorities(2 + 3 * (round % 2))
    default: return priorities(3 + 3 * (round % 2))
    }
  }

  /// Ways of going that the jobs behind the first take turns in.
  private static let kinds = 6
  /// Steps that the first of those who go to a bound look down.
  private static let leastDepth = 64
}
