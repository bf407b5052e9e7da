import Diagnostics
import Execution
import Machine
import Testing

/// `why` of a task that others get going: it goes on to them, and denies nothing that they bring
/// about. Each text is run on to where they have.
@Suite("Whom a task waits for") struct WaitForOthersTests {
  private func why(_ release: String, _ scenario: String) throws -> [String] {
    let record = try ScenarioTexts.run(
      """
      kernel "\(release)" {
          queue q
          queue r
          lock m
          var ok in 0..1 = 0
          fn f() { return 1 }
          syscall holder() { lock m; let x = wait q; unlock m; return x }
          syscall timed() { lock m; let x = wait q uninterruptible timeout 5s; unlock m; return x }
          syscall waiter() { lock m; f(); unlock m }
          syscall ticked() { wait r uninterruptible; f() }
          syscall sets() { ok = 1; wake r }
          syscall asks() { wait r uninterruptible until ok == 1; f() }
          syscall stubborn() { loop { let got = wait q; if got == 0 { break } }; f() }
          \(scenario.contains("spawn w_ticked") ? "irq tick every 1s { wake r }" : "")
      }
      patch p { fn f() { return 2 } }
      program h { holder(); loop { sleep 1h } }
      program ht { timed(); loop { sleep 1h } }
      program w { waiter(); loop { sleep 1h } }
      program w_ticked { ticked(); loop { sleep 1h } }
      program asker { asks(); loop { sleep 1h } }
      program setter { sleep 3s; sets(); loop { sleep 1h } }
      program stubs { stubborn(); loop { sleep 1h } }
      program parent { fork { exit }
          sleep 5s
          reap
          loop { sleep 1h } }
      scenario "s" { \(scenario) }
      """)
    if case .passed = record.outcome {} else { Issue.record("\(record.outcome)") }
    let printed = record.events.compactMap {
      if case .printed(_, let text) = $0.kind { text } else { nil }
    }
    return try #require(printed.first).split(separator: "\n").map(String.init)
  }

  private static let old = "3.12.61-52-default"
  private static let new = "4.4.21-69-default"

  @Test func theHolderOfItsLockIsTold() throws {
    let lines = try why(
      Self.new,
      "let a = spawn h; sleep 1ms; let b = spawn w; sleep 1ms; apply p; print why(b); sleep 3s; "
        + "assert b.universe == new")
    #expect(lines[0].contains("for the lock m, which h:100 holds"))
    #expect(lines[1].contains("perhaps, by way of h:100, by: waking q; kGraft's next look"))
    #expect(!lines[2].contains("waiting") && !lines[2].contains("kGraft's next look"))
    #expect(lines[2].contains("SIGSTOP (no signal wakes it out of state D)"))
    #expect(lines[3].hasPrefix("h:100, which holds m, is asleep (S) on q since 0.0"))
    #expect(lines[3].hasSuffix("it goes on by: waking q; a signal; kGraft's next look"))
  }

  @Test func theHoldersTimerIsTold() throws {
    let lines = try why(
      Self.old,
      "spawn ht; sleep 1ms; let b = spawn w; sleep 1ms; apply p; print why(b); sleep 6s; "
        + "assert b.universe == new")
    #expect(lines[1].contains("by way of ht:100, by: "))
    #expect(lines[3].contains("it goes on by: waking q; its timer, at 5.0"))
  }

  @Test func anInterruptMayWakeIt() throws {
    let lines = try why(
      Self.old,
      "let a = spawn w_ticked; sleep 1ms; apply p; print why(a); sleep 2s; assert a.universe == new"
    )
    #expect(lines[1].contains("perhaps, by way of irq tick, by: waiting"))
    #expect(!lines[2].contains("waiting"))
  }

  @Test func anotherTaskMayMakeItsConditionTrue() throws {
    let lines = try why(
      Self.old,
      "let a = spawn asker; spawn setter; sleep 1ms; apply p; print why(a); sleep 4s; "
        + "assert a.universe == new")
    #expect(lines[1].contains("perhaps, by way of setter:101, by: waiting"))
    // It is the setter that makes it true, three seconds later, whatever is woken now.
    #expect(lines[2].contains("waking r (what it waits for does not hold)"))
    #expect(!lines[2].contains("waiting"))
  }

  @Test func theParentOfAZombieIsTold() throws {
    let lines = try why(
      Self.old,
      "spawn parent; sleep 1ms; apply p; print why(); sleep 7s; assert not in_progress")
    #expect(lines.contains { $0.contains("by way of parent:100, by: waiting") })
    let parent = try #require(lines.first { $0.hasPrefix("parent:100, its parent, is asleep (S)") })
    #expect(parent.contains("its timer, at 5.0") && parent.hasSuffix("at its end init reaps"))
  }

  /// What a wait gives is known, and where that leads.
  @Test func whoGoesRoundForASignalIsNotMovedByOne() throws {
    let lines = try why(
      Self.old, "let t = spawn stubs; sleep 1ms; apply p; print why(t); wake q; sleep 3s")
    #expect(lines[1] == "it would move by: waking q; force")
    #expect(lines[2].contains("it would go round in a loop"))
    #expect(lines[2].contains("waiting (nothing ends its sleep by itself)"))
  }

  /// Beside a stall nothing is a perhaps that the machine does by itself.
  @Test func whatIsStalledIsNotPerhapsMovedByItself() throws {
    let text = """
      kernel "3.12.61-52-default" {
          queue q
          var n in 0..1 = 0
          fn f() { return 1 }
          syscall odd() { let got = wait q; loop { if n == 1 { break } }; f() }
      }
      patch p { fn f() { return 2 } }
      program one { odd() }
      scenario "s" in every schedule { let t = spawn one; never stalled; apply p; signal STOP, t }
      """
    let notes = try #require(try ScenarioTexts.run(text).outcome.failure).diagnostic.notes
    #expect(notes.contains { $0.contains("one:100 is in the old universe") })
    #expect(!notes.contains { $0.contains("its own next steps") })
  }
}
