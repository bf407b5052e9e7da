import Machine

extension Commands {
  /// `rmmod NAME` (`kmod`, `tools/rmmod.c`).
  static let rmmod = ShellCommand(
    name: "rmmod", usage: "rmmod NAME", help: "remove a module from the kernel",
    operands: .module(options: []),
    start: { line, machine, _, _ in
      guard let word = line.operands.first else {
        return .ended(.failed(.EINVAL), "rmmod: ERROR: missing module name.\n")
      }
      guard let target = machine.program.moduleTarget(named: word) else {
        return .ended(.failed(.ENOENT), complaint(.ENOENT, word))
      }
      return start("rmmod", target, machine)
    },
    output: { line, status, _, _ in
      guard let error = status.error, let word = line.operands.first else { return "" }
      return complaint(error, word)
    })

  private static func complaint(_ error: Errno, _ word: String) -> String {
    let name = ModuleName(word).text
    switch error {
    case .ENOENT: return "rmmod: ERROR: Module \(name) is not currently loaded\n"
    case .EAGAIN: return "rmmod: ERROR: Module \(name) is in use\n"
    default: return "rmmod: ERROR: could not remove module \(name): \(error.message)\n"
    }
  }
}
