import Diagnostics
import Exploration
import Machine
import Patching

/// A scenario that is ready to run.
package struct RunnableScenario: Sendable {
  package var id: ScenarioID
  package var program: Program
  package var rules: KGraftRules
  package var isExhaustive: Bool
  /// Where its title stands.
  package var range: SourceRange
  /// Of its text and rules: what a replay token is bound to.
  package var textHash: UInt32
  /// The texts that it comes from.
  package var sources: SourceMap

  package init(
    id: ScenarioID, program: Program, rules: KGraftRules, isExhaustive: Bool,
    range: SourceRange, sources: SourceMap, textHash: UInt32
  ) {
    self.id = id
    self.program = program
    self.rules = rules
    self.isExhaustive = isExhaustive
    self.range = range
    self.textHash = textHash
    self.sources = sources
  }

  func machine(_ time: TimeModel, clearingDead: Bool = true) -> Machine {
    Machine(
      program: program, engine: KGraft(rules: rules), time: time, clearsDead: clearingDead)
  }
}

/// Says whether what is under way is still wanted.
package typealias Cancellation = @Sendable () -> Bool

/// How scenarios are to be run.
package struct RunOptions: Sendable {
  package var seed: UInt64 = 0
  /// A schedule to repeat, in place of a run or a search; and how time is kept in it, if it is.
  package var replay: [Int]?
  package var replayTimed: TimedMode?
  package var limits = Limits.ci
  package var bounds = SearchBounds()
  /// In which order a search goes through schedules.
  package var strategy: any SearchStrategy = BreadthFirst()
  /// Who takes the steps of a search.
  package var workforce: any Workforce = SingleHand()
  /// Whether a search takes worlds for one that differ in what nobody will look at any more.
  package var clearsDeadVariables = true
  /// Whether events are wanted even of a scenario that passes.
  package var wantsEvents = false
  /// Asked now and then, from the thread that runs: whether to give up.
  package var isCancelled: Cancellation?
  /// Asked of a search that was given up: by which bound. Nil: nobody wants to know any more.
  package var boundOfGivingUp: (@Sendable () -> SearchBound?)?
  /// Who keeps how far a search is, and where it goes on from.
  package var keeping: SearchKeeping?
  package var snapshot: SearchSnapshot?
  /// Told now and then, from the thread that searches, how far it is.
  package var hearsProgress: (@Sendable (SearchProgress) -> Void)?
  /// Rules taken out on purpose; only named here so that a replay command can repeat them.
  package var brokenRules: [KGraftMutation] = []
  /// What is claimed besides the text, which `RunnableScenario.claiming` does.
  package var claims: [StandingClaim] = []
  /// Words of a command line that a replay command has to have as well: budgets and claims.
  package var replayWords: [String] = []
  /// Those that a command which repeats a search has to have besides.
  package var timedWords: [String] = []

  package init() {}
}

