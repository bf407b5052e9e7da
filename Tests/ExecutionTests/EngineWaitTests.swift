import Execution
import Machine
import Patching
import Testing

/// What kGraft has to wait for, and who waits for kGraft.
@Suite("The engine waits") struct EngineWaitTests {
  private func stages(_ record: RunRecord) -> [(time: Int64, stage: PatchingStage)] {
    record.events.compactMap { event in
      guard case .patching(let stage, _) = event.kind else { return nil }
      return (event.time, stage)
    }
  }

  /// A kernel whose system calls stay in the kernel for a while, or for ever.
  private func text(_ scenario: String) -> String {
    """
    kernel "4.4.21-69-default" {
        queue packets
        fn f() { return 1 }
        syscall hog() { loop { work 1ms } }
        syscall long() { work 30ms }
        syscall nap() { work 10ms; wait packets uninterruptible }
        syscall probe() { f() }
        kthread journal { loop { wait packets freezable; f() } }
    }
    patch fix { fn f() { return 2 } }
    program hogging { hog() }
    program caller { loop { long(); probe() } }
    program napping { nap() }
    program computer { loop { work 1s } }
    scenario "s" { machine { cpus 1 }
    \(scenario)
    }
    """
  }

  /// The work item of the only CPU never gets it: `insmod` does not return, nobody is marked.
  @Test func codeThatNeverLeavesTheKernelHoldsTheWindowOpen() throws {
    let scenarios = try ScenarioTexts.scenarios(
      text("spawn hogging; sleep 5ms; apply fix; print \"returned\""))
    var options = RunOptions()
    options.wantsEvents = true
    options.limits.virtualNanoseconds = 3_000_000_000
    let record = ScenarioRunner(scenarios[0], options).run()
    if case .passed = record.outcome { Issue.record("apply returned") }
    let last = try #require(stages(record).last)
    #expect(last.stage == .inProgress)
    #expect(!record.events.contains { if case .marked = $0.kind { true } else { false } })
  }

  /// The call ends 30 ms after it began, and then the CPU is switched before the next one.
  @Test func theCPUIsSwitchedWhereTheCallEnds() throws {
    let record = try ScenarioTexts.run(
      text("sleep 1ms; spawn caller; sleep 5ms; apply fix; await not in_progress within 5s"))
    let switched = try #require(stages(record).first { $0.stage == .cpuSwitched(0) })
    #expect((31_000_000..<31_200_000).contains(switched.time))
    let entered = record.events.filter {
      if case .enteredKernel = $0.kind { $0.time > 6_000_000 } else { false }
    }
    #expect(entered.allSatisfy { $0.time >= switched.time })
  }

  @Test func orWhereTheTaskSleeps() throws {
    let record = try ScenarioTexts.run(
      text("sleep 1ms; spawn napping; sleep 5ms; apply fix; assert in_progress"))
    let switched = try #require(stages(record).first { $0.stage == .cpuSwitched(0) })
    #expect((11_000_000..<11_200_000).contains(switched.time))
  }

  /// User code is preempted.
  @Test func userCodeMakesRoomAtOnce() throws {
    let record = try ScenarioTexts.run(
      text("spawn computer; sleep 5ms; apply fix; assert in_progress"))
    let switched = try #require(stages(record).first { $0.stage == .cpuSwitched(0) })
    #expect((5_000_000..<5_100_000).contains(switched.time))
  }

