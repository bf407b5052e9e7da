/// Where a task is: what holds it up, and by which calls it came there.
extension Machine {
  /// A function that a task is inside of, and the address that it stands at in it: of the innermost
  /// the instruction that it is to act on, of the others the call.
  package struct StackFrame: Sendable, Hashable {
    package var function: FunctionID
    package var address: Int
  }

  /// The functions that a task is inside of, the innermost first. The last one is what the task was
  /// started with.
  package func stack(of slot: TaskSlot, _ row: inout MutableSpan<UInt64>) -> [StackFrame] {
    let base = layout.origin(of: slot) + layout.taskStack
    return stack(process(at: layout.origin(of: slot), stack: base, &row), from: base, &row)
  }

  /// The same of the operator: the last is the scenario's body.
  package func operatorStack(_ row: inout MutableSpan<UInt64>) -> [StackFrame] {
    let base = layout.operatorStack
    return stack(process(at: layout.operatorOrigin, stack: base, &row), from: base, &row)
  }

  private func stack(
    _ process: Process, from base: Int, _ row: inout MutableSpan<UInt64>
  ) -> [StackFrame] {
    var (address, frame) = (process.programCounter, process.frame)
    var frames: [StackFrame] = []
    while true {
      let function = FunctionID(Int(liveness.functionOf[address]))
      frames.append(StackFrame(function: function, address: address))
      guard frame > base else { return withoutEntry(frames) }
      let info = ReturnInfo(word: row[frame - 1])
      address = info.programCounter - 1
      frame -= info.distance
    }
  }

  /// A kernel thread whose own function some patch names is begun by a call of it, for a patch may
  /// have replaced it by then. In a kernel that call is `kthread`'s: it is no function of its own.
  private func withoutEntry(_ frames: [StackFrame]) -> [StackFrame] {
    guard frames.count > 1, let last = frames.last else { return frames }
    let (entry, call) = (
      program.functions[last.function.rawValue], program.instructions[last.address]
    )
    guard entry.kind == .kernelThread, call.operation == .callTraced,
      program.tracedFunctions[Int(call.b)].symbol == entry.name
    else { return frames }
    return frames.dropLast()
  }

  /// When a sleep ends by itself.
  package enum Timer: Sendable, Hashable {
    case none
    /// At that moment.
    case at(Int64)
    /// At some moment: where time is arbitrary nobody knows when.
    case sometime
  }

  /// What a task is doing, or what it waits for.
  package enum Place: Sendable, Hashable {
    case userMode
    /// On a CPU in the kernel, or waiting for one.
    case kernel
    case waiting(queue: Int, WaitManner, Timer)
    /// Asleep in line for a lock, with who holds it.
    case locked(lock: Int, holder: Runner?)
    /// In a `sleep`.
    case sleeping(Timer)
    /// In a `reap`: for the child of that PID, or for any.
    case reaping(pid: Int?)
    case stopped
    case zombie
    case gone
  }

  package func place(of slot: TaskSlot, _ row: inout MutableSpan<UInt64>) -> Place {
    let origin = layout.origin(of: slot)
    switch state(of: slot, &row) {
    case .unborn, .gone: return .gone
    case .zombie: return .zombie
    case .stopped: return .stopped
    case .runnable: return row.isSet(layout.task.inKernel, at: origin) ? .kernel : .userMode
    case .sleeping, .uninterruptible: break
    }
    let due: Timer = layout.keepsTime ? .at(Int64(row[layout.clock.due, at: origin])) : .sometime
    let queue = Int(row[layout.task.queue, at: origin])
    let address = Int(row[layout.programCounter, at: origin])
    guard queue > 0 else {
      if program.instructions[address].operation == .reap {
        return .reaping(pid: wantedChild(of: slot, &row))
      }
      return .sleeping(isTimed(slot, &row) ? due : .none)
    }
    if program.instructions[address].operation == .lock {
      let lock = Int(program.instructions[address].b)
      return .locked(lock: lock, holder: holder(of: lock, &row))
    }
    let manner = program.waitSite(of: program.instructions[address]).manner
    return .waiting(queue: queue - 1, manner, isTimed(slot, &row) ? due : .none)
  }

  /// Of a task that wants a CPU and has none: who has those it could take.
  package func holdersOfCPUs(
    wantedBy slot: TaskSlot, _ row: inout MutableSpan<UInt64>
  ) -> [Runner] {
    guard layout.keepsTime, state(of: slot, &row) == .runnable,
      row[layout.clock.cpu, at: layout.origin(of: slot)] == 0
    else { return [] }
    let own = ownCPU(of: slot, &row)
    var holders: [Runner] = []
    for number in 0..<layout.clock.cpus.count where own == nil || own == number {
      let cpu = layout.clock.cpus[number]
      let (handler, current) = (Int(row[cpu.handler]), Int(row[cpu.current]))
      if handler > 0 {
        holders.append(.handler(handler - 1))
      } else if current > 0 {
        holders.append(.task(TaskSlot(current - 1)))
      }
    }
    return holders
  }

  /// The task that has the CPU of a run and gives it to nobody before it sleeps or leaves the
  /// kernel.
  package func keeper(of cpu: Int, _ row: inout MutableSpan<UInt64>) -> TaskSlot? {
    guard layout.keepsTime else { return nil }
    let current = Int(row[layout.clock.cpus[cpu].current])
    guard current > 0, keepsCPU(TaskSlot(current - 1), &row) else { return nil }
    return TaskSlot(current - 1)
  }

