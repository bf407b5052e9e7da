/// An `await` fails if some *weakly fair* continuation never gets there: one in which nobody who
/// could step all the time is passed over for ever. Such a continuation goes round in a strongly
/// connected part of the graph of waiting worlds, and conversely a part is one exactly if everybody
/// who can step in all of its worlds does step in one of them: then the way round through all of
/// it is fair, and if not, neither is any way round within it, for whoever is left out there is
/// left out everywhere. The operator's own step leaves the graph, so that a part in which the
/// condition holds all the time is none.
///
/// To whoever is held up for a while fairness is *strong*: it gets its turn if it could step again
/// and again, whether or not all the time. A spinlock serves in the order in which they came, so
/// that a spinner gets it; a handler ends, and whom it broke into goes on before the next tick; of
/// tasks that share a CPU none can step while another is in the middle of kernel code there, but
/// the CPU's scheduler comes round. Where such a one is left out of a part, only what remains of it
/// without the worlds in which that one could step may still be one (Emerson and Lei 1987).
extension StepGraph {
  /// For each address at which some fair continuation waits for ever, the first world of one, which
  /// is one that a shortest schedule leads to.
  ///
  /// - Parameters:
  ///   - exchanged: actors that are interchangeable, so that their numbers say nothing from one
  ///     world to the next.
  ///   - isFairToThem: whether a way round a part passes none of those over.
  func starved(
    exchanging exchanged: UInt64 = 0, isFairToThem: (([Int]) -> Bool)? = nil
  ) -> [Starved] {
    guard tellsActorsApart else { return [] }
    var first: [Int: [Int]] = [:]
    var parts = FairParts(self, exchanged, isFairToThem)
    var components = StrongComponents(
      count: worldCount, edges: { addresses[$0] >= 0 ? edgeRange(of: $0) : 0..<0 },
      target: { staysWaiting($0) ? Int(targets[$0]) : nil })
    components.visitEach { worlds in
      guard let part = parts.fairPart(of: worlds), addresses[part[0]] >= 0 else { return }
      let address = Int(addresses[part[0]])
      if let known = first[address], known[0] < part[0] { return }
      first[address] = part
    }
    return first.map { address, part in
      Starved(
        address: address, world: part[0], loop: tour(of: part),
        passedOver: passedOver(in: part))
    }.sorted { $0.world < $1.world }
  }

  /// An `await` that may wait for ever, from that world on.
  struct Starved {
    var address: Int
    var world: Int
    /// The choices of one way round from there, on which everybody steps who steps in the part.
    var loop: [Int]
    /// Who could step there now and then, and doesn't.
    var passedOver: [Int]
  }

  /// Whether an edge is a step of somebody else's to a searched world, while the operator waits. A
  /// world that a bound cut off is not among them: it counts as a way out.
  func staysWaiting(_ edge: Int) -> Bool {
    actors[edge] != Self.operator && targets[edge] != Self.outside
      && Int(targets[edge]) < worldCount
  }

  /// Who can step in a world.
  func possible(in world: Int) -> UInt64 {
    edgeRange(of: world).reduce(0) { $0 | 1 << UInt64(actors[$1]) }
  }

  // MARK: The way round

  private func inner(_ world: Int, _ members: Set<Int>) -> [Int] {
    edgeRange(of: world).filter { staysWaiting($0) && members.contains(Int(targets[$0])) }
  }

  private func passedOver(in part: [Int]) -> [Int] {
    let members = Set(part)
    var stepping: UInt64 = 0
    var sometimes: UInt64 = 0
    for world in part {
      for edge in inner(world, members) { stepping |= 1 << UInt64(actors[edge]) }
      sometimes |= possible(in: world)
    }
    let left = sometimes & ~stepping & ~(1 << UInt64(Self.operator))
    return (0..<64).filter { left >> UInt64($0) & 1 == 1 }
  }

