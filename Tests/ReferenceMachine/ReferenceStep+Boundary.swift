import Machine

/// The user/kernel boundary, sleep.
extension ReferenceStep {
  mutating func enterKernel(
    _ slot: Int, _ instruction: Instruction, _ stack: inout [ReferenceFrame]
  ) {
    world.tasks[slot].isInKernel = true
    world.tasks[slot].ran = [:]
    note("entered \(slot)")
    migrate(slot, "entry")
    spend(machine.costs.kernelEntry, slot)
    stack[stack.count - 1].address += 1
  }

  mutating func leaveKernel(
    _ slot: Int, _ instruction: Instruction, _ stack: inout [ReferenceFrame]
  ) throws(ReferenceFault) -> Bool {
    let top = stack.count - 1
    if let lock = world.heldLock(.task(slot)) {
      let name = program.locks[lock].name
      try oops("\(name) is still held when returning to user space", .task(slot), stack)
      return false
    }
    world.tasks[slot].ran = [:]
    guard try doExitWork(slot, "exit") else { return false }
    var restarts = stack[top].registers[Int(instruction.a)] == -Int64(Errno.ERESTARTSYS.rawValue)
    // A sleep does not begin anew when a handler has run.
    let call = program.instructions[stack[top].address - 1].operation
    if call == .sleep, restarts, !world.tasks[slot].due.isEmpty {
      restarts = false
      world.tasks[slot].sleepEnd = 0
    }
    world.tasks[slot].isInKernel = false
    note("left \(slot) restarting \(restarts)")
    spend(machine.costs.kernelExit, slot)
    stack[top].address = restarts ? instruction.wide : stack[top].address + 1
    beginHandlers(slot, &stack)
    return true
  }

  /// First the transition's flag falls, then signals act: a fatal one ends the task, a stop stops
  /// it right here, and it comes here again when it goes on.
  mutating func doExitWork(_ slot: Int, _ cause: String) throws(ReferenceFault) -> Bool {
    migrate(slot, cause)
    world.tasks[slot].hasSignalPending = false
    if world.tasks[slot].pending.contains(.fatal) {
      try exit(slot)
      return false
    }
    if world.tasks[slot].pending.contains(.dump) {
      killOthers(than: slot)
      try exit(slot)
      return false
    }
    if world.tasks[slot].pending.contains(.stop) {
      world.tasks[slot].pending.remove(.stop)
      world.tasks[slot].condition = .stopped
      note("stopped \(slot)")
      releaseCPU(slot)
      return false
    }
    return true
  }

  /// A task in user mode with a signal pending does this before anything else.
  mutating func goThroughExitWork(_ slot: Int) throws(ReferenceFault) {
    guard try doExitWork(slot, "interruption") else { return }
    spend(machine.costs.kernelExit, slot)
    guard !world.tasks[slot].due.isEmpty else { return }
    var stack = world.tasks[slot].stack
    beginHandlers(slot, &stack)
    try runLocals(&stack)
    world.tasks[slot].stack = stack
  }

  // MARK: Sleep

  /// What an instruction waits for: queue, manner, and where its time stands, if it has one.
  func terms(_ instruction: Instruction) -> (queue: Int, manner: Int, timeout: Int?) {
    guard instruction.operation == .waitFor else {
      return (Int(instruction.b), Int(instruction.c), nil)
    }
    let site = program.waits[Int(instruction.c)]
    let register = Int(instruction.b)
    return (
      site.queue, site.manner.rawValue, register == Instruction.noRegister ? nil : register
    )
  }

  /// Deep is state D: no signal wakes it, or, if it is killable, a fatal one alone.
  private func isDisturbed(_ slot: Int, _ manner: Int) -> Bool {
    let task = world.tasks[slot]
    if manner & 4 != 0 { return task.pending.contains(.fatal) }
    return manner & 1 == 0 && task.hasSignalPending
  }

  mutating func wait(
    _ slot: Int, _ instruction: Instruction, _ stack: inout [ReferenceFrame]
  ) throws(ReferenceFault) -> Bool {
    let top = stack.count - 1
    let (queue, manner, timeout) = terms(instruction)
    var cause: ReferenceTask.WakeCause?
    if world.tasks[slot].hasBegun {
      cause = wakeUp(slot)
      if manner & 8 != 0 { thaw(slot) }
      if cause == .spurious, program.condition(of: instruction) == nil { cause = nil }
    }
    if let start = program.condition(of: instruction) {
      let isThere = try holds(conditionAt: start, in: stack[top])
      if isThere {
        cause = .woken
      } else if cause == .woken || cause == .spurious {
        cause = nil
      }
    }
    if cause == nil, isDisturbed(slot, manner) { cause = .signal }
    guard let cause else {
      let length = timeout.map { stack[top].registers[$0] }
      if let length, length < 0 { throw .negativeDuration(address: stack[top].address) }
      world.tasks[slot].queue = queue
      fallAsleep(slot, manner & 5 != 0 ? .uninterruptible : .sleeping)
      world.time?.waiting[queue].append(slot)
      if let length, keepsTime {
        let rest = world.tasks[slot].sleepEnd
        world.tasks[slot].sleepEnd = rest > 0 ? max(rest, now) : now + max(1, length)
        appoint(.task(slot), at: world.tasks[slot].sleepEnd)
      }
      return false
    }
    spend(machine.costs.wait, slot)
    if timeout != nil { world.tasks[slot].sleepEnd = 0 }
    if cause == .signal, manner & 2 != 0 {
      unwind(&stack)
      return true
    }
    if Int(instruction.a) != Instruction.noRegister {
      let answers: [ReferenceTask.WakeCause: Int64] = [
        .signal: -Int64(Errno.ERESTARTSYS.rawValue), .timeout: 0, .woken: timeout == nil ? 0 : 1,
      ]
      stack[top].registers[Int(instruction.a)] = answers[cause] ?? 0
    }
    stack[top].address += 1
    return true
  }

