/// The operator's requests to the patching engine, by a verb of their own or by way of a file.
extension Machine {
  /// `apply`, `revert`, `force` and what the host lends. The status goes to R[a].
  func requestOfEngine(
    _ instruction: Instruction, _ alternative: Int, _ process: inout Process,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Request {
    let status = process.frame + Int(instruction.a)
    if row.isSet(layout.operatorBegan), !engine.isRequestWaiting(self, &row) {
      guard goesOnWithRequest(alternative, status: status, &row, &workspace) else {
        return .again(at: now(&row))
      }
      row.set(layout.operatorBegan, to: false)
      process.programCounter += 1
      return .done
    }
    let address = process.programCounter
    let answer = answer(instruction, process, &row, &workspace)
    if let waiting = begin(answer, status: status, at: address, &row, &workspace) {
      return waiting
    }
    process.programCounter += 1
    return .done
  }

  /// What the engine's answer means for the operator: how it waits, or nil when its status is
  /// there.
  func begin(
    _ answer: EngineAnswer, status: Int, at address: Int, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> Request? {
    switch answer {
    case .accepted(let due):
      waitForEngine(due: due, at: address, &row, &workspace)
      return .blocked
    case .waiting:
      // It sleeps until the engine gives its lock back, and then asks anew.
      row.set(layout.operatorBegan, to: true)
      row[layout.operatorStatus] = OperatorStatus.busy.rawValue
      return .blocked
    case .walking:
      record(.requested(address: address, .accepted), &row, &workspace)
      row.set(layout.operatorBegan, to: true)
      return .again(at: now(&row))
    case .done:
      record(.requested(address: address, .accepted), &row, &workspace)
      row[status] = 0
    case .refused(let error):
      record(.requested(address: address, .refused(error)), &row, &workspace)
      row[status] = UInt64(bitPattern: Int64(-error.rawValue))
    }
    row.set(layout.operatorBegan, to: false)
    return nil
  }

  /// One more step of a request that takes several; true when its status is there.
  func goesOnWithRequest(
    _ alternative: Int, status: Int, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> Bool {
    // Else the engine has answered.
    guard engine.isForcing(self, &row) else { return true }
    guard engine.forceNext(alternative, self, &row, &workspace) else { return false }
    row[status] = 0
    return true
  }

  /// The engine has begun; the operator goes on with its answer.
  func waitForEngine(
    due: Int64, at address: Int, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    record(.requested(address: address, .accepted), &row, &workspace)
    row.set(layout.operatorBegan, to: true)
    row[layout.operatorStatus] = OperatorStatus.busy.rawValue
    schedule(.engine, at: now(&row) + due, &row, &workspace)
    if layout.keepsTime { row[layout.clock.transitionBegan] = UInt64(now(&row)) + 1 }
    if let field = layout.longestPause { row[field] = 0 }
  }

  /// The engine's lock is free: the operator's next step asks anew.
  package func resumeOperator(
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    row[layout.operatorStatus] = OperatorStatus.ready.rawValue
    schedule(.operator, at: now(&row), &row, &workspace)
  }

  private func answer(
    _ instruction: Instruction, _ process: Process, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> EngineAnswer {
    let operand = process.frame + Int(instruction.b)
    switch instruction.operation {
    case .apply:
      return engine.apply(PatchID(Int(row[operand])), self, &row, &workspace)
    case .revert:
      return engine.revert(PatchID(Int(row[operand])), self, &row, &workspace)
    case .force:
      return engine.force(self, &row, &workspace)
    default:
      let host = program.hostActions[Int(instruction.c)]
      let arguments = (0..<host.parameterCount).map { Int64(bitPattern: row[operand + $0]) }
      switch host.body(arguments, self, &row, &workspace) {
      case .done: return .done
      case .refused(let error): return .refused(error)
      case .request(let request): return answer(to: request, &row, &workspace)
      }
    }
  }

  func answer(
    to request: EngineRequest, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> EngineAnswer {
    switch request {
    case .apply(let patch): engine.apply(patch, self, &row, &workspace)
    case .revert(let patch): engine.revert(patch, self, &row, &workspace)
    case .force: engine.force(self, &row, &workspace)
    }
  }

  /// The engine lets the operator go on: `insmod`, or the write, returns. An error becomes the
  /// request's status.
  package func answerOperator(
    _ error: Errno?, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    let process = process(at: layout.operatorOrigin, stack: layout.operatorStack, &row)
    let register = Int(program.instructions[process.programCounter].a)
    row[process.frame + register] = UInt64(bitPattern: Int64(-(error?.rawValue ?? 0)))
    row[layout.operatorStatus] = OperatorStatus.ready.rawValue
    schedule(.operator, at: now(&row), &row, &workspace)
  }

  /// The engine's next step is due at once.
  package func hastenEngine(
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    schedule(.engine, at: now(&row), &row, &workspace)
  }
}
