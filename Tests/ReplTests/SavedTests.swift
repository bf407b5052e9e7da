import Foundation
import Graft
import REPL
import Testing

/// What is saved runs, and comes to the verdict that the session has.
@Suite struct SavedTests {
  private static let texts = """
    scenario "rows" for n in [1, 3] {
        let servers = spawn n of server
        sleep 1ms
        apply fix
        assert in_progress
        sleep 1ms
        wake packets
        await not in_progress within 5s
    }
    scenario "late" {
        let t = spawn server
        sleep 1ms
        apply fix
        await not in_progress within 2s
        sleep 1s
    }
    scenario "doubts" {
        let t = spawn server
        sleep 1ms
        check not t.alive
        sleep 1ms
    }
    scenario "race" in every schedule {
        let t = spawn looper
        apply fix
        assert accepted < 1
    }
    scenario "claims" in every schedule {
        let t = spawn looper
        never accepted == 3
        apply fix
        await not in_progress
        assert accepted > 9
    }
    """

  private func session(_ scenario: String) -> Talk {
    let talk = inWorld(["more.graft": Self.texts])
    talk("load more.graft\nscenario \(scenario)")
    return talk
  }

  private func saved(_ talk: Talk, _ how: String = "save kept.graft") throws -> String {
    let said = talk(how)
    #expect(said.contains("written"), "\(said)")
    return try #require(talk.files["kept.graft"], "\(said)")
  }

  @Test func aRowOfAMatrix() throws {
    let talk = session("rows[n=3]")
    talk("next\nnext\nnext\ncount(t in servers: t.universe == old)")
    let text = try saved(talk)
    #expect(text.contains("for n in [3] {"))
    #expect(text.contains("== 3"))
    #expect(KeepingTests.outcome(of: text) == "passed")
    #expect(session("rows[n=7]")("where").isEmpty == false)
    #expect(talk("scenario rows[n=7]").contains("it has [n=1] [n=3]"))
  }

  /// The command that is told shows what it says: with the rules that were taken out.
  @Test func whatWasBrokenIsBrokenInTheCommandAsWell() {
    let talk = Talk(["world.graft": world], breaking: [.immutableWindow])
    talk("load world.graft\nspawn server\nrun 1ms")
    #expect(talk("save s.graft").contains("`graft run s.graft --break immutable-window`"))
  }

  /// An assignment is no step at a prompt, and one in a run of its own.
  @Test func aScheduleWithAssignmentsIsKept() throws {
    let talk = inWorld()
    talk("time arbitrary\nvar x = 0\nlet servers = spawn 2 of server\nstep 3\nx = 5\nstep 2")
    let text = try saved(talk)
    #expect(text.contains("var x = 0") && text.contains("x = 5"))
  }

  /// A function is traced in a session once some patch names it, and in a run once one is applied:
  /// its calls are steps here, and none there.
  @Test func callsOfWhatIsNotPatchedAreNoStepsOfARun() throws {
    let talk = inWorld()
    talk.files["twin.graft"] = world.replacing(
      "if check(length) { accepted", with: "twin(length)\n if check(length) { accepted"
    )
    .replacing("fn check(length) { work 2us", with: "fn twin(l) { }\n fn check(length) { work 2us")
    .replacing("patch other { fn check", with: "patch other { fn twin(l) { work 2us }\n fn check")
    talk("reset\nload twin.graft\ntime arbitrary\nspawn server\napply fix")
    talk("wake packets\nawait not in_progress")
    let text = try saved(talk)
    #expect(text.contains("assert not (in_progress)"))
  }

  /// A `sleep` that was left is no part of the text, nor are its steps of the schedule.
  @Test func aScheduleIsWithoutWhatWasLeft() throws {
    let talk = inWorld()
    talk("time arbitrary\nspawn server\nrun 1ms\nback 1\napply fix")
    let text = try saved(talk)
    #expect(text.contains("apply fix") && !text.contains("sleep"))
  }

  /// It was entered, and others had their turn first: nothing of it has been done.
  @Test func whatHasNotBegunIsNotKept() throws {
    let talk = inWorld()
    talk("time arbitrary\nspawn 2 of looper\nstep 3\ncheck in_progress\nback 1")
    let text = try saved(talk)
    #expect(!text.contains("check in_progress\n"))
  }

  /// Before its end, a counterexample is a session like any other.
  @Test func aCounterexampleIsKeptBeforeItsEnd() throws {
    let talk = session("race")
    talk("finish\nback 2")
    let said = talk("save kept.graft")
    #expect(said.contains("written to kept.graft: `graft run"), "\(said)")
  }

  /// What holds at the end is asserted at the end, behind claims that nobody sees begin.
  @Test func whatHoldsAtTheEndStandsAtTheEnd() throws {
    let talk = session("claims")
    talk("finish\nback 2\nin_progress")
    let text = try saved(talk)
    let kept = try #require(text.components(separatedBy: "scenario \"kept\"").last)
    let apply = try #require(kept.range(of: "apply fix"))
    let claims = kept.ranges(of: "assert ").map(\.lowerBound)
    #expect(!claims.isEmpty && claims.allSatisfy { $0 > apply.lowerBound }, "\(kept)")
  }

