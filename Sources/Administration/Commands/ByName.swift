import Machine

/// Commands that find processes by their names (procps-ng and psmisc).
extension Commands {
  /// `pgrep [-flx] PATTERN`: status 1 when there is none.
  static let pgrep = ShellCommand(
    name: "pgrep", usage: "pgrep [-flx] PATTERN", help: "print the PIDs of processes by name",
    operands: .anything,
    objection: { NamedProcesses.objection($0, of: "pgrep") },
    start: { line, machine, row, _ in
      let wanted = NamedProcesses(line, of: "pgrep")
      if let complaint = wanted.complaint { return .ended(.failed(.EINVAL, exit: 2), complaint) }
      let found = wanted.find(machine, &row)
      let text = found.map { facts in
        "\(facts.pid)" + (wanted.isLong ? " \(facts.comm)" : "") + "\n"
      }
      return .ended(found.isEmpty ? .no() : .success, text.joined())
    })

  /// `pkill [-SIGNAL] [-fx] PATTERN`, each in a step of its own.
  static let pkill = killing(
    "pkill", usage: "pkill [-SIGNAL] [-fx] PATTERN", help: "send a signal to processes by name")

  /// `killall [-SIGNAL] NAME…`
  static let killall = killing(
    "killall", usage: "killall [-SIGNAL] NAME…", help: "send a signal to processes by name")

  private static func killing(_ name: String, usage: String, help: String) -> ShellCommand {
    ShellCommand(
      name: name, usage: usage, help: help, operands: .anything,
      objection: { NamedProcesses.objection($0, of: name) },
      start: { line, machine, row, _ in
        let wanted = NamedProcesses(line, of: name)
        if let complaint = wanted.complaint {
          return .ended(.failed(.EINVAL, exit: name == "killall" ? 1 : 2), complaint)
        }
        guard wanted.find(machine, &row).isEmpty else { return .acts }
        guard name == "killall" else { return .ended(.no(), "") }
        let text = wanted.operands.map { "\($0): no process found\n" }.joined()
        return .ended(.failed(.ESRCH), text)
      },
      act: { line, progress, _, machine, row in
        NamedProcesses(line, of: name).deed(progress, machine, &row)
      })
  }
}

private struct NamedProcesses {
  private(set) var operands: [String] = []
  private(set) var isLong = false
  private(set) var complaint: String?
  private var signal: Signal? = .TERM
  private var isWhole = false
  private let takesNames: Bool

  init(_ line: CommandLine, of command: String) {
    takesNames = command == "killall"
    isWhole = takesNames
    for word in line.words.dropFirst() {
      guard word.hasPrefix("-"), word != "-" else {
        operands.append(word)
        continue
      }
      let rest = String(word.dropFirst())
      if rest.allSatisfy("flxewqv".contains) {
        isLong = isLong || rest.contains("l")
        isWhole = isWhole || rest.contains("x")
      } else if command != "pgrep", rest == "0" || Signal(typed: rest) != nil {
        signal = Signal(typed: rest)
      } else {
        let what =
          takesNames ? "\(rest): unknown signal" : "invalid option -- '\(rest.prefix(1))'"
        complaint = "\(command): \(what)\n"
      }
    }
    guard complaint == nil, operands.isEmpty || (!takesNames && operands.count > 1) else { return }
    complaint =
      takesNames
      ? "Usage: killall [OPTION]... [--] NAME...\n"
      : operands.isEmpty
        ? "\(command): no matching criteria specified\n"
        : "\(command): only one pattern can be provided\n"
  }

  static func objection(_ line: CommandLine, of command: String) -> String? {
    guard let complaint = NamedProcesses(line, of: command).complaint else { return nil }
    if complaint.hasPrefix("Usage") { return "no process is named" }
    return String(complaint.dropFirst(command.count + 2).dropLast())
  }

  /// Kernel threads and pid 1 among them; in the order of their PIDs.
  func find(_ machine: Machine, _ row: inout MutableSpan<UInt64>) -> [TaskFacts] {
    let patterns = operands.map { LetterPattern(expression: $0, .extended, ignoringCase: false) }
    return TaskSubject.processes(machine, &row).map { $0.facts(machine, &row) }.filter { facts in
      isWhole
        ? operands.contains(facts.comm) : patterns.contains { $0.matches(facts.comm) }
    }.sorted { $0.pid < $1.pid }
  }

  /// - Parameter progress: the PID of the last one that has had its signal.
  func deed(
    _ progress: Int, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> CommandAct {
    let left = find(machine, &row).filter { $0.pid > progress }
    guard let first = left.first else { return CommandAct(next: .ends(.success)) }
    var act = CommandAct(
      next: left.count > 1 ? .goesOn(progress: first.pid) : .ends(.success))
    if case .task(let slot)? = TaskSubject.at(pid: first.pid, machine, &row), let signal {
      act.deed = .signal(signal, slot)
    }
    return act
  }
}
