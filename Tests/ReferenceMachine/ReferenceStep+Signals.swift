import Machine

/// Signals and the programs' handlers for them.
extension ReferenceStep {
  private static let stops: Set<Int> = [19, 20, 21, 22]
  /// SIGQUIT and SIGSEGV: the core is written by whoever takes it.
  private static let dumps: Set<Int> = [3, 11]
  private static let harmless: Set<Int> = [17, 18, 28]

  /// Whether there is anybody of that PID, dead or alive.
  @discardableResult
  mutating func deliver(_ signal: Int, to slot: Int) -> Bool {
    guard world.tasks[slot].condition != .gone else {
      note("missed \(slot) \(signal)")
      return false
    }
    send(signal, to: slot)
    return true
  }

  private mutating func send(_ signal: Int, to slot: Int) {
    let threads = threads(of: slot)
    guard !threads.isEmpty else { return }
    note("signalled \(slot) \(signal)")
    guard !machine.isKernelThread(slot, world) else { return }
    for thread in threads {
      if Self.stops.contains(signal) { world.tasks[thread].caught.remove(18) }
      guard signal == 18 else { continue }
      world.tasks[thread].pending.remove(.stop)
      world.tasks[thread].caught.subtract(Self.stops)
      if world.tasks[thread].condition == .stopped {
        note("continued \(thread)")
        goOn(thread)
      }
    }
    for thread in threads {
      if case .handler? = world.tasks[thread].dispositions[signal] { return hold(signal, thread) }
    }
    if threads.contains(where: { world.tasks[$0].dispositions[signal] == .ignored }) { return }
    // Pid 1 can't be hurt.
    guard !Self.harmless.contains(signal), machine.initTask != leader(slot) else { return }
    if Self.dumps.contains(signal), machine.tellsDumpsApart {
      let awake = threads.filter { world.tasks[$0].condition != .stopped }
      let taker = awake.first ?? threads[0]
      world.tasks[taker].pending.insert(.dump)
      return notify(taker)
    }
    for thread in threads {
      let isStopped = world.tasks[thread].condition == .stopped
      if Self.stops.contains(signal) {
        if !isStopped { interrupt(thread, .stop) }
      } else {
        interrupt(thread, .fatal)
        if isStopped, signal == 9 { wakeToDie(thread) }
      }
    }
  }

  /// While one thread dumps core the others are killed.
  mutating func killOthers(than slot: Int) {
    for thread in threads(of: slot) where thread != slot {
      let isStopped = world.tasks[thread].condition == .stopped
      interrupt(thread, .fatal)
      if isStopped { wakeToDie(thread) }
    }
  }

  private mutating func wakeToDie(_ slot: Int) {
    note("woken \(slot) signal")
    goOn(slot)
  }

  private mutating func hold(_ signal: Int, _ slot: Int) {
    guard world.tasks[slot].caught.insert(signal).inserted else { return }
    if !world.tasks[slot].blocked.contains(signal) { notify(slot) }
  }

  private mutating func goOn(_ slot: Int) {
    if !world.tasks[slot].isInKernel { world.tasks[slot].hasSignalPending = true }
    makeRunnable(slot)
  }

  private mutating func interrupt(_ slot: Int, _ cause: ReferenceTask.Pending) {
    world.tasks[slot].pending.insert(cause)
    notify(slot)
    // Who sleeps killably wakes for what ends it.
    if world.tasks[slot].condition == .uninterruptible, world.tasks[slot].pending.contains(.fatal),
      let top = world.tasks[slot].stack.last
    {
      let asleep = program.instructions[top.address]
      let canBeKilled =
        [.wait, .waitFor].contains(asleep.operation) && terms(asleep).manner & 4 != 0
      if canBeKilled { wake(slot, .signal) }
    }
  }

  mutating func fakeSignal(_ slot: Int) {
    let task = world.tasks[slot]
    if task.condition != .stopped, task.isLive { notify(slot) }
  }

  /// A sleeper wakes; who is at work in user mode breaks off; all others will come to it.
  private mutating func notify(_ slot: Int) {
    world.tasks[slot].hasSignalPending = true
    if world.tasks[slot].condition == .sleeping { wake(slot, .signal) }
    if world.tasks[slot].condition == .runnable, !world.tasks[slot].isInKernel { breakOff(slot) }
  }

  // MARK: Handlers

  /// Handlers come in, the lowest signal first and so deepest: each goes back to where the one
  /// before would have begun.
  mutating func beginHandlers(_ slot: Int, _ stack: inout [ReferenceFrame]) {
    let top = stack.count - 1
    for signal in world.tasks[slot].due.sorted() {
      world.tasks[slot].caught.remove(signal)
      guard case .handler(let number)? = world.tasks[slot].dispositions[signal] else { continue }
      world.tasks[slot].blocked.insert(signal)
      let handler = program.signalHandlers[number]
      for (register, isLive) in machine.liveness.live(stack[top]).enumerated() where !isLive {
        stack[top].registers[register] = 0
      }
      stack[top].registers[handler.register] = Int64(stack[top].address)
      stack[top].registers[handler.register + 1] = world.tasks[slot].carried
      world.tasks[slot].carried = 0
      stack[top].address = handler.start
      note("caught \(slot) \(signal)")
    }
  }

  mutating func endOfHandler(
    _ slot: Int, _ instruction: Instruction, _ stack: inout [ReferenceFrame]
  ) throws(ReferenceFault) -> Bool {
    let top = stack.count - 1
    let handler = program.signalHandlers[Int(instruction.b)]
    world.tasks[slot].blocked.remove(handler.signal.rawValue)
    world.tasks[slot].ran = [:]
    guard try doExitWork(slot, "exit") else { return false }
    world.tasks[slot].isInKernel = false
    note("left \(slot) restarting false")
    spend(machine.costs.kernelExit, slot)
    stack[top].address = Int(stack[top].registers[handler.register])
    world.tasks[slot].carried = stack[top].registers[handler.register + 1]
    stack[top].registers[handler.register] = 0
    stack[top].registers[handler.register + 1] = 0
    beginHandlers(slot, &stack)
    return true
  }

  mutating func dispose(_ slot: Int, _ instruction: Instruction) {
    let number = Int(instruction.b)
    if instruction.operation == .catchSignal {
      let signal = program.signalHandlers[number].signal.rawValue
      world.tasks[slot].dispositions[signal] = .handler(number)
    } else {
      world.tasks[slot].dispositions[number] = .ignored
      world.tasks[slot].caught.remove(number)
    }
    spend(machine.costs.changeSignal, slot)
  }
}

extension ReferenceMachine {
  /// Whether it makes a difference that a signal dumps core: to a killable sleeper, or among
  /// threads.
  var tellsDumpsApart: Bool {
    let code = program.instructions
    let isSent = code.contains {
      [.signal, .signalOne].contains($0.operation) && [3, 11].contains($0.b)
    }
    let isFelt = code.contains { instruction in
      switch instruction.operation {
      case .startThread: true
      case .wait: instruction.c & 4 != 0
      case .waitFor: program.waits[Int(instruction.c)].manner.contains(.killable)
      default: false
      }
    }
    return isSent && isFelt
  }
}

extension ReferenceTask {
  /// Signals whose handlers begin when it comes to user mode.
  var due: Set<Int> { caught.subtracting(blocked) }
}
