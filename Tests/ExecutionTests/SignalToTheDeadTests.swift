import Execution
import Machine
import Reports
import Testing

/// A signal to who is gone: ESRCH of one task, of a list only if nobody of it is left
/// (`kill(2)`; `__kill_pgrp_info` in `kernel/signal.c`).
@Suite struct SignalToTheDeadTests {
  private func run(_ body: String, search: Bool = false) throws -> RunRecord {
    try ScenarioTexts.run(
      """
      kernel "4.4" { queue packets; syscall recv() { wait packets } }
      program short { work 1us }
      program server { loop { recv() } }
      scenario "s" \(search ? "in every schedule" : "") { \(body) }
      """)
  }

  private func isPassed(_ record: RunRecord) -> Bool {
    if case .passed = record.outcome { true } else { false }
  }

  private func missed(_ record: RunRecord) -> [TaskSlot] {
    record.events.compactMap {
      if case .signalMissed(let slot, _) = $0.kind { slot } else { nil }
    }
  }

  @Test func oneTaskThatIsGoneIsAnError() throws {
    let record = try run("let t = spawn short; sleep 1ms; signal INT, t")
    let failure = try #require(record.outcome.failure)
    #expect(failure.diagnostic.message == "`signal INT, t` failed: ESRCH (No such process)")
    #expect(failure.diagnostic.help?.contains("signal INT, t fails ESRCH") == true)
    #expect(missed(record) == [TaskSlot(0)])
  }

  @Test func itCanBeExpected() throws {
    #expect(isPassed(try run("let t = spawn short; sleep 1ms; signal INT, t fails ESRCH")))
    let alive = try run("let t = spawn server; sleep 1ms; signal STOP, t fails ESRCH")
    #expect(alive.outcome.failure?.diagnostic.message.contains("succeeded") == true)
  }

  /// The same process by its number: the shell's word is the same.
  @Test func theShellSaysTheSame() throws {
    #expect(
      isPassed(
        try run(
          "let t = spawn short; sleep 1ms; let pid = t.pid; $ kill -INT {pid} fails ESRCH")))
  }

  @Test func ofAListTheDeadArePassedOver() throws {
    let record = try run(
      "let a = spawn short; let b = spawn server; sleep 1ms; signal TERM, [a, b]; sleep 1ms; "
        + "assert not b.alive")
    #expect(isPassed(record))
    #expect(missed(record) == [TaskSlot(0)])
  }

  @Test func aListOfTheDeadAloneFails() throws {
    #expect(
      isPassed(try run("let all = spawn 3 of short; sleep 1ms; signal TERM, all fails ESRCH")))
    #expect(isPassed(try run("let all = spawn 0 of short; signal TERM, all")))
  }

  /// A zombie has its PID until somebody reaps it.
  @Test func aZombieIsStillThere() throws {
    let pid1 = "}\nprogram init { loop { sleep 1h } }\nprogram other { work 1us "
    let record = try run(
      "let t = spawn short; sleep 1ms; assert t.state == \"Z\"; signal INT, t; "
        + "signal INT, [t]\n" + pid1)
    #expect(isPassed(record))
    #expect(missed(record).isEmpty)
  }

  /// Whether the task is gone already depends on the schedule: both answers are found.
  @Test func aSearchFindsBoth() throws {
    let one = try run("let t = spawn short; signal INT, t", search: true)
    #expect(one.outcome.failure?.diagnostic.message.contains("ESRCH") == true)
    // Of two one is always there.
    #expect(
      isPassed(
        try run(
          "let a = spawn short; let b = spawn server; signal TERM, [a, b]; "
            + "await not b.alive", search: true)))
    let both = try run("let all = spawn 2 of short; signal TERM, all", search: true)
    #expect(both.outcome.failure?.diagnostic.message.contains("ESRCH") == true)
  }

  /// SIGKILL is no SIGCONT, though it moves who is stopped.
  @Test func whoIsKilledWhileStoppedIsNotContinued() throws {
    let record = try run(
      "let t = spawn server; sleep 1ms; signal STOP, t; sleep 1ms; signal KILL, t; sleep 1ms; "
        + "assert not t.alive")
    #expect(isPassed(record))
    let kinds = record.events.map(\.kind)
    #expect(!kinds.contains(.continued(TaskSlot(0))))
    #expect(kinds.filter { $0 == .woken(TaskSlot(0), .signal) }.count == 2)
  }
}
