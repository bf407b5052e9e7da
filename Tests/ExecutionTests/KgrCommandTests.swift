import Testing

/// `kgr` of the package `kgraft`: formats and exit statuses of its manual page and of SUSE's notes.
@Suite struct KgrCommandTests {
  static func kernel(_ release: String, more: String = "") -> String {
    """
    kernel "\(release)" {
        queue packets
        fn f() { return 1 }
        syscall recv() { wait packets; f() }
        \(more)
    }
    patch first { package "kgraft-patch-3_12_61-52-default" version "1-2.1"; replaces all
      fn f() { return 1 } }
    patch second { package "kgraft-patch-3_12_61-52-default" version "2-2.1"; replaces all
      fixes "CVE-2016-8666", "CVE-2016-6480", "bsc#1001487"
      fn f() { return 2 } }
    patch plain { fn f() { return 3 } }
    program server { loop { recv() } }
    program pair { thread server; loop { recv() } }
    program parent { fork { recv() }; sleep 300s; reap }

    """
  }

  static let old = kernel("3.12.61-52-default")
  /// `kgr` comes with the first package, or alone.
  static let tools = "$ zypper -n in kgraft\n"
  /// With a thread that nothing moves.
  static let stuck = kernel("3.12.61-52-default", more: "kthread vendor { loop { wait packets } }")

  private func output(_ command: String, after before: String = "") throws -> String {
    try Typed.output(of: command, Self.old, after: Self.tools + before)
  }

  @Test func statusAndCheck() throws {
    #expect(try output("kgr status") == "ready\n")
    #expect(try Typed.status(of: "kgr check", Self.old, after: Self.tools) == "0")
    let before = "spawn server\nsleep 1ms\napply plain"
    #expect(try output("kgr status", after: before) == "in_progress\n")
    #expect(try Typed.status(of: "kgr check", Self.old, after: Self.tools + before) == "1")
    #expect(try output("kgr check", after: before) == "")
    let failure = try Typed(Self.old, Self.tools + before + "\n$ kgr check").failure
    #expect(failure?.hasSuffix("ended with exit status 1") == true)
  }

