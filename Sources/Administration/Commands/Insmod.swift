import Machine

extension Commands {
  /// `insmod FILE` (`kmod`, `tools/insmod.c`): a patch's module is applied by being inserted.
  static let insmod = ShellCommand(
    name: "insmod", usage: "insmod FILE", help: "insert a module into the kernel",
    operands: .module(options: []),
    start: { words, machine, _ in
      guard let word = CommandLine.operands(words).first else { return .ended(.EINVAL) }
      switch machine.program.moduleTarget(named: word) {
      case nil: return .ended(.ENOENT)
      case .patch(let patch): return .apply(patch)
      case .module(let module):
        return start("insmod", .module(module), machine)
      }
    },
    output: { words, error, machine, _ in
      guard let error else { return "" }
      guard let word = CommandLine.operands(words).first else {
        return "insmod: ERROR: missing filename.\n"
      }
      guard machine.program.moduleTarget(named: word) != nil else {
        return "insmod: ERROR: could not load module \(word): \(error.message)\n"
      }
      return "insmod: ERROR: could not insert module \(word): \(insertionMessage(error))\n"
    })

  /// The process that does it, or what there is to say when the program has none.
  static func start(
    _ command: String, _ target: ModuleTarget, _ machine: Machine
  ) -> CommandStart {
    machine.program.process(of: command, for: target).map { .process($0) } ?? .ended(.ENOENT)
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
