import Machine

/// What a search says of transitions that can't finish any more, once all worlds are known.
extension BreadthFirstSearch {
  mutating func judgeStalling() {
    let stalled = Stalled(graph)
    let worlds = stalled.worlds
    result.isStartStalled = stalled.contains(0)
    for property in stallProperties {
      if let world = worlds.first(where: { isArmed(property, in: $0) }) {
        let path = schedule(to: world, nil, nil).choices
        let (approach, loop) = stalled.lasso(from: world)
        result.showsLoop = true
        let lasso = Lasso(approach: approach, loop: loop)
        if machine.program.properties[property].isGoal {
          // Where the slots are not those that tasks have, the way round can't be followed.
          result.reached[property] = path + (follower == nil ? approach + loop : [])
        } else {
          noteStalled(property, path, lasso)
        }
      }
      if let end = ends.first(where: { !stalled.contains($0) && isArmed(property, in: $0) }) {
        result.missed.insert(property)
        result.missing[property] = schedule(to: end, nil, nil).choices
      }
    }
  }

  private func isArmed(_ property: Int, in world: Int) -> Bool {
    var words = [UInt64](repeating: 0, count: store.cut.rowWords)
    var row = words.mutableSpan
    store.copy(world, to: &row)
    return row.isSet(machine.layout.armed[property])
  }

  /// It goes before what only follows from it: an `await` that waits for ever.
  private mutating func noteStalled(_ property: Int, _ path: [Int], _ lasso: Lasso) {
    let place = result.witnesses.firstIndex {
      if case .deadEnd = $0.flaw { true } else { false }
    }
    result.witnesses.insert(
      Witness(flaw: .stalled(property: property), schedule: path, lasso: lasso),
      at: place ?? result.witnesses.count)
  }
}