  @Test func patches() throws {
    #expect(try output("kgr patches") == "")
    let package = "kgraft-patch-3_12_61-52-default"
    let first = "$ zypper in \(package)=1\nawait not in_progress"
    let before = first + "\n$ zypper up\nawait not in_progress"
    #expect(
      try output("kgr patches", after: before) == "kgraft_patch_1_2_1\nkgraft_patch_2_2_1\n")
    #expect(
      try output("kgr -v patches", after: before) == """
        kgraft_patch_1_2_1
            active: 0

        kgraft_patch_2_2_1
            active: 1
            RPM: kgraft-patch-3_12_61-52-default-2-2.1.x86_64
            CVE: CVE-2016-8666 CVE-2016-6480
            bug fixes and enhancements: bsc#1001487

        """)
    #expect(
      try output("kgr -v patches", after: first) == """
        kgraft_patch_1_2_1
            active: 1
            RPM: kgraft-patch-3_12_61-52-default-1-2.1.x86_64
            CVE: (none - this is an initial kGraft patch)
            bug fixes and enhancements: (none)

        """)
    // Whose package is gone, and who never had one.
    let gone = first + "\n$ zypper rm \(package)"
    #expect(try output("kgr -v patches", after: gone).contains("RPM: (none)"))
    #expect(try output("kgr -v patches", after: "apply plain").contains("RPM: (none)"))
  }

  /// Without its package it is nowhere, whatever is asked for later.
  @Test func itComesWithItsPackage() throws {
    for later in ["", "\n$ zypper se kgraft"] {
      let typed = try Typed(Self.old, "apply first\n$ kgr status fails ENOENT" + later)
      #expect(typed.failure == nil)
      #expect(typed.outputs.first == "-bash: kgr: command not found\n")
    }
    let plain =
      "kernel \"3.12.61-52-default\" { fn f() { return 1 } }\npatch p { fn f() { return 2 } }\n"
    let typed = try Typed(
      plain, "apply p\n$ kgr status\n$ rpm -q kgraft\n$ zypper rm kgraft\n$ kgr status fails ENOENT"
    )
    #expect(typed.failure == nil)
  }

  @Test func blocking() throws {
    #expect(try output("kgr blocking") == "")
    #expect(try output("kgr -v blocking") == "no processes with kgr_in_progress set\n")
    func shown(_ command: String) throws -> String {
      try Typed.output(
        of: command, Self.stuck, after: Self.tools + "spawn server\nsleep 1ms\napply plain")
    }
    #expect(try shown("kgr blocking") == "10\n100\n")
    #expect(try shown("kgr -v blocking") == "10 [vendor]\n100 server\n")
    let lines = try shown("kgr -vv blocking").split(separator: "\n")
    #expect(lines[0] == "10 [vendor]" && lines.contains("100 server"))
    #expect(lines.last == "  [<ffffffffffffffff>] 0xffffffffffffffff")
    #expect(lines.contains { $0.hasPrefix("  [<ffffffff") && $0.contains(">] recv+0x") })
  }

  /// bnc#1008979: a zombie stands there by its name in brackets, deep in `do_exit`.
  @Test func aZombieIsShown() throws {
    let text = try Typed.output(
      of: "kgr -vv blocking", Self.old,
      after: Self.tools + "spawn parent\nsleep 1ms\n$ kill -KILL 101\nsleep 1ms\napply plain")
    #expect(text.contains("101 [parent]\n  [<"))
    #expect(text.contains("] do_exit+0x"))
  }

  /// From 4.4 on every thread is marked.
  @Test func blockingThreads() throws {
    let current = Self.kernel("4.4.21-69-default")
    let before = Self.tools + "spawn pair\nsleep 1ms\napply plain"
    #expect(
      try Typed.output(of: "kgr blocking_threads", current, after: before)
        == "  100   100\n  100   101\n")
    #expect(
      try Typed.output(of: "kgr -v blocking_threads", current, after: before)
        == "  100   100 pair\n  100   101 server\n")
  }

  /// STOP, 0.1 s, CONT, one process after the other: two take 0.2 s, and the transition ends with
  /// the next look, at 2 s. A kernel thread does not care.
  @Test func poke() throws {
    let typed = try Typed(
      Self.stuck,
      """
      $ zypper in kgraft
      let servers = spawn 2 of server
      sleep 1s
      apply plain
      let r = $ kgr -v poke
      print r.out
      assert r.status == 0
      print cat("/proc/uptime")
      sleep 1ms
      assert count(t in servers: t.universe == new) == 2
      assert every(t in servers: t.state == "S")
      """)
    #expect(typed.failure == nil)
    #expect(
      typed.printed.first
        == "sending 10 STOP/CONT\nsending 100 STOP/CONT\nsending 101 STOP/CONT")
    #expect(typed.printed.last?.hasPrefix("1.30 ") == true)
  }

  /// Others step between its deeds: in some schedules everybody has migrated, in none before.
  @Test func pokeIsSearched() throws {
    let typed = try Typed(
      Self.old,
      """
      $ zypper in kgraft
      let t = spawn server
      await t.state == "S"
      apply plain
      reach t.universe == new
      $ kgr poke
      await t.universe == new
      """, inEverySchedule: true)
    #expect(typed.failure == nil)
  }

  @Test func usage() throws {
    #expect(try output("kgr -h").hasPrefix("Usage: kgr [-hv] COMMAND\n"))
    #expect(try Typed.status(of: "kgr -h", Self.old, after: Self.tools) == "0")
    #expect(try Typed.status(of: "kgr", Self.old, after: Self.tools) == "1")
    #expect(try output("kgr foo").hasPrefix("kgr: unknown command 'foo'\nUsage: kgr"))
    #expect(try output("kgr -x status").hasPrefix("kgr: invalid option -- 'x'\nUsage: kgr"))
  }
}
