import REPL
import Testing

@Suite struct LanguageTests {
  @Test func aNameOfOnesOwnComesBeforeACommand() {
    let talk = inWorld()
    talk("let s = spawn server\nlet u = 3\nvar n = 4")
    #expect(talk("u") == "3\n")
    #expect(talk("n") == "4\n")
    #expect(talk("s").contains("server:"))
    // What stands behind it makes it a command again.
    #expect(!talk("s 2").contains("server:100\n"))
  }

  @Test func anExpressionIsEchoed() {
    let talk = Talk()
    #expect(talk("1 + 2") == "3\n")
    #expect(talk("10ms * 3") == "30ms\n")
    #expect(talk("in_progress") == "false\n")
  }

  @Test func declarationsAndStatementsGrowTheSession() {
    let talk = Talk()
    #expect(
      talk(
        """
        kernel "3.12.61-52-default" {
            queue bed
            syscall nap() { wait bed timeout 1ms }
        }
        """
      ).contains("ok"))
    talk("program sleeper { loop { nap() } }")
    #expect(talk("let t = spawn sleeper").contains("t = sleeper:100"))
    talk("run 500us")
    #expect(talk("t.state") == "S\n")
  }

  /// What was typed before is untouched by a mistake, and the carets stand under the mistake.
  @Test func aMistakeLosesNothing() {
    let talk = inWorld()
    talk("let t = spawn server\nrun 1ms")
    let said = talk("let u = spawn sever")
    #expect(said.contains("error[") && said.contains("prompt:1:15") && said.contains("^^^^^"))
    #expect(said.contains("server"))
    #expect(talk("t.state") == "S\n")
    #expect(talk.verdict == .source)
  }

  @Test func aFailedAssertionIsTakenBack() {
    let talk = inWorld()
    talk("let t = spawn server\nrun 1ms")
    let said = talk("assert t.state == \"R\"")
    #expect(said.contains("E1001") && said.contains("taken back"))
    #expect(talk.verdict == .failed)
    #expect(talk("run 1ms").contains("step"))
  }

  /// A script ends as `run` would: 4 for what is not so, 3 for what could not be done.
  @Test func aScriptsStatusIsThatOfARun() {
    let checking = inWorld()
    #expect(checking("check in_progress").contains("check"))
    #expect(checking.verdict == .failed)
    let refused = Talk([
      "r.graft": "patch p { fn f() {} } kernel \"4.4\" { fn f() { work 1us } }\n"
        + "scenario \"r\" { apply p; apply p }"
    ])
    refused("load r.graft\nscenario r")
    #expect(refused("finish").contains("E1004"))
    #expect(refused.verdict == .broken)
  }

  /// A shell goes on when a command is refused; the session notes that it was.
  @Test func aRefusedRequestIsNotedAsOne() {
    let talk = inWorld()
    talk("spawn server\nrun 1ms\napply fix")
    #expect(talk("apply other fails EAGAIN").contains("EAGAIN"))
    #expect(talk.verdict == .good)
    #expect(talk("apply other").contains("EAGAIN"))
    // As of a run of the same text.
    #expect(talk.verdict == .broken)
    talk("save s.graft")
    #expect(talk.files["s.graft"]?.contains("apply other fails EAGAIN") == true)
  }

  @Test func linesAreReadUntilTheyAreWhole() {
    #expect(Console.isIncomplete("scenario \"s\" {"))
    #expect(Console.isIncomplete("assert 1 =="))
    #expect(!Console.isIncomplete("assert 1 == 1"))
    #expect(!Console.isIncomplete("step 3"))
  }

  /// A name of one's own may be a command's.
  @Test func aCommandsNameCanBeAVariables() {
    let talk = Talk()
    talk("let step = 3")
    #expect(talk("step + 1") == "4\n")
  }

  @Test(arguments: [
    "}", "{", "\"", "\u{0}\u{1}\u{2}", "apply", "back -1", "back 99999999999999999999", "goto x",
    "pick", "pick 99", "fork", "switch nobody", "compare a b", "what if", "stack 7", "stack 1 +",
    "why nobody", "watch 1 +", "break when 3", "unwatch 9", "cat", "cat /nothing", "ls /nothing",
    "load nothing", "scenario nobody", "save", "run", "run 5", "until", "until 3", "step x",
    "help nothing", "history x", "timeline x", "time x", "ps by nothing", "$ nothing", "edit",
    "let x = 1 / 0", "spawn -1 of server", "await false within 1ms",
  ])
  func oddInputsHaveAnAnswer(text: String) {
    let talk = inWorld()
    talk("let servers = spawn 2 of server\nrun 1ms")
    #expect(!talk(text).isEmpty)
    #expect(talk("servers[0].state") == "S\n")
  }
}
