import Graft
import Testing

@testable import REPL

/// What is undone is a state of the session, and not a statement that is run again from its
/// beginning.
@Suite struct UndoTests {
  private func looks(_ talk: Talk) -> [String] {
    ["ps", "story", "choices", "transition"].map { talk($0) } + ["\(talk.session.steps)"]
  }

  /// In the second round of a loop the operator stands where the first began.
  @Test func inTheMiddleOfALoop() {
    let talk = inWorld()
    talk("let all = spawn 3 of server\nrun 10ms\nfor t in all { print t.universe }\nback 2")
    let before = looks(talk)
    let said = talk("print \"here\"")
    #expect(said.contains("the operator leaves `for t in all") && said.contains("here"))
    #expect(!said.contains("run again"))
    talk("undo")
    #expect(looks(talk) == before)
    talk("finish")
    #expect(talk("story").components(separatedBy: "print t.universe").count == 4)
  }

  /// Who leaves a `sleep` for a statement and takes that back is asleep again.
  @Test(arguments: ["kept", "arbitrary"]) func inTheMiddleOfASleep(time: String) {
    let talk = inWorld()
    talk("time \(time)\nvar x = 0\nspawn server\nrun 1ms\nback 1")
    let before = looks(talk)
    talk("x = 7; wake packets")
    talk("undo")
    #expect(talk("x") == "7\n")
    talk("undo")
    #expect(looks(talk) == before)
    // With the step behind it an assignment stays, though a `sleep` was left for it.
    talk("x = 8\nstep 1\nback 1")
    #expect(talk("x") == "8\n")
  }

  /// A statement that is taken back by itself leaves nothing either.
  @Test func whatGoesWrongIsTakenBackWhole() {
    let talk = inWorld()
    talk("spawn server\nrun 1ms\nback 1")
    let before = looks(talk)
    talk("assert in_progress")
    #expect(looks(talk) == before)
  }

  /// Before a statement of the scenario's own the operator has a choice, and at a prompt's pause
  /// none: the numbers of the others are others, and they are the same.
  @Test func choicesKeepTheirMeaning() {
    let talk = inWorld()
    talk("scenario sleepers\ntime arbitrary\nnext\nstep 4\nback 1\nback 1")
    talk("goto #1\npick 1\npick 2\npick 1")
    let before = looks(talk)
    let said = talk("wake packets")
    #expect(!said.contains("run again"), "\(said)")
    talk("undo")
    #expect(looks(talk) == before)
  }

  /// Released for the next statement of a scenario, which others' turns come before, the operator
  /// does what is typed, and not what stands behind it.
  @Test func whatWasReleasedIsCalledBack() {
    let talk = inWorld()
    talk("scenario sleepers\ntime arbitrary\nvar x = 0\nlet all = spawn 2 of server\nnext\nundo")
    let before = looks(talk)
    talk("x = 5")
    #expect(talk("x") == "5\n" && talk("story").components(separatedBy: ">").count == 2)
    talk("undo")
    #expect(looks(talk) == before)
    talk("x = 6\nnext")
    #expect(talk("story").contains("spawn 2 of server") && !talk("story").contains("sleep"))
  }

  @Test func behindTheEndOfAScenario() {
    let talk = inWorld()
    talk("scenario sleepers\nfinish")
    let before = talk("story")
    #expect(talk("wake packets\nundo\nstory").hasSuffix(before))
    #expect(talk.session.end == .finished)
  }
}
