import Foundation
import Testing

/// Who blocks a transition, and that it can't finish, as the command says it.
@Suite struct WhyCommandTests {
  private func run(_ scenario: String, _ command: String = "run") throws -> GraftProcess.Outcome {
    try GraftProcess.run(
      [command, "-"], input: Array((RunCommandTests.kernel + scenario).utf8))
  }

  @Test func anAwaitThatExpiresNamesWhoBlocks() throws {
    let run = try run(
      "scenario \"s\" { spawn 5 of server; sleep 1ms; apply fix; await not in_progress within 9s }")
    #expect(run.status == 4)
    #expect(run.output.contains("error[E1002]"))
    #expect(run.output.contains("= note: server:100 is in the old universe: asleep (S) on packets"))
    // `wait packets` of `recv`, and its call in `server`.
    #expect(run.output.contains("in recv (<stdin>:4:22), called from server (<stdin>:7:25)"))
    #expect(run.output.contains("= note: it would move by: waking packets; SIGSTOP"))
    #expect(run.output.contains("= note: and 2 more in the old universe"))
  }

  @Test func whyIsAFunctionOfTheOperator() throws {
    let run = try run("scenario \"s\" { let t = spawn server; sleep 1ms; apply fix; print why(t) }")
    #expect(run.status == 0)
    // Three sentences, each on a line of the story.
    #expect(run.output.contains("   it would move by: waking packets"))
    #expect(run.output.contains("   it would not by: SIGCONT"))
  }

  @Test func aStalledTransitionFailsWithItsLoop() throws {
    let run = try run(
      "scenario \"s\" { never stalled; spawn server; apply fix; await not in_progress }", "explore")
    #expect(run.status == 4)
    #expect(run.output.contains("SOMETIMES   never stalled"))
    #expect(run.output.contains("error[E1003]: `never stalled` does not hold"))
    #expect(run.output.contains("for ever, and nobody who could step is passed over"))
  }

  @Test func theWitnessOfAStallCanBeRepeated() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let text =
      RunCommandTests.kernel
      + "scenario \"s\" in every schedule { never stalled; spawn server; apply fix }\n"
    let file = try scratch.write("s.graft", text)
    let search = try GraftProcess.run(["run", file.path])
    let token = try #require(
      search.output.firstMatch(of: /= replay: .*--replay '?(k[0-9a-z.*-]+)/)?.1)
    let again = try GraftProcess.run(["run", file.path, "--replay", String(token)])
    #expect(again.status == 4)
    #expect(again.output.contains("`never stalled` does not hold"))
    #expect(again.output.contains("server:100 is in the old universe"))
  }
}
