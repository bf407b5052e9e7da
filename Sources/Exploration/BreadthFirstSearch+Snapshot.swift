import Machine

/// Where a search stands in its order.
struct SearchCourse {
  /// Breadth first: the level that is gone through ends before that world.
  var levelEnd = 1
  /// Depth first: the worlds that are left, the next one last; each world's depth; how many worlds
  /// steps have been taken out of, and where somebody waits.
  var open = [0]
  var depths = [0]
  var expanded = 0
  var awaited: Set<Int> = []
}

/// How far a search is, to be kept, and to be gone on from.
extension BreadthFirstSearch {
  func keepIfDue() {
    guard let keeping = audience.keeping, canKeep, result.bound == nil, keeping.isDue() else {
      return
    }
    keeping.keep(snapshot())
  }

  /// What is known at the end, before anything is concluded from it; where a bound was the end, it
  /// is kept at once.
  func lastSnapshot() -> SearchSnapshot? {
    guard let keeping = audience.keeping, canKeep else { return nil }
    let last = snapshot()
    guard result.bound != nil else { return last }
    keeping.keep(last)
    return nil
  }

  /// All worlds are known; where other searches follow, for what is shown, they may be given up.
  func keepBeforeOthers(_ last: SearchSnapshot?) {
    guard let last, follower != nil,
      result.showsLoop || !result.witnesses.isEmpty || !result.reached.isEmpty
    else { return }
    audience.keeping?.keep(last)
  }

  /// Breadth first, what lies beyond a bound of depth has been cut off for good: the search was
  /// kept before.
  private var canKeep: Bool { bounds.isDepthFirst || !isCutOff }

  func snapshot() -> SearchSnapshot {
    var snapshot = SearchSnapshot()
    snapshot.parents = store.parents
    snapshot.choices = store.choices
    snapshot.isDepthFirst = bounds.isDepthFirst
    snapshot.expanded = bounds.isDepthFirst ? course.expanded : graph.worldCount
    snapshot.levelEnd = course.levelEnd
    snapshot.targets = graph.targets
    if bounds.isDepthFirst { snapshot.open = course.open.map { UInt32($0) } }
    snapshot.awaited = course.awaited.sorted()
    snapshot.isCutOff = isCutOff
    snapshot.ends = ends.map { UInt32($0) }
    snapshot.endWorlds = endWorlds.sorted().map { UInt32($0) }
    snapshot.depth = result.depth
    snapshot.transitions = result.transitions
    snapshot.alone = result.partialOrder?.worlds ?? 0
    snapshot.flaws = result.witnesses.compactMap { witness in
      func found(_ kind: SearchSnapshot.Found.Kind, _ number: Int) -> SearchSnapshot.Found {
        .init(kind: kind, number: number, schedule: witness.schedule)
      }
      switch witness.flaw {
      case .fault: return found(.fault, 0)
      case .deadEnd(let address): return found(.deadEnd, address)
      case .checkFailed(let assertion): return found(.checkFailed, assertion)
      // They are found when all worlds are known.
      case .starved, .stalled: return nil
      }
    }
    snapshot.completion = result.completion
    (snapshot.held, snapshot.reached) = (result.held, result.reached)
    (snapshot.missing, snapshot.missed) = (result.missing, result.missed.sorted())
    return snapshot
  }

  enum Restoration {
    case ready
    /// It was given up, or the snapshot is none of this scenario's: the result says which.
    case stopped
    /// Rows must have room for so many tasks.
    case needs(tasks: Int)
  }

  /// Makes the snapshot's worlds again, by the steps that led to them. Cost: a step for each.
  mutating func restore(_ snapshot: SearchSnapshot) -> Restoration {
    do throws(SearchSnapshot.Mistake) {
      try check(snapshot)
      let end =
        try bounds.isDepthFirst ? restoreDeep(snapshot) : restoreLevels(snapshot)
      guard case .ready = end else { return end }
      shareTexts()
      try restoreFindings(snapshot)
      result.bound = boundReached(after: snapshot.expanded)
      return .ready
    } catch {
      result.mistake = error
      result.bound = .cancelled
      return .stopped
    }
  }

