import Machine

/// Of all schedules that show a flaw in as few steps as any does, one in which the fewest turns end
/// although whoever has them could go on; of those one with the fewest tasks, and then the fewest
/// turns. Exact, or nothing.
///
/// A way to the flaw that is a shortest one passes, with its n-th step, a world that no way leads
/// to sooner: so it lies in the graph whose levels are the levels of a breadth-first search. That
/// is gone through forwards and cut back to what leads to the flaw. Then, level by level, the
/// cheapest way is kept to each world, for each who may have stepped last and each set of tasks
/// that have stepped: what a way costs from there on hangs on nothing else.
package struct WitnessMinimum {
  let machine: Machine
  let limits: Limits
  private let capacity: Int
  var workspace: Workspace
  var stepsLeft: Int

  package struct Cost: Comparable, Sendable, Hashable {
    /// Turns that end although whoever has them could go on.
    package var preemptions = 0
    /// Tasks that step.
    package var tasks = 0
    package var turns = 0

    package static let none = Cost()

    package static func < (left: Cost, right: Cost) -> Bool {
      (left.preemptions, left.tasks, left.turns) < (right.preemptions, right.tasks, right.turns)
    }
  }

  /// - Parameters:
  ///   - machine: one for arbitrary time.
  ///   - tasks: the most that there are on the way.
  ///   - steps: no more than that many are taken: people wait for it.
  package init(_ machine: Machine, tasks: Int, limits: Limits, steps: Int = 60_000) {
    self.machine = machine
    self.limits = limits
    capacity = tasks
    stepsLeft = steps
    workspace = Workspace(program: machine.program, recording: false, limits: limits)
  }

  /// Nil where it would take too many steps to know, or no step shows the flaw.
  ///
  /// - Parameter witness: one that is as short as any.
  package mutating func minimum(of witness: Witness) -> (witness: Witness, cost: Cost)? {
    guard witness.lasso == nil, !witness.schedule.isEmpty, capacity <= 64 else { return nil }
    switch witness.flaw {
    case .starved, .stalled: return nil
    case .fault, .deadEnd, .checkFailed: break
    }
    workspace = Workspace(program: machine.program, recording: false, limits: limits)
    guard let graph = levels(to: witness.flaw, length: witness.schedule.count) else { return nil }
    // A step without room for its tasks may have been the last one that was allowed.
    guard stepsLeft > 0 else { return nil }
    return graph.cheapest().map { way in
      (witness.going(way.numbers, to: way.flaw), way.cost)
    }
  }

  // MARK: The graph of shortest ways

  /// A step between two levels.
  struct Edge {
    var number: Int
    var actor: Actor
    /// A world of the next level; nil: it shows the flaw.
    var target: Int?
    var flaw: Flaw?
  }

  struct Levels {
    /// Of each world the steps that lead on, and who can step.
    var edges: [[Edge]] = []
    var possible: [Set<Actor>] = []
    var starts: [Int] = [0]
  }

  private mutating func levels(to flaw: Flaw, length: Int) -> Levels? {
    var graph = Levels()
    var worlds = [begin()]
    var known: [[UInt64]: Int] = [worlds[0]: 0]
    var next = 0
    for level in 1...length {
      let end = worlds.count
      while next < end {
        let world = worlds[next]
        next += 1
        var edges: [Edge] = []
        let choices = possible(world)
        for (number, choice) in choices.enumerated() {
          guard stepsLeft > 0 else { return nil }
          var words = world
          var edge = Edge(number: number, actor: choice.actor)
          switch step(choice, &words, to: flaw) {
          case .lost: continue
          case .shown(let found):
            guard level == length else { continue }
            edge.flaw = found
          case .went:
            guard level < length else { continue }
            if let place = known[words] {
              guard place >= end else { continue }
              edge.target = place
            } else {
              edge.target = worlds.count
              known[words] = worlds.count
              worlds.append(words)
            }
          }
          edges.append(edge)
        }
        graph.edges.append(edges)
        graph.possible.append(Set(choices.map(\.actor)))
      }
      graph.starts.append(end)
    }
    return graph
  }

  // MARK: Steps

  mutating func begin() -> [UInt64] {
    machine.initialRow(taskCapacity: capacity, &workspace)
  }

  mutating func possible(_ world: [UInt64]) -> [Choice] {
    var words = world
    var row = words.mutableSpan
    var choices: [Choice] = []
    machine.forEachChoice(&row, &workspace) { choices.append($0) }
    return choices
  }

  enum Outcome {
    case went
    case shown(Flaw)
    /// The schedule ends otherwise.
    case lost
  }

  mutating func step(
    _ choice: Choice, _ words: inout [UInt64], to flaw: Flaw
  ) -> Outcome {
    stepsLeft -= 1
    workspace.fuel.restart(operations: limits.operations)
    workspace.outputBytes = 0
    workspace.failedChecks.removeAll()
    workspace.figures.removeAll()
    var row = words.mutableSpan
    _ = machine.step(choice, &row, &workspace)
    defer { workspace.fault = nil }
    if let fault = workspace.fault {
      // Without room for its tasks a world can't be gone on from, and nothing is known.
      if case .needsCapacity = fault { stepsLeft = 0 }
      guard case .fault = flaw, FlawKey(.fault(fault)) == FlawKey(flaw) else { return .lost }
      return .shown(.fault(fault))
    }
    let isOver = row[machine.layout.operatorStatus] == OperatorStatus.finished.rawValue
    switch flaw {
    case .checkFailed(let assertion):
      let isIt = workspace.failedChecks.contains { $0.assertion == assertion }
      return isIt ? .shown(flaw) : isOver ? .lost : .went
    case .deadEnd(let address):
      var isDead = true
      machine.forEachChoice(&row, &workspace) { _ in isDead = false }
      guard isDead else { return isOver ? .lost : .went }
      let layout = machine.layout
      let isIt = Int(row[layout.programCounter, at: layout.operatorOrigin]) == address
      return isIt ? .shown(flaw) : .lost
    case .fault, .starved, .stalled:
      return isOver ? .lost : .went
    }
  }
}

