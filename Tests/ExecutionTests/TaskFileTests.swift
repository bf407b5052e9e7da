import Testing

/// The files of a task's directory, whole: `fs/proc/array.c` and `fs/proc/base.c` of 3.12 and 4.4.
@Suite struct TaskFileTests {
  static func kernel(_ release: String) -> String {
    """
    kernel "\(release)" {
        queue packets
        fn f() { return 1 }
        fn pull() { wait packets; f() }
        syscall recv() { pull() }
        kthread flusher { loop { wait packets uninterruptible } }
        module "ext4" at boot { syscall sync() { wait packets; f() } }
    }
    patch fix { fn f() { return 2 } }
    program server { loop { recv() } }
    program burner { loop { work 1ms } }
    program syncer { loop { ext4::sync() } }
    program parent { fork { exit }; sleep 300s; reap }
    program deaf {
        ignore USR1
        on signal TERM { work 1us }
        loop { recv() }
    }
    program pair { thread server; loop { recv() } }

    """
  }

  static let old = kernel("3.12.61-52-default")
  static let current = kernel("4.4.21-69-default")

  /// Fifty-two fields. Known: 1 pid, 2 name, 3 state, 4 parent, 5 job, 6 session, 7 pts/0,
  /// 20 threads, 38 SIGCHLD. 9 are PF_RANDOMIZE and PF_USED_MATH, 23 and 24 a small program's
  /// memory, 35 the address that it sleeps at.
  @Test func statOfASleeper() throws {
    let typed = try Typed(
      Self.old, "let t = spawn server\nsleep 10ms\n$ cat /proc/100/stat\nprint t.state")
    let fields = try #require(typed.outputs.first).split(separator: " ").map(String.init)
    #expect(fields.count == 52)
    #expect(
      fields[..<34].joined(separator: " ")
        == "100 (server) S 1 100 50 34816 50 4202496 0 0 0 0 0 0 0 0 20 0 1 0 0 4235264 100 "
        + "18446744073709551615 4194304 4198400 140737488347136 0 0 0 0 0 0")
    #expect(fields[34] != "0")
    #expect(fields[35...].prefix(3).joined(separator: " ") == "0 0 17")
    #expect(fields[51] == "0\n")
  }

  /// No memory, no terminal, PF_KTHREAD, every signal ignored: the lower 31 bits of all ones.
  @Test func statOfAKernelThread() throws {
    let output = try Typed.output(of: "cat /proc/10/stat", Self.old, after: "sleep 10ms")
    let fields = output.split(separator: " ").map(String.init)
    #expect(fields.count == 52)
    #expect(
      fields[..<33].joined(separator: " ")
        == "10 (flusher) D 2 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 0 0 0 "
        + "18446744073709551615 0 0 0 0 0 0 0 2147483647")
  }

  @Test func statusOfASleeper() throws {
    let expected = """
      Name:\tserver
      State:\tS (sleeping)
      Tgid:\t100
      Pid:\t100
      PPid:\t1
      TracerPid:\t0
      Uid:\t0\t0\t0\t0
      Gid:\t0\t0\t0\t0
      FDSize:\t64
      Groups:\t0\u{20}
      VmPeak:\t    4136 kB
      VmSize:\t    4136 kB
      VmLck:\t       0 kB
      VmPin:\t       0 kB
      VmHWM:\t     400 kB
      VmRSS:\t     400 kB
      VmData:\t     160 kB
      VmStk:\t     132 kB
      VmExe:\t       4 kB
      VmLib:\t    1800 kB
      VmPTE:\t      28 kB
      VmSwap:\t       0 kB
      Threads:\t1
      SigQ:\t0/7823
      SigPnd:\t0000000000000000
      ShdPnd:\t0000000000000000
      SigBlk:\t0000000000000000
      SigIgn:\t0000000000000000
      SigCgt:\t0000000000000000
      CapInh:\t0000000000000000
      CapPrm:\t0000001fffffffff
      CapEff:\t0000001fffffffff
      CapBnd:\t0000001fffffffff
      Seccomp:\t0
      Cpus_allowed:\t3
      Cpus_allowed_list:\t0-1
      Mems_allowed:\t00000000,00000001
      Mems_allowed_list:\t0

      """
    let output = try Typed.output(
      of: "cat /proc/100/status", Self.old, after: "spawn server\nsleep 10ms")
    #expect(output == expected)
  }

  /// 4.4 has eight lines more: Ngid (3.13), the four of PID namespaces (4.1), VmPMD (4.0),
  /// HugetlbPages (4.4), CapAmb (4.3); and one capability more.
  @Test func statusOf44() throws {
    let output = try Typed.output(
      of: "cat /proc/100/status", Self.current, after: "spawn server\nsleep 10ms")
    let lines = output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    #expect(lines.count == 38 + 8 + 1)
    #expect(lines[3] == "Ngid:\t0")
    #expect(lines[11...14] == ["NStgid:\t100", "NSpid:\t100", "NSpgid:\t100", "NSsid:\t50"])
    for line in ["VmPMD:\t      12 kB", "HugetlbPages:\t       0 kB", "CapEff:\t0000003fffffffff"] {
      #expect(lines.contains(line))
    }
  }

  /// USR1 is number 10, so bit 9; TERM is 15, bit 14.
  @Test func statusShowsDispositions() throws {
    let output = try Typed.output(
      of: "grep '^Sig[IC]' /proc/100/status", Self.old, after: "spawn deaf\nsleep 10ms")
    #expect(output == "SigIgn:\t0000000000000200\nSigCgt:\t0000000000004000\n")
  }

  @Test func statesAreThoseOfTheKernel() throws {
    func state(_ pid: Int, _ before: String) throws -> String {
      try Typed.output(of: "grep State /proc/\(pid)/status", Self.old, after: before)
    }
    #expect(try state(100, "spawn burner\nsleep 10ms") == "State:\tR (running)\n")
    #expect(try state(10, "sleep 10ms") == "State:\tD (disk sleep)\n")
    let stopped = "let t = spawn server\nsleep 1ms\nsignal STOP, t\nsleep 1ms"
    #expect(try state(100, stopped) == "State:\tT (stopped)\n")
    #expect(try state(101, "spawn parent\nsleep 10ms") == "State:\tZ (zombie)\n")
    #expect(try state(1, "sleep 1ms") == "State:\tS (sleeping)\n")
  }

  /// The functions that it sleeps in, the newest first, and how it came into the kernel. A call
  /// returns into its function, so that no offset is 0 and each is below the size.
  @Test func stackOfASleeper() throws {
    let output = try Typed.output(
      of: "cat /proc/100/stack", Self.old, after: "spawn server\nsleep 10ms")
    let lines = output.split(separator: "\n").map(String.init)
    let names = lines.map { $0.split(separator: " ")[1].split(separator: "+")[0] }
    #expect(names == ["pull", "recv", "system_call_fastpath", "0xffffffffffffffff"])
    for line in lines.dropLast() {
      #expect(line.wholeMatch(of: /\[<ffffffff[0-9a-f]{8}>\] \w+\+0x[0-9a-f]+\/0x[0-9a-f]+/) != nil)
      let numbers = line.split(separator: "+")[1].split(separator: "/").map {
        Int($0.dropFirst(2), radix: 16) ?? 0
      }
      #expect(numbers[0] > 0 && numbers[0] < numbers[1])
    }
    #expect(lines.last == "[<ffffffffffffffff>] 0xffffffffffffffff")
  }

  @Test func stackOfOthers() throws {
    let end = "[<ffffffffffffffff>] 0xffffffffffffffff\n"
    func names(_ pid: Int, _ before: String) throws -> [String] {
      let output = try Typed.output(of: "cat /proc/\(pid)/stack", Self.current, after: before)
      #expect(output.hasSuffix(end))
      return output.split(separator: "\n").dropLast().map {
        String($0.split(separator: " ")[1].split(separator: "+")[0])
      }
    }
    #expect(try names(100, "spawn burner\nsleep 10ms").isEmpty)
    #expect(try names(10, "sleep 10ms") == ["flusher", "kthread", "ret_from_fork"])
    #expect(
      try names(101, "spawn parent\nsleep 10ms")
        == ["do_exit", "do_group_exit", "SyS_exit_group", "entry_SYSCALL_64_fastpath"])
    #expect(
      try names(100, "spawn parent\nsleep 10ms")
        == ["do_nanosleep", "hrtimer_nanosleep", "SyS_nanosleep", "entry_SYSCALL_64_fastpath"])
  }

  /// `%pB` says which module a function is of.
  @Test func stackNamesModules() throws {
    let output = try Typed.output(
      of: "grep sync /proc/100/stack", Self.old, after: "spawn syncer\nsleep 10ms")
    #expect(output.hasPrefix("[<ffffffffa0"))
    #expect(output.contains("] sync+0x"))
    #expect(output.hasSuffix(" [ext4]\n"))
  }

  /// A zero ends each argument. Kernel threads and zombies have none.
  @Test func commandLines() throws {
    let before = "spawn parent\nsleep 10ms"
    #expect(try Typed.output(of: "cat /proc/100/cmdline", Self.old, after: before) == "parent\0")
    #expect(try Typed.output(of: "cat /proc/101/cmdline", Self.old, after: before) == "")
    #expect(try Typed.output(of: "cat /proc/10/cmdline", Self.old, after: before) == "")
    #expect(try Typed.output(of: "cat /proc/2/comm", Self.old) == "kthreadd\n")
  }

  /// The process speaks for all its threads from 4.4 on; each thread for itself.
  @Test func threadsHaveTheirOwnDirectories() throws {
    let before = "let t = spawn pair\nsleep 10ms\napply fix"
    #expect(try Typed.output(of: "ls /proc/100/task", Self.current, after: before) == "100\n101\n")
    let cat = "cat /proc/100/kgr_in_progress /proc/100/task/101/kgr_in_progress"
    #expect(try Typed.output(of: cat, Self.current, after: before) == "1\n1\n")
    let status = try Typed.output(
      of: "grep -h '^[TP][gih]*[dr]*:' /proc/100/task/101/status", Self.current, after: before)
    #expect(status == "Tgid:\t100\nPid:\t101\n")
    #expect(
      try Typed.output(of: "ls /proc/100/task/101", Self.current, after: before)
        == "cmdline\ncomm\nkgr_in_progress\nstack\nstat\nstatus\nwchan\n")
    let wrong = "cat /proc/100/task/10/comm"
    #expect(
      try Typed.output(of: wrong, Self.current, after: before)
        == "cat: /proc/100/task/10/comm: No such file or directory\n")
  }

  /// What is read in a search is the same, and costs it nothing: no clock is asked.
  @Test func aSearchReadsThem() throws {
    let typed = try Typed(
      Self.old,
      """
      let t = spawn server
      await t.state == "S"
      assert "S (sleeping)" in cat("/proc/{t.pid}/status")
      assert "recv+" in cat("/proc/{t.pid}/stack")
      assert cat("/proc/{t.pid}/cmdline") == "server\\u{0}"
      $ grep -q 100 /proc/100/stat
      """, inEverySchedule: true)
    #expect(typed.failure == nil)
  }
}
