import Machine
import Patching

extension Commands {
  /// `kgr`, the script of the `kgraft` package: it reads the files of `/sys/kernel/kgraft` and
  /// `/proc`, and pokes whom they name.
  static let kgr = ShellCommand(
    name: "kgr", usage: "kgr [-hv] status|check|patches|blocking|blocking_threads|poke",
    help: "what kGraft is doing, and whom it waits for",
    operands: .word(kgrCommands),
    objection: { line in
      let options = kgrOptions(line)
      if options.has("h") || options.complaint != nil { return options.complaint }
      guard let name = options.operands.first else { return "a command is missing" }
      if options.operands.count > 1 { return "extra operand '\(options.operands[1])'" }
      return kgrCommands.contains { $0.name == name } ? nil : "unknown command '\(name)'"
    },
    start: { line, machine, row, _ in
      guard machine.hasTools(&row) else {
        return .ended(.failed(.ENOENT, exit: 127), "-bash: kgr: command not found\n")
      }
      let options = kgrOptions(line)
      if let complaint = options.complaint {
        return .ended(.failed(.EINVAL), "kgr: \(complaint)\n" + kgrUsage)
      }
      if options.has("h") { return .ended(.success, kgrUsage) }
      guard let name = options.operands.first, options.operands.count == 1 else {
        return .ended(.failed(.EINVAL), kgrUsage)
      }
      let isInProgress = machine.engine.isInProgress(machine, &row)
      let verbosity = options.count("v")
      switch name {
      case "status": return .ended(.success, isInProgress ? "in_progress\n" : "ready\n")
      case "check": return .ended(isInProgress ? .no() : .success)
      case "patches": return .ended(.success, PatchListing.text(verbosity, machine, &row))
      case "blocking": return .ended(.success, BlockingListing.processes(verbosity, machine, &row))
      case "blocking_threads":
        return .ended(.success, BlockingListing.threads(verbosity, machine, &row))
      case "poke": return .acts
      default: return .ended(.failed(.EINVAL), "kgr: unknown command '\(name)'\n" + kgrUsage)
      }
    },
    act: { line, progress, _, machine, row in
      Poke.deed(
        progress, isVerbose: CommandOptions(line.words, known: "hv").has("v"), machine, &row)
    })

  private static let kgrCommands = [
    ShellCommand.Word(
      "status", "ready, or in_progress while a patch is being applied or taken back"),
    ShellCommand.Word("check", "the same as exit status: 0 ready, 1 in progress"),
    ShellCommand.Word("patches", "the kGraft patches that are loaded"),
    ShellCommand.Word("blocking", "the processes that the transition waits for"),
    ShellCommand.Word("blocking_threads", "their threads"),
    ShellCommand.Word("poke", "sends each of those processes STOP and CONT"),
  ]

  private static func kgrOptions(_ line: CommandLine) -> CommandOptions {
    CommandOptions(line.words, known: "hv", long: ["help": "h", "verbose": "v"])
  }

  private static let kgrUsage = """
    Usage: kgr [-hv] COMMAND

    \(kgrCommands.map { "  " + padded($0.name) + $0.help }.joined(separator: "\n"))

      -h                this text
      -v                says more; twice: with the kernel stacks

    """

  private static func padded(_ name: String) -> String {
    name + String(repeating: " ", count: max(1, 18 - name.count))
  }
}