/// Runs one scenario: silently first, and loudly again when there is something to show.
package struct ScenarioRunner: Sendable {
  let scenario: RunnableScenario
  let options: RunOptions

  package init(_ scenario: RunnableScenario, _ options: RunOptions) {
    self.scenario = scenario
    self.options = options
  }

  /// - Parameter skipReason: why the scenario asks not to be run, if it does.
  package func run(skipping skipReason: String? = nil) -> RunRecord {
    if let skipReason {
      return RunRecord(
        id: scenario.id, mode: .seed(options.seed), outcome: .skipped(reason: skipReason),
        program: scenario.program, events: [], steps: 0, nanoseconds: 0)
    }
    if let replay = options.replay { return self.replay(replay, options.replayTimed) }
    return scenario.isExhaustive ? search() : runOnce()
  }

  // MARK: One schedule

  private func runOnce() -> RunRecord {
    let machine = scenario.machine(.kept)
    let schedule = Schedule.seed(options.seed)
    var session = Session(
      machine: machine, schedule: schedule, limits: options.limits,
      cancelledWhen: options.isCancelled)
    let end = session.run()
    let outcome = outcome(of: end, &session, replay: seedArguments)
    var record = RunRecord(
      id: scenario.id, mode: .seed(options.seed), outcome: outcome, program: scenario.program,
      events: [], steps: session.steps, nanoseconds: session.time)
    // The step that passed the budget led far beyond it.
    if case .timeExhausted(let limit) = end { record.nanoseconds = limit }
    if options.wantsEvents || outcome.failure != nil {
      tell(&record, machine, schedule)
    }
    record.goals = goals(of: session)
    record.figures = session.workspace.figures
    record.schedule = schedule
    return record
  }

  /// Steps at a run's end whose ordinary events are kept.
  static let recordedSteps = 100_000

  /// Runs once more, for its events. A run of more steps than `toldSteps` is not told: that would
  /// take as long again, and nobody could read it.
  static let toldSteps = 20_000_000

  private func tell(_ record: inout RunRecord, _ machine: Machine, _ schedule: Schedule) {
    guard record.steps <= Self.toldSteps else { return }
    record.ordinaryFrom = max(0, record.steps - Self.recordedSteps)
    var session = Session(
      machine: machine, schedule: schedule, recordingFrom: record.ordinaryFrom,
      limits: options.limits, cancelledWhen: options.isCancelled)
    let end = session.run()
    record.events = session.events
    // What went wrong is told from what happened.
    if record.outcome.failure != nil {
      record.outcome = outcome(of: end, &session, replay: seedArguments)
    }
    record.droppedEvents = session.workspace.events.droppedCount
  }

  /// Repeats a schedule of choices.
  ///
  /// - Parameters:
  ///   - timed: how time is kept; nil: it is arbitrary.
  ///   - witness: what is known to be wrong with it; nil: that is to be found out.
  ///   - isFound: a search has found it, whose bounds it is not to be held against: it is shown to
  ///     its end.
  private func replay(
    _ choices: [Int], _ timed: TimedMode?, showing witness: Witness? = nil,
    found isFound: Bool = false
  ) -> RunRecord {
    let machine = scenario.machine(timed == nil ? .arbitrary : .kept)
    let schedule = Schedule(choices, timed)
    var session = Session(
      machine: machine, schedule: schedule, recordingFrom: 0, limits: options.limits,
      cancelledWhen: isFound ? nil : options.isCancelled)
    var end = session.run()
    var witness = witness
    let watches = scenario.program.watches(.stalled)
    let isOpen = !isFound || witness != nil || watches
    if (end == .scheduleEnded && isOpen) || (end == .finished && watches) {
      end = judgedEnd(&session, machine, &witness)
    }
    var record = RunRecord(
      id: scenario.id, mode: .replay,
      outcome: outcome(
        of: end, &session, replay: replayArguments(choices, timed), showing: witness),
      program: scenario.program, events: session.events, steps: session.steps,
      nanoseconds: session.time)
    record.goals = goals(of: session)
    record.figures = session.workspace.figures
    record.schedule = schedule
    return record
  }

  /// What a schedule shows that ends before the scenario does: whether from there on the operator
  /// can wait for ever, or the transition can't finish. No step shows that, so that a search from
  /// there has to.
  private func judgedEnd(
    _ session: inout Session, _ machine: Machine, _ witness: inout Witness?
  ) -> RunEnd {
    switch witness?.flaw {
    case .starved: return .starved
    case .stalled: session.noteStalled()
    case nil:
      var bounds = options.bounds
      bounds.usesPartialOrder = false
      bounds.timed = session.schedule.timed
      let result = BreadthFirstSearch.run(
        machine, from: session.row, knowing: session.workspace, bounds: bounds,
        limits: options.limits, cancelledWhen: options.isCancelled)
      if result.isStartStalled { session.noteStalled() }
      let starved = result.witnesses.first { witness in
        if case .starved = witness.flaw { witness.schedule.isEmpty } else { false }
      }
      if session.end == .scheduleEnded, starved != nil {
        witness = starved
        return .starved
      }
    default: break
    }
    return session.end ?? .scheduleEnded
  }

  // MARK: Every schedule

  private func search() -> RunRecord {
    let machine = scenario.machine(
      options.bounds.timed == nil ? .arbitrary : .kept, clearingDead: options.clearsDeadVariables)
    var request = SearchRequest(machine)
    request.bounds = options.bounds
    request.limits = options.limits
    request.workforce = options.workforce
    request.isCancelled = options.isCancelled
    request.hears = options.hearsProgress
    (request.keeping, request.snapshot) = (options.keeping, options.snapshot)
    var result = options.strategy.search(request)
    if result.bound == .cancelled, result.mistake == nil, let bound = options.boundOfGivingUp?() {
      result.bound = bound
    }
    result.putVerdictsFirst()
    if result.bound != .cancelled, result.timed == nil { putInOrder(&result, machine) }
    let timed = result.timed
    let report = report(result)
    var record = RunRecord(
      id: scenario.id, mode: .everySchedule(report), outcome: .passed,
      program: scenario.program, events: [], steps: 0, nanoseconds: 0)
    let unreached = unreachedGoals(result)
    record.warnings = vacuities(result, report.answers)
    record.schedule = (result.witnesses.first?.shown ?? shownSchedule(result)).map {
      Schedule($0, timed)
    }
    if result.bound == .cancelled {
      record.outcome = .cancelled
    } else if let witness = result.witnesses.first {
      let replayed = replay(witness.shown, timed, showing: witness, found: true)
      record.events = replayed.events
      record.steps = replayed.steps
      record.nanoseconds = replayed.nanoseconds
      record.parting = parting(witness, result, machine)
      record.outcome = adding(
        result.witnesses.dropFirst().flatMap { failedChecks($0, timed) } + unreached,
        to: replayed.outcome.parted(record.parting))
    } else if let bound = result.bound {
      record.outcome = .inconclusive(reason: Self.words(bound))
    } else if !result.judgesWaiting, !scenario.program.awaits.isEmpty {
      record.outcome = .inconclusive(
        reason: "with more than 64 who can step, whether an await can wait for ever is not judged")
    } else if let failure = Failure(ofChecks: unreached) {
      record.outcome = .failed(failure)
    } else if options.wantsEvents, let shown = shownSchedule(result) {
      let replayed = replay(shown, timed, found: true)
      record.events = replayed.events
      record.steps = replayed.steps
      record.nanoseconds = replayed.nanoseconds
    }
    return record
  }

  private func report(_ result: SearchResult) -> SearchReport {
    let replayArguments = { self.replayArguments($0, result.timed) }
    return SearchReport(
      result: result,
      answers: PropertyAnswers(scenario.program, result).all.map { answer in
        var answer = answer
        answer.replay = answer.witness.map(replayArguments)
        answer.counterReplay = answer.counterexample.map(replayArguments)
        return answer
      },
      outcomes: result.outcomes.map {
        OutcomeAnswer($0, scenario.program, replay: replayArguments($0.schedule))
      })
  }

  /// The witness that is shown, of as few steps as any; of these one with as few interruptions as
  /// any, wherever that can be known.
  private func putInOrder(_ result: inout SearchResult, _ machine: Machine) {
    guard let witness = result.witnesses.first else { return }
    var session = Session(
      machine: machine, schedule: .choices(witness.schedule), limits: options.limits)
    _ = session.run()
    let tasks = machine.layout.taskCapacity(rowWords: session.row.count)
    var order = WitnessOrder(machine, tasks: tasks, limits: options.limits)
    func minimum() -> WitnessMinimum {
      WitnessMinimum(machine, tasks: tasks, limits: options.limits)
    }
    guard options.strategy.findsShortest, witness.isShortest else {
      var shortening = WitnessOrder(machine, tasks: tasks, limits: options.limits, steps: 200_000)
      result.witnesses[0] = order.improved(shortening.shortened(witness))
      return
    }
    var shortest = minimum()
    guard let (least, cost) = shortest.minimum(of: witness) else {
      result.witnesses[0] = order.improved(witness)
      result.witnesses[0].figures = order.cost(of: result.witnesses[0]).map {
        WitnessFigures(preemptions: $0.preemptions, isLeast: false)
      }
      return
    }
    result.witnesses[0] = least
    var any = minimum()
    result.witnesses[0].figures = WitnessFigures(
      preemptions: cost.preemptions, isLeast: true,
      leastOfAll: cost.preemptions == 0 ? 0 : any.leastPreemptions(of: least.flaw))
  }

  /// A schedule that passes beside the one that fails, and where they part.
  private func parting(
    _ witness: Witness, _ result: SearchResult, _ machine: Machine
  ) -> Parting? {
    var shortest = result.completion
    switch witness.flaw {
    case .checkFailed(let assertion): shortest = result.held[assertion]
    case .stalled(let property): shortest = result.missing[property]
    default: break
    }
    return PartingSearch(
      machine: machine, limits: options.limits, bounds: options.bounds,
      isCancelled: options.isCancelled, timed: result.timed
    ).parting(witness, shortest: shortest) { replayArguments($0, result.timed) }
  }

  private static func words(_ bound: SearchBound) -> String {
    switch bound {
    case .states(let count):
      "the bound of \(count) states was reached first; --states allows more"
    case .memory(let bytes):
      "the budget of \(Memory.text(bytes: bytes)) was used up first; --max-memory allows more"
    case .depth(let depth):
      "there are schedules of more than \(depth) steps; --max-depth allows more"
    case .walks(let count):
      "\(count) schedules were picked, of all that there are; --runs picks more"
    case .waitingNotJudged:
      "depth first, nobody judges whether something can wait for ever; --strategy breadth does"
    case .ranges:
      "of ranges of time not every value was tried; --grain tries more of them"
    case .time:
      "the time was over first; --max-search-time and --max-time allow more"
    case .interrupted:
      "interrupted before everything was seen"
    case .cancelled:
      "the search was given up"
    }
  }

  /// Of a search that found nothing wrong: the way to what it was to find, or to the end.
  private func shownSchedule(_ result: SearchResult) -> [Int]? {
    result.reached.min { $0.key < $1.key }?.value ?? result.completion
  }

  /// What a complete search has found no way to, although some schedule came to the end.
  private func unreachedGoals(_ result: SearchResult) -> [Failure] {
    guard result.isComplete, result.witnesses.isEmpty || result.completion != nil else { return [] }
    return scenario.program.properties.enumerated().compactMap { number, property in
      guard property.isGoal, result.reached[number] == nil else { return nil }
      return Failure(
        diagnostic: .neverReached(property.text, property.origin.range), replay: searchArguments)
    }
  }

  /// What a further witness of a failed check has to say; other flaws end their schedules, and the
  /// shortest of them is enough.
  private func failedChecks(_ witness: Witness, _ timed: TimedMode?) -> [Failure] {
    guard case .checkFailed(let assertion) = witness.flaw else { return [] }
    let range = scenario.program.assertions[assertion].origin.range
    let record = replay(witness.schedule, timed, showing: witness, found: true)
    guard let failure = record.outcome.failure else { return [] }
    return (failure.earlier + [failure]).filter { $0.diagnostic.range == range }
  }

  private func adding(_ others: [Failure], to outcome: RunOutcome) -> RunOutcome {
    guard var failure = outcome.failure else { return outcome }
    let known = Set((failure.earlier + [failure]).map(\.diagnostic.range))
    failure.earlier += others.filter { !known.contains($0.diagnostic.range) }
    if case .broken = outcome { return .broken(failure) }
    return .failed(failure)
  }

  // MARK: How to see it again

  private var brokenRuleArguments: [String] {
    options.brokenRules.flatMap { ["--break", $0.rawValue] } + options.replayWords
  }

  private var searchArguments: [String] {
    ["explore", "\(scenario.id)"] + options.timedWords + brokenRuleArguments
  }

  private var seedArguments: [String] {
    ["run", "\(scenario.id)", "--seed", "\(options.seed)"] + brokenRuleArguments
  }

  private func replayArguments(_ choices: [Int], _ timed: TimedMode?) -> [String] {
    let token = ReplayToken(textHash: scenario.textHash, choices: choices, timed: timed)
    return ["run", "\(scenario.id)", "--replay", token.text] + brokenRuleArguments
  }
}
