import Machine

extension Commands {
  /// `lsmod` (`kmod`, `tools/lsmod.c`): `/proc/modules` as a table.
  static let lsmod = ShellCommand(
    name: "lsmod", usage: "lsmod", help: "list the modules in the kernel", operands: .anything,
    objection: { $0.words.count == 1 ? nil : "it takes no operands and no options" },
    start: { line, machine, row, _ in
      guard line.words.count == 1 else {
        return .ended(.failed(.EINVAL), "Usage: lsmod\n")
      }
      var output = "Module                  Size  Used by\n"
      for module in LoadedModule.all(machine, &row) {
        output += module.name.padded(to: 19) + " " + "\(LoadedModule.size)".aligned(to: 8)
        output += "  \(module.references) \n"
      }
      return .ended(.success, output)
    })
}
