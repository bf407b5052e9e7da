import Diagnostics
import Execution
import Machine
import Testing

/// Locks, crashes, and the monitors that watch for them unasked.
@Suite struct LockTests {
  private static let kernel = """
    kernel "4.4.21-69-default" {
        lock a
        lock b
        var shared in 0..3 = 0
        syscall f() { lock a; work 1us; lock b; unlock b; unlock a }
        syscall g() { lock b; work 1us; lock a; unlock a; unlock b }
        syscall again() { lock a; lock a }
        syscall give() { unlock a }
        syscall keep() { lock a }
        syscall bump() {
            lock a
            let before = shared
            work 1us
            shared = before + 1
            unlock a
        }
    }
    program one { f() }
    program two { g() }
    program selfish { again() }
    program giver { give() }
    program keeper { keep() }
    program bumper { bump() }

    """

  private func failure(_ record: RunRecord) -> Diagnostic? { record.outcome.failure?.diagnostic }

  @Test func aCircleIsDrawnWithBothPlacesOfEachLock() throws {
    let record = try ScenarioTexts.run(
      Self.kernel + "scenario \"s\" { spawn one; spawn two; sleep 1s }")
    let found = try #require(failure(record))
    #expect(found.code.rawValue == "E1022")
    #expect(
      found.notes.dropLast() == [
        "two:101, in g, waits for a, which one:100 took in f",
        "one:100, in f, waits for b, which two:101 took in g",
      ])
    #expect(found.notes.last?.hasPrefix("it came about at 0.000") == true)
    #expect(found.labels.count == 4)
  }

  @Test func aSearchFindsTheCircleAndSaysSo() throws {
    let record = try ScenarioTexts.run(
      Self.kernel + "scenario \"s\" in every schedule { never deadlock; spawn one; spawn two }")
    #expect(failure(record)?.code.rawValue == "E1022")
    guard case .everySchedule(let report) = record.mode else { return }
    #expect(report.answers.map(\.answer) == [.sometimes])
  }

  @Test func aLockThatItsHolderWantsIsACircleOfOne() throws {
    let record = try ScenarioTexts.run(
      Self.kernel + "scenario \"s\" { spawn selfish; sleep 1s }")
    #expect(
      failure(record)?.notes.dropLast() == [
        "selfish:100, in again, waits for a, which selfish:100 took in again"
      ])
  }

  @Test(arguments: [
    ("giver", "the kernel crashes: bad unlock balance: a is not held"),
    ("keeper", "the kernel crashes: a is still held when returning to user space"),
  ])
  func wrongUseCrashes(_ program: String, _ message: String) throws {
    let record = try ScenarioTexts.run(
      Self.kernel + "scenario \"s\" { spawn \(program); sleep 1s }")
    #expect(failure(record)?.code.rawValue == "E1021")
    #expect(failure(record)?.message == message)
  }

  /// The dead hold what they held: the next one sleeps for it in state D, deaf to SIGKILL.
  @Test func whoSaysReachOopsGoesOn() throws {
    let record = try ScenarioTexts.run(
      Self.kernel + """
        scenario "s" {
            reach oops
            let first = spawn keeper
            sleep 1ms
            assert not first.alive
            let second = spawn keeper
            sleep 1ms
            signal KILL, second
            sleep 1ms
            assert second.state == "D"
            expect log "a is still held when returning to user space"
        }
        """)
    guard case .passed = record.outcome else {
      Issue.record("\(record.outcome)")
      return
    }
  }

  @Test func aLockKeepsOthersOut() throws {
    let record = try ScenarioTexts.run(
      Self.kernel + """
        scenario "s" in every schedule {
            let ts = spawn 3 of bumper
            await every(t in ts: not t.alive)
            assert shared == 3
        }
        """)
    guard case .passed = record.outcome else {
      Issue.record("\(record.outcome)")
      return
    }
  }

  /// An interrupt that wants the lock of whom it interrupts can't get it; one on another CPU can.
  @Test func anInterruptSpins() throws {
    let kernel = """
      kernel "4.4.21-69-default" {
          lock a
          syscall f() { lock a; work 10us; unlock a }
          irq timer every 1us on cpu CPU { lock a; unlock a }
      }
      program user { f() }
      scenario "s" { machine { cpus 2 }; spawn user; sleep 1ms }
      """
    let same = try ScenarioTexts.run(kernel.replacing("CPU", with: "0", maxReplacements: 1))
    let found = try #require(failure(same))
    #expect(
      found.notes.dropLast() == [
        "an interrupt handler on CPU 0, in timer, waits for a, which user:100 took in f "
          + "before an interrupt handler on CPU 0 interrupted it"
      ])
    let other = try ScenarioTexts.run(kernel.replacing("CPU", with: "1", maxReplacements: 1))
    guard case .passed = other.outcome else {
      Issue.record("\(other.outcome)")
      return
    }
  }

  @Test func anOopsInAnInterruptIsTheMachinesEnd() throws {
    let record = try ScenarioTexts.run(
      """
      kernel "4.4.21-69-default" { irq timer every 1ms { oops "watchdog" } }
      scenario "s" { reach oops; sleep 1s; print "never" }
      """)
    guard case .passed = record.outcome else {
      Issue.record("\(record.outcome)")
      return
    }
    #expect(record.events.contains { $0.kind == .panicked })
    #expect(!record.events.contains { if case .printed = $0.kind { true } else { false } })
  }
}
