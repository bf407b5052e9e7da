import Execution
import Exploration
import Testing

/// Whether an `await` can be kept waiting for ever while others step: the liveness question of a
/// transition, under weak fairness.
@Suite struct WaitingTests {
  private func answer(_ text: String) throws -> (PropertyAnswer.Answer?, String?) {
    let record = try ScenarioTexts.run(text)
    guard case .everySchedule(let report) = record.mode else { return (nil, nil) }
    #expect(report.result.isComplete)
    let last = report.answers.last { $0.text.hasPrefix("await") }
    return (last?.answer, record.outcome.failure?.diagnostic.code.rawValue)
  }

  private func scenario(_ release: String, _ members: String, _ body: String) -> String {
    """
    kernel "\(release)" {
        queue q
        fn f() { return 0 }
        \(members)
    }
    patch p { fn f() { return 1 } }
    program caller { loop { call() } }
    scenario "s" in every schedule {
        \(body)
    }
    """
  }

  /// A kernel thread without a safe point never leaves the old universe (semantics §1.6: a
  /// third-party thread without annotation blocks for ever), though it wakes every second.
  @Test func aThreadWithoutASafePointBlocksForEver() throws {
    let text = scenario(
      "3.12", "kthread bad { loop { sleep 1s; f() } }", "apply p\nawait not in_progress")
    let (answer, code) = try answer(text.replacing("program caller { loop { call() } }", with: ""))
    #expect(answer == .never)
    #expect(code == "E1008")
  }

  @Test func aThreadWithOneDoesNot() throws {
    let text = scenario(
      "3.12", "kthread good { loop { sleep 1s; f(); safe point } }",
      "apply p\nawait not in_progress")
    let (answer, code) = try answer(text.replacing("program caller { loop { call() } }", with: ""))
    #expect(answer == .always)
    #expect(code == nil)
  }

  /// 3.12 sends no fake signals: a sleeper that nobody wakes stays where it is. It may also fall
  /// asleep only after the marking, so that some schedules finish.
  @Test func aSleeperOfThe312KernelMayBlockForEver() throws {
    let (answer, code) = try answer(
      scenario(
        "3.12", "syscall call() { wait q; f() }",
        "spawn caller\napply p\nawait not in_progress"))
    #expect(answer == .sometimes)
    #expect(code == "E1008")
  }

  /// 4.4 sends fake signals at each look: the same sleeper always gets across.
  @Test func theFakeSignalOfThe44KernelFreesIt() throws {
    let (answer, code) = try answer(
      scenario(
        "4.4", "syscall call() { wait q; f() }", "spawn caller\napply p\nawait not in_progress"))
    #expect(answer == .always)
    #expect(code == nil)
  }

  /// State D: no signal moves it, fake or not.
  @Test func aDeepSleeperMayBlockForEver() throws {
    let (answer, code) = try answer(
      scenario(
        "4.4", "syscall call() { wait q uninterruptible; f() }",
        "spawn caller\napply p\nawait not in_progress"))
    #expect(answer == .sometimes)
    #expect(code == "E1008")
  }

  /// Whoever loops through the kernel crosses its boundary, for it can always step, and a fair
  /// schedule lets it.
  @Test func aLooperAlwaysGetsAcross() throws {
    let (answer, code) = try answer(
      scenario("4.4", "syscall call() { f() }", "spawn 2 of caller\napply p\nawait not in_progress")
    )
    #expect(answer == .always)
    #expect(code == nil)
  }

  /// One of two ways of a coin wakes the sleeper, the other spins: the search must not take the
  /// schedules that finish for all of them.
  @Test func aWayOutThatNeedNotBeTakenIsNoWayOut() throws {
    let text = """
      kernel "4.4" {
          queue q
          fn f() { return 0 }
          syscall deep() { wait q uninterruptible; f() }
          syscall wake_all() { wake q }
      }
      patch p { fn f() { return 1 } }
      program sleeper { deep() }
      program coin {
          if choose(0, 1) == 0 { wake_all() } else { loop { work 1ms } }
      }
      scenario "s" in every schedule {
          spawn sleeper
          spawn coin
          apply p
          await not in_progress
      }
      """
    let (answer, code) = try answer(text)
    #expect(answer == .sometimes)
    #expect(code == "E1008")
  }

  /// What a kernel thread waits for came true, and nobody woke its queue. kGraft's wake-up makes it
  /// look for itself, and it comes to its safe point; with nothing come true it sleeps on for ever.
  @Test(arguments: [("ready = 1", PropertyAnswer.Answer.always), ("", .never)])
  func aWakeUpMakesAThreadLookForItself(
    _ change: String, _ expected: PropertyAnswer.Answer
  ) throws {
    let text = """
      kernel "4.4" {
          queue q
          var ready in 0..1 = 0
          fn f() { return 0 }
          syscall set_ready() { \(change) }
          kthread waiter { loop { wait q until ready == 1; safe point; sleep 1s } }
      }
      patch p { fn f() { return 1 } }
      program setter { set_ready() }
      scenario "s" in every schedule {
          let t = spawn setter
          await not t.alive
          apply p
          await not in_progress
      }
      """
    #expect(try answer(text).0 == expected)
  }

  /// The token of a schedule that starves replays to the same finding: a search from its end.
  @Test func aStarvedWitnessReplays() throws {
    let text = scenario(
      "3.12", "syscall call() { wait q; f() }", "spawn caller\napply p\nawait not in_progress")
    let scenario = try #require(try ScenarioTexts.scenarios(text).first)
    let failure = try #require(ScenarioRunner(scenario, RunOptions()).run().outcome.failure)
    let token = try #require(failure.replay.last.flatMap { ReplayToken($0) })
    var options = RunOptions()
    options.replay = token.choices
    let replayed = ScenarioRunner(scenario, options).run()
    let found = try #require(replayed.outcome.failure).diagnostic
    #expect(found.message == failure.diagnostic.message)
    #expect(found.labels == failure.diagnostic.labels.filter(\.isPrimary))
    // Where a schedule that passes parts from it only a search knows.
    #expect(failure.diagnostic.notes.starts(with: found.notes))
  }
}
