import Testing

/// Packages as `zypper` and `rpm` of SLES 12 show them, with their exit statuses: those of zypper's
/// manual page, and what SUSE's scriptlets say.
@Suite struct PackageTests {
  static let kernel = """
    kernel "3.12.61-52-default" {
        queue packets
        fn f() { return 0 }
        syscall recv() { wait packets; f() }
    }
    patch first { package "kgraft-patch-3_12_61-52-default" version "1-2.1"; replaces all
      fn f() { return 1 } }
    patch second { package "kgraft-patch-3_12_61-52-default" version "2-2.1"; replaces all
      fixes "CVE-2016-8666"
      fn f() { return 2 } }
    patch tenth { package "kgraft-patch-3_12_61-52-default" version "10-1"; replaces all
      fn f() { return 10 } }
    patch other { package "kgraft-patch-3_12_61-52-xen" version "1-1"; fn f() { return 3 } }
    patch newer { package "kgraft-patch-3_12_62-55-default" version "1-1"; fn f() { return 4 } }
    patch any { package "kgraft-patch-default" version "1-1"; fn f() { return 5 } }
    program server { loop { recv() } }

    """
  static let package = "kgraft-patch-3_12_61-52-default"
  static let loading = "Loading repository data...\nReading installed packages...\n"

  private func output(_ command: String, after before: String = "") throws -> String {
    try Typed.output(of: command, Self.kernel, after: before)
  }

  private func status(_ command: String, after before: String = "") throws -> String {
    try Typed.status(of: command, Self.kernel, after: before)
  }

  // MARK: Installing

  /// The first patch brings the scripts; without a version it is the newest.
  @Test func theFirstPatchBringsTheScripts() throws {
    let expected = """
      Loading repository data...
      Reading installed packages...
      Resolving package dependencies...

      The following 2 NEW packages are going to be installed:
        kgraft kgraft-patch-3_12_61-52-default

      2 new packages to install.
      Continue? [y/n/? shows all options] (y): y
      (1/2) Installing: kgraft-1.0-19.1 ..[done]
      (2/2) Installing: kgraft-patch-3_12_61-52-default-10-1 ..[done]

      """
    #expect(try output("zypper install \(Self.package)") == expected)
    #expect(try status("zypper -n in \(Self.package)") == "0")
  }

