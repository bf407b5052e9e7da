import Machine

extension Commands {
  /// `insmod FILE` (`kmod`, `tools/insmod.c`): a patch's module is applied by being inserted.
  static let insmod = ShellCommand(
    name: "insmod", usage: "insmod FILE", help: "insert a module into the kernel",
    operands: .module(options: []),
    start: { line, machine, _, _ in
      guard let word = line.operands.first else {
        return .ended(.failed(.EINVAL), "insmod: ERROR: missing filename.\n")
      }
      switch machine.program.moduleTarget(named: word) {
      case nil:
        let message = "insmod: ERROR: could not load module \(word): \(Errno.ENOENT.message)\n"
        return .ended(.failed(.ENOENT), message)
      case .patch(let patch): return .request(.apply(patch))
      case .module(let module):
        return start("insmod", .module(module), machine)
      }
    },
    output: { line, status, _, _ in
      guard let error = status.error, let word = line.operands.first else { return "" }
      return "insmod: ERROR: could not insert module \(word): \(insertionMessage(error))\n"
    })

  /// The process that does it, or what there is to say when the program has none.
  static func start(
    _ command: String, _ target: ModuleTarget, _ machine: Machine
  ) -> CommandStart {
    machine.program.process(of: command, for: target).map { .process($0) }
      ?? .ended(.failed(.ENOENT))
  }

  /// `kmod` has words of its own for what `init_module(2)` gives.
  static func insertionMessage(_ error: Errno) -> String {
    switch error {
    case .ENOENT: "Unknown symbol in module"
    case .EINVAL: "Invalid parameters"
    default: error.message
    }
  }
}
