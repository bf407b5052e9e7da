import Machine
import Patching

/// One step in the making: the world as it is being changed, and what has been noticed on the way.
struct ReferenceStep {
  let machine: ReferenceMachine
  var world: ReferenceWorld
  /// What happened, if anybody wants to know.
  var events: [String]?
  /// Checks that this step saw fail.
  var failedChecks: Set<Int> = []

  enum Runner: Hashable {
    case task(Int)
    case handler(Int)

    var name: String {
      switch self {
      case .task(let slot): "task \(slot)"
      case .handler(let number): "handler \(number)"
      }
    }
  }

  init(machine: ReferenceMachine, world: ReferenceWorld, isRecording: Bool = false) {
    self.machine = machine
    self.world = world
    events = isRecording ? [] : nil
  }

  var program: Program { machine.program }
  var keepsTime: Bool { machine.keepsTime }
  var now: Int64 { world.time?.now ?? 0 }

  mutating func note(_ event: @autoclosure () -> String) {
    if events != nil { events?.append(event()) }
  }

  func instruction(_ stack: [ReferenceFrame]) -> Instruction {
    program.instructions[stack[stack.count - 1].address]
  }

  // MARK: Tasks

  /// A new task; what it computes before its first visible action belongs to its birth.
  mutating func start(
    _ function: Int, arguments: [Int64], on cpu: Int? = nil
  ) throws(ReferenceFault) {
    let slot = world.tasks.count
    note("spawned \(slot) \(function)")
    var task = ReferenceTask(function: function)
    task.isInKernel = program.functions[function].kind == .kernelThread
    // A command is waited for by the operator's shell, which is no task.
    let isCommand = program.commandProcesses.contains { $0.function.rawValue == function }
    if !task.isInKernel, !isCommand, slot != machine.initTask { task.parent = machine.initTask }
    task.ownCPU = cpu
    world.tasks.append(task)
    var stack = [machine.frame(of: function, arguments: arguments)]
    try runLocals(&stack)
    world.tasks[slot].stack = stack
    makeRunnable(slot)
  }

  mutating func stepTask(_ slot: Int, _ alternative: Int) throws(ReferenceFault) {
    if world.tasks[slot].condition != .runnable {
      wake(slot, .timeout)
      if keepsTime || world.isKeptOut(slot) { return }
    }
    if losesCPU(slot) { return }
    if world.tasks[slot].isInterrupted { return try goThroughExitWork(slot) }
    if keepsTime, world.tasks[slot].carried > 0 {
      return work(world.tasks[slot].carried, slot)
    }
    var stack = world.tasks[slot].stack
    let goesOn = try act(slot, alternative, &stack)
    if goesOn { try runLocals(&stack) }
    if world.tasks[slot].isLive { world.tasks[slot].stack = stack }
  }

  /// The visible action. False when the task sleeps, stops or is no more.
  private mutating func act(
    _ slot: Int, _ alternative: Int, _ stack: inout [ReferenceFrame]
  ) throws(ReferenceFault) -> Bool {
    let instruction = instruction(stack)
    switch instruction.operation {
    case .enterKernel: enterKernel(slot, instruction, &stack)
    case .leaveKernel: return try leaveKernel(slot, instruction, &stack)
    case .wait, .waitFor: return try wait(slot, instruction, &stack)
    case .lock: return try lock(slot, Int(instruction.b), &stack)
    case .sleep: return try sleep(slot, instruction, alternative, &stack)
    case .exitTask:
      try exit(slot)
      return false
    case .fork, .startThread: bear(slot, instruction, &stack)
    case .reap: return reap(slot, instruction, &stack)
    case .leaveHandler: return try endOfHandler(slot, instruction, &stack)
    case .catchSignal, .ignoreSignal:
      dispose(slot, instruction)
      stack[stack.count - 1].address += 1
    case .loadModule, .activateModule, .unloadModule, .retireModule, .freeModule, .unloadPatch:
      return try actOnModule(slot, instruction, &stack)
    case .endCommand:
      try endCommand(slot, stack[stack.count - 1].registers[Int(instruction.a)])
      return false
    case .safePoint:
      world.tasks[slot].ran = [:]
      note("safe \(slot)")
      migrate(slot, "safe")
      spend(machine.costs.safePoint, slot)
      stack[stack.count - 1].address += 1
    case .work:
      let length = try duration(instruction, alternative, stack)
      note("worked task \(slot) \(length)")
      work(length, slot)
      stack[stack.count - 1].address += 1
    default:
      guard let cost = try actAnywhere(instruction, .task(slot), alternative, &stack) else {
        return false
      }
      spend(cost, slot)
    }
    return true
  }

  /// How long an instruction with a range takes under this alternative.
  func duration(
    _ instruction: Instruction, _ alternative: Int, _ stack: [ReferenceFrame]
  ) throws(ReferenceFault) -> Int64 {
    let top = stack[stack.count - 1]
    let low = top.registers[Int(instruction.a)]
    guard low >= 0 else { throw .negativeDuration(address: top.address) }
    // Nothing takes less than a nanosecond.
    return max(1, low + Int64(alternative))
  }

  // MARK: Handlers

