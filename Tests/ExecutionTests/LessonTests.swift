import Execution
import Exploration
import Machine
import Testing

/// Lessons run: what they say are events, what they claim is judged.
@Suite struct LessonTests {
  private static let kernel = """
    kernel "3.12.61-52-default" {
        queue packets
        fn verify() { work 2us }
        syscall recv() { wait packets; verify() }
    }
    patch fix { fn verify() { work 3us } }
    program server { loop { recv() } }

    """

  private static func lesson(_ body: String) -> String { kernel + "lesson \"l\" {\n\(body)\n}\n" }

  private func told(_ record: RunRecord) -> [String] {
    record.events.compactMap { event in
      guard case .cued(let cue, let text) = event.kind else { return nil }
      return "\(record.program.cues[cue].kind): \(text)"
    }
  }

  private func failure(_ record: RunRecord) -> String? {
    record.outcome.failure?.diagnostic.message
  }

  @Test func whatALessonSaysComesInItsOrder() throws {
    let record = try ScenarioTexts.run(
      Self.lesson(
        """
        chapter "one" {
            let servers = spawn 2 of server
            sleep 10ms
            show timeline
            say "{servers[0]} waits,", "and so does {servers[1].pid}."
            notes "softly"
            pause
        }
        chapter "two" { show tasks servers; pause "now" }
        say "the end"
        assert servers[0].alive
        """))
    #expect(failure(record) == nil)
    #expect(
      told(record) == [
        "chapter: one", "show(Machine.Cue.View.timeline): ",
        "say: server:100 waits, and so does 101.", "notes: softly", "pause: ", "chapterEnd: one",
        "chapter: two", "show(Machine.Cue.View.tasks): [server:100, server:101]", "pause: now",
        "chapterEnd: two", "say: the end",
      ])
  }

  /// The question stands before what `reveal` does, the answers after it.
  @Test func answersAreJudgedAfterTheReveal() throws {
    func ask(_ right: String, _ wrong: String) throws -> RunRecord {
      try ScenarioTexts.run(
        Self.lesson(
          """
          spawn server
          sleep 10ms
          apply fix
          ask "done?" {
              right "yes" if \(right) because "somebody sent a packet"
              wrong "no" if \(wrong)
              hint "think"
              reveal { wake packets; sleep 5s }
          }
          """))
    }
    let good = try ask("not in_progress", "in_progress")
    #expect(failure(good) == nil)
    let times = good.events.compactMap { event -> Int64? in
      if case .cued = event.kind { event.time } else { nil }
    }
    #expect(times.count == 2 && times[1] - times[0] == 5_000_000_000)
    #expect(good.program.questions[0].answers.map(\.isRight) == [true, false])
    #expect(good.program.questions[0].hints == ["think"])
    // Both kinds of lie are found.
    #expect(failure(try ask("in_progress", "in_progress")) == "assertion failed")
    #expect(failure(try ask("not in_progress", "not in_progress")) == "assertion failed")
  }

  @Test func aShownFileIsToldWheneverItChanges() throws {
    let record = try ScenarioTexts.run(
      Self.lesson(
        """
        show files "/sys/kernel/kgraft/in_progress", "/proc/100/comm"
        spawn server
        sleep 10ms
        apply fix
        wake packets
        await not in_progress within 5s
        """))
    let shown = record.events.compactMap { event -> String? in
      guard case .fileShown(let path, let content) = event.kind else { return nil }
      return "\(path.split(separator: "/").last ?? ""): \(content)"
    }
    #expect(
      shown == [
        "in_progress: 0\n", "comm: cat: /proc/100/comm: No such file or directory\n",
        "comm: server\n", "in_progress: 1\n", "in_progress: 0\n",
      ])
    // An event belongs to the step that it happened in.
    #expect(record.events.map(\.step) == record.events.map(\.step).sorted())
  }

  /// Narration takes no step: a search sees the same worlds with it as without.
  @Test func whatIsSaidChangesNoSchedule() throws {
    func states(_ more: String) throws -> Int {
      let text = """
        \(Self.kernel)
        lesson "l" in every schedule {
            spawn 2 of server\(more)
            apply fix
            wake packets
        }
        """
      let record = try ScenarioTexts.run(text)
      #expect(failure(record) == nil)
      guard case .everySchedule(let report) = record.mode else { return 0 }
      return report.result.states
    }
    let plain = try states("")
    #expect(plain > 50)
    #expect(try states("\nsay \"two servers\"; show timeline; notes \"a\"; pause") == plain)
  }

  @Test func aChapterIsNoScope() throws {
    let record = try ScenarioTexts.run(
      Self.lesson(
        """
        chapter "a" { let n = 3; always not in_progress; var k = 1 }
        chapter "b" { k = k + n }
        say "{k}"
        """))
    #expect(told(record).last == "say: 4")
  }
}
