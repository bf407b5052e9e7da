import Foundation
import Graft
import Testing

/// Exercises: how answers are judged, and that the shipped ones are what they ought to be.
@Suite struct ExerciseTests {
  private static let course = Lessons.file.deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Scenarios/course/exercises")

  static let folders: [String] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: course.path)) ?? []
    return names.sorted()
  }()

  private func bytes(_ folder: String, _ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: Self.course.appending(path: folder).appending(path: name)))
  }

  private func exercise(_ folder: String) throws -> Exercise {
    Exercise(folder: folder, text: try bytes(folder, Exercise.textName))
  }

  private func files(_ folder: String, _ kind: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(
      atPath: Self.course.appending(path: folder).path
    ).filter { $0.hasPrefix(kind) }.sorted()
  }

  private static var nothingElse: SourceLoader.Reader {
    { _ in .failure(.init(reason: "there are no other files")) }
  }

  @Test func thereAreExercises() { #expect(Self.folders.count >= 2) }

  @Test(arguments: folders)
  func anExerciseFailsAsGivenPassesWithItsSolutionsAndRefusesTheRest(_ folder: String) throws {
    let exercise = try exercise(folder)
    #expect(exercise.task.count >= 2 && exercise.hints.count >= 2)
    let given = exercise.judge(exercise.text, path: "a.graft", reader: Self.nothingElse)
    switch given {
    case .gap, .fails: break
    case .mistaken(let diagnostics, let sources):
      Issue.record("\(DiagnosticRenderer(sources: sources).render(diagnostics))")
    case .withoutMarks, .right: Issue.record("\(folder) is given as \(given)")
    }
    let solutions = try files(folder, "solution-").map { try bytes(folder, $0) }
    #expect(Set(solutions).count >= 2)
    for (number, solution) in solutions.enumerated() {
      let judgement = exercise.judge(solution, path: "a.graft", reader: Self.nothingElse)
      #expect(judgement.isRight, "solution \(number + 1) of \(folder): \(judgement)")
    }
    let wrong = try files(folder, "wrong-")
    #expect(wrong.count >= 3)
    for name in wrong {
      // Plausible means that it runs, and something that must hold does not.
      let judgement = exercise.judge(
        try bytes(folder, name), path: "a.graft", reader: Self.nothingElse)
      guard case .fails(let record, _) = judgement, case .failed = record.outcome else {
        Issue.record("\(folder)/\(name): \(judgement)")
        continue
      }
    }
  }

  private static let text = """
    # The task.
    #
    # More of it.
    #
    # hint: more than one
    # hint: less than three

    kernel "4.4" { var n in 0..3 = 0; syscall s() { atomic { n = n + 1 } } }
    program p { s() }
    # Yours: the limit
    def limit() { return ___ }
    # From here on everything stays as it is.
    scenario "it is two" { spawn 2 of p; sleep 1ms; let k = limit(); assert n == k }

    """

  private static let small = Exercise(folder: "x", text: Array(text.utf8))

  private func judge(_ part: String) -> Judgement {
    let answer = Self.text.replacing("def limit() { return ___ }", with: part)
    return Self.small.judge(Array(answer.utf8), path: "a.graft", reader: Self.nothingElse)
  }

  @Test func anAnswerIsJudgedByWhatMustHold() throws {
    #expect(Self.small.task == ["The task.", "", "More of it."])
    #expect(Self.small.hints == ["more than one", "less than three"])
    #expect(judge("def limit() { return 2 }").isRight)
    #expect(judge("def one() { return 1 }\ndef limit() { return one() + 1 }").isRight)
    guard case .gap(line: 11) = judge("def limit() { return ___ }") else {
      Issue.record("the gap is not seen")
      return
    }
    guard case .fails(let record, _) = judge("def limit() { return 3 } # not ___") else {
      Issue.record("it does not fail")
      return
    }
    #expect(record.outcome.failure?.diagnostic.message == "assertion failed")
    guard case .mistaken(let diagnostics, let sources) = judge("def other() { return 2 }") else {
      Issue.record("it is understood")
      return
    }
    // Lines are those of the learner's file, which has no hints.
    #expect(DiagnosticRenderer(sources: sources).render(diagnostics).contains("a.graft:10:"))
  }

  /// Whoever changes what must hold has changed nothing.
  @Test func onlyTheLearnersPartCounts() {
    let easy = Self.text.replacing("return ___", with: "return 3")
      .replacing("assert n == k", with: "assert true")
    let judgement = Self.small.judge(
      Array(easy.utf8), path: "a.graft", reader: Self.nothingElse)
    guard case .fails = judgement else {
      Issue.record("\(judgement)")
      return
    }
    let bare = Self.small.judge(
      Array("def limit() { return 2 }".utf8), path: "a.graft", reader: Self.nothingElse)
    guard case .withoutMarks = bare else {
      Issue.record("\(bare)")
      return
    }
  }

  /// Of what is claimed in every schedule a shortest one is shown in which it is not so.
  @Test func aFailureInASearchIsAShortestSchedule() throws {
    let text = Self.text.replacing("\"it is two\" {", with: "\"it is two\" in every schedule {")
    let exercise = Exercise(folder: "x", text: Array(text.utf8))
    let answer = Array(text.replacing("___", with: "2").utf8)
    // Nobody waits for the two in a search: it may ask before they have come.
    guard
      case .fails(let record, _) = exercise.judge(
        answer, path: "a.graft", reader: Self.nothingElse)
    else {
      Issue.record("it does not fail")
      return
    }
    #expect(record.outcome.failure != nil && !record.events.isEmpty && record.steps <= 6)
  }

  @Test func progressGoesByContent() {
    var progress = LearntExercises()
    progress.finish(Self.small)
    progress.noteHint(Self.small)
    progress.noteHint(Self.small)
    let read = LearntExercises(progress.text + "nonsense\nhints x y\n")
    #expect(read == progress)
    #expect(read.isDone(Self.small) && read.hintCount(Self.small) == 2)
    // Elsewhere it is the same exercise; with another text another.
    var moved = Self.small
    moved.folder = "y"
    #expect(read.isDone(moved))
    moved.text += [10]
    #expect(!read.isDone(moved))
    progress.reset(Self.small)
    #expect(!progress.isDone(Self.small) && progress.hintCount(Self.small) == 0)
  }
}
