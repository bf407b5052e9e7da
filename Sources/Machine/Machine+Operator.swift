/// The operator: the scenario's body, one statement's action a step. It stands outside the machine
/// and takes no time; its verbs are requests.
extension Machine {
  func stepOperator(
    _ alternative: Int, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    var process = process(at: layout.operatorOrigin, stack: layout.operatorStack, &row)
    let instruction = program.instructions[process.programCounter]
    guard workspace.spend(Fuel.perRequest, at: process.programCounter) else { return }
    if isFirstStep(of: instruction, &row), !isUnwritten(instruction, at: process.programCounter) {
      record(.acted(address: process.programCounter), &row, &workspace)
    }
    let request = request(instruction, alternative, &process, &row, &workspace)
    guard workspace.fault == nil else { return }
    unschedule(.operator, &row)
    switch request {
    case .done:
      runLocals(&process, stackEnd: operatorStackEnd, &row, &workspace)
      guard workspace.fault == nil else { return }
      rest(process, at: layout.operatorOrigin, stack: layout.operatorStack, &row)
      if !isPaused(&row) { schedule(.operator, at: now(&row), &row, &workspace) }
    case .again(let due):
      schedule(.operator, at: due, &row, &workspace)
    case .blocked:
      break
    }
  }

  /// Whether the operator comes to this statement now, and is not merely going on with it.
  private func isFirstStep(
    of instruction: Instruction, _ row: inout MutableSpan<UInt64>
  ) -> Bool {
    let isUnderWay =
      row.isSet(layout.operatorBegan)
      || row[layout.operatorStatus] == OperatorStatus.awaiting.rawValue
      || layout.operatorCursor.map { row[$0] > 0 } ?? false
    return !isUnderWay && instruction.operation != .finish
  }

  /// Whatever can fail runs in a step, so that there is one before the first statement: it stands
  /// nowhere in the text.
  private func isUnwritten(_ instruction: Instruction, at address: Int) -> Bool {
    instruction.operation == .observe && program.origins[address] == .none
  }

  enum Request {
    /// The statement is done; the operator has moved past it.
    case done
    /// It stays where it is and steps again at that time.
    case again(at: Int64)
    /// Somebody else lets it go on, or nobody does.
    case blocked
  }

