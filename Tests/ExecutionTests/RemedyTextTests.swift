import Diagnostics
import Execution
import Machine
import Testing

/// What `why` says of tasks in rarer places; that the machine agrees is `RemedyTests`' affair.
@Suite("Rarer remedies") struct RemedyTextTests {
  private func why(_ kernel: String, _ programs: String, _ scenario: String) throws -> [String] {
    let record = try ScenarioTexts.run(
      """
      kernel \(kernel)
      patch fix { fn f() { return 2 } }
      \(programs)
      scenario "s" { \(scenario) }
      """)
    let printed = record.events.compactMap {
      if case .printed(_, let text) = $0.kind { text } else { nil }
    }
    let lines = try #require(printed.last).split(separator: "\n").map(String.init)
    if case .passed = record.outcome {} else { Issue.record("\(record.outcome)") }
    return lines
  }

  /// The first thread of a process has ended, another sleeps: nobody can reap it before that ends.
  @Test func aZombieWaitsForItsThreads() throws {
    let lines = try why(
      """
      "3.12" { queue d; fn f() { return 1 }  syscall deep() { wait d uninterruptible; f() } }
      """,
      """
      program worker { loop { deep() } }
      program leader { thread worker; exit }
      """,
      """
      let t = spawn leader; sleep 10ms; apply fix; print why(t)
      wake d; signal KILL, t; await not in_progress within 10s
      """)
    #expect(lines[0].contains("leader:100 is in the old universe: a zombie (Z)"))
    #expect(lines[1].contains("the end of the other threads of its process (worker:101)"))
    #expect(!lines.dropFirst().joined().contains("being reaped"))
  }

  @Test func aParentWaitsForItsChild() throws {
    let lines = try why(
      """
      "3.12" { queue d; fn f() { return 1 }  syscall deep() { wait d uninterruptible; f() } }
      """,
      "program parent { fork { work 10s }; reap; loop { deep() } }",
      """
      let t = spawn parent; sleep 10ms; apply fix; print why(t); await not in_progress within 20s
      """)
    #expect(lines[0].contains("asleep (S)"))
    #expect(lines[0].contains("in wait4 for the end of parent:101"))
    #expect(lines[1].contains("the end of parent:101"))
    #expect(!lines[2].contains("waiting"))
  }

  /// A handler's signal is the gentlest remedy, SIGCONT's too.
  @Test func signalsThatAreHandledHelp() throws {
    let lines = try why(
      """
      "4.4" { queue q; fn f() { return 1 }  syscall read() { wait q; f() } }
      """,
      """
      program handling {
        on signal TERM { work 1us }
        on signal CONT { work 1us }
        loop { read() }
      }
      """,
      """
      let t = spawn handling; sleep 10ms; apply fix; print why(t)
      signal CONT, t; sleep 1ms; assert t.universe == new; await not in_progress within 5s
      """)
    #expect(lines[1].contains("SIGTERM, SIGCONT, which it handles"))
    #expect(lines[1].contains("a signal that ends it"))
    #expect(!lines.dropFirst(2).joined().contains("SIGCONT"))
  }

  /// SIGQUIT and SIGSEGV become no SIGKILL on their way.
  @Test func aCoreDoesNotEndAKillableSleep() throws {
    let lines = try why(
      """
      "4.4" { queue q; fn f() { return 1 }  syscall page() { wait q killable; f() } }
      """,
      "program reader { page() }",
      """
      let t = spawn reader; sleep 10ms; apply fix; print why(t)
      signal QUIT, t; sleep 1s; assert t.state == "D"; signal TERM, t
      await not in_progress within 5s
      """)
    #expect(lines[1].contains("a signal that ends it and dumps no core"))
    #expect(lines[2].contains("SIGQUIT, SIGSEGV (it dumps core, which wakes nobody"))
  }

  @Test func whoHasTheCPUIsNamed() throws {
    let lines = try why(
      """
      "4.4" { fn f() { return 1 } syscall hog() { loop { work 1ms } } syscall nop() { f() } }
      """,
      """
      program other { work 1s; loop { nop() } }
      program hogging { work 10ms; hog() }
      """,
      """
      machine { cpus 1; slice 1ms }
      let t = spawn other; spawn hogging; sleep 1ms; apply fix; sleep 1s; print why(t)
      """)
    #expect(lines[0].contains("waiting for a CPU; hogging:101 has the only one"))
  }

  @Test func aDeadOwnerGivesNothingBack() throws {
    let lines = try why(
      """
      "4.4" {
        lock l
        fn f() { return 1 }
        syscall bad() { lock l; oops "x" }
        syscall good() { lock l; unlock l; f() }
      }
      """,
      """
      program crashing { bad() }
      program waiting { good() }
      """,
      """
      reach oops; spawn crashing; sleep 1ms
      let t = spawn waiting; sleep 1ms; apply fix; print why(t)
      """)
    #expect(lines[0].contains("for the lock l, which crashing:100 holds"))
    #expect(lines[1] == "it would move by: force")
    #expect(lines[2].contains("that one is dead, and nobody can give it back"))
  }
}
