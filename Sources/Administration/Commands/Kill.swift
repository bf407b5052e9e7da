import Machine

extension Commands {
  /// `kill [-SIGNAL] PID…`: what the shell itself does (bash). One process after the other gets its
  /// signal, each in a step; it went well if one of them did.
  static let kill = ShellCommand(
    name: "kill", usage: "kill [-s SIGNAL | -SIGNAL] PID…", help: "send a signal to processes",
    operands: .anything,
    objection: { line in
      if line.words.dropFirst().first == "-l" { return nil }
      guard case .failure(let complaint) = KillRequest.read(line) else { return nil }
      return complaint.words
    },
    start: { line, _, _, _ in
      if line.words.dropFirst().first == "-l" { return SignalList.end(line.words.dropFirst(2)) }
      switch KillRequest.read(line) {
      case .success: return .acts
      case .failure(let complaint):
        return .ended(.failed(.EINVAL, exit: complaint.exit), complaint.text + "\n")
      }
    },
    act: { line, progress, _, machine, row in
      guard case .success(let request) = KillRequest.read(line) else {
        return CommandAct(next: .ends(.failed(.EINVAL)))
      }
      return request.deed(progress, machine, &row)
    })
}

private struct KillRequest {
  /// Nil: signal 0, which only asks whether the process is there.
  var signal: Signal?
  var pids: [String]

  struct Complaint: Error {
    var text: String
    var exit = 1

    init(text: String, exit: Int) {
      self.text = text
      self.exit = exit
    }

    init(_ what: String) { text = "-bash: kill: " + what }

    /// Without the shell that says it.
    var words: String {
      exit == 1 ? String(text.dropFirst("-bash: kill: ".count)) : "no process is named"
    }
  }

  static func read(_ line: CommandLine) -> Result<KillRequest, Complaint> {
    var words = line.words.dropFirst()
    var signal: Signal? = .TERM
    if let first = words.first, first.hasPrefix("-"), first != "--" {
      words.removeFirst()
      let name = ["-s", "-n"].contains(first) ? words.popFirst() : String(first.dropFirst())
      guard let name else {
        return .failure(Complaint("\(first): option requires an argument"))
      }
      guard name == "0" || Signal(typed: name) != nil else {
        return .failure(Complaint("\(name): invalid signal specification"))
      }
      signal = Signal(typed: name)
    }
    if words.first == "--" { words.removeFirst() }
    guard !words.isEmpty else {
      let usage = "kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]"
      return .failure(Complaint(text: "kill: usage: " + usage, exit: 2))
    }
    return .success(KillRequest(signal: signal, pids: Array(words)))
  }

  /// - Parameter progress: twice the number of processes that are done, and 1 if one of them was
  ///   there.
  func deed(
    _ progress: Int, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> CommandAct {
    let number = progress / 2
    var hasReached = progress % 2 == 1
    var act = CommandAct(next: .ends(.success))
    let word = pids[number]
    if let pid = Int(word) {
      if let subject = TaskSubject.at(pid: pid, machine, &row) {
        hasReached = true
        // What every kernel has ignores signals: pid 1 those that it has no handler for.
        if case .task(let slot) = subject, let signal { act.deed = .signal(signal, slot) }
      } else {
        act.printed = "-bash: kill: (\(pid)) - \(Errno.ESRCH.message)\n"
      }
    } else {
      // The operator's shell has started nothing.
      let what = word.hasPrefix("%") ? "no such job" : "arguments must be process or job IDs"
      act.printed = "-bash: kill: \(word): \(what)\n"
    }
    if number + 1 < pids.count {
      act.next = .goesOn(progress: 2 * (number + 1) + (hasReached ? 1 : 0))
    } else {
      act.next = .ends(hasReached ? .success : .failed(.ESRCH))
    }
    return act
  }
}

/// `kill -l`: the signals by number, five in a line; of a number the name, of a name the number.
private enum SignalList {
  private static let names = [
    "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2",
    "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG",
    "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
  ]
  /// Those of real time; 32 and 33 are the C library's own.
  private static let realTime = 34...64

  private static var all: [(number: Int, name: String)] {
    let plain = names.enumerated().map { (number: $0.offset + 1, name: $0.element) }
    return plain
      + realTime.map { number in
        let (first, last) = (realTime.lowerBound, realTime.upperBound)
        let isNearFirst = number - first <= last - number
        let distance = isNearFirst ? number - first : last - number
        let sign = isNearFirst ? "+" : "-"
        let base = isNearFirst ? "RTMIN" : "RTMAX"
        return (number, distance == 0 ? base : "\(base)\(sign)\(distance)")
      }
  }

  static func end(_ words: ArraySlice<String>) -> CommandStart {
    guard !words.isEmpty else {
      var text = ""
      for (place, signal) in all.enumerated() {
        text += "\(signal.number)".aligned(to: 2) + ") SIG" + signal.name
        text += place % 5 == 4 || place == all.count - 1 ? "\n" : "\t"
      }
      return .ended(.success, text)
    }
    var output = ""
    var status = CommandStatus.success
    for word in words {
      let plain = word.uppercased().hasPrefix("SIG") ? String(word.dropFirst(3)) : word
      if let found = all.first(where: { "\($0.number)" == word }) {
        output += found.name + "\n"
      } else if let found = all.first(where: { $0.name == plain.uppercased() }) {
        output += "\(found.number)\n"
      } else {
        output += "-bash: kill: \(word): invalid signal specification\n"
        status = .failed(.EINVAL)
      }
    }
    return .ended(status, output)
  }
}

extension Signal {
  /// By its number, or by its name with or without `SIG`, in any case.
  init?(typed word: String) {
    if let number = Int(word), let signal = Signal(rawValue: number) {
      self = signal
      return
    }
    let name = word.uppercased()
    guard let signal = Signal(name: name.hasPrefix("SIG") ? String(name.dropFirst(3)) : name)
    else { return nil }
    self = signal
  }
}
