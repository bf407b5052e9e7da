import Machine

extension Commands {
  /// `modprobe NAME`, `modprobe -r NAME` (`kmod`, `tools/modprobe.c`): what is there already, or
  /// gone already, is no error.
  static let modprobe = ShellCommand(
    name: "modprobe", usage: "modprobe [-r] NAME", help: "load or remove a module by its name",
    operands: .module(options: ["-r", "--remove"]),
    start: { line, machine, row, _ in
      guard let word = line.operands.first else {
        return .ended(.failed(.EINVAL), "modprobe: ERROR: missing parameters. See -h.\n")
      }
      guard let target = machine.program.moduleTarget(named: word) else {
        let message =
          "modprobe: FATAL: Module \(word) not found in directory "
          + "/lib/modules/\(machine.program.kernelRelease)\n"
        return .ended(.failed(.ENOENT), message)
      }
      let isThere = isLoaded(target, machine, &row)
      guard !isRemoval(line) else {
        return isThere ? start("modprobe -r", target, machine) : .ended(.success)
      }
      guard !isThere else { return .ended(.success) }
      if case .patch(let patch) = target { return .request(.apply(patch)) }
      return start("modprobe", target, machine)
    },
    output: { line, status, _, _ in
      guard let error = status.error, let word = line.operands.first else { return "" }
      let name = ModuleName(word).text
      if isRemoval(line) { return "modprobe: FATAL: Module \(name) is in use.\n" }
      return "modprobe: ERROR: could not insert '\(name)': \(insertionMessage(error))\n"
    })

  private static func isRemoval(_ line: CommandLine) -> Bool {
    line.options.contains { $0 == "-r" || $0 == "--remove" }
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
