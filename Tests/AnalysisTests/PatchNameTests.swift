import Machine
import Testing

/// How a patch is called, and how it says which function it means.
@Suite struct PatchNameTests {
  /// A patch is a module: of one name there is one.
  @Test func aPatchIsNotCalledLikeAModule() {
    check(
      """
      kernel "3.12" { fn f() { return 0 } module "ext4" { syscall g() { return 0 } } }
      patch ext4 { fn f() { return 1 } }  # error: E0202 a module of the name "ext4"
      scenario "s" { apply ext4 }
      ---
      kernel "3.12" { fn f() { return 0 } module "kgraft_patch_fix" { syscall g() { return 0 } } }
      patch fix { fn f() { return 1 } }  # error: E0202 a module of the name "kgraft_patch_fix"
      scenario "s" { apply fix }
      ---
      kernel "3.12" { fn f() { return 0 } module "ext4" { syscall g() { return 0 } } }
      patch ext3 { fn f() { return 1 } }
      scenario "s" { apply ext3 }
      """)
  }

  private func message(_ release: String, _ kernel: String, _ patch: String) -> String? {
    do {
      _ = try run(
        """
        kernel "\(release)" { \(kernel) }
        patch fix { \(patch) }
        scenario "s" { apply fix }
        """)
      return nil
    } catch RunError.diagnostics(let text) {
      return text
    } catch { return "\(error)" }
  }

  /// 3.12 takes the first function of a name: a second one, or a module's beside the kernel's, it
  /// can't mean.
  @Test func whatKnowsNoPositionsFindsTheFirst() throws {
    let twice = "fn f() { return 0 } fn f@2() { return 0 } syscall s() { f(); f@2() }"
    let second = try #require(message("3.12", twice, "fn f@2() { return 1 }"))
    #expect(second.contains("E0509") && second.contains("can't tell `f@2` from `f`"))
    #expect(message("3.12", twice, "fn f() { return 1 }") == nil)
    #expect(message("4.4", twice, "fn f@2() { return 1 }") == nil)
    let objects = """
      fn f() { return 0 } syscall s() { f() } module "ext4" at boot { fn f() { return 0 } }
      """
    let inModule = "module \"ext4\" { fn f() { return 1 } }"
    let text = try #require(message("3.12", objects, inModule))
    #expect(text.contains("can't tell `ext4::f` from `f`"))
    #expect(message("3.12", objects, "fn f() { return 1 }") == nil)
    #expect(message("4.4", objects, inModule) == nil)
  }
}