  /// Once round from the part's first world and back to it.
  private func tour(of part: [Int]) -> [Int] {
    let members = Set(part)
    var missing = Set(part.flatMap { inner($0, members).map { actors[$0] } })
    var choices: [Int] = []
    var current = part[0]
    while !missing.isEmpty {
      let (way, world) = path(from: current, members) { world in
        inner(world, members).contains { missing.contains(actors[$0]) }
      }
      guard let edge = inner(world, members).first(where: { missing.contains(actors[$0]) })
      else { break }
      missing.remove(actors[edge])
      choices += way + [edge - edgeRange(of: world).lowerBound]
      current = Int(targets[edge])
    }
    return choices + path(from: current, members) { $0 == part[0] }.choices
  }

  /// A shortest way within the part to a world that is wanted.
  private func path(
    from start: Int, _ members: Set<Int>, to isWanted: (Int) -> Bool
  ) -> (choices: [Int], world: Int) {
    if isWanted(start) { return ([], start) }
    var ways: [Int: [Int]] = [start: []]
    var queue = [start]
    var next = 0
    while next < queue.count {
      let world = queue[next]
      next += 1
      for edge in inner(world, members) where ways[Int(targets[edge])] == nil {
        let target = Int(targets[edge])
        let way = (ways[world] ?? []) + [edge - edgeRange(of: world).lowerBound]
        if isWanted(target) { return (way, target) }
        ways[target] = way
        queue.append(target)
      }
    }
    return ([], start)
  }
}

/// Finds what of a strongly connected part a fair way round leads through.
private struct FairParts {
  private let graph: StepGraph
  /// For each world, the last part that it was a member of.
  private var marks: [UInt32]
  private var mark: UInt32 = 0
  private let exchanged: UInt64
  private let isFairToThem: (([Int]) -> Bool)?

  init(_ graph: StepGraph, _ exchanged: UInt64, _ isFairToThem: (([Int]) -> Bool)?) {
    self.graph = graph
    self.exchanged = exchanged
    self.isFairToThem = isFairToThem
    marks = Array(repeating: 0, count: graph.worldCount)
  }

  /// In order; nil where there is none.
  mutating func fairPart(of worlds: ArraySlice<Int>) -> [Int]? {
    let (isFair, leftOut) = fairness(of: worlds)
    guard isFair else { return nil }
    guard leftOut != 0 else {
      let part = worlds.sorted()
      return isFairToThem?(part) ?? true ? part : nil
    }
    let rest = worlds.filter { graph.possible(in: $0) & leftOut == 0 }.sorted()
    let places = Dictionary(uniqueKeysWithValues: rest.enumerated().map { ($1, $0) })
    var first: [Int]?
    var components = StrongComponents(
      count: rest.count, edges: { [graph] in graph.edgeRange(of: rest[$0]) },
      target: { [graph] in
        graph.staysWaiting($0) ? places[Int(graph.targets[$0])] : nil
      })
    components.visitEach { part in
      guard let found = fairPart(of: ArraySlice(part.map { rest[$0] })) else { return }
      if let known = first, known[0] < found[0] { return }
      first = found
    }
    return first
  }

  /// Whether a way round passes nobody over who could step all the time, and who of those that have
  /// a scheduler is passed over nevertheless.
  private mutating func fairness(of worlds: ArraySlice<Int>) -> (isFair: Bool, leftOut: UInt64) {
    mark += 1
    for world in worlds { marks[world] = mark }
    var always: UInt64 = .max
    var sometimes: UInt64 = 0
    var stepping: UInt64 = 0
    for world in worlds {
      var possible: UInt64 = 0
      for edge in graph.edgeRange(of: world) {
        let actor: UInt64 = 1 << UInt64(graph.actors[edge])
        possible |= actor
        if graph.staysWaiting(edge), marks[Int(graph.targets[edge])] == mark { stepping |= actor }
      }
      // Whoever else can step where a task's own affair comes first can step behind it.
      if !graph.isAlone[world] { always &= possible }
      sometimes |= possible
    }
    return (
      stepping != 0 && always & ~stepping & ~exchanged == 0,
      sometimes & graph.scheduled & ~stepping & ~exchanged
    )
  }
}
