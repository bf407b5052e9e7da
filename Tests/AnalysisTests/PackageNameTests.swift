import Testing

/// What is said of packages before anything runs.
@Suite struct PackageNameTests {
  private let kernel = """
    kernel "3.12.61-52-default" { fn f() { work 1us } }
    patch first { package "kgraft-patch-default" version "1-1"; fn f() { work 2us } }
    patch second { package "kgraft-patch-default" version "2-1"; fn f() { work 3us } }
    patch plain { fn f() { work 4us } }

    """

  @Test func whatIsInstalledIsInTheChannel() {
    check(
      kernel + """
        scenario "s" {
          $ zypper in kgraft-patch-default=1-1
          $ zypper -n install kgraft
          $ zypper in kgraft-patch-defualt # error: E0226 the channel has no package
          $ zypper in plain # error: E0226 the channel has no package `plain`
          $ zypper in nothing fails ENOENT
          let r = $ zypper in nothing
          print r.status
          apply plain
        }
        """, lowering: true)
  }

  /// A package that differs by a letter is no patch without a package.
  @Test func onlyWhatHasNoPackageIsSaidToHaveNone() {
    func notes(_ name: String) -> [String] {
      let found = CheckedSource(kernel + "scenario \"s\" { apply plain; $ zypper in \(name) }")
      return found.refusals.flatMap { $0.labels.map(\.message) }
    }
    #expect(notes("kgraft-patch_default") == ["did you mean `kgraft-patch-default`?"])
    #expect(notes("plain").contains("this patch has no `package`"))
  }

  /// What stands in the channel is used by whoever asks there.
  @Test func theChannelUsesItsPatches() {
    check(kernel + "scenario \"s\" { apply plain; $ zypper search }")
    check(
      kernel + """
        scenario "s" {
          $ zypper search
          $ insmod /lib/modules/3.12.61-52-default/kgraft/kgraft_patch_plain.ko
        }
        """)
  }

  @Test func aVersionBringsOnePatch() {
    check(
      kernel + """
        patch third {
          package "kgraft-patch-default" version "2-1" # error: E0202 package `kgraft-patch-default version 2-1` is declared twice
          fn f() { work 5us }
        }
        scenario "s" { apply third; apply plain; $ zypper up }
        """)
  }
}
