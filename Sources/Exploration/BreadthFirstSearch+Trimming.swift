import Machine

/// Schedules without the private steps at their end: those that nothing on the way has needed. The
/// search takes them first, wherever it can.
extension BreadthFirstSearch {
  /// A step of a schedule, as the slots that tasks have tell it.
  struct FollowedStep {
    var choice: Choice
    var isAlone: Bool
  }

  /// The same schedule without private steps that no later step of their task comes after; the
  /// numbers are those of its choices. As it was, where it can't be followed so.
  func trimmed(_ steps: [FollowedStep], _ numbers: [Int]) -> [Int] {
    var needed: Set<Actor> = []
    var kept: [Choice] = []
    for step in steps.reversed() {
      guard !step.isAlone || needed.contains(step.choice.actor) else { continue }
      needed.insert(step.choice.actor)
      kept.append(step.choice)
    }
    // A harvest tells so many actors apart.
    let tellsApart = store.cut.taskEnd < Int(UInt8.max)
    guard kept.count < steps.count, startsAtBeginning, tellsApart else { return numbers }
    return follow(kept.reversed()) ?? numbers
  }

  /// A step that is followed out of a world that the search has kept.
  func followed(_ step: Int, of harvest: Harvest, from world: Int) -> FollowedStep {
    let number = harvest.actors[step]
    let alternative = (0..<step).count(where: { harvest.actors[$0] == number })
    // Depth first, the graph has its worlds in another order; nothing is trimmed there.
    let isAlone = !bounds.isDepthFirst && graph.isAlone[world]
    return FollowedStep(
      choice: Choice(actor: actor(Int(number)), alternative: alternative), isAlone: isAlone)
  }

  /// Whether the scenario has come to its end there.
  func isFinished(_ world: Int) -> Bool {
    var words = [UInt64](repeating: 0, count: store.cut.rowWords)
    var row = words.mutableSpan
    store.copy(world, to: &row)
    return row[machine.layout.operatorStatus] == OperatorStatus.finished.rawValue
  }

  /// The numbers of these choices, one after the other; nil where one of them is not possible.
  private func follow(_ choices: [Choice]) -> [Int]? {
    guard var workspace = follower?.workspace else { return nil }
    let tasks = store.cut.taskEnd - store.cut.firstTask
    var words = machine.initialRow(taskCapacity: tasks, &workspace)
    var row = words.mutableSpan
    var numbers: [Int] = []
    for (place, choice) in choices.enumerated() {
      var possible: [Choice] = []
      machine.forEachChoice(&row, &workspace) { possible.append($0) }
      guard let number = possible.firstIndex(of: choice) else { return nil }
      numbers.append(number)
      workspace.fuel.restart(operations: workspace.limits.operations)
      workspace.outputBytes = 0
      workspace.figures.removeAll()
      workspace.failedChecks.removeAll()
      let progress = machine.step(choice, &row, &workspace)
      if progress == .faulted, place + 1 < choices.count { return nil }
    }
    return numbers
  }
}
