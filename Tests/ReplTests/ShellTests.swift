import Graft
import REPL
import Testing

/// What an administrator types at the prompt answers as a shell does: the command's own words, byte
/// for byte and whole, and its exit status; nothing is taken back for it.
@Suite struct ShellTests {
  fileprivate static let packaged = """
    kernel "3.12.61-52-default" {
        queue packets
        fn check() { return 0 }
        syscall recv() { wait packets; check() }
    }
    patch fix { package "kgraft-patch-default" version "2-1"; fn check() { return 1 } }
    patch again { package "kgraft-patch-default" version "3-1"; fn check() { return 2 } }
    program server { loop { recv() } }
    """

  private func session(_ text: String = packaged) -> Talk {
    let talk = Talk(["a.graft": text])
    talk("load a.graft")
    return talk
  }

  /// Messages and statuses of kmod, zypper and bash: no error of the language among them.
  @Test(arguments: [
    ("$ zypper in nothing", "No provider of 'nothing' found.\n", 104),
    ("$ insmod nothing.ko", "insmod: ERROR: could not load module nothing.ko: No such file", 1),
    ("$ rmmod nothing", "rmmod: ERROR: Module nothing is not currently loaded\n", 1),
    ("rmmod", "rmmod: ERROR: missing module name.\n", 1),
    ("modinfo -x fix", "modinfo: invalid option -- 'x'\n", 1),
    ("$ frobnicate", "-bash: frobnicate: command not found\n", 127),
    ("zypper in", "Too few arguments.", 3),
    ("kgr status", "-bash: kgr: command not found\n", 127),
    ("$ grep nothing /proc/version", "", 1),
  ])
  func commandsAnswerInTheirOwnWords(_ command: String, _ words: String, _ status: Int) {
    let talk = session()
    let said = talk(command)
    #expect(words.isEmpty || said.contains(words))
    #expect(said.contains("exit status \(status)\n"))
    #expect(!said.contains("error[") && !said.contains("taken back"))
    #expect(talk("$?") == "\(status)\n")
    #expect(talk("uname -r") == "3.12.61-52-default\n")
    #expect(talk("echo $?") == "0\n")
    #expect(talk.verdict == .good)
  }

  /// %post of the second fails, and leaves it installed: nothing undoes that.
  @Test func whatAFailedCommandHasDoneStays() throws {
    let talk = session()
    talk("spawn server\nrun 1ms")
    talk("zypper in kgraft-patch-default=2-1")
    #expect(talk("let c = $ kgr check").contains("c.status = 1\n"))
    #expect(talk("c.status") == "1\n")
    #expect(talk("kgr check") == "exit status 1\n")
    talk("wake packets\nrun 1ms")
    #expect(talk("zypper in kgraft-patch-default").contains("exit status 107\n"))
    #expect(talk("rpm -q kgraft-patch-default") == "kgraft-patch-default-3-1.x86_64\n")
    #expect(talk("for n in 1..2 { $ rmmod nothing_{n} }").contains("nothing_2 is not"))
    talk("save kept.graft")
    let text = try #require(talk.files["kept.graft"])
    #expect(text.contains("$ zypper in kgraft-patch-default fails EAGAIN\n"))
    #expect(text.contains("assert c.status == 1\n"))
    #expect(KeepingTests.outcome(of: text) == "passed")
  }

  /// Tabs, blank lines, and all of many lines.
  @Test func outputIsWhole() {
    let talk = session()
    talk("zypper in kgraft-patch-default=2-1\nrun 3s\nzypper in kgraft-patch-default\nrun 3s")
    let status = talk("$ cat /proc/1/status")
    #expect(status.hasPrefix("Name:\tsystemd\nState:\tS (sleeping)\n"))
    #expect(status.split(separator: "\n").count > 30 && !status.contains("more lines"))
    #expect(talk("cat /proc/1/status") == status)
    talk("spawn 60 of server")
    #expect(talk("ps -ef").split(separator: "\n").count == 63)
    let patches = talk("$ kgr -v patches")
    #expect(patches.contains("(none)\n\nkgraft_patch_3_1\n"))
    #expect(talk("let p = $ kgr -v patches") == patches + "p.status = 0\n")
    #expect(talk("p") == patches)
  }

  /// A file that was loaded is the same machine, whatever is typed first.
  @Test func aSessionIsTheMachineOfItsFile() {
    let scenario = """

      scenario "first" {
          $ rpm -q kgraft fails ENOENT
          $ kgr status fails ENOENT
          $ zypper install kgraft-patch-default
          $ kgr status
          $ zypper rm kgraft
          $ kgr status fails ENOENT
      }
      """
    let talk = session(Self.packaged + scenario)
    #expect(talk("rpm -qa") == "kernel-default-3.12.61-52.x86_64\n")
    talk("scenario first\nfinish")
    #expect(talk.verdict == .good)
  }

  /// One line that can't be done is a mistake of its own scenario.
  @Test func aMistakeOfOneScenarioIsNoneOfTheOthers() {
    let scenarios = "\nscenario \"a\" { $ rmmod nothing }\nscenario \"b\" { $ zypper search }\n"
    let unit = ScenarioUnit(path: "a.graft", bytes: Array((Self.packaged + scenarios).utf8)) { _ in
      .failure(.init(reason: "none"))
    }
    let ready = unit.entries.map {
      unit.runnable($0, breaking: [], everySchedule: false).scenario != nil
    }
    #expect(ready == [false, true])
    #expect(unit.refusals.map(\.code.rawValue) == ["E0222"])
  }
}
