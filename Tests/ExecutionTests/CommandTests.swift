import Testing

/// What an administrator types, byte for byte, with exit statuses: the tools of SLES 12.
@Suite struct CommandTests {
  static let kernel = """
    kernel "3.12.61-52-default" {
        queue packets
        fn f() { return 1 }
        syscall recv() { wait packets; f() }
        kthread flusher { loop { sleep 10s; safe point } }
        module "ext4" at boot { syscall sync() { f() } }
    }
    patch fix { fn f() { return 2 } }
    program server { loop { recv() } }
    program parent { fork { exit }; sleep 300s; reap }
    program pair { thread server; loop { recv() } }

    """

  private func output(_ command: String, after before: String = "") throws -> String {
    try Typed.output(of: command, Self.kernel, after: before)
  }

  private func status(_ command: String, after before: String = "") throws -> String {
    try Typed.status(of: command, Self.kernel, after: before)
  }

  // MARK: Listing

  @Test func lsmod() throws {
    let expected = """
      Module                  Size  Used by
      kgraft_patch_fix       20480  1\u{20}
      ext4                   20480  0\u{20}

      """
    #expect(try output("lsmod", after: "apply fix") == expected)
  }

  @Test func psOfTheTerminal() throws {
    let expected = """
        PID TTY          TIME CMD
        100 pts/0    00:00:00 parent
        101 pts/0    00:00:00 parent <defunct>

      """
    #expect(try output("ps", after: "spawn parent\nsleep 1ms") == expected)
  }

  @Test func psOfAll() throws {
    let expected = """
      UID        PID  PPID  C STIME TTY          TIME CMD
      root         1     0  0 00:00 ?        00:00:00 systemd
      root         2     0  0 00:00 ?        00:00:00 [kthreadd]
      root        10     2  0 00:00 ?        00:00:00 [flusher]
      root       100     1  0 00:00 pts/0    00:00:00 parent
      root       101   100  0 00:00 pts/0    00:00:00 [parent] <defunct>

      """
    #expect(try output("ps -ef", after: "spawn parent\nsleep 1ms") == expected)
  }

  @Test func psAux() throws {
    let expected = """
      USER       PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND
      root         1  0.0  0.0   4136   400 ?        Ss   00:00   0:00 systemd
      root         2  0.0  0.0      0     0 ?        S    00:00   0:00 [kthreadd]
      root        10  0.0  0.0      0     0 ?        S    00:00   0:00 [flusher]
      root       100  0.0  0.0   4136   400 pts/0    Sl   00:00   0:00 pair

      """
    #expect(try output("ps aux", after: "spawn pair\nsleep 1ms") == expected)
  }

