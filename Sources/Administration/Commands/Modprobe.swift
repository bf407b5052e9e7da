import Machine

extension Commands {
  /// `modprobe NAME`, `modprobe -r NAME` (`kmod`, `tools/modprobe.c`): the module's file is looked
  /// up by the module's name; what is there already, or gone already, is no error. What stands
  /// behind the name are parameters, of which the modules of a text have none.
  static let modprobe = ShellCommand(
    name: "modprobe", usage: "modprobe [-qrv] NAME", help: "load or remove a module by its name",
    operands: .module(options: ["-r", "--remove", "-q", "--quiet", "-v", "--verbose"]),
    start: { line, machine, row, _ in
      let request = ProbeRequest(line)
      if let complaint = request.options.complaint {
        return .ended(.failed(.EINVAL), "modprobe: \(complaint)\n")
      }
      guard let word = request.name else {
        return .ended(.failed(.EINVAL), "modprobe: ERROR: missing parameters. See -h.\n")
      }
      guard let file = ModuleFile.ofModule(word, machine, &row) else {
        return .ended(
          .failed(.ENOENT), request.isQuiet ? "" : request.missing(word, machine))
      }
      let isThere = isLoaded(file.target, machine, &row)
      guard !request.isRemoval else {
        return isThere ? start("modprobe -r", file.target, machine) : .ended(.success)
      }
      guard !isThere else { return .ended(.success) }
      if case .patch(let patch) = file.target { return .request(.apply(patch)) }
      return start("modprobe", file.target, machine)
    },
    output: { line, status, machine, row in
      let request = ProbeRequest(line)
      guard let word = request.name else { return "" }
      let name = ModuleName(word).text
      guard let error = status.error else {
        guard request.isVerbose else { return "" }
        if request.isRemoval { return "rmmod \(name)\n" }
        let path = ModuleFile.ofModule(word, machine, &row)?.path
        return path.map { "insmod \($0) \n" } ?? ""
      }
      if request.isRemoval { return "modprobe: FATAL: Module \(name) is in use.\n" }
      return "modprobe: ERROR: could not insert '\(name)': \(insertionMessage(error))\n"
    })

  static func isLoaded(
    _ target: ModuleTarget, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Bool {
    switch target {
    case .module(let module): machine.state(of: module, &row) != .absent
    case .patch(let patch): machine.engine.isLoaded(patch, machine, &row)
    }
  }
}

private struct ProbeRequest {
  let options: CommandOptions

  init(_ line: CommandLine) {
    options = CommandOptions(
      line.words, known: "rqv", long: ["remove": "r", "quiet": "q", "verbose": "v"])
  }

  var name: String? { options.operands.first }
  var isRemoval: Bool { options.has("r") }
  var isQuiet: Bool { options.has("q") }
  var isVerbose: Bool { options.has("v") }

  func missing(_ word: String, _ machine: Machine) -> String {
    "modprobe: FATAL: Module \(word) not found"
      + (isRemoval ? ".\n" : " in directory \(ModuleFile.folder(of: machine))\n")
  }
}