  private func request(
    _ instruction: Instruction, _ alternative: Int, _ process: inout Process,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Request {
    let a = process.frame + Int(instruction.a)
    switch instruction.operation {
    case .observe:
      break
    case .spawn, .spawnOne:
      guard spawn(instruction, process, &row, &workspace) else { return .blocked }
    case .signalOne:
      guard let signal = Signal(rawValue: Int(instruction.b)) else { break }
      let isThere = deliver(signal, to: TaskSlot(Int(row[a])), &row, &workspace)
      setStatus(isThere ? nil : .ESRCH, instruction, process, &row)
    case .signal:
      guard signalNext(instruction, alternative, process, &row, &workspace) else {
        return .again(at: now(&row))
      }
    case .wake:
      _ = wakeQueue(
        Int(instruction.b), limit: wakeLimit(instruction, process, &row), alternative, &row,
        &workspace)
    case .apply, .revert, .force, .hostAction:
      return requestOfEngine(instruction, alternative, &process, &row, &workspace)
    case .command:
      return command(instruction, alternative, &process, &row, &workspace)
    case .operatorSleep:
      return operatorSleep(instruction, alternative, &process, &row, &workspace)
    case .await:
      return awaitCondition(instruction, &process, &row, &workspace)
    case .pause:
      return .blocked
    case .finish:
      row[layout.operatorStatus] = OperatorStatus.finished.rawValue
      record(.finished, &row, &workspace)
      return .blocked
    default:
      preconditionFailure("no request of the operator: \(instruction.operation)")
    }
    process.programCounter += 1
    return .done
  }

  private func spawn(
    _ instruction: Instruction, _ process: Process, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> Bool {
    let address = process.programCounter
    let isList = instruction.operation == .spawn
    let count = isList ? Int64(bitPattern: row[process.frame + Int(instruction.c)]) : 1
    guard count >= 0 else {
      workspace.fault = .negativeCount(address: address, value: count)
      return false
    }
    guard hasRoom(for: count, at: address, &row, &workspace) else { return false }
    let first = taskCount(&row)
    let function = FunctionID(Int(instruction.b))
    let firstArgument = process.frame + Int(instruction.c) + (isList ? 1 : 0)
    let parameters = program.functions[function.rawValue].parameterCount
    for _ in 0..<count {
      _ = startTask(
        function, arguments: firstArgument..<(firstArgument + parameters), spawnedAt: address,
        &row, &workspace)
      guard workspace.fault == nil else { return false }
    }
    row[process.frame + Int(instruction.a)] =
      isList ? List.word(first: first, count: Int(count)) : UInt64(first)
    return true
  }

  private func setStatus(
    _ error: Errno?, _ instruction: Instruction, _ process: Process,
    _ row: inout MutableSpan<UInt64>
  ) {
    guard Int(instruction.c) != Instruction.noRegister else { return }
    row[process.frame + Int(instruction.c)] =
      UInt64(bitPattern: Int64(-(error?.rawValue ?? 0)))
  }

  /// Sends the signal to one more task of the list; true when it was the last. A list is a set: in
  /// a search the order is arbitrary, with a mark on each task that is still to come, in a run it
  /// is that of the list.
  ///
  /// Who is gone is passed over; it is an error only if nobody was left, as of `kill(2)` to a
  /// group (`__kill_pgrp_info` in `kernel/signal.c`). Until its end the register of the status
  /// says whether somebody got it.
  private func signalNext(
    _ instruction: Instruction, _ alternative: Int, _ process: Process,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Bool {
    guard let signal = Signal(rawValue: Int(instruction.b)) else { return true }
    let list = row[process.frame + Int(instruction.a)]
    let count = workspace.lists.count(list)
    guard count > 0 else { return true }
    if let cursor = layout.operatorCursor {
      let done = Int(row[cursor])
      let slot = TaskSlot(Int(workspace.lists.element(done, of: list)))
      if deliver(signal, to: slot, &row, &workspace) { noteReceiver(instruction, process, &row) }
      row[cursor] = done + 1 == count ? 0 : UInt64(done + 1)
      if done + 1 == count { concludeSignal(instruction, process, &row) }
      return done + 1 == count
    }
    if !row.isSet(layout.operatorBegan) {
      row.set(layout.operatorBegan, to: true)
      for index in 0..<count {
        let slot = TaskSlot(Int(workspace.lists.element(index, of: list)))
        // A task that is gone has no words left, and there is nothing to reach.
        guard state(of: slot, &row) != .gone else {
          record(.signalMissed(slot, signal), &row, &workspace)
          continue
        }
        row.set(layout.task.targeted, at: layout.origin(of: slot), to: true)
      }
      return false
    }
    var left = alternative
    for number in 0..<taskCount(&row) {
      let origin = layout.origin(of: TaskSlot(number))
      guard row.isSet(layout.task.targeted, at: origin) else { continue }
      if left == 0 {
        row.set(layout.task.targeted, at: origin, to: false)
        deliver(signal, to: TaskSlot(number), &row, &workspace)
        noteReceiver(instruction, process, &row)
        break
      }
      left -= 1
    }
    guard targetedCount(&row) == 0 else { return false }
    row.set(layout.operatorBegan, to: false)
    concludeSignal(instruction, process, &row)
    return true
  }

  private func noteReceiver(
    _ instruction: Instruction, _ process: Process, _ row: inout MutableSpan<UInt64>
  ) {
    guard Int(instruction.c) != Instruction.noRegister else { return }
    row[process.frame + Int(instruction.c)] = 1
  }

  private func concludeSignal(
    _ instruction: Instruction, _ process: Process, _ row: inout MutableSpan<UInt64>
  ) {
    guard Int(instruction.c) != Instruction.noRegister else { return }
    let isReceived = row[process.frame + Int(instruction.c)] == 1
    setStatus(isReceived ? nil : .ESRCH, instruction, process, &row)
  }

  private func operatorSleep(
    _ instruction: Instruction, _ alternative: Int, _ process: inout Process,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Request {
    let duration = self.duration(instruction, alternative, process, &row, &workspace)
    guard workspace.fault == nil else { return .blocked }
    if layout.time == .kept, !row.isSet(layout.operatorBegan) {
      row.set(layout.operatorBegan, to: true)
      return .again(at: now(&row).addingClamped(duration))
    }
    row.set(layout.operatorBegan, to: false)
    process.programCounter += 1
    return .done
  }

  private func awaitCondition(
    _ instruction: Instruction, _ process: inout Process, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> Request {
    let site = program.awaits[Int(instruction.c)]
    if evaluate(conditionAt: site.start, frame: process.frame, &row, &workspace) {
      row[layout.operatorStatus] = OperatorStatus.ready.rawValue
      if layout.keepsTime { row[layout.clock.awaitLimit] = 0 }
      process.programCounter += 1
      return .done
    }
    guard workspace.fault == nil, layout.keepsTime else { return .blocked }
    let limit =
      Int(instruction.a) == Instruction.noRegister
      ? Self.defaultAwaitNanoseconds
      : Int64(bitPattern: row[process.frame + Int(instruction.a)])
    guard limit >= 0 else {
      workspace.fault = .negativeDuration(address: process.programCounter, value: limit)
      return .blocked
    }
    let now = Int64(row[layout.clock.now])
    if row[layout.operatorStatus] != OperatorStatus.awaiting.rawValue {
      row[layout.operatorStatus] = OperatorStatus.awaiting.rawValue
      row[layout.clock.awaitLimit] = UInt64(now.addingClamped(limit))
    }
    guard now < Int64(row[layout.clock.awaitLimit]) else {
      workspace.fault = .awaitExpired(site: Int(instruction.c), limitNanoseconds: limit)
      return .blocked
    }
    return .again(at: Int64(row[layout.clock.awaitLimit]))
  }

  /// An `await` without `within` waits that long: one hour of machine time.
  package static let defaultAwaitNanoseconds: Int64 = 3_600_000_000_000

  func wakeOperatorIfConditionHolds(
    after actor: Actor, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    let process = process(at: layout.operatorOrigin, stack: layout.operatorStack, &row)
    let instruction = program.instructions[process.programCounter]
    guard layout.keepsTime, instruction.operation == .await,
      row[layout.clock.due, at: layout.operatorOrigin] > row[layout.clock.now]
    else { return }
    let number = Int(instruction.c)
    // Most steps are a task's, and most conditions ask about the transition.
    if isEngineOnly[number], actor != .engine { return }
    let site = program.awaits[number]
    if evaluate(conditionAt: site.start, frame: process.frame, &row, &workspace) {
      schedule(.operator, at: Int64(row[layout.clock.now]), &row, &workspace)
    }
  }
}
