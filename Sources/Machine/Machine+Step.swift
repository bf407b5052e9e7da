/// One step: the visible action that the chosen actor stands before, and the local operations
/// after it; then the monitors look.
extension Machine {
  /// Makes the chosen step. The choice must be one that is possible in this world.
  ///
  /// Cost: that of the action; never of the number of tasks, except for verbs on lists of them.
  package func step(
    _ choice: Choice, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Progress {
    if workspace.fault != nil { workspace.fault = nil }
    workspace.alternative = choice.alternative
    switch choice.actor {
    case .task(let slot):
      // One whose timer ends its sleep while its CPU is somebody else's takes nothing from that.
      let cpu = layout.occupants.isEmpty || lacksCPU(slot, &row) ? nil : ownCPU(of: slot, &row)
      stepTask(slot, choice.alternative, &row, &workspace)
      if let cpu { noteOccupant(slot, on: cpu, &row) }
    case .engine:
      stepEngine(choice.alternative, &row, &workspace)
    case .operator:
      stepOperator(choice.alternative, &row, &workspace)
    case .handler(let number):
      stepHandler(number, choice.alternative, &row, &workspace)
    }
    guard workspace.fault == nil else {
      if case .needsCapacity = workspace.fault { workspace.events.forgetStep() }
      return .faulted
    }
    if !program.locks.isEmpty {
      watchForDeadlock(after: choice.actor, &row, &workspace)
      guard workspace.fault == nil else { return .faulted }
    }
    if !judged.isEmpty { judge(&row, &workspace) }
    let status = row[layout.operatorStatus]
    if layout.keepsTime, status == OperatorStatus.awaiting.rawValue, workspace.fault == nil {
      wakeOperatorIfConditionHolds(after: choice.actor, &row, &workspace)
    }
    guard workspace.fault == nil else { return .faulted }
    workspace.events.step += 1
    return status == OperatorStatus.finished.rawValue ? .finished : .running
  }

  private func stepEngine(
    _ alternative: Int, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    unschedule(.engine, &row)
    switch engine.step(alternative, self, &row, &workspace) {
    case .after(let nanoseconds):
      schedule(.engine, at: now(&row) + nanoseconds, &row, &workspace)
    case .whenCPUIsFree: break
    case .idle:
      endTransition(&row)
    }
  }

  private func endTransition(_ row: inout MutableSpan<UInt64>) {
    guard layout.keepsTime, row[layout.clock.transitionBegan] > 0 else { return }
    row[layout.clock.transitionTook] = UInt64(transitionDuration(&row))
    row[layout.clock.transitionBegan] = 0
  }

  /// How long the last transition took, or the one on its way has taken so far.
  func transitionDuration(_ row: inout MutableSpan<UInt64>) -> Int64 {
    let began = Int64(row[layout.clock.transitionBegan])
    return began > 0 ? now(&row) - (began - 1) : Int64(row[layout.clock.transitionTook])
  }

  /// Looks at every armed condition.
  private func judge(_ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace) {
    for number in judged where row.isSet(layout.armed[number]) {
      let expected: Bool
      switch program.properties[number].kind {
      case .monitor: continue
      case .always: expected = true
      case .never, .reach: expected = false
      }
      guard let start = program.properties[number].conditionStart else { continue }
      let holds = evaluate(
        conditionAt: start, frame: layout.operatorStack, &row, &workspace)
      guard workspace.fault == nil else { return }
      guard holds != expected else { continue }
      guard program.properties[number].isGoal else {
        workspace.fault = .violated(property: number, Violation())
        return
      }
      noteReached(number, &row, &workspace)
    }
  }

  // MARK: Tasks

  @inline(__always)
  private func stepTask(
    _ slot: TaskSlot, _ alternative: Int, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) {
    let origin = layout.origin(of: slot)
    if row[layout.task.state, at: origin] != TaskState.runnable.rawValue {
      // Its timer is due. Where time is kept it then waits for a CPU; elsewhere it goes right on.
      wakeTask(slot, .timeout, &row, &workspace)
      if layout.time == .kept || lacksCPU(slot, &row) { return }
    }
    if isPreempted(slot, &row, &workspace) { return }
    if isInterrupted(at: origin, &row) { return passExitWork(slot, &row, &workspace) }
    if layout.keepsTime, row[layout.clock.carried, at: origin] > 0 {
      return spendWork(Int64(row[layout.clock.carried, at: origin]), slot, &row, &workspace)
    }
    let stack = origin + layout.taskStack
    var process = process(at: origin, stack: stack, &row)
    let instruction = program.instructions[process.programCounter]
    guard act(instruction, slot, alternative, &process, &row, &workspace) else {
      if workspace.fault == nil { restIfAlive(process, slot, &row) }
      return
    }
    runLocals(&process, stackEnd: stack + layout.taskStackWords, &row, &workspace)
    if workspace.fault == nil { rest(process, at: origin, stack: stack, &row) }
  }

  private func restIfAlive(_ process: Process, _ slot: TaskSlot, _ row: inout MutableSpan<UInt64>) {
    guard isLive(slot, &row) else { return }
    let origin = layout.origin(of: slot)
    rest(process, at: origin, stack: origin + layout.taskStack, &row)
  }

  /// The visible action of a task. True when the process has moved past it and local code may
  /// follow; false when it sleeps, stops or is no more.
  private func act(
    _ instruction: Instruction, _ slot: TaskSlot, _ alternative: Int, _ process: inout Process,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Bool {
    switch instruction.operation {
    case .enterKernel:
      return enterKernel(instruction, slot, &process, &row, &workspace)
    case .leaveKernel:
      return leaveKernel(instruction, slot, &process, &row, &workspace)
    case .wait, .waitFor:
      return wait(instruction, slot, &process, &row, &workspace)
    case .sleep:
      return sleep(instruction, slot, alternative, &process, &row, &workspace)
    case .safePoint:
      clearSeen(at: layout.origin(of: slot), &row)
      record(.reachedSafePoint(slot), &row, &workspace)
      crossBoundary(slot, .safePoint, &row, &workspace)
      spend(costs.safePoint, slot, &row, &workspace)
      process.programCounter += 1
      return true
    case .fork:
      return fork(instruction, slot, &process, &row, &workspace)
    case .startThread:
      return startThread(instruction, slot, &process, &row, &workspace)
    case .reap:
      return reap(instruction, slot, &process, &row, &workspace)
    case .catchSignal, .ignoreSignal:
      changeSignal(instruction, slot, &process, &row, &workspace)
      return true
    case .leaveHandler:
      return leaveHandler(instruction, slot, &process, &row, &workspace)
    case .lock:
      return lock(instruction, slot, &process, &row, &workspace)
    case .exitTask:
      exit(slot, &row, &workspace)
      return false
    case .loadModule, .activateModule, .unloadModule, .retireModule, .freeModule, .unloadPatch:
      return actOnModule(instruction, slot, &process, &row, &workspace)
    case .endCommand:
      let status = Int64(bitPattern: row[process.frame + Int(instruction.a)])
      endCommand(status, slot, &row, &workspace)
      return false
    case .work:
      let duration = self.duration(instruction, alternative, process, &row, &workspace)
      guard workspace.fault == nil else { return false }
      record(.worked(.task(slot), nanoseconds: duration), &row, &workspace)
      spendWork(duration, slot, &row, &workspace)
      process.programCounter += 1
      return true
    default:
      guard
        let cost = actAnywhere(
          instruction, .task(slot), alternative, &process,
          stackEnd: layout.origin(of: slot) + layout.taskStride, &row, &workspace)
      else { return false }
      spend(cost, slot, &row, &workspace)
      return true
    }
  }

  /// The visible actions that a task and a handler have in common. Gives their cost, or nil after
  /// a fault or an oops.
  func actAnywhere(
    _ instruction: Instruction, _ runner: Runner, _ alternative: Int, _ process: inout Process,
    stackEnd: Int, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Int64? {
    let a = process.frame + Int(instruction.a)
    var cost: Int64
    switch instruction.operation {
    case .loadShared:
      row[a] = UInt64(bitPattern: variable(Int(instruction.b), &row))
      cost = costs.sharedAccess
    case .storeShared:
      store(Int64(bitPattern: row[a]), Int(instruction.b), runner, &row, &workspace)
      cost = costs.sharedAccess
    case .loadElement:
      guard let number = element(instruction, process, &row, &workspace) else { return nil }
      row[a] = UInt64(bitPattern: variable(number, &row))
      cost = costs.sharedAccess
    case .storeElement:
      guard let number = element(instruction, process, &row, &workspace) else { return nil }
      store(Int64(bitPattern: row[a]), number, runner, &row, &workspace)
      cost = costs.sharedAccess
    case .choose:
      row[a] = row[process.frame + Int(instruction.b) + alternative]
      cost = costs.choice
    case .printk:
      let site = Int(instruction.c)
      let line = texts(site, first: a, &row, workspace).joined()
      log(line, &row, &workspace)
      cost = costs.printk
    case .beginAtomic:
      return actAtomically(runner, &process, stackEnd: stackEnd, &row, &workspace)
    case .lock:
      guard spin(on: Int(instruction.b), runner, process, &row, &workspace) else { return nil }
      cost = costs.lock
    case .unlock:
      guard unlock(Int(instruction.b), runner, process, &row, &workspace) else { return nil }
      cost = costs.unlock
    case .oops:
      let text = texts(Int(instruction.c), first: a, &row, workspace).joined()
      oops(.stated, runner, process, &row, &workspace, saying: text)
      return nil
    case .wake:
      cost = wakeQueue(
        Int(instruction.b), limit: wakeLimit(instruction, process, &row), alternative, &row,
        &workspace)
    case .callTraced:
      return callTraced(
        instruction, runner, &process, stackEnd: stackEnd, &row, &workspace)
    case .returnTraced:
      let function = FunctionID(Int(liveness.functionOf[process.programCounter]))
      record(.returned(runner, function), &row, &workspace)
      pop(value: row[a], &process, &row)
      return costs.tracedReturn
    default:
      guard useObject(instruction, runner, process, &row, &workspace) else { return nil }
      cost = costs.sharedAccess
    }
    process.programCounter += 1
    return cost
  }

  /// Actions on objects, and on the task's own masks. False after an oops.
  private func useObject(
    _ instruction: Instruction, _ runner: Runner, _ process: Process,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Bool {
    switch instruction.operation {
    case .allocate: allocate(instruction, runner, process, &row, &workspace)
    case .free: return free(instruction, runner, process, &row, &workspace)
    case .loadField: return loadField(instruction, runner, process, &row, &workspace)
    case .storeField: return storeField(instruction, runner, process, &row, &workspace)
    case .allocateShadow, .hasShadow, .loadShadow, .storeShadow, .dropShadow:
      return useShadow(instruction, runner, process, &row, &workspace)
    case .dropShadows: dropShadows(Int(instruction.c), runner, &row, &workspace)
    case .interruptsOff, .bottomHalvesOff: mask(instruction, runner, process, &row)
    case .interruptsRestore, .bottomHalvesRestore:
      unmask(instruction, runner, process, &row, &workspace)
    default: preconditionFailure("no action of a \(runner): \(instruction.operation)")
    }
    return true
  }

  private func store(
    _ value: Int64, _ number: Int, _ runner: Runner, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) {
    row[layout.variables[number]] = encode(value, program.variables[number])
    let kept = variable(number, &row)
    record(.stored(runner, variable: number, value: kept), &row, &workspace)
  }

  /// The variable that is element R[c] of array b; nil, with a fault, where there is none.
  func element(
    _ instruction: Instruction, _ process: Process, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> Int? {
    let array = program.arrays[Int(instruction.b)]
    let index = Int64(bitPattern: row[process.frame + Int(instruction.c)])
    if index >= 0, index < Int64(array.count) { return array.first + Int(index) }
    workspace.fault = .listIndex(
      address: process.programCounter, index: index, count: Int64(array.count))
    return nil
  }

  func wakeLimit(
    _ instruction: Instruction, _ process: Process, _ row: inout MutableSpan<UInt64>
  ) -> Int {
    guard Int(instruction.a) != Instruction.noRegister else { return .max }
    return Int(clamping: max(0, Int64(bitPattern: row[process.frame + Int(instruction.a)])))
  }

  /// The duration that an instruction with a range takes under this alternative. Nothing takes less
  /// than a nanosecond, so that no loop can run for ever in an instant.
  func duration(
    _ instruction: Instruction, _ alternative: Int, _ process: Process,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Int64 {
    let low = Int64(bitPattern: row[process.frame + Int(instruction.a)])
    if low < 0 {
      workspace.fault = .negativeDuration(address: process.programCounter, value: low)
      return 0
    }
    return max(1, low.addingClamped(Int64(alternative)))
  }
}

extension Int64 {
  /// The sum, or the greatest number: a moment that no run comes to.
  func addingClamped(_ other: Int64) -> Int64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}
