import Machine

/// The same worlds in another order: on from the world that was met last.
extension BreadthFirstSearch {
  /// Nil when done, or the number of tasks that rows must have room for.
  ///
  /// Worlds don't come in the order of their numbers, which the graph of waiting stands on: who
  /// waits for ever is not judged.
  mutating func exploreDepthFirst(from start: [UInt64]) -> Int? {
    self.start = store.insert(first: start.span)
    var open = [0]
    var depths = [0]
    var harvest = Harvest(store.cut)
    var count = 0
    var awaited: Set<Int> = []
    (result.judgesWaiting, result.judgesStalling) = (false, false)
    while let world = open.popLast(), result.bound == nil {
      let depth = depths[world]
      result.depth = max(result.depth, depth)
      harvest.removeAll()
      workers[0].expander.withLock {
        $0.expand(world..<(world + 1), of: store, into: &harvest)
      }
      (nextStep, nextNote) = (0, 0)
      for var source in harvest.sources {
        if source.awaitAddress >= 0 { awaited.insert(Int(source.awaitAddress)) }
        source.awaitAddress = -1
        source.isUnderWay = false
        if let limit = bounds.depth, depth >= limit {
          cutOff(source, world, of: harvest)
          continue
        }
        numberNewParts(of: &harvest)
        let first = store.count
        admit(source, world, of: harvest)
        depths += repeatElement(depth + 1, count: store.count - first)
        open += (first..<store.count).reversed()
      }
      count += 1
      if harvest.wasCancelled { result.bound = .cancelled }
      if harvest.leavesValuesOut { leavesValuesOut = true }
      if let needed = harvest.demand { return needed }
      result.bound = result.bound ?? boundReached(after: count)
    }
    if isCutOff, let depth = bounds.depth, result.bound == nil { result.bound = .depth(depth) }
    let program = machine.program
    if leavesValuesOut, result.bound == nil { result.bound = .ranges }
    if result.bound == nil, !program.awaits.isEmpty || !stallProperties.isEmpty {
      result.bound = .waitingNotJudged
    }
    result.states = store.count
    result.byteCount = store.byteCount
    noteWatched()
    result.awaited = awaited
    if tellsEndsApart { countOutcomes() }
    return nil
  }
}
