import Machine
import Testing

/// Several commands on a line: `|` between those that read each other, `;`, `&&` and `||` between
/// those that follow each other, as in bash.
@Suite("Pipes and lists of commands") struct PipeTests {
  static let kernel = """
    kernel "3.12.61-52-default" {
        queue packets
        fn f() { return 1 }
        syscall recv() { wait packets; f() }
        kthread flusher { loop { sleep 10s; safe point } }
        module "ext4" at boot { syscall sync() { f() } }
        module "xfs" at boot { syscall look() { f() } }
    }
    patch fix { fn f() { return 2 } }
    program server { loop { recv() } }

    """

  private func output(_ line: String, after before: String = "") throws -> String {
    try Typed.output(of: line, Self.kernel, after: before)
  }

  private func status(_ line: String, after before: String = "") throws -> String {
    try Typed.status(of: line, Self.kernel, after: before)
  }

  @Test func whatOnePrintsAnotherReads() throws {
    #expect(try output("lsmod | wc -l") == "3\n")
    #expect(try output("lsmod | grep ext4 | wc -l") == "1\n")
    #expect(try output("ls /proc | sort -rn | head -2", after: "spawn server") == "100\n10\n")
    #expect(try output("echo 'b a' | wc") == "      1       2       4\n")
    #expect(try output("ls /proc | tail -n 1") == "version\n")
    #expect(try output("ls /proc | tail -n +2 | head -n -3 | head -1") == "10\n")
    #expect(try output("echo a | cat") == "a\n")
    #expect(try output("echo a | grep -c a | uniq -c") == "      1 1\n")
    #expect(try output("echo '|;&&' | cat") == "|;&&\n")
  }

  /// A pipeline has the status of its last command.
  @Test func theLastOneCounts() throws {
    #expect(try status("lsmod | grep nothing") == "1")
    #expect(try status("cat /nothing | wc -l") == "0")
    #expect(try status("lsmod | nothing") == "127")
    #expect(try status("lsmod | reboot") == "2")
    #expect(try output("lsmod | uname -r") == "3.12.61-52-default\n")
  }

