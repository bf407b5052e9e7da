import Diagnostics
import Execution
import Exploration
import Machine
import Patching
import Testing

/// `check`, which goes on, and `reach`, which needs one schedule.
@Suite struct CheckAndReachTests {
  private static let counters = """
    kernel "4.4.21-69-default" {
        var count in 0..3 = 0
        syscall bump() { count = count + 1 }
    }
    program once { bump() }

    """

  private func failures(_ record: RunRecord) -> [Diagnostic] {
    record.outcome.failure.map { ($0.earlier + [$0]).map(\.diagnostic) } ?? []
  }

  private func answers(_ record: RunRecord) -> [String: PropertyAnswer] {
    guard case .everySchedule(let report) = record.mode else { return [:] }
    return Dictionary(report.answers.map { ($0.text, $0) }) { first, _ in first }
  }

  @Test func aRunShowsEveryFailedCheckWithItsValues() throws {
    let record = try ScenarioTexts.run(
      Self.counters + """
        scenario "s" {
            var n = 2
            for step in 1..3 { check n > step; n = n + 0 }
            check n == 2 and n * 2 == 5
            check n == 3 and n * 2 == 4
            print "on"
        }
        """)
    guard case .failed = record.outcome else {
      Issue.record("\(record.outcome)")
      return
    }
    let found = failures(record)
    #expect(found.map(\.code.rawValue) == ["E1006", "E1006", "E1006"])
    #expect(found.first?.notes == ["it failed 2 times; the values are those of the first"])
    #expect(found.first?.values.map(\.text) == ["2", "2"])
    // What `and` left out has no value.
    #expect(found.map { $0.values.count } == [2, 5, 2])
    #expect(record.events.contains { if case .printed(_, "on") = $0.kind { true } else { false } })
  }

  @Test func aCheckBeforeAFailedAssertionIsShownToo() throws {
    let record = try ScenarioTexts.run(
      "scenario \"s\" { var n = 2; n = n + 0; check n == 3; assert n == 4; check n == 5 }")
    #expect(failures(record).map(\.code.rawValue) == ["E1006", "E1001"])
  }

  @Test func aSearchGoesOnBeyondAFailedCheck() throws {
    let record = try ScenarioTexts.run(
      Self.counters + """
        scenario "s" in every schedule {
            spawn 2 of once
            check count == 0
            sleep 1ms
            check count == 1
            await count >= 1
        }
        """)
    let found = answers(record)
    #expect(found["check count == 0"]?.answer == .sometimes)
    #expect(found["check count == 1"]?.answer == .sometimes)
    #expect(found["await count >= 1"]?.answer == .always)
    #expect(failures(record).map(\.code.rawValue) == ["E1006", "E1006"])
    let replays = record.outcome.failure.map { ($0.earlier + [$0]).map(\.replay) } ?? []
    #expect(Set(replays).count == 2, "each has its own schedule")
  }

  @Test func theAnswersOfReach() throws {
    let record = try ScenarioTexts.run(
      Self.counters + """
        scenario "s" in every schedule {
            reach count == 2
            reach count == 1
            reach not in_progress
            let ts = spawn 2 of once
            await every(t in ts: not t.alive)
        }
        """)
    guard case .passed = record.outcome else {
      Issue.record("\(record.outcome)")
      return
    }
    let found = answers(record)
    // Both may read 0 before either writes 1.
    #expect(found["reach count == 2"]?.answer == .sometimes)
    #expect(found["reach count == 1"]?.answer == .always)
    #expect(found["reach not in_progress"]?.answer == .always)
    #expect(found["reach not in_progress"]?.witness?.count == 1)
    #expect(!record.events.isEmpty, "the schedule that comes to it is shown")
  }

  @Test func aScheduleThatReachesItReplaysToThere() throws {
    let text =
      Self.counters + """
        scenario "s" in every schedule {
            reach count == 2
            let ts = spawn 2 of once
            await every(t in ts: not t.alive)
        }
        """
    let witness = try #require(
      answers(try ScenarioTexts.run(text))["reach count == 2"]?.witness)
    let scenario = try #require(try ScenarioTexts.scenarios(text).first)
    var options = RunOptions()
    options.replay = witness
    let record = ScenarioRunner(scenario, options).run()
    guard case .passed = record.outcome else {
      Issue.record("\(record.outcome)")
      return
    }
    #expect(record.goals.map(\.answer) == [.holds])
  }

  @Test func whatNoScheduleReachesFailsTheSearch() throws {
    let record = try ScenarioTexts.run(
      Self.counters + """
        scenario "s" in every schedule {
            reach count == 3
            let ts = spawn 2 of once
            await every(t in ts: not t.alive)
        }
        """)
    guard case .failed(let failure) = record.outcome else {
      Issue.record("\(record.outcome)")
      return
    }
    #expect(failure.diagnostic.code.rawValue == "E1007")
    #expect(answers(record)["reach count == 3"]?.answer == .never)
  }

  /// A monitor can be a goal: the hazard is shown to be there, and kGraft's rule to be its cure.
  @Test(arguments: [nil, KGraftMutation.immutableWindow])
  func aMonitorIsReachedOnlyWithABrokenRule(_ mutation: KGraftMutation?) throws {
    let text = """
      kernel "4.4.21-69-default" {
          fn f() { return 1 }
          fn g() { return 1 }
          syscall both() { return f() + g() }
      }
      patch fix { fn f() { return 2 }; fn g() { return 2 } }
      program once { both() }
      scenario "s" in every schedule {
          reach mixed
          spawn once
          apply fix
          await not in_progress
      }
      """
    let record = try ScenarioTexts.run(text, breaking: mutation.map { [$0] } ?? [])
    #expect(answers(record)["reach mixed"]?.answer == (mutation == nil ? .never : .sometimes))
    let isPassed = if case .passed = record.outcome { true } else { false }
    #expect(isPassed == (mutation != nil))
  }

  @Test func oneRunDoesNotJudgeReach() throws {
    let record = try ScenarioTexts.run(
      Self.counters + """
        scenario "s" {
            reach count == 3
            reach count == 1
            let t = spawn once
            await not t.alive
        }
        """)
    guard case .passed = record.outcome else {
      Issue.record("\(record.outcome)")
      return
    }
    #expect(record.goals.map(\.answer) == [.notJudged, .holds])
  }
}
