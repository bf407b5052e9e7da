import Testing

/// Files about no single task, directories, and what the kernel says to a write.
@Suite struct SystemFileTests {
  static let kernel = """
    kernel "4.4.21-69-default" {
        fn f() { return 1 }
        syscall probe() { f() }
        module "ext4" at boot { syscall sync() { f() } }
        module "nf-tables" { syscall rules() { f() } }
    }
    patch fix { package "kgraft-patch-4_4_21-69-default" version "2-2.1"; fn f() { return 2 } }

    """

  /// `m_show`: name, size, references, users, state, address, and the taint of a patch.
  @Test func modules() throws {
    let before = "$ insmod nf-tables.ko\napply fix"
    #expect(
      try Typed.output(of: "cat /proc/modules", Self.kernel, after: before) == """
        kgraft_patch_2_2_1 20480 1 - Live 0xffffffffa0200000 (K)
        nf_tables 20480 0 - Live 0xffffffffa0100000
        ext4 20480 0 - Live 0xffffffffa0000000

        """)
    #expect(
      try Typed.output(of: "cat /proc/modules", Self.kernel)
        == "ext4 20480 0 - Live 0xffffffffa0000000\n")
  }

  @Test func ofOneModule() throws {
    let typed = try Typed(
      Self.kernel,
      """
      apply fix
      assert cat("/sys/module/kgraft_patch_2_2_1/refcnt") == "1"
      assert cat("/sys/module/kgraft_patch_2_2_1/taint") == "K"
      assert cat("/sys/module/kgraft_patch_2_2_1/initstate") == "live"
      assert cat("/sys/module/ext4/taint") == "" and cat("/sys/module/ext4/refcnt") == "0"
      assert cat("/sys/kernel/kgraft/fix/owner/refcnt") == "1"
      assert ls("/sys/module") == ["ext4", "kgraft_patch_2_2_1"]
      assert ls("/sys/module/ext4") == ["coresize", "initstate", "refcnt", "taint"]
      cat("/sys/module/nf_tables/refcnt") fails ENOENT
      write "/sys/module/ext4/refcnt", "0" fails EACCES
      """)
    #expect(typed.failure == nil)
  }

  /// 10.5 s since the boot, and two CPUs that had nothing to do.
  @Test func uptime() throws {
    #expect(
      try Typed.output(of: "cat /proc/uptime", Self.kernel, after: "sleep 10500ms")
        == "10.50 21.00\n")
  }

  @Test func aSearchHasNoUptime() throws {
    for body in ["print cat(\"/proc/uptime\")", "$ cat /proc/uptime", "$ grep 1 /proc/uptime"] {
      let typed = try Typed(Self.kernel, body, inEverySchedule: true)
      #expect(typed.failure?.hasPrefix("E1107") == true, "\(body): \(typed.failure ?? "-")")
    }
  }

  @Test func bootLine() throws {
    #expect(
      try Typed.output(of: "cat /proc/cmdline", Self.kernel)
        == "BOOT_IMAGE=/boot/vmlinuz-4.4.21-69-default root=/dev/sda2 splash=silent quiet "
        + "showopts\n")
  }

  @Test func directoriesList() throws {
    let typed = try Typed(
      Self.kernel + "program p { loop { work 1ms } }",
      """
      let t = spawn p
      assert ls("/") == ["boot", "lib", "proc", "sys", "usr"]
      assert ls("/proc") == ["1", "100", "2", "cmdline", "modules", "sys", "uptime", "version"]
      assert ls("/proc/{t.pid}") == ["cmdline", "comm", "kgr_in_progress", "stack", "stat",
                                     "status", "task", "wchan"]
      assert ls("/sys/kernel/kgraft") == ["force_load_module", "in_progress"]
      apply fix
      assert ls("/sys/kernel/kgraft") == ["fix", "force_load_module", "in_progress"]
      assert ls("/sys/kernel/kgraft/fix") == ["owner", "refs", "replace_all", "revert", "state"]
      assert ls("/proc/version") == ["/proc/version"]
      assert ls("/proc/./100/../sys/kernel") == ["tainted"]
      ls("/proc/99") fails ENOENT
      ls("/proc/version/") fails ENOTDIR
      signal KILL, t
      await not t.alive
      ls("/proc/{t.pid}") fails ENOENT
      """)
    #expect(typed.failure == nil)
  }

  /// Modes of `fs/proc/base.c` and `kernel/kgraft_files.c`; links of a directory are itself, its
  /// entry and its subdirectories.
  @Test func longListings() throws {
    let program = "program p { loop { work 1ms } }"
    #expect(
      try Typed.output(of: "ls -l /proc/100", Self.kernel + program, after: "spawn p") == """
        total 0
        -r--r--r-- 1 root root 0 Jan  1 00:00 cmdline
        -rw-r--r-- 1 root root 0 Jan  1 00:00 comm
        -r--r--r-- 1 root root 0 Jan  1 00:00 kgr_in_progress
        -r-------- 1 root root 0 Jan  1 00:00 stack
        -r--r--r-- 1 root root 0 Jan  1 00:00 stat
        -r--r--r-- 1 root root 0 Jan  1 00:00 status
        dr-xr-xr-x 3 root root 0 Jan  1 00:00 task
        -r--r--r-- 1 root root 0 Jan  1 00:00 wchan

        """)
    #expect(
      try Typed.output(of: "ls -l /sys/kernel/kgraft/fix", Self.kernel, after: "apply fix") == """
        total 0
        lrwxrwxrwx 1 root root    0 Jan  1 00:00 owner -> ../../../module/kgraft_patch_2_2_1
        -r--r--r-- 1 root root 4096 Jan  1 00:00 refs
        -r--r--r-- 1 root root 4096 Jan  1 00:00 replace_all
        --w------- 1 root root 4096 Jan  1 00:00 revert
        -r--r--r-- 1 root root 4096 Jan  1 00:00 state

        """)
    #expect(
      try Typed.output(of: "ls -ld /proc/version /sys/module", Self.kernel) == """
        -r--r--r-- 1 root root 0 Jan  1 00:00 /proc/version
        drwxr-xr-x 3 root root 0 Jan  1 00:00 /sys/module

        """)
  }

  /// Files of `/proc` without a `write` are EIO or, in a process's directory, EINVAL; `/sys` does
  /// not open what it can't write.
  @Test(arguments: [
    ("/proc/version", "EIO"), ("/proc/modules", "EIO"), ("/proc/cmdline", "EIO"),
    ("/proc/uptime", "EIO"), ("/proc/100/comm", "EINVAL"), ("/proc/100/stat", "EINVAL"),
    ("/proc/100/kgr_in_progress", "EINVAL"), ("/proc/sys/kernel/tainted", "EINVAL"),
    ("/lib/modules", "EISDIR"),
    ("/boot/initrd", "EROFS"), ("/sys/kernel/kgraft/nothing", "EACCES"),
    ("/sys/kernel/kgraft/fix/refs", "EACCES"), ("/sys/kernel/kgraft/fix/state", "EACCES"),
    ("/sys/kernel/kgraft/fix", "EISDIR"), ("/proc", "EISDIR"), ("/proc/99/comm", "ENOENT"),
    ("/sys/kernel/kgraft/in_progress", "EINVAL"), ("/proc/version/x", "ENOTDIR"),
    ("/sys/kernel/kgraft/force_load_module", "EINVAL"), ("/etc/passwd", "ENOENT"),
  ])
  func writesAreRefused(_ path: String, _ errno: String) throws {
    let typed = try Typed(
      Self.kernel + "program p { loop { work 1ms } }",
      "spawn p\napply fix\nwrite \"\(path)\", \"x\" fails \(errno)")
    #expect(typed.failure == nil)
  }

  @Test func onlyWritingIsNoReading() throws {
    let typed = try Typed(
      Self.kernel, "apply fix\ncat(\"/sys/kernel/kgraft/fix/revert\") fails EACCES")
    #expect(typed.failure == nil)
  }
}
