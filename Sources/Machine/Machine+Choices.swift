/// Which steps are possible where time is arbitrary.
///
/// The order is fixed: operator, engine, handlers, tasks by slot; for each its alternatives. A
/// choice's place in that order is its number, the one a schedule keeps.
extension Machine {
  /// Calls `visit` with each possible step. Cost: O(tasks), plus the operator's condition if it
  /// waits for one; the row is as before afterwards.
  package func forEachChoice(
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace, _ visit: (Choice) -> Void
  ) {
    if isOperatorEnabled(&row, &workspace) { visitAll(.operator, &row, visit) }
    visitAll(.engine, &row, visit)
    for number in layout.handlers.indices { visitAll(.handler(number), &row, visit) }
    for number in 0..<taskCount(&row) { visitAll(.task(TaskSlot(number)), &row, visit) }
  }

  /// How many of these steps are one actor's.
  package func choiceCount(
    of actor: Actor, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Int {
    if actor == .operator, !isOperatorEnabled(&row, &workspace) { return 0 }
    return alternatives(of: actor, &row)
  }

  private func visitAll(
    _ actor: Actor, _ row: inout MutableSpan<UInt64>, _ visit: (Choice) -> Void
  ) {
    for alternative in 0..<alternatives(of: actor, &row) {
      visit(Choice(actor: actor, alternative: alternative))
    }
  }

  private func isOperatorEnabled(
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Bool {
    guard row[layout.operatorStatus] == OperatorStatus.ready.rawValue else { return false }
    let process = process(at: layout.operatorOrigin, stack: layout.operatorStack, &row)
    let instruction = program.instructions[process.programCounter]
    guard instruction.operation == .await else { return instruction.operation != .pause }
    let site = program.awaits[Int(instruction.c)]
    // A fault of the last step, which this workspace may still hold, is none of the condition's.
    workspace.fault = nil
    let holds = evaluate(conditionAt: site.start, frame: process.frame, &row, &workspace)
    guard workspace.fault == nil else {
      // The condition can't be evaluated: its step may be taken, and faults.
      workspace.fault = nil
      clearDead(at: process.programCounter, frame: process.frame, &row)
      return true
    }
    return holds
  }

  /// In how many ways the actor's next step can go, 0 when it can make none. The caller has asked
  /// an operator's condition already.
  func alternatives(of actor: Actor, _ row: inout MutableSpan<UInt64>) -> Int {
    switch actor {
    case .operator:
      return operatorAlternatives(&row)
    case .engine:
      return engine.alternatives(self, &row)
    case .handler(let number):
      return handlerAlternatives(number, &row)
    case .task(let slot):
      return taskAlternatives(slot, &row)
    }
  }

  private func taskAlternatives(_ slot: TaskSlot, _ row: inout MutableSpan<UInt64>) -> Int {
    let origin = layout.origin(of: slot)
    switch state(of: slot, &row) {
    case .runnable:
      if lacksCPU(slot, &row) { return 0 }
      if layout.handlerInterrupted != nil, isInterrupted(slot, &row) { return 0 }
      if isSpinning(.task(slot), &row) { return 0 }
      // It goes on with what it began: the way it takes was chosen then.
      if isInterrupted(at: origin, &row) { return 1 }
      if row.isSet(layout.task.began, at: origin) { return 1 }
      if layout.keepsTime, row[layout.clock.carried, at: origin] > 0 { return 1 }
      let process = process(at: origin, stack: origin + layout.taskStack, &row)
      if program.instructions[process.programCounter].operation == .callTraced {
        return callAlternatives(slot, &row)
      }
      return alternatives(at: process, &row)
    case .sleeping, .uninterruptible:
      // Where time is arbitrary, a sleeper with a timer may wake at any moment.
      guard layout.time == .arbitrary, isTimed(slot, &row) else { return 0 }
      // While somebody has its CPU for a while it may as well sleep on; not for ever.
      return lacksCPU(slot, &row) && !isKeptOutBySpinner(slot, &row) ? 0 : 1
    case .unborn, .stopped, .zombie, .gone:
      return 0
    }
  }

  /// Whether in some world somebody may be held up who could go on otherwise.
  package var canHoldUp: Bool {
    !layout.locks.isEmpty || !layout.handlers.isEmpty || !layout.occupants.isEmpty
  }

  /// Calls `visit` with each who can make no step in this world for somebody else has something for
  /// a while: a lock that it spins on, the CPU. Where time is arbitrary.
  package func forEachHeldUp(
    _ row: inout MutableSpan<UInt64>, _ visit: (Actor) -> Void
  ) {
    if engine.isInProgress(self, &row), engine.alternatives(self, &row) == 0 { visit(.engine) }
    for number in layout.handlers.indices where handlerAlternatives(number, &row) == 0 {
      if isConnected(layout.handlers[number].source, &row) { visit(.handler(number)) }
    }
    for number in 0..<taskCount(&row) {
      let slot = TaskSlot(number)
      if state(of: slot, &row) == .runnable, taskAlternatives(slot, &row) == 0 {
        visit(.task(slot))
      }
    }
  }

  private func handlerAlternatives(_ number: Int, _ row: inout MutableSpan<UInt64>) -> Int {
    let handler = layout.handlers[number]
    guard row.isSet(layout.handlerActive, at: handler.origin) else {
      guard isConnected(handler.source, &row) else { return 0 }
      if isMaskedByOccupant(handler.cpu, &row) { return 0 }
      if isHandlerRunning(on: handler.cpu, &row) { return 0 }
      return 1 + interruptible(on: handler.cpu, &row).count
    }
    if isSpinning(.handler(number), &row) { return 0 }
    let process = process(at: handler.origin, stack: handler.stack, &row)
    if layout.keepsTime, program.instructions[process.programCounter].operation == .endInterrupt {
      // When it ticks again is settled when it ends.
      return Int(clamping: program.interrupts[handler.source].slackNanoseconds).addingOne
    }
    return alternatives(at: process, &row)
  }

  /// Whether some interrupt handler is active on the CPU: it masks the others there, and a work
  /// item for that CPU waits.
  package func isHandlerRunning(on cpu: Int, _ row: inout MutableSpan<UInt64>) -> Bool {
    for handler in layout.handlers where handler.cpu == cpu {
      if row.isSet(layout.handlerActive, at: handler.origin) { return true }
    }
    return false
  }

  private func operatorAlternatives(_ row: inout MutableSpan<UInt64>) -> Int {
    let process = process(at: layout.operatorOrigin, stack: layout.operatorStack, &row)
    let instruction = program.instructions[process.programCounter]
    if instruction.operation == .signal, layout.time == .arbitrary,
      row.isSet(layout.operatorBegan)
    {
      return max(1, targetedCount(&row))
    }
    if row.isSet(layout.operatorBegan) {
      return engine.isForcing(self, &row) ? engine.forceAlternatives(self, &row) : 1
    }
    return alternatives(at: process, &row)
  }

  /// In how many ways the process's next instruction can go by itself.
  private func alternatives(at process: Process, _ row: inout MutableSpan<UInt64>) -> Int {
    let instruction = program.instructions[process.programCounter]
    switch instruction.operation {
    case .choose:
      return Int(instruction.c)
    case .loadModule, .retireModule, .freeModule, .unloadPatch:
      return layout.time == .arbitrary && isHeldUp(instruction, &row) ? 0 : 1
    case .work, .sleep, .operatorSleep:
      guard layout.time == .kept else { return 1 }
      let low = Int64(bitPattern: row[process.frame + Int(instruction.a)])
      let high = Int64(bitPattern: row[process.frame + Int(instruction.b)])
      let jitter = instruction.operation == .operatorSleep ? 0 : program.jitterNanoseconds
      let (width, overflow) = max(high, low).addingClamped(jitter).subtractingReportingOverflow(low)
      return overflow ? .max : Int(clamping: width).addingOne
    case .wake:
      return wakeAlternatives(
        Int(instruction.b), limit: wakeLimit(instruction, process, &row), &row)
    default:
      return 1
    }
  }

  func targetedCount(_ row: inout MutableSpan<UInt64>) -> Int {
    var count = 0
    for number in 0..<taskCount(&row)
    where row.isSet(layout.task.targeted, at: layout.origin(of: TaskSlot(number))) {
      count += 1
    }
    return count
  }
}

extension Int {
  fileprivate var addingOne: Int { self == .max ? self : self + 1 }
}