// MARK: The cheapest way

extension WitnessMinimum.Levels {
  struct Way {
    var numbers: [Int]
    var cost: WitnessMinimum.Cost
    var flaw: Flaw
  }

  /// What the rest of a way hangs on.
  private struct Place: Hashable {
    var world: Int
    var last: Actor?
    var tasks: UInt64
  }

  private struct Step {
    var cost: WitnessMinimum.Cost
    var origin: Int
    var number: Int
  }

  /// Ways to a level that are too many to keep.
  private static let greatestWays = 200_000

  func cheapest() -> Way? {
    let isUseful = useful()
    guard isUseful.first == true else { return nil }
    var layers: [[(place: Place, step: Step)]] = [
      [(Place(world: 0, tasks: 0), Step(cost: .init(), origin: -1, number: 0))]
    ]
    var best: (step: Step, flaw: Flaw)?
    while let layer = layers.last, !layer.isEmpty {
      guard layer.count < Self.greatestWays else { return nil }
      var next: [(place: Place, step: Step)] = []
      var known: [Place: Int] = [:]
      for (origin, (place, step)) in layer.enumerated() {
        for edge in edges[place.world] {
          if let target = edge.target, !isUseful[target] { continue }
          let tasks = place.tasks | edge.task
          var cost = step.cost
          if let last = place.last, last != edge.actor {
            cost.turns += 1
            if possible[place.world].contains(last) { cost.preemptions += 1 }
          }
          cost.tasks = tasks.nonzeroBitCount
          let made = Step(cost: cost, origin: origin, number: edge.number)
          guard let target = edge.target else {
            if let flaw = edge.flaw, best.map({ cost < $0.step.cost }) ?? true {
              best = (made, flaw)
            }
            continue
          }
          let reached = Place(world: target, last: edge.actor, tasks: tasks)
          if let number = known[reached] {
            if cost < next[number].step.cost { next[number].step = made }
          } else {
            known[reached] = next.count
            next.append((reached, made))
          }
        }
      }
      layers.append(next)
    }
    guard let best else { return nil }
    var numbers = [best.step.number]
    var origin = best.step.origin
    // The last layer is empty: nothing leads on from what shows the flaw.
    for layer in layers.dropLast().reversed() {
      let step = layer[origin].step
      if step.origin < 0 { break }
      numbers.append(step.number)
      origin = step.origin
    }
    return Way(numbers: numbers.reversed(), cost: best.step.cost, flaw: best.flaw)
  }

  /// Which worlds lie on a way to the flaw. Edges lead to later worlds alone.
  private func useful() -> [Bool] {
    var isUseful = Array(repeating: false, count: edges.count)
    for world in edges.indices.reversed() {
      isUseful[world] = edges[world].contains { edge in
        guard let target = edge.target else { return edge.flaw != nil }
        return target < isUseful.count && isUseful[target]
      }
    }
    return isUseful
  }
}

extension WitnessMinimum.Edge {
  /// The bit of the task that steps.
  fileprivate var task: UInt64 {
    if case .task(let slot) = actor { return 1 << UInt64(slot.rawValue) }
    return 0
  }
}
