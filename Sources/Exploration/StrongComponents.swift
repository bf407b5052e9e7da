/// The strongly connected components of a graph (Tarjan 1972), with a stack of its own in place of
/// recursion: the graphs of a search are deeper than any thread's stack. Edges are numbers too,
/// those of a node side by side, so that nothing is allocated for a node.
struct StrongComponents {
  private let count: Int
  private let edges: (Int) -> Range<Int>
  private let target: (Int) -> Int?
  private var indexes: [Int32]
  private var lows: [Int32]
  private var isOpen: [Bool]
  private var open: [Int] = []
  private var next: Int32 = 0
  private var frames: [Frame] = []

  private struct Frame {
    let node: Int
    /// The next edge, and the end of the node's.
    var edge: Int
    let end: Int
  }

  /// - Parameters:
  ///   - edges: of a node, the numbers of its edges.
  ///   - target: where an edge leads; nil: out of the graph.
  init(count: Int, edges: @escaping (Int) -> Range<Int>, target: @escaping (Int) -> Int?) {
    self.count = count
    self.edges = edges
    self.target = target
    indexes = Array(repeating: -1, count: count)
    lows = Array(repeating: 0, count: count)
    isOpen = Array(repeating: false, count: count)
  }

  /// Calls `visit` with each component, those first that others lead to. Cost: O(nodes + edges).
  mutating func visitEach(_ visit: (ArraySlice<Int>) -> Void) {
    for node in 0..<count where indexes[node] < 0 { walk(from: node, visit) }
  }

  private mutating func walk(from start: Int, _ visit: (ArraySlice<Int>) -> Void) {
    enter(start)
    while let top = frames.indices.last {
      let node = frames[top].node
      if frames[top].edge < frames[top].end {
        let edge = frames[top].edge
        frames[top].edge += 1
        guard let target = target(edge) else { continue }
        if indexes[target] < 0 {
          enter(target)
        } else if isOpen[target] {
          lows[node] = min(lows[node], indexes[target])
        }
        continue
      }
      frames.removeLast()
      if let parent = frames.last?.node { lows[parent] = min(lows[parent], lows[node]) }
      if lows[node] == indexes[node] { close(node, visit) }
    }
  }

  private mutating func enter(_ node: Int) {
    indexes[node] = next
    lows[node] = next
    next += 1
    open.append(node)
    isOpen[node] = true
    let edges = edges(node)
    frames.append(Frame(node: node, edge: edges.lowerBound, end: edges.upperBound))
  }

  private mutating func close(_ root: Int, _ visit: (ArraySlice<Int>) -> Void) {
    var first = open.count - 1
    while open[first] != root { first -= 1 }
    for member in open[first...] { isOpen[member] = false }
    visit(open[first...])
    open.removeLast(open.count - first)
  }
}
