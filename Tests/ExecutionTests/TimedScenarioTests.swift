import Execution
import Exploration
import Foundation
import Machine
import Testing

/// Searches that keep time: what they judge, what they show, and how they stand to runs and to
/// searches in which speeds are arbitrary.
@Suite struct TimedScenarioTests {
  private static let kernel = """
    kernel "4.4.21-69-default" {
        var woken in 0..3 = 0
        var first in 0..9 = 0
        fn f() { return 1 }
        syscall note() { f(); woken = woken + 1 }
        syscall mark(number) { first = number }
        syscall toil() { work 1us..1100ns; woken = woken + 1 }
        syscall hurry() { work 1us..1010ns; woken = woken + 1 }
    }
    patch fix { fn f() { return 2 } }
    program sleeper { sleep 10ms; note() }
    program racer(number) { sleep 1ms; mark(number) }
    program worker { toil() }
    program hasty { hurry() }

    """

  private func scenario(_ body: String, isSearched: Bool = true) throws -> RunnableScenario {
    let title = isSearched ? "scenario \"s\" in every schedule" : "scenario \"s\""
    let text = Self.kernel + "\(title) {\n\(body)\n}\n"
    return try #require(try ScenarioTexts.scenarios(text).first)
  }

  private func record(
    _ body: String, timed: TimedMode? = TimedMode(),
    _ adjust: (inout RunOptions) -> Void = { _ in }
  ) throws -> RunRecord {
    var options = RunOptions()
    options.bounds.timed = timed
    adjust(&options)
    return ScenarioRunner(try scenario(body), options).run()
  }

  private func report(_ record: RunRecord) throws -> SearchReport {
    guard case .everySchedule(let report) = record.mode else {
      throw ScenarioTexts.NotRunnable(text: "not searched")
    }
    return report
  }

  /// An `await` that goes on at once has been come to all the same.
  @Test func whatHoldsAtOnceIsAwaited() throws {
    let record = try record("spawn sleeper\nsleep 20ms\nawait woken == 1 within 1ms")
    #expect(try report(record).answers.map(\.answer) == [.always])
    #expect(record.warnings.isEmpty)
  }

  /// Ten milliseconds are over when twenty have passed; where delays are arbitrary they need not.
  @Test func durationsAreExact() throws {
    let body = "spawn sleeper\nsleep 20ms\nassert woken == 1"
    let timed = try report(record(body))
    #expect(timed.answers.map(\.answer) == [.always])
    #expect(timed.result.isComplete)
    #expect(try report(record(body, timed: nil)).answers.map(\.answer) == [.sometimes])
    // The other way round, just before.
    let early = try report(record("spawn sleeper\nsleep 9ms\nassert woken == 0"))
    #expect(early.answers.map(\.answer) == [.always])
  }

