import Machine

/// What becomes of what a command prints, behind a `|` and a `>`.
///
/// Its complaints go to the terminal and not to the next command: lines that begin with its own
/// name or with the shell's, where something has failed. The status is the last command's.
package enum Pipeline {
  package static func end(
    _ line: CommandLine, _ status: CommandStatus, _ output: String, _ machine: Machine,
    _ row: inout MutableSpan<UInt64>, _ workspace: Workspace
  ) -> (CommandStatus, String) {
    var terminal = ""
    var status = status
    var stream = parted(line, status, output, &terminal)
    for filter in line.filters {
      let end = run(filter, reading: stream, machine, &row, workspace)
      status = end.status
      stream = parted(filter, status, end.output, &terminal)
    }
    return (status, terminal + stream)
  }

  /// What the next one reads.
  private static func parted(
    _ line: CommandLine, _ status: CommandStatus, _ output: String, _ terminal: inout String
  ) -> String {
    var stream = line.isSilent ? "" : output
    if status.error != nil, line.complaints != .printed, let name = line.words.first {
      stream = ""
      for text in Lines(output).all {
        if text.hasPrefix(name + ":") || text.hasPrefix("-bash:") {
          if line.complaints == .shown { terminal += text + "\n" }
        } else if !line.isSilent {
          stream += text + "\n"
        }
      }
    }
    return stream
  }

  /// One that reads no input does what it does without it; one that acts can't stand there.
  private static func run(
    _ line: CommandLine, reading input: String, _ machine: Machine,
    _ row: inout MutableSpan<UInt64>, _ workspace: Workspace
  ) -> (status: CommandStatus, output: String) {
    let name = line.words.first ?? ""
    guard let command = machine.program.commands.first(where: { $0.name == line.name }) else {
      return (.failed(.ENOENT, exit: 127), "-bash: \(name): command not found\n")
    }
    if let end = command.filter?(line, input) { return end }
    guard case .ended(let status, let output) = command.start(line, machine, &row, workspace)
    else {
      return (.failed(.EINVAL, exit: 2), "-bash: \(name): this one can't stand behind a `|'\n")
    }
    return (status, output)
  }
}

/// The lines of a text; what stands behind the last newline is one if there is something.
struct Lines {
  var all: [String]

  init(_ text: String) {
    all = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if all.last == "" { all.removeLast() }
  }

  static func joined(_ lines: some Sequence<String>) -> String {
    lines.map { $0 + "\n" }.joined()
  }
}
