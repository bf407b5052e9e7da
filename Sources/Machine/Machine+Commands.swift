/// What an administrator types: the operator waits until the command has ended.
extension Machine {
  func command(
    _ instruction: Instruction, _ process: inout Process, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> Request {
    if row.isSet(layout.operatorBegan) {
      // Its process has ended, or the engine has answered: the status is in the register.
      row.set(layout.operatorBegan, to: false)
    } else {
      guard let error = start(instruction, process, &row, &workspace) else { return .blocked }
      row[process.frame + Int(instruction.a)] =
        UInt64(bitPattern: -Int64(error?.rawValue ?? 0))
    }
    noteEnd(of: instruction, process, &row, &workspace)
    process.programCounter += 1
    return .done
  }

  /// The first step of a command: how it ended, or nil when somebody else will say.
  private func start(
    _ instruction: Instruction, _ process: Process, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> Errno?? {
    let address = process.programCounter
    let words = words(row[process.frame + Int(instruction.b)], workspace)
    let command = command(words)
    switch command?.start(words, self, &row) ?? .ended(.ENOENT) {
    case .ended(let error):
      return .some(error)
    case .apply(let patch):
      switch engine.apply(patch, self, &row, &workspace) {
      case .accepted(let due):
        waitForEngine(due: due, at: address, &row, &workspace)
        return nil
      case .refused(let error):
        record(.requested(address: address, .refused(error)), &row, &workspace)
        return .some(error)
      case .walking, .done:
        return .some(nil)
      }
    case .process(let function):
      let needed = taskCount(&row) + 1
      guard needed <= workspace.limits.tasks else {
        workspace.fault = .tasksExhausted(address: address, tasks: 1)
        return nil
      }
      guard needed <= layout.taskCapacity(rowWords: row.count) else {
        workspace.fault = .needsCapacity(tasks: needed)
        return nil
      }
      _ = startTask(function, arguments: 0..<0, &row, &workspace)
      row.set(layout.operatorBegan, to: true)
      row[layout.operatorStatus] = OperatorStatus.busy.rawValue
      return nil
    }
  }

  /// Tells what the command has printed.
  private func noteEnd(
    of instruction: Instruction, _ process: Process, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) {
    guard workspace.events.isRecording else { return }
    let status = Int64(bitPattern: row[process.frame + Int(instruction.a)])
    let line = row[process.frame + Int(instruction.b)]
    let output = output(of: line, status: status, &row, workspace)
    record(
      .commandEnded(
        address: process.programCounter, Errno(rawValue: Int(-status)), output: output), &row,
      &workspace)
  }

  /// What a command has printed, as `$(…)` gives it: without the last newline.
  func commandOutput(
    _ instruction: Instruction, _ process: Process, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> UInt64 {
    let line = row[process.frame + Int(instruction.b)]
    let status = Int64(bitPattern: row[process.frame + Int(instruction.c)])
    let output = output(of: line, status: status, &row, workspace)
    let text = output.hasSuffix("\n") ? String(output.dropLast()) : output
    let word = UInt64(bitPattern: workspace.strings.intern(text))
    checkMemory(at: process.programCounter, &row, &workspace)
    return word
  }

  private func output(
    of line: UInt64, status: Int64, _ row: inout MutableSpan<UInt64>, _ workspace: Workspace
  ) -> String {
    let words = words(line, workspace)
    let error = status == 0 ? nil : Errno(rawValue: Int(-status))
    guard let command = command(words) else {
      return "\(words.first ?? ""): command not found\n"
    }
    return command.output(words, error, self, &row)
  }

  private func words(_ line: UInt64, _ workspace: Workspace) -> [String] {
    CommandLine(workspace.strings.string(for: Int64(bitPattern: line)) ?? "").words
  }

  private func command(_ words: [String]) -> ShellCommand? {
    program.commands.first { $0.name == words.first }
  }

  /// The process of a command ends, and the operator goes on with its status. A module whose init
  /// gives a positive number is loaded all the same, as in Linux.
  func endCommand(
    _ status: Int64, _ slot: TaskSlot, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) {
    let error = status < 0 ? Errno(rawValue: Int(clamping: -status)) ?? .EINVAL : nil
    exit(slot, answering: error, &row, &workspace)
  }
}
