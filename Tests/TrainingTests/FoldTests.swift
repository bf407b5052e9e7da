import Graft
import Testing

/// A lesson is what its run has said and done, moment by moment.
@Suite struct FoldTests {
  @Test func stopsComeInTheOrderOfTheText() throws {
    let lesson = try Lessons.one(Lessons.sample)
    #expect(lesson.failure == nil)
    #expect(
      Lessons.kinds(lesson) == [
        .begin, .chapter, .say, .pause, .chapter, .question, .answers, .say, .end,
      ])
    #expect(lesson.chapters.map(\.title) == ["quiet", "a patch"])
    #expect(lesson.chapters.allSatisfy { lesson.moments[$0.start].kind == .chapter })
    #expect(lesson.tasks == ["server:100", "server:101"])
  }

  @Test func aMomentHasWhatCanBeSeenThen() throws {
    let lesson = try Lessons.one(Lessons.sample)
    let say = try #require(lesson.moments.first { $0.kind == .say })
    #expect(say.narration == "Two servers wait." && say.notes == "softly")
    #expect(say.time == 10_000_000)
    // The line of the `say`.
    #expect(lesson.source.lines[say.sourceLine - 1].contains("say \"Two servers wait.\""))
    #expect(say.tasks.map(\.place) == Array(repeating: "asleep on packets, in recv", count: 2))
    #expect(say.views == [.files, .timeline])
    #expect(say.files.map(\.content) == ["0\n"])

    let question = try #require(lesson.moments.first { $0.kind == .question })
    let answers = try #require(lesson.moments.first { $0.kind == .answers })
    #expect(answers.time - question.time == 60_000_000_000)
    #expect(question.files.map(\.content) == ["1\n"])
    // Nobody has moved between the two, and the log has complained.
    #expect(answers.tasks.map(\.universe) == ["old", "old"])
    #expect(question.logCount < answers.logCount)

    let last = try #require(lesson.moments.last { $0.kind == .say })
    #expect(last.narration == "server:100 is new.")
    #expect(last.tasks.map(\.universe) == ["new", "new"])
    #expect(last.views.count == 5 && last.views.first == .log)
    #expect(last.wantedTasks == ["server:100", "server:101"])
    guard case .source(let page?) = last.views[1] else { throw Unexpected() }
    #expect(page.lines == ["    fn verify() { work 2us }"] && page.first == 3)
  }

  private struct Unexpected: Error {}

  /// What a command has printed stands there until the chapter is over, or another command comes.
  @Test func whatACommandPrintsStays() throws {
    let lesson = try Lessons.one(
      """
      lesson "l" {
          chapter "a" {
              $ uname -r
              print "not it"
              say "Look."
              $ kgr status
              say "And?"
          }
          chapter "b" { say "Gone." }
      }
      """)
    let said = lesson.moments.filter { $0.kind == .say }
    #expect(said.map(\.narration) == ["Look.", "And?", "Gone."])
    #expect(
      said.map { $0.terminal.map(\.text) } == [
        ["$ uname -r", "3.12.61-52-default"], ["$ kgr status", "ready"], [],
      ])
    #expect(said.map { $0.views.contains(.terminal) } == [true, true, false])
    let place = try #require(lesson.moments.firstIndex { $0.narration == "Look." })
    let rows = Frame.screen(of: lesson, at: place, width: 80, height: 24).plainRows
    #expect(rows.contains { $0.hasPrefix("─ terminal ─") })
    #expect(rows.contains(" $ uname -r") && rows.contains(" 3.12.61-52-default"))
  }

  @Test func aLessonThatFailsSaysSo() throws {
    let lesson = try Lessons.one(
      "lesson \"l\" { say \"now\"; sleep 1ms; assert in_progress; say \"never\" }")
    let failure = try #require(lesson.failure)
    #expect(failure.hasPrefix("assertion failed\ngraft run "))
    #expect(Lessons.kinds(lesson) == [.begin, .say, .end])
  }

  /// The story of a scenario that teaches nothing is played as well.
  @Test func anyScenarioCanBePlayed() throws {
    let lesson = try Lessons.one("scenario \"s\" { print \"a\"; sleep 1ms; print \"b\" }")
    #expect(
      lesson.moments.flatMap(\.lines).map(\.text)
        == ["print \"a\"", "a", "sleep 1ms", "b"] || lesson.moments.count == 5)
  }

  /// Times and lanes never go back.
  @Test func momentsGoForwards() throws {
    let lesson = try Lessons.one(Lessons.sample)
    for (before, after) in zip(lesson.moments, lesson.moments.dropFirst()) {
      #expect(before.time <= after.time && before.step <= after.step)
      #expect(before.columnCount <= after.columnCount && before.logCount <= after.logCount)
    }
    #expect(lesson.moments.last?.columnCount == lesson.columns.count)
  }
}
