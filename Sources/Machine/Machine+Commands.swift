/// What an administrator types: the operator waits until the command has ended.
extension Machine {
  /// R[a] is the status, R[c], if there is one, what was printed. Until then R[a] is 0, or above it
  /// how far a command has come that acts itself; while others act for it, that stands in the
  /// errand, and R[a] takes their answer.
  func command(
    _ instruction: Instruction, _ alternative: Int, _ process: inout Process,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Request {
    let line = commandLine(instruction, process, &row, workspace)
    let status = process.frame + Int(instruction.a)
    let progress = Int(Int64(bitPattern: row[status]))
    if row.isSet(layout.operatorBegan), progress > 0 {
      return act(line, progress, answer: nil, instruction, &process, &row, &workspace)
    }
    guard row.isSet(layout.operatorBegan), !engine.isRequestWaiting(self, &row) else {
      return start(line, instruction, &process, &row, &workspace)
    }
    if let errand = layout.disk?.errand, row.isSet(errand) {
      let answer = CommandStatus(word: Int64(progress)).error
      return act(
        line, Int(row[errand]), answer: answer, instruction, &process, &row, &workspace)
    }
    // Its process has ended, or the engine has answered: the status is in the register.
    guard goesOnWithRequest(alternative, status: status, &row, &workspace) else {
      return .again(at: now(&row))
    }
    let end = CommandStatus(word: Int64(bitPattern: row[status]))
    let output = command(line)?.output(line, end, self, &row) ?? ""
    return finish(line, end, output, instruction, &process, &row, &workspace)
  }

  private func start(
    _ line: CommandLine, _ instruction: Instruction, _ process: inout Process,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Request {
    let address = process.programCounter
    switch startOf(line, &row, workspace) {
    case .ended(let status, let output):
      return finish(line, status, output, instruction, &process, &row, &workspace)
    case .request(let request):
      let status = process.frame + Int(instruction.a)
      let answer = answer(to: request, &row, &workspace)
      if let waiting = begin(answer, status: status, at: address, &row, &workspace) {
        return waiting
      }
      let end = CommandStatus(word: Int64(bitPattern: row[status]))
      let output = command(line)?.output(line, end, self, &row) ?? ""
      return finish(line, end, output, instruction, &process, &row, &workspace)
    case .acts:
      row.set(layout.operatorBegan, to: true)
      return act(line, 0, answer: nil, instruction, &process, &row, &workspace)
    case .lacks(.clock):
      workspace.fault = .noClock(address: address)
      return .blocked
    case .lacks(.log):
      // What it prints nobody can guess.
      guard Int(instruction.c) == Instruction.noRegister, let isGood = workspace.guess() else {
        workspace.fault = .noLog(address: address)
        return .blocked
      }
      return finish(line, .success, "", isPiped: !isGood, instruction, &process, &row, &workspace)
    case .process(let function):
      startProcess(function, at: address, &row, &workspace)
      return .blocked
    }
  }

  private func startOf(
    _ line: CommandLine, _ row: inout MutableSpan<UInt64>, _ workspace: Workspace
  ) -> CommandStart {
    if let what = line.notUnderstood {
      let said = "-bash: syntax error near unexpected token `\(what)'\n"
      return .ended(.failed(.EINVAL, exit: 2), said)
    }
    guard let command = command(line) else {
      let name = line.words.first ?? ""
      let what = name.contains("/") ? Errno.ENOENT.message : "command not found"
      return .ended(.failed(.ENOENT, exit: 127), "-bash: \(name): \(what)\n")
    }
    return command.start(line, self, &row, workspace)
  }

  private func startProcess(
    _ function: FunctionID, at address: Int, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) {
    let needed = taskCount(&row) + 1
    guard needed <= workspace.limits.tasks else {
      workspace.fault = .tasksExhausted(address: address, tasks: 1)
      return
    }
    guard needed <= layout.taskCapacity(rowWords: row.count) else {
      workspace.fault = .needsCapacity(tasks: needed)
      return
    }
    _ = startTask(function, arguments: 0..<0, &row, &workspace)
    row.set(layout.operatorBegan, to: true)
    row[layout.operatorStatus] = OperatorStatus.busy.rawValue
  }

  /// The next deed of a command that acts. Others step in between, for as long as they like where
  /// time is arbitrary.
  private func act(
    _ line: CommandLine, _ progress: Int, answer: Errno?, _ instruction: Instruction,
    _ process: inout Process, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Request {
    guard let deed = command(line)?.act?(line, progress, answer, self, &row) else {
      return finish(line, .success, "", instruction, &process, &row, &workspace)
    }
    switch deed.deed {
    case .nothing: break
    case .signal(let signal, let slot): deliver(signal, to: slot, &row, &workspace)
    case .disk(let change): self.change(change, &row)
    case .restart: restart(&row, &workspace)
    case .request, .process:
      return entrust(deed, at: progress, instruction, process, &row, &workspace)
    }
    guard workspace.fault == nil else { return .blocked }
    let printed = printed(instruction, process, &row, workspace) + deed.printed
    switch deed.next {
    case .ends(let status):
      return finish(line, status, printed, instruction, &process, &row, &workspace)
    case .goesOn(let progress):
      row[process.frame + Int(instruction.a)] = UInt64(progress)
      if let errand = layout.disk?.errand { row[errand] = 0 }
      keep(printed.isEmpty ? nil : printed, instruction, process, &row, &workspace)
      return .again(at: now(&row).addingClamped(deed.pauseNanoseconds))
    }
  }

  /// Somebody else does it; the command goes on with the answer. While the engine's lock is not to
  /// be had the command stays where it is, and asks anew when it is.
  private func entrust(
    _ deed: CommandAct, at progress: Int, _ instruction: Instruction, _ process: Process,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Request {
    guard case .goesOn(let next) = deed.next, let errand = layout.disk?.errand else {
      return .blocked
    }
    let status = process.frame + Int(instruction.a)
    let address = process.programCounter
    switch deed.deed {
    case .process(let function):
      startProcess(function, at: address, &row, &workspace)
      guard workspace.fault == nil else { return .blocked }
      row[status] = 0
      row[errand] = UInt64(next)
      return .blocked
    case .request(let request):
      row[status] = 0
      let answer = answer(to: request, &row, &workspace)
      let waiting = begin(answer, status: status, at: address, &row, &workspace)
      if answer == .waiting { row[status] = UInt64(progress) }
      row[errand] = answer == .waiting ? 0 : UInt64(next)
      row.set(layout.operatorBegan, to: true)
      return waiting ?? .again(at: now(&row))
    default: return .blocked
    }
  }

  private func finish(
    _ line: CommandLine, _ status: CommandStatus, _ output: String, isPiped: Bool = true,
    _ instruction: Instruction, _ process: inout Process, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> Request {
    var (status, output) = (status, output)
    if isPiped, !line.isPlain, let pipe = command(line)?.pipe {
      (status, output) = pipe(line, status, output, self, &row, workspace)
    }
    row.set(layout.operatorBegan, to: false)
    if let errand = layout.disk?.errand { row[errand] = 0 }
    row[process.frame + Int(instruction.a)] = UInt64(bitPattern: status.word)
    // As `$(…)` gives it: without the last newline.
    let text = output.hasSuffix("\n") ? String(output.dropLast()) : output
    keep(text, instruction, process, &row, &workspace)
    guard workspace.fault == nil else { return .blocked }
    if workspace.events.isRecording {
      record(
        .commandEnded(
          address: process.programCounter, line: line.text, status, output: output), &row,
        &workspace)
    }
    process.programCounter += 1
    return .done
  }

  // MARK: What was printed

  /// What it has printed so far.
  private func printed(
    _ instruction: Instruction, _ process: Process, _ row: inout MutableSpan<UInt64>,
    _ workspace: Workspace
  ) -> String {
    guard Int(instruction.c) != Instruction.noRegister else { return "" }
    let word = row[process.frame + Int(instruction.c)]
    return word == 0 ? "" : workspace.strings.string(for: Int64(bitPattern: word)) ?? ""
  }

  private func keep(
    _ text: String?, _ instruction: Instruction, _ process: Process,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    guard Int(instruction.c) != Instruction.noRegister else { return }
    row[process.frame + Int(instruction.c)] =
      text.map { UInt64(bitPattern: workspace.strings.intern($0)) } ?? 0
    checkMemory(at: process.programCounter, &row, &workspace)
  }

  private func commandLine(
    _ instruction: Instruction, _ process: Process, _ row: inout MutableSpan<UInt64>,
    _ workspace: Workspace
  ) -> CommandLine {
    let word = Int64(bitPattern: row[process.frame + Int(instruction.b)])
    return CommandLine(workspace.strings.string(for: word) ?? "")
  }

  private func command(_ line: CommandLine) -> ShellCommand? {
    program.commands.first { $0.name == line.name }
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
