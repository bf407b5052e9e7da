import Graft
import Testing

@testable import REPL

/// What never comes is told, and a script ends as a run does.
@Suite struct NeverendingTests {
  /// Where everybody gets a turn, what comes next follows from the world: servers that are asleep
  /// leave it to the interrupts, and those come round.
  @Test(arguments: ["until in_progress", "apply fix\nfinish", "await in_progress within 10s"])
  func theSameSituationComesAgain(lines: String) {
    let talk = inWorld()
    talk("time arbitrary\nspawn server\nstep 20")
    let said = talk(lines)
    #expect(said.contains("E1008") && said.contains("comes again every"), "\(said)")
    #expect(talk.verdict == .failed)
    #expect(talk.session.end == nil)
  }

  /// A counter without bounds makes no two situations the same: there is a budget.
  @Test func whatChangesForEverHasABudget() throws {
    var text = SessionText()
    let counter =
      "kernel \"4.4.21\" { var n = 0; syscall up() { n = n + 1 } }\n"
      + "program counter { loop { up() } }"
    _ = text.load("count.graft", bytes: Array(counter.utf8)) { _ in
      .failure(.init(reason: "none"))
    }
    var limits = Limits.repl
    limits.steps = 20_000
    var session = try #require(
      LiveSession.start(text, time: .arbitrary, limits: limits).session)
    _ = session.enter("spawn counter")
    let entered = session.enter("await n < 0")
    guard case .left(.unanswered(steps: 1_000)) = entered.outcome else {
      Issue.record("\(entered.outcome) \(entered.diagnostics)")
      return
    }
    let isBack = session.isPaused()
    #expect(isBack)
  }

  @Test func whatNobodyCanDoAnyMore() {
    let talk = Talk()
    let said = talk("await in_progress within 1s\nvar x = 0\nawait x > 0 within 1s")
    #expect(said.contains("error[E10"), "\(said)")
    #expect(talk.verdict == .failed)
  }

  /// As a run, the prompt says at once that a request is never answered, and what it waits for.
  @Test func aRequestThatNeverReturns() {
    let talk = Talk([
      "spin.graft": """
      kernel "4.4.21-69-default" {
          fn f() { return 1 }
          syscall spin() { loop { work 1ms } }
      }
      machine { cpus 2 }
      patch fix { fn f() { return 2 } }
      program spinner { spin() }
      """
    ])
    talk("load spin.graft\nspawn spinner\nrun 10ms")
    let before = talk("story")
    let said = talk("apply fix")
    #expect(said.contains("E1009") && said.contains("it waits for CPU 0"), "\(said)")
    #expect(talk("story") == before)
    #expect(talk.verdict == .failed)
  }

  /// From inside a request of the operator's no other can be made; it was understood.
  @Test func insideARequest() {
    let talk = inWorld()
    talk("spawn server\nrun 1ms\napply fix\nback 3")
    let said = talk("wake packets")
    #expect(said.contains("the operator is inside `apply fix`") && said.contains("`pick N`"))
    #expect(talk.verdict == .broken)
  }
}