  /// The task that keeps a CPU: in a search, of those that are bound to it.
  package func occupier(of cpu: Int, _ row: inout MutableSpan<UInt64>) -> TaskSlot? {
    guard !layout.keepsTime else { return keeper(of: cpu, &row) }
    guard !layout.occupants.isEmpty else { return nil }
    let number = Int(row[layout.occupants[cpu]])
    return number == 0 ? nil : TaskSlot(number - 1)
  }

  /// Of a task that has no CPU in a run: those that keep all that it could take, for ever. Empty
  /// when one of them may be given up.
  package func starvers(of slot: TaskSlot, _ row: inout MutableSpan<UInt64>) -> [Runner] {
    guard layout.keepsTime, row[layout.clock.cpu, at: layout.origin(of: slot)] == 0 else {
      return []
    }
    let own = ownCPU(of: slot, &row)
    var starvers: [Runner] = []
    for cpu in 0..<layout.clock.cpus.count where own == nil || own == cpu {
      if isLost(cpu, &row), let spinner = handlerSpinning(on: cpu, &row) {
        starvers.append(spinner.runner)
        continue
      }
      guard let keeper = keeper(of: cpu, &row), neverGivesUp(keeper, &row) else { return [] }
      starvers.append(.task(keeper))
    }
    return starvers
  }

  /// Whether the code ahead of a task in the kernel comes to no sleep and no boundary, whichever
  /// way it goes.
  package func neverGivesUp(_ slot: TaskSlot, _ row: inout MutableSpan<UInt64>) -> Bool {
    let origin = layout.origin(of: slot)
    let urge: Outlook.Urge =
      row.isSet(layout.task.fatalPending, at: origin)
      ? .fatal : row.isSet(layout.task.signalPending, at: origin) ? .signal : .nothing
    let ahead = outlook(of: slot, waking: wakeReason(of: slot, &row), urge: urge, &row)
    return ahead.loops && !ahead.crosses && ahead.sleeps.isEmpty
  }

  /// The process's children that a `reap` of the task may wait for.
  package func children(
    of slot: TaskSlot, pid: Int?, _ row: inout MutableSpan<UInt64>
  ) -> [TaskSlot] {
    guard let family = layout.task.family else { return [] }
    let parent = UInt64(leader(of: slot, &row).rawValue) + 1
    var children: [TaskSlot] = []
    for number in 0..<taskCount(&row)
    where row[family.parent, at: layout.origin(of: TaskSlot(number))] == parent {
      let child = TaskSlot(number)
      let isWanted = pid.map { $0 == program.pid(of: child) } ?? true
      if isWanted, leader(of: child, &row) == child { children.append(child) }
    }
    return children
  }

  private func wantedChild(of slot: TaskSlot, _ row: inout MutableSpan<UInt64>) -> Int? {
    let origin = layout.origin(of: slot)
    let process = process(at: origin, stack: origin + layout.taskStack, &row)
    let instruction = program.instructions[process.programCounter]
    guard Int(instruction.b) != Instruction.noRegister else { return nil }
    return Int(Int64(bitPattern: row[process.frame + Int(instruction.b)]))
  }

  /// Since when the task has been in its state; nil where time is arbitrary.
  package func since(_ slot: TaskSlot, _ row: inout MutableSpan<UInt64>) -> Int64? {
    layout.keepsTime ? Int64(row[layout.clock.since, at: layout.origin(of: slot)]) : nil
  }

  /// Whether what the task waits for (`until`) has come true; nil where it waits for a wake-up
  /// alone.
  package func conditionHolds(
    _ slot: TaskSlot, _ row: inout MutableSpan<UInt64>
  ) -> Bool? {
    let origin = layout.origin(of: slot)
    let process = process(at: origin, stack: origin + layout.taskStack, &row)
    let instruction = program.instructions[process.programCounter]
    guard instruction.operation == .waitFor,
      let start = program.waits[Int(instruction.c)].start
    else { return nil }
    var workspace = Workspace(program: program, recording: false)
    return evaluate(conditionAt: start, frame: process.frame, &row, &workspace)
  }
}

extension Machine {
  /// Why a task that has been woken, and has not gone on yet, was woken; nil for any other.
  package func wakeReason(
    of slot: TaskSlot, _ row: inout MutableSpan<UInt64>
  ) -> WakeReason? {
    let origin = layout.origin(of: slot)
    guard state(of: slot, &row) == .runnable, row.isSet(layout.task.began, at: origin) else {
      return nil
    }
    return WakeReason(rawValue: Int(row[layout.task.wakeReason, at: origin]))
  }
}

extension Machine {
  /// Tasks that are neither zombies nor gone. Cost: O(tasks).
  package func liveTaskCount(_ row: inout MutableSpan<UInt64>) -> Int {
    var count = 0
    for number in 0..<taskCount(&row) {
      switch state(of: TaskSlot(number), &row) {
      case .unborn, .zombie, .gone: continue
      case .runnable, .sleeping, .uninterruptible, .stopped: count += 1
      }
    }
    return count
  }
}
