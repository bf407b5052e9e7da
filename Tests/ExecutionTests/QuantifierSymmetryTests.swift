import Diagnostics
import Execution
import Exploration
import Machine
import Testing

/// Tasks that are asked all together are exchanged in a search, and the answer is that of one which
/// exchanges nobody: verdict, answers, outcomes, lengths of what is shown.
@Suite struct QuantifierSymmetryTests {
  private static let kernel = """
    kernel "4.4.21-69-default" {
        fn f() { return 0 }
        syscall enter() { return f() }
    }
    patch fix { fn f() { return 1 } }
    program counter { var seen = 0; enter(); seen = 1; loop { enter() } }
    program finite { var done = 0; done = 1 + enter() }

    """

  /// What holds, what holds only sometimes, what never holds, and what is waited for.
  static let scenarios = [
    """
    let all = spawn 2 of counter
    always count(t in all: t.seen == 1) <= 2
    reach every(t in all: t.seen == 1)
    await some(t in all: t.seen == 1)
    check every(t in all: t.seen > 0)
    report "started", count(t in all: t.seen > 0)
    """,
    """
    let all = spawn 2 of counter
    never every(t in all: t.universe == new) and in_progress
    apply fix
    await not in_progress
    check every(t in all: t.seen == 1)
    report "new", count(t in all: t.seen == 1)
    """,
    """
    let all = spawn 2 of finite
    await every(t in all: not t.alive)
    assert count(t in all: t.done == 1) == 2
    """,
    """
    let ends = spawn 2 of finite
    let all = spawn 2 of counter
    await every(t in ends: t.done > 0) or some(t in all: t.seen == 1)
    assert some(t in all: t.seen == 1)
    """,
  ]

  private func search(
    _ body: String, _ change: (inout RunOptions) -> Void
  ) throws -> RunRecord {
    let text = Self.kernel + "scenario \"s\" in every schedule {\n\(body)\n}\n"
    let scenario = try #require(try ScenarioTexts.scenarios(text).first)
    var options = RunOptions()
    change(&options)
    return ScenarioRunner(scenario, options).run()
  }

  @Test(arguments: scenarios)
  func nothingChangesButTheCount(_ body: String) throws {
    let reduced = try search(body) { _ in }
    let whole = try search(body) {
      ($0.bounds.usesSymmetry, $0.bounds.usesPartialOrder) = (false, false)
    }
    guard case .everySchedule(let few) = reduced.mode, case .everySchedule(let all) = whole.mode
    else {
      Issue.record("they were searched")
      return
    }
    #expect(few.result.interchange?.groups.isEmpty == false)
    #expect(few.result.isComplete && few.result.states < all.result.states)
    #expect(few.answers.map(\.answer) == all.answers.map(\.answer))
    #expect(few.answers.map(\.isSatisfied) == all.answers.map(\.isSatisfied))
    #expect(few.answers.map { $0.witness?.count } == all.answers.map { $0.witness?.count })
    func ends(_ report: SearchReport) -> Set<[String]> {
      Set(report.outcomes.map { [$0.text] })
    }
    #expect(ends(few) == ends(all))
    #expect((reduced.outcome.failure == nil) == (whole.outcome.failure == nil))
    #expect(
      reduced.outcome.failure?.diagnostic.message == whole.outcome.failure?.diagnostic.message)
    #expect(reduced.steps == whole.steps)
    // Without a clear view of what is dead nobody is exchanged for a quantifier's sake.
    let dead = try search(body) { $0.clearsDeadVariables = false }
    #expect(dead.outcome.failure?.diagnostic.message == whole.outcome.failure?.diagnostic.message)
  }
}
