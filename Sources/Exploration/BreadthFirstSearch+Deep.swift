import Machine

/// The same worlds in another order: on from the world that was met last.
extension BreadthFirstSearch {
  /// Nil when done, or the number of tasks that rows must have room for.
  ///
  /// Worlds don't come in the order of their numbers, which the graph of waiting stands on: who
  /// waits for ever is not judged.
  mutating func exploreDepthFirst() -> Int? {
    var harvest = Harvest(store.cut)
    (result.judgesWaiting, result.judgesStalling) = (false, false)
    while result.bound == nil, let world = course.open.popLast() {
      let depth = course.depths[world]
      result.depth = max(result.depth, depth)
      harvest.removeAll()
      workers[0].expander.withLock {
        $0.expand(world..<(world + 1), of: store, into: &harvest)
      }
      (nextStep, nextNote) = (0, 0)
      if let needed = harvest.demand { return needed }
      if harvest.wasCancelled {
        // It was given up in the middle of this world, which is left.
        course.open.append(world)
        result.bound = .cancelled
        break
      }
      for var source in harvest.sources {
        if source.awaitAddress >= 0 { course.awaited.insert(Int(source.awaitAddress)) }
        source.awaitAddress = -1
        source.isUnderWay = false
        if let limit = bounds.depth, depth >= limit {
          cutOff(source, world, of: harvest)
          continue
        }
        numberNewParts(of: &harvest)
        let first = store.count
        admit(source, world, of: harvest)
        course.depths += repeatElement(depth + 1, count: store.count - first)
        course.open += inOrder(first..<store.count, behind: world)
      }
      if harvest.leavesValuesOut { leavesValuesOut = true }
      course.awaited.formUnion(harvest.awaited)
      course.expanded += 1
      result.bound = boundReached(after: course.expanded)
      keepIfDue()
    }
    let last = lastSnapshot()
    if isCutOff, let depth = bounds.depth, result.bound == nil { result.bound = .depth(depth) }
    let program = machine.program
    if leavesValuesOut, result.bound == nil { result.bound = .ranges }
    if result.bound == nil, !program.awaits.isEmpty || !stallProperties.isEmpty {
      result.bound = .waitingNotJudged
    }
    result.states = store.count
    result.byteCount = store.byteCount
    noteWatched()
    result.awaited = course.awaited
    if tellsEndsApart { countOutcomes() }
    keepBeforeOthers(last)
    return nil
  }

  /// New worlds so that the one that comes last is gone on from: the first, or in an order that a
  /// seed gives, the same each time.
  private func inOrder(_ worlds: Range<Int>, behind world: Int) -> [Int] {
    var order = Array(worlds.reversed())
    guard let seed = bounds.orderSeed, order.count > 1 else { return order }
    var chance = Chance(seed: seed, number: world)
    for place in order.indices.dropLast() {
      order.swapAt(place, place + chance.below(order.count - place))
    }
    return order
  }
}
