/// A transition is stalled in a world from which no continuation finishes it, whoever steps
/// whenever. Fairness plays no part in that: where nothing can finish it, no fair continuation can.
/// But the loop that is shown is a fair one: it lies in a part of the graph that no step leaves,
/// and everybody who steps there at all has a step on the way round.
struct Stalled {
  private let graph: StepGraph
  /// For each searched world, whether the transition can still finish from there, or none is on
  /// its way.
  private var canFinish: [Bool]
  /// For each of them, whether no step leads out of its strongly connected part.
  private var isLast: [Bool]
  private var componentOf: [Int32]

  init(_ graph: StepGraph) {
    self.graph = graph
    var canFinish = Array(repeating: true, count: graph.worldCount)
    var isLast = Array(repeating: false, count: graph.worldCount)
    var componentOf = Array(repeating: Int32(-1), count: graph.worldCount)
    var number: Int32 = 0
    var components = StrongComponents(
      count: graph.worldCount, edges: { graph.isUnderWay[$0] ? graph.edgeRange(of: $0) : 0..<0 },
      target: { Self.target(of: $0, graph) })
    // Components come in an order in which those that a step leads to are known already.
    components.visitEach { worlds in
      defer { number += 1 }
      for world in worlds { componentOf[world] = number }
      guard graph.isUnderWay[worlds[worlds.startIndex]] else { return }
      var finishes = false
      var leaves = false
      for world in worlds {
        for edge in graph.edgeRange(of: world) where graph.targets[edge] != StepGraph.outside {
          let target = Int(graph.targets[edge])
          // A world that a bound cut off, or a claim, may lead anywhere.
          guard target < graph.worldCount, graph.isUnderWay[target] else {
            finishes = true
            continue
          }
          guard componentOf[target] != number else { continue }
          leaves = true
          finishes = finishes || canFinish[target]
        }
      }
      for world in worlds {
        canFinish[world] = finishes
        isLast[world] = !leaves && !finishes
      }
    }
    self.canFinish = canFinish
    self.isLast = isLast
    self.componentOf = componentOf
  }

  /// Where an edge leads, as long as the transition is on its way.
  private static func target(of edge: Int, _ graph: StepGraph) -> Int? {
    let target = graph.targets[edge]
    guard target != StepGraph.outside, Int(target) < graph.worldCount,
      graph.isUnderWay[Int(target)]
    else { return nil }
    return Int(target)
  }

  /// Whether no continuation of that world finishes its transition.
  func contains(_ world: Int) -> Bool { world < canFinish.count && !canFinish[world] }

  /// The worlds from which none does, those with the shortest schedules first.
  var worlds: [Int] { canFinish.indices.filter { !canFinish[$0] } }

  // MARK: The lasso

  /// From a stalled world: the choices that lead to where it goes round, and those of one way round
  /// that passes nobody over; the second is empty where nobody can step at all.
  func lasso(from world: Int) -> (approach: [Int], loop: [Int]) {
    let (approach, start) = path(from: world) { isLast[$0] }
    var loop: [Int] = []
    var current = start
    var missing = Set(edges(within: start).map { graph.actors[$0.edge] })
    while !missing.isEmpty {
      let (way, next) = path(from: current) { candidate in
        own(candidate, start).contains { missing.contains(graph.actors[$0]) }
      }
      guard let edge = own(next, start).first(where: { missing.contains(graph.actors[$0]) })
      else { break }
      missing.remove(graph.actors[edge])
      loop += way + [edge - graph.edgeRange(of: next).lowerBound]
      current = Int(graph.targets[edge])
    }
    let (back, _) = path(from: current) { $0 == start }
    return (approach, loop + back)
  }

  /// Every edge of the part that a world lies in.
  private func edges(within start: Int) -> [(world: Int, edge: Int)] {
    canFinish.indices.filter { componentOf[$0] == componentOf[start] }.flatMap { world in
      own(world, start).map { (world, $0) }
    }
  }

  /// The edges of a world that stay within the part of `start`.
  private func own(_ world: Int, _ start: Int) -> [Int] {
    guard componentOf[world] == componentOf[start] else { return [] }
    return graph.edgeRange(of: world).filter { edge in
      let target = graph.targets[edge]
      return target != StepGraph.outside && Int(target) < graph.worldCount
        && componentOf[Int(target)] == componentOf[start]
    }
  }

  /// A shortest way over worlds with a transition on its way to one that is wanted.
  private func path(
    from start: Int, to isWanted: (Int) -> Bool
  ) -> (choices: [Int], world: Int) {
    if isWanted(start) { return ([], start) }
    var origin: [Int: (world: Int, choice: Int)] = [start: (-1, 0)]
    var queue = [start]
    var next = 0
    while next < queue.count {
      let world = queue[next]
      next += 1
      for (choice, edge) in graph.edgeRange(of: world).enumerated() {
        let target = graph.targets[edge]
        guard target != StepGraph.outside, Int(target) < graph.worldCount,
          graph.isUnderWay[Int(target)], origin[Int(target)] == nil
        else { continue }
        origin[Int(target)] = (world, choice)
        guard !isWanted(Int(target)) else { return (choices(to: Int(target), origin), Int(target)) }
        queue.append(Int(target))
      }
    }
    return ([], start)
  }

  private func choices(
    to world: Int, _ origin: [Int: (world: Int, choice: Int)]
  ) -> [Int] {
    var choices: [Int] = []
    var current = world
    while let (before, choice) = origin[current], before >= 0 {
      choices.append(choice)
      current = before
    }
    return choices.reversed()
  }
}
