import Machine

/// What can be typed after `$`: one command a file.
package enum Commands {
  package static let all: [ShellCommand] = table.map { command in
    var command = command
    command.pipe = Pipeline.end
    return command
  }

  private static let table: [ShellCommand] =
    [
      cat, dmesg, dracut, echo, grep, head, initialise, insmod, kgr, kill, killall, less, ls,
      lsinitrd, lsmod, mkinitrd, modinfo, modprobe, more, pgrep, pkill, ps, reboot, rmmod, rpm,
      shutdown, sort, sysctl, systemctl, tail, uname, uniq, wc, which, zypper,
    ] + later

  /// Known by name, so that a text which uses them can be checked; not simulated yet.
  private static let later = ["kpatch"].map { name in
    ShellCommand(name: name, usage: name, help: "", operands: .unknown)
  }
}
