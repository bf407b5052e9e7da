import Machine

/// Some of the steps out of a world, by their numbers: those that once led to a new one.
extension Expander {
  /// What was found again of a world.
  struct Retraced {
    var source = Harvest.Source()
    /// Who takes each of its steps; only where it is asked.
    var actors: [Int] = []
    /// Places in the harvest of the steps that were wanted, as many as there are.
    var steps: [Int] = []
  }

  /// Takes the wanted steps out of a world, in the order of their numbers.
  mutating func retrace(
    _ world: Int, _ wanted: ArraySlice<UInt32>, of store: WorldStore, into harvest: inout Harvest
  ) -> Retraced {
    var words: [UInt64] = []
    swap(&words, &self.words)
    var row = words.mutableSpan
    let base = world * store.width
    load(store.numbers.span.extracting(base..<(base + store.width)), of: store, &row)
    let found = retraceLoaded(wanted, store, &row, &harvest)
    swap(&words, &self.words)
    return found
  }

  private mutating func retraceLoaded(
    _ wanted: ArraySlice<UInt32>, _ store: WorldStore, _ row: inout MutableSpan<UInt64>,
    _ harvest: inout Harvest
  ) -> Retraced {
    var found = Retraced()
    found.source = look(&row)
    let isOver = isOver(&row)
    guard !isOver || found.source.isUnderWay else { return found }
    if takesOwnAlone, takeOwn(isOver, 0, store, &row, &harvest) {
      found.source.isAlone = true
      found.actors = harvest.actors.map(Int.init)
      found.steps = wanted.map(Int.init).filter { $0 < harvest.stepCount }
      return found
    }
    let needsActors = found.source.awaitAddress >= 0 || found.source.isUnderWay
    var number = 0
    var rest = wanted
    for actor in actors(&row) {
      guard needsActors || !rest.isEmpty else { break }
      if actor == .operator, !isOver, found.source.awaitAddress >= 0,
        isKeptWaiting(at: found.source.awaitAddress, &row)
      {
        continue
      }
      for alternative in 0..<machine.choiceCount(of: actor, &row, &workspace) {
        if needsActors { found.actors.append(self.number(of: actor)) }
        if let next = rest.first, Int(next) == number {
          rest.removeFirst()
          if isOver { for field in machine.layout.armed { row.set(field, to: false) } }
          found.steps.append(harvest.stepCount)
          take(
            Choice(actor: actor, alternative: alternative), silently: isOver, 0, store, &row,
            &harvest)
          if harvest.isCutShort { return found }
        }
        number += 1
      }
    }
    return found
  }

  /// In the order of their choices.
  private func actors(_ row: inout MutableSpan<UInt64>) -> [Actor] {
    [.operator, .engine] + machine.layout.handlers.indices.map { .handler($0) }
      + (0..<machine.taskCount(&row)).map { .task(TaskSlot($0)) }
  }
}
