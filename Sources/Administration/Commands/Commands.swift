import Machine

/// What can be typed after `$`: one command a file.
package enum Commands {
  package static let all: [ShellCommand] =
    [
      cat, dmesg, dracut, echo, grep, insmod, kgr, kill, ls, lsinitrd, lsmod, mkinitrd, modinfo,
      modprobe, ps, reboot, rmmod, rpm, sysctl, uname, zypper,
    ] + later

  /// Known by name, so that a text which uses them can be checked; not simulated yet.
  private static let later = ["kpatch"].map { name in
    ShellCommand(name: name, usage: name, help: "", operands: .unknown)
  }
}
