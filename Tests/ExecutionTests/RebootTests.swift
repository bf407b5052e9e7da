import Testing

/// What a reboot leaves, and what it doesn't.
@Suite struct RebootTests {
  static let kernel = """
    kernel "3.12.61-52-default" {
        queue packets
        var count in 0..9 = 0
        fn f() { return 0 }
        syscall recv() { wait packets; f() }
        syscall probe() { count = count + 1; return f() }
        kthread flusher { loop { sleep 10s; safe point } }
        module "ext4" at boot { on init { work 1us } }
        module "usb" { on init { work 1us } }
    }
    patch fix { package "kgraft-patch-default" version "1-1"; fn f() { return 1 } }
    program server { loop { recv() } }
    program prober { var got = 0; loop { got = probe(); work 1ms } }

    """

  private func holds(_ body: String, inEverySchedule: Bool = false) throws {
    let typed = try Typed(Self.kernel, body, inEverySchedule: inEverySchedule)
    #expect(typed.failure == nil, "\(body)")
  }

  @Test func tasksAndVariablesAreGone() throws {
    try holds(
      """
      let t = spawn prober
      sleep 3ms
      assert count > 0 and t.got == 0
      reboot
      assert not t.alive
      let u = spawn prober
      assert count == 0
      assert u.pid > t.pid
      let r = $ kill -0 {t.pid}
      assert r.status == 1
      assert ls("/proc/{u.pid}/task") == ["{u.pid}"]
      """)
  }

  @Test func modulesAreThoseOfTheBoot() throws {
    try holds(
      """
      $ insmod usb
      $ rmmod ext4
      assert "usb" in cat("/proc/modules") and not "ext4" in cat("/proc/modules")
      $ reboot
      assert not "usb" in cat("/proc/modules") and "ext4" in cat("/proc/modules")
      """)
  }

  /// The log, the taint and the time since the boot begin anew, the log with what the boot says.
  @Test func theKernelIsANewOne() throws {
    try holds(
      """
      $ zypper in kgraft-patch-default
      await not in_progress
      $ zypper rm kgraft-patch-default
      $ mkinitrd
      expect log "kgr succeeded"
      assert cat("/proc/sys/kernel/tainted") != "0"
      reboot
      assert cat("/proc/sys/kernel/tainted") == "0"
      let log = $ dmesg -t
      assert log.out == "kgr: successfully initialized"
      assert cat("/proc/uptime") == "60.00 120.00"
      """)
  }

  /// The boot inserts what the initrd has; `mkinitrd` makes it of what is installed.
  @Test func theInitrdRemembers() throws {
    try holds(
      """
      $ zypper in kgraft-patch-default
      await not in_progress
      $ zypper rm kgraft-patch-default
      reboot
      let first = $ kgr patches
      assert first.out == "kgraft_patch_1_1"
      assert not in_progress
      let t = spawn prober
      sleep 5ms
      assert t.got == 1
      $ mkinitrd
      reboot
      let second = $ kgr patches
      assert second.out == ""
      """)
  }

  /// Who goes down in the middle of a transition comes back with a whole one.
  @Test func inTheMiddleOfATransition() throws {
    try holds(
      """
      spawn server
      sleep 1ms
      $ zypper in kgraft-patch-default
      assert in_progress
      sleep 5s
      assert in_progress
      reboot
      assert not in_progress
      let r = $ kgr patches
      assert r.out == "kgraft_patch_1_1"
      """)
  }

  @Test func inEverySchedule() throws {
    try holds(
      """
      never mixed
      let t = spawn prober
      $ zypper in kgraft-patch-default
      await t.got == 1
      reboot
      assert not t.alive and count == 0
      let u = spawn prober
      await not in_progress
      await u.got == 1
      """, inEverySchedule: true)
  }

  /// `insmod` of a file puts nothing into the initrd.
  @Test func whatWasInsertedByHandIsForgotten() throws {
    try holds(
      """
      $ zypper in kgraft
      apply fix
      await not in_progress
      $ dracut -f
      reboot
      let r = $ kgr patches
      assert r.out == ""
      apply fix
      """)
  }

  @Test func refusals() throws {
    #expect(try Typed.status(of: "reboot now", Self.kernel) == "1")
    #expect(try Typed.status(of: "dracut", Self.kernel) == "1")
    let text = try Typed.output(
      of: "lsinitrd", Self.kernel, after: "$ zypper in kgraft-patch-default")
    #expect(
      text == """
        Image: /boot/initrd-3.12.61-52-default
        -rw-r--r--   1 root     root        20480 Jan  1  1970 \
        lib/modules/3.12.61-52-default/kgraft/kgraft_patch_1_1.ko

        """)
  }

  @Test func modinfoAndSysctl() throws {
    let expected = """
      filename:       /lib/modules/3.12.61-52-default/kgraft/kgraft_patch_1_1.ko
      license:        GPL
      depends:        \("")
      vermagic:       3.12.61-52-default SMP mod_unload modversions\("") \("")

      """
    let text = try Typed.output(
      of: "modinfo kgraft_patch_1_1", Self.kernel, after: "$ zypper in kgraft-patch-default")
    #expect(text == expected)
    #expect(try Typed.status(of: "modinfo nothing", Self.kernel) == "1")
    #expect(try Typed.output(of: "sysctl -n kernel.tainted", Self.kernel) == "0\n")
    #expect(
      try Typed.output(of: "sysctl kernel.tainted", Self.kernel) == "kernel.tainted = 0\n")
    #expect(
      try Typed.output(of: "sysctl kernel.nothing", Self.kernel)
        == "sysctl: cannot stat /proc/sys/kernel/nothing: No such file or directory\n")
    #expect(try Typed.status(of: "sysctl kernel.nothing", Self.kernel) == "255")
  }
}