  private func check(_ snapshot: SearchSnapshot) throws(SearchSnapshot.Mistake) {
    let count = snapshot.states
    guard snapshot.isDepthFirst == bounds.isDepthFirst else {
      throw .init(reason: "it is of a search in another order")
    }
    if let depth = bounds.depth, !snapshot.isDepthFirst, snapshot.depth > depth {
      throw .init(
        reason: "it has come to a depth of \(snapshot.depth), and --max-depth is \(depth)")
    }
    let isSound =
      count > 0 && count < WorldStore.greatestCount && snapshot.choices.count == count
      && snapshot.parents[0] == 0 && snapshot.choices[0] == 0
      && snapshot.parents.indices.dropFirst().allSatisfy {
        (1...$0).contains(Int(snapshot.parents[$0]))
      }
      && snapshot.expanded <= count && (1...count).contains(snapshot.levelEnd)
      && snapshot.depth <= count && snapshot.alone <= count && snapshot.transitions < 1 << 60
      && (snapshot.open + snapshot.ends + snapshot.endWorlds).allSatisfy { $0 < count }
    guard isSound else { throw .damaged }
  }

  // MARK: Worlds

  private mutating func restoreLevels(
    _ snapshot: SearchSnapshot
  ) throws(SearchSnapshot.Mistake) -> Restoration {
    var harvest = Harvest(store.cut)
    var next = 1
    var edge = 0
    for world in 0..<snapshot.expanded {
      guard world < store.count else { throw .damaged }
      let first = next
      while next < snapshot.states, snapshot.parents[next] == world + 1 { next += 1 }
      let (found, end) = try retrace(world, first..<next, snapshot, &harvest)
      if let end { return end }
      let source = found.source
      graph.begin(
        waitingAt: source.awaitAddress < 0 ? nil : Int(source.awaitAddress),
        isUnderWay: source.isUnderWay, isAlone: source.isAlone)
      graph.scheduled |= source.heldUp
      guard graph.wantsEdges else { continue }
      for actor in found.actors {
        guard edge < snapshot.targets.count else { throw .damaged }
        graph.add(try target(snapshot.targets[edge], snapshot), actor: actor)
        edge += 1
      }
    }
    guard next == snapshot.states, edge == snapshot.targets.count else { throw .damaged }
    course.levelEnd = snapshot.levelEnd
    guard snapshot.levelEnd >= snapshot.expanded else { throw .damaged }
    return .ready
  }

  private func target(
    _ number: UInt32, _ snapshot: SearchSnapshot
  ) throws(SearchSnapshot.Mistake) -> StepGraph.Target {
    switch number {
    case StepGraph.outside: return .outside
    case StepGraph.unknown: return .unknown
    default:
      guard number < snapshot.states else { throw .damaged }
      return .world(Int(number))
    }
  }

  private mutating func restoreDeep(
    _ snapshot: SearchSnapshot
  ) throws(SearchSnapshot.Mistake) -> Restoration {
    var harvest = Harvest(store.cut)
    var next = 1
    while next < snapshot.states {
      let (first, parent) = (next, snapshot.parents[next])
      while next < snapshot.states, snapshot.parents[next] == parent { next += 1 }
      let world = Int(parent) - 1
      let (_, end) = try retrace(world, first..<next, snapshot, &harvest)
      if let end { return end }
      let depth = course.depths[world] + 1
      course.depths += repeatElement(depth, count: next - first)
    }
    for _ in 0..<snapshot.expanded {
      graph.begin(waitingAt: nil, isUnderWay: false, isAlone: false)
    }
    course.open = snapshot.open.map(Int.init)
    course.expanded = snapshot.expanded
    course.awaited = Set(snapshot.awaited)
    isCutOff = snapshot.isCutOff
    let addresses = machine.program.instructions.indices
    guard snapshot.awaited.allSatisfy(addresses.contains) else { throw .damaged }
    return .ready
  }

  /// Worlds between two looks whether somebody still wants to go on; a power of two.
  private static let worldsBetweenLooks = 1024

