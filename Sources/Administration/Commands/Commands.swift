import Machine

/// What can be typed after `$`: one command a file.
package enum Commands {
  package static let all: [ShellCommand] =
    [
      cat, dmesg, echo, grep, insmod, kgr, kill, ls, lsmod, modprobe, ps, rmmod, uname,
    ] + later

  /// Known by name, so that a text which uses them can be checked; not simulated yet.
  private static let later = [
    "kpatch", "mkinitrd", "modinfo", "reboot", "rpm", "sysctl", "zypper",
  ].map { name in
    ShellCommand(name: name, usage: name, help: "", operands: .unknown)
  }
}
