import Execution
import Exploration
import Machine
import Patching
import Testing

/// A violation is one however it was found, and a claim that some schedules can't answer is none
/// that always holds.
@Suite struct UnansweredClaimTests {
  @Test(arguments: [false, true]) func aViolationComesBeforeWhatCantGoOn(_ isDeep: Bool) throws {
    var options = RunOptions()
    if isDeep { options.strategy = DepthFirst() }
    let record = try ScenarioTexts.run(
      """
      kernel "4.4.21-69-default" {
          var x in 0..3 = 0
          syscall s() { x = 1 }
      }
      program p { s() }
      program q { s(); s(); s() }
      scenario "s" in every schedule {
          let t = spawn p
          spawn q
          check x == 0
          sleep 1s
          check t.universe == new
          check x == 0
      }
      """, options: options)
    guard case .everySchedule(let report) = record.mode, case .failed = record.outcome else {
      return #expect(Bool(false), "\(record.outcome)")
    }
    let answer = try #require(report.answers.first { $0.text.contains("universe") })
    #expect(answer.answer == .sometimes)
  }
}

/// What a search over every schedule says of each property.
@Suite struct SearchAnswerTests {
  static let loopers = """
    kernel "4.4.21-69-default" {
        fn f() { return 0 }
        fn g() { return 0 }
        syscall both() { f(); g() }
    }
    patch fix { fn f() { return 1 }  fn g() { return 1 } }
    program looper { loop { both() } }

    """

  private func report(
    _ body: String, breaking broken: [KGraftMutation] = []
  ) throws -> (SearchReport, RunRecord) {
    let text = Self.loopers + "scenario \"s\" in every schedule {\n\(body)\n}\n"
    let record = try ScenarioTexts.run(text, breaking: broken)
    guard case .everySchedule(let report) = record.mode else {
      throw ScenarioTexts.NotRunnable(text: "not searched")
    }
    return (report, record)
  }

  private func answers(_ report: SearchReport) -> [String: PropertyAnswer.Answer] {
    Dictionary(uniqueKeysWithValues: report.answers.map { ($0.text, $0.answer) })
  }

  @Test func theWindowKeepsEveryEntryInOneUniverse() throws {
    let (report, _) = try report("spawn 2 of looper\nnever mixed\napply fix\nawait not in_progress")
    #expect(report.result.isComplete)
    #expect(report.result.witnesses.isEmpty)
    #expect(answers(report)["never mixed"] == .always)
  }

  /// The shortest way without the window, by hand: spawn (and arm, which is no step of its own),
  /// apply, open the window, stub on f, enter the kernel, call f (new), return, call g (old) is
  /// eight steps. None can be left out, for the mixture needs both calls within one entry and the
  /// stub on f before the first of them.
  @Test func withoutTheWindowTheShortestWitnessHasEightSteps() throws {
    let (report, record) = try report(
      "spawn 2 of looper\nnever mixed\napply fix\nawait not in_progress",
      breaking: [.immutableWindow])
    #expect(answers(report)["never mixed"] == .sometimes)
    let witness = try #require(report.result.witnesses.first)
    #expect(witness.schedule.count == 8)
    #expect(record.outcome.failure?.diagnostic.code.rawValue == "E1003")
  }

  @Test func anAssertionThatDependsOnTheOrderHoldsSometimes() throws {
    let (report, _) = try report("spawn looper\napply fix\nassert not in_progress")
    // `insmod` may return before or after the worker has finished.
    #expect(answers(report)["assert not in_progress"] == .sometimes)
  }

  /// A search keeps no time: what it says of an `await` it doesn't say of its limit.
  @Test func theLimitOfAnAwaitIsNotJudged() throws {
    let (report, _) = try report(
      "spawn looper\napply fix\nawait not in_progress within 1ns\nawait not in_progress")
    #expect(report.answers.map(\.answer) == [.always, .always])
    #expect(report.answers.map(\.hasUnjudgedLimit) == [true, false])
  }

  @Test func anAssertionThatNeverHoldsIsNever() throws {
    let (report, _) = try report(
      "let t = spawn looper\napply fix\nawait not in_progress\nassert t.universe == old")
    #expect(answers(report)["assert t.universe == old"] == .never)
  }

  @Test func anAssertionBehindOneIsNotReached() throws {
    let (report, _) = try report(
      "let t = spawn looper\nassert t.universe == old\nassert t.alive")
    #expect(answers(report)["assert t.alive"] == .notReached)
  }

  @Test func waitingForWhatNobodyDoesIsADeadEnd() throws {
    let text = """
      kernel "4.4.21-69-default" { var done = 0 }
      program idle { exit }
      scenario "s" in every schedule {
          let t = spawn idle
          await not t.alive
          await in_progress
      }
      """
    let record = try ScenarioTexts.run(text)
    #expect(record.outcome.failure?.diagnostic.code.rawValue == "E1005")
  }

  @Test func aBoundLeavesTheQuestionOpen() throws {
    let text =
      Self.loopers
      + "scenario \"s\" in every schedule { spawn 2 of looper; never mixed; apply fix }"
    let scenario = try #require(try ScenarioTexts.scenarios(text).first)
    var options = RunOptions()
    options.bounds.states = 50
    guard case .inconclusive = ScenarioRunner(scenario, options).run().outcome else {
      Issue.record("a search that was cut off must not have an answer")
      return
    }
  }

  /// Every witness, replayed by the machine, ends in the flaw that it is a witness of.
  @Test func everyWitnessReplays() throws {
    let text =
      Self.loopers
        + """
        scenario "s" in every schedule {
            let ts = spawn 2 of looper
            never mixed
            apply fix
            assert in_progress
            assert every(t in ts: t.universe == old)
            await not in_progress
        }
        """
    let scenario = try #require(
      try ScenarioTexts.scenarios(text, breaking: [.immutableWindow]).first)
    guard case .everySchedule(let report) = ScenarioRunner(scenario, RunOptions()).run().mode
    else {
      Issue.record("not searched")
      return
    }
    #expect(!report.result.witnesses.isEmpty)
    for witness in report.result.witnesses {
      let machine = Machine(
        program: scenario.program, engine: KGraft(rules: scenario.rules), time: .arbitrary)
      var session = Session(
        machine: machine, schedule: .choices(witness.schedule), limits: .ci)
      let end = session.run()
      switch witness.flaw {
      case .fault(let fault): #expect(end == .fault(fault))
      case .deadEnd: #expect(end == .nothingHappens)
      case .checkFailed, .starved, .stalled: #expect(end == .scheduleEnded)
      }
      #expect(session.steps == witness.schedule.count)
    }
  }
}
