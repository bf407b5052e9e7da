import Machine

/// Searches every schedule of a scenario, breadth first, so that the first way found to anything
/// is a shortest one.
///
/// It knows rows and choices, nothing else: which steps are possible is the machine's affair, what
/// they do is `Machine.step`'s. Worlds are taken in stretches: an expander takes every step out of
/// them, then what they lead to is numbered, in the order of the worlds and of their choices.
package struct BreadthFirstSearch {
  let machine: Machine
  private let bounds: SearchBounds
  var store: WorldStore
  var graph = StepGraph()
  private var expander: Expander
  var result = SearchResult()
  private var seen: [FlawKey: Int] = [:]
  /// The properties about stalled transitions: they are judged when all worlds are known.
  let stallProperties: [Int]
  /// Worlds in which a schedule ends.
  var ends: [Int] = []
  /// Which step of the harvest is looked at next, and which note.
  private var nextStep = 0
  private var nextNote = 0

  /// Two faults at one place are one flaw, whoever was involved.
  private enum FlawKey: Hashable {
    case property(Int)
    case oops(address: Int)
    /// Those who wait, by the places where they do.
    case deadlock(Set<Int>)
    case other(Flaw)
  }

  /// - Parameters:
  ///   - machine: one for arbitrary time.
  ///   - start: the world to begin in; nil for the scenario's first.
  ///   - isCancelled: asked now and then whether to give up.
  ///   - known: what has been stepped to that world, and knows what its strings and lists mean.
  package static func run(
    _ machine: Machine, from start: [UInt64]? = nil, knowing known: Workspace? = nil,
    bounds: SearchBounds, limits: Limits = .ci,
    cancelledWhen isCancelled: (@Sendable () -> Bool)? = nil
  ) -> SearchResult {
    precondition(machine.layout.time == .arbitrary, "a row that holds a clock never comes back")
    // How many tasks there will be is not known beforehand: a search that meets more than its rows
    // have room for begins anew with longer ones.
    var capacity = max(1, machine.program.bootTasks.count)
    if let start { capacity = machine.layout.taskCapacity(rowWords: start.count) }
    while true {
      var workspace = Workspace(program: machine.program, recording: false, limits: limits)
      if let known {
        workspace.strings = known.strings
        workspace.lists = known.lists
      }
      let cut = RowCut(machine.layout, tasks: capacity)
      var row = start ?? machine.initialRow(taskCapacity: capacity, &workspace)
      row.append(contentsOf: repeatElement(0, count: cut.rowWords - row.count))
      var search = BreadthFirstSearch(machine, cut, workspace, bounds: bounds)
      if let fault = workspace.fault {
        search.note(.fault(fault), at: nil)
        return search.result
      }
      guard let needed = search.explore(from: row, isCancelled) else { return search.result }
      capacity = needed
    }
  }

  private init(
    _ machine: Machine, _ cut: RowCut, _ workspace: Workspace, bounds: SearchBounds
  ) {
    self.machine = machine
    self.bounds = bounds
    let properties = machine.program.properties
    stallProperties = properties.indices.filter { properties[$0].isAboutStalling }
    let goals = properties.indices.filter {
      properties[$0].isGoal && !properties[$0].isAboutStalling
    }
    store = WorldStore(cut)
    expander = Expander(
      machine, cut, workspace, goals: goals, asksForStalling: !stallProperties.isEmpty,
      remembers: bounds.remembersSteps)
    result.rowWords = cut.rowWords
  }

  /// Worlds that are expanded before what they lead to is numbered, at the most.
  private static let greatestStretch = 256

  /// Nil when done, or the number of tasks that rows must have room for.
  private mutating func explore(
    from start: [UInt64], _ isCancelled: (@Sendable () -> Bool)?
  ) -> Int? {
    store.insert(first: start.span)
    var harvest = Harvest(store.cut)
    var levelEnd = 1
    var next = 0
    while next < store.count {
      if next == levelEnd {
        levelEnd = store.count
        result.depth += 1
      }
      let stretch = min(Self.greatestStretch, max(8, store.count / 4))
      let worlds = next..<min(levelEnd, next + stretch)
      harvest.removeAll()
      expander.expand(worlds, of: store, into: &harvest)
      numberNewParts(of: &harvest)
      if let needed = harvest.neededTasks { return needed }
      nextStep = 0
      nextNote = 0
      for (place, source) in harvest.sources.enumerated() {
        admit(source, worlds.lowerBound + place, of: harvest)
        result.bound = boundReached(after: worlds.lowerBound + place + 1, isCancelled)
        if result.bound != nil { break }
      }
      if result.bound != nil { break }
      next = worlds.upperBound
    }
    result.states = store.count
    if result.bound == .cancelled { return nil }
    conclude()
    return nil
  }

  /// Worlds between two looks whether the search is still wanted; a power of two.
  private static let worldsBetweenLooks = 4096

  private func boundReached(
    after worlds: Int, _ isCancelled: (@Sendable () -> Bool)?
  ) -> SearchBound? {
    if worlds & (Self.worldsBetweenLooks - 1) == 0, let isCancelled, isCancelled() {
      return .cancelled
    }
    if store.count > bounds.states { return .states(bounds.states) }
    guard worlds & 63 == 0 else { return nil }
    let limit = expander.workspace.limits.memoryBytes
    return store.byteCount + graph.byteCount > limit ? .memory(bytes: limit) : nil
  }

  private mutating func conclude() {
    if !stallProperties.isEmpty { judgeStalling() }
    for starved in graph.starved() {
      let count = result.witnesses.count
      note(.starved(address: starved.address), at: starved.world)
      guard result.witnesses.count > count else { continue }
      result.witnesses[count].lasso = Lasso(
        approach: [], loop: starved.loop, passedOver: starved.passedOver.map(actor))
    }
    result.judgesWaiting = graph.tellsActorsApart
    result.assertionsHeld = expander.workspace.assertionsHeld
  }

  // MARK: What steps lead to

  /// Gives numbers to the parts that the harvest has brought, in the order of its steps.
  private mutating func numberNewParts(of harvest: inout Harvest) {
    let width = store.width
    for step in harvest.flags.indices where harvest.flags[step] == Harvest.provisional {
      for place in 0..<width {
        let number = harvest.numbers[step * width + place]
        guard number & Harvest.newPart != 0 else { continue }
        let kind = store.cut.places[place].kind
        harvest.numbers[step * width + place] = store.parts[kind].intern(
          Int(number & ~Harvest.newPart), of: harvest.newParts[kind])
      }
      let hash = WorldStore.hash(
        harvest.numbers.span.extracting((step * width)..<((step + 1) * width)))
      harvest.hashes[step] = hash
    }
  }

  /// Steps whose places in the store are looked up together.
  private static let together = 32

  /// Takes in the steps out of one world.
  private mutating func admit(_ source: Harvest.Source, _ world: Int, of harvest: Harvest) {
    graph.begin(
      waitingAt: source.awaitAddress < 0 ? nil : Int(source.awaitAddress),
      isUnderWay: source.isUnderWay)
    graph.scheduled |= source.heldUp
    if source.isDeadEnd {
      take(harvest.notes[nextNote].finding, 0, of: world, to: nil)
      nextNote += 1
    }
    let first = nextStep
    let width = store.width
    while nextStep < source.stepEnd {
      if nextStep & (Self.together - 1) == 0 {
        let last = min(nextStep + Self.together, harvest.stepCount)
        store.reserve(last - nextStep)
        store.touch(harvest.hashes.span.extracting(nextStep..<last))
      }
      var target: Int?
      if harvest.flags[nextStep] & Harvest.outside == 0 {
        let range = (nextStep * width)..<((nextStep + 1) * width)
        target =
          store.insert(
            harvest.numbers.span.extracting(range), hash: harvest.hashes[nextStep],
            parent: world, choice: harvest.choices[nextStep]
          ).number
      }
      if graph.wantsEdges { graph.add(target, actor: Int(harvest.actors[nextStep])) }
      while nextNote < harvest.notes.count, harvest.notes[nextNote].step == nextStep {
        let finding = harvest.notes[nextNote].finding
        take(finding, Int(harvest.choices[nextStep]), of: world, to: target)
        nextNote += 1
      }
      nextStep += 1
    }
    result.transitions += nextStep - first
  }

  private mutating func take(
    _ finding: Harvest.Note.Finding, _ choice: Int, of world: Int, to target: Int?
  ) {
    switch finding {
    case .deadEnd(let address, let missed):
      note(.deadEnd(address: address), at: world)
      noteEnd(missing: missed, at: world)
    case .checkFailed(let assertion):
      note(.checkFailed(assertion: assertion), at: world, step: choice)
    case .reached(let goal):
      if result.reached[goal] == nil { result.reached[goal] = store.path(to: world) + [choice] }
    case .fault(let fault):
      note(.fault(fault), at: world, step: choice)
    case .finished(let missed):
      if let target { noteEnd(missing: missed, at: target) }
      if result.completion == nil { result.completion = store.path(to: world) + [choice] }
    }
  }

  /// Keeps the first schedule that shows a flaw: the path to a row, and one more step from there.
  mutating func note(_ flaw: Flaw, at number: Int?, step: Int? = nil) {
    let key: FlawKey =
      switch flaw {
      case .fault(.violated(let property, _)): .property(property)
      case .fault(.oops(let oops)): .oops(address: oops.address)
      case .fault(.deadlock(let waits)): .deadlock(Set(waits.map(\.address)))
      default: .other(flaw)
      }
    guard seen.updateValue(result.witnesses.count, forKey: key) == nil else { return }
    let path = number.map { store.path(to: $0) } ?? []
    result.witnesses.append(Witness(flaw: flaw, schedule: path + (step.map { [$0] } ?? [])))
  }

  /// A schedule ends here: what it was to reach, and did not.
  private mutating func noteEnd(missing goals: [Int], at world: Int) {
    if !stallProperties.isEmpty { ends.append(world) }
    result.missed.formUnion(goals)
  }

  private func actor(_ number: Int) -> Actor {
    switch number {
    case 0: .operator
    case 1: .engine
    case 2..<store.cut.firstTask: .handler(number - 2)
    default: .task(TaskSlot(number - store.cut.firstTask))
    }
  }
}
