import Testing

/// What `zypper` and `rpm` take besides the names of packages.
@Suite("Options of zypper and rpm") struct PackageOptionTests {
  static let package = "kgraft-patch-3_12_61-52-default"
  static let kernel = """
    kernel "3.12.61-52-default" {
        queue packets
        fn f() { return 1 }
        syscall recv() { wait packets; f() }
    }
    patch first { package "\(package)" version "1-1"; replaces all; fn f() { return 2 } }
    patch second {
        package "\(package)" version "2-2.1"; fixes "CVE-2016-8666"; replaces all
        fn f() { return 3 }
    }
    program server { loop { recv() } }

    """

  private func run(_ body: String) throws -> Typed { try Typed(Self.kernel, body) }

  /// A package whose module could not be inserted is there all the same; `-f` runs its scripts
  /// anew.
  @Test func forceInstallsAnew() throws {
    let typed = try run(
      """
      $ zypper in \(Self.package)
      await not in_progress within 9s
      $ rmmod kgraft_patch_2_2_1 fails EAGAIN
      revert second
      await not in_progress within 9s
      $ rmmod kgraft_patch_2_2_1
      let idle = $ zypper in \(Self.package)
      assert "already installed" in idle.out
      let again = $ zypper in -f \(Self.package)
      assert "going to be reinstalled" in again.out
      assert in_progress
      """)
    #expect(typed.failure == nil)
  }

  @Test func dryRunsDoNothing() throws {
    let typed = try run(
      """
      let dry = $ zypper in --dry-run \(Self.package)
      assert "to install" in dry.out
      $ rpm -q \(Self.package) fails ENOENT
      assert not in_progress
      $ zypper in \(Self.package)
      await not in_progress within 9s
      $ zypper rm -D \(Self.package)
      $ rpm -q \(Self.package)
      """)
    #expect(typed.failure == nil)
  }

  @Test func patternsAndOtherWords() throws {
    let typed = try run(
      """
      $ zypper in --oldpackage \(Self.package)=1-1
      await not in_progress within 9s
      let all = $ zypper in 'kgraft-patch*'
      assert "upgraded" in all.out
      await not in_progress within 9s
      $ zypper dup
      $ zypper patch
      let life = $ zypper lifecycle
      assert "Product end of support" in life.out
      let none = $ zypper in \(Self.package)=
      assert none.status == 104
      """)
    #expect(typed.failure == nil)
  }

  @Test func rpmTellsMore() throws {
    let typed = try run(
      """
      $ zypper in \(Self.package)
      let about = $ rpm -qi \(Self.package)
      assert "Version     : 2" in about.out
      assert "Release     : 2.1" in about.out
      let changes = $ rpm -q --changelog \(Self.package)
      assert "- CVE-2016-8666" in changes.out
      let scripts = $ rpm -q --scripts \(Self.package)
      assert "kgraft-rpm-helper check" in scripts.out
      let intact = $ rpm -V \(Self.package)
      assert intact.out == ""
      let none = $ rpm -Uvh kgraft.rpm
      assert none.out == "error: open of kgraft.rpm failed: No such file or directory"
      assert none.status == 1
      let missing = $ rpm -qi nothing
      assert missing.out == "package nothing is not installed"
      assert missing.status == 1
      """)
    #expect(typed.failure == nil)
  }
}
