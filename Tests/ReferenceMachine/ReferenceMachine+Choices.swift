import Machine
import Patching

extension ReferenceMachine {
  /// Every step that is possible where time is arbitrary: operator, engine, handlers, tasks.
  package func choices(_ world: ReferenceWorld) -> [ReferenceChoice] {
    var actors: [ReferenceActor] = []
    if isOperatorReady(world) { actors.append(.scenario) }
    actors.append(.engine)
    actors += world.handlers.indices.map(ReferenceActor.handler)
    actors += world.tasks.indices.map(ReferenceActor.task)
    return actors.flatMap { actor in
      (0..<alternatives(of: actor, world)).map { ReferenceChoice(actor: actor, alternative: $0) }
    }
  }

  private func isOperatorReady(_ world: ReferenceWorld) -> Bool {
    guard world.scenario.status == .ready, let top = world.scenario.stack.last else {
      return false
    }
    let instruction = program.instructions[top.address]
    guard instruction.operation == .await else { return true }
    let step = ReferenceStep(machine: self, world: world)
    let start = program.awaits[Int(instruction.c)].start
    do { return try step.holds(conditionAt: start, in: top) } catch { return true }
  }

  /// In how many ways the actor can step.
  func alternatives(of actor: ReferenceActor, _ world: ReferenceWorld) -> Int {
    switch actor {
    case .scenario:
      guard let top = world.scenario.stack.last else { return 0 }
      let operation = program.instructions[top.address].operation
      if world.scenario.hasBegun {
        if world.transition.isForcing {
          return keepsTime ? 1 : max(1, forceable(world).count)
        }
        let targeted = world.tasks.filter(\.isTargeted).count
        return operation == .signal && !keepsTime ? max(1, targeted) : 1
      }
      return alternatives(of: top, world)
    case .engine:
      return engineAlternatives(world)
    case .handler(let number):
      if world.isSpinning(number, program) { return 0 }
      if let top = world.handlers[number].stack.last {
        let slack = program.interrupts[world.handlers[number].source].slackNanoseconds
        let isOver = program.instructions[top.address].operation == .endInterrupt
        return isOver && keepsTime ? Int(slack) + 1 : alternatives(of: top, world)
      }
      if world.isInterrupted(world.handlers[number].cpu) { return 0 }
      let occupant = world.occupants[world.handlers[number].cpu]
      if let occupant, world.tasks[occupant].areInterruptsOff { return 0 }
      guard isConnected(world.handlers[number].source, world) else { return 0 }
      return 1 + breakable(world, on: world.handlers[number].cpu).count
    case .task(let slot):
      let task = world.tasks[slot]
      switch task.condition {
      case .runnable:
        if world.isKeptOut(slot) { return 0 }
        if world.handlers.contains(where: { $0.brokenInto == slot }) { return 0 }
        if world.isSpinning(task: slot, program) { return 0 }
        if let top = task.stack.last, !keepsTime, !task.isInterrupted,
          program.instructions[top.address].operation == .callTraced
        {
          return max(1, interruptCPUs(of: slot, world).count)
        }
        let goesOn =
          task.isInterrupted || task.hasBegun || task.carried > 0
        return goesOn ? 1 : task.stack.last.map { alternatives(of: $0, world) } ?? 0
      case .sleeping, .uninterruptible:
        // A timer ends the sleep of one that is kept out only where that might last for ever.
        if world.isKeptOut(slot), !world.isKeptOutBySpinner(slot, program) { return 0 }
        return !keepsTime && (isAsleepForTime(task) || hasTimeout(task)) ? 1 : 0
      case .stopped, .zombie, .gone: return 0
      }
    }
  }

  private func isAsleepForTime(_ task: ReferenceTask) -> Bool {
    task.stack.last.map { program.instructions[$0.address].operation == .sleep } ?? false
  }

  /// Whether a task in a queue leaves it when its time is over.
  func hasTimeout(_ task: ReferenceTask) -> Bool {
    guard let top = task.stack.last else { return false }
    let instruction = program.instructions[top.address]
    return instruction.operation == .waitFor && Int(instruction.b) != Instruction.noRegister
  }

  private func alternatives(of frame: ReferenceFrame, _ world: ReferenceWorld) -> Int {
    let instruction = program.instructions[frame.address]
    switch instruction.operation {
    case .choose: return Int(instruction.c)
    case .loadModule, .retireModule, .freeModule, .unloadPatch:
      return !keepsTime && mustWait(instruction, world) ? 0 : 1
    case .wake:
      guard !keepsTime else { return 1 }
      return world.wakeable(Int(instruction.b), limit: limit(instruction, frame)).count
    case .work, .sleep, .operatorSleep:
      guard keepsTime else { return 1 }
      let low = frame.registers[Int(instruction.a)]
      let high = frame.registers[Int(instruction.b)]
      let jitter = instruction.operation == .operatorSleep ? 0 : program.jitterNanoseconds
      return Int(max(0, high - low) + jitter) + 1
    default: return 1
    }
  }

