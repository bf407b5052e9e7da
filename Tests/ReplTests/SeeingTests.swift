import Graft
import Testing

@testable import REPL

@Suite struct SeeingTests {
  private func migrating() -> Talk {
    let talk = inWorld()
    talk("let servers = spawn 2 of server\nspawn looper\nrun 10ms\napply fix\nrun 1ms")
    return talk
  }

  /// The servers sleep in recv, old; the looper has migrated at its next call.
  @Test func psShowsWhoIsWhere() {
    let talk = migrating()
    let lines = talk("ps").split(separator: "\n")
    #expect(lines.count == 4)
    #expect(lines[1].contains("100") && lines[1].contains("old") && lines[1].contains("packets"))
    #expect(lines[1].contains("recv"))
    #expect(talk("ps new").contains("looper") && !talk("ps new").contains("server"))
    #expect(talk("ps old").split(separator: "\n").count == 3)
  }

  @Test func functionsShowsBothUniverses() {
    let talk = migrating()
    let said = talk("functions")
    #expect(said.contains("check") && said.contains("slow") && said.contains("original"))
    #expect(said.contains("fix"))
    talk("wake packets\nfinish")
    #expect(talk("functions").contains("fast"))
    #expect(talk("patches").contains("applied"))
  }

  @Test func whyNamesTheSleepers() {
    let talk = migrating()
    #expect(talk("why").contains("server:100"))
    #expect(talk("why servers[0]").contains("waking packets"))
    #expect(talk("why 102").contains("blocks nothing"))
  }

  @Test func filesAreThere() {
    let talk = migrating()
    #expect(talk("cat /sys/kernel/kgraft/in_progress") == "1\n")
    #expect(talk("ls /sys/kernel/kgraft") == "fix\nin_progress\n")
    #expect(talk("ls /proc/100").contains("kgr_in_progress"))
    #expect(talk("cat /proc/100/kgr_in_progress") == "1\n")
  }

  @Test func viewsSayWhatThereIs() {
    let talk = migrating()
    #expect(talk("timeline").contains("server:100"))
    #expect(talk("stack servers[0]").contains("wait packets"))
    #expect(talk("transition").contains("1 of 3 migrated"))
    #expect(talk("properties").contains("never deadlock"))
    #expect(talk("story").contains("immutable window"))
    // 3.12 says nothing before the worker has looked for the first time, two seconds on.
    #expect(talk("dmesg").contains("empty"))
    talk("run 3s")
    #expect(talk("dmesg").contains("kgr still in progress after timeout"))
  }

  /// The lanes of the last while begin with how things stood when it began.
  @Test func timelineOfTheLastWhile() {
    let talk = inWorld()
    talk("let servers = spawn 2 of server\nrun 10ms\napply fix")
    func lane(_ name: String, _ text: String) -> Substring {
      text.split(separator: "\n").first { $0.hasPrefix(name) }?.split(separator: " ").last ?? ""
    }
    let recent = talk("timeline 5ms")
    #expect(lane("server:100", recent).allSatisfy { $0 == "z" }, "\(recent)")
    #expect(lane("transition", recent).hasPrefix(".") && lane("transition", recent).contains("w"))
    talk("run 1s")
    let later = talk("timeline 5ms")
    #expect(lane("transition", later) == "--" && lane("server:101", later) == "zz", "\(later)")
  }

  /// What is broken is not said to hold.
  @Test func propertiesSayWhatDoesNotHold() {
    let talk = inWorld([
      "n.graft": "scenario \"n\" { never accepted == 1; spawn looper; sleep 1ms }"
    ])
    talk("load n.graft\nscenario n\nfinish")
    let row = talk("properties").split(separator: "\n").first { $0.hasPrefix("never accepted") }
    #expect(row?.hasSuffix("does not hold") == true)
  }

  @Test func watchesTellChanges() {
    let talk = inWorld()
    talk("watch accepted\nspawn looper")
    #expect(talk("run 1ms").contains("accepted = 1"))
  }

  @Test func completionKnowsTheWorld() {
    let talk = migrating()
    #expect(talk.complete("wake ") == ["packets"])
    #expect(talk.complete("revert ") == ["fix"])
    #expect(talk.complete("apply ") == ["other"])
    #expect(talk.complete("signal STOP, ") == ["servers"])
    #expect(talk.complete("spawn 3 of lo") == ["looper"])
    #expect(talk.complete("timel") == ["timeline"])
    #expect(talk.complete("cat /sys/kernel/kgraft/in") == ["/sys/kernel/kgraft/in_progress"])
    talk("wake packets\nrun 1us")
    #expect(talk.complete("wake ") == [])
  }

