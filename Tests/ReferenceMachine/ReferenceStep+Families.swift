import Machine

/// Fork, threads, zombies.
extension ReferenceStep {
  func leader(_ slot: Int) -> Int { world.tasks[slot].leader ?? slot }

  /// The threads of a task's process that have not ended.
  func threads(of slot: Int) -> [Int] {
    let leader = leader(slot)
    return world.tasks.indices.filter { self.leader($0) == leader && world.tasks[$0].isLive }
  }

  private func children(of leader: Int) -> [Int] {
    world.tasks.indices.filter {
      world.tasks[$0].parent == leader && world.tasks[$0].leader == nil
        && world.tasks[$0].condition != .gone
    }
  }

  private var restart: Int64 { -Int64(Errno.ERESTARTSYS.rawValue) }

  /// A copy of the task, or a thread beside it. What a signal is to do comes first.
  mutating func bear(
    _ slot: Int, _ instruction: Instruction, _ stack: inout [ReferenceFrame]
  ) {
    let top = stack.count - 1
    let isThread = instruction.operation == .startThread
    let task = world.tasks[slot]
    var value = restart
    if task.pending.isEmpty, task.due.isEmpty {
      let function = isThread ? Int(instruction.b) : task.function
      var child = ReferenceTask(function: function)
      child.isInKernel = true
      child.ownCPU = task.ownCPU
      let number = world.tasks.count
      note("spawned \(number) \(function)")
      world.tasks.append(child)
      if task.isOld, machine.rules.forkCopiesFlag { mark(number) }
      note("forked \(slot) \(number) \(isThread)")
      if isThread {
        let first = Int(instruction.c)
        let count = program.functions[function].parameterCount
        let arguments = Array(stack[top].registers[first..<(first + count)])
        var frame = machine.frame(of: function, arguments: arguments)
        frame.address = program.functions[function].threadEntry ?? frame.address
        world.tasks[number].stack = [frame]
        world.tasks[number].leader = leader(slot)
        world.tasks[number].parent = world.tasks[leader(slot)].parent
      } else {
        world.tasks[number].stack = stack
        world.tasks[number].stack[top].address += 1
        if Int(instruction.a) != Instruction.noRegister {
          world.tasks[number].stack[top].registers[Int(instruction.a)] = 0
        }
        world.tasks[number].parent = leader(slot)
        world.tasks[number].dispositions = task.dispositions
        world.tasks[number].blocked = task.blocked
      }
      makeRunnable(number)
      value = pid(number)
    }
    finish(slot, instruction, value, &stack)
    spend(isThread ? machine.costs.startThread : machine.costs.fork, slot)
  }

  private func finish(
    _ slot: Int, _ instruction: Instruction, _ value: Int64, _ stack: inout [ReferenceFrame]
  ) {
    let top = stack.count - 1
    if Int(instruction.a) != Instruction.noRegister {
      stack[top].registers[Int(instruction.a)] = value
    }
    stack[top].address += 1
  }

  func pid(_ slot: Int) -> Int64 {
    let threads = program.kernelThreads.count
    if slot < threads { return Int64(10 + slot) }
    guard let first = machine.initTask else {
      return Int64(max(100, 10 + threads) + slot - threads)
    }
    return slot == first ? 1 : Int64(max(100, 10 + threads) + slot - first - 1)
  }

  // MARK: Death

  mutating func exit(_ slot: Int, answering error: Errno? = .EINTR) throws(ReferenceFault) {
    note("exited \(slot)")
    let function = world.tasks[slot].function
    try die(slot)
    // The operator waits for a command's process.
    if program.commandProcesses.contains(where: { $0.function.rawValue == function }) {
      answer(error)
    }
  }

