import Machine

/// What can be typed after `$`: one command a file.
package enum Commands {
  package static let all: [ShellCommand] = [insmod, modprobe, rmmod] + later

  /// Known by name, so that a text which uses them can be checked; not simulated yet.
  private static let later = [
    "cat", "dmesg", "grep", "kgr", "kill", "kpatch", "lsmod", "mkinitrd", "modinfo", "ps",
    "reboot", "rpm", "sysctl", "uname", "zypper",
  ].map { name in
    ShellCommand(name: name, usage: name, help: "", operands: .unknown)
  }
}
