import Machine

/// What a search that keeps one of several exchangeable worlds has to do to speak of the others.
extension BreadthFirstSearch {
  /// The choices that lead from the first world to this one, and one more from there, in the slots
  /// that tasks have without any exchange: as anybody would replay them.
  ///
  /// Worlds that are alike have steps to worlds that are alike; so from each there is one to a
  /// world that comes to the next one when it is put in order, and the first that does is taken.
  ///
  /// - Parameters:
  ///   - choice: the last step, by its number in the world that the search has kept.
  ///   - finding: what the last step comes to; nil: there is none.
  mutating func schedule(
    to number: Int, _ choice: Int?, _ finding: Harvest.Note.Finding?
  ) -> (choices: [Int], fault: Fault?) {
    guard var follower else {
      return (store.path(to: number) + (choice.map { [$0] } ?? []), nil)
    }
    defer { self.follower = follower }
    var harvest = Harvest(store.cut)
    var choices: [Int] = []
    var steps: [FollowedStep] = []
    var world = start
    let worlds = store.worlds(to: number)
    for (place, next) in worlds.dropFirst().enumerated() {
      harvest.removeAll()
      follower.expand(world, of: store, into: &harvest)
      let wanted = store.world(next)
      guard
        let step = harvest.flags.indices.first(where: { step in
          harvest.flags[step] == 0 && ordered(step, of: harvest) == wanted
        })
      else { preconditionFailure("worlds that are alike have other steps") }
      choices.append(Int(harvest.choices[step]))
      steps.append(followed(step, of: harvest, from: worlds[place]))
      world = Array(harvest.numbers[(step * store.width)..<((step + 1) * store.width)])
    }
    guard let finding else {
      return (isFinished(number) ? trimmed(steps, choices) : choices, nil)
    }
    harvest.removeAll()
    follower.expand(world, of: store, into: &harvest)
    guard let note = harvest.notes.first(where: { $0.finding.isAlike(finding) }) else {
      preconditionFailure("worlds that are alike come to other ends")
    }
    var fault: Fault?
    if case .fault(let found) = note.finding { fault = found }
    steps.append(followed(note.step, of: harvest, from: number))
    return (trimmed(steps, choices + [Int(harvest.choices[note.step])]), fault)
  }

  private func ordered(_ step: Int, of harvest: Harvest) -> [UInt32] {
    var world = Array(harvest.numbers[(step * store.width)..<((step + 1) * store.width)])
    store.symmetry.order(&world, at: 0, store.parts[store.cut.taskKind])
    return world
  }

  /// Whether going round a strongly connected part for ever passes over none of the
  /// interchangeable tasks that could step all the time.
  ///
  /// Each of them is followed through the part, from slot to slot as the worlds are put in order
  /// (Emerson and Sistla 1997, the threads of an annotated quotient). The exchanges form a group,
  /// so that a thread comes back to every slot that it leads to: threads that touch are one, and
  /// one is passed over exactly if it can step wherever it is and does so nowhere.
  func isFairToEach(_ part: [Int]) -> Bool {
    guard var follower else { return true }
    let width = store.width
    let places = Dictionary(uniqueKeysWithValues: part.enumerated().map { ($1, $0) })
    var threads = DisjointSets(count: part.count * width)
    var isServed = Array(repeating: false, count: part.count * width)
    var harvest = Harvest(store.cut)
    for (place, world) in part.enumerated() {
      harvest.removeAll()
      // Where one step was taken alone it is the one edge. Who else can step there, can step behind
      // it as well.
      let isAlone = graph.isAlone[world]
      follower.takesOwnAlone = isAlone
      follower.expand(store.world(world), of: store, into: &harvest)
      var possible: Set<Int> = []
      let edges = graph.edgeRange(of: world)
      for step in harvest.flags.indices {
        let actor = Int(harvest.actors[step])
        possible.insert(actor)
        let edge = edges.lowerBound + step
        guard graph.staysWaiting(edge), let target = places[Int(graph.targets[edge])] else {
          continue
        }
        let numbers = Array(harvest.numbers[(step * width)..<((step + 1) * width)])
        let origins = store.symmetry.origins(numbers, store.parts[store.cut.taskKind])
        for slot in store.symmetry.groups.joined() {
          threads.join(place * width + origins[slot], target * width + slot)
        }
        isServed[place * width + actor] = true
      }
      for slot in store.symmetry.groups.joined() where !isAlone && !possible.contains(slot) {
        isServed[place * width + slot] = true
      }
    }
    var served: Set<Int> = []
    for node in isServed.indices where isServed[node] { served.insert(threads.root(of: node)) }
    return part.indices.allSatisfy { place in
      store.symmetry.groups.joined().allSatisfy {
        served.contains(threads.root(of: place * width + $0))
      }
    }
  }
}

extension Harvest.Note.Finding {
  /// Whether it is the same with other tasks.
  func isAlike(_ other: Harvest.Note.Finding) -> Bool {
    switch (self, other) {
    case (.checkFailed(let own), .checkFailed(let other)): own == other
    case (.reached(let own), .reached(let other)): own == other
    case (.held(let own), .held(let other)): own == other
    case (.finished, .finished): true
    case (.fault(let own), .fault(let other)): FlawKey(.fault(own)) == FlawKey(.fault(other))
    default: false
    }
  }
}

/// Numbers in sets that grow together (Tarjan 1975).
struct DisjointSets {
  private var parents: [Int]

  init(count: Int) { parents = Array(0..<count) }

  mutating func root(of number: Int) -> Int {
    var current = number
    while parents[current] != current {
      parents[current] = parents[parents[current]]
      current = parents[current]
    }
    return current
  }

  mutating func join(_ one: Int, _ other: Int) {
    let (first, second) = (root(of: one), root(of: other))
    if first != second { parents[max(first, second)] = min(first, second) }
  }
}
