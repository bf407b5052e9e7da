import Diagnostics
import Execution
import Testing

/// What a run would come to say for certain is said before it, unless the text expects it.
@Suite struct ForeseenTests {
  private static func text(_ body: String, _ head: String = "") -> String {
    """
    kernel "4.4" { queue q; fn f() { work 1us }  syscall s() { wait q; f() } }
    patch fix { fn f() { work 2us } }
    program p { loop { s() } }
    scenario "x" \(head) {
        let ts = spawn 2 of p
        apply fix
        \(body)
        assert some(t in ts: t.alive)
    }
    """
  }

  /// What `graft check` says: a command is looked at while its scenario is lowered.
  private static func said(_ body: String) -> [Diagnostic] {
    let unit = ScenarioTexts.unit(text(body))
    return unit.diagnostics + unit.refusals
  }

  @Test(arguments: [
    ("$ cat /proc/versoin", "E0207", "did you mean `/proc/version`?"),
    ("$ grep Linux /proc/versoin", "E0207", "did you mean `/proc/version`?"),
    ("$ ls /sys/kernel/kgraf", "E0207", "did you mean `/sys/kernel/kgraft`?"),
    ("$ echo 1 > /sys/kernel/kgraft/in_progres", "E0207", "in_progress`?"),
    ("$ cat proc/version", "E0207", "write `/proc/version`"),
    ("$ cat /etc/passwd", "E0207", "`/proc`"),
    ("write \"/nope\", \"1\"", "E0207", "`/proc`"),
    ("write \"/sys/kernel/kgraft/in_progres\", \"1\"", "E0207", "in_progress`?"),
    ("print cat(\"sys/kernel/kgraft/in_progress\")", "E0207", "write `/sys/kernel/kgraft/in_pro"),
    ("print cat(\"\")", "E0207", "there is no such file"),
    ("$ cat -z /proc/version", "E0223", "invalid option -- 'z'"),
    ("$ grep", "E0223", "a pattern is missing"), ("$ kill", "E0223", "no process is named"),
    ("$ kill -FOO 1", "E0223", "invalid signal specification"),
    ("$ uname -z", "E0223", "invalid option -- 'z'"), ("$ uname x", "E0223", "extra operand 'x'"),
    ("$ kgr foo", "E0223", "unknown command 'foo'"), ("$ kgr -x status", "E0223", "option -- 'x'"),
    ("$ lsmod -x", "E0223", "no options"), ("$ ps -z", "E0223", "unsupported option"),
    ("$ zypper instal x", "E0223", "unknown command 'instal'"),
    ("$ rpm -z", "E0223", "invalid option"), ("$ sysctl", "E0223", "a name is missing"),
    ("$ reboot now", "E0223", "invalid argument 'now'"),
    ("print ts[2].pid", "E0308", "this is 2"),
    ("assert ts[0].state == \"sleeping\"", "E0207", "did you mean \"S\"?"),
    ("assert \"zombie\" != ts[0].state", "E0207", "did you mean \"Z\"?"),
    ("assert ts[0].state in [\"S\", \"blocked\"]", "E0207", "did you mean \"D\"?"),
  ])
  func isAnErrorOfTheCheck(_ body: String, _ code: String, _ words: String) {
    let found = Self.said(body)
    #expect(found.map(\.code.rawValue) == [code])
    let said = found.flatMap { [$0.message] + $0.labels.map(\.message) }
    #expect(said.contains { $0.contains(words) }, "\(said)")
  }

  @Test(arguments: [
    "$ cat /proc/versoin fails ENOENT", "$ kgr foo fails EINVAL", "$ kill fails EINVAL",
    "write \"/nope\", \"1\" fails ENOENT", "let r = $ uname -z\n    print r.status",
    "$ cat /proc/{ts[0].pid}/statsu", "$ cat /proc/100/status", "$ ls /proc/1*", "$ uname -r",
    "$ kgr -v blocking", "$ kill -0 1", "$ dmesg", "print transition.duration",
    "assert ts[0].state == \"S\"", "assert ts[0].state in [\"S\", \"R\"]", "print ts[1].pid",
  ])
  func isLeftAlone(_ body: String) {
    let found = Self.said(body)
    #expect(found.isEmpty, "\(found.map(\.message))")
  }

  @Test(arguments: [
    "$ dmesg", "report \"took\", transition.duration", "assert transition.longest_pause < 1s",
  ])
  func noSearchHasAnAnswer(_ body: String) {
    let found = ScenarioTexts.unit(Self.text(body, "in every schedule")).diagnostics
    #expect(found.map(\.code.rawValue) == ["E0227"])
  }
}
