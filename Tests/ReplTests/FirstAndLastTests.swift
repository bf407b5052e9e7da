import Graft
import Testing

@testable import REPL

/// What is typed where a scenario has not begun, and where it is over.
@Suite struct FirstAndLastTests {
  private static let text = """
    kernel "3.12.61-52-default" {
        fn f() { work 1us }
        syscall g() { f() }
        kthread kt { loop { f(); sleep 1ms } }
    }
    patch fix { fn f() { work 2us } }
    program caller { loop { sleep 1ms; g() } }
    scenario "plain spawn" { machine { cpus 3 }
        spawn caller
        apply fix
    }
    scenario "request" { machine { cpus 3 }
        apply fix
    }
    """

  private func begin(_ scenario: String) -> Talk {
    let talk = Talk(["two.graft": Self.text])
    talk("load two.graft\nscenario \(scenario)")
    return talk
  }

  /// `machine` stands before everything else, and is no statement that the operator does.
  @Test(arguments: ["plain spawn", "request"])
  func whatIsTypedBehindMachineIsDone(_ scenario: String) {
    let talk = begin(scenario)
    #expect(talk("print \"a\"").contains("a\n"))
    let said = talk("assert in_progress")
    #expect(said.contains("taken back"), "\(said)")
    #expect(talk.verdict == .failed)
    #expect(!talk("next").contains("E1001"))
  }

  @Test(arguments: ["plain spawn", "request"])
  func aFirstStepIsKept(_ scenario: String) {
    let talk = begin(scenario)
    let said = talk("save kept.graft")
    #expect(talk.files["kept.graft"]?.contains("machine { cpus 3 }") == true, "\(said)")
  }

  /// The last step is taken back for it, and what it tells is told.
  @Test func whatIsTypedBehindTheEndIsTold() {
    let talk = begin("plain spawn")
    talk("finish")
    #expect(talk("print \"a\"").contains("a\n"))
    #expect(talk("story").contains("a\n"))
    let before = talk.session.now
    talk("finish\nrun 5s")
    #expect(talk.session.now >= before + 5_000_000_000)
  }

  /// Behind a statement of one's own the scenario goes on, and is what can happen next.
  @Test(arguments: ["plain spawn", "request"])
  func theScenarioGoesOnBehindWhatIsTyped(_ scenario: String) {
    let talk = begin(scenario)
    talk("print \"a\"")
    #expect(!talk("choices").contains("nothing can happen"))
    let before = talk.session.now
    talk("run 3ms")
    #expect(talk.session.now == before + 3_000_000)
    #expect(!talk("step").contains("wait for ever"))
    #expect(talk.session.end == nil && talk.verdict == .good)
  }

  @Test func whatWasUndoneBehindTheEndComesBack() {
    let talk = begin("plain spawn")
    talk("finish\nsleep 5s")
    let before = (talk.session.now, talk("story"))
    talk("undo")
    #expect(talk.session.end == .finished)
    #expect(!talk("forward").contains("another way"))
    #expect(talk.session.now == before.0)
    #expect(talk("story") == before.1)
  }

  /// Threads are born before the first step: who goes back to that keeps their lanes.
  @Test func theBeginningIsToldAgain() {
    let talk = Talk(["two.graft": Self.text])
    talk("load two.graft")
    let before = talk("timeline")
    talk("step 3\nback 3")
    #expect(talk("timeline") == before)
    talk("run 50ms")
    #expect(talk("timeline").contains("kt:10"))
  }
}