  @Test func anUpdateReplacesTheOlderVersion() throws {
    let before = "$ zypper in \(Self.package)=2-2.1\nawait not in_progress"
    let text = try output("zypper up", after: before)
    #expect(
      text.contains(
        """

        The following package is going to be upgraded:
          \(Self.package)

        1 package to upgrade.

        """))
    #expect(text.hasSuffix("(1/1) Installing: \(Self.package)-10-1 ..[done]\n"))
    let after = before + "\n$ zypper up\nawait not in_progress"
    #expect(try output("rpm -q \(Self.package)", after: after) == "\(Self.package)-10-1.x86_64\n")
    let nothing = Self.loading + "Resolving package dependencies...\n\nNothing to do.\n"
    #expect(try output("zypper up", after: after) == nothing)
  }

  /// 10 is newer than 2, as a number.
  @Test func anOlderOneHasToBeAskedFor() throws {
    let before = "$ zypper in \(Self.package)\nawait not in_progress"
    let refused = try output("zypper in \(Self.package)=2", after: before)
    #expect(refused.contains("has lower version than the installed one."))
    #expect(refused.hasSuffix("Nothing to do.\n"))
    let down = try output("zypper in --oldpackage \(Self.package)=2", after: before)
    #expect(down.contains("The following package is going to be downgraded:"))
    #expect(down.hasSuffix("(1/1) Installing: \(Self.package)-2-2.1 ..[done]\n"))
    let again = try output("zypper in \(Self.package)", after: before)
    #expect(again.contains("'\(Self.package)' is already installed."))
    #expect(again.contains("The highest available version is already installed."))
    // One that is there, while the channel has a newer one.
    let same = try output(
      "zypper in \(Self.package)=2",
      after: before + "\n$ zypper in --oldpackage \(Self.package)=2\nawait not in_progress")
    #expect(same.contains("There is an update candidate '\(Self.package)-10-1.x86_64' for"))
    #expect(!same.contains("highest"))
  }

  @Test func whatTheChannelDoesNotHave() throws {
    let expected = """
      Loading repository data...
      Reading installed packages...
      'nothing' not found in package names. Trying capabilities.
      No provider of 'nothing' found.

      """
    #expect(try output("zypper in nothing") == expected)
    #expect(try status("zypper in nothing") == "104")
    #expect(
      try output("zypper in \(Self.package)=7").hasSuffix(
        "No provider of '\(Self.package) = 7' found.\n"))
    // A patch without a package is nothing that a channel could have.
    #expect(try status("zypper in kgraft-patch-first") == "104")
  }

  /// Each package is for one kernel and one flavour of it.
  @Test(arguments: [
    ("kgraft-patch-3_12_61-52-xen", "kernel-xen = 3.12.61-52"),
    ("kgraft-patch-3_12_62-55-default", "kernel-default = 3.12.62-55"),
  ])
  func anotherKernel(_ package: String, _ requirement: String) throws {
    let text = try output("zypper in \(package)")
    let problem = "Problem: nothing provides \(requirement) needed by \(package)-1-1.x86_64\n"
    #expect(text.contains(problem))
    #expect(try status("zypper in \(package)") == "4")
    #expect(
      try output("rpm -qa", after: "$ zypper in \(package) fails EINVAL")
        == "kernel-default-3.12.61-52.x86_64\n")
  }

  /// A kernel of SUSE's support has a release that no package is for.
  @Test func aKernelOfTheSupport() throws {
    let kernel = Self.kernel.replacing(
      "\"3.12.61-52-default\"", with: "\"3.12.61-52.1.PTF.1001487-default\"")
    let text = try Typed.output(of: "zypper in \(Self.package)", kernel)
    #expect(text.contains("nothing provides kernel-default = 3.12.61-52 needed by"))
  }

  /// %pre asks `kgraft-rpm-helper`, and it says who is in the way; nothing is installed then.
  @Test func nobodyMayBeInTheWay() throws {
    let before = """
      spawn server
      sleep 1ms
      $ zypper in \(Self.package)=1
      """
    let text = try output("zypper in kgraft-patch-default", after: before)
    let expected = """
      Error: following processes have not finished a previous kGraft patch yet:
      100
      error: %pre(kgraft-patch-default-1-1.x86_64) scriptlet failed, exit status 1

      """
    #expect(text.contains(expected))
    #expect(try status("zypper in kgraft-patch-default", after: before) == "8")
    let failed = before + "\n$ zypper in kgraft-patch-default fails EAGAIN"
    #expect(
      try output("rpm -qa kgraft*", after: failed)
        == "kgraft-1.0-19.1.x86_64\n\(Self.package)-1-2.1.x86_64\n")
  }

  /// Nobody is in the way, and kGraft has yet to find that out: the files are installed, and
  /// `insmod` in %post fails.
  @Test func betweenTheLastSleeperAndTheLook() throws {
    let before = "$ zypper in \(Self.package)=1"
    let text = try output("zypper in kgraft-patch-default", after: before)
    let expected = """
      insmod: ERROR: could not insert module \
      /lib/modules/3.12.61-52-default/kgraft/kgraft_patch_1_1.ko: Resource temporarily unavailable
      warning: %post(kgraft-patch-default-1-1.x86_64) scriptlet failed, exit status 1

      """
    #expect(text.hasSuffix(expected))
    #expect(try status("zypper in kgraft-patch-default", after: before) == "107")
    let after = before + "\n$ zypper in kgraft-patch-default fails EAGAIN"
    #expect(try status("rpm -q kgraft-patch-default", after: after) == "0")
  }

  // MARK: Removing

  @Test func removing() throws {
    let before = "$ zypper in \(Self.package)\nawait not in_progress"
    let expected = """
      Loading repository data...
      Reading installed packages...
      Resolving package dependencies...

      The following package is going to be REMOVED:
        kgraft-patch-3_12_61-52-default-10-1

      1 package to remove.
      Continue? [y/n/? shows all options] (y): y
      (1/1) Removing kgraft-patch-3_12_61-52-default-10-1 ......[done]

      """
    #expect(try output("zypper rm \(Self.package)", after: before) == expected)
    let gone = before + "\n$ zypper rm \(Self.package)"
    #expect(try status("zypper rm \(Self.package)", after: gone) == "104")
    #expect(
      try output("rpm -q \(Self.package)", after: gone)
        == "package \(Self.package) is not installed\n")
    #expect(try status("rpm -q \(Self.package)", after: gone) == "1")
    // The kernel is as it was.
    #expect(try output("kgr patches", after: gone) == "kgraft_patch_10_1\n")
  }

  /// Whoever needs the scripts goes with them; `rpm` refuses.
  @Test func removingTheScripts() throws {
    let before = "$ zypper in \(Self.package)\nawait not in_progress"
    let text = try output("zypper rm kgraft", after: before)
    #expect(text.contains("(1/2) Removing \(Self.package)-10-1"))
    #expect(text.hasSuffix("(2/2) Removing kgraft-1.0-19.1 ......[done]\n"))
    #expect(
      try output("rpm -e kgraft", after: before) == """
        error: Failed dependencies:
        \tkgraft is needed by (installed) kgraft-patch-3_12_61-52-default-10-1.x86_64

        """)
    let gone = before + "\n$ rpm -e \(Self.package)"
    #expect(try output("rpm -qa kgraft*", after: gone) == "kgraft-1.0-19.1.x86_64\n")
  }

  /// `kgr` is part of the package that the first patch brings.
  @Test func kgrComesWithTheFirstPatch() throws {
    for look in ["", "$ zypper search", "apply first"] {
      #expect(try output("kgr status", after: look) == "-bash: kgr: command not found\n")
      #expect(try status("kgr status", after: look) == "127")
    }
    #expect(try output("kgr status", after: "$ zypper in \(Self.package)") == "in_progress\n")
    #expect(try output("kgr status", after: "$ zypper in kgraft") == "ready\n")
  }

  // MARK: Asking

  @Test func searching() throws {
    let before = "$ zypper in \(Self.package)=2"
    let expected = """
      Loading repository data...
      Reading installed packages...

      S | Name                            | Summary                          | Type
      --+---------------------------------+----------------------------------+--------
      i | kgraft                          | Scripts for kGraft live patching | package
      i | kgraft-patch-3_12_61-52-default | Kernel live patch module         | package
        | kgraft-patch-3_12_61-52-xen     | Kernel live patch module         | package
        | kgraft-patch-3_12_62-55-default | Kernel live patch module         | package
        | kgraft-patch-default            | Kernel live patch module         | package

      """
    #expect(try output("zypper search kgraft", after: before) == expected)
    let details = try output("zypper se -s 52-default", after: before)
    let versions = details.split(separator: "\n").dropFirst(4).map { line in
      line.split(separator: "|").map { $0.trimmingPrefix { $0 == " " }.prefix { $0 != " " } }
    }
    #expect(versions.map { "\($0[0]) \($0[3])" } == [" 10-1", "i 2-2.1", " 1-2.1"])
    #expect(try output("zypper se nothing") == Self.loading + "No matching items found.\n")
    #expect(try status("zypper se nothing") == "104")
  }

  @Test func informing() throws {
    let expected = """
      Loading repository data...
      Reading installed packages...

      Information for package kgraft-patch-3_12_61-52-default:
      --------------------------------------------------------
      Repository: SLE-Live-Patching12-Updates
      Name: kgraft-patch-3_12_61-52-default
      Version: 10-1
      Arch: x86_64
      Vendor: SUSE LLC <https://www.suse.com/>
      Installed: Yes
      Status: out-of-date (version 2-2.1 installed)
      Summary: Kernel live patch module

      """
    let before = "$ zypper in \(Self.package)=2"
    #expect(try output("zypper info \(Self.package)", after: before) == expected)
  }

  @Test func filesOfAPackage() throws {
    let expected = """
      /lib/modules/3.12.61-52-default/kgraft
      /lib/modules/3.12.61-52-default/kgraft/kgraft_patch_2_2_1.ko

      """
    #expect(
      try output("rpm -ql \(Self.package)", after: "$ zypper in \(Self.package)=2") == expected)
  }

  @Test(arguments: [
    ("zypper", "2"), ("zypper frobnicate", "2"), ("zypper in", "3"), ("zypper in --fast x", "2"),
    ("zypper --fast in x", "2"), ("rpm", "1"), ("rpm -q", "1"), ("rpm -U x", "1"),
    ("rpm -e nothing", "1"), ("zypper rm nothing", "104"), ("zypper info nothing", "104"),
  ])
  func whatIsTypedWrongly(_ command: String, _ expected: String) throws {
    #expect(try status(command) == expected)
    #expect(try output(command).isEmpty == false)
  }

  /// One that is there goes, and who has named another is told so.
  @Test func removingMoreThanThereIs() throws {
    let before = "$ zypper in \(Self.package)\nawait not in_progress"
    let text = try output("zypper rm \(Self.package) nothing", after: before)
    #expect(text.contains("No provider of 'nothing' found.\n"))
    #expect(text.hasSuffix("(1/1) Removing \(Self.package)-10-1 ......[done]\n"))
    #expect(try status("zypper rm \(Self.package) nothing", after: before) == "104")
  }

  @Test func theScriptsAreAPackage() throws {
    let text = try output("zypper info kgraft")
    #expect(text.contains("Name: kgraft\n") && text.contains("Installed: No\n"))
    #expect(try status("zypper info kgraft") == "0")
    #expect(
      try output("zypper info kgraft", after: "$ zypper in kgraft").contains("Installed: Yes\n"))
  }

  /// Files come and go with their package; the kernel and the initrd keep theirs (the manual's
  /// section 3: without all three steps the patch comes back).
  @Test func filesComeAndGo() throws {
    let folder = "/lib/modules/3.12.61-52-default/kgraft"
    let typed = try Typed(
      Self.kernel,
      """
      $ ls \(folder) fails ENOENT
      $ insmod \(folder)/kgraft_patch_2_2_1.ko fails ENOENT
      $ modprobe kgraft_patch_2_2_1 fails ENOENT
      $ zypper in \(Self.package)-2-2.1
      await not in_progress
      assert ls("\(folder)") == ["kgraft_patch_2_2_1.ko"]
      $ ls /usr/bin/kgr \(folder)/kgraft_patch_2_2_1.ko
      $ rpm -qf \(folder)/kgraft_patch_2_2_1.ko /usr/bin/kgr
      let owner = $ rpm -qf \(folder)/kgraft_patch_2_2_1.ko
      assert owner.out == "\(Self.package)-2-2.1.x86_64"
      $ modprobe kgraft_patch_2_2_1
      $ insmod \(folder)/kgraft_patch_2_2_1.ko fails EEXIST
      $ zypper rm \(Self.package)
      ls("\(folder)") fails ENOENT
      $ modinfo kgraft_patch_2_2_1 fails ENOENT
      $ grep -q kgraft_patch_2_2_1 /proc/modules
      $ reboot
      $ grep -q kgraft_patch_2_2_1 /proc/modules
      $ mkinitrd
      $ reboot
      assert cat("/proc/modules") == ""
      $ modprobe kgraft_patch_2_2_1 fails ENOENT
      """)
    #expect(typed.failure == nil)
  }
}