private enum PatchListing {
  static func text(
    _ verbosity: Int, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> String {
    var blocks: [String] = []
    for (number, patch) in machine.program.patches.enumerated() {
      let id = PatchID(number)
      guard machine.engine.isLoaded(id, machine, &row) else { continue }
      let isActive = (machine.engine as? KGraft)?.isActive(id, machine, &row) ?? false
      let isInstalled = machine.isInstalled(id, &row)
      blocks.append(
        patch.moduleName + "\n"
          + (verbosity > 0 ? details(patch, isActive: isActive, isInstalled: isInstalled) : ""))
    }
    return blocks.joined(separator: verbosity > 0 ? "\n" : "")
  }

  /// The package is that of the module's file, if there is one.
  private static func details(_ patch: Patch, isActive: Bool, isInstalled: Bool) -> String {
    guard isActive else { return "    active: 0\n" }
    let holes = patch.fixes.filter { $0.hasPrefix("CVE-") }
    let others = patch.fixes.filter { !$0.hasPrefix("CVE-") }
    let none = "(none)"
    // The first of a kernel's patches is empty, and only there to be replaced.
    let isFirst = patch.functions.isEmpty || patch.packageName != nil
    let initial = isFirst ? "(none - this is an initial kGraft patch)" : none
    let package =
      !isInstalled
      ? nil
      : patch.packageName.map { name in
        name + (patch.packageVersion.map { "-" + $0 } ?? "") + ".x86_64"
      }
    return """
          active: 1
          RPM: \(package ?? none)
          CVE: \(holes.isEmpty ? (others.isEmpty ? initial : none) : holes.joined(separator: " "))
          bug fixes and enhancements: \(others.isEmpty ? none : others.joined(separator: " "))

      """
  }
}

private enum BlockingListing {
  static func processes(
    _ verbosity: Int, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> String {
    var text = ""
    for subject in TaskSubject.processes(machine, &row) {
      guard case .task(let slot) = subject, machine.engine.isProcessOld(slot, machine, &row) else {
        continue
      }
      let facts = subject.facts(machine, &row)
      text += "\(facts.pid)" + (verbosity > 0 ? " \(facts.command)" : "") + "\n"
      if verbosity > 1 { text += stack(of: subject, machine, &row) }
    }
    return text.isEmpty && verbosity > 0 ? "no processes with kgr_in_progress set\n" : text
  }

  static func threads(
    _ verbosity: Int, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> String {
    var text = ""
    for process in TaskSubject.processes(machine, &row) {
      for thread in process.threads(machine, &row) {
        guard case .task(let slot) = thread, machine.engine.isOld(slot, machine, &row) else {
          continue
        }
        let facts = thread.facts(machine, &row)
        text += "\(facts.processPID)".aligned(to: 5) + " " + "\(facts.pid)".aligned(to: 5)
        text += (verbosity > 0 ? " \(facts.command)" : "") + "\n"
        if verbosity > 1 { text += stack(of: thread, machine, &row) }
      }
    }
    return text.isEmpty && verbosity > 0 ? "no threads with kgr_in_progress set\n" : text
  }

  private static func stack(
    of subject: TaskSubject, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> String {
    TaskFile.stack.content(subject, machine, &row)
      .split(separator: "\n").map { "  \($0)\n" }.joined()
  }
}

/// `kgr poke`: STOP, a tenth of a second, CONT, to one process after the other. Whether a process
/// is in the way it asks when it comes to it, in the step in which it stops it: nobody is marked
/// while the operator waits for a command, so that a look at all of them first would not find more.
private enum Poke {
  private static let pauseNanoseconds: Int64 = 100_000_000

  /// - Parameter progress: twice the slot of whom it stopped last, + 2; or the first slot to look
  ///   at, twice, + 1.
  static func deed(
    _ progress: Int, isVerbose: Bool, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> CommandAct {
    if progress > 0, progress % 2 == 0 {
      let slot = TaskSlot(progress / 2 - 1)
      return CommandAct(
        .signal(.CONT, slot), next: .goesOn(progress: 2 * (slot.rawValue + 1) + 1))
    }
    let first = progress / 2
    for number in first..<max(first, machine.taskCount(&row)) {
      let slot = TaskSlot(number)
      guard ![.gone, .unborn].contains(machine.state(of: slot, &row)),
        machine.leader(of: slot, &row) == slot, machine.engine.isProcessOld(slot, machine, &row)
      else { continue }
      let pid = machine.program.pid(of: slot)
      return CommandAct(
        .signal(.STOP, slot), printed: isVerbose ? "sending \(pid) STOP/CONT\n" : "",
        pauseNanoseconds: pauseNanoseconds, next: .goesOn(progress: 2 * (number + 1)))
    }
    return CommandAct(next: .ends(.success))
  }
}