  /// Makes the worlds `numbers`, each of which that world was the first to lead to.
  private mutating func retrace(
    _ world: Int, _ numbers: Range<Int>, _ snapshot: SearchSnapshot, _ harvest: inout Harvest
  ) throws(SearchSnapshot.Mistake) -> (found: Expander.Retraced, end: Restoration?) {
    if world & (Self.worldsBetweenLooks - 1) == 0, audience.isCancelled?() ?? false {
      result.bound = .cancelled
      return (Expander.Retraced(), .stopped)
    }
    harvest.removeAll()
    let wanted = snapshot.choices[numbers]
    let found = workers[0].expander.withLock {
      $0.retrace(world, wanted, of: store, into: &harvest)
    }
    if let needed = harvest.neededTasks { return (found, .needs(tasks: needed)) }
    if harvest.wasCancelled {
      result.bound = .cancelled
      return (found, .stopped)
    }
    guard found.steps.count == numbers.count else { throw .damaged }
    numberNewParts(of: &harvest)
    let width = store.width
    for (step, number) in zip(found.steps, numbers) {
      guard harvest.flags[step] & Harvest.outside == 0 else { throw .damaged }
      store.reserve(1)
      let span = harvest.numbers.span.extracting((step * width)..<((step + 1) * width))
      let (place, isNew) = store.insert(
        span, hash: harvest.hashes[step], parent: world, choice: snapshot.choices[number])
      guard isNew, place == number else { throw .damaged }
    }
    return (found, nil)
  }

  // MARK: Findings

  private mutating func restoreFindings(
    _ snapshot: SearchSnapshot
  ) throws(SearchSnapshot.Mistake) {
    let program = machine.program
    for found in snapshot.flaws {
      let (isPossible, fault) = follow(found.schedule)
      guard isPossible else { throw .damaged }
      let flaw: Flaw
      switch (found.kind, fault) {
      case (.fault, .some(let fault)): flaw = .fault(fault)
      case (.deadEnd, nil) where program.instructions.indices.contains(found.number):
        flaw = .deadEnd(address: found.number)
      case (.checkFailed, nil) where program.assertions.indices.contains(found.number):
        flaw = .checkFailed(assertion: found.number)
      default: throw .damaged
      }
      seen[FlawKey(flaw)] = result.witnesses.count
      result.witnesses.append(Witness(flaw: flaw, schedule: found.schedule))
    }
    try check(snapshot.held, program.assertions.indices)
    try check(snapshot.reached, program.properties.indices)
    try check(snapshot.missing, program.properties.indices)
    guard snapshot.missed.allSatisfy(program.properties.indices.contains),
      snapshot.completion.map({ follow($0).isPossible }) ?? true
    else { throw .damaged }
    (result.held, result.reached, result.missing) =
      (snapshot.held, snapshot.reached, snapshot.missing)
    result.missed = Set(snapshot.missed)
    result.completion = snapshot.completion
    (result.depth, result.transitions) = (snapshot.depth, snapshot.transitions)
    ends = snapshot.ends.map(Int.init)
    endWorlds = Set(snapshot.endWorlds.map(Int.init))
    if case .alone? = result.partialOrder { result.partialOrder = .alone(worlds: snapshot.alone) }
  }

  private func check(
    _ table: [Int: [Int]], _ keys: Range<Int>
  ) throws(SearchSnapshot.Mistake) {
    for (key, schedule) in table {
      guard keys.contains(key), follow(schedule).isPossible else { throw .damaged }
    }
  }

  /// Whether the schedule is possible, and the fault that its last step comes to.
  private func follow(_ schedule: [Int]) -> (isPossible: Bool, fault: Fault?) {
    var workspace = Workspace(
      program: machine.program, recording: false,
      limits: workers[0].expander.withLock { $0.workspace.limits })
    let tasks = store.cut.taskEnd - store.cut.firstTask
    var words = machine.initialRow(taskCapacity: tasks, &workspace)
    var row = words.mutableSpan
    for (step, number) in schedule.enumerated() {
      var choices: [Choice] = []
      machine.forEachChoice(&row, &workspace) { choices.append($0) }
      guard choices.indices.contains(number) else { return (false, nil) }
      workspace.fuel.restart(operations: workspace.limits.operations)
      workspace.outputBytes = 0
      workspace.figures.removeAll()
      workspace.failedChecks.removeAll()
      let progress = machine.step(choices[number], &row, &workspace)
      guard progress == .faulted else { continue }
      return (step + 1 == schedule.count, workspace.fault)
    }
    return (true, nil)
  }
}
