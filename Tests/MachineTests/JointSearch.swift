import Machine
import Patching
import ReferenceMachine
import Testing

@testable import Machine
@testable import Patching

/// Both machines over one program, and what is needed to hold them side by side.
struct Pair {
  let program: Program
  let fast: Machine
  let slow: ReferenceMachine
  let reader: RowReader
  let capacity: Int
  /// Where the program asks its host, what it said.
  let host: HostRecord?

  /// A program from a text, with the rules and costs that it has there.
  init(shipped program: Program, _ rules: KGraftRules, time: TimeModel) {
    let host = HostRecord()
    let program = host.overhearing(program)
    self.program = program
    self.host = host
    capacity = 16
    let engine = KGraft(rules: rules)
    fast = Machine(program: program, engine: engine, time: time)
    slow = ReferenceMachine(
      program: program, rules: rules, keepsTime: time == .kept, host: host)
    reader = RowReader(machine: fast, engine: engine, liveness: slow.liveness)
  }

  init(_ program: Program, _ rules: KGraftRules, time: TimeModel, capacity: Int = 10) {
    self.program = program
    self.capacity = capacity
    host = nil
    var rules = rules
    var costs = KGraftCosts()
    if time == .kept {
      // Looks every 5 µs and cheaper stubs: or a transition would take two seconds of loops.
      rules.lookNanoseconds = 5_000
      costs.redirectFunction = 900
      costs.finaliseFunction = 700
    }
    var machineCosts = Costs()
    machineCosts.moduleStep = 800
    machineCosts.boot = 6_000
    let engine = KGraft(rules: rules, costs: costs)
    fast = Machine(program: program, engine: engine, time: time, costs: machineCosts)
    slow = ReferenceMachine(
      program: program, rules: rules, keepsTime: time == .kept, costs: machineCosts,
      engineCosts: costs)
    reader = RowReader(machine: fast, engine: engine, liveness: slow.liveness)
  }

  func workspace(recording: Bool = false) -> Workspace {
    Workspace(program: program, recording: recording)
  }

  static func translate(_ choice: Choice) -> ReferenceChoice {
    let actor: ReferenceActor =
      switch choice.actor {
      case .operator: .scenario
      case .engine: .engine
      case .handler(let number): .handler(number)
      case .task(let slot): .task(slot.rawValue)
      }
    return ReferenceChoice(actor: actor, alternative: choice.alternative)
  }

  static func translate(_ progress: Progress, _ fault: Fault?) -> ReferenceOutcome {
    switch progress {
    case .running: .running
    case .finished: .finished
    case .faulted: .faulted(translate(fault))
    }
  }

  private static func translate(_ fault: Fault?) -> ReferenceFault {
    switch fault {
    case .overflow(let address), .divisionByZero(let address): .arithmetic(address: address)
    case .negativeCount(let address, _): .negativeCount(address: address)
    case .negativeDuration(let address, _): .negativeDuration(address: address)
    case .listIndex(let address, _, _): .listIndex(address: address)
    case .noTaskVariable(_, let slot, _): .noTaskVariable(slot.rawValue)
    case .noClock(let address): .noClock(address: address)
    case .noLog(let address): .noLog(address: address)
    case .deadTask(let address, _): .deadTask(address: address)
    case .unexpectedOutcome(let outcome, _), .commandFailed(let outcome, _):
      .unexpectedOutcome(outcome)
    case .assertionFailed(let assertion): .assertionFailed(assertion)
    case .awaitExpired(let site, _): .awaitExpired(site)
    case .violated(let property, _): .violated(property: property)
    case .oops(let oops): .oops(address: oops.address)
    case .deadlock: .deadlock
    case .noField(let address, _): .noField(address: address)
    case .lostText(let lost): .lostText(lost.slot.rawValue)
    case .hostCall(let address, _): .host(address: address)
    default: .unsupported(address: -1)
    }
  }
}

/// Every schedule, on both machines at once: from each pair of worlds that look alike the same
/// choices must lead to worlds that look alike.
struct JointSearch {
  struct Result {
    var states = 0
    var transitions = 0
    var finished = 0
    /// What the first two variables hold where the scenario comes to its end, by the reference. One
    /// that a panic has cut off has not reported them.
    var ends: Set<[Int64]> = []
    /// Where the operator stands when nobody can step any more.
    var deadEnds: Set<Int> = []
    var faults: Set<ReferenceFault> = []
    var failedChecks: Set<Int> = []
    var isComplete = true
  }