  @Test func psOfOne() throws {
    let before = "spawn server\nsleep 1ms"
    #expect(
      try output("ps -p 100", after: before)
        == "  PID TTY          TIME CMD\n  100 pts/0    00:00:00 server\n")
    #expect(try status("ps -p 99", after: before) == "1")
    #expect(try output("ps -Z").hasPrefix("error: unsupported option\n\nUsage:\n ps [options]\n"))
    #expect(try status("ps -Z") == "1")
  }

  /// Columns and choices of procps (`ps/output.c`); `-aux` is what `aux` is.
  @Test func psOfColumnsAndThreads() throws {
    let before = "spawn pair\nspawn parent\nsleep 1ms"
    #expect(
      try output("ps -eo pid,stat,comm", after: before) == """
          PID STAT COMMAND
            1 Ss   systemd
            2 S    kthreadd
           10 S    flusher
          100 Sl   pair
          101 S    parent
          103 Z    parent <defunct>

        """)
    #expect(
      try output("ps -C pair -o pid= -o comm=", after: before) == "  100 pair\n")
    #expect(
      try output("ps -C pair -o pid:8,stat:6,comm", after: before)
        == "     PID STAT   COMMAND\n     100 Sl     pair\n")
    #expect(
      try output("ps -Lo pid,lwp,comm -p 100", after: before)
        == "  PID   LWP COMMAND\n  100   100 pair\n  100   102 server\n")
    #expect(
      try output("ps -T -p 100", after: before)
        == "  PID  SPID TTY          TIME CMD\n  100   100 pts/0    00:00:00 pair\n"
        + "  100   102 pts/0    00:00:00 server\n")
    #expect(
      try output("ps 100", after: before)
        == "  PID TTY      STAT   TIME COMMAND\n  100 pts/0    Sl     0:00 pair\n")
    #expect(try output("ps -aux", after: before) == output("ps auxww", after: before))
    #expect(
      try output("ps -eLf", after: before).hasPrefix(
        "UID        PID  PPID   LWP  C NLWP STIME TTY          TIME CMD\n"))
    #expect(
      try output("ps -o nothing").hasPrefix(
        "error: unknown user-defined format specifier \"nothing\"\n\nUsage:\n"))
  }

  // MARK: The kernel

  @Test func uname() throws {
    #expect(try output("uname") == "Linux\n")
    #expect(try output("uname -r") == "3.12.61-52-default\n")
    let all = try output("uname -a")
    #expect(all.hasPrefix("Linux linux 3.12.61-52-default #1 SMP Thu Jan 1 00:00:00 UTC 1970 ("))
    #expect(all.hasSuffix(") x86_64 x86_64 x86_64 GNU/Linux\n"))
    #expect(
      try output("uname -z")
        == "uname: invalid option -- 'z'\nTry 'uname --help' for more information.\n")
  }

  /// A live patch of SUSE's replaces `uname(2)` too: the tag is there with it and goes with it.
  @Test func unameTellsOfTheLivePatch() throws {
    #expect(try output("uname -v").contains("kGraft-") == false)
    let tagged = try output("uname -v", after: "apply fix")
    #expect(tagged.wholeMatch(of: /#1 SMP .* \([0-9a-f]{7}\/kGraft-[0-9a-f]{7}\)\n/) != nil)
    let back = "apply fix\nawait not in_progress\nrevert fix\nawait not in_progress"
    #expect(try output("uname -v", after: back).contains("kGraft-") == false)
  }

  /// The log has the kernel's time in front of each line.
  @Test func dmesg() throws {
    let before = "sleep 1s\napply fix\nawait not in_progress"
    let lines = try output("dmesg", after: before).split(separator: "\n")
    #expect(lines.last?.wholeMatch(of: /\[    3\.\d{6}\] kgr succeeded/) != nil)
    let plain = try output("dmesg -t", after: before).split(separator: "\n")
    #expect(plain.count == lines.count && plain.last == "kgr succeeded")
    #expect(try output("dmesg") == "[    0.000000] kgr: successfully initialized\n")
  }

  @Test func aSearchKeepsNoLog() throws {
    // In the scenario itself it is known before the run.
    let look = Self.kernel + "\ndef look() { $ dmesg }\n"
    let typed = try Typed(look, "look()", inEverySchedule: true)
    #expect(typed.failure?.hasPrefix("E1109") == true)
  }

  // MARK: Reading and writing

  @Test func catSaysWhatItCannotRead() throws {
    let files = "/proc/sys/kernel/tainted /proc/99/comm /proc /proc/1/comm"
    #expect(
      try output("cat \(files)")
        == "0\ncat: /proc/99/comm: No such file or directory\ncat: /proc: Is a directory\n"
        + "systemd\n")
    #expect(try status("cat \(files)") == "1")
    #expect(try Typed(Self.kernel, "$ cat /proc/99/comm fails ENOENT").failure == nil)
    #expect(
      try output("cat -Q /proc/version")
        == "cat: invalid option -- 'Q'\nTry 'cat --help' for more information.\n")
  }

  @Test func lsSaysWhatIsNotThere() throws {
    #expect(
      try output("ls /proc/99 /proc/version")
        == "ls: cannot access /proc/99: No such file or directory\n/proc/version\n")
    #expect(try status("ls /proc/99") == "2")
    #expect(try output("ls") == "")
    #expect(
      try output("ls /sys/kernel /sys/module")
        == "/sys/kernel:\nkgraft\n\n/sys/module:\next4\n")
    #expect(
      try output("ls --colour")
        == "ls: unrecognized option '--colour'\nTry 'ls --help' for more information.\n")
  }

  /// What the manual asks for: the number in each process's file.
  @Test func patternsNameFiles() throws {
    let before = "spawn server\nspawn server\nsleep 1ms\napply fix\nsleep 10ms"
    #expect(
      try output("grep -l 1 /proc/[0-9]*/kgr_in_progress", after: before)
        == "/proc/100/kgr_in_progress\n/proc/101/kgr_in_progress\n")
    #expect(
      try output("cat /proc/1?/comm '/proc/1?/comm'", after: before)
        == "flusher\ncat: /proc/1?/comm: No such file or directory\n")
    #expect(
      try output("ls -d /proc/nothing*") == "ls: cannot access /proc/nothing*: "
        + "No such file or directory\n")
  }

  @Test func grep() throws {
    #expect(
      try output("grep -c S /proc/1/status /proc/2/status")
        == "/proc/1/status:13\n/proc/2/status:9\n")
    #expect(try output("grep -in '^name:.*D$' /proc/1/status") == "1:Name:\tsystemd\n")
    #expect(try status("grep nothing /proc/version") == "1")
    #expect(try status("grep Linux /proc/99/comm") == "2")
    #expect(
      try output("grep Linux /proc/99/comm /proc")
        == "grep: /proc/99/comm: No such file or directory\ngrep: /proc: Is a directory\n")
    #expect(try output("grep -v '[a-z]' /proc/sys/kernel/tainted") == "0\n")
    #expect(try output("grep -P x /proc/version").hasPrefix("grep: invalid option -- 'P'\nUsage:"))
    let typed = try Typed(Self.kernel, "$ grep nothing /proc/version")
    #expect(typed.failure?.hasPrefix("E1004") == true)
    #expect(typed.failure?.hasSuffix("ended with exit status 1") == true)
  }

  @Test func echoWrites() throws {
    #expect(try output("echo  a 'b  c'") == "a b  c\n")
    let dir = "/sys/kernel/kgraft"
    let before = "let t = spawn server\nsleep 1ms\napply fix"
    #expect(try status("echo 0 > \(dir)/in_progress", after: before) == "0")
    #expect(
      try output("echo 1 > \(dir)/in_progress", after: before)
        == "-bash: echo: write error: Invalid argument\n")
    #expect(
      try output("echo 1 >\(dir)/fix/refs", after: before)
        == "-bash: \(dir)/fix/refs: Permission denied\n")
    #expect(
      try output("echo 1 > \(dir)/nothing", after: before)
        == "-bash: \(dir)/nothing: No such file or directory\n")
    #expect(try output("echo 1 > \(dir)", after: before) == "-bash: \(dir): Is a directory\n")
    #expect(
      try output("echo -n 1 > \(dir)/fix/revert", after: before)
        == "-bash: echo: write error: Resource temporarily unavailable\n")
    let typed = try Typed(
      Self.kernel,
      """
      let t = spawn server
      sleep 1ms
      apply fix
      $ echo 0 > /sys/kernel/kgraft/in_progress
      await not in_progress within 4s
      $ echo x > /sys/kernel/kgraft/fix/revert
      assert in_progress
      $ echo 0 > /proc/99/comm fails ENOENT
      $ echo 1 > /sys/kernel/kgraft/force_load_module fails ENOENT
      """)
    #expect(typed.failure == nil)
  }

  /// From 4.4 on: 3.12 refuses no module.
  @Test func modulesAreForcedByWriting() throws {
    let typed = try Typed(
      Self.kernel + "machine { patching kgraft \"4.4\" }",
      """
      $ echo 1 > /sys/kernel/kgraft/force_load_module
      assert cat("/sys/kernel/kgraft/force_load_module") == "1"
      write "/sys/kernel/kgraft/force_load_module", "" fails EINVAL
      """)
    #expect(typed.failure == nil)
  }

  // MARK: Signals

  @Test func killSends() throws {
    let typed = try Typed(
      Self.kernel,
      """
      let t = spawn server
      let u = spawn server
      sleep 1ms
      $ kill -STOP {t.pid} {u.pid}
      sleep 1ms
      assert t.state == "T" and u.state == "T"
      $ kill -18 {t.pid}
      $ kill -s SIGCONT {u.pid}
      sleep 1ms
      assert t.state == "S" and u.state == "S"
      $ kill -0 {t.pid}
      $ kill {t.pid}
      await not t.alive within 1s
      $ kill -0 {t.pid} fails ESRCH
      $ kill {t.pid} {u.pid}
      $ kill -KILL 1
      """)
    #expect(typed.failure == nil)
  }

  /// The words of bash; one process that is there is enough for 0.
  @Test func killComplains() throws {
    #expect(try output("kill 99") == "-bash: kill: (99) - No such process\n")
    #expect(try status("kill 99") == "1")
    #expect(try status("kill -CONT 99 100", after: "spawn server") == "0")
    #expect(
      try output("kill -CONT 99 x 100", after: "spawn server")
        == "-bash: kill: (99) - No such process\n"
        + "-bash: kill: x: arguments must be process or job IDs\n")
    #expect(try output("kill -FOO 1") == "-bash: kill: FOO: invalid signal specification\n")
    #expect(try output("kill -s") == "-bash: kill: -s: option requires an argument\n")
    #expect(try output("kill").hasPrefix("kill: usage: kill [-s sigspec | -n signum"))
    #expect(try status("kill") == "2")
    #expect(try output("kill %1") == "-bash: kill: %1: no such job\n")
  }

  /// bash: five in a line, with tabs between.
  @Test func killLists() throws {
    let lines = try output("kill -l").split(separator: "\n")
    #expect(lines.first == " 1) SIGHUP\t 2) SIGINT\t 3) SIGQUIT\t 4) SIGILL\t 5) SIGTRAP")
    #expect(lines.last == "63) SIGRTMAX-1\t64) SIGRTMAX")
    #expect(try output("kill -l 9 stop SIGCONT") == "KILL\n19\n18\n")
    #expect(try status("kill -l FOO") == "1")
  }

  /// Who asks for what is not there is told so.
  @Test func operandsOfTheInitrdTools() throws {
    #expect(try output("lsinitrd /boot/nothing").hasPrefix("/boot/nothing does not exist\n"))
    #expect(try status("lsinitrd /boot/initrd-3.12.61-52-default") == "0")
    #expect(try output("mkinitrd foo").hasPrefix("Usage: mkinitrd"))
    #expect(try status("mkinitrd foo") == "1")
  }

  /// What the tools of kmod say to what they can't do anything with.
  @Test(arguments: [
    ("insmod", "insmod: ERROR: missing filename.\n"),
    ("rmmod", "rmmod: ERROR: missing module name.\n"),
    ("modprobe", "modprobe: ERROR: missing parameters. See -h.\n"),
    ("modinfo", "modinfo: ERROR: missing module or filename.\n"),
    ("rmmod -x fix", "rmmod: invalid option -- 'x'\n"),
    ("rmmod fix", "rmmod: ERROR: Module fix is not currently loaded\n"),
    ("modinfo -F license ext4", "GPL\n"),
    (
      "modprobe nothing",
      "modprobe: FATAL: Module nothing not found in directory /lib/modules/3.12.61-52-default\n"
    ),
    (
      "insmod /wrong/kgraft_patch_fix.ko",
      "insmod: ERROR: could not load module /wrong/kgraft_patch_fix.ko: "
        + "No such file or directory\n"
    ),
    (
      "insmod /proc/version",
      "insmod: ERROR: could not insert module /proc/version: Invalid module format\n"
    ),
  ])
  func modulesTools(_ command: String, _ expected: String) throws {
    #expect(try output(command) == expected)
  }

  /// Bits are added, and none is taken away (`proc_taint`).
  @Test func taintsAreAdded() throws {
    let typed = try Typed(
      Self.kernel,
      """
      $ echo 4 > /proc/sys/kernel/tainted
      write "/proc/sys/kernel/tainted", "1"
      assert cat("/proc/sys/kernel/tainted") == "5"
      $ echo x > /proc/sys/kernel/tainted fails EINVAL
      $ reboot
      assert cat("/proc/sys/kernel/tainted") == "0"
      """)
    #expect(typed.failure == nil)
  }

  /// sysfs of 3.12 says that there is no such file; 4.4, that none can be made (kernfs).
  @Test func nobodyMakesFilesInSys() throws {
    let path = "/sys/kernel/kgraft/new"
    #expect(
      try output("echo 0 > \(path)") == "-bash: \(path): No such file or directory\n")
    let current = Self.kernel.replacing("3.12.61-52-default", with: "4.4.21-69-default")
    #expect(
      try Typed.output(of: "echo 0 > \(path)", current) == "-bash: \(path): Permission denied\n")
  }

  /// Semantics 1.9: nothing is no 0; the shell's `echo -n` of nothing writes nothing.
  @Test func anEmptyWrite() throws {
    let typed = try Typed(
      Self.kernel,
      """
      write "/sys/kernel/kgraft/in_progress", "" fails EINVAL
      $ echo -n > /sys/kernel/kgraft/in_progress
      $ echo -n > /sys/kernel/kgraft fails EISDIR
      """)
    #expect(typed.failure == nil)
  }

  @Test func unknownCommandsAndSigns() throws {
    let typed = try Typed(
      Self.kernel,
      """
      let name = "foo"
      let r = $ {name} bar
      assert r.status == 127 and r.out == "-bash: foo: command not found"
      let line = "/proc/version & wc"
      let s = $ cat {line}
      assert s.status == 2
      print s.out
      """)
    #expect(typed.failure == nil)
    #expect(typed.printed == ["-bash: syntax error near unexpected token `&'"])
  }
}
