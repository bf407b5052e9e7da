/// An `await` fails if some *weakly fair* continuation never gets there: one in which nobody who
/// could step all the time is passed over for ever. Such a continuation goes round in a strongly
/// connected part of the graph of waiting worlds, and conversely a part is one exactly if everybody
/// who can step in all of its worlds does step in one of them: then the way round through all of
/// it is fair, and if not, neither is any way round within it, for whoever is left out there is
/// left out everywhere. The operator's own step leaves the graph, so that a part in which the
/// condition holds all the time is none.
///
/// Of tasks that share a CPU none can step while another is in the middle of kernel code there: to
/// them fairness is *strong*, for the CPU's scheduler comes round. Where such a task is left out of
/// a part, only what remains of it without the worlds in which that task could step may still be
/// one (Emerson and Lei 1987).
extension StepGraph {
  /// For each address at which some fair continuation waits for ever, the first world of one, which
  /// is one that a shortest schedule leads to.
  func starved() -> [(address: Int, world: Int)] {
    guard tellsActorsApart else { return [] }
    var first: [Int: Int] = [:]
    var components = StrongComponents(count: worldCount) { waitingSteps(of: $0) }
    components.visitEach { worlds in
      guard let least = fairPart(of: worlds), addresses[least] >= 0 else { return }
      let address = Int(addresses[least])
      first[address] = min(least, first[address] ?? .max)
    }
    return first.map { ($0.key, $0.value) }.sorted { $0.world < $1.world }
  }

  /// The searched worlds that a step of somebody else leads to while the operator waits. A world
  /// that a bound cut off is not among them: it counts as a way out.
  private func waitingSteps(of world: Int) -> [Int] {
    guard addresses[world] >= 0 else { return [] }
    return edgeRange(of: world).compactMap { staysWaiting($0) ? Int(targets[$0]) : nil }
  }

  private func staysWaiting(_ edge: Int) -> Bool {
    actors[edge] != Self.operator && targets[edge] != Self.outside
      && Int(targets[edge]) < worldCount
  }

  /// The first world of a fair way round within a strongly connected part, if there is one.
  private func fairPart(of worlds: [Int]) -> Int? {
    let (isFair, leftOut) = fairness(of: worlds)
    guard isFair else { return nil }
    guard leftOut != 0 else { return worlds.min() }
    let rest = worlds.filter { possible(in: $0) & leftOut == 0 }.sorted()
    let places = Dictionary(uniqueKeysWithValues: rest.enumerated().map { ($1, $0) })
    var least: Int?
    var components = StrongComponents(count: rest.count) { place in
      waitingSteps(of: rest[place]).compactMap { places[$0] }
    }
    components.visitEach { part in
      guard let found = fairPart(of: part.map { rest[$0] }) else { return }
      least = min(found, least ?? .max)
    }
    return least
  }

  private func possible(in world: Int) -> UInt64 {
    edgeRange(of: world).reduce(0) { $0 | 1 << UInt64(actors[$1]) }
  }

  /// Whether a way round passes nobody over who could step all the time, and who of those that have
  /// a scheduler is passed over nevertheless.
  private func fairness(of worlds: [Int]) -> (isFair: Bool, leftOut: UInt64) {
    let members = Set(worlds)
    var always: UInt64 = .max
    var sometimes: UInt64 = 0
    var stepping: UInt64 = 0
    for world in worlds {
      for edge in edgeRange(of: world)
      where staysWaiting(edge) && members.contains(Int(targets[edge])) {
        stepping |= 1 << UInt64(actors[edge])
      }
      always &= possible(in: world)
      sometimes |= possible(in: world)
    }
    return (stepping != 0 && always & ~stepping == 0, sometimes & scheduled & ~stepping)
  }
}
