/// Kernel modules that come and go (`kernel/module.c`).
///
/// Loading and removing is done by a process of the machine, whose code is that of the system call:
/// each of these actions is a step of it, and others step in between. The operator goes on when
/// that process has ended, so that there is never more than one of them.
extension Machine {
  package func state(
    of module: ModuleID, _ row: inout MutableSpan<UInt64>
  ) -> ModuleState {
    guard let field = layout.modules[module.rawValue] else {
      return program.modules[module.rawValue].startsLive ? .live : .absent
    }
    return ModuleState(rawValue: row[field]) ?? .absent
  }

  private func set(
    _ module: ModuleID, to state: ModuleState, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) {
    guard let field = layout.modules[module.rawValue], self.state(of: module, &row) != state
    else { return }
    row[field] = state.rawValue
    record(.module(module, state), &row, &workspace)
  }

  /// The visible actions of a process that loads or removes a module. False when it ends or has to
  /// wait.
  func actOnModule(
    _ instruction: Instruction, _ slot: TaskSlot, _ process: inout Process,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Bool {
    let module = ModuleID(Int(instruction.b))
    let a = process.frame + Int(instruction.a)
    guard !isHeldUp(instruction, &row) else {
      spend(costs.moduleStep, slot, &row, &workspace)
      return false
    }
    switch instruction.operation {
    case .loadModule:
      row[a] = Self.status(load(module, &row, &workspace))
    case .activateModule:
      activate(module, &row, &workspace)
      guard workspace.fault == nil else { return false }
    case .unloadModule:
      row[a] = Self.status(beginRemoval(of: module, &row, &workspace))
    case .retireModule:
      set(module, to: .going, &row, &workspace)
      engine.moduleGoing(module, self, &row, &workspace)
    case .freeModule:
      checkText(.module(module), &row, &workspace)
      guard workspace.fault == nil else { return false }
      set(module, to: .absent, &row, &workspace)
      forgetVariables(of: .module(module), &row)
    case .unloadPatch:
      row[a] = Self.status(remove(PatchID(Int(instruction.b)), &row, &workspace))
      guard workspace.fault == nil else { return false }
    default:
      preconditionFailure("no action on a module: \(instruction.operation)")
    }
    spend(costs.moduleStep, slot, &row, &workspace)
    process.programCounter += 1
    return true
  }

  /// What lay in a module's memory goes with it. The next one finds what its file says; where
  /// nobody can look at it meanwhile it may as well stand there already.
  package func forgetVariables(of text: ModuleTarget, _ row: inout MutableSpan<UInt64>) {
    for (number, variable) in program.variables.enumerated() where variable.home == text {
      row[layout.variables[number]] = encode(variable.initial, variable)
    }
  }

  private static func status(_ error: Errno?) -> UInt64 {
    UInt64(bitPattern: -Int64(error?.rawValue ?? 0))
  }

  /// Whether the action has to wait. Where time is arbitrary the step is not possible until then;
  /// else the task looks again and again.
  ///
  /// Text is freed with all CPUs stopped and interrupts off (`stop_machine`): a handler that is
  /// still inside it ends first. The engine is told of a module under a lock that it holds while it
  /// changes functions itself (`kgr_in_progress_lock`).
  func isHeldUp(_ instruction: Instruction, _ row: inout MutableSpan<UInt64>) -> Bool {
    switch instruction.operation {
    case .loadModule, .retireModule: engine.isBusyWithFunctions(self, &row)
    case .freeModule: isHandlerInside(.module(ModuleID(Int(instruction.b))), &row)
    case .unloadPatch: isHandlerInside(.patch(PatchID(Int(instruction.b))), &row)
    default: false
    }
  }

  // MARK: Coming

  /// The module's code is there, and whoever wants to know of its coming is told before its init
  /// runs. One step: nobody can look at the module in between, for nobody knows it yet, and the
  /// engine does its part under a lock of its own.
  private func load(
    _ module: ModuleID, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Errno? {
    guard program.modules[module.rawValue].name != KernelModule.kernelItself else {
      return .EINVAL
    }
    guard state(of: module, &row) == .absent else { return .EEXIST }
    set(module, to: .coming, &row, &workspace)
    let error = engine.moduleComing(module, self, &row, &workspace)
    if error != nil { set(module, to: .absent, &row, &workspace) }
    return error
  }

  /// Its init has succeeded: its system calls can be called, its kernel threads and interrupts are
  /// there.
  private func activate(
    _ module: ModuleID, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    let threads = program.modules[module.rawValue].kernelThreads
    let needed = taskCount(&row) + threads.count
    guard needed <= layout.taskCapacity(rowWords: row.count) else {
      workspace.fault = .needsCapacity(tasks: needed)
      return
    }
    set(module, to: .live, &row, &workspace)
    for function in threads {
      _ = startTask(function, arguments: 0..<0, &row, &workspace)
      guard workspace.fault == nil else { return }
    }
    for (number, handler) in layout.handlers.enumerated()
    where program.interrupts[handler.source].module == module {
      let source = program.interrupts[handler.source]
      let tick = nextTick(source, after: now(&row), 0)
      schedule(.handler(number), at: tick, &row, &workspace)
    }
  }

  /// Whether the source of interrupts is there to fire.
  func isConnected(_ source: Int, _ row: inout MutableSpan<UInt64>) -> Bool {
    guard let module = program.interrupts[source].module else { return true }
    return state(of: module, &row) == .live
  }

  // MARK: Going

  /// `delete_module(2)` up to the module's exit: nobody may be inside one of its system calls.
  private func beginRemoval(
    of module: ModuleID, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Errno? {
    switch state(of: module, &row) {
    case .absent: return .ENOENT
    case .coming, .going: return .EBUSY
    case .live: break
    }
    // EWOULDBLOCK, which is the same number.
    guard references(to: module, &row) == 0 else { return .EAGAIN }
    set(module, to: .going, &row, &workspace)
    for (number, handler) in layout.handlers.enumerated()
    where program.interrupts[handler.source].module == module {
      if !row.isSet(layout.handlerActive, at: handler.origin) {
        unschedule(.handler(number), &row)
      }
    }
    return nil
  }

  /// Who holds the module: tasks inside one of its system calls, as an open file holds the module
  /// that implements it. Counted when asked, so that no row has to keep it.
  package func references(
    to module: ModuleID, _ row: inout MutableSpan<UInt64>
  ) -> Int {
    var count = 0
    for number in 0..<taskCount(&row) {
      var isInside = false
      forEachFrame(of: TaskSlot(number), &row) { address in
        isInside = isInside || isSystemCall(at: address, of: module)
      }
      if isInside { count += 1 }
    }
    return count
  }

  /// Whether the code at the address is that of one of the module's system calls, or about to call
  /// one that a patch names.
  private func isSystemCall(at address: Int, of module: ModuleID) -> Bool {
    var function = Int(liveness.functionOf[address])
    let instruction = program.instructions[address]
    if instruction.operation == .callTraced, program.functions[function].kind == .userProgram {
      function = program.tracedFunctions[Int(instruction.b)].original.rawValue
    }
    let body = program.functions[function]
    return body.kind == .systemCall && body.module == module
  }

  /// Calls `visit` with the address at which each function on the task's stack stands or will go
  /// on, the innermost first.
  func forEachFrame(
    of slot: TaskSlot, _ row: inout MutableSpan<UInt64>, _ visit: (Int) -> Void
  ) {
    let state = state(of: slot, &row)
    guard state != .gone, state != .unborn, state != .zombie else { return }
    let origin = layout.origin(of: slot)
    forEachFrame(at: origin, stack: origin + layout.taskStack, &row, visit)
  }

  func forEachFrame(
    at origin: Int, stack: Int, _ row: inout MutableSpan<UInt64>, _ visit: (Int) -> Void
  ) {
    var process = process(at: origin, stack: stack, &row)
    visit(process.programCounter)
    while process.frame > stack {
      let info = ReturnInfo(word: row[process.frame - 1])
      process = Process(
        programCounter: info.programCounter, frame: process.frame - info.distance)
      visit(process.programCounter)
    }
  }
}
