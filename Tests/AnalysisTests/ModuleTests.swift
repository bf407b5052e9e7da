import Machine
import Testing

/// Modules that come and go, from the text to the run.
@Suite struct ModuleTests {
  private static let kernel = """
    kernel "3.12" {
      var ticks in 0..9 = 0
      var started in 0..9 = 0
      module "ext4" {
        syscall sync() { work 10us; return 7 }
        on init { started = started + 1 }
        irq disk every 1ms { ticks = ticks + 1 }
      }
      module "bad" {
        syscall never() { return 1 }
        on init { return -ENODEV }
      }
      module "booted" at boot { on init { started = started + 4 } }
      module "vmlinux" { syscall odd() { return 1 } }
    }
    patch fix { package "kgraft-patch-x" version "2-1"; module "ext4" { syscall sync() { return 8 } } }
    patch plain { module "ext4" { syscall sync() { return 9 } } }
    program caller { var got = 0; got = ext4::sync(); loop { work 1ms } }
    program unlucky { var got = 0; got = bad::never(); loop { work 1ms } }

    """

  /// The fault that the body of a scenario ends in, or nil.
  private func fault(_ body: String) throws -> Fault? {
    try run(Self.kernel + "scenario \"s\" {\n\(body)\n}").fault
  }

  @Test func aCallOfAnAbsentModuleGivesENOSYS() throws {
    #expect(
      try fault(
        """
        let t = spawn caller
        sleep 2ms
        assert t.got == -ENOSYS
        $ insmod ext4
        let u = spawn caller
        sleep 2ms
        assert u.got == 7
        $ rmmod ext4
        let v = spawn caller
        sleep 2ms
        assert v.got == -ENOSYS
        """) == nil)
  }

  /// `at boot` and an init: it has run before the scenario's first statement.
  @Test func initsRunAndTheirErrorsCount() throws {
    #expect(
      try fault(
        """
        assert started == 4
        $ insmod bad fails ENODEV
        $ rmmod bad fails ENOENT
        let t = spawn unlucky
        sleep 2ms
        assert t.got == -ENOSYS
        $ modprobe ext4
        $ modprobe ext4
        assert started == 5
        """) == nil)
  }

  /// No tick before the module is live and none after: the timer of 1 ms would be at 9.
  @Test func interruptsOfAModuleTickWhileItIsLive() throws {
    #expect(
      try fault(
        """
        sleep 5ms
        assert ticks == 0
        $ modprobe ext4
        sleep 3ms
        assert ticks in [2, 3]
        $ rmmod ext4
        let seen = ticks
        sleep 5ms
        assert ticks == seen
        """) == nil)
  }

  @Test func namesOfModulesAndPatches() throws {
    #expect(
      try fault(
        """
        $ insmod /lib/modules/3.12/kernel/ext4.ko
        $ rmmod ext4.ko
        $ insmod /lib/modules/3.11/kernel/ext4.ko fails ENOENT
        $ insmod /lib/modules/3.12/kgraft/ext4.ko fails ENOENT
        $ insmod ./ext4.ko fails ENOENT
        for name in ["ext4", "booted"] { $ modprobe {name} }
        $ modprobe ext4.ko fails ENOENT
        $ insmod /proc/version fails ENOEXEC
        $ insmod plain
        $ insmod kgraft-patch-plain.ko fails EEXIST
        $ insmod /lib/modules/3.12/kernel/../kgraft//kgraft_patch_plain.ko fails EEXIST
        $ modprobe kgraft-patch-plain
        $ modprobe plain fails ENOENT
        $ rmmod plain fails ENOENT
        $ rmmod kgraft-patch-plain fails EAGAIN
        """) == nil)
  }

  /// The file of a packaged patch comes with its package; this text installs none.
  @Test func aPackagedPatchHasNoFileBeforeItsPackage() throws {
    #expect(
      try fault(
        """
        $ insmod /lib/modules/3.12/kgraft/kgraft_patch_2_1.ko fails ENOENT
        $ insmod kgraft_patch_2_1.ko fails ENOENT
        $ insmod fix fails ENOENT
        $ modprobe kgraft_patch_2_1 fails ENOENT
        $ modinfo kgraft_patch_2_1 fails ENOENT
        apply fix
        $ rmmod kgraft_patch_2_1 fails EAGAIN
        """) == nil)
  }

  @Test func aCommandThatFailsEndsTheScenario() throws {
    let expected = Fault.unexpectedOutcome(outcome: 1, got: .ENODEV)
    #expect(try fault("$ insmod bad") == expected)
    #expect(try fault("let r = $ insmod bad\nprint r.out") == expected)
    let success = Fault.unexpectedOutcome(outcome: 1, got: nil)
    #expect(try fault("$ insmod ext4 fails EBUSY") == success)
  }

  @Test func aResultHasOutputAndStatus() throws {
    let body = """
      let r = $ insmod bad.ko
      assert r.status == 1
      assert r.out == "insmod: ERROR: could not insert module bad.ko: No such device"
      let gone = $ rmmod ext4
      assert gone.status == 1
      assert gone.out == "rmmod: ERROR: Module ext4 is not currently loaded"
      let well = $ modprobe ext4
      assert well.status == 0
      assert well.out == ""
      let file = "xfs.ko"
      let none = $ insmod {file}
      assert none.status == 1
      assert none.out == "insmod: ERROR: could not load module xfs.ko: No such file or directory"
      """
    #expect(try fault(body) == nil)
  }

  @Test func commandsAreCheckedBeforeTheyRun() {
    check(
      Self.kernel + """
        scenario "s" {
          $ insmode ext4 # error: E0221 there is no command `insmode`
          $ modprobe ext3 # error: E0222 no module and no patch is called `ext3`
          $ rmmod # error: E0223 takes one module, and this names 0
          $ modprobe ext4 bad # error: E0223 takes one module, and this names 2
          $ modprobe -f ext4 # error: E0223 `modprobe` knows no option `-f`
          apply fix
          spawn caller
          spawn unlucky
          $ rmmod plain # error: E0222 no module and no patch is called `plain`
          $ insmod nowhere fails ENOENT
          let r = $ insmod nowhere
          print r.status
          $ insmode ext4 fails ENOENT
          $ rmmod fails EINVAL
          $ modprobe -f ext4 fails EINVAL
        }
        """, lowering: true)
  }

  @Test func theKernelIsLinkedWithoutItsModules() throws {
    let source = """
      kernel "3.12" {
        module "ext4" MOMENT { fn sync() { work 1us } }
        syscall flush() { ext4::sync() }
      }
      program p { flush() }
      scenario "s" { spawn p; sleep 1ms }
      """
    func said(_ moment: String) -> String {
      do {
        _ = try run(source.replacing("MOMENT", with: moment))
        return ""
      } catch RunError.diagnostics(let text) {
        return text
      } catch {
        return "\(error)"
      }
    }
    #expect(said("at boot") == "")
    #expect(said("").contains("module `ext4` is never loaded when this calls `ext4::sync`"))
  }
}
