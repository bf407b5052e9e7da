import Machine

extension Commands {
  /// `insmod FILE` (`kmod`, `tools/insmod.c`): a patch's module is applied by being inserted. What
  /// stands behind the file are parameters, of which the modules of a text have none; the kernel
  /// does without those that it does not know.
  static let insmod = ShellCommand(
    name: "insmod", usage: "insmod FILE", help: "insert a module into the kernel",
    operands: .module(options: ["-p", "-s", "-f"]),
    start: { line, machine, row, _ in
      let options = CommandOptions(line.expanded(machine, &row), known: "psf")
      if let complaint = options.complaint {
        return .ended(.failed(.EINVAL), "insmod: \(complaint)\n")
      }
      guard let word = options.operands.first else {
        return .ended(.failed(.EINVAL), "insmod: ERROR: missing filename.\n")
      }
      guard let file = ModuleFile.inserted(word, machine, &row) else {
        let (status, text) = complaint(about: word, machine, &row)
        return .ended(status, text)
      }
      switch file.target {
      case .patch(let patch): return .request(.apply(patch))
      case .module(let module):
        return start("insmod", .module(module), machine)
      }
    },
    output: { line, status, machine, row in
      let operands = CommandOptions(line.expanded(machine, &row), known: "psf").operands
      guard let error = status.error, let word = operands.first else { return "" }
      return "insmod: ERROR: could not insert module \(word): \(insertionMessage(error))\n"
    })

  /// Nothing is there, or something that is no module.
  private static func complaint(
    about word: String, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> (CommandStatus, String) {
    switch FileNode.at(word, machine, &row) {
    case .success(.file):
      (
        .failed(.ENOEXEC),
        "insmod: ERROR: could not insert module \(word): \(insertionMessage(.ENOEXEC))\n"
      )
    case .success, .failure(.noClock):
      (
        .failed(.EINVAL),
        "insmod: ERROR: could not insert module \(word): \(insertionMessage(.EINVAL))\n"
      )
    case .failure(.errno(let error)):
      (
        .failed(error), "insmod: ERROR: could not load module \(word): \(error.message)\n"
      )
    }
  }

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
    case .ENOEXEC: "Invalid module format"
    case .ENOENT: "Unknown symbol in module"
    case .EINVAL: "Invalid parameters"
    default: error.message
    }
  }
}
