import Testing

@testable import Exploration

@Suite struct StrongComponentTests {
  private func components(_ edges: [[Int]]) -> Set<Set<Int>> {
    var found: Set<Set<Int>> = []
    let targets = edges.flatMap { $0 }
    let firsts = edges.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.count) }
    var components = StrongComponents(
      count: edges.count, edges: { firsts[$0]..<firsts[$0 + 1] }, target: { targets[$0] })
    components.visitEach { found.insert(Set($0)) }
    return found
  }

  /// Two nodes are in one component exactly if each can be reached from the other: every graph of
  /// four nodes, against that definition.
  @Test func everyGraphOfFourNodes() {
    for bits in 0..<(1 << 12) {
      var edges: [[Int]] = [[], [], [], []]
      var bit = 0
      for from in 0..<4 {
        for to in 0..<4 where to != from {
          if bits >> bit & 1 == 1 { edges[from].append(to) }
          bit += 1
        }
      }
      let reach = (0..<4).map { reachable(from: $0, edges) }
      let expected = Set(
        (0..<4).map { node in
          Set((0..<4).filter { reach[node].contains($0) && reach[$0].contains(node) })
        })
      #expect(components(edges) == expected, "\(edges)")
    }
  }

  /// A chain longer than any thread's stack is deep.
  @Test func aLongChainNeedsNoStack() {
    let count = 300_000
    var found = 0
    var components = StrongComponents(
      count: count, edges: { $0..<($0 + 1) }, target: { ($0 + 1) % count })
    components.visitEach { found = max(found, $0.count) }
    #expect(found == count)
  }

  private func reachable(from start: Int, _ edges: [[Int]]) -> Set<Int> {
    var seen: Set<Int> = [start]
    var open = [start]
    while let node = open.popLast() {
      for next in edges[node] where seen.insert(next).inserted { open.append(next) }
    }
    return seen
  }
}