  /// A freezable wait of a kernel thread has a safe point behind its sleep.
  mutating func thaw(_ slot: Int) {
    guard machine.isKernelThread(slot, world) else { return }
    world.tasks[slot].ran = [:]
    note("safe \(slot)")
    migrate(slot, "safe")
  }

  mutating func sleep(
    _ slot: Int, _ instruction: Instruction, _ alternative: Int, _ stack: inout [ReferenceFrame]
  ) throws(ReferenceFault) -> Bool {
    let top = stack.count - 1
    var cause = ReferenceTask.WakeCause.signal
    if world.tasks[slot].hasBegun {
      cause = wakeUp(slot)
    } else {
      let length = try duration(instruction, alternative, stack)
      if machine.isKernelThread(slot, world) || !world.tasks[slot].hasSignalPending {
        fallAsleep(slot, .sleeping)
        if keepsTime {
          let rest = world.tasks[slot].sleepEnd
          let end = rest > 0 ? max(rest, now) : now + length
          world.tasks[slot].sleepEnd = end
          appoint(.task(slot), at: end)
        }
        return false
      }
    }
    spend(machine.costs.wait, slot)
    if cause != .signal { world.tasks[slot].sleepEnd = 0 }
    if Int(instruction.c) != Instruction.noRegister {
      stack[top].registers[Int(instruction.c)] =
        cause == .signal ? -Int64(Errno.ERESTARTSYS.rawValue) : 0
    }
    stack[top].address += 1
    return true
  }

  mutating func fallAsleep(_ slot: Int, _ condition: ReferenceTask.Condition) {
    world.tasks[slot].hasBegun = true
    world.tasks[slot].condition = condition
    let queue = world.tasks[slot].queue ?? -1
    note("slept \(slot) in \(queue) as \(condition)")
    releaseCPU(slot)
  }

  @discardableResult
  mutating func wakeUp(_ slot: Int) -> ReferenceTask.WakeCause {
    let cause = world.tasks[slot].wakeCause ?? .woken
    world.tasks[slot].wakeCause = nil
    world.tasks[slot].hasBegun = false
    return cause
  }

  mutating func wake(_ slot: Int, _ cause: ReferenceTask.WakeCause) {
    if let queue = world.tasks[slot].queue {
      world.time?.waiting[queue].removeAll { $0 == slot }
    }
    world.tasks[slot].queue = nil
    world.tasks[slot].wakeCause = cause
    note("woken \(slot) \(cause)")
    makeRunnable(slot)
  }

  /// Wakes sleepers of a queue, in a run the longest asleep first. Gives how many.
  mutating func wakeQueue(_ queue: Int, limit: Int, _ alternative: Int) -> Int {
    let chosen: [Int]
    if let waiting = world.time?.waiting[queue] {
      // Who is awake for nothing sees it before any sleeper does.
      let awake = world.tasks.indices.filter {
        world.tasks[$0].queue == queue && world.tasks[$0].condition == .runnable
      }.prefix(limit)
      for slot in awake {
        world.tasks[slot].queue = nil
        world.tasks[slot].wakeCause = .woken
        note("woken \(slot) woken")
      }
      let sleepers = waiting.prefix(limit == .max ? limit : limit - awake.count)
      for slot in sleepers { wake(slot, .woken) }
      return awake.count + sleepers.count
    } else {
      chosen = world.wakeable(queue, limit: limit)[alternative]
    }
    for slot in chosen { wake(slot, .woken) }
    return chosen.count
  }
}

extension ReferenceWorld {
  /// Where time is arbitrary nobody knows who fell asleep first: every set of that many sleepers.
  func wakeable(_ queue: Int, limit: Int) -> [[Int]] {
    let sleepers = tasks.indices.filter { tasks[$0].queue == queue }
    return Self.choose(min(limit, sleepers.count), of: sleepers[...])
  }

  private static func choose(_ count: Int, of all: ArraySlice<Int>) -> [[Int]] {
    guard count > 0 else { return [[]] }
    guard count <= all.count, let first = all.first else { return [] }
    return choose(count - 1, of: all.dropFirst()).map { [first] + $0 }
      + choose(count, of: all.dropFirst())
  }
}
