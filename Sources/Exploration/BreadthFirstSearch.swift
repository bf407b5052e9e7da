import Machine

/// Searches every schedule of a scenario, breadth first, so that the first way found to anything
/// is a shortest one.
///
/// It knows rows and choices, nothing else: which steps are possible is the machine's affair, what
/// they do is `Machine.step`'s. Worlds are taken in stretches: an expander takes every step out of
/// them, then what they lead to is numbered, in the order of the worlds and of their choices.
package struct BreadthFirstSearch {
  let machine: Machine
  let bounds: SearchBounds
  var store: WorldStore
  var graph = StepGraph()
  let workers: [Worker]
  /// Bytes of texts and lists that every worker knows.
  var sharedTextBytes = 0
  private let memoryLimit: Int
  let audience: SearchAudience
  /// Follows schedules in the slots that tasks have, among all steps that there are; only where
  /// worlds are put in order, or steps left out.
  var follower: Expander?
  /// Whether that is the scenario's own first world.
  var startsAtBeginning = true
  /// The first world as it was given.
  var start: [UInt32] = []
  var result = SearchResult()
  var seen: [FlawKey: Int] = [:]
  /// The properties about stalled transitions: they are judged when all worlds are known.
  let stallProperties: [Int]
  /// Worlds in which a schedule ends.
  var ends: [Int] = []
  /// The properties that some schedule must come to, but those about stalled transitions.
  let goals: [Int]
  /// The worlds in which the scenario comes to its end; only where schedules can be told apart by
  /// what they have said or come to.
  var endWorlds: Set<Int> = []
  let tellsEndsApart: Bool
  /// Where it stands.
  var course = SearchCourse()
  /// Of some range of time not every value was tried.
  var leavesValuesOut = false
  /// Some schedule is longer than the bound allows.
  var isCutOff = false
  /// Which step of the harvest is looked at next, and which note.
  var nextStep = 0
  var nextNote = 0

  /// - Parameters:
  ///   - machine: one for arbitrary time.
  ///   - start: the world to begin in; nil for the scenario's first.
  ///   - isCancelled: asked now and then whether to give up.
  ///   - hears: told as often how far it is.
  ///   - known: what has been stepped to that world, and knows what its strings and lists mean.
  ///   - workforce: who takes the steps; it changes nothing but the time.
  package static func run(
    _ machine: Machine, from start: [UInt64]? = nil, knowing known: Workspace? = nil,
    bounds: SearchBounds, limits: Limits = .ci, with workforce: any Workforce = SingleHand(),
    cancelledWhen isCancelled: (@Sendable () -> Bool)? = nil,
    telling hears: (@Sendable (SearchProgress) -> Void)? = nil, keeping: SearchKeeping? = nil,
    resuming snapshot: SearchSnapshot? = nil
  ) -> SearchResult {
    let audience = SearchAudience(isCancelled: isCancelled, hears: hears)
    precondition(
      machine.layout.keepsTime == (bounds.timed != nil), "a clock is either kept or searched")
    let reductions = Reductions(machine, bounds)
    func search(
      _ reductions: Reductions, _ bounds: SearchBounds, _ audience: SearchAudience = audience
    ) -> SearchResult {
      run(
        machine, reductions, from: start, knowing: known, bounds, limits, workforce, audience)
    }
    // What is kept is the search for the answer, not those for what is shown of it.
    var keeper = audience
    (keeper.keeping, keeper.snapshot) = (keeping, snapshot)
    var result = search(reductions, bounds, keeper)
    if result.mistake != nil { return result }
    if result.showsLoop, !reductions.isEmpty, result.bound != .cancelled {
      // The way round is shown in the slots that tasks have, and with every step that there is: the
      // search goes over all of them.
      let whole = search(Reductions(), bounds)
      if whole.showsLoop, whole.bound != .cancelled { return whole }
    }
    if result.showsLoop, !reductions.isEmpty {
      // They are too many. It is known all the same that it can go round.
      for witness in result.witnesses.indices {
        result.witnesses[witness].lasso = nil
        result.witnesses[witness].isShortest = result.partialOrder?.worlds ?? 0 == 0
      }
      return result
    }
    return result.withShortestWays { wanted, depth in
      var reductions = reductions
      reductions.partialOrder = nil
      var bounds = bounds
      (bounds.wanted, bounds.depth) = (wanted, depth)
      return search(reductions, bounds)
    }
  }

  private static func run(
    _ machine: Machine, _ reductions: Reductions, from start: [UInt64]?,
    knowing known: Workspace?, _ bounds: SearchBounds, _ limits: Limits,
    _ workforce: any Workforce, _ audience: SearchAudience
  ) -> SearchResult {
    // How many tasks there will be is not known beforehand: a search that meets more than its rows
    // have room for begins anew with longer ones.
    var capacity = max(1, machine.program.bootTasks.count)
    if let start { capacity = machine.layout.taskCapacity(rowWords: start.count) }
    var bounds = bounds
    // That somebody may lose its CPU is not known beforehand either.
    bounds.timed?.keepsSlices = false
    while true {
      var workspace = Workspace(program: machine.program, recording: false, limits: limits)
      if let known {
        workspace.strings = known.strings
        workspace.lists = known.lists
      }
      workspace.fuel.isCancelled = audience.isCancelled
      let cut = RowCut(machine.layout, tasks: capacity, keepsAccounts: machine.program.reports)
      var row = start ?? machine.initialRow(taskCapacity: capacity, &workspace)
      row.append(contentsOf: repeatElement(0, count: cut.rowWords - row.count))
      if let mode = bounds.timed { machine.beginTimed(mode, &row) }
      var accounts = AccountTable()
      if let place = cut.account { row[place] = accounts.word(adding: workspace, to: 0) }
      var search = BreadthFirstSearch(
        machine, cut, reductions, workspace, accounts, bounds: bounds,
        workerCount: workforce.count, audience)
      search.startsAtBeginning = start == nil
      search.result.interchange = reductions.interchange
      search.result.partialOrder = reductions.partialOrder
      if let fault = workspace.fault {
        if fault == .cancelled {
          search.result.bound = .cancelled
        } else {
          search.note(.fault(fault), at: nil)
        }
        return search.result
      }
      search.start = search.store.insert(first: row.span)
      if let snapshot = audience.snapshot {
        switch search.restore(snapshot) {
        case .ready: break
        case .stopped: return search.result
        case .needs(let tasks):
          capacity = tasks
          continue
        }
      }
      let asked =
        bounds.isDepthFirst ? search.exploreDepthFirst() : search.explore(workforce)
      guard let needed = asked else { return search.result }
      if needed == Self.needsSlices {
        bounds.timed?.keepsSlices = true
      } else {
        capacity = needed
      }
    }
  }

  private init(
    _ machine: Machine, _ cut: RowCut, _ reductions: Reductions, _ workspace: Workspace,
    _ accounts: AccountTable, bounds: SearchBounds, workerCount: Int, _ audience: SearchAudience
  ) {
    let symmetry = reductions.interchange.map { Symmetry(cut, $0) } ?? Symmetry(none: cut)
    self.machine = machine
    self.audience = audience
    self.bounds = bounds
    let properties = machine.program.properties
    stallProperties = properties.indices.filter { properties[$0].isAboutStalling }
    let goals = properties.indices.filter {
      properties[$0].isGoal && !properties[$0].isAboutStalling
    }
    self.goals = goals
    tellsEndsApart = cut.account != nil || goals.count > 1
    store = WorldStore(cut, symmetry)
    let expander = Expander(
      machine, cut, symmetry, workspace, accounts, goals: goals,
      asksForStalling: !stallProperties.isEmpty, remembers: bounds.remembersSteps,
      takesOwnAlone: reductions.takesOwnAlone,
      timed: bounds.timed.map { TimedRule(machine, $0) })
    workers = (0..<max(1, workerCount)).map { _ in Worker(expander) }
    sharedTextBytes = expander.textBytes
    memoryLimit = bounds.memoryBytes ?? workspace.limits.memoryBytes
    for (assertion, isHeld) in workspace.assertionsHeld.enumerated() where isHeld {
      result.held[assertion] = []
    }
    result.rowWords = cut.rowWords
    result.timed = bounds.timed
    guard !symmetry.isEmpty || reductions.takesOwnAlone else { return }
    // A way that has been found is put into words to its end: its steps have been made before.
    var uninterrupted = workspace
    uninterrupted.fuel.isCancelled = nil
    follower = Expander(
      machine, cut, Symmetry(none: cut), uninterrupted, accounts, goals: goals,
      asksForStalling: !stallProperties.isEmpty, remembers: false, repeatsFindings: true)
  }

  /// In place of a number of tasks: somebody may lose its CPU at the end of a slice.
  static let needsSlices = -1

  /// Worlds between two looks whether the search is still wanted; a power of two.
  private static let worldsBetweenLooks = 1024

  func boundReached(after worlds: Int) -> SearchBound? {
    if worlds & (Self.worldsBetweenLooks - 1) == 0 {
      audience.hears?(
        SearchProgress(
          states: store.count, transitions: result.transitions, frontier: store.count - worlds,
          depth: result.depth, byteCount: store.byteCount + graph.byteCount))
      if let isCancelled = audience.isCancelled, isCancelled() { return .cancelled }
    }
    if let sought = bounds.sought, result.sought(sought) != nil { return .cancelled }
    if worlds & 63 == 0, isAllFound { return .cancelled }
    if store.count > bounds.states { return .states(bounds.states) }
    guard worlds & 63 == 0 else { return nil }
    return store.byteCount + graph.byteCount > memoryLimit ? .memory(bytes: memoryLimit) : nil
  }

  mutating func conclude() {
    // Only ways were wanted, and they are there.
    guard bounds.wanted == nil else { return }
    if leavesValuesOut {
      // A way that was not tried may finish what the others do not.
      result.judgesStalling = result.judgesStalling && stallProperties.isEmpty
      if result.bound == nil { result.bound = .ranges }
    }
    if !stallProperties.isEmpty, result.judgesStalling { judgeStalling() }
    let symmetry = store.symmetry
    let starving = graph.starved(
      exchanging: symmetry.actors,
      isFairToThem: symmetry.isEmpty ? nil : { [self] in isFairToEach($0) })
    for starved in starving {
      let count = result.witnesses.count
      note(.starved(address: starved.address), at: starved.world)
      guard result.witnesses.count > count else { continue }
      result.showsLoop = true
      result.witnesses[count].lasso = Lasso(
        approach: [], loop: starved.loop, passedOver: starved.passedOver.map(actor))
    }
    result.judgesWaiting = graph.tellsActorsApart
    noteWatched()
    if tellsEndsApart { countOutcomes() }
  }

  // MARK: What steps lead to

  /// Gives numbers to the parts that the harvest has brought, in the order of its steps.
  mutating func numberNewParts(of harvest: inout Harvest) {
    let width = store.width
    for step in harvest.flags.indices where harvest.flags[step] == Harvest.provisional {
      for place in 0..<width {
        let number = harvest.numbers[step * width + place]
        guard number & Harvest.newPart != 0 else { continue }
        let kind = store.cut.places[place].kind
        harvest.numbers[step * width + place] = store.parts[kind].intern(
          Int(number & ~Harvest.newPart), of: harvest.newParts[kind])
      }
      store.symmetry.order(
        &harvest.numbers, at: step * width, store.parts[store.cut.taskKind])
      let hash = store.symmetry.hash(
        harvest.numbers.span.extracting((step * width)..<((step + 1) * width)))
      harvest.hashes[step] = hash
    }
  }

  /// Steps whose places in the store are looked up together.
  private static let together = 32

  /// Takes in the steps out of one world.
  mutating func admit(_ source: Harvest.Source, _ world: Int, of harvest: Harvest) {
    graph.begin(
      waitingAt: source.awaitAddress < 0 ? nil : Int(source.awaitAddress),
      isUnderWay: source.isUnderWay, isAlone: source.isAlone)
    graph.scheduled |= source.heldUp
    if source.isAlone { result.partialOrder?.addWorld() }
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
      if graph.wantsEdges, bounds.wanted == nil {
        let isUnknown = harvest.flags[nextStep] & Harvest.unknown != 0
        let end = isUnknown ? StepGraph.Target.unknown : .outside
        graph.add(target.map { .world($0) } ?? end, actor: Int(harvest.actors[nextStep]))
      }
      while nextNote < harvest.notes.count, harvest.notes[nextNote].step == nextStep {
        let finding = harvest.notes[nextNote].finding
        take(finding, Int(harvest.choices[nextStep]), of: world, to: target)
        nextNote += 1
      }
      nextStep += 1
    }
    result.transitions += nextStep - first
  }

  mutating func take(
    _ finding: Harvest.Note.Finding, _ choice: Int, of world: Int, to target: Int?
  ) {
    switch finding {
    case .deadEnd(let address, let missed):
      note(.deadEnd(address: address), at: world)
      noteEnd(missing: missed, at: world)
    case .checkFailed(let assertion):
      note(.checkFailed(assertion: assertion), at: world, step: choice)
    case .reached(let goal):
      if result.reached[goal] == nil {
        result.reached[goal] = schedule(to: world, choice, finding).choices
      }
    case .held(let assertion):
      if result.held[assertion] == nil {
        result.held[assertion] = schedule(to: world, choice, finding).choices
      }
    case .fault(let fault):
      note(.fault(fault), at: world, step: choice)
    case .finished(let missed):
      if let target {
        noteEnd(missing: missed, at: target)
        if tellsEndsApart { endWorlds.insert(target) }
      }
      if result.completion == nil {
        result.completion = schedule(to: world, choice, finding).choices
      }
    }
  }

  /// Keeps the first schedule that shows a flaw: the path to a row, and one more step from there.
  mutating func note(_ flaw: Flaw, at number: Int?, step: Int? = nil) {
    guard seen.updateValue(result.witnesses.count, forKey: FlawKey(flaw)) == nil else { return }
    var witness = Witness(flaw: flaw, schedule: [])
    if let number {
      var finding: Harvest.Note.Finding?
      if case .fault(let fault) = flaw { finding = .fault(fault) }
      if case .checkFailed(let assertion) = flaw { finding = .checkFailed(assertion: assertion) }
      let way = schedule(to: number, step, finding)
      witness.schedule = way.choices
      if let fault = way.fault { witness.flaw = .fault(fault) }
    }
    result.witnesses.append(witness)
  }

  /// A schedule ends here: what it was to reach, and did not.
  private mutating func noteEnd(missing goals: [Int], at world: Int) {
    if !stallProperties.isEmpty { ends.append(world) }
    for goal in goals where result.missed.insert(goal).inserted {
      result.missing[goal] = schedule(to: world, nil, nil).choices
    }
  }

  func actor(_ number: Int) -> Actor {
    switch number {
    case 0: .operator
    case 1: .engine
    case 2..<store.cut.firstTask: .handler(number - 2)
    default: .task(TaskSlot(number - store.cut.firstTask))
    }
  }
}

/// Two faults at one place are one flaw, whoever was involved.
enum FlawKey: Hashable, Sendable {
  case property(Int)
  case oops(address: Int)
  /// Those who wait, by the places where they do.
  case deadlock(Set<Int>)
  /// A task was asked what it can't say, at that address.
  case unanswered(address: Int, variable: Int?)
  case other(Flaw)

  init(_ flaw: Flaw) {
    self =
      switch flaw {
      case .fault(.violated(let property, _)): .property(property)
      case .fault(.oops(let oops)): .oops(address: oops.address)
      case .fault(.deadlock(let waits)): .deadlock(Set(waits.map(\.address)))
      case .fault(.deadTask(let address, _)): .unanswered(address: address, variable: nil)
      case .fault(.noTaskVariable(let address, _, let variable)):
        .unanswered(address: address, variable: variable)
      default: .other(flaw)
      }
  }
}