  /// A limit is a claim like any other.
  @Test func limitsAreJudged() throws {
    let wide = try report(record("spawn sleeper\nawait woken == 1 within 11ms"))
    #expect(wide.answers.map(\.answer) == [.always])
    #expect(wide.answers.map(\.hasUnjudgedLimit) == [false])
    let narrow = try record("spawn sleeper\nawait woken == 1 within 9ms")
    #expect(try report(narrow).answers.map(\.answer) == [.never])
    guard case .failed = narrow.outcome else { return #expect(Bool(false)) }
    let untimed = try report(record("spawn sleeper\nawait woken == 1 within 9ms", timed: nil))
    #expect(untimed.answers.map(\.answer) == [.always])
    #expect(untimed.answers.map(\.hasUnjudgedLimit) == [true])
  }

  /// Two tasks that wake at one moment on two CPUs: either may be the last one.
  @Test func whatTiesComesInEveryOrder() throws {
    let body = "spawn racer(1)\nspawn racer(2)\nsleep 2ms\nreport \"last\", first"
    let outcomes = try report(record(body)).outcomes.map(\.text)
    #expect(Set(outcomes) == ["last = 1", "last = 2"])
    // One of them a microsecond later: it is the last.
    let apart = "spawn racer(1)\nsleep 1us\nspawn racer(2)\nsleep 2ms\nreport \"last\", first"
    #expect(try report(record(apart)).outcomes.map(\.text) == ["last = 2"])
    let untimed = try report(record(apart, timed: nil)).outcomes.map(\.text)
    #expect(Set(untimed) == ["last = 0", "last = 1", "last = 2"])
  }

  /// Of a range of time not every value is tried unless the grain says so, and then the search is
  /// bounded by that.
  @Test func rangesBound() throws {
    let body = "spawn worker\nawait woken == 1 within 1ms"
    let some = try record(body)
    #expect(try report(some).result.bound == .ranges)
    guard case .inconclusive = some.outcome else { return #expect(Bool(false)) }
    let all = try report(record(body, timed: TimedMode(grain: 1)))
    #expect(all.result.isComplete)
    #expect(all.answers.map(\.answer) == [.always])
  }

  /// How late it is makes no difference to a loop: it comes back.
  @Test func whatGoesOnForEverIsSeen() throws {
    let record = try record("spawn sleeper\nawait woken == 2")
    let result = try report(record).result
    #expect(result.isComplete)
    #expect(!result.witnesses.isEmpty)
    guard case .failed = record.outcome else { return #expect(Bool(false)) }
  }

  /// Of a sleeper that nobody wakes nothing counts the time: the looks of the worker are a loop.
  @Test func aSleeperInAQueueComesBack() throws {
    let text = """
      kernel "3.12.61-52-default" {
          queue packets
          fn f() { return 1 }
          syscall recv() { wait packets; f() }
      }
      patch fix { fn f() { return 2 } }
      program server { recv() }
      scenario "s" in every schedule {
          reach stalled
          spawn server
          sleep 1ms
          apply fix
      }
      """
    let scenario = try #require(try ScenarioTexts.scenarios(text).first)
    var options = RunOptions()
    options.bounds.timed = TimedMode()
    let record = ScenarioRunner(scenario, options).run()
    let result = try report(record).result
    #expect(result.isComplete && result.states < 100)
    #expect(result.reached[0] != nil)
    guard case .passed = record.outcome else { return #expect(Bool(false)) }
  }

  /// A schedule that is shown can be repeated by its token, and comes to the same.
  @Test func tokensKeepTime() throws {
    let body = "spawn racer(1)\nspawn racer(2)\nsleep 2ms\nassert first == 2"
    let record = try record(body)
    guard case .failed(let failure) = record.outcome else { return #expect(Bool(false)) }
    let word = try #require(failure.replay.first { $0.hasPrefix("t1") })
    let token = try #require(ReplayToken(word))
    #expect(token.text == word)
    var options = RunOptions()
    options.replay = token.choices
    options.replayTimed = token.timed
    let again = ScenarioRunner(try scenario(body), options).run()
    guard case .failed(let same) = again.outcome else { return #expect(Bool(false)) }
    #expect(same.diagnostic.code == failure.diagnostic.code)
    #expect(again.nanoseconds == 2_000_000)
    #expect(ReplayToken("t1sg2s-1f-0.1")?.timed == TimedMode(grain: 92, keepsSlices: true))
    for wrong in ["t1x-1f-0", "t1g-1f-0", "t1g0-1f-0", "t2-1f-0"] {
      #expect(ReplayToken(wrong) == nil, "\(wrong)")
    }
  }

  static let worlds = [
    "spawn racer(1)\nspawn racer(2)\nsleep 2ms\nreport \"last\", first",
    "spawn 3 of racer(3)\nspawn racer(4)\nsleep 2ms\nreport \"last\", first",
    "spawn racer(1)\nspawn sleeper\nsleep 500us..500020ns\napply fix\nsleep 12ms\n"
      + "report \"last\", first\nreport \"woken\", woken\nawait not in_progress",
    "spawn 2 of hasty\nsleep 2100ns..2120ns\nreport \"woken\", woken",
  ]

  /// Every run comes to what some timed schedule comes to, and every timed schedule to what some
  /// schedule comes to in which speeds are arbitrary.
  @Test(arguments: worlds) func runsAreTimedSchedules(_ body: String) throws {
    let timed = try report(record(body, timed: TimedMode(grain: 1)))
    #expect(timed.result.isComplete)
    let seen = Set(timed.outcomes.map(\.text))
    let untimed = Set(try report(record(body, timed: nil)).outcomes.map(\.text))
    #expect(seen.isSubset(of: untimed))
    let scenario = try scenario(body, isSearched: false)
    for seed in 0..<50 {
      var options = RunOptions()
      options.seed = UInt64(seed)
      let figures = ScenarioRunner(scenario, options).run().figures
      let text = figures.sorted { $0.name < $1.name }.map { "\($0.name) = \($0.text)" }
        .joined(separator: ", ")
      #expect(seen.contains(text), "seed \(seed): \(text)")
    }
  }
}

/// What is shipped for it: each passes as a run, and a search says another thing with time kept.
@Suite struct TimedShippedTests {
  private static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Scenarios/search")

  private func records(_ name: String, timed: TimedMode?) throws -> [String: RunRecord] {
    let bytes = try Data(contentsOf: Self.folder.appending(path: name + ".graft"))
    let unit = ScenarioUnit(path: name, bytes: Array(bytes)) { _ in
      .failure(.init(reason: "a shipped scenario stands alone"))
    }
    var records: [String: RunRecord] = [:]
    for entry in unit.entries {
      let made = unit.runnable(entry, breaking: [], everySchedule: true)
      var options = RunOptions()
      options.bounds.timed = timed
      records[entry.id.title] = ScenarioRunner(try #require(made.scenario), options).run()
    }
    return records
  }

  private func answers(_ record: RunRecord?) throws -> [PropertyAnswer.Answer] {
    guard case .everySchedule(let report)? = record?.mode else { return [] }
    #expect(report.result.isComplete)
    return report.answers.map(\.answer)
  }

  @Test(arguments: [
    ("nap-before-the-patch", "who has slept before the patch ran the old code"),
    ("passed-over", "whoever computes is passed over"),
  ])
  func timeHidesWhatCouldHappen(_ file: String, _ title: String) throws {
    let timed = try answers(records(file, timed: TimedMode())[title])
    #expect(timed == [.always, .always])
    #expect(try answers(records(file, timed: nil)[title])[0] == .sometimes)
  }

  @Test func oneTieBites() throws {
    let timed = try records("fed-in-the-nick-of-time", timed: TimedMode())
    #expect(try answers(timed["the watchdog is fed in the nick of time"]) == [.sometimes])
    #expect(try answers(timed["a microsecond is enough"]) == [.always, .always])
  }
}
