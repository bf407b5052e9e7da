import Machine

/// Searches every schedule of a scenario, breadth first, so that the first way found to anything
/// is a shortest one.
///
/// It knows rows and choices, nothing else: which steps are possible is `Machine.forEachChoice`'s
/// affair, what they do is `Machine.step`'s.
package struct BreadthFirstSearch {
  let machine: Machine
  private let bounds: SearchBounds
  var store: RowStore
  var graph = StepGraph()
  private var workspace: Workspace
  var result = SearchResult()
  private var seen: [FlawKey: Int] = [:]
  /// The properties that some schedule must come to.
  private let goals: [Int]
  /// The properties about stalled transitions: they are judged when all worlds are known.
  let stallProperties: [Int]
  /// Worlds in which a schedule ends.
  var ends: [Int] = []

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
      var search = BreadthFirstSearch(
        machine, bounds: bounds, limits: limits, taskCapacity: capacity)
      if let known {
        search.workspace.strings = known.strings
        search.workspace.lists = known.lists
      }
      search.workspace.fuel.isCancelled = isCancelled
      guard let needed = search.explore(from: start, isCancelled) else { return search.result }
      capacity = needed
    }
  }

  private init(
    _ machine: Machine, bounds: SearchBounds, limits: Limits, taskCapacity: Int
  ) {
    self.machine = machine
    self.bounds = bounds
    let properties = machine.program.properties
    stallProperties = properties.indices.filter { properties[$0].isAboutStalling }
    goals = properties.indices.filter {
      properties[$0].isGoal && !properties[$0].isAboutStalling
    }
    workspace = Workspace(program: machine.program, recording: false, limits: limits)
    store = RowStore(rowWords: machine.layout.rowWords(tasks: taskCapacity))
    result.rowWords = store.rowWords
  }

  /// Nil when done, or the number of tasks that rows must have room for.
  private mutating func explore(
    from start: [UInt64]?, _ isCancelled: (@Sendable () -> Bool)?
  ) -> Int? {
    let capacity = machine.layout.taskCapacity(rowWords: store.rowWords)
    var row = start ?? machine.initialRow(taskCapacity: capacity, &workspace)
    row.append(contentsOf: repeatElement(0, count: store.rowWords - row.count))
    if let fault = workspace.fault {
      if fault == .cancelled { result.bound = .cancelled } else { note(.fault(fault), at: nil) }
      return nil
    }
    _ = store.insert(row.span, parent: -1, choice: 0)
    var choices: [Choice] = []
    var levelEnd = 1
    var next = 0
    while next < store.count {
      if next == levelEnd {
        levelEnd = store.count
        result.depth += 1
      }
      var span = row.mutableSpan
      store.copy(next, to: &span)
      let isUnderWay = !stallProperties.isEmpty && machine.engine.isInProgress(machine, &span)
      graph.begin(waitingAt: awaitAddress(&span), isUnderWay: isUnderWay)
      if machine.canHoldUp, graph.wantsEdges { noteScheduled(&span) }
      let isOver = isFinished(&span)
      // At the scenario's end tasks that still live are dropped, unless somebody asks whether they
      // would ever let a transition finish.
      if isOver, !isUnderWay {
        next += 1
        continue
      }
      choices.removeAll(keepingCapacity: true)
      machine.forEachChoice(&span, &workspace) { choices.append($0) }
      if choices.isEmpty, !isOver {
        let flaw = Flaw.deadEnd(address: operatorAddress(&span))
        note(flaw, at: next)
        noteMissed(&span, at: next)
      }
      for (number, choice) in choices.enumerated() {
        if number > 0 { store.copy(next, to: &span) }
        if isOver {
          if let needed = takeBeyondTheEnd(choice, number, from: next, &span) { return needed }
          if result.bound == .cancelled { return nil }
          continue
        }
        if let needed = take(choice, number: number, from: next, &span) { return needed }
        if result.bound == .cancelled { return nil }
      }
      next += 1
      result.bound = boundReached(after: next, isCancelled)
      if result.bound == .cancelled { return nil }
      if result.bound != nil { break }
    }
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
    let limit = workspace.limits.memoryBytes
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
    result.states = store.count
    result.assertionsHeld = workspace.assertionsHeld
  }

  private mutating func take(
    _ choice: Choice, number: Int, from parent: Int, _ row: inout MutableSpan<UInt64>
  ) -> Int? {
    result.transitions += 1
    // Budgets are those of one step: how often it is taken is the search's affair.
    workspace.fuel.restart(operations: workspace.limits.operations)
    workspace.outputBytes = 0
    workspace.figures.removeAll(keepingCapacity: true)
    let failedChecks = workspace.failedChecks.count
    let progress = machine.step(choice, &row, &workspace)
    for check in workspace.failedChecks[failedChecks...] {
      note(.checkFailed(assertion: check.assertion), at: parent, step: number)
    }
    for goal in goals where result.reached[goal] == nil && workspace.goalsReached[goal] {
      result.reached[goal] = store.path(to: parent) + [number]
    }
    switch progress {
    case .running, .finished:
      let target = store.insert(row.span, parent: parent, choice: number)
      if graph.wantsEdges {
        graph.add(.world(target.number), actor: self.number(of: choice.actor))
      }
      guard progress == .finished else { return nil }
      noteMissed(&row, at: target.number)
      if result.completion == nil { result.completion = store.path(to: parent) + [number] }
    case .faulted:
      guard let fault = workspace.fault else { return nil }
      workspace.fault = nil
      if case .needsCapacity(let tasks) = fault { return tasks }
      if fault == .cancelled {
        result.bound = .cancelled
        return nil
      }
      if graph.wantsEdges {
        graph.add(Self.target(of: fault), actor: self.number(of: choice.actor))
      }
      note(.fault(fault), at: parent, step: number)
    }
    return nil
  }

  /// A step after the scenario's end, where nothing is claimed any more: it only leads on.
  private mutating func takeBeyondTheEnd(
    _ choice: Choice, _ number: Int, from parent: Int, _ row: inout MutableSpan<UInt64>
  ) -> Int? {
    result.transitions += 1
    for field in machine.layout.armed { row.set(field, to: false) }
    workspace.fuel.restart(operations: workspace.limits.operations)
    let progress = machine.step(choice, &row, &workspace)
    let fault = workspace.fault
    workspace.fault = nil
    if case .needsCapacity(let tasks)? = fault { return tasks }
    if fault == .cancelled {
      result.bound = .cancelled
      return nil
    }
    let target =
      progress == .faulted
      ? StepGraph.Target.unknown
      : .world(store.insert(row.span, parent: parent, choice: number).number)
    graph.add(target, actor: self.number(of: choice.actor))
    return nil
  }

  /// An assertion that fails is the scenario's end, and changes nothing: what the others do then
  /// they can do before as well. Behind any other fault lies what nobody has seen.
  private static func target(of fault: Fault) -> StepGraph.Target {
    if case .assertionFailed = fault { .outside } else { .unknown }
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
  private mutating func noteMissed(_ row: inout MutableSpan<UInt64>, at world: Int) {
    if !stallProperties.isEmpty { ends.append(world) }
    for goal in goals where row.isSet(machine.layout.armed[goal]) { result.missed.insert(goal) }
  }

  /// Who is held up here gets its turn when it could step again and again.
  private mutating func noteScheduled(_ row: inout MutableSpan<UInt64>) {
    machine.forEachHeldUp(&row) { actor in
      let number = number(of: actor)
      if number < 64 { graph.scheduled |= 1 << UInt64(number) }
    }
  }

  /// Who steps, as a small number.
  private func number(of actor: Actor) -> Int {
    switch actor {
    case .operator: 0
    case .engine: 1
    case .handler(let number): 2 + number
    case .task(let slot): 2 + machine.layout.handlers.count + slot.rawValue
    }
  }

  private func actor(_ number: Int) -> Actor {
    switch number {
    case 0: .operator
    case 1: .engine
    case 2..<(2 + machine.layout.handlers.count): .handler(number - 2)
    default: .task(TaskSlot(number - 2 - machine.layout.handlers.count))
    }
  }

  /// Where the operator waits for a condition, if it does.
  private func awaitAddress(_ row: inout MutableSpan<UInt64>) -> Int? {
    guard row[machine.layout.operatorStatus] == OperatorStatus.ready.rawValue else { return nil }
    let address = operatorAddress(&row)
    return machine.program.instructions[address].operation == .await ? address : nil
  }

  private func isFinished(_ row: inout MutableSpan<UInt64>) -> Bool {
    row[machine.layout.operatorStatus] == OperatorStatus.finished.rawValue
  }

  private func operatorAddress(_ row: inout MutableSpan<UInt64>) -> Int {
    Int(row[machine.layout.programCounter, at: machine.layout.operatorOrigin])
  }
}
