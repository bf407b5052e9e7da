import Diagnostics
import Execution
import Testing

/// What ends a schedule unasked does so until the scenario has said that it is to come to it.
@Suite("Crashes and lost text before their `reach`") struct ExpectedTests {
  /// M sleeps in the patch's own code while that is taken out by force. `BEFORE` and `AFTER` stand
  /// around the `rmmod`.
  private func lost(before: String, after: String, search: Bool = false) throws -> RunRecord {
    try ScenarioTexts.run(
      """
      kernel "4.4.21-69-default" {
          queue q
          fn f() { return 1 }
          fn mid() { let x = f(); wait q uninterruptible; return x }
          syscall em() { return mid() }
      }
      patch p { fn mid() { let x = f(); wait q uninterruptible; return x + 1 } }
      program M { sleep 1ms; em() }
      scenario "s" \(search ? "in every schedule" : "") {
          spawn M; apply p
          await not in_progress
          revert p
          $ echo 0 > /sys/kernel/kgraft/in_progress
          await not in_progress
          \(before)
          $ rmmod kgraft_patch_p
          \(after)
          wake q
          \(search ? "" : "sleep 1ms; print \"end\"")
      }
      """)
  }

  @Test(arguments: [false, true])
  func textThatWasLostBeforeIsNotExpected(search: Bool) throws {
    let late = try lost(before: "", after: "reach lost_text", search: search)
    #expect(late.outcome.failure?.diagnostic.code == .lostText)
    // Another claim says nothing of it.
    let other = try lost(before: "", after: "reach oops", search: search)
    #expect(other.outcome.failure?.diagnostic.code == .lostText)
    let early = try lost(before: "reach lost_text", after: "", search: search)
    // In a search its first `await` may wait for ever (E1008), which is another matter.
    #expect(early.outcome.failure?.diagnostic.code != .lostText)
    #expect(search || early.outcome.failure == nil)
  }

  private func crash(_ body: String) throws -> RunRecord {
    try ScenarioTexts.run(
      """
      kernel "4.4.21-69-default" {
          lock a
          lock b
          syscall bad() { oops "x" }
          syscall ab() { lock a; work 10us; lock b; unlock b; unlock a }
          syscall ba() { lock b; work 10us; lock a; unlock a; unlock b }
      }
      program M { bad() }
      program A { ab() }
      program B { ba() }
      scenario "s" { \(body) }
      """)
  }

  @Test func aCrashAndADeadlockOfBeforeAreNotExpected() throws {
    let oops = try crash("spawn M; sleep 1ms; reach oops; sleep 1ms")
    #expect(oops.outcome.failure?.diagnostic.code == .oops)
    let circle = try crash("spawn A; spawn B; sleep 1ms; reach deadlock; sleep 1ms")
    #expect(circle.outcome.failure?.diagnostic.code == .deadlock)
  }

  /// One that was reached is done with, and the next crash is expected as well.
  @Test func whatIsExpectedStaysSo() throws {
    let twice = try crash("reach oops; spawn M; sleep 1ms; spawn M; sleep 1ms")
    #expect(twice.outcome.failure == nil)
    #expect(try crash("spawn M; reach oops; sleep 1ms").outcome.failure == nil)
    #expect(try crash("spawn A; spawn B; reach deadlock; sleep 1ms").outcome.failure == nil)
  }
}
