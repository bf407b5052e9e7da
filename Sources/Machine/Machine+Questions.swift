/// The operator's questions and checks: local operations that look at the world and change nothing
/// in it but the operator's own registers.
extension Machine {
  func ask(
    _ instruction: Instruction, _ process: Process, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) {
    let frame = process.frame
    let a = frame + Int(instruction.a)
    switch instruction.operation {
    case .query:
      row[a] = answer(instruction, process, &row, &workspace)
    case .sharedElement:
      guard let number = element(instruction, process, &row, &workspace) else { return }
      row[a] = UInt64(bitPattern: variable(number, &row))
    case .hostCall:
      switch callHost(instruction, process, &row, &workspace) {
      case .value(let value): row[a] = UInt64(bitPattern: value)
      case .list(let elements): row[a] = workspace.lists.intern(elements)
      case .failure(let error):
        workspace.fault = .hostCall(address: process.programCounter, error)
      case .noClock: workspace.fault = .noClock(address: process.programCounter)
      }
    case .hostStatus:
      row[a] = hostStatus(instruction, process, &row, &workspace)
    case .readField:
      readField(instruction, process, &row, &workspace)
    case .moduleIsLive:
      row[a] = state(of: ModuleID(Int(instruction.b)), &row) == .live ? 1 : 0
    case .commandStatus:
      row[a] = exitStatus(instruction, process, &row)
    case .taskVariable:
      row[a] = taskVariable(instruction, process, &row, &workspace)
    case .logContains:
      row[a] = logContains(instruction, process, &row, &workspace) ? 1 : 0
    case .arm:
      arm(Int(instruction.c), &row)
    case .require:
      guard row[a] != 0 else {
        workspace.fault = .assertionFailed(assertion: Int(instruction.c))
        return
      }
      workspace.assertionsHeld[Int(instruction.c)] = true
      record(.asserted(assertion: Int(instruction.c)), &row, &workspace)
    case .check:
      check(instruction, process, &row, &workspace)
    case .requireStatus:
      checkOutcome(status: Int64(bitPattern: row[a]), Int(instruction.c), &workspace)
    case .print:
      let site = Int(instruction.c)
      let text = texts(site, first: a, &row, workspace).joined()
      guard spendOutput(text, process, &workspace) else { return }
      record(.printed(site: site, text), &row, &workspace)
    case .cue:
      let text = texts(Int(instruction.c), first: a, &row, workspace).joined()
      guard spendOutput(text, process, &workspace) else { return }
      record(.cued(cue: Int(instruction.b), text: text), &row, &workspace)
    case .report:
      report(instruction, process, &row, &workspace)
    default:
      makeValue(instruction, process, &row, &workspace)
    }
  }

  /// False, with a fault, when more has been printed than is allowed.
  private func spendOutput(
    _ text: String, _ process: Process, _ workspace: inout Workspace
  ) -> Bool {
    workspace.outputBytes += text.utf8.count + 1
    if workspace.outputBytes <= workspace.limits.outputBytes { return true }
    workspace.fault = .outputExhausted(address: process.programCounter)
    return false
  }

  private func report(
    _ instruction: Instruction, _ process: Process, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) {
    let site = program.texts[Int(instruction.c)]
    let first = process.frame + Int(instruction.b)
    let name = text(
      Int64(bitPattern: row[process.frame + Int(instruction.a)]), .string, &row, workspace)
    let text = texts(Int(instruction.c), first: first, &row, workspace).joined()
    guard spendOutput(name + text, process, &workspace) else { return }
    var figure = Figure(name: name, text: text, kind: .string)
    // A value alone, and not a text with values in it.
    if site.kinds.count == 1, site.pieces.allSatisfy(\.isEmpty) {
      figure.kind = site.kinds[0]
      if figure.kind.isNumber { figure.value = Int64(bitPattern: row[first]) }
    }
    workspace.figures.append(figure)
    record(
      .reported(site: Int(instruction.c), name: name, text: text), &row, &workspace)
  }

  /// A check that fails is taken down with its values; the scenario goes on.
  private func check(
    _ instruction: Instruction, _ process: Process, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) {
    let number = Int(instruction.c)
    guard row[process.frame + Int(instruction.a)] == 0 else {
      workspace.assertionsHeld[number] = true
      return record(.asserted(assertion: number), &row, &workspace)
    }
    record(.checkFailed(assertion: number), &row, &workspace)
    let known = workspace.failedChecks.firstIndex { $0.assertion == number }
    if let known {
      workspace.failedChecks[known].times += 1
      return
    }
    var values: [FailedCheck.Value] = []
    for (place, capture) in program.assertions[number].captures.enumerated() {
      let word = row[process.frame + capture.register]
      guard word != Self.notEvaluated else { continue }
      let text = text(Int64(bitPattern: word), capture.kind, &row, workspace)
      values.append(FailedCheck.Value(capture: place, text: text))
    }
    workspace.failedChecks.append(FailedCheck(assertion: number, values: values))
  }

  /// What stands in the register of a sub-expression that `and` or `or` left out: a word that none
  /// is likely to give.
  package static let notEvaluated: UInt64 = 0x8bad_f00d_dead_beef

