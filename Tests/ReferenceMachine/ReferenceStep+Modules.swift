import Machine

/// Modules that come and go.
extension ReferenceStep {
  // MARK: Modules

  mutating func endCommand(_ slot: Int, _ status: Int64) throws(ReferenceFault) {
    let known = Errno(rawValue: Int(-status)) ?? .EINVAL
    try exit(slot, answering: status < 0 ? known : nil)
  }

  private mutating func become(_ module: Int, _ state: ModuleState) {
    guard world.modules[module] != state else { return }
    world.modules[module] = state
    note("module \(module) \(state)")
  }

  /// False when the task waits where it is.
  mutating func actOnModule(
    _ slot: Int, _ instruction: Instruction, _ stack: inout [ReferenceFrame]
  ) throws(ReferenceFault) -> Bool {
    let top = stack.count - 1
    let number = Int(instruction.b)
    if machine.mustWait(instruction, world) {
      spend(machine.costs.moduleStep, slot)
      return false
    }
    var error: Errno?
    switch instruction.operation {
    case .loadModule: error = load(number)
    case .activateModule: try activate(number)
    case .unloadModule: error = unload(number)
    case .retireModule:
      become(number, .going)
      moduleGoing(number)
    case .freeModule:
      try lookForLost(.module(ModuleID(number)))
      become(number, .absent)
      restoreVariables(of: .module(ModuleID(number)))
    case .unloadPatch:
      error = removalError(number)
      if error == nil {
        try lookForLost(.patch(PatchID(number)))
        forget(number)
      }
    default: throw .unsupported(address: stack[top].address)
    }
    if [.loadModule, .unloadModule, .unloadPatch].contains(instruction.operation) {
      stack[top].registers[Int(instruction.a)] = -Int64(error?.rawValue ?? 0)
    }
    // Interrupts that the module has brought were there before it goes on.
    spend(machine.costs.moduleStep, slot)
    stack[top].address += 1
    return true
  }

  /// A module's memory is gone, and its file still says what it said.
  mutating func restoreVariables(of home: ModuleTarget) {
    for number in program.variables.indices where program.variables[number].home == home {
      let variable = program.variables[number]
      world.variables[number] = machine.keep(variable.initial, in: variable.range)
    }
  }

  private mutating func load(_ module: Int) -> Errno? {
    guard program.modules[module].name != "vmlinux" else { return .EINVAL }
    guard world.modules[module] == .absent else { return .EEXIST }
    become(module, .coming)
    let error = moduleComing(module)
    if error != nil { become(module, .absent) }
    return error
  }

  private mutating func activate(_ module: Int) throws(ReferenceFault) {
    become(module, .live)
    for thread in program.modules[module].kernelThreads {
      try start(thread.rawValue, arguments: [])
    }
    for (number, handler) in world.handlers.enumerated() {
      let source = program.interrupts[handler.source]
      guard source.module?.rawValue == module else { continue }
      // Its ticks stand at whole periods too, unless it keeps none.
      var tick = (now / source.periodNanoseconds + 1) * source.periodNanoseconds
      if source.slackNanoseconds > 0 { tick = now + source.periodNanoseconds }
      appoint(.handler(number), at: tick)
    }
  }

  private mutating func unload(_ module: Int) -> Errno? {
    guard world.modules[module] != .absent else { return .ENOENT }
    guard world.modules[module] == .live else { return .EBUSY }
    guard !world.tasks.contains(where: { isUsing($0, module) }) else { return .EAGAIN }
    become(module, .going)
    for (number, handler) in world.handlers.enumerated()
    where program.interrupts[handler.source].module?.rawValue == module && !handler.isActive {
      cancel(.handler(number))
    }
    return nil
  }

  /// A task uses a module while it is inside one of its system calls, or has entered the kernel for
  /// one and is about to call it.
  private func isUsing(_ task: ReferenceTask, _ module: Int) -> Bool {
    var functions = task.stack.map(\.function)
    if let top = task.stack.last, program.functions[top.function].kind == .userProgram {
      let instruction = program.instructions[top.address]
      if instruction.operation == .callTraced {
        functions.append(program.tracedFunctions[Int(instruction.b)].original.rawValue)
      }
    }
    return functions.contains {
      program.functions[$0].kind == .systemCall && program.functions[$0].module?.rawValue == module
    }
  }

  // MARK: Lost text

  /// Whose body is over stands in the kernel's own code.
  private func isInside(_ frame: ReferenceFrame, _ text: ModuleTarget) -> Bool {
    machine.isPart(frame.function, of: text)
      && program.instructions[frame.address].operation != .exitTask
  }

  private mutating func lookForLost(_ text: ModuleTarget) throws(ReferenceFault) {
    let goals = program.properties.indices.filter {
      program.properties[$0].kind == .monitor(.lostText, .reach)
    }
    let laws = program.properties.indices.filter {
      program.properties[$0].kind == .monitor(.lostText, .never) && world.armed.contains($0)
    }
    for slot in world.tasks.indices
    where world.tasks[slot].stack.contains(where: { isInside($0, text) }) {
      note("lost \(slot)")
      for goal in goals where world.armed.contains(goal) {
        world.armed.remove(goal)
        note("reached \(goal)")
      }
      if let law = laws.first { throw .violated(property: law) }
      if !world.expected.contains(.lostText) { throw .lostText(slot) }
    }
  }
}

extension ReferenceMachine {
  func isPart(_ function: Int, of text: ModuleTarget) -> Bool {
    switch text {
    case .module(let module): program.functions[function].module == module
    case .patch(let patch): program.functions[function].patch == patch
    }
  }

  /// Text is freed with interrupts off everywhere: a handler inside it ends first.
  func mustWait(_ instruction: Instruction, _ world: ReferenceWorld) -> Bool {
    let text: ModuleTarget
    switch instruction.operation {
    case .loadModule, .retireModule: return isChangingFunctions(world)
    case .freeModule: text = .module(ModuleID(Int(instruction.b)))
    case .unloadPatch: text = .patch(PatchID(Int(instruction.b)))
    default: return false
    }
    return world.handlers.contains { handler in
      handler.stack.contains { isPart($0.function, of: text) }
    }
  }

  /// Whether the source of interrupts is there to fire.
  func isConnected(_ source: Int, _ world: ReferenceWorld) -> Bool {
    guard let module = program.interrupts[source].module else { return true }
    return world.modules[module.rawValue] == .live
  }
}
