/// What the task on each CPU does next, and which of them is first.
///
/// The first two CPUs have a place of their own: there are seldom more that are busy, for a task
/// takes the idle one with the lowest number. The others are the leaves of a tree whose every node
/// is the earlier of the two below it. A change costs as many looks as the number of CPUs has bits,
/// whoever was there before is gone at once, and nothing is stale.
struct Tournament: Sendable {
  /// `Entry.never` when no task has a CPU.
  private(set) var first = Agenda.Entry.never
  private var zeroth = Agenda.Entry.never
  private var oneth = Agenda.Entry.never
  /// Node 1 is the root, the leaves begin at `leafCount`; node 0 is not used. Empty where there are
  /// no more than two CPUs.
  private var nodes: [Agenda.Entry] = []
  private let leafCount: Int

  init(cpuCount: Int) {
    guard cpuCount > 2 else {
      leafCount = 0
      return
    }
    var leaves = 1
    while leaves < cpuCount - 2 { leaves *= 2 }
    leafCount = leaves
    nodes = Array(repeating: .never, count: 2 * leaves)
  }

  /// Takes the entry, or `Entry.never`, in place of what stood there.
  @inline(__always) mutating func set(_ entry: Agenda.Entry, cpu: Int) {
    switch cpu {
    case 0: zeroth = entry
    case 1: oneth = entry
    default: setLeaf(entry, cpu &- 2)
    }
    first = oneth < zeroth ? oneth : zeroth
    if leafCount > 0, nodes[1] < first { first = nodes[1] }
  }

  private mutating func setLeaf(_ entry: Agenda.Entry, _ leaf: Int) {
    var node = leafCount + leaf
    nodes[node] = entry
    while node > 1 {
      let winner = min(nodes[node], nodes[node ^ 1])
      node /= 2
      nodes[node] = winner
    }
  }

  /// The CPU of what `first` gives.
  var firstCPU: Int {
    if first == zeroth { return 0 }
    if first == oneth { return 1 }
    var node = 1
    while node < leafCount { node = nodes[2 * node] == first ? 2 * node : 2 * node + 1 }
    return node - leafCount + 2
  }
}
