import Execution
import Machine
import Testing

/// Whose CPU it is: preemptible kernels, tasks bound to a CPU, and delays that vary.
@Suite struct SchedulingTests {
  private func run(_ settings: String, _ text: String, seed: UInt64 = 0) throws -> RunRecord {
    try ScenarioTexts.run(text.replacing("SETTINGS", with: "machine { \(settings) }"), seed: seed)
  }

  private func passes(_ settings: String, _ text: String) throws -> Bool {
    if case .passed = try run(settings, text).outcome { true } else { false }
  }

  /// A thread that never sleeps, and a program that counts what it gets.
  private static func hog(_ body: String, _ claim: String) -> String {
    """
    kernel "4.4.21-69-default" {
        kthread hog { loop { \(body) } }
        syscall hello() { }
    }
    program greeter { var got = 0; loop { hello(); got = got + 1; work 1ms } }
    scenario "s" { SETTINGS; let t = spawn greeter; sleep 100ms; assert \(claim) }
    """
  }

  /// Slices of 4 ms in turn: half of 100 ms each, which is some 50 rounds of a millisecond.
  @Test func aPreemptibleKernelSharesItsCPU() throws {
    let text = Self.hog("work 1ms", "t.got > 40 and t.got < 56")
    #expect(try passes("cpus 1; preempt", text))
    #expect(try passes("cpus 1", Self.hog("work 1ms", "t.got == 0")))
  }

  /// A long piece of work is broken off at the slice's end, and goes on where it was.
  @Test func workInTheKernelIsBrokenOff() throws {
    #expect(try passes("cpus 1; preempt", Self.hog("work 80ms", "t.got > 40 and t.got < 56")))
  }

  @Test(arguments: ["irqs off", "bh off"])
  func whoTurnsSomethingOffKeepsTheCPU(_ mask: String) throws {
    let text = Self.hog("\(mask) { work 1s }", "t.got == 0")
    #expect(try passes("cpus 1; preempt", text))
  }

  private static let pair = """
    kernel "4.4.21-69-default" {
        var v in 0..3 = 0
        syscall bump() { let before = v; v = before + 1 }
    }
    program adder { bump() }
    scenario "s" in every schedule {
        SETTINGS
        let ts = spawn 2 of adder WHERE
        await every(t in ts: not t.alive)
        check v == 2
    }
    """

  /// Kernel code is not interleaved with kernel code of its own CPU: that is what per-CPU data is
  /// safe by, and what a preemptible kernel takes away.
  @Test(arguments: [
    ("cpus 2", "on cpu 1", PropertyAnswer.Answer.always), ("cpus 2", "", .sometimes),
    ("cpus 2; preempt", "on cpu 1", .sometimes),
  ])
  func tasksOfOneCPUTakeTurns(
    _ settings: String, _ place: String, _ expected: PropertyAnswer.Answer
  ) throws {
    let record = try run(settings, Self.pair.replacing("WHERE", with: place))
    guard case .everySchedule(let report) = record.mode else { return }
    #expect(report.answers.first { $0.text == "check v == 2" }?.answer == expected)
  }

  /// Who shares a CPU gets a turn there, however often the other one is in the kernel.
  @Test func nobodyStarvesOnACPUThatIsShared() throws {
    let record = try run(
      "cpus 2",
      """
      kernel "4.4.21-69-default" { fn f() { } syscall probe() { f() } }
      patch fix { fn f() { } }
      program looper { loop { probe(); work 1us } }
      scenario "s" in every schedule {
          SETTINGS
          never mixed
          spawn 2 of looper on cpu 1
          apply fix
          await not in_progress
      }
      """)
    guard case .everySchedule(let report) = record.mode else { return }
    #expect(report.answers.map(\.answer) == [.always, .always])
  }

  /// Two that work 10 ms each, side by side or one after the other.
  @Test(arguments: [("", 10...12), ("on cpu 1", 20...22)])
  func aBoundTaskWaitsWhileAnotherCPUIsIdle(
    _ place: String, _ milliseconds: ClosedRange<Int64>
  ) throws {
    let record = try run(
      "cpus 2",
      """
      kernel "4.4.21-69-default" { syscall hello() { } }
      program worker { work 10ms }
      scenario "s" {
          SETTINGS
          let ts = spawn 2 of worker \(place)
          await every(t in ts: not t.alive)
      }
      """)
    #expect(milliseconds.contains(record.nanoseconds / 1_000_000))
  }

  /// A child runs where its parent may.
  @Test func aChildIsBoundAsItsParentIs() throws {
    let record = try run(
      "cpus 2",
      """
      kernel "4.4.21-69-default" { syscall hello() { } }
      program parent { fork { work 10ms; exit }; work 10ms; reap }
      scenario "s" { SETTINGS; let t = spawn parent on cpu 0; await not t.alive }
      """)
    #expect(record.nanoseconds >= 20_000_000)
  }

  @Test func jitterLengthensByNoMoreThanItSays() throws {
    let text = """
      kernel "4.4.21-69-default" { syscall hello() { } }
      program worker { work 10ms; sleep 10ms }
      scenario "s" { SETTINGS; let t = spawn worker; await not t.alive }
      """
    let plain = try run("cpus 1", text).nanoseconds
    // Seed 0 takes the low end of everything.
    #expect(try run("cpus 1; jitter 1ms", text).nanoseconds == plain)
    let varied = try (1...6).map { try run("cpus 1; jitter 1ms", text, seed: $0).nanoseconds }
    #expect(varied.allSatisfy { (plain...(plain + 2_000_000)).contains($0) })
    #expect(Set(varied).count > 1)
  }

  @Test(arguments: [
    ("cpus 2", "spawn worker on cpu 2", "0 to 1"),
    ("cpus 2", "let n = 1; spawn worker on cpu n", "CPU of a task"),
    ("preempt 3", "spawn worker", "takes nothing"), ("jitter 5", "spawn worker", "unit"),
    ("cpus 1", "force fix", "takes no patch"),
  ])
  func mistakesAreToldBeforeTheRun(
    _ settings: String, _ statement: String, _ words: String
  ) throws {
    let text = """
      kernel "4.4.21-69-default" { fn f() { } syscall hello() { f() } }
      patch fix { fn f() { } }
      program worker { hello() }
      scenario "s" { SETTINGS; \(statement) }
      """
    let error = #expect(throws: ScenarioTexts.NotRunnable.self) { try run(settings, text) }
    #expect(error?.text.contains(words) == true, "\(error?.text ?? "")")
  }
}
