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
    #expect(talk.worst == .good)
    #expect(talk.said.contains("that was the tour"))
  }
}