  /// How many sleepers a wake-up wakes at the most.
  func limit(_ instruction: Instruction, _ frame: ReferenceFrame) -> Int {
    let register = Int(instruction.a)
    guard register != Instruction.noRegister else { return .max }
    return Int(max(0, frame.registers[register]))
  }

  private func engineAlternatives(_ world: ReferenceWorld) -> Int {
    switch world.transition.stage {
    case .idle: return 0
    case .switchCPUs: return keepsTime ? 1 : switchableCPUs(world).count
    case .look: return isEveryCPUTaken(world) ? 0 : 1
    case .mark, .wakeKernelThreads, .sendFakeSignals:
      return keepsTime ? 1 : max(1, world.unwalked.count)
    case .openWindow, .revertReplaced, .redirect, .setInProgress, .closeWindow, .finalise,
      .finaliseReplaced, .finish, .rollBack, .restoreReplaced, .fail:
      return 1
    }
  }

  /// The work item that switches a CPU's interrupts runs there with interrupts off; in a run it has
  /// been given the CPU, in a search nobody who can only be there is in the middle of kernel code.
  func switchableCPUs(_ world: ReferenceWorld) -> [Int] {
    (0..<program.cpuCount).filter {
      if keepsTime { return world.transition.lentCPUs.contains($0) && !world.isInterrupted($0) }
      return !world.transition.switchedCPUs.contains($0) && !world.isInterrupted($0)
        && (world.occupants.isEmpty || world.occupants[$0] == nil)
    }
  }

  /// Where time is arbitrary: every CPU has somebody who can be nowhere else and is in the middle
  /// of kernel code, so that the worker has none.
  private func isEveryCPUTaken(_ world: ReferenceWorld) -> Bool {
    !keepsTime && rules.workerNeedsCPU && world.occupants.count == program.cpuCount
  }

  /// The natural next step of a run, with the clock moved to it.
  package func next(_ world: ReferenceWorld) -> (ReferenceWorld, ReferenceChoice)? {
    guard let (world, choices) = due(world), let first = choices.first else { return nil }
    return (world, ReferenceChoice(actor: first.actor))
  }

  /// Every step of a run that is possible at the earliest moment, in natural order.
  package func due(_ world: ReferenceWorld) -> (ReferenceWorld, [ReferenceChoice])? {
    guard let time = world.time else { return nil }
    let free = time.appointments.filter { !isHeldUp($0.actor, world) }
    guard let earliest = free.map(\.due).min() else { return nil }
    var world = world
    let now = max(time.now, earliest)
    world.time?.now = now
    let late = free.filter { $0.due <= now }
    // A stable sort by hand: of each due time, those made first.
    let ordered = Set(late.map(\.due)).sorted().flatMap { due in late.filter { $0.due == due } }
    let choices = ordered.flatMap { appointment in
      (0..<max(1, alternatives(of: appointment.actor, world))).map {
        ReferenceChoice(actor: appointment.actor, alternative: $0)
      }
    }
    return (world, choices)
  }

  /// A handler on its CPU holds a task up, and masks the other handlers there.
  private func isHeldUp(_ actor: ReferenceActor, _ world: ReferenceWorld) -> Bool {
    switch actor {
    case .scenario, .engine: return false
    case .task(let slot):
      return world.isSpinning(task: slot, program)
        || world.tasks[slot].cpu.map(world.isInterrupted) ?? false
    case .handler(let number):
      let handler = world.handlers[number]
      if world.isSpinning(number, program) { return true }
      let isMasked = world.tasks.contains { $0.cpu == handler.cpu && $0.areInterruptsOff }
      return !handler.isActive && (isMasked || world.isInterrupted(handler.cpu))
    }
  }
}

extension ReferenceWorld {
  /// Where time is arbitrary: somebody else has the only CPU that the task can be on.
  func isKeptOut(_ slot: Int) -> Bool {
    guard time == nil, let cpu = tasks[slot].ownCPU else { return false }
    return isInterrupted(cpu) || (occupants[cpu] ?? slot) != slot
  }

  /// Where time is arbitrary: whoever has that CPU spins there.
  func isKeptOutBySpinner(_ slot: Int, _ program: Program) -> Bool {
    guard time == nil, let cpu = tasks[slot].ownCPU else { return false }
    let handlers = handlers.indices.filter { self.handlers[$0].cpu == cpu }
    if handlers.contains(where: { isSpinning($0, program) }) { return true }
    guard let occupant = occupants[cpu], occupant != slot else { return false }
    return isSpinning(task: occupant, program)
  }

  func isInterrupted(_ cpu: Int) -> Bool {
    handlers.contains { $0.cpu == cpu && $0.isActive }
  }

  /// Tasks on the task list.
  var listed: [Int] { tasks.indices.filter { tasks[$0].condition != .gone } }
  /// Those of them that the walk has not come to.
  var unwalked: [Int] { listed.filter { !tasks[$0].isWalked } }
}
