import Diagnostics
import Execution
import Machine
import Testing

/// A request that never returns is found long before the run's budgets are used up, and says what
/// it waits for.
@Suite("Requests that never return") struct RequestWaitsTests {
  private func run(
    _ scenario: String, machine: String = "cpus 2", irq: String = "", search: Bool = false
  ) throws -> RunRecord {
    try ScenarioTexts.run(
      """
      kernel "4.4.21-69-default" {
          queue q
          lock m
          var x in 0..1 = 0
          fn f() { return 1 }
          syscall recv() { wait q; f() }
          syscall spin() { loop { work 1ms } }
          syscall asks() { while x == 0 { work 1ms } }
          syscall long() { work 30s }
          syscall hold() { lock m; wait q uninterruptible; unlock m }
          syscall spins() { bh off { lock m; unlock m } }
          \(irq)
          module "m2" { fn h() { return 1 }  on exit { wait q uninterruptible } }
      }
      machine { \(machine) }
      patch fix { fn f() { return 2 } }
      program server { loop { recv() } }
      program spinner { spin() }
      program asker { asks() }
      program slow { long() }
      program holder { hold() }
      program lock_spinner { spins() }
      program idler { loop { sleep 1ms } }
      scenario "s" \(search ? "in every schedule" : "") {
          \(scenario)
      }
      """)
  }

  private func failure(_ record: RunRecord) throws -> Diagnostic {
    try #require(record.outcome.failure).diagnostic
  }

  @Test func codeThatNeverGivesItsCPUUpIsNamed() throws {
    let record = try run("spawn spinner; sleep 10ms; apply fix")
    let found = try failure(record)
    #expect(found.code == .requestWaits)
    #expect(found.message == "this never returns: it waits for CPU 0")
    let place = "spinner:100 has CPU 0, in the kernel, in spin (test.graft:"
    #expect(found.notes[0].hasPrefix(place))
    #expect(found.notes[0].contains("comes to no sleep and no boundary; this kernel does not"))
    #expect(found.notes[1].contains("in_progress reads 1"))
    #expect(found.help?.contains("machine { preempt }") == true)
    // A day of machine time is the budget.
    #expect(record.nanoseconds < 300_000_000_000)
  }

  /// Whether it ever ends depends on a variable that nobody sets.
  @Test func whatDependsOnAValueIsSearchedFor() throws {
    #expect(try failure(run("spawn asker; sleep 10ms; apply fix")).code == .requestWaits)
  }

  @Test(arguments: [
    "spawn slow; sleep 10ms; apply fix; await not in_progress within 1min",
    "spawn server; sleep 10ms; apply fix; await not in_progress within 1min",
  ])
  func whatEndsIsWaitedFor(scenario: String) throws {
    #expect(try run(scenario).outcome.failure == nil)
  }

  @Test func interruptsThatLeaveNoTimeAreNamed() throws {
    let found = try failure(
      run("sleep 1ms; apply fix", irq: "irq storm every 1ms on cpu 0 { work 10ms }"))
    #expect(found.code == .requestWaits)
    #expect(found.notes[0].hasPrefix("its interrupt handler storm ("))
    #expect(found.notes[0].hasSuffix(") leaves CPU 0 no time"))
  }

  @Test func whoSpinsForALockIsNamedWithItsHolder() throws {
    let found = try failure(
      run("spawn holder; sleep 1ms; spawn lock_spinner; sleep 10ms; apply fix"))
    #expect(found.code == .requestWaits)
    #expect(found.notes[0].contains("lock_spinner:101 has CPU"))
    #expect(found.notes[0].contains("it spins for m; holder:100 holds m, asleep (D) on q"))
  }

  @Test func aCommandsProcessIsNamed() throws {
    let found = try failure(
      run("spawn idler\n    $ modprobe m2\n    $ rmmod m2"))
    #expect(found.code == .requestWaits)
    #expect(found.notes[0].contains("asleep (D) on q since 0.0"))
  }

  @Test func neverStalledCatchesIt() throws {
    let found = try failure(run("never stalled; spawn spinner; sleep 10ms; apply fix"))
    #expect(found.code == .propertyViolated)
    #expect(found.notes.contains { $0.hasPrefix("spinner:100 has CPU 0") })
  }

  @Test func aSearchNamesItToo() throws {
    let found = try failure(
      run("spawn spinner on cpu 0; never stalled; apply fix", search: true))
    #expect(found.notes.contains { $0.hasPrefix("spinner:100") && $0.contains("in spin (") })
  }

  // MARK: Who starves

  /// Its wake-up came, and somebody has its CPU for ever.
  @Test func whoWaitsForACPUForEverIsStalled() throws {
    let record = try run(
      "never stalled; spawn server; sleep 1ms; apply fix; spawn spinner; sleep 10s",
      machine: "cpus 1")
    let found = try failure(record)
    #expect(found.code == .propertyViolated)
    #expect(found.notes.contains { $0 == "it would move by: force" })
    #expect(found.notes.contains { $0.contains("needs a CPU, and spinner:101 never gives one up") })
  }

  /// Whether it ends depends on a value: nothing is claimed.
  @Test func whatIsNotCertainIsNotJudged() throws {
    let record = try run(
      "never stalled; spawn server; sleep 1ms; apply fix; spawn asker; sleep 10s",
      machine: "cpus 1")
    #expect(record.outcome.failure == nil)
    #expect(record.goals.map(\.answer) == [.notJudged])
  }

  @Test func withAnotherCPUItHolds() throws {
    let record = try run(
      "never stalled; spawn server; sleep 1ms; apply fix; spawn spinner; sleep 1s")
    #expect(record.outcome.failure == nil)
    #expect(record.goals.map(\.answer) == [.holds])
  }
}
