import Machine
import Testing

/// What a patch says of the functions that it replaces, and of the kernel that it was built for.
@Suite struct ForeignPatchTests {
  /// A slip is still a slip, and `foreign` is no way to hide one.
  @Test func whatIsForeignIsNotThere() {
    check(
      """
      kernel "4.4" { fn f() { return 0 } fn f@2() { return 0 } syscall s() { f(); f@2() } }
      patch fix { fn g() { return 1 } }  # error: E0501 has no function `g`
      patch other { foreign fn f() { return 1 } }  # error: E0511 there to be patched
      patch second { foreign fn f@2() { return 1 } }  # error: E0511
      scenario "s" { apply fix; apply other; apply second }
      ---
      kernel "4.4" { fn f() { return 0 } fn f@2() { return 0 } syscall s() { f(); f@2() } }
      patch fix { foreign fn g() { return 1 } foreign fn f@3() { return 1 } }
      scenario "s" { apply fix fails ENOENT }
      ---
      kernel "4.4" { notrace fn f() { return 0 } syscall s() { f() } }
      patch fix { foreign fn f() { return 1 } }
      scenario "s" { apply fix fails EINVAL }
      ---
      kernel "4.4" { var f = 0; syscall s() { f = 1 } }
      patch fix { foreign fn f() { return 1 } }  # error: E0505
      scenario "s" { apply fix }
      ---
      kernel "4.4" { fn f() { return 0 } syscall s() { f() } }
      patch fix { module "ext4" { foreign fn g() { return 1 } } }  # error: E0501 no module
      scenario "s" { apply fix }
      """)
  }

  @Test func wordsThatContradictEachOther() {
    check(
      """
      kernel "3.12" { fn f() { return 0 } syscall s() { f() } }
      patch fix { weak required fn f() { return 1 } }  # error: E0511 both `weak` and `required`
      patch new { fn f() { return 1 } weak new fn g() { return 1 } }  # error: E0511 `g` is new
      scenario "s" { apply fix; apply new }
      ---
      kernel "3.12" { weak fn f() { return 0 } syscall s() { f() } }  # error: E0117 `weak` cannot
      """)
  }

  private func message(_ release: String, _ patch: String) -> String? {
    do {
      _ = try run(
        """
        kernel "\(release)" { fn f() { return 0 } syscall s() { f() } }
        patch fix { \(patch) }
        scenario "s" { apply fix }
        """)
      return nil
    } catch RunError.diagnostics(let text) {
      return text
    } catch { return "\(error)" }
  }

  /// `abort_if_missing` and the comparison of releases are 3.12's.
  @Test func whatGenerationsLack() throws {
    for word in ["weak", "required"] {
      #expect(message("3.12", "\(word) fn f() { return 1 }") == nil)
      let text = try #require(message("4.4", "\(word) fn f() { return 1 }"))
      #expect(text.contains("E0510") && text.contains("`\(word)` is of 3.12"))
    }
    #expect(message("3.12", "vermagic \"3.12\"; fn f() { return 1 }") == nil)
    let text = try #require(message("4.4", "vermagic \"4.4\"; fn f() { return 1 }"))
    #expect(text.contains("kGraft 4.4 does not compare releases"))
  }

  /// A position that 3.12 would pass over is that of the first function.
  @Test func foreignPositionWithoutPositions() throws {
    let text = try #require(message("3.12", "foreign fn f@2() { return 1 }"))
    #expect(text.contains("E0509"))
    #expect(message("4.4", "fn f@1() { return 1 }") == nil)
  }

  @Test func ftraceIsOffOrOn() {
    check(
      """
      machine { ftrace on }  # error: E0604 `ftrace` takes `off`
      ---
      machine { ftrace }  # error: E0604
      ---
      machine { ftrace off }
      """)
  }

  /// A module that calls what the kernel lacks would not be linked; with `weak` as well.
  @Test func whatThisKernelLacksIsNotCalled() {
    check(
      """
      kernel "3.12" { fn f() { return 1 } syscall s() { f() } }
      patch fix {
        weak foreign fn g() { return 4 }
        new fn h() { return g() }  # error: E0201 no function `g` to call
        fn f() { return g() + h() }  # error: E0201 no function `g` to call
      }
      """)
  }
}