  private mutating func die(_ slot: Int) throws(ReferenceFault) {
    if world.tasks[slot].areInterruptsOff {
      world.tasks[slot].areInterruptsOff = false
      serveInterrupts(on: world.tasks[slot].cpu)
    }
    let hasFamilies =
      machine.initTask != nil
      || program.instructions.contains {
        [.fork, .startThread, .reap].contains($0.operation)
      }
    let leader = leader(slot)
    let isEndOfInit = leader == machine.initTask && threads(of: leader) == [slot]
    let address = world.tasks[slot].stack.last?.address ?? 0
    guard hasFamilies, slot == leader else {
      remove(slot)
      if isEndOfInit { return try panic(slot, address) }
      if slot != leader, threads(of: leader).isEmpty { end(leader) }
      return
    }
    releaseCPU(slot)
    let task = world.tasks[slot]
    var zombie = ReferenceTask(function: task.function)
    zombie.condition = .zombie
    zombie.parent = task.parent
    zombie.isInKernel = true
    zombie.isOld = task.isOld
    zombie.isWalked = task.isWalked
    zombie.isTargeted = task.isTargeted
    zombie.since = now
    zombie.remains = remains(of: task)
    world.tasks[slot] = zombie
    if isEndOfInit { return try panic(slot, address) }
    if threads(of: leader).isEmpty { end(leader) }
  }

  /// All threads have ended. Children go to init, which reaps; the parent is told, unless it does
  /// not want to know.
  private mutating func end(_ leader: Int) {
    let orphans = children(of: leader)
    for slot in world.tasks.indices where world.tasks[slot].parent == leader {
      world.tasks[slot].parent = machine.initTask
      guard orphans.contains(slot), isEnded(slot) else { continue }
      if let first = machine.initTask {
        tell(first, of: slot)
        continue
      }
      note("reaped init \(slot)")
      remove(slot)
    }
    guard let parent = world.tasks[leader].parent else { return remove(leader) }
    tell(parent, of: leader)
  }

  private mutating func tell(_ parent: Int, of leader: Int) {
    let doesNotCare = threads(of: parent).contains {
      world.tasks[$0].dispositions[17] == .ignored
    }
    if doesNotCare { remove(leader) } else { deliver(17, to: parent) }
    for thread in threads(of: parent) {
      guard world.tasks[thread].condition == .sleeping, let top = world.tasks[thread].stack.last,
        program.instructions[top.address].operation == .reap
      else { continue }
      let register = Int(program.instructions[top.address].b)
      if register == Instruction.noRegister || top.registers[register] == pid(leader) {
        wake(thread, .woken)
      }
    }
  }

  /// Without pid 1 there is no machine.
  private mutating func panic(_ slot: Int, _ address: Int) throws(ReferenceFault) {
    log("Kernel panic - not syncing: Attempted to kill init!")
    note("panic")
    world.scenario.status = .finished
    note("oops task \(slot)")
    guard come(to: .oops) else { throw .oops(address: address) }
  }

  private func isEnded(_ slot: Int) -> Bool {
    world.tasks[slot].condition == .zombie && threads(of: slot).isEmpty
  }

  private mutating func remove(_ slot: Int) {
    migrate(slot, "end")
    if world.tasks[slot].isLive { releaseCPU(slot) }
    let task = world.tasks[slot]
    world.tasks[slot] = .gone
    world.tasks[slot].remains = task.condition == .zombie ? task.remains : remains(of: task)
  }

  /// What the operator may still read of a task's variables.
  func remains(of task: ReferenceTask) -> [Int: Int64] {
    var remains: [Int: Int64] = [:]
    for (number, variable) in program.taskVariables.enumerated() {
      guard let bottom = task.stack.first,
        let register = variable.registers[FunctionID(bottom.function)]
      else { continue }
      remains[number] = bottom.registers[register]
    }
    return remains
  }

  // MARK: Waiting for a child

  mutating func reap(
    _ slot: Int, _ instruction: Instruction, _ stack: inout [ReferenceFrame]
  ) -> Bool {
    if world.tasks[slot].hasBegun { _ = wakeUp(slot) }
    let register = Int(instruction.b)
    let wanted = register == Instruction.noRegister ? nil : stack.last?.registers[register]
    let candidates = children(of: leader(slot)).filter { wanted == nil || pid($0) == wanted }
    var value = -Int64(Errno.ECHILD.rawValue)
    if let child = candidates.first(where: isEnded) {
      note("reaped \(slot) \(child)")
      remove(child)
      value = pid(child)
    } else if !candidates.isEmpty {
      guard world.tasks[slot].hasSignalPending else {
        fallAsleep(slot, .sleeping)
        return false
      }
      value = restart
    }
    finish(slot, instruction, value, &stack)
    spend(machine.costs.reap, slot)
    return true
  }
}
