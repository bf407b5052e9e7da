/// The strongly connected components of a graph (Tarjan 1972), with a stack of its own in place of
/// recursion: the graphs of a search are deeper than any thread's stack.
struct StrongComponents {
  private let count: Int
  private let edges: (Int) -> [Int]
  private var indexes: [Int32]
  private var lows: [Int32]
  private var isOpen: [Bool]
  private var open: [Int] = []
  private var next: Int32 = 0

  private struct Frame {
    let node: Int
    let edges: [Int]
    var position = 0
  }

  init(count: Int, edges: @escaping (Int) -> [Int]) {
    self.count = count
    self.edges = edges
    indexes = Array(repeating: -1, count: count)
    lows = Array(repeating: 0, count: count)
    isOpen = Array(repeating: false, count: count)
  }

  /// Calls `visit` with each component. Cost: O(nodes + edges).
  mutating func visitEach(_ visit: ([Int]) -> Void) {
    for node in 0..<count where indexes[node] < 0 { walk(from: node, visit) }
  }

  private mutating func walk(from start: Int, _ visit: ([Int]) -> Void) {
    var frames = [enter(start)]
    while let top = frames.indices.last {
      let node = frames[top].node
      if frames[top].position < frames[top].edges.count {
        let target = frames[top].edges[frames[top].position]
        frames[top].position += 1
        if indexes[target] < 0 {
          frames.append(enter(target))
        } else if isOpen[target] {
          lows[node] = min(lows[node], indexes[target])
        }
        continue
      }
      frames.removeLast()
      if let parent = frames.last?.node { lows[parent] = min(lows[parent], lows[node]) }
      if lows[node] == indexes[node] { visit(close(node)) }
    }
  }

  private mutating func enter(_ node: Int) -> Frame {
    indexes[node] = next
    lows[node] = next
    next += 1
    open.append(node)
    isOpen[node] = true
    return Frame(node: node, edges: edges(node))
  }

  private mutating func close(_ root: Int) -> [Int] {
    var component: [Int] = []
    while let node = open.popLast() {
      isOpen[node] = false
      component.append(node)
      if node == root { break }
    }
    return component
  }
}
