/// An `await` fails if some *weakly fair* continuation never gets there: one in which nobody who
/// could step all the time is passed over for ever. Such a continuation goes round in a strongly
/// connected part of the graph of waiting worlds, and conversely a part is one exactly if everybody
/// who can step in all of its worlds does step in one of them: then the way round through all of
/// it is fair, and if not, neither is any way round within it, for whoever is left out there is
/// left out everywhere. The operator's own step leaves the graph, so that a part in which the
/// condition holds all the time is none.
extension StepGraph {
  /// For each address at which some fair continuation waits for ever, the first world of one, which
  /// is one that a shortest schedule leads to.
  func starved() -> [(address: Int, world: Int)] {
    guard tellsActorsApart else { return [] }
    var first: [Int: Int] = [:]
    var components = StrongComponents(count: worldCount) { waitingSteps(of: $0) }
    components.visitEach { worlds in
      guard let least = worlds.min(), addresses[least] >= 0, isFair(worlds) else { return }
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

  private func isFair(_ worlds: [Int]) -> Bool {
    let members = Set(worlds)
    var always: UInt64 = .max
    var stepping: UInt64 = 0
    for world in worlds {
      var possible: UInt64 = 0
      for edge in edgeRange(of: world) {
        let bit: UInt64 = 1 << UInt64(actors[edge])
        possible |= bit
        if staysWaiting(edge), members.contains(Int(targets[edge])) { stepping |= bit }
      }
      always &= possible
    }
    return stepping != 0 && always & ~stepping == 0
  }
}
