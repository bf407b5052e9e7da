import Diagnostics
import Execution
import Testing

/// To ask for the kernel's log changes no verdict: what looks ahead holds none, and takes every
/// answer for possible.
@Suite("Looking ahead past the log") struct LogForesightTests {
  private func run(_ thread: String, _ body: String) throws -> RunRecord {
    try ScenarioTexts.run(
      """
      kernel "4.4.21-69-default" {
          queue q
          fn f() { return 1 }
          kthread worker { loop { f(); \(thread) } }
      }
      patch one { fn f() { return 2 } }
      scenario "s" { \(body) }
      """)
  }

  private static let askings = [
    "", "$ dmesg", "$ dmesg | grep kgr", "$ dmesg | grep nobody fails",
    "let n = \"one\"; expect log \"kgr: applying patch '{n}'\"",
  ]

  /// A kernel thread without a safe point never leaves the old universe.
  @Test(arguments: askings) func aStallIsFound(asking: String) throws {
    let record = try run("sleep 100ms", "never stalled; apply one; sleep 3s\n\(asking)")
    #expect(record.outcome.failure?.diagnostic.code == .propertyViolated)
  }

  @Test(arguments: askings) func aRequestThatNeverReturnsIsNamed(asking: String) throws {
    let record = try run("work 1ms", "apply one\n\(asking)")
    #expect(record.outcome.failure?.diagnostic.code == .requestWaits)
    #expect(record.nanoseconds < 300_000_000_000)
  }

  /// Two questions in one step, and the help that comes behind them is known to be possible.
  @Test func helpBehindTheLogCounts() throws {
    let begin = "never stalled; let n = \"kgr\"; spawn server; sleep 10ms; apply fix; sleep 9s; "
    let asking = "expect log \"{n}\"; expect log \"{n}:\"; "
    func run(_ rest: String) throws -> RunRecord {
      try ScenarioTexts.run(
        StalledTests.text("{ \(begin + asking + rest) }", release: StalledTests.old))
    }
    let helped = try run("wake packets; await not in_progress")
    #expect(helped.outcome.failure == nil)
    #expect(helped.goals.map(\.answer) == [.holds])
    let left = try run("sleep 1s")
    #expect(left.outcome.failure?.diagnostic.code == .propertyViolated)
    // Known from the start, and not only at the end.
    #expect(left.nanoseconds < 1_000_000_000)
  }
}
