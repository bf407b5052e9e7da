import Machine

extension Commands {
  /// `mkinitrd` (SLES 12): a wrapper around `dracut`. What is installed now is in the initrd then;
  /// what has been removed no more.
  static let mkinitrd = ShellCommand(
    name: "mkinitrd", usage: "mkinitrd", help: "make the initrd anew, of what is installed now",
    operands: .anything, usesDisk: true,
    start: { line, _, _, _ in
      guard line.words.count > 1 else { return .acts }
      return .ended(.failed(.EINVAL), mkinitrdUsage)
    },
    act: { _, _, _, machine, row in
      let database = PackageDatabase(machine, &row)
      let release = database.release
      return CommandAct(
        .disk(.writeInitrd),
        printed: """
          Creating initrd: \(database.initrd)
          Executing: /usr/bin/dracut --logfile /var/log/YaST2/mkinitrd.log --force \
          \(database.initrd) \(release)

          """,
        next: .ends(.success))
    })

  /// SUSE's wrapper knows more options; here there is one kernel, with one initrd.
  private static let mkinitrdUsage = """
    Usage: mkinitrd [options]

      Create initial ramdisk images that contain all kernel modules needed
      in the early boot process.

    """

  /// `dracut -f` does the same; without it an initrd that is there is left as it is.
  static let dracut = ShellCommand(
    name: "dracut", usage: "dracut -f", help: "make the initrd anew", operands: .anything,
    usesDisk: true,
    start: { line, machine, row, _ in
      guard !line.words.contains("-f"), !line.words.contains("--force") else { return .acts }
      let initrd = PackageDatabase(machine, &row).initrd
      let message = "Will not override existing initramfs (\(initrd)) without --force\n"
      return .ended(.failed(.EEXIST), message)
    },
    act: { _, _, _, _, _ in CommandAct(.disk(.writeInitrd), next: .ends(.success)) })

  /// `lsinitrd`: the modules of kGraft patches among what it lists.
  static let lsinitrd = ShellCommand(
    name: "lsinitrd", usage: "lsinitrd [FILE]", help: "list the kGraft modules in the initrd",
    operands: .anything, usesDisk: true,
    start: { line, machine, row, _ in
      let database = PackageDatabase(machine, &row)
      if let image = line.operands.first, image != database.initrd, image != "/boot/initrd" {
        return .ended(.failed(.ENOENT), "\(image) does not exist\n\n" + lsinitrdUsage)
      }
      var output = "Image: \(database.initrd)\n"
      for package in database.channel {
        guard let patch = package.patch, machine.isInInitrd(patch, &row) else { continue }
        output += "-rw-r--r--   1 root     root     \("\(LoadedModule.size)".aligned(to: 8))"
        output += " Jan  1  1970 \(database.moduleFile(of: package).dropFirst())\n"
      }
      return .ended(.success, output)
    })

  private static let lsinitrdUsage = """
    Usage: lsinitrd [options] [<initramfs file> [<filename> [<filename> [...] ]]]
    Usage: lsinitrd [options] -k <kernel version>

    """
}
