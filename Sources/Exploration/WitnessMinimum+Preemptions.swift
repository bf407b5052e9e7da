import Machine

/// In how many turns at the least somebody is interrupted who could go on, in schedules of any
/// length: layer by layer, those worlds first that no interruption leads to.
extension WitnessMinimum {
  private struct Place: Hashable {
    var world: Int
    var last: Actor?
  }

  /// Nil where it would take too many steps to know.
  package mutating func leastPreemptions(of flaw: Flaw) -> Int? {
    workspace = Workspace(program: machine.program, recording: false, limits: limits)
    var worlds = [begin()]
    var numbers: [[UInt64]: Int] = [worlds[0]: 0]
    var layer = [Place(world: 0)]
    var known: Set<Place> = []
    var preemptions = 0
    while !layer.isEmpty {
      var next: [Place] = []
      while let place = layer.popLast() {
        guard known.insert(place).inserted else { continue }
        let choices = possible(worlds[place.world])
        let canGoOn = choices.contains { $0.actor == place.last }
        for choice in choices {
          let interrupts = canGoOn && choice.actor != place.last
          guard stepsLeft > 0 else { return nil }
          // Those steps come when all that need no interruption have been taken.
          if interrupts {
            next.append(place)
            continue
          }
          guard let reached = reach(choice, place.world, flaw, &worlds, &numbers) else { continue }
          guard let world = reached else { return preemptions }
          layer.append(Place(world: world, last: choice.actor))
        }
      }
      preemptions += 1
      var interrupted: Set<Place> = []
      for place in next where interrupted.insert(place).inserted {
        for choice in possible(worlds[place.world]) where choice.actor != place.last {
          guard stepsLeft > 0 else { return nil }
          guard let reached = reach(choice, place.world, flaw, &worlds, &numbers) else { continue }
          guard let world = reached else { return preemptions }
          layer.append(Place(world: world, last: choice.actor))
        }
      }
    }
    return nil
  }

  /// The world that a step leads to, inner nil where it shows the flaw; nil where it leads nowhere.
  private mutating func reach(
    _ choice: Choice, _ world: Int, _ flaw: Flaw, _ worlds: inout [[UInt64]],
    _ numbers: inout [[UInt64]: Int]
  ) -> Int?? {
    var words = worlds[world]
    switch step(choice, &words, to: flaw) {
    case .lost: return nil
    case .shown: return .some(nil)
    case .went:
      if let number = numbers[words] { return number }
      numbers[words] = worlds.count
      worlds.append(words)
      return worlds.count - 1
    }
  }
}
