import Machine

extension Commands {
  /// `cat FILE…` (coreutils): what can't be read is said, and the others follow.
  static let cat: ShellCommand = {
    var command = plainCat
    command.filter = { line, input in
      let options = CommandOptions(line.words, known: "u")
      guard options.complaint == nil, options.operands.allSatisfy({ $0 == "-" }) else { return nil }
      return (.success, input)
    }
    return command
  }()

  private static let plainCat = ShellCommand(
    name: "cat", usage: "cat FILE…", help: "print files", operands: .anything,
    objection: { CommandOptions($0.words, known: "u").complaint },
    paths: { CommandOptions.paths($0, known: "u") },
    start: { line, machine, row, _ in
      let options = CommandOptions(line.expanded(machine, &row), known: "u")
      if let complaint = options.gnuComplaint(of: "cat") {
        return .ended(.failed(.EINVAL), complaint)
      }
      var output = ""
      var status = CommandStatus.success
      for path in options.operands {
        switch FileNode.content(of: path, machine, &row) {
        case .success(let content): output += content
        case .failure(.noClock): return .lacks(.clock)
        case .failure(.errno(let error)):
          output += "cat: \(path): \(error.message)\n"
          if status == .success { status = .failed(error) }
        }
      }
      return .ended(status, output)
    })
}
