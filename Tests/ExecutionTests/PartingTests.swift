import Execution
import Exploration
import Machine
import Patching
import Testing

/// The schedule that passes beside one that fails, and where they part.
@Suite struct PartingTests {
  private func searched(
    _ body: String, in text: String = SearchAnswerTests.loopers,
    breaking broken: [KGraftMutation] = []
  ) throws -> (scenario: RunnableScenario, record: RunRecord, report: SearchReport) {
    let text = text + "scenario \"s\" in every schedule {\n\(body)\n}\n"
    let scenario = try #require(try ScenarioTexts.scenarios(text, breaking: broken).first)
    let record = ScenarioRunner(scenario, RunOptions()).run()
    guard case .everySchedule(let report) = record.mode else {
      throw ScenarioTexts.NotRunnable(text: "not searched")
    }
    return (scenario, record, report)
  }

  private func replayed(_ scenario: RunnableScenario, _ choices: [Int]) -> RunRecord {
    var options = RunOptions()
    options.replay = choices
    return ScenarioRunner(scenario, options).run()
  }

  /// The shortest mixture has eight steps (`SearchAnswerTests`), of which the last, #7, is the call
  /// of the old g. What can save it then is kGraft alone, with its stub on g: who passes lets it
  /// step first.
  @Test func theyPartWhereItIsDecided() throws {
    let (scenario, record, _) = try searched(
      "spawn 2 of looper\nnever mixed\napply fix\nawait not in_progress",
      breaking: [.immutableWindow])
    let parting = try #require(record.parting)
    #expect(parting.step == 7)
    #expect(parting.here.text.hasPrefix("looper:10") && parting.here.text.hasSuffix(" goes on"))
    #expect(parting.there.text == "kGraft goes on")
    #expect(parting.here.range != nil && parting.there.range == nil)
    guard case .choices(let failing)? = record.schedule else { return #expect(Bool(false)) }
    #expect(parting.passing[..<7] == failing[..<7] && parting.passing[7] != failing[7])
    let failure = try #require(record.outcome.failure)
    #expect(failure.diagnostic.notes.contains { $0.contains("the same up to step #6") })
    #expect(failure.diagnostic.labels.contains { $0.message.hasPrefix("in step #7 here") })
    #expect(failure.passing == parting.replay)
    guard case .passed = replayed(scenario, parting.passing).outcome else {
      return #expect(Bool(false), "it does not pass")
    }
  }

  /// The operator may look at once, or let the worker finish first: the very choice is the step in
  /// which it looks.
  @Test func anAssertionPartsAtTheLook() throws {
    let (scenario, record, report) = try searched(
      "spawn looper\napply fix\nassert not in_progress")
    let parting = try #require(record.parting)
    #expect(parting.here.text == "the scenario goes on")
    #expect(parting.there.text != parting.here.text)
    guard case .choices(let failing)? = record.schedule else { return #expect(Bool(false)) }
    #expect(parting.step == failing.count - 1)
    let answer = try #require(report.answers.first { $0.text == "assert not in_progress" })
    #expect(answer.answer == .sometimes)
    let (keeping, losing) = (try #require(answer.witness), try #require(answer.counterexample))
    #expect(losing == failing)
    #expect(replayed(scenario, losing).outcome.failure != nil)
    #expect(replayed(scenario, keeping).outcome.failure?.diagnostic.code.rawValue != "E1001")
  }

  /// Of a check it is one in which it holds, for the scenario goes on in any case.
  @Test func aCheckHasOneThatKeepsIt() throws {
    let (scenario, record, report) = try searched(
      "spawn looper\napply fix\ncheck not in_progress\nawait not in_progress")
    let parting = try #require(record.parting)
    let kept = replayed(scenario, parting.passing)
    #expect(kept.outcome.failure?.diagnostic.message.contains("check") != true)
    #expect(report.answers.map(\.answer) == [.sometimes, .always])
  }

  @Test func aReachThatIsMissedShowsBoth() throws {
    let (scenario, record, report) = try searched(
      "spawn looper\napply fix\nreach not in_progress\nawait not in_progress\n"
        + "reach looper_never == 1",
      in: SearchAnswerTests.loopers.replacing(
        "fn f() { return 0 }", with: "var looper_never in 0..1 = 0\nfn f() { return 0 }"))
    #expect(record.parting == nil)
    let answer = try #require(report.answers.first)
    if answer.answer == .sometimes {
      let missing = try #require(answer.counterexample)
      #expect(replayed(scenario, missing).goals.first?.isSatisfied == false)
    }
    #expect(report.answers.last?.answer == .never)
  }

  /// Where every schedule fails there is none beside it.
  @Test func whatNeverPassesHasNone() throws {
    let (_, record, _) = try searched("spawn looper\napply fix\nassert 1 == 2")
    #expect(record.outcome.failure != nil && record.parting == nil)
  }

  @Test func whereNobodyCanStepTheyPartBefore() throws {
    let text = """
      kernel "4.4.21-69-default" {
          lock a
          lock b
          syscall one() { lock a; lock b; unlock b; unlock a }
          syscall two() { lock b; lock a; unlock a; unlock b }
      }
      program first { one() }
      program second { two() }

      """
    let (scenario, record, _) = try searched(
      "let p = spawn first\nlet q = spawn second\nawait not p.alive and not q.alive", in: text)
    #expect(record.outcome.failure != nil)
    let parting = try #require(record.parting)
    #expect(parting.here.text.contains(" goes on") && parting.here != parting.there)
    guard case .passed = replayed(scenario, parting.passing).outcome else {
      return #expect(Bool(false))
    }
  }
}