  /// Complaints are for the terminal, unless the line says otherwise.
  @Test func complaintsPassBy() throws {
    #expect(
      try output("cat /nothing | wc -l") == "cat: /nothing: No such file or directory\n0\n")
    #expect(try output("cat /nothing 2>&1 | wc -l") == "1\n")
    #expect(try output("cat /nothing 2>/dev/null | wc -l") == "0\n")
    #expect(try output("cat /nothing 2> /dev/null") == "")
    #expect(try output("lsmod >/dev/null") == "")
    #expect(try output("cat /nothing &>/dev/null") == "")
    #expect(try output("cat /nothing > /dev/null").hasPrefix("cat: /nothing:"))
    #expect(try status("cat /nothing 2>/dev/null") == "1")
  }

  @Test func oneAfterTheOther() throws {
    #expect(try status("cat /nothing; uname") == "0")
    #expect(try status("uname && cat /nothing") == "1")
    #expect(try status("cat /nothing || uname") == "0")
    #expect(try status("cat /nothing && uname || uname -r") == "0")
    #expect(try status("uname || cat /nothing") == "0")
    #expect(try status("uname ;") == "0")
    let typed = try Typed(
      Self.kernel,
      """
      let both = $ uname; cat /nothing 2>/dev/null; uname -m
      assert both.out == "Linux\\nx86_64"
      let one = $ cat /nothing 2>/dev/null && uname -m
      assert one.out == ""
      assert one.status == 1
      $ grep -q nothing /proc/version || echo 0 > /sys/kernel/kgraft/in_progress
      $ rmmod xfs && insmod xfs
      """)
    #expect(typed.failure == nil)
  }

  /// kmod goes on with the next one, and fails if one of them could not be removed.
  @Test func rmmodTakesSeveral() throws {
    let typed = try Typed(
      Self.kernel,
      """
      let r = $ rmmod ext4 fix xfs
      assert r.status == 1
      let left = $ lsmod | grep -c ext4
      assert left.out == "0"
      $ lsmod | grep xfs fails EINVAL
      """)
    #expect(typed.failure?.contains("status") == true)
    let fine = try Typed(
      Self.kernel, "$ rmmod ext4 xfs\nlet n = $ lsmod | wc -l\nassert n.out == \"1\"")
    #expect(fine.failure == nil)
  }

  @Test func programsByTheirPath() throws {
    #expect(try output("/usr/bin/kgr status") == "ready\n")
    #expect(try status("/sbin/lsmod") == "0")
    #expect(try output("/usr/bin/foo") == "-bash: /usr/bin/foo: No such file or directory\n")
    #expect(try output("which lsmod kgr") == "/sbin/lsmod\n/usr/bin/kgr\n")
    #expect(try status("which foo") == "1")
  }

  @Test func processesByTheirNames() throws {
    let typed = try Typed(
      Self.kernel,
      """
      spawn 2 of server
      let found = $ pgrep serv
      assert found.out == "100\\n101"
      let long = $ pgrep -l flusher
      assert long.out == "10 flusher"
      $ pkill -KILL serv
      sleep 1ms
      let none = $ pgrep server
      assert none.status == 1
      let gone = $ killall server
      assert gone.out == "server: no process found"
      assert gone.status == 1
      """)
    #expect(typed.failure == nil)
  }

  @Test(arguments: ["shutdown -r now", "systemctl reboot", "init 6", "uname && reboot"])
  func otherWordsForReboot(line: String) throws {
    let typed = try Typed(Self.kernel, "apply fix\n$ \(line)\n$ kgr patches | wc -l")
    #expect(typed.failure == nil)
    #expect(typed.outputs.last == "0\n")
  }

  /// What acts reads nothing, and a sign without its command is no line.
  @Test func whatIsNoLine() throws {
    let act = try status("uname | reboot")
    #expect(act == "2")
    #expect(throws: (any Error).self) { try output("uname &&") }
    #expect(throws: (any Error).self) { try output("| uname") }
    #expect(throws: (any Error).self) { try output("uname &") }
    #expect(throws: (any Error).self) { try output("uname > /proc/version") }
    #expect(throws: (any Error).self) { try output("uname 2>/proc/version") }
  }

  /// Others step between the commands of a line, and a search sees all of it.
  @Test func inEverySchedule() throws {
    let typed = try Typed(
      Self.kernel,
      """
      spawn server
      apply fix
      $ kgr status | grep -q in_progress && kgr poke || uname
      await not in_progress
      """, inEverySchedule: true)
    #expect(typed.failure == nil)
  }

  // MARK: The log

  /// One machine, one boot log, whether it was started by a scenario or by `reboot`.
  @Test(arguments: ["3.12", "4.4"]) func theFirstBootHasALog(generation: String) throws {
    let machine = "machine { patching kgraft \"\(generation)\" }\n"
    let typed = try Typed(
      Self.kernel + machine,
      """
      expect log "kgr: successfully initialized"
      let first = $ dmesg
      $ reboot
      let second = $ dmesg
      assert first.out == second.out
      assert first.out == "[    0.000000] kgr: successfully initialized"
      """)
    #expect(typed.failure == nil)
    let searched = try Typed(
      Self.kernel + machine, "expect log \"kgr: successfully initialized\"", inEverySchedule: true)
    #expect(searched.failure == nil)
  }

  @Test func theLogIsClearedAndDated() throws {
    let typed = try Typed(
      Self.kernel,
      """
      let dated = $ dmesg -T
      assert dated.out == "[Thu Jan  1 00:00:00 1970] kgr: successfully initialized"
      let read = $ dmesg -c
      assert read.out != ""
      let none = $ dmesg
      assert none.out == ""
      """)
    #expect(typed.failure == nil)
    #expect(try output("dmesg -w").hasSuffix("^C\n"))
  }
}