  mutating func stepHandler(_ number: Int, _ alternative: Int) throws(ReferenceFault) {
    let handler = world.handlers[number]
    let interrupt = program.interrupts[handler.source]
    var stack = handler.stack
    var cost = machine.costs.interruptEntry
    if stack.isEmpty {
      if alternative > 0 {
        let broken = machine.breakable(world, on: handler.cpu)[alternative - 1]
        world.handlers[number].brokenInto = broken
      }
      note("irq \(number) on \(handler.cpu)")
      let began = now
      world.time?.cpus[handler.cpu].handler = number
      world.time?.cpus[handler.cpu].handlerBegan = began
      stack = [machine.frame(of: interrupt.function.rawValue, arguments: [])]
    } else {
      let instruction = instruction(stack)
      switch instruction.operation {
      case .endInterrupt:
        if let lock = world.heldLock(.handler(number)) {
          let name = program.locks[lock].name
          return try oops(
            "\(name) is still held at the end of an interrupt", .handler(number), stack)
        }
        return endHandler(number, alternative)
      case .work:
        cost = try duration(instruction, alternative, stack)
        note("worked handler \(number) \(cost)")
        stack[stack.count - 1].address += 1
      default:
        guard let spent = try actAnywhere(instruction, .handler(number), alternative, &stack)
        else { return }
        cost = spent
      }
    }
    try runLocals(&stack)
    world.handlers[number].stack = stack
    appoint(.handler(number), at: now + cost)
    leaveSpunCPU(under: number)
  }

  // MARK: Both

  /// What the action costs; nil when it was the runner's last.
  mutating func actAnywhere(
    _ instruction: Instruction, _ runner: Runner, _ alternative: Int,
    _ stack: inout [ReferenceFrame]
  ) throws(ReferenceFault) -> Int64? {
    let top = stack.count - 1
    let a = Int(instruction.a)
    let b = Int(instruction.b)
    switch instruction.operation {
    case .loadShared:
      stack[top].registers[a] = world.variables[b]
      stack[top].address += 1
      return machine.costs.sharedAccess
    case .loadElement:
      stack[top].registers[a] = world.variables[try element(instruction, stack[top])]
      stack[top].address += 1
      return machine.costs.sharedAccess
    case .storeShared, .storeElement:
      let isElement = instruction.operation == .storeElement
      let number = isElement ? try element(instruction, stack[top]) : b
      let value = machine.keep(stack[top].registers[a], in: program.variables[number].range)
      world.variables[number] = value
      note("stored \(runner.name) \(number) \(value)")
      stack[top].address += 1
      return machine.costs.sharedAccess
    case .choose:
      stack[top].registers[a] = stack[top].registers[b + alternative]
      stack[top].address += 1
      return machine.costs.choice
    case .printk:
      log(try line(instruction, stack[top]))
      stack[top].address += 1
      return machine.costs.printk
    case .beginAtomic: return try actAtomically(runner, &stack)
    case .interruptsOff, .bottomHalvesOff:
      mask(instruction, runner, &stack)
      return machine.costs.sharedAccess
    case .interruptsRestore, .bottomHalvesRestore:
      unmask(instruction, runner, &stack)
      return machine.costs.sharedAccess
    case .allocate:
      stack[top].registers[a] = allocate(instruction, runner, stack[top])
      stack[top].address += 1
      return machine.costs.sharedAccess
    case .free:
      guard try free(Int(stack[top].registers[a]), runner, stack) else { return nil }
      stack[top].address += 1
      return machine.costs.sharedAccess
    case .loadField, .storeField:
      return try useField(instruction, runner, &stack) ? machine.costs.sharedAccess : nil
    case .allocateShadow, .hasShadow, .loadShadow, .storeShadow, .dropShadow:
      return try useShadow(instruction, runner, &stack) ? machine.costs.sharedAccess : nil
    case .dropShadows:
      dropShadows(Int(instruction.c), runner)
      stack[top].address += 1
      return machine.costs.sharedAccess
    case .lock:
      try ask(for: b, runner)
      take(b, runner)
      stack[top].address += 1
      return machine.costs.lock
    case .unlock:
      guard try unlock(b, runner, stack) else { return nil }
      stack[top].address += 1
      return machine.costs.unlock
    case .oops:
      try oops(try line(instruction, stack[top]), runner, stack)
      return nil
    case .wake:
      let woken = wakeQueue(
        b, limit: machine.limit(instruction, stack[top]), alternative)
      stack[top].address += 1
      return machine.costs.wake * Int64(max(1, woken))
    case .callTraced:
      let chosen = redirect(b, runner, alternative)
      note("called \(runner.name) \(b) \(chosen)")
      call(chosen, first: Int(instruction.c), result: a, &stack)
      if case .task(let slot) = runner { try noteUniverse(slot, traced: b, chosen: chosen) }
      return machine.costs.tracedCall
    case .returnTraced:
      note("returned \(runner.name) \(stack[top].function)")
      giveBack(stack[top].registers[a], &stack)
      return machine.costs.tracedReturn
    default:
      throw .unsupported(address: stack[top].address)
    }
  }

  private func line(
    _ instruction: Instruction, _ frame: ReferenceFrame
  ) throws(ReferenceFault) -> String {
    try text(of: Int(instruction.c), first: Int(instruction.a), frame)
  }

  /// Looks at every armed condition, and wakes an operator whose `await` has come true.
  mutating func checkConditions() throws(ReferenceFault) {
    guard let bottom = world.scenario.stack.first else { return }
    for number in world.armed.sorted() {
      let property = program.properties[number]
      guard let start = property.start else { continue }
      let holds = try holds(conditionAt: start, in: bottom)
      switch property.kind {
      case .monitor: break
      case .always: if !holds { throw .violated(property: number) }
      case .never: if holds { throw .violated(property: number) }
      case .reach:
        guard holds else { continue }
        world.armed.remove(number)
        note("reached \(number)")
      }
    }
    guard keepsTime, world.scenario.status == .awaiting, let top = world.scenario.stack.last,
      let appointment = world.time?.appointments.first(where: { $0.actor == .scenario }),
      appointment.due > now
    else { return }
    let site = program.awaits[Int(program.instructions[top.address].c)]
    if try holds(conditionAt: site.start, in: top) { appoint(.scenario, at: now) }
  }
}
