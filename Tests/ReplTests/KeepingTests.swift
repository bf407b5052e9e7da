import Graft
import REPL
import Testing

@Suite struct KeepingTests {
  @Test func nothingIsWrittenOverUnasked() {
    let talk = Talk(["mine.graft": "scenario \"mine\" { sleep 1ms }\n"])
    #expect(talk("save mine.graft").contains("is there already; `save --force mine.graft`"))
    #expect(talk("transcript mine.graft").contains("is there already"))
    #expect(talk.files["mine.graft"]?.contains("\"mine\"") == true)
    #expect(talk("save --force mine.graft").contains("written"))
    #expect(talk.files["mine.graft"]?.contains("sleep 1ms") == false)
  }

  @Test func pathsAreTakenAsAShellTakesThem() {
    let talk = Talk(["./a.graft": "scenario \"mine\" { sleep 1ms }\n"])
    #expect(talk("load ./a.graft").contains("scenario \"mine\""))
    talk("save \"with space.graft\"")
    #expect(talk.files["with space.graft"] != nil)
    #expect(talk("load ../nowhere.graft").contains("can't read ../nowhere.graft"))
  }

  /// What was seen becomes assertions, and the whole passes in a run of its own.
  @Test func aSavedSessionPasses() throws {
    let talk = inWorld()
    talk("let servers = spawn 2 of server\nrun 10ms\napply fix\nrun 1s")
    talk("count(t in servers: t.universe == old)\ncat /sys/kernel/kgraft/in_progress")
    talk("wake packets\nfinish\nservers[0].universe")
    #expect(talk("save kept.graft").contains("written"))
    let text = try #require(talk.files["kept.graft"])
    #expect(text.contains("assert count(t in servers: t.universe == old) == 2"))
    #expect(text.contains("assert servers[0].universe == new"))
    #expect(text.contains("assert cat(\"/sys/kernel/kgraft/in_progress\") == \"1\""))
    #expect(Self.outcome(of: text) == "passed")
  }

  @Test func waitingAtThePromptIsTimeThatPasses() throws {
    let talk = inWorld()
    talk("let t = spawn server\nstep 6\nlet u = spawn looper\nrun 1ms\nu.in_kernel\naccepted")
    talk("save kept.graft")
    let text = try #require(talk.files["kept.graft"])
    #expect(Self.outcome(of: text) == "passed")
  }

  @Test func whatWentWrongIsSavedAsAFailure() throws {
    let talk = inWorld()
    talk("let t = spawn server\nrun 1ms\nassert t.state == \"R\"")
    talk("save --failing kept.graft")
    let text = try #require(talk.files["kept.graft"])
    #expect(text.contains("assert t.state == \"R\""))
    #expect(Self.outcome(of: text) == "failed")
  }

  @Test func aTranscriptHoldsBothSides() throws {
    let talk = inWorld()
    talk("1 + 1\ntranscript t.txt")
    let text = try #require(talk.files["t.txt"])
    #expect(text.contains("graft> 1 + 1\n2\n"))
  }

  @Test func filesAreReadAgain() {
    let talk = inWorld()
    talk("spawn server\nrun 1ms")
    talk.files["world.graft"] = world.replacing(
      "wait packets", with: "wait packets uninterruptible")
    talk("reload")
    #expect(talk("ps").contains("100  D"))
  }

  /// A typing error in an editor is no reason to type everything again.
  @Test func whatWasEditedIsKeptUntilItIsTheSession() {
    let talk = inWorld()
    talk("let t = spawn server\nvar x = 1")
    #expect(talk("edit").contains("no editor"))
    talk.editor = { $0.replacing("var x = 1", with: "var x = = 2") }
    #expect(talk("edit").contains("your text is kept"))
    #expect(talk("x") == "1\n")
    var opened = ""
    talk.editor = {
      opened = $0
      return $0.replacing("= = 2", with: "= 2")
    }
    talk("edit")
    #expect(opened.contains("var x = = 2") && !opened.contains("assert not"))
    #expect(talk("x") == "2\n")
    talk.editor = { $0 }
    #expect(talk("edit").contains("nothing has changed"))
    // The file's scenario is still there to be started.
    #expect(talk("scenario").contains("let servers = spawn 2"))
  }

  static func outcome(of text: String) -> String {
    let unit = ScenarioUnit(path: "kept.graft", bytes: Array(text.utf8)) { _ in
      .failure(.init(reason: "none"))
    }
    guard let entry = unit.entries.last else { return "\(unit.diagnostics)" }
    let ready = unit.runnable(entry, breaking: [], everySchedule: false)
    guard let scenario = ready.scenario else { return "\(ready.diagnostics)" }
    switch ScenarioRunner(scenario, RunOptions()).run().outcome {
    case .passed: return "passed"
    case .failed: return "failed"
    case let other: return "\(other)"
    }
  }
}
