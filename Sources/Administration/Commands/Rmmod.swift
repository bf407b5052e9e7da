import Machine

extension Commands {
  /// `rmmod NAME` (`kmod`, `tools/rmmod.c`).
  static let rmmod = ShellCommand(
    name: "rmmod", usage: "rmmod NAME", help: "remove a module from the kernel",
    operands: .module(options: []),
    start: { words, machine, _ in
      guard let word = CommandLine.operands(words).first else { return .ended(.EINVAL) }
      guard let target = machine.program.moduleTarget(named: word) else { return .ended(.ENOENT) }
      return start("rmmod", target, machine)
    },
    output: { words, error, _, _ in
      guard let error else { return "" }
      guard let word = CommandLine.operands(words).first else {
        return "rmmod: ERROR: missing module name.\n"
      }
      let name = ModuleName(word).text
      switch error {
      case .ENOENT: return "rmmod: ERROR: Module \(name) is not currently loaded\n"
      case .EAGAIN: return "rmmod: ERROR: Module \(name) is in use\n"
      default: return "rmmod: ERROR: could not remove module \(name): \(error.message)\n"
      }
    })
}
