import Machine

/// What a search that reaches a bound can say all the same.
extension BreadthFirstSearch {
  /// Takes in that there are steps out of a world that no step is to lead out of: nobody looks
  /// where they lead. That nobody can step is known here as anywhere.
  mutating func cutOff(_ source: Harvest.Source, _ world: Int, of harvest: Harvest) {
    graph.begin(
      waitingAt: source.awaitAddress < 0 ? nil : Int(source.awaitAddress),
      isUnderWay: source.isUnderWay, isAlone: source.isAlone)
    if source.isDeadEnd {
      take(harvest.notes[nextNote].finding, 0, of: world, to: nil)
      nextNote += 1
    }
    while nextStep < source.stepEnd {
      isCutOff = true
      if graph.wantsEdges { graph.add(.unknown, actor: Int(harvest.actors[nextStep])) }
      while nextNote < harvest.notes.count, harvest.notes[nextNote].step == nextStep {
        nextNote += 1
      }
      nextStep += 1
    }
  }

  /// What some world has watched or awaited. The bits of what is watched stand in the globals, of
  /// which each is kept once.
  mutating func noteWatched() {
    let globals = store.parts[RowCut.globals]
    var words = [UInt64](repeating: 0, count: store.cut.rowWords)
    var row = words.mutableSpan
    var (unarmed, idle) = (Set(machine.layout.armed.indices), Set(machine.layout.armed.indices))
    for number in 0..<UInt32(globals.count) where !idle.isEmpty {
      globals.copy(number, to: &row, at: 0)
      let isUnderWay = machine.engine.isInProgress(machine, &row)
      for property in isUnderWay ? idle : unarmed
      where row.isSet(machine.layout.armed[property]) {
        unarmed.remove(property)
        if isUnderWay { idle.remove(property) }
      }
    }
    result.armed = Set(machine.layout.armed.indices).subtracting(unarmed)
    result.armedUnderWay = Set(machine.layout.armed.indices).subtracting(idle)
    result.awaited = Set(graph.addresses.lazy.filter { $0 >= 0 }.map(Int.init))
      .union(course.awaited)
  }
}
