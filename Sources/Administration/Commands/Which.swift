import Machine

extension Commands {
  /// `which NAME…`: where the program lies that the name stands for.
  static let which = ShellCommand(
    name: "which", usage: "which NAME…", help: "print where a program lies", operands: .anything,
    objection: { line in
      let options = CommandOptions(line.words, known: "a")
      return options.complaint ?? (options.operands.isEmpty ? "no program is named" : nil)
    },
    start: { line, machine, row, _ in
      var output = ""
      var status = CommandStatus.success
      for word in CommandOptions(line.words, known: "a").operands {
        if let path = path(ofProgram: word), word != "kgr" || machine.hasTools(&row) {
          output += path + "\n"
        } else {
          // root's PATH on the simulated machine, a SLES 12; it is not asked of the host.
          output +=
            "which: no \(word) in (/sbin:/usr/sbin:/usr/local/sbin:/root/bin:/usr/local/bin:"
            + "/usr/bin:/bin)\n"
          status = .failed(.ENOENT)
        }
      }
      return .ended(status, output)
    })

  /// Of SLES 12, where `/sbin` and `/bin` are no links yet.
  private static func path(ofProgram name: String) -> String? {
    let ofRoot = [
      "dracut", "init", "insmod", "lsmod", "mkinitrd", "modinfo", "modprobe", "reboot", "rmmod",
      "shutdown", "sysctl",
    ]
    let ofUser = [
      "cat", "dmesg", "echo", "grep", "kill", "ls", "more", "ps", "rpm", "sort", "uname",
    ]
    guard all.contains(where: { $0.name == name && $0.isSimulated }) else { return nil }
    if ofRoot.contains(name) { return "/sbin/\(name)" }
    return (ofUser.contains(name) ? "/bin/" : "/usr/bin/") + name
  }
}