  private func answer(
    _ instruction: Instruction, _ process: Process, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> UInt64 {
    guard let query = Query(rawValue: instruction.c) else {
      preconditionFailure("no such query: \(instruction.c)")
    }
    if query == .inProgress { return engine.isInProgress(self, &row) ? 1 : 0 }
    if query == .logged { return row[layout.logged[Int(instruction.b)]] }
    if query == .variable { return UInt64(bitPattern: variable(Int(instruction.b), &row)) }
    if query == .transitionDuration {
      if layout.keepsTime { return UInt64(bitPattern: transitionDuration(&row)) }
      workspace.fault = .noClock(address: process.programCounter)
      return 0
    }
    if query == .longestPause {
      if let field = layout.longestPause { return row[field] }
      workspace.fault = .noClock(address: process.programCounter)
      return 0
    }
    let slot = TaskSlot(Int(row[process.frame + Int(instruction.b)]))
    let state = state(of: slot, &row)
    if query.needsLiveTask, state == .gone || state == .unborn {
      workspace.fault = .deadTask(address: process.programCounter, slot: slot)
      return 0
    }
    switch query {
    case .universe: return engine.isOld(slot, self, &row) ? 0 : 1
    case .alive: return state == .gone || state == .zombie ? 0 : 1
    case .pid: return UInt64(program.pid(of: slot))
    case .inKernel: return row[layout.task.inKernel, at: layout.origin(of: slot)]
    case .state: return UInt64(bitPattern: StringTable.word(for: String(state.letter)))
    case .inProgress, .logged, .variable, .transitionDuration, .longestPause: return 0
    }
  }

  private func taskVariable(
    _ instruction: Instruction, _ process: Process, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> UInt64 {
    let slot = TaskSlot(Int(row[process.frame + Int(instruction.b)]))
    let number = Int(instruction.c)
    let registers = program.taskVariables[number].registers
    guard let register = registers[function(of: slot, &row)] else {
      workspace.fault = .noTaskVariable(
        address: process.programCounter, slot: slot, variable: number)
      return 0
    }
    return row[layout.origin(of: slot) + layout.taskStack + register]
  }

  private func callHost(
    _ instruction: Instruction, _ process: Process, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> HostResult {
    let host = program.hostFunctions[Int(instruction.c)]
    let first = process.frame + Int(instruction.b)
    let arguments = (0..<host.parameterCount).map { Int64(bitPattern: row[first + $0]) }
    guard workspace.spend(Fuel.perRequest, at: process.programCounter) else { return .value(0) }
    let result = host.body(arguments, self, &row, &workspace)
    checkMemory(at: process.programCounter, &row, &workspace)
    return result
  }

  private func hostStatus(
    _ instruction: Instruction, _ process: Process, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> UInt64 {
    switch callHost(instruction, process, &row, &workspace) {
    case .value, .list: return 0
    case .failure(let error): return UInt64(bitPattern: -Int64(error.rawValue))
    case .noClock:
      workspace.fault = .noClock(address: process.programCounter)
      return 0
    }
  }

  private func exitStatus(
    _ instruction: Instruction, _ process: Process, _ row: inout MutableSpan<UInt64>
  ) -> UInt64 {
    let word = Int64(bitPattern: row[process.frame + Int(instruction.b)])
    return UInt64(CommandStatus(word: word).exit)
  }

  private func checkOutcome(status: Int64, _ number: Int, _ workspace: inout Workspace) {
    let expected = program.outcomes[number].errors
    let got = CommandStatus(word: status)
    guard got.error != nil || got.exit == 0 else {
      workspace.fault = .commandFailed(outcome: number, exit: got.exit)
      return
    }
    let isExpected = got.error.map(expected.contains) ?? expected.isEmpty
    if !isExpected { workspace.fault = .unexpectedOutcome(outcome: number, got: got.error) }
  }

  /// Evaluates a condition in the frame that starts at `frame`. Its own registers are zero before
  /// and after. On a fault the answer is false.
  func evaluate(
    conditionAt start: Int, frame: Int, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> Bool {
    var process = Process(programCounter: start, frame: frame)
    runLocals(&process, stackEnd: operatorStackEnd, &row, &workspace)
    guard workspace.fault == nil else { return false }
    let result = Int(program.instructions[process.programCounter].a)
    let holds = row[process.frame + result] != 0
    for address in start...process.programCounter {
      if let register = program.instructions[address].written { row[frame + register] = 0 }
    }
    return holds
  }
}

// MARK: Explaining a condition that failed

extension Machine {
  /// The word of the row that is register 0 of the operator's bottom or current frame.
  package func operatorFrame(bottom: Bool, _ row: inout MutableSpan<UInt64>) -> Int {
    bottom
      ? layout.operatorStack
      : layout.operatorStack + Int(row[layout.frame, at: layout.operatorOrigin])
  }

  /// Runs a condition's code and leaves its registers as they come out. For a world that nobody
  /// will step on again.
  package func evaluateKeepingRegisters(
    from start: Int, frame: Int, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    var process = Process(programCounter: start, frame: frame)
    runLocals(&process, stackEnd: operatorStackEnd, &row, &workspace)
  }
}
