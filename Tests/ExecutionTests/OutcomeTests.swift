import Execution
import Exploration
import Machine
import Testing

/// How schedules end: the distinct outcomes of a search, and how many worlds have each.
@Suite struct OutcomeTests {
  /// Two tasks that read a variable and then write back what they have read and one more.
  private static let lostUpdate = """
    kernel "4.4.21-69-default" {
        var seen in 0..3 = 0
        var done in 0..3 = 0
        syscall count() {
            let old = seen
            seen = old + 1
            done = done + 1
        }
    }
    program counter { count() }

    """

  private func report(
    _ body: String, in text: String = Self.lostUpdate,
    _ adjust: (inout RunOptions) -> Void = { _ in }
  ) throws -> SearchReport {
    let text = text + "scenario \"s\" in every schedule {\n\(body)\n}\n"
    let scenario = try #require(try ScenarioTexts.scenarios(text).first)
    var options = RunOptions()
    adjust(&options)
    guard case .everySchedule(let report) = ScenarioRunner(scenario, options).run().mode else {
      throw ScenarioTexts.NotRunnable(text: "not searched")
    }
    return report
  }

  private func texts(_ report: SearchReport) -> Set<String> { Set(report.outcomes.map(\.text)) }

  /// The lost update: one of two is lost if both read before either writes.
  @Test func everyOutcomeIsFoundAndNoOther() throws {
    let report = try report("spawn 2 of counter\nawait done == 2\nreport \"seen\", seen")
    #expect(report.result.isComplete)
    #expect(texts(report) == ["seen = 1", "seen = 2"])
    #expect(report.outcomes.allSatisfy { ($0.worlds ?? 0) > 0 })
  }

  /// What was reported on the way is not in the world any more; it is told apart all the same.
  @Test func whatWasReportedEarlierCounts() throws {
    let report = try report(
      "let t = spawn counter\nreport \"early\", seen\nawait done == 1\nreport \"late\", seen")
    #expect(texts(report) == ["early = 0, late = 1", "early = 1, late = 1"])
  }

  /// The last value of a name is the one that stands, so that a loop comes to its end.
  @Test func aNameHasItsLastValue() throws {
    let report = try report(
      "spawn counter\nfor i in 0..3 { report \"n\", i }\nreport \"a\", 1\nawait done == 1")
    #expect(texts(report) == ["a = 1, n = 3"])
  }

  @Test func aReportInTheFirstStatementIsNotLost() throws {
    let report = try report("report \"first\", 7\nspawn counter\nawait done == 1")
    #expect(texts(report) == ["first = 7"])
  }

  @Test func whatWasNotKeptIsPartOfIt() throws {
    let report = try report(
      """
      reach seen == 2
      spawn 2 of counter
      await done == 2
      check seen == 2
      report "seen", seen
      """)
    #expect(
      texts(report) == [
        "seen = 1; check seen == 2 fails; reach seen == 2 is not come to", "seen = 2",
      ])
  }

  /// With two goals there are outcomes although nothing is reported: which of them go together.
  @Test func goalsAloneTellEndsApart() throws {
    let body = "reach seen == 2\nreach done == 1\nspawn 2 of counter\nawait done == 2"
    #expect(texts(try report(body)).contains("nothing reported"))
    let one = try report("reach seen == 2\nspawn 2 of counter\nawait done == 2")
    #expect(one.outcomes.isEmpty)
  }

  /// No reduction and no number of hands changes an outcome or its count. Tasks that are exchanged
  /// are counted as if they were not; what nobody looks at makes more worlds of one.
  @Test(arguments: [
    ("spawn 3 of counter\nawait seen == 1\nreport \"a\", done\nawait done == 3\n"
      + "report \"seen\", seen"),
    "spawn 3 of counter\nawait in_progress == false\nreport \"done\", done",
  ])
  func noReductionChangesAnOutcome(body: String) throws {
    let whole = try report(body) { $0.bounds.usesSymmetry = false }
    let reduced = try report(body)
    #expect(reduced.result.states < whole.result.states)
    #expect(whole.outcomes.count > 1)
    func counted(_ report: SearchReport) -> [String] {
      report.outcomes.map { "\($0.worlds ?? -1) \($0.text)" }
    }
    #expect(counted(reduced) == counted(whole))
    let many = try report(body) { $0.workforce = ThreeHands() }
    #expect(many.outcomes == reduced.outcomes)
    let taken = try report(body) { $0.bounds.remembersSteps = false }
    #expect(taken.outcomes == reduced.outcomes)
  }

  /// Rows begin with room for fewer tasks than are born, and what was reported stands behind them.
  @Test func whatIsReportedBeforeTasksAreBornIsKept() throws {
    let body =
      "report \"first\", 7\nspawn 5 of counter\nfor i in 0..2 { report \"n\", i\nawait done >= i }"
    let report = try report(body)
    #expect(report.result.isComplete && texts(report) == ["first = 7, n = 2"])
  }

  /// Each comes with a schedule that ends so.
  @Test func everyOutcomeIsShownByItsSchedule() throws {
    let text =
      Self.lostUpdate
        + """
        scenario "s" in every schedule {
            spawn 3 of counter
            await done == 3
            report "seen", seen
        }
        """
    let scenario = try #require(try ScenarioTexts.scenarios(text).first)
    guard case .everySchedule(let found) = ScenarioRunner(scenario, RunOptions()).run().mode else {
      throw ScenarioTexts.NotRunnable(text: "not searched")
    }
    #expect(found.outcomes.map(\.text).sorted() == ["seen = 1", "seen = 2", "seen = 3"])
    for (outcome, answer) in zip(found.result.outcomes, found.outcomes) {
      var options = RunOptions()
      options.replay = outcome.schedule
      let record = ScenarioRunner(scenario, options).run()
      #expect(record.figures == outcome.figures)
      #expect(answer.replay.contains("--replay"))
      guard case .passed = record.outcome else { return #expect(Bool(false)) }
    }
  }

  /// Where a bound came first it is what was met so far.
  @Test func aBoundLeavesOutcomesOut() throws {
    let body = "spawn 2 of counter\nawait done == 2\nreport \"seen\", seen"
    let depth = try report(body).result.depth
    let report = try report(body) { $0.bounds.depth = depth / 2 }
    #expect(report.outcomes.isEmpty && !report.result.isComplete)
  }
}

/// Three hands of one thread, one after the other: what one makes up another has to know.
private struct ThreeHands: Workforce {
  var count: Int { 3 }
  func each(_ work: @escaping @Sendable (Int) -> Void) { for hand in 0..<3 { work(hand) } }
}
