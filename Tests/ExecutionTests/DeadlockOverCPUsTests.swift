import Diagnostics
import Execution
import Machine
import Testing

/// Who holds a lock and needs a CPU on which somebody spins for it is in the circle as well. Each
/// text has been reasoned through: who has which CPU, and who could ever give one up.
@Suite("Deadlocks over CPUs") struct DeadlockOverCPUsTests {
  private static let kernel = """
    kernel "4.4.21-69-default" {
        queue q
        lock m
        lock n
        var armed in 0..1 = 0
        syscall spin_m() { irqs off { lock m; unlock m } }
        syscall spin_n() { irqs off { lock n; unlock n } }
        syscall hold_m() { lock m; wait q timeout 10ms; unlock m }
        syscall hold_n() { lock n; wait q timeout 12ms; unlock n }
        syscall busy_m() { lock m; work 5ms; unlock m }
        syscall arm() { armed = 1; work 5ms; armed = 0 }
        IRQ
    }
    program SM { work 2ms; spin_m() }
    program SN { work 2ms; spin_n() }
    program HM { hold_m() }
    program HN { hold_n() }
    program BM { busy_m() }
    program A { arm() }
    program U { loop { work 1ms } }

    """

  private func run(
    _ scenario: String, irq: String = "", machine: String = "cpus 2", mode: String = ""
  ) throws -> RunOutcome {
    let kernel = Self.kernel.replacing("IRQ", with: irq)
    return try ScenarioTexts.run(
      kernel + "machine { \(machine) }\nscenario \"s\" \(mode) { \(scenario) }"
    ).outcome
  }

  private func isDeadlock(_ outcome: RunOutcome) -> Bool {
    outcome.failure?.diagnostic.code == .deadlock
  }

  /// The machine and what runs on it, and whether it ends in a deadlock.
  @Test(
    arguments: [
      // Awake at 10 ms it needs CPU 0, which SM has, who spins for m.
      ("", "cpus 2", "spawn HM on cpu 0; spawn SM on cpu 0", true),
      ("", "cpus 1", "spawn HM; spawn SM", true),
      // Another CPU is free.
      ("", "cpus 2", "spawn HM; spawn SM on cpu 0", false),
      ("", "cpus 2", "spawn HM on cpu 1; spawn SM on cpu 0", false),
      // Crosswise: each needs the CPU that the spinner for the other's lock has.
      (
        "", "cpus 2",
        "spawn HM on cpu 1; spawn HN on cpu 0; spawn SM on cpu 0; spawn SN on cpu 1", true
      ),
      // Uncrossed: HM's own spinner is on the CPU of HN, who needs it too.
      (
        "", "cpus 3",
        "spawn HM on cpu 2; spawn HN on cpu 0; spawn SM on cpu 0; spawn SN on cpu 1", false
      ),
      // Both CPUs are spun on, each for another's lock, and neither holder gets one.
      ("", "cpus 2", "spawn HM; spawn HN; spawn SM on cpu 0; spawn SN on cpu 1", true),
      ("", "cpus 3", "spawn HM; spawn HN; spawn SM on cpu 0; spawn SN on cpu 1", false),
      // A handler spins: over a task, and on an idle CPU.
      ("irq i every 7ms on cpu 0 { lock m; unlock m }", "cpus 2", "spawn HM on cpu 0", true),
      (
        "irq i every 7ms on cpu 0 { lock m; unlock m }", "cpus 2", "spawn HM; spawn U on cpu 0",
        false
      ),
      ("irq i every 7ms on cpu 0 { lock m; unlock m }", "cpus 2", "spawn HM", false),
      (
        "irq i every 7ms on cpu 0 { lock m; unlock m }", "cpus 2",
        "spawn HM; spawn U on cpu 0; spawn U on cpu 1", false
      ),
      ("irq i every 7ms on cpu 0 { lock m; unlock m }", "cpus 1", "spawn HM", true),
    ] as [(String, String, String, Bool)])
  func aRunComesToIt(
    _ irq: String, _ machine: String, _ tasks: String, _ isExpected: Bool
  ) throws {
    let outcome = try run("never deadlock; \(tasks); sleep 60ms", irq: irq, machine: machine)
    #expect(isDeadlock(outcome) == isExpected, "\(outcome)")
  }

  /// What it says of the holder: the handler came when it slept, and interrupted nobody.
  @Test func whoSleptWasNotInterrupted() throws {
    let slept = try run(
      "never deadlock; spawn HM on cpu 0; sleep 60ms",
      irq: "irq i every 7ms on cpu 0 { lock m; unlock m }")
    let note = try #require(slept.failure?.diagnostic.notes.first)
    #expect(note.contains("HM:100 took in hold_m and which needs the CPU that "))
    #expect(!note.contains("interrupted it"))
    let ran = try run(
      "never deadlock; spawn BM on cpu 0; sleep 60ms",
      irq: "irq i every 2ms on cpu 0 { lock m; unlock m }")
    let other = try #require(ran.failure?.diagnostic.notes.first)
    #expect(other.contains("BM:100 took in busy_m before "))
  }

  /// In a search: the circle that a timer closes, and no handler on a CPU that somebody else has.
  @Test(
    arguments: [
      ("", "spawn HM on cpu 0; spawn SM on cpu 0", true),
      (
        "", "spawn HM on cpu 1; spawn HN on cpu 0; spawn SM on cpu 0; spawn SN on cpu 1", true
      ),
      ("", "spawn HM on cpu 1; spawn SM on cpu 0", false),
      (
        "irq i every 3ms on cpu 0 { if armed == 1 { lock m; unlock m } }",
        "spawn BM; spawn A on cpu 0", false
      ),
      (
        "irq i every 3ms on cpu 0 { if armed == 1 { lock m; unlock m } }",
        "spawn BM; spawn A on cpu 1", true
      ),
    ] as [(String, String, Bool)])
  func aSearchComesToIt(_ irq: String, _ tasks: String, _ isExpected: Bool) throws {
    let outcome = try run("never deadlock; \(tasks)", irq: irq, mode: "in every schedule")
    #expect(isDeadlock(outcome) == isExpected, "\(outcome)")
  }
}
