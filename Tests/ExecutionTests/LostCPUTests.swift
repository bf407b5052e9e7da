import Diagnostics
import Execution
import Machine
import Testing

/// A handler that spins for a lock of the task it has interrupted: both have the CPU, and neither
/// goes on.
@Suite struct LostCPUTests {
  private static func text(_ scenario: String, machine: String = "cpus 1") -> String {
    """
    kernel "4.4.21-69-default" {
        lock m
        queue q
        fn f() { return 1 }
        syscall hold() { wait q uninterruptible timeout 6ms; lock m; work 8ms; f(); unlock m }
        syscall deaf() { irqs off { loop { work 1ms } } }
        irq tick every 10ms on cpu 0 { lock m; unlock m }
    }
    machine { \(machine) }
    patch fix { fn f() { return 2 } }
    program holder { hold(); loop { work 1ms } }
    program deaf_one { deaf() }
    scenario "s" {
    \(scenario)
    }
    """
  }

  private func printed(_ record: RunRecord) -> [String] {
    record.events.compactMap { if case .printed(_, let text) = $0.kind { text } else { nil } }
  }

  /// The lock is taken at 6 ms, the interrupt comes at 10, and nobody ever gives the lock back.
  @Test func whyDoesNotSayThatItMovesByItself() throws {
    let record = try ScenarioTexts.run(
      Self.text(
        "reach deadlock; let t = spawn holder on cpu 0; sleep 1ms; apply fix; sleep 30ms; "
          + "print why(t)"))
    let why = try #require(printed(record).first)
    #expect(!why.contains("it would move by: its own next steps"))
    #expect(why.contains("it would move by: force"))
    #expect(why.contains("waiting (tick has its CPU, and spins there for m, which it holds)"))
  }

  @Test(arguments: ["cpus 1", "cpus 1; preempt"])
  func aRequestNamesTheHandlerAndTheLock(_ machine: String) throws {
    let record = try ScenarioTexts.run(
      Self.text(
        "reach deadlock; spawn holder on cpu 0; sleep 30ms; apply fix", machine: machine))
    let found = try #require(record.outcome.failure).diagnostic
    #expect(found.code == .requestWaits)
    let note = try #require(found.notes.first)
    #expect(note.hasPrefix("CPU 0 is lost: the interrupt handler tick (test.graft:7:"))
    #expect(note.hasSuffix("spins for m, which holder:100 holds"))
    let help = try #require(found.help)
    #expect(help.contains("hold m with interrupts off"))
    #expect(!help.contains("preempt"))
  }

  /// Preemption is of no use against whoever has turned interrupts off.
  @Test(arguments: ["cpus 1", "cpus 1; preempt"])
  func preemptionIsNotAdvisedInVain(_ machine: String) throws {
    let record = try ScenarioTexts.run(
      Self.text("spawn deaf_one; sleep 1ms; apply fix", machine: machine))
    let found = try #require(record.outcome.failure).diagnostic
    #expect(found.code == .requestWaits)
    #expect(found.notes[0].contains("with interrupts or bottom halves off it is not preempted"))
    #expect(found.help?.contains("preempt") == false)
  }

  @Test func aDeadlockWithAHandlerIsMendedByMasking() throws {
    let record = try ScenarioTexts.run(
      Self.text("never deadlock; spawn holder on cpu 0; sleep 30ms"))
    let found = try #require(record.outcome.failure).diagnostic
    #expect(found.code == .deadlock)
    #expect(found.help?.contains("with interrupts off") == true)
  }

  private static func held(_ scenario: String) -> String {
    """
    kernel "4.4.21-69-default" {
        lock m
        queue q
        fn f() { return 1 }
        syscall hold() { lock m; wait q uninterruptible; unlock m }
        irq tick every 10ms on cpu 0 { lock m; unlock m }
        kthread keeper { loop { wait q; safe point } }
    }
    machine { cpus 2 }
    patch fix { fn f() { return 2 } }
    program holder { hold() }
    program computer { loop { work 1ms } }
    scenario "s" {
    \(scenario)
    }
    """
  }

  /// The handler has the computer's CPU until the holder is woken: no signal gets it a step.
  @Test func whoIsHeldUpMovesWithTheHolder() throws {
    let record = try ScenarioTexts.run(
      Self.held(
        "let t = spawn computer on cpu 0; spawn holder on cpu 1; sleep 1ms; apply fix; "
          + "sleep 20ms; print why(t); wake q; sleep 31s; assert t.universe == new"))
    #expect(record.outcome.failure == nil)
    let lines = try #require(printed(record).first).split(separator: "\n")
    #expect(lines[1].contains("waking q"))
    #expect(!lines[1].contains("SIGSTOP"))
    #expect(lines[2].contains("tick has its CPU, and spins there for m, which holder:101 holds"))
  }

  /// A kernel thread that holds a lock and sleeps in a bare wait: kGraft wakes it, and it sleeps
  /// on.
  @Test func aBareWaitGetsNobodyGoing() throws {
    let record = try ScenarioTexts.run(
      """
      kernel "4.4.21-69-default" {
          lock m
          queue q
          fn f() { return 1 }
          syscall take() { lock m; f(); unlock m }
          kthread keeper { loop { lock m; wait q; unlock m; safe point } }
      }
      patch fix { fn f() { return 2 } }
      program taker { take() }
      scenario "s" {
          sleep 1ms
          let t = spawn taker
          sleep 1ms
          apply fix
          print why(t)
      }
      """)
    let lines = try #require(printed(record).first).split(separator: "\n")
    #expect(lines[1].hasSuffix("; force; perhaps, by way of keeper:10, by: waking q"))
  }
}
