import Machine

/// One schedule, step by step as a picker says.
struct Walk: Sendable {
  enum End: Sendable {
    case done(Walk)
    case cancelled
  }

  private let machine: Machine
  private let limits: Limits
  private let isCancelled: (@Sendable () -> Bool)?
  private var picker: WalkPicker
  private let goals: [Int]

  private(set) var schedule: [Int] = []
  /// What ended it, if that should not be.
  private(set) var flaw: Flaw?
  /// The steps after which checks had failed.
  private(set) var failedChecks: [(Int, Flaw)] = []
  /// By property and by assertion, the steps after which it was so.
  private(set) var reached: [Int: Int] = [:]
  private(set) var held: [Int: Int] = [:]
  private(set) var missed: [Int] = []
  private(set) var armed: Set<Int> = []
  private(set) var awaited: Set<Int> = []
  /// What it has reported, where that can differ.
  private(set) var account = Account()
  let tellsEndsApart: Bool
  private let reports: Bool
  /// It has come to its end, whichever.
  private(set) var isOver = false

  init(_ request: SearchRequest, _ picker: WalkPicker) {
    machine = request.machine
    limits = request.limits
    isCancelled = request.isCancelled
    self.picker = picker
    let properties = machine.program.properties
    goals = properties.indices.filter {
      properties[$0].isGoal && !properties[$0].isAboutStalling
    }
    reports = machine.program.reports
    tellsEndsApart = reports || goals.count > 1
  }

  mutating func run(length: Int) -> End {
    var workspace = Workspace(program: machine.program, recording: false, limits: limits)
    workspace.fuel.isCancelled = isCancelled
    var words = machine.initialRow(taskCapacity: 16, &workspace)
    note(&workspace)
    if let fault = workspace.fault {
      if fault == .cancelled { return .cancelled }
      (flaw, isOver) = (.fault(fault), true)
      return .done(self)
    }
    while !isOver, schedule.count < length {
      switch step(&words, &workspace) {
      case .stepped: continue
      case .cancelled: return .cancelled
      case .needs(let tasks):
        let capacity = machine.layout.taskCapacity(rowWords: words.count)
        let wanted = machine.layout.rowWords(tasks: max(tasks, 2 * capacity))
        words.append(contentsOf: repeatElement(0, count: max(0, wanted - words.count)))
      }
    }
    let row = words.mutableSpan
    let layout = machine.layout
    for property in layout.armed.indices where row.isSet(layout.armed[property]) {
      armed.insert(property)
    }
    guard isOver else { return .done(self) }
    for goal in goals where row.isSet(layout.armed[goal]) { missed.append(goal) }
    return .done(self)
  }

  private enum Outcome {
    case stepped
    case needs(tasks: Int)
    case cancelled
  }

  private mutating func step(_ words: inout [UInt64], _ workspace: inout Workspace) -> Outcome {
    let before = words
    var row = words.mutableSpan
    var choices: [Choice] = []
    machine.forEachChoice(&row, &workspace) { choices.append($0) }
    guard !choices.isEmpty else {
      let layout = machine.layout
      let address = Int(row[layout.programCounter, at: layout.operatorOrigin])
      (flaw, isOver) = (.deadEnd(address: address), true)
      return .stepped
    }
    noteAwait(&row)
    let number = picker.pick(among: choices, step: schedule.count)
    workspace.fuel.restart(operations: limits.operations)
    workspace.outputBytes = 0
    workspace.figures.removeAll(keepingCapacity: true)
    let progress = machine.step(choices[number], &row, &workspace)
    if let fault = workspace.fault {
      workspace.fault = nil
      if fault == .cancelled { return .cancelled }
      if case .needsCapacity(let tasks) = fault {
        words = before
        return .needs(tasks: tasks)
      }
      (flaw, isOver) = (.fault(fault), true)
    }
    picker.took(choices[number])
    schedule.append(number)
    note(&workspace)
    if progress == .finished { isOver = true }
    return .stepped
  }

  private mutating func noteAwait(_ row: inout MutableSpan<UInt64>) {
    let layout = machine.layout
    let address = Int(row[layout.programCounter, at: layout.operatorOrigin])
    guard row[layout.operatorStatus] == OperatorStatus.ready.rawValue,
      machine.program.instructions[address].operation == .await
    else { return }
    awaited.insert(address)
  }

  private mutating func note(_ workspace: inout Workspace) {
    if reports { account.add(workspace) }
    for check in workspace.failedChecks {
      let flaw = Flaw.checkFailed(assertion: check.assertion)
      if !failedChecks.contains(where: { $0.1 == flaw }) {
        failedChecks.append((schedule.count, flaw))
      }
    }
    workspace.failedChecks.removeAll()
    for goal in goals where workspace.goalsReached[goal] {
      if reached[goal] == nil { reached[goal] = schedule.count }
    }
    for assertion in workspace.assertionsHeld.indices where workspace.assertionsHeld[assertion] {
      if held[assertion] == nil { held[assertion] = schedule.count }
    }
  }
}

/// Numbers that look like chance, and are the same each time (SplitMix64).
struct Chance: Sendable {
  private var state: UInt64

  init(seed: UInt64, number: Int) {
    state = seed &* 0x9e37_79b9_7f4a_7c15 &+ UInt64(truncatingIfNeeded: number)
    // Neighbours begin far from each other.
    state = next()
  }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var word = state
    word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
    return word ^ (word >> 31)
  }

  /// From 0 to `bound` − 1.
  mutating func below(_ bound: Int) -> Int {
    Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(max(1, bound))).high)
  }
}

/// Who steps next in a walk.
struct WalkPicker: Sendable {
  private var chance: Chance
  /// Nil: nobody comes before another.
  private var priorities: [Actor: Int]?
  /// The steps before which whoever has just stepped falls behind everybody else.
  private var changes: Set<Int> = []
  private var last: Actor?
  private var inARow = 0
  private var lowest = 0

  /// Who has stepped so often in a row lets others go: a loop would have all of a walk.
  private static let longestTurn = 64

  init(_ chance: Chance) { self.chance = chance }

  init(_ chance: Chance, changes count: Int, within steps: Int) {
    self.chance = chance
    priorities = [:]
    for _ in 0..<count { changes.insert(self.chance.below(steps)) }
  }

  mutating func pick(among choices: [Choice], step: Int) -> Int {
    guard priorities != nil else { return chance.below(choices.count) }
    if let last, changes.contains(step) || inARow >= Self.longestTurn { lower(last) }
    var best: (number: Actor, priority: Int)?
    for choice in choices {
      let priority = priority(of: choice.actor)
      if priority > best?.priority ?? .min { best = (choice.actor, priority) }
    }
    let own = choices.indices.filter { choices[$0].actor == best?.number }
    return own[chance.below(own.count)]
  }

  mutating func took(_ choice: Choice) {
    inARow = choice.actor == last ? inARow + 1 : 1
    last = choice.actor
  }

  private mutating func lower(_ actor: Actor) {
    lowest -= 1
    priorities?[actor] = lowest
    inARow = 0
  }

  private mutating func priority(of actor: Actor) -> Int {
    if let known = priorities?[actor] { return known }
    let priority = Int(chance.next() >> 33) + 1
    priorities?[actor] = priority
    return priority
  }
}
