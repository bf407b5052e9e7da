/// The worlds in which the operator waits for a condition, and the steps between them: what it
/// takes to say whether an `await` can be kept waiting for ever.
///
/// An `await` fails if some *weakly fair* continuation never gets there: one in which nobody who
/// could step all the time is passed over for ever. Such a continuation goes round in a strongly
/// connected part of this graph, and conversely a part is one exactly if everybody who can step in
/// all of its worlds does step in one of them: then the way round through all of it is fair, and
/// if not, neither is any way round within it, for whoever is left out there is left out
/// everywhere. The operator's own step leaves the graph, so that a part in which the condition
/// holds all the time is none.
struct WaitingGraph {
  /// For each world that was searched, its first edge; worlds are numbered in search order.
  private var firstEdges: [UInt32] = []
  /// For each of them, the address at which the operator waits, or −1.
  private var addresses: [Int32] = []
  /// Where an edge leads, or `outside`.
  private var targets: [UInt32] = []
  /// Who steps along it.
  private var actors: [UInt8] = []
  /// Actors are told apart by the bits of a word; with more of them there is no answer.
  private(set) var isJudged = true

  private static let outside = UInt32.max

  /// Begins with the next world.
  mutating func begin(waitingAt address: Int?) {
    firstEdges.append(UInt32(targets.count))
    addresses.append(Int32(address ?? -1))
  }

  var isWaiting: Bool { addresses.last.map { $0 >= 0 } ?? false }

  /// A step out of the current world; nil where it ends the waiting, by the operator or by a fault.
  mutating func add(_ target: Int?, actor: Int) {
    guard actor < 64 else {
      isJudged = false
      return
    }
    targets.append(target.map { UInt32($0) } ?? Self.outside)
    actors.append(UInt8(actor))
  }

  /// Bytes in use.
  var byteCount: Int { 5 * targets.count + 8 * addresses.count }

  /// For each address at which some fair continuation waits for ever, the first world of one, which
  /// is one that a shortest schedule leads to.
  func starved() -> [(address: Int, world: Int)] {
    guard isJudged else { return [] }
    var first: [Int: Int] = [:]
    var components = StrongComponents(count: addresses.count) { edges(of: $0) }
    components.visitEach { worlds in
      guard let least = worlds.min(), addresses[least] >= 0, isFair(worlds) else { return }
      let address = Int(addresses[least])
      first[address] = min(least, first[address] ?? .max)
    }
    return first.map { ($0.key, $0.value) }.sorted { $0.world < $1.world }
  }

  private func edgeRange(of world: Int) -> Range<Int> {
    let end = world + 1 < firstEdges.count ? Int(firstEdges[world + 1]) : targets.count
    return Int(firstEdges[world])..<end
  }

  /// The searched worlds that a step leads to. A world that a bound cut off is not among them: it
  /// counts as a way out.
  private func edges(of world: Int) -> [Int] {
    guard addresses[world] >= 0 else { return [] }
    return edgeRange(of: world).compactMap { edge in
      let target = targets[edge]
      return target == Self.outside || Int(target) >= addresses.count ? nil : Int(target)
    }
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
        if targets[edge] != Self.outside, members.contains(Int(targets[edge])) { stepping |= bit }
      }
      always &= possible
    }
    return stepping != 0 && always & ~stepping == 0
  }
}
