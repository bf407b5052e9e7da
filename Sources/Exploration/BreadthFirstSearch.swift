import Machine

/// Searches every schedule of a scenario, breadth first, so that the first way found to anything
/// is a shortest one.
///
/// It knows rows and choices, nothing else: which steps are possible is `Machine.forEachChoice`'s
/// affair, what they do is `Machine.step`'s.
package struct BreadthFirstSearch {
  private let machine: Machine
  private let bounds: SearchBounds
  private var store: RowStore
  private var waiting = WaitingGraph()
  private var workspace: Workspace
  private var result = SearchResult()
  private var seen: [FlawKey: Int] = [:]
  /// The properties that some schedule must come to.
  private let goals: [Int]

  /// Two faults at one place are one flaw, whoever was involved.
  private enum FlawKey: Hashable {
    case property(Int)
    case other(Flaw)
  }

  /// - Parameters:
  ///   - machine: one for arbitrary time.
  ///   - start: the world to begin in; nil for the scenario's first.
  package static func run(
    _ machine: Machine, from start: [UInt64]? = nil, bounds: SearchBounds,
    limits: Limits = .ci
  ) -> SearchResult {
    precondition(machine.layout.time == .arbitrary, "a row that holds a clock never comes back")
    // How many tasks there will be is not known beforehand: a search that meets more than its rows
    // have room for begins anew with longer ones.
    var capacity = max(1, machine.program.kernelThreads.count)
    if let start { capacity = machine.layout.taskCapacity(rowWords: start.count) }
    while true {
      var search = BreadthFirstSearch(
        machine, bounds: bounds, limits: limits, taskCapacity: capacity)
      guard let needed = search.explore(from: start) else { return search.result }
      capacity = needed
    }
  }

  private init(
    _ machine: Machine, bounds: SearchBounds, limits: Limits, taskCapacity: Int
  ) {
    self.machine = machine
    self.bounds = bounds
    goals = machine.program.properties.indices.filter { machine.program.properties[$0].isGoal }
    workspace = Workspace(program: machine.program, recording: false, limits: limits)
    store = RowStore(rowWords: machine.layout.rowWords(tasks: taskCapacity))
    result.rowWords = store.rowWords
  }

  /// Nil when done, or the number of tasks that rows must have room for.
  private mutating func explore(from start: [UInt64]?) -> Int? {
    let capacity = machine.layout.taskCapacity(rowWords: store.rowWords)
    var row = start ?? machine.initialRow(taskCapacity: capacity, &workspace)
    row.append(contentsOf: repeatElement(0, count: store.rowWords - row.count))
    if let fault = workspace.fault {
      note(.fault(fault), at: nil)
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
      waiting.begin(waitingAt: awaitAddress(&span))
      // At the scenario's end tasks that still live are dropped.
      if isFinished(&span) {
        next += 1
        continue
      }
      choices.removeAll(keepingCapacity: true)
      machine.forEachChoice(&span, &workspace) { choices.append($0) }
      if choices.isEmpty {
        let flaw = Flaw.deadEnd(address: operatorAddress(&span))
        note(flaw, at: next)
        noteMissed(&span)
      }
      for (number, choice) in choices.enumerated() {
        if number > 0 { store.copy(next, to: &span) }
        if let needed = take(choice, number: number, from: next, &span) { return needed }
      }
      next += 1
      result.bound = boundReached
      if result.bound != nil { break }
    }
    conclude()
    return nil
  }

  private var boundReached: SearchBound? {
    if store.count > bounds.states { return .states(bounds.states) }
    let limit = workspace.limits.memoryBytes
    return store.byteCount + waiting.byteCount > limit ? .memory(bytes: limit) : nil
  }

  private mutating func conclude() {
    for (address, world) in waiting.starved() { note(.starved(address: address), at: world) }
    result.judgesWaiting = waiting.isJudged
    result.states = store.count
    result.assertionsHeld = workspace.assertionsHeld
  }

  private mutating func take(
    _ choice: Choice, number: Int, from parent: Int, _ row: inout MutableSpan<UInt64>
  ) -> Int? {
    result.transitions += 1
    // Budgets are those of one step: how often it is taken is the search's affair.
    workspace.operationsLeft = workspace.limits.operations
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
      if waiting.isWaiting {
        let isOver = choice.actor == .operator
        waiting.add(isOver ? nil : target.number, actor: self.number(of: choice.actor))
      }
      guard progress == .finished else { return nil }
      noteMissed(&row)
      if result.completion == nil { result.completion = store.path(to: parent) + [number] }
    case .faulted:
      guard let fault = workspace.fault else { return nil }
      workspace.fault = nil
      if case .needsCapacity(let tasks) = fault { return tasks }
      if waiting.isWaiting { waiting.add(nil, actor: self.number(of: choice.actor)) }
      note(.fault(fault), at: parent, step: number)
    }
    return nil
  }

  /// Keeps the first schedule that shows a flaw: the path to a row, and one more step from there.
  private mutating func note(_ flaw: Flaw, at number: Int?, step: Int? = nil) {
    let key: FlawKey
    if case .fault(.violated(let property, _)) = flaw {
      key = .property(property)
    } else {
      key = .other(flaw)
    }
    guard seen.updateValue(result.witnesses.count, forKey: key) == nil else { return }
    let path = number.map { store.path(to: $0) } ?? []
    result.witnesses.append(Witness(flaw: flaw, schedule: path + (step.map { [$0] } ?? [])))
  }

  /// A schedule ends here: what it was to reach, and did not.
  private mutating func noteMissed(_ row: inout MutableSpan<UInt64>) {
    for goal in goals where row.isSet(machine.layout.armed[goal]) { result.missed.insert(goal) }
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
