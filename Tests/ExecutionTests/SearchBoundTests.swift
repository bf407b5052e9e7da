import Execution
import Exploration
import Machine
import Patching
import Synchronization
import Testing

/// What a search that reaches a bound says: what it knows so far, and nothing beyond.
@Suite struct SearchBoundTests {
  private func record(
    _ body: String, breaking broken: [KGraftMutation] = [],
    _ adjust: (inout RunOptions) -> Void
  ) throws -> (record: RunRecord, report: SearchReport) {
    let text = SearchAnswerTests.loopers + "scenario \"s\" in every schedule {\n\(body)\n}\n"
    let scenario = try #require(try ScenarioTexts.scenarios(text, breaking: broken).first)
    var options = RunOptions()
    adjust(&options)
    let record = ScenarioRunner(scenario, options).run()
    guard case .everySchedule(let report) = record.mode else {
      throw ScenarioTexts.NotRunnable(text: "not searched")
    }
    return (record, report)
  }

  private let window = "spawn 2 of looper\nnever mixed\napply fix\nawait not in_progress"

  private func answers(_ report: SearchReport) -> [String: PropertyAnswer.Answer] {
    Dictionary(uniqueKeysWithValues: report.answers.map { ($0.text, $0.answer) })
  }

  private func isOpen(_ record: RunRecord) -> Bool {
    if case .inconclusive = record.outcome { true } else { false }
  }

  /// Whatever the bound: neither ALWAYS nor NEVER is ever said, and it is open whether it passes.
  @Test(arguments: [1, 2, 10, 100, 400])
  func whatIsNotCertainIsNotSaid(states: Int) throws {
    let (record, report) = try record(window) { $0.bounds.states = states }
    #expect(report.result.bound == .states(states))
    #expect(isOpen(record))
    #expect(report.answers.allSatisfy { ![.always, .never].contains($0.answer) })
    #expect(report.answers.allSatisfy { !$0.isComplete })
  }

  /// What is claimed further down has not been watched when the bound comes.
  @Test func aClaimHoldsSoFarWhereItWasWatched() throws {
    let late = window + "\nnever stalled\nassert not in_progress"
    let (_, report) = try record(late) { $0.bounds.states = 30 }
    #expect(answers(report)["never mixed"] == .holds)
    #expect(answers(report)["never stalled"] == .notReached)
    #expect(answers(report)["assert not in_progress"] == .notReached)
  }

  /// A search without a bound looks at schedules of as many steps as the longest shortest path,
  /// and one more from there that leads to nothing new.
  @Test func aDepthThatIsEnoughIsNoBound() throws {
    // A search that counts steps leaves none out.
    let whole = try record(window) { $0.bounds.usesPartialOrder = false }.report.result
    let same = try record(window) { $0.bounds.depth = whole.depth + 1 }
    #expect(same.report.result.isComplete)
    #expect(same.report.result.states == whole.states)
    #expect(same.report.result.transitions == whole.transitions)
    let less = try record(window) { $0.bounds.depth = whole.depth - 1 }
    #expect(less.report.result.bound == .depth(whole.depth - 1))
    #expect(less.report.result.depth == whole.depth - 1)
    #expect(less.report.result.states < whole.states)
    #expect(isOpen(less.record))
  }

  /// The shortest mixture has eight steps (`SearchAnswerTests`), so that no schedule of seven
  /// shows one. Found, it is a failure although the bound came first.
  @Test(arguments: [7, 8])
  func aViolationIsFoundWithinItsSteps(depth: Int) throws {
    let (record, report) = try record(window, breaking: [.immutableWindow]) {
      $0.bounds.depth = depth
    }
    #expect(report.result.bound == .depth(depth))
    #expect(answers(report)["never mixed"] == (depth == 7 ? .holds : .fails))
    #expect(isOpen(record) == (depth == 7))
    #expect((record.outcome.failure != nil) == (depth == 8))
  }

  /// With nobody to end the transition's wait the operator stands still. By hand: spawn, and then
  /// nobody can step: that is seen after one step.
  @Test func whereNobodyCanStepIsKnownAtTheLastDepth() throws {
    let body = "await in_progress"
    let whole = try record(body) { _ in }
    #expect(whole.record.outcome.failure != nil)
    let (record, report) = try record(body) { $0.bounds.depth = 1 }
    #expect(record.outcome.failure != nil)
    #expect(report.result.witnesses == whole.report.result.witnesses)
  }

  @Test func whatSomeScheduleDoesIsCertain() throws {
    // `insmod` may return before or after the worker has finished; both are near the start.
    let body = "reach in_progress\nspawn looper\napply fix\ncheck not in_progress"
    let whole = try record(body) { _ in }.report
    #expect(answers(whole)["check not in_progress"] == .sometimes)
    var wasOpen = false
    for eighth in 1..<8 {
      let states = whole.result.states * eighth / 8
      let report = try record(body) { $0.bounds.states = states }.report
      let check = try #require(report.answers.first { $0.text == "check not in_progress" })
      #expect(!report.result.isComplete)
      #expect(check.isComplete == (check.answer == .sometimes))
      wasOpen = wasOpen || check.isComplete
    }
    #expect(wasOpen)
  }

  @Test func memoryIsABound() throws {
    let (record, report) = try record(window) { $0.bounds.memoryBytes = 20_000 }
    #expect(report.result.bound == .memory(bytes: 20_000))
    #expect(report.result.byteCount > 20_000 && report.result.byteCount < 40_000)
    #expect(isOpen(record))
    // More than the limits of a run allow, if somebody says so.
    let more = try self.record(window) {
      $0.limits.memoryBytes = 20_000
      $0.bounds.memoryBytes = 1 << 30
    }
    #expect(more.report.result.isComplete)
  }

  /// Who gives it up says why, and hears what is known; who has no reason hears nothing.
  @Test(arguments: [SearchBound.time, .interrupted, nil])
  func aSearchThatIsGivenUpSaysWhatItKnows(bound: SearchBound?) throws {
    let heard = Mutex<[SearchProgress]>([])
    let body = "spawn 3 of looper\nnever mixed\napply fix\nawait not in_progress"
    let (record, report) = try record(body) {
      $0.bounds.usesSymmetry = false
      $0.isCancelled = { heard.withLock { $0.count >= 2 } }
      $0.hearsProgress = { progress in heard.withLock { $0.append(progress) } }
      $0.boundOfGivingUp = { bound }
    }
    if bound == nil {
      guard case .cancelled = record.outcome else { return #expect(Bool(false)) }
    } else {
      #expect(report.result.bound == bound && isOpen(record))
      #expect(answers(report)["never mixed"] == .holds)
    }
    let progress = heard.withLock { $0 }
    #expect(progress.count == 2)
    #expect(progress[0].states < progress[1].states)
    #expect(progress[1].states <= report.result.states)
    #expect(progress.allSatisfy { $0.frontier > 0 && $0.frontier < $0.states && $0.byteCount > 0 })
  }
}
