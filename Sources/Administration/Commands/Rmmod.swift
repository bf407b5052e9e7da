import Machine

extension Commands {
  /// `rmmod NAME` (`kmod`, `tools/rmmod.c`): a module by the name that the kernel has for it, or by
  /// its file. What stands behind the first dot is no part of a name.
  static let rmmod = ShellCommand(
    name: "rmmod", usage: "rmmod NAME", help: "remove a module from the kernel",
    operands: .module(options: ["-f", "-s", "-v"]),
    start: { line, machine, row, _ in
      let options = CommandOptions(line.expanded(machine, &row), known: "fsv")
      if let complaint = options.complaint {
        return .ended(.failed(.EINVAL), "rmmod: \(complaint)\n")
      }
      guard let word = options.operands.first else {
        return .ended(.failed(.EINVAL), "rmmod: ERROR: missing module name.\n")
      }
      guard options.operands.count == 1 else {
        return .ended(
          .failed(.EINVAL), "rmmod: ERROR: this one removes one module at a time.\n")
      }
      let file = ModuleFile.at(word, machine, &row)?.target
      guard
        let target = file ?? ModuleFile.target(ofModule: removed(word), machine.program)
      else { return .ended(.failed(.ENOENT), complaint(.ENOENT, word)) }
      return start("rmmod", target, machine)
    },
    output: { line, status, machine, row in
      let operands = CommandOptions(line.expanded(machine, &row), known: "fsv").operands
      guard let error = status.error, let word = operands.first else { return "" }
      return complaint(error, word)
    })

  private static func removed(_ word: String) -> String {
    String(word.prefix { $0 != "." }.map { $0 == "-" ? "_" : $0 })
  }

  private static func complaint(_ error: Errno, _ word: String) -> String {
    // The name of a file that is there is its last part.
    let name = word.hasPrefix("/") && error != .ENOENT ? ModuleName(word).text : removed(word)
    switch error {
    case .ENOENT: return "rmmod: ERROR: Module \(name) is not currently loaded\n"
    case .EAGAIN: return "rmmod: ERROR: Module \(name) is in use\n"
    default: return "rmmod: ERROR: could not remove module \(name): \(error.message)\n"
    }
  }
}
