/// The worlds that are of interest beyond what a single step shows, and the steps between them:
/// those in which the operator waits for a condition, and, when the scenario asks for it, those in
/// which a transition is on its way.
///
/// What is asked of it stands beside: who can be kept waiting for ever (`starved`), and from where
/// nothing that can happen finishes the transition (`stalled`).
struct StepGraph {
  /// For each world that was searched, its first edge; worlds are numbered in search order.
  private var firstEdges: [UInt32] = []
  /// For each of them, the address at which the operator waits, or −1.
  private(set) var addresses: [Int32] = []
  /// For each of them, whether a transition is on its way in it, and that is asked about.
  private(set) var isUnderWay: [Bool] = []
  /// For each of them, whether its one edge is a task's own affair that was taken alone. Whoever
  /// else can step there can do so behind it as well.
  private(set) var isAlone: [Bool] = []
  /// Where an edge leads, or `outside`: the schedule ended there. What lies behind a fault that
  /// somebody else's claim made of the step is `unknown`. The edges of a world are
  /// in the order of its choices, so that an edge's place is its choice's number.
  private(set) var targets: [UInt32] = []
  /// Who steps along it; `operator` is the scenario's.
  private(set) var actors: [UInt8] = []
  /// Actors are told apart by the bits of a word; with more of them nobody can say who starves.
  private(set) var tellsActorsApart = true

  /// Actors that get their turn if they could step again and again, whether or not all the time:
  /// what holds them up does so for a while.
  var scheduled: UInt64 = 0

  static let outside = UInt32.max
  /// A number that no world has: as one that a bound cut off, it may lead anywhere.
  static let unknown = UInt32.max - 1
  static let `operator`: UInt8 = 0

  /// Begins with the next world.
  mutating func begin(waitingAt address: Int?, isUnderWay: Bool, isAlone: Bool) {
    firstEdges.append(UInt32(targets.count))
    addresses.append(Int32(address ?? -1))
    self.isUnderWay.append(isUnderWay)
    self.isAlone.append(isAlone)
  }

  /// Whether the current world's steps are wanted.
  var wantsEdges: Bool {
    guard let address = addresses.last, let isUnderWay = isUnderWay.last else { return false }
    return address >= 0 || isUnderWay
  }

  /// Where a step leads.
  enum Target {
    case world(Int)
    /// The scenario is over there, and the world as it was.
    case outside
    /// The search goes no further, for a claim did not hold or code crashed: nobody has seen what
    /// would have come.
    case unknown
  }

  /// The next step out of the current world.
  mutating func add(_ target: Target, actor: Int) {
    if actor >= 64 { tellsActorsApart = false }
    switch target {
    case .world(let number): targets.append(UInt32(number))
    case .outside: targets.append(Self.outside)
    case .unknown: targets.append(Self.unknown)
    }
    actors.append(UInt8(min(actor, Int(UInt8.max))))
  }

  /// Number of worlds that were searched; those that a bound cut off have higher numbers.
  var worldCount: Int { addresses.count }

  /// Bytes in use.
  var byteCount: Int { 5 * targets.count + 10 * addresses.count }

  func edgeRange(of world: Int) -> Range<Int> {
    let end = world + 1 < firstEdges.count ? Int(firstEdges[world + 1]) : targets.count
    return Int(firstEdges[world])..<end
  }
}