  let pair: Pair
  let greatest: Int
  private var frontier: [(row: [UInt64], world: ReferenceWorld)] = []
  private var rows: Set<[UInt64]> = []
  private var worlds: Set<ReferenceWorld> = []
  private var portraits: Set<Portrait> = []
  private var result = Result()
  /// Says which program this was.
  private let label: String

  private init(_ pair: Pair, greatest: Int, label: String) {
    self.pair = pair
    self.greatest = greatest
    self.label = label
  }

  /// Nil after a difference, which is recorded as an issue.
  static func run(_ pair: Pair, greatest: Int = 100_000, label: String) throws -> Result {
    var search = JointSearch(pair, greatest: greatest, label: label)
    let result = search.explore()
    return try #require(result, "\(label): the machines differ")
  }

  private mutating func explore() -> Result? {
    var workspace = pair.workspace()
    let row = pair.fast.initialRow(taskCapacity: pair.capacity, &workspace)
    guard let world = try? pair.slow.initial() else {
      Issue.record("\(label): the reference can't start")
      return nil
    }
    guard admit(row, world, after: nil) else { return nil }
    while let (row, world) = frontier.popLast() {
      guard rows.count < greatest else {
        result.isComplete = false
        break
      }
      guard expand(row, world, &workspace) else { return nil }
    }
    result.states = rows.count
    // Equal portraits are equal rows, and equal worlds: none of the three tells more apart.
    #expect(rows.count == portraits.count, "\(label): rows against portraits")
    #expect(worlds.count == portraits.count, "\(label): reference worlds against portraits")
    return result
  }

  private mutating func expand(
    _ row: [UInt64], _ world: ReferenceWorld, _ workspace: inout Workspace
  ) -> Bool {
    var choices: [Choice] = []
    pair.host?.forget()
    var probe = row
    var span = probe.mutableSpan
    pair.fast.forEachChoice(&span, &workspace) { choices.append($0) }
    let layout = pair.fast.layout
    let address = Int(span[layout.programCounter, at: layout.operatorOrigin])
    if choices.isEmpty { result.deadEnds.insert(address) }
    let expected = pair.slow.choices(world)
    guard probe == row, choices.map(Pair.translate) == expected else {
      Issue.record(
        """
        \(label): choices \(choices) against \(expected), row unchanged: \(probe == row)
        in \(pair.slow.portrait(world))
        """)
      return false
    }
    for choice in choices {
      result.transitions += 1
      var next = row
      var span = next.mutableSpan
      workspace.failedChecks = []
      pair.host?.forget()
      let progress = pair.fast.step(choice, &span, &workspace)
      let outcome = Pair.translate(progress, workspace.fault)
      let reference = pair.slow.step(world, Pair.translate(choice))
      let failed = Set(workspace.failedChecks.map(\.assertion))
      guard failed == reference.failedChecks else {
        Issue.record("\(label): checks \(failed) failed against \(reference.failedChecks)")
        return false
      }
      result.failedChecks.formUnion(failed)
      guard outcome == reference.outcome else {
        Issue.record(
          """
          \(label): \(choice) gives \(outcome) against \(reference.outcome)
          from \(pair.slow.portrait(world))
          """)
        return false
      }
      if case .faulted(let fault) = outcome {
        result.faults.insert(fault)
        continue
      }
      guard admit(next, reference.world, after: (choice, world), outcome: outcome) else {
        return false
      }
    }
    return true
  }

  private mutating func admit(
    _ row: [UInt64], _ world: ReferenceWorld, after step: (Choice, ReferenceWorld)?,
    outcome: ReferenceOutcome = .running
  ) -> Bool {
    let isNewRow = rows.insert(row).inserted
    let isNewWorld = worlds.insert(world).inserted
    guard isNewRow || isNewWorld else { return true }
    let portrait = pair.reader.portrait(row)
    let expected = pair.slow.portrait(world)
    portraits.insert(portrait)
    guard portrait == expected else {
      Issue.record(
        """
        \(label): \(step.map { "\($0.0)" } ?? "the start") leads to
        \(portrait)
        against
        \(expected)
        from \(step.map { "\(pair.slow.portrait($0.1))" } ?? "nothing")
        """)
      return false
    }
    if outcome == .finished {
      result.finished += 1
      if step?.0.actor == .operator { result.ends.insert(Array(world.variables.prefix(2))) }
    } else {
      frontier.append((row, world))
    }
    return true
  }
}
