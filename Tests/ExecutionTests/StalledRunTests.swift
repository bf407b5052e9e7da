import Diagnostics
import Machine
import Patching
import Testing

@testable import Execution

/// What a run, which keeps time, says of stalled transitions.
@Suite struct StalledRunTests {
  private func run(
    _ body: String, release: String = StalledTests.old, seed: UInt64 = 0
  ) throws -> RunRecord {
    try ScenarioTexts.run(StalledTests.text("{ \(body) }", release: release), seed: seed)
  }

  /// As soon as the window is closed: nothing can come that the first look would not find.
  @Test func aSleeperThatNobodyWakesIsFoundWhenTheWindowCloses() throws {
    let record = try run(
      "never stalled; spawn server; sleep 10ms; apply fix; await not in_progress")
    let failure = try #require(record.outcome.failure)
    #expect(failure.diagnostic.code == .propertyViolated)
    #expect(failure.diagnostic.notes[0].hasPrefix("at the latest since 0.0100"))
    #expect(failure.diagnostic.notes[1].contains("server:100 is in the old universe"))
    // The await would have waited an hour.
    #expect(record.nanoseconds < 1_000_000_000)
  }

  @Test func whatTheOperatorStillDoesCounts() throws {
    let record = try run(
      "never stalled; spawn server; sleep 10ms; apply fix; sleep 9s; wake packets; "
        + "await not in_progress")
    #expect(record.outcome.failure == nil)
    #expect(record.goals.map(\.answer) == [.holds])
  }

  @Test func aTransitionThatIsLeftBehindIsJudgedAtTheEnd() throws {
    #expect(
      try run("never stalled; spawn server; sleep 10ms; apply fix").outcome.failure != nil)
    #expect(
      try run("never stalled; spawn poller; sleep 10ms; apply fix").outcome.failure == nil)
  }

  @Test func aReachIsReached() throws {
    let record = try run("reach stalled; spawn stuck; sleep 10ms; apply fix; sleep 5s")
    #expect(record.outcome.failure == nil)
    #expect(record.goals.map(\.answer) == [.holds])
    let other = try run("reach stalled; spawn greeter; sleep 10ms; apply fix; sleep 5s")
    #expect(other.goals.map(\.answer) == [.notJudged])
  }

  @Test func theNextGenerationMovesASleeper() throws {
    let body = "never stalled; spawn server; sleep 10ms; apply fix; await not in_progress"
    #expect(try run(body, release: StalledTests.new).outcome.failure == nil)
  }

  @Test func aListAmongTheOperatorsValuesIsKnownToTheJudge() throws {
    let record = try run(
      "never stalled; let a = spawn server; spawn greeter; let b = spawn server; sleep 10ms; "
        + "let both = [b, a]; apply fix; sleep 5s; signal STOP, both; signal CONT, both; "
        + "await not in_progress")
    #expect(record.outcome.failure == nil)
    #expect(record.goals.map(\.answer) == [.holds])
  }

  /// Three who take a lock in turn, one of them asleep with it: who waits for it is in state D, and
  /// when the sleeper is woken all of them go on.
  private static func locked(_ scenario: String) -> String {
    """
    kernel "3.12.61-52-default" {
        queue packets
        lock gate
        fn verify() { return 1 }
        syscall recv() { lock gate; wait packets uninterruptible; verify(); unlock gate }
        irq timer every 3ms on cpu 0 { lock other; unlock other }
        lock other
    }
    patch fix { fn verify() { return 2 } }
    program server { recv() }
    scenario "s" { \(scenario) }
    """
  }

  @Test func aLineForALockIsJudged() throws {
    let begin = "never stalled; spawn 3 of server; sleep 10ms; apply fix; "
    let helped = try ScenarioTexts.run(
      Self.locked(
        begin + "sleep 1s; wake packets; sleep 1ms; wake packets; sleep 1ms; wake packets; "
          + "await not in_progress"))
    #expect(helped.outcome.failure == nil)
    #expect(helped.goals.map(\.answer) == [.holds])
    let left = try ScenarioTexts.run(
      Self.locked(begin + "sleep 1s; wake packets; await not in_progress"))
    let failure = try #require(left.outcome.failure)
    #expect(failure.diagnostic.code == .propertyViolated)
    // The help that the operator will give is known from the start, and known not to be enough.
    #expect(left.nanoseconds < 1_000_000_000)
  }

  /// Out of time a run's worlds are worlds of the search: all of them are met there.
  @Test(arguments: [UInt64(0), 1, 2, 3])
  func worldsOutOfTimeAreWorldsOfTheSearch(seed: UInt64) throws {
    let plain = [StalledTests.old, StalledTests.new].map { release in
      StalledTests.text(
        "{ spawn poller; spawn greeter; sleep 1ms; apply fix; sleep 3s; wake packets; "
          + "await not in_progress }", release: release)
    }
    let locked = Self.locked(
      "spawn 2 of server; sleep 1ms; apply fix; sleep 3s; wake packets; sleep 1ms; wake packets; "
        + "await not in_progress")
    for text in plain + [locked] {
      let scenario = try #require(try ScenarioTexts.scenarios(text).first)
      let untimed = scenario.machine(.arbitrary)
      let known = Set(PlainGraph(untimed).worlds)
      var session = Session(
        machine: scenario.machine(.kept), schedule: .seed(seed), limits: .ci)
      var compared = 0
      while session.end == nil {
        session.step()
        let world = session.look { machine, row, _ -> [UInt64]? in
          // Between its timer and its next step a task stands where a search has no world, and in
          // the middle of a walk the engine remembers it in another way.
          let isWoken = (0..<machine.taskCount(&row)).contains {
            machine.wakeReason(of: TaskSlot($0), &row) == .timeout
          }
          let phase = (machine.engine as? KGraft)?.phase(machine, &row)
          guard !isWoken, phase == .idle || phase == .look else { return nil }
          return machine.withoutTime(untimed, &row)
        }
        guard var world else { continue }
        world += Array(repeating: 0, count: (known.first?.count ?? 0) - world.count)
        compared += 1
        try #require(known.contains(world), "step \(session.steps) of seed \(seed)")
      }
      #expect(session.end == .finished && compared > 20)
    }
  }
}
