import Diagnostics
import Execution
import Machine
import Testing

/// What `why` says, and where it is said.
@Suite struct WhyTests {
  /// A kernel with a place for each sort of sleeper.
  static func text(_ release: String, _ scenario: String) -> String {
    """
    kernel "\(release)" {
        queue packets
        queue other
        fn verify() { return 1 }
        fn inner() { wait packets; verify() }
        syscall recv() { inner() }
        syscall disk() { wait packets uninterruptible; verify() }
        syscall twice() { wait packets uninterruptible; wait other uninterruptible; verify() }
        kthread flusher { loop { wait other; verify() } }
    }
    patch fix { fn verify() { return 2 } }
    program server { loop { recv() } }
    program stuck { loop { disk() } }
    program patient { loop { twice() } }
    program sleeper { loop { sleep 1h } }
    program computer { loop { work 1ms } }
    scenario "s" {
    \(scenario)
    }
    """
  }

  static func text(_ scenario: String) -> String { text("3.12.61-52-default", scenario) }

  private func printed(_ record: RunRecord) -> [String] {
    record.events.compactMap { if case .printed(_, let text) = $0.kind { text } else { nil } }
  }

  private func why(
    _ program: String, _ before: String = "", release: String = "3.12.61-52-default"
  ) throws -> String {
    let record = try ScenarioTexts.run(
      Self.text(
        release, "let t = spawn \(program); sleep 10ms; \(before); apply fix; print why(t)"))
    return try #require(printed(record).last)
  }

  @Test func aSleeperIsMovedByItsQueueAndBySignals() throws {
    let text = try why("server")
    #expect(text.contains("server:100 is in the old universe: asleep (S) on packets"))
    // The chain of functions, each with its place: the wait, and the two calls.
    #expect(text.contains("in inner (test.graft:5:18), called from recv (test.graft:6:22)"))
    #expect(text.contains("called from server (test.graft:12:25)"))
    let lines = text.split(separator: "\n")
    #expect(lines[1].contains("waking packets; SIGSTOP (and SIGCONT, to let it go on)"))
    #expect(lines[2].contains("waking other (it does not sleep there)"))
    #expect(lines[2].contains("kGraft's next look (it sends no fake signals)"))
  }

  /// A zombie that nobody reaps, for pid 1 sleeps: it holds 3.12 up, and 4.4 not.
  @Test func aZombieBlocksOnlyWhereItIsNotExempt() throws {
    func why(_ release: String) throws -> String {
      let record = try ScenarioTexts.run(
        Self.text(release, "let t = spawn short; sleep 10ms; apply fix; print why(t)")
          + "\nprogram init { loop { sleep 1h } }\nprogram short { work 1us }\n")
      return try #require(printed(record).last)
    }
    let text = try why("3.12.61-52-default")
    #expect(text.contains("short:100 is in the old universe: a zombie (Z)"))
    #expect(text.contains("it has exited already"))
    #expect(try why("4.4.21-69-default") == "short:100 blocks nothing: it is a zombie")
  }

  @Test func theNextGenerationsLookMovesIt() throws {
    let text = try why("server", release: "4.4.21-69-default")
    #expect(text.contains("kGraft's next look, which sends it a fake signal"))
  }

  @Test func aDeafSleeperIsMovedByItsQueueAlone() throws {
    let lines = try why("stuck", release: "4.4.21-69-default").split(separator: "\n")
    #expect(lines[0].contains("asleep (D) on packets"))
    #expect(lines[1] == "it would move by: waking packets; force")
    #expect(lines[2].contains("SIGSTOP (no signal wakes it out of state D)"))
  }

  @Test func whoWouldSleepAgainIsNotMoved() throws {
    let lines = try why("patient").split(separator: "\n")
    #expect(lines[1] == "it would move by: force")
    // `wait other` of `twice`.
    #expect(lines[2].contains("it would fall asleep again at test.graft:8:53"))
  }

  @Test func aTimerIsTold() throws {
    // Asleep from the start, for an hour and what entering the kernel takes.
    #expect(try why("sleeper").contains("it would move by: its timer, at 3600.00000"))
  }

  @Test func whoNeverEntersTheKernelSaysSo() throws {
    let text = try why("computer", release: "4.4.21-69-default")
    #expect(text.contains("running (R) in user mode"))
    // It need not: the look comes by itself.
    #expect(text.contains("kGraft's next look, which sends it a fake signal"))
    #expect(!text.contains("waiting"))
  }

  @Test func whoDoesNotBlockSaysSo() throws {
    let record = try ScenarioTexts.run(
      Self.text(
        "let t = spawn computer; print why(t); print why(); apply fix; print why(t)"))
    #expect(printed(record)[0] == "computer:100 blocks nothing: no transition is on its way")
    #expect(printed(record)[1] == "no transition is on its way")
    // The manual's generation takes who is in user mode for migrated.
    #expect(printed(record)[2] == "computer:100 blocks nothing: it is in the new universe")
  }

  @Test func aFailureNamesWhoBlocksAndHowManyMore() throws {
    let record = try ScenarioTexts.run(
      Self.text("spawn 7 of server; sleep 10ms; apply fix; await not in_progress within 5s"))
    let notes = try #require(record.outcome.failure).diagnostic.notes
    #expect(notes[0].contains("flusher:10 is in the old universe: a kernel thread, asleep (S)"))
    #expect(notes[1] == "it would move by: force")
    #expect(notes[2].contains("waking other (its code comes to no safe point)"))
    #expect(notes[3].contains("server:100"))
    #expect(notes[6].contains("server:101"))
    #expect(notes.last == "and 5 more in the old universe")
  }

  @Test func aSearchTellsItToo() throws {
    let record = try ScenarioTexts.run(
      Self.text("spawn stuck; apply fix; await not in_progress").replacing(
        "scenario \"s\" {", with: "scenario \"s\" in every schedule {"))
    let notes = try #require(record.outcome.failure).diagnostic.notes
    #expect(notes.contains { $0.contains("flusher:10 is in the old universe") })
  }

  @Test func anAnswerIsAStringLikeAnyOther() throws {
    let record = try ScenarioTexts.run(
      Self.text(
        "let t = spawn stuck; sleep 1ms; apply fix; assert \"asleep (D)\" in why(t)"))
    if case .passed = record.outcome {} else { Issue.record("\(record.outcome)") }
  }

  @Test(arguments: ["why(1)", "why(\"s\")", "why(t, t)"])
  func wrongArgumentsAreToldAtOnce(call: String) {
    let unit = ScenarioTexts.unit(Self.text("let t = spawn server; print \(call); print t.pid"))
    #expect(unit.hasErrors)
  }
}
