import Machine

extension Commands {
  /// `modprobe NAME`, `modprobe -r NAME` (`kmod`, `tools/modprobe.c`): what is there already, or
  /// gone already, is no error.
  static let modprobe = ShellCommand(
    name: "modprobe", usage: "modprobe [-r] NAME", help: "load or remove a module by its name",
    operands: .module(options: ["-r", "--remove"]),
    start: { words, machine, row in
      guard let word = CommandLine.operands(words).first else { return .ended(.EINVAL) }
      guard let target = machine.program.moduleTarget(named: word) else { return .ended(.ENOENT) }
      let isThere = isLoaded(target, machine, &row)
      guard !isRemoval(words) else {
        return isThere ? start("modprobe -r", target, machine) : .ended(nil)
      }
      guard !isThere else { return .ended(nil) }
      if case .patch(let patch) = target { return .apply(patch) }
      return start("modprobe", target, machine)
    },
    output: { words, error, machine, _ in
      guard let error else { return "" }
      guard let word = CommandLine.operands(words).first else {
        return "modprobe: ERROR: missing parameters. See -h.\n"
      }
      guard machine.program.moduleTarget(named: word) != nil else {
        return "modprobe: FATAL: Module \(word) not found in directory "
          + "/lib/modules/\(machine.program.kernelRelease)\n"
      }
      let name = ModuleName(word).text
      if isRemoval(words) { return "modprobe: FATAL: Module \(name) is in use.\n" }
      return "modprobe: ERROR: could not insert '\(name)': \(insertionMessage(error))\n"
    })

  private static func isRemoval(_ words: [String]) -> Bool {
    words.contains("-r") || words.contains("--remove")
  }

  static func isLoaded(
    _ target: ModuleTarget, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Bool {
    switch target {
    case .module(let module): machine.state(of: module, &row) != .absent
    case .patch(let patch): machine.engine.isLoaded(patch, machine, &row)
    }
  }
}
