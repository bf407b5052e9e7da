import Foundation
import Testing

/// `graft learn`, as a learner uses it.
@Suite struct LearnTests {
  private static let two = """
    # Make it two.
    #
    # hint: one more than one

    kernel "4.4" { var done in 0..3 = 0; syscall s() { atomic { done = done + 1 } } }
    program p { s() }
    # Yours: the number
    def n() { return ___ }
    # From here on everything stays as it is.
    scenario "it is two" { spawn 2 of p; sleep 1ms; assert n() == done }

    """

  private static let handout = two.replacing("#\n# hint: one more than one\n", with: "")

  private static let files = [
    "course/1-two/exercise.graft": two,
    "course/1-two/solution-1.graft": answer("2"),
    "course/2-true/exercise.graft": """
    # Make it true.
    # Yours
    def b() { return in_progress }
    # From here on everything stays as it is.
    scenario "it is true" { let v = b(); assert v }

    """,
    "ordinary.graft": "scenario \"s\" { assert not in_progress }\n",
  ]

  private static func answer(_ number: String) -> String {
    two.replacing("___", with: number)
  }

  private func learn(_ folder: BatchFolder, _ words: String...) throws -> GraftProcess.Outcome {
    try folder.run(["learn"] + words)
  }

  @Test func aLearnerGoesThroughACourse() throws {
    let folder = try BatchFolder(Self.files)
    defer { folder.remove() }
    let first = try learn(folder, "course")
    #expect(first.status == 4 && first.complaint == "")
    #expect(first.output.contains("1-two  answers/1-two.graft\n\nMake it two.\n"))
    #expect(first.output.contains("answers/1-two.graft:6: ___ is still there"))
    #expect(first.output.contains("Not yet. 'graft learn hint' has a hint; "))
    // The hints stay with the course.
    #expect(try folder.text("answers/1-two.graft") == Self.handout)

    try folder.scratch.write("answers/1-two.graft", Self.answer("3"))
    let wrong = try learn(folder, "--course", "course")
    #expect(wrong.status == 4 && wrong.output.contains("error[E1001]: assertion failed"))
    try folder.scratch.write("answers/1-two.graft", Self.answer("m"))
    let mistaken = try learn(folder, "--course", "course")
    #expect(mistaken.status == 4 && mistaken.output.contains("error[E0201]"))
    #expect(mistaken.output.contains("--> answers/1-two.graft:6:"))
    // No solution before one's own.
    #expect(try learn(folder, "solution", "1-two", "--course", "course").status == 4)

    try folder.scratch.write("answers/1-two.graft", Self.answer("1 + 1"))
    let right = try learn(folder, "--course", "course")
    #expect(right.status == 0 && right.output.contains("Right."))
    #expect(right.output.contains("Next: 2-true"))
    let solution = try learn(folder, "solution", "1-two", "--course", "course")
    #expect(solution.status == 0 && solution.output.contains("def n() { return 2 }"))
    let list = try learn(folder, "list", "--course", "course")
    #expect(list.output.contains("✓ 1-two  Make it two.") && list.output.contains("  2-true"))
    #expect(list.output.hasSuffix("1 of 2 done\n"))

    try folder.scratch.write(
      "answers/2-true.graft",
      Self.files["course/2-true/exercise.graft", default: ""]
        .replacing("return in_progress", with: "return not in_progress"))
    let last = try learn(folder, "--course", "course")
    #expect(last.status == 0 && last.output.contains("all 2 are done"))
    let reset = try learn(folder, "reset", "1-two", "--course", "course")
    #expect(reset.status == 0)
    #expect(try folder.text("answers/1-two.graft") == Self.handout)
    #expect(try learn(folder, "list", "--course", "course").output.contains("1 of 2 done"))
  }

  @Test func hintsAreGradedAndTheLastIsASchedule() throws {
    let folder = try BatchFolder(Self.files)
    defer { folder.remove() }
    try folder.scratch.write("answers/1-two.graft", Self.answer("3"))
    let first = try learn(folder, "hint", "--course", "course")
    #expect(first.status == 0 && first.output == "1. one more than one\n")
    let second = try learn(folder, "hint", "--course", "course")
    #expect(second.output.contains("The run in which this answer fails:"))
    #expect(second.output.contains("> spawn 2 of p") && second.output.contains("E1001"))
    // What was told already, or has no schedule, is not promised.
    #expect(
      try learn(folder, "--course", "course").output.hasSuffix(
        "Not yet. 'graft learn watch' "
          + "judges whenever you save.\n"))
  }

  @Test func whatIsNotThereIsSaid() throws {
    let folder = try BatchFolder(Self.files)
    defer { folder.remove() }
    #expect(try learn(folder).status == 5)
    #expect(try learn(folder, "nowhere/").status == 5)
    let near = try learn(folder, "2-truu", "--course", "course")
    #expect(near.status == 1 && near.complaint.contains("did you mean '2-true'?"))
    #expect(try learn(folder, "reset", "--course", "course").status == 1)
    #expect(try learn(folder, "list", "one", "two").status == 1)
  }

  /// Exercises fail as they are given: a run of the folder passes them over.
  @Test func aRunPassesExercisesOver() throws {
    let folder = try BatchFolder(Self.files)
    defer { folder.remove() }
    let run = try folder.run(["list", "."])
    #expect(run.status == 0 && run.output == "ordinary.graft::s\n")
    // One that is named is run.
    #expect(try folder.run(["run", "course/2-true/exercise.graft"]).status == 4)
  }
}