  /// A thread that kGraft has woken passes its safe point when it has a CPU, not before: the call
  /// that has it began at 6 ms and ends 30 ms later.
  @Test func aWokenThreadNeedsACPU() throws {
    let record = try ScenarioTexts.run(
      text("sleep 1ms; apply fix; spawn caller; await not in_progress within 5s"))
    // With the CPU idle it runs at once.
    let migrated = record.events.first {
      if case .migrated(TaskSlot(0), by: .safePoint) = $0.kind { true } else { false }
    }
    let woken = record.events.first {
      if case .patching(.kernelThreadWoken(TaskSlot(0)), _) = $0.kind { true } else { false }
    }
    let (first, second) = (try #require(woken), try #require(migrated))
    #expect(first.step < second.step && first.time < second.time)
  }

  /// 3.12 tells of success, takes the lock, finalises; 4.4 tells at the end.
  @Test(arguments: [("3.12", true), ("4.4", false)])
  func whenSuccessIsTold(_ generation: String, isBefore: Bool) throws {
    let record = try ScenarioTexts.run(
      """
      kernel "3.12" { fn f() { return 1 } syscall probe() { f() } }
      patch fix { fn f() { return 2 } }
      scenario "s" {
        machine { patching kgraft "\(generation)" }
        apply fix
        await not in_progress within 5s
      }
      """)
    let told = record.events.first {
      if case .kernelLog(let line) = $0.kind { line.hasSuffix("succeeded") } else { false }
    }
    let finalised = record.events.first {
      if case .patching(.functionFinalised, _) = $0.kind { true } else { false }
    }
    let (first, second) = (try #require(told), try #require(finalised))
    #expect((first.step < second.step) == isBefore)
  }

  /// Nothing is said of stubs of functions that are not there.
  @Test func skippedFunctionsHaveNoStubs() throws {
    let record = try ScenarioTexts.run(
      """
      kernel "4.4" {
        fn f() { return 1 }
        syscall probe() { f() }
        module "xfs" { fn g() { return 1 } syscall other() { g() } }
      }
      patch fix { fn f() { return 2 } module "xfs" { fn g() { return 2 } } }
      scenario "s" {
        apply fix
        await not in_progress within 5s
        revert fix
        await not in_progress within 5s
      }
      """)
    let (f, g) = (TracedFunctionID(0), TracedFunctionID(1))
    let told = stages(record).map(\.stage).filter {
      switch $0 {
      case .functionRedirected, .functionSkipped, .functionFinalised, .functionReverting,
        .functionReverted:
        true
      default: false
      }
    }
    #expect(
      told == [
        .functionRedirected(f), .functionSkipped(g, wasSought: false), .functionFinalised(f),
        .functionReverting(f),
        .functionReverted(f),
      ])
  }

  /// A handler that takes the lock again and again does not keep it from a task that spins on it:
  /// a spinlock serves in the order in which they came.
  @Test func nobodyStarvesASpinner() throws {
    let record = try ScenarioTexts.run(
      """
      kernel "4.4.21-69-default" {
        lock l
        fn f() { return 1 }
        syscall quiet() { irqs off { lock l; unlock l }; f() }
        irq timer every 7ms { lock l; unlock l }
      }
      patch fix { fn f() { return 2 } }
      program caller { loop { quiet() } }
      scenario "s" in every schedule {
        machine { cpus 1 }
        spawn caller
        apply fix
        await not in_progress
      }
      """)
    if case .passed = record.outcome {} else { Issue.record("\(record.outcome)") }
  }

  /// Nobody but the operator ends this, and the report shows the way round.
  @Test func theLoopOfAnAwaitIsTold() throws {
    let record = try ScenarioTexts.run(
      """
      kernel "4.4" { var n in 0..1 = 0; syscall flip() { n = 1 - n } }
      program one { loop { flip() } }
      scenario "s" in every schedule { spawn one; await 1 > 2 }
      """)
    let notes = try #require(record.outcome.failure).diagnostic.notes
    #expect(notes.contains { $0.contains("steps repeat for ever") })
  }

  /// Kernel code crashes, the machine goes on, and remembers (TAINT_DIE).
  @Test func aCrashTaints() throws {
    let record = try ScenarioTexts.run(
      """
      kernel "4.4" { syscall bad() { oops "x" } }
      program p { bad() }
      scenario "s" {
        reach oops
        assert cat("/proc/sys/kernel/tainted") == "0"
        spawn p
        sleep 1ms
        assert cat("/proc/sys/kernel/tainted") == "128"
      }
      """)
    if case .passed = record.outcome {} else { Issue.record("\(record.outcome)") }
  }
}
