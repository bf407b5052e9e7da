import Machine

extension Commands {
  /// `ps` (procps-ng 3.3): the processes of the operator's terminal, with `-e`, `ax` or `aux` all
  /// of them. What nobody counts is 0: CPU time, and the share of the CPU and of the memory.
  static let ps = ShellCommand(
    name: "ps", usage: "ps [-ef] [aux] [-p PID]", help: "list the processes", operands: .anything,
    objection: { ProcessListing($0.words) == nil ? "unsupported option" : nil },
    start: { line, machine, row, _ in
      guard let request = ProcessListing(line.words) else {
        return .ended(.failed(.EINVAL), ProcessListing.complaint)
      }
      return request.end(machine, &row)
    })
}

private struct ProcessListing {
  private enum Form { case short, full, bsd, user }

  private var form = Form.short
  private var wantsAll = false
  private var pids: [Int]?

  static let complaint = """
    error: unsupported option

    Usage:
     ps [options]

     Try 'ps --help <simple|list|output|threads|misc|all>'
      or 'ps --help <s|l|o|t|m|a>'
     for additional help text.

    For more details see ps(1).

    """

  /// Nil when there is an option that it does not know.
  init?(_ words: [String]) {
    var words = words.dropFirst()
    while let word = words.popFirst() {
      if word == "-p" || word == "--pid" {
        guard let list = words.popFirst() else { return nil }
        let numbers = list.split(separator: ",").map { Int($0) }
        guard !numbers.isEmpty, !numbers.contains(nil) else { return nil }
        pids = (pids ?? []) + numbers.compactMap(\.self)
      } else if word.hasPrefix("-") {
        guard word.count > 1 else { return nil }
        for letter in word.dropFirst() {
          switch letter {
          case "e", "A": wantsAll = true
          case "f": form = .full
          default: return nil
          }
        }
      } else {
        guard !word.isEmpty, word.allSatisfy("aux".contains) else { return nil }
        // Other users' and those without a terminal: only both together are all.
        wantsAll = wantsAll || (word.contains("a") && word.contains("x"))
        form = word.contains("u") ? .user : .bsd
      }
    }
  }

  func end(_ machine: Machine, _ row: inout MutableSpan<UInt64>) -> CommandStart {
    var output = heading
    var isAny = false
    for subject in TaskSubject.processes(machine, &row) {
      let facts = subject.facts(machine, &row)
      guard pids?.contains(facts.pid) ?? (wantsAll || facts.isOnTerminal) else { continue }
      isAny = true
      output += line(facts) + "\n"
    }
    // A process that was asked for and is not there is a failure; an empty terminal is none.
    return .ended(isAny || pids == nil ? .success : .no(), output)
  }

  private var heading: String {
    switch form {
    case .short: "  PID TTY          TIME CMD\n"
    case .full: "UID        PID  PPID  C STIME TTY          TIME CMD\n"
    case .bsd: "  PID TTY      STAT   TIME COMMAND\n"
    case .user: "USER       PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\n"
    }
  }

  private func line(_ facts: TaskFacts) -> String {
    let pid = "\(facts.pid)".aligned(to: 5)
    let terminal = (facts.isOnTerminal ? "pts/0" : "?").padded(to: 8)
    let dead = facts.letter == "Z" ? " <defunct>" : ""
    let state = (String(facts.letter) + (facts.threads > 1 ? "l" : "")).padded(to: 4)
    let command = facts.command + dead
    switch form {
    case .short: return "\(pid) \(terminal) 00:00:00 \(facts.comm)\(dead)"
    case .full:
      let parent = "\(facts.parentPID)".aligned(to: 5)
      return "\("root".padded(to: 8)) \(pid) \(parent)  0 00:00 \(terminal) 00:00:00 \(command)"
    case .bsd: return "\(pid) \(terminal) \(state)   0:00 \(command)"
    case .user:
      let total = "\(facts.hasMemory ? TaskFile.Memory.total : 0)".aligned(to: 6)
      let resident = "\(facts.hasMemory ? TaskFile.Memory.resident : 0)".aligned(to: 5)
      return "\("root".padded(to: 8)) \(pid)  0.0  0.0 \(total) \(resident) \(terminal) \(state)"
        + " 00:00   0:00 \(command)"
    }
  }
}