  @Test func everyCommandsArgumentsAreCompleted() {
    let talk = migrating()
    talk("watch accepted\nfork other\nscenario \"a b\" { sleep 1ms }")
    #expect(talk.complete("functions ") == ["check"])
    #expect(talk.complete("ps by ").contains("since") && !talk.complete("ps by ").contains("D"))
    #expect(talk.complete("kgr ").contains("blocking_threads"))
    #expect(talk.complete("$ kg") == ["kgr"])
    #expect(talk.complete("kill ").contains("-STOP") && talk.complete("kill ").contains("100"))
    #expect(talk.complete("servers[0].").contains(".universe"))
    #expect(talk.complete("transition.d") == ["transition.duration"])
    #expect(talk.complete("time ") == ["arbitrary", "kept"])
    #expect(talk.complete("spawn 3 ") == ["of"])
    #expect(talk.complete("let x = spa") == ["spawn"])
    #expect(talk.complete("revert fix ") == ["fails"])
    #expect(talk.complete("unwatch ") == ["1"])
    #expect(talk.complete("switch ") == ["main"])
    #expect(talk.complete("compare ") == ["main", "other"])
    #expect(talk.complete("scenario \"a b") == ["\"a b\""])
    #expect(talk.complete("save --f").contains("--force"))
    #expect(talk.complete("help univ") == ["universes"])
    #expect(talk.complete("what if wake ") == ["packets"])
    #expect(!talk.complete("what if ").contains("history"))
    #expect(talk.complete("what if kgr ").contains("poke"))
  }

  /// Commands, topics, verbs, the shell's commands, codes: there is help on what is named.
  @Test(arguments: [
    "universe", "language", "the language", "keys", "editing", "commands", "E1003", "time",
    "patching", "files", "start", "prompt", "the prompt", "seeing", "keeping", "choosing", "kgr",
    "wake", "colours", "lessons", "paste",
  ])
  func thereIsHelp(on topic: String) {
    let said = Talk()("help \(topic)")
    #expect(!said.contains("no help on") && said.count > 30, "\(said)")
  }

  @Test func thereIsHelpOnEveryWordOfHelp() {
    let talk = Talk()
    for word in Console.helpWords.map(\.text) {
      #expect(!talk("help \(word)").contains("no help on"), "\(word)")
    }
    // Both things that are called so.
    #expect(talk("help time").contains("time kept | arbitrary"))
    #expect(talk("help time").contains("goto TIME"))
  }

  /// Words of other debuggers, and typing errors, are told what they are called here.
  @Test(arguments: [
    ("tmeline", "timeline"), ("histroy", "history"), ("bt", "stack"), ("info", "patches"),
    ("where", "stack"), (":q", "quit"), ("ps?", "help ps"), ("stpe 3", "step"), ("b", "break when"),
    ("!ls", "^Z"), ("redo", "forward"),
  ])
  func foreignWordsAreAnswered(word: String, advice: String) {
    #expect(Talk()(word).contains(advice))
  }

  @Test func whatIfTakesTheShellsCommands() {
    let talk = migrating()
    #expect(talk("what if kgr poke").contains("would be over"))
    #expect(talk("what if run 1s").contains("would still wait"))
    #expect(talk("what if step").contains("takes a statement"))
    #expect(talk("in_progress") == "true\n")
  }

  @Test func likeTasksAreExplainedTogether() {
    let said = migrating()("why")
    #expect(said.contains("server:100") && said.contains("server:101"))
    #expect(said.components(separatedBy: "it would move by").count == 2)
  }

  @Test func aComparisonSaysWhereTheWaysPart() {
    let talk = migrating()
    talk("fork poked\nwake packets\nfinish")
    let said = talk("compare main poked")
    #expect(said.contains("S old") && said.contains("new"))
    #expect(said.contains("old: original, new: fix"))
    #expect(said.contains("in poked alone: `wake packets`, `await not in_progress`"))
    #expect(said.contains("they part at step") && said.contains("poked: "))
  }

  /// Lines go on at a blank below their text; escape sequences take no room.
  @Test func longLinesGoOnBelow() {
    #expect(
      Wrapping.wrapped("    0.010031   the window closes; 3 tasks are old\nshort", width: 30)
        == "    0.010031   the window\n               closes; 3 tasks\n"
        + "               are old\nshort"
    )
    let bold = "\u{1b}[1mone two\u{1b}[0m"
    #expect(Wrapping.wrapped(bold, width: 7) == bold)
    #expect(Wrapping.wrapped("äöü äöü", width: 5) == "äöü\näöü")
    #expect(
      Wrapping.wrapped("  ^Z   stops it at once", width: 16) == "  ^Z   stops it\n       at once")
    #expect(Wrapping.wrapped("1234567890", width: 4) == "1234\n5678\n90")
    #expect(Wrapping.wrapped("12 | let x = 1 + 2 + 3", width: 10) == "12 | let x = 1 + 2 + 3")
  }

  /// Every command has a name of its own, and its usage begins with it.
  @Test func theTableIsWhole() {
    var seen: Set<String> = []
    for command in Command.all {
      for name in [command.name] + command.aliases {
        #expect(seen.insert(name).inserted, "\(name)")
      }
      #expect(command.usage.hasPrefix(command.name))
      #expect(!command.summary.isEmpty && !command.summary.hasSuffix("."))
    }
    let talk = Talk()
    let help = talk("help")
    for command in Command.all { #expect(help.contains(command.usage)) }
  }

  @Test func theTourRuns() {
    let talk = Talk()
    for _ in Tour.steps { talk("tour") }
    #expect(talk.verdict == .good)
    #expect(talk.said.contains("that was the tour"))
  }
}
