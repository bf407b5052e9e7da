import Execution
import Exploration
import Machine
import Patching
import Testing

/// Other orders in which schedules are gone through: what they say is so, and they say less.
@Suite struct StrategyTests {
  private static let window = "spawn 2 of looper\nnever mixed\napply fix\nawait not in_progress"

  private func searched(
    _ body: String, breaking broken: [KGraftMutation] = [], _ adjust: (inout RunOptions) -> Void
  ) throws -> (scenario: RunnableScenario, record: RunRecord, report: SearchReport) {
    let text = SearchAnswerTests.loopers + "scenario \"s\" in every schedule {\n\(body)\n}\n"
    let scenario = try #require(try ScenarioTexts.scenarios(text, breaking: broken).first)
    var options = RunOptions()
    adjust(&options)
    let record = ScenarioRunner(scenario, options).run()
    guard case .everySchedule(let report) = record.mode else {
      throw ScenarioTexts.NotRunnable(text: "not searched")
    }
    return (scenario, record, report)
  }

  private static let strategies: [any SearchStrategy] = [
    DepthFirst(), Walks(.uniform, seed: 1, count: 1_000), Walks(.priorities, seed: 1, count: 1_000),
  ]

  @Test(arguments: 0..<3)
  func eachFindsTheMixtureAndItCanBeReplayed(number: Int) throws {
    let (scenario, record, report) = try searched(
      Self.window, breaking: [.immutableWindow]
    ) { $0.strategy = Self.strategies[number] }
    let failure = try #require(record.outcome.failure)
    #expect(failure.diagnostic.code.rawValue == "E1003")
    #expect(!failure.diagnostic.notes.contains { $0.contains("in no schedule sooner") })
    guard case .choices(let shown)? = record.schedule else { return #expect(Bool(false)) }
    // None is shorter than the shortest, which is known by hand to have eight steps.
    #expect(shown.count >= 8)
    var options = RunOptions()
    options.replay = shown
    #expect(ScenarioRunner(scenario, options).run().outcome.failure != nil)
    #expect(report.answers.first { $0.text == "never mixed" }?.isSatisfied == false)
  }

  /// What passes is never said to pass: nobody has seen all of it.
  @Test(arguments: 1..<3)
  func walksProveNothing(number: Int) throws {
    let (_, record, report) = try searched(Self.window + "\nnever stalled") {
      $0.strategy = Self.strategies[number]
    }
    guard case .inconclusive = record.outcome else { return #expect(Bool(false)) }
    #expect(report.result.bound == .walks(1_000) && report.result.walks == 1_000)
    #expect(report.answers.map(\.answer) == [.holds, .holds, .notJudged])
  }

  /// All worlds are seen, in another order.
  @Test func depthFirstSeesTheSameWorlds() throws {
    let body = "spawn 2 of looper\nnever mixed\napply fix"
    let (_, wide, one) = try searched(body) { _ in }
    let (_, deep, other) = try searched(body) { $0.strategy = DepthFirst() }
    #expect(one.result.states == other.result.states)
    #expect(one.result.transitions == other.result.transitions)
    #expect(one.answers.map(\.answer) == other.answers.map(\.answer))
    for record in [wide, deep] {
      guard case .passed = record.outcome else { return #expect(Bool(false)) }
    }
    // Who waits for ever it can't say.
    let (_, waits, _) = try searched(Self.window) { $0.strategy = DepthFirst() }
    guard case .inconclusive(let reason) = waits.outcome else { return #expect(Bool(false)) }
    #expect(reason.contains("--strategy breadth"))
  }

  /// A seed is a list of walks, whoever takes them.
  @Test(arguments: [Walks.Picking.uniform, .priorities])
  func theSeedSaysWhichWalks(picking: Walks.Picking) throws {
    func found(_ seed: UInt64, _ workforce: any Workforce) throws -> SearchResult {
      try searched(Self.window, breaking: [.immutableWindow]) {
        $0.strategy = Walks(picking, seed: seed, count: 500)
        $0.workforce = workforce
      }.report.result
    }
    let one = try found(7, SingleHand())
    #expect(try found(7, SingleHand()) == one)
    #expect(try found(7, OneAfterAnother()) == one)
    #expect(try found(8, SingleHand()) != one)
  }

  /// A task that loops has no walk for itself.
  @Test func prioritiesLetOthersGo() throws {
    let (_, _, report) = try searched(Self.window) {
      $0.strategy = Walks(.priorities, seed: 3, count: 50)
    }
    #expect(report.result.completion != nil)
  }
}

private struct OneAfterAnother: Workforce {
  var count: Int { 3 }
  func each(_ work: @escaping @Sendable (Int) -> Void) { for hand in 0..<3 { work(hand) } }
}