  /// What was asked between two of a scenario's statements stands between them.
  @Test func whatWasAskedStandsWhereItWasAsked() throws {
    let talk = session("late")
    talk("next\nnext\nin_progress\nnext\nin_progress")
    let lines = try saved(talk).split(separator: "\n").map(String.init)
    let place = try #require(lines.firstIndex { $0.contains("apply fix") })
    #expect(lines[place - 1].contains("assert not (in_progress)"))
    #expect(lines[place + 1].contains("assert in_progress"))
  }

  /// The operator stands in the middle of its waiting: so much of it has passed.
  @Test func aStatementThatIsUnderWay() throws {
    let talk = session("late")
    talk("next\nnext\nnext\nstep 40\nt.universe")
    let text = try saved(talk)
    #expect(!text.contains("await"))
    #expect(KeepingTests.outcome(of: text) == "passed")
  }

  @Test func anAwaitThatWasLeft() throws {
    let talk = session("late")
    talk("next\nnext\nnext\nrun 5ms\nsignal STOP, t\nrun 1ms\nt.universe")
    let text = try saved(talk)
    #expect(!text.contains("await") && text.contains("signal STOP, t"))
    #expect(text.contains("assert t.universe == new"))
    #expect(KeepingTests.outcome(of: text) == "passed")
  }

  @Test func aScenarioThatFails() throws {
    let talk = session("late")
    talk("finish")
    #expect(talk("save kept.graft").contains("it fails with E1002"))
    #expect(KeepingTests.outcome(of: try #require(talk.files["kept.graft"])) == "failed")
    let again = session("late")
    again("finish")
    #expect(KeepingTests.outcome(of: try saved(again, "save --failing kept.graft")) == "failed")
  }

  @Test func aCheckThatFails() throws {
    // In a scenario it is the verdict,
    let talk = session("doubts")
    talk("finish")
    #expect(KeepingTests.outcome(of: try saved(talk)) == "failed")
    // at the prompt an answer.
    let typed = inWorld()
    typed("let t = spawn server\nrun 1ms\ncheck not t.alive\nrun 1ms")
    let text = try saved(typed)
    #expect(text.contains("check not (not t.alive)"))
    #expect(KeepingTests.outcome(of: text) == "passed")
    #expect(
      KeepingTests.outcome(of: try saved(typed, "save --failing --force kept.graft")) == "failed")
  }

  /// Picks are no part of a text: it says so, and what holds only with them is left out.
  @Test func picks() throws {
    let talk = inWorld()
    talk("let all = spawn 2 of looper\npick 1\nall[1].in_kernel")
    #expect(talk("all[0].in_kernel") == "false\n")
    let said = talk("save kept.graft")
    #expect(said.contains("what was picked here is no part of the text"))
    #expect(said.contains("is left out"))
    #expect(KeepingTests.outcome(of: try #require(talk.files["kept.graft"])) == "passed")
  }

  /// A counterexample is saved with the command that shows it; unused patches make no steps there.
  @Test func aCounterexample() throws {
    let talk = inWorld(["more.graft": Self.texts])
    let all = world + "\n" + Self.texts
    let unit = ScenarioUnit(path: "all.graft", bytes: Array(all.utf8)) { _ in
      .failure(.init(reason: "none"))
    }
    let entry = try #require(unit.entries.first { $0.id.title == "race" })
    let scenario = try #require(
      unit.runnable(entry, breaking: [], everySchedule: true).scenario)
    let record = ScenarioRunner(scenario, RunOptions()).run()
    guard case .choices(let choices)? = record.schedule else {
      Issue.record("no counterexample: \(record.outcome)")
      return
    }
    talk.files["all.graft"] = all
    talk("reset\nload all.graft")
    let token = ReplayToken(textHash: scenario.textHash, choices: choices).text
    let said = talk("scenario race \(token)")
    #expect(said.contains("E1001") && !said.contains("another text"), "\(said)")
    let kept = talk("save --failing kept.graft")
    #expect(kept.contains("it fails with E1001") && kept.contains("--replay"), "\(kept)")
    let text = try #require(talk.files["kept.graft"])
    #expect(text.contains("in every schedule {"))
    #expect(KeepingTests.outcome(of: text) == "failed")
    // A token of another text is told to be one.
    let other = ReplayToken(textHash: scenario.textHash &+ 1, choices: choices).text
    #expect(talk("scenario race \(other)").contains("belongs to another text"))
  }

  /// Sessions of commands, saved: each runs and passes, and its kernel log is the session's.
  @Test(arguments: 0..<60)
  func randomSessions(seed: Int) throws {
    var random = Numbers(seed: UInt64(seed) &+ 7_000)
    let talk = inWorld()
    talk("let first = spawn server\nvar x = 0")
    let lines = [
      "spawn server", "spawn looper", "wake packets", "apply fix", "apply other", "run 1ms",
      "run 300us", "revert fix", "signal STOP, first", "signal CONT, first", "x = x + 1",
      "check in_progress", "in_progress", "first.state", "x", "count(t in [first]: t.alive)",
      "step 3", "step 40", "back 2", "back 1ms", "undo", "back until in_progress", "forward",
      "next", "pick 0", "finish", "until accepted >= 1 within 1ms", "$ kgr status",
    ]
    for _ in 0..<12 { talk(lines[random.below(lines.count)]) }
    let said = talk("save kept.graft")
    let text = try #require(talk.files["kept.graft"], "seed \(seed): \(said)")
    #expect(KeepingTests.outcome(of: text) == "passed", "seed \(seed)\n\(text)")
  }
}
