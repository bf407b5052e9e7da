import Machine

/// The search goes from level to level, each in rounds: what a round's worlds lead to is known
/// before it is numbered.
extension BreadthFirstSearch {
  /// Worlds that one worker expands before what they lead to is numbered, at the most.
  private static let greatestStretch = 256
  /// Stretches of a round for each worker, so that nobody waits long for the last one.
  private static let stretchesEach = 4
  /// A round of fewer worlds is not worth waking anybody for.
  private static let leastWorlds = 128

  /// Nil when done, or the number of tasks that rows must have room for.
  mutating func explore(_ workforce: any Workforce) -> Int? {
    let stretches = (0..<(workers.count > 1 ? workers.count * Self.stretchesEach : 1)).map { _ in
      Stretch(store.cut)
    }
    var next = graph.worldCount
    while next < store.count, result.bound == nil {
      if next == course.levelEnd {
        course.levelEnd = store.count
        result.depth += 1
        // Beyond the bound nothing is looked at: who has a farther one goes on from here.
        if result.depth == bounds.depth { audience.keeping?.keep(snapshot()) }
      }
      var worlds: [Range<Int>] = []
      let length = min(Self.greatestStretch, max(8, store.count / 4))
      while worlds.count < stretches.count, next < course.levelEnd {
        worlds.append(next..<min(course.levelEnd, next + length))
        next = min(course.levelEnd, next + length)
      }
      let round = Round(workers: workers, stretches: stretches, worlds: worlds)
      Self.perform(round, on: store, workforce)
      for (place, range) in worlds.enumerated() where result.bound == nil {
        let needed = stretches[place].harvest.withLock { takeIn(&$0, of: range) }
        if let needed { return needed }
      }
      shareTexts()
      keepIfDue()
    }
    let last = lastSnapshot()
    if isCutOff, let depth = bounds.depth, result.bound == nil { result.bound = .depth(depth) }
    result.states = store.count
    result.byteCount = store.byteCount + graph.byteCount
    conclude()
    keepBeforeOthers(last)
    return nil
  }

  /// The copy of the store that the workers read is gone when this returns, so that the search may
  /// write to it without another.
  private static func perform(
    _ round: Round, on store: WorldStore, _ workforce: any Workforce
  ) {
    let count = round.worlds.reduce(0) { $0 + $1.count }
    guard workforce.count > 1, count >= leastWorlds else { return round.work(0, on: store) }
    workforce.each { round.work($0, on: store) }
  }

  private mutating func takeIn(
    _ harvest: inout Harvest, of worlds: Range<Int>
  ) -> Int? {
    nextStep = 0
    nextNote = 0
    // Where it was given up in the middle of a world, that one has yet to be looked at.
    if harvest.wasCancelled { harvest.sources.removeLast() }
    if let depth = bounds.depth, result.depth >= depth {
      for (place, source) in harvest.sources.enumerated() {
        cutOff(source, worlds.lowerBound + place, of: harvest)
        result.bound = boundReached(after: worlds.lowerBound + place + 1)
        if result.bound != nil { return nil }
      }
      if harvest.wasCancelled { result.bound = .cancelled }
      return harvest.demand
    }
    if harvest.leavesValuesOut { leavesValuesOut = true }
    course.awaited.formUnion(harvest.awaited)
    numberNewParts(of: &harvest)
    for (place, source) in harvest.sources.enumerated() {
      admit(source, worlds.lowerBound + place, of: harvest)
      result.bound = boundReached(after: worlds.lowerBound + place + 1)
      if result.bound != nil { return nil }
    }
    if harvest.wasCancelled { result.bound = .cancelled }
    return harvest.demand
  }

  /// A worker goes on from worlds that another one has made.
  private mutating func shareAccounts() {
    var all = workers[0].expander.withLock { $0.accounts }
    for worker in workers.dropFirst() { worker.expander.withLock { all.learn($0.accounts) } }
    for worker in workers { worker.expander.withLock { $0.learn(all) } }
  }

  /// What one worker's step has made up, such as a text, another's may have to know.
  mutating func shareTexts() {
    guard workers.count > 1 else { return }
    if store.cut.account != nil { shareAccounts() }
    let sizes = workers.map { $0.expander.withLock { $0.textBytes } }
    guard sizes.contains(where: { $0 != sharedTextBytes }) else { return }
    var all = workers[0].expander.withLock { $0.workspace }
    for worker in workers.dropFirst() {
      worker.expander.withLock { all.learnTexts(of: $0.workspace) }
    }
    for worker in workers { worker.expander.withLock { $0.learnTexts(of: all) } }
    sharedTextBytes = all.strings.byteCount + all.lists.byteCount
  }
}
