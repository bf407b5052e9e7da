import Machine

/// The small worlds that both machines are held against, assembled by hand.
enum Worlds {
  /// One user task that calls a patched function for ever, and the patch applied to it.
  static func looper() -> Program {
    var builder = ProgramBuilder(cpus: 1)
    let patch = builder.patch("fix")
    let f = builder.traced("f", patches: [patch])
    let program = builder.caller(of: [f])
    return builder.scenario([.spawn(program, 1, into: 0), .apply(patch), .awaitNotInProgress])
  }

  /// Tasks that call two patched functions in one system call; `never mixed` is armed, or `reach`.
  static func pairs(_ count: Int = 2, claim: MonitorClaim = .never) -> Program {
    var builder = ProgramBuilder(cpus: 1)
    // Fake signals act on a CPU alone, and in a run there is one for them all.
    builder.program.sliceNanoseconds = 20_000
    let patch = builder.patch("fix")
    let f = builder.traced("f", patches: [patch])
    let g = builder.traced("g", patches: [patch])
    let program = builder.caller(of: [f, g])
    let mixed = builder.monitor(.mixed, claim)
    return builder.scenario([
      .arm(mixed), .spawn(program, count, into: 0), .apply(patch), .awaitNotInProgress,
    ])
  }

  /// A sleeper on a queue that nobody wakes; STOP and CONT carry it over the boundary.
  static func stoppedSleeper() -> Program {
    var builder = ProgramBuilder(cpus: 1)
    let patch = builder.patch("fix")
    let f = builder.traced("f", patches: [patch])
    let program = builder.sleeper(calling: f)
    return builder.scenario([
      .spawn(program, 1, into: 0), .apply(patch), .signal(.STOP, list: 0),
      .signal(.CONT, list: 0), .awaitNotInProgress,
    ])
  }

  /// The same with two of them; the verb reaches them in any order.
  static func twoStoppedSleepers() -> Program {
    var builder = ProgramBuilder(cpus: 2)
    let patch = builder.patch("fix")
    let f = builder.traced("f", patches: [patch])
    let program = builder.sleeper(calling: f)
    return builder.scenario([
      .spawn(program, 2, into: 0), .signal(.STOP, list: 0), .signal(.CONT, list: 0),
    ])
  }

  /// A kernel thread that sleeps, calls the patched function and passes a safe point.
  static func kernelThread() -> Program {
    var builder = ProgramBuilder(cpus: 1)
    let patch = builder.patch("fix")
    let f = builder.traced("f", patches: [patch])
    builder.kernelThread("flusher", registers: 3) { code in
      code.loop { code in
        code.emit(.loadImmediate, a: 1, wide: 5_000)
        code.emit(.sleep, a: 1, b: 1, c: Instruction.noRegister)
        code.emit(.callTraced, a: 0, b: f)
        code.emit(.safePoint)
      }
    }
    let mixed = builder.neverMixed()
    return builder.scenario([.arm(mixed), .apply(patch), .awaitNotInProgress])
  }

  /// Two kernel threads that wait on one queue; kGraft's wake-up is not what they wait for, the
  /// operator's wakes them one by one.
  static func waitingKernelThreads() -> Program {
    var builder = ProgramBuilder(cpus: 1)
    builder.program.queues = ["requests"]
    let patch = builder.patch("fix")
    let f = builder.traced("f", patches: [patch])
    for manner in [[], WaitManner.uninterruptible] {
      builder.kernelThread("loop", registers: 2) { code in
        code.loop { code in
          code.emit(.wait, a: Instruction.noRegister, b: 0, c: manner.rawValue)
          code.emit(.callTraced, a: 0, b: f)
          code.emit(.safePoint)
        }
      }
    }
    return builder.scenario([
      .sleep(20_000), .apply(patch), .wake(0, limit: 1), .sleep(20_000), .wake(0, limit: 1),
      .awaitNotInProgress,
    ])
  }

  /// A timer interrupt on each of two CPUs calls the patched function.
  static func interrupts() -> Program {
    var builder = ProgramBuilder(cpus: 2)
    let patch = builder.patch("fix")
    let f = builder.traced("f", patches: [patch])
    builder.interrupt("timer", every: 3_000) { code in
      code.emit(.callTraced, a: 0, b: f)
    }
    return builder.scenario([.apply(patch), .awaitNotInProgress])
  }

  /// A task that stores one of three numbers, again and again.
  static func choice() -> Program {
    var builder = ProgramBuilder(cpus: 1)
    builder.program.variables.append(SharedVariable(name: "v", initial: 1, range: 0...9))
    let call = builder.systemCall("pick", registers: 4) { code in
      for register in 1...3 { code.emit(.loadImmediate, a: register, wide: 3 * register) }
      code.emit(.choose, a: 0, b: 1, c: 3)
      code.emit(.storeShared, a: 0, b: 0)
    }
    let program = builder.function("picker", .userProgram) { code in
      code.loop { $0.systemCall(call) }
    }
    return builder.scenario([.spawn(program, 1, into: 0), .sleep(10_000)])
  }

  /// Two tasks add one to a variable that stays at 3: read, then written, as two steps.
  static func boundedVariable() -> Program {
    var builder = ProgramBuilder(cpus: 2)
    builder.program.variables.append(SharedVariable(name: "v", initial: 0, range: 0...3))
    let call = builder.systemCall("count") { code in
      code.emit(.loadShared, a: 0, b: 0)
      code.emit(.addImmediate, a: 0, b: 0, c: 1)
      code.emit(.storeShared, a: 0, b: 0)
    }
    let program = builder.function("counter", .userProgram) { code in
      code.loop { $0.systemCall(call) }
    }
    return builder.scenario([.spawn(program, 2, into: 0), .sleep(10_000)])
  }

  /// Two tasks count, and then call a function with the count still in a register that is dead.
  static func deadRegister() -> Program {
    var builder = ProgramBuilder(cpus: 2)
    builder.program.variables.append(SharedVariable(name: "v", initial: 0, range: 0...2))
    let f = builder.traced("f", patches: [])
    let call = builder.systemCall("count", registers: 2) { code in
      code.emit(.loadShared, a: 1, b: 0)
      code.emit(.addImmediate, a: 1, b: 1, c: 1)
      code.emit(.storeShared, a: 1, b: 0)
      code.emit(.callTraced, a: 0, b: f)
    }
    let program = builder.function("counter", .userProgram) { code in
      code.loop { $0.systemCall(call) }
    }
    return builder.scenario([.spawn(program, 2, into: 0), .sleep(10_000)])
  }

  /// A patch of f and g, and one of f alone on top of it: refused at first, then applied.
  static func stacked() -> Program {
    var builder = ProgramBuilder(cpus: 1)
    let first = builder.patch("first")
    let second = builder.patch("second")
    let f = builder.traced("f", patches: [first, second])
    let g = builder.traced("g", patches: [first])
    let program = builder.caller(of: [f, g])
    let mixed = builder.neverMixed()
    return builder.scenario([
      .arm(mixed), .spawn(program, 1, into: 0), .apply(first),
      .apply(second, fails: [.EAGAIN]), .awaitNotInProgress, .apply(first, fails: [.EEXIST]),
      .apply(second), .awaitNotInProgress,
    ])
  }

  /// Three patches of one function, applied one after the other.
  static func threePatches() -> Program {
    var builder = ProgramBuilder(cpus: 1)
    let patches = ["first", "second", "third"].map { builder.patch($0) }
    let f = builder.traced("f", patches: patches)
    let program = builder.caller(of: [f])
    return builder.scenario(
      [.spawn(program, 1, into: 0)]
        + patches.flatMap { [Statement.apply($0), .awaitNotInProgress] })
  }

  /// Two tasks that make one system call and are gone, while the patch is applied.
  static func exits() -> Program {
    var builder = ProgramBuilder(cpus: 2)
    let patch = builder.patch("fix")
    let f = builder.traced("f", patches: [patch])
    let call = builder.systemCall("probe") { $0.emit(.callTraced, a: 0, b: f) }
    let program = builder.function("short", .userProgram) { code in
      code.systemCall(call)
      code.emit(.exitTask)
    }
    return builder.scenario([.spawn(program, 2, into: 0), .apply(patch), .awaitNotInProgress])
  }

  /// A sleeper in state D: neither STOP nor a fake signal moves it, only the wake-up.
  static func deepSleeper() -> Program {
    var builder = ProgramBuilder(cpus: 1)
    let patch = builder.patch("fix")
    let f = builder.traced("f", patches: [patch])
    let program = builder.sleeper(calling: f, manner: .uninterruptible)
    return builder.scenario([
      .spawn(program, 1, into: 0), .apply(patch), .signal(.STOP, list: 0), .wake(0),
      .signal(.CONT, list: 0), .awaitNotInProgress,
    ])
  }

  /// SIGTERM to a sleeper and to a task in user code.
  static func terminated() -> Program {
    var builder = ProgramBuilder(cpus: 2)
    let patch = builder.patch("fix")
    let f = builder.traced("f", patches: [patch])
    let sleeper = builder.sleeper(calling: f)
    let worker = builder.worker()
    return builder.scenario([
      .spawn(sleeper, 1, into: 0), .spawn(worker, 1, into: 1), .signal(.TERM, list: 0),
      .signal(.TERM, list: 1), .apply(patch), .awaitNotInProgress, .expect(.alive, task: 1, 0),
    ])
  }

  /// A task in user code that is stopped twice, and killed while it is stopped.
  static func killedWhileStopped() -> Program {
    var builder = ProgramBuilder(cpus: 1)
    let worker = builder.worker()
    return builder.scenario([
      .spawn(worker, 1, into: 0), .sleep(500), .signalOne(.STOP, task: 0),
      .signalOne(.CONT, task: 0), .signalOne(.STOP, task: 0), .signalOne(.KILL, task: 0),
      .sleep(20_000), .expect(.alive, task: 0, 0),
    ])
  }

  /// Two that never enter the kernel and one CPU: whoever waits for it while a signal comes, a fake
  /// one or a true one, acts on it when it is there.
  static func busyWorkers() -> Program {
    var builder = ProgramBuilder(cpus: 1)
    builder.program.sliceNanoseconds = 5_000
    let patch = builder.patch("fix")
    let worker = builder.worker()
    _ = builder.traced("f", patches: [patch])
    return builder.scenario([
      .spawn(worker, 2, into: 0), .sleep(700), .apply(patch), .signalOne(.STOP, task: 1),
      .sleep(5_000), .signalOne(.CONT, task: 1), .awaitNotInProgress, .signalOne(.KILL, task: 0),
    ])
  }

  /// STOP and CONT meet a task at its work in user mode, more often than not while a handler holds
  /// its CPU.
  static func interruptedWorker() -> Program {
    var builder = ProgramBuilder(cpus: 1)
    builder.program.sliceNanoseconds = 5_000
    builder.interrupt("timer", every: 900, registers: 2) { $0.work(600) }
    let worker = builder.worker()
    let pokes = (0..<8).flatMap { round in
      [
        Statement.sleep(250 + 130 * round), .signalOne(.STOP, task: round % 2), .sleep(310),
        .signalOne(.CONT, task: round % 2),
      ]
    }
    return builder.scenario([.spawn(worker, 2, into: 0)] + pokes + [.sleep(9_000)])
  }

  /// Three different sleepers, and a wake-up of one, then of two.
  static func wakeOne() -> Program {
    var builder = ProgramBuilder(cpus: 2)
    let patch = builder.patch("fix")
    let f = builder.traced("f", patches: [patch])
    let program = builder.sleeper(calling: f)
    return builder.scenario([
      .spawn(program, 3, into: 0), .sleep(20_000), .wake(0, limit: 1), .sleep(20_000),
      .wake(0, limit: 2),
    ])
  }

  /// `always t.alive`, whose t stands in a register that nothing else reads any more, beside an
  /// `await` inside a helper's frame: it holds until SIGTERM has ended the task.
  static func conditions() -> Program {
    var builder = ProgramBuilder(cpus: 1)
    let patch = builder.patch("fix")
    let f = builder.traced("f", patches: [patch])
    let sleeper = builder.sleeper(calling: f)
    let site = builder.awaitSite()
    var start = 0
    let helper = builder.function("helper", .operatorBody, parameters: 1, registers: 8) { code in
      code.emit(.loadImmediate, a: 3, wide: patch)
      code.emit(.apply, a: 2, b: 3)
      start = code.awaitNotInProgress(site)
      code.emit(.signalOne, a: 0, b: Signal.TERM.rawValue)
      code.emit(.returnValue, a: 2)
    }
    builder.program.awaits[site].start = start
    builder.program.properties.append(
      Property(kind: .monitor(.mixed, .never), text: "always t.alive", origin: .none))
    let property = builder.program.properties.count - 1
    var made = builder.scenario(registers: 8) { code in
      let past = code.freshLabel()
      code.emit(.jump, to: past)
      start = code.here
      code.emit(.query, a: 6, b: 5, c: Int(Query.alive.rawValue))
      code.emit(.conditionEnd, a: 6)
      code.label(past)
      code.emit(.spawnOne, a: 5, b: sleeper, c: 0)
      code.emit(.arm, c: property)
      code.emit(.move, a: 1, b: 5)
      code.emit(.call, a: 0, b: helper, c: 1)
      code.emit(.loadImmediate, a: 2, wide: 30_000)
      code.emit(.operatorSleep, a: 2, b: 2)
    }
    made.properties[property].kind = .always(start: start)
    return made
  }

  /// A wait deep inside: plain function in patched function in plain function. A signal unwinds
  /// all of them, with a step for the patched one.
  static func unwinding() -> Program {
    var builder = ProgramBuilder(cpus: 1)
    builder.program.queues = ["deep"]
    let patch = builder.patch("fix")
    let inner = builder.function("inner", .kernel) { code in
      code.emit(
        .wait, a: Instruction.noRegister, b: 0, c: WaitManner.leavesOnSignal.rawValue)
      code.emit(.returnValue, a: 0)
    }
    let f = builder.traced("f", patches: [patch]) { $0.emit(.call, a: 0, b: inner) }
    let outer = builder.function("outer", .kernel, parameters: 1, registers: 2) { code in
      code.emit(.callTraced, a: 1, b: f)
      code.emit(.add, a: 0, b: 0, c: 1)
      code.emit(.returnValue, a: 0)
    }
    let call = builder.systemCall("recv", registers: 2) { code in
      code.emit(.loadImmediate, a: 1, wide: 7)
      code.emit(.call, a: 0, b: outer, c: 1)
    }
    let program = builder.function("server", .userProgram) { code in
      code.loop { $0.systemCall(call) }
    }
    return builder.scenario([
      .spawn(program, 1, into: 0), .apply(patch), .signal(.STOP, list: 0), .wake(0),
      .signal(.CONT, list: 0), .awaitNotInProgress,
    ])
  }
}

extension ProgramBuilder {
  /// A program that calls these patched functions in one system call, for ever.
  mutating func caller(of functions: [Int]) -> Int {
    let call = systemCall("probe") { code in
      for traced in functions { code.emit(.callTraced, a: 0, b: traced) }
    }
    return function("looper", .userProgram) { code in
      code.loop { $0.systemCall(call) }
    }
  }

  /// A program that waits on queue 0 in a system call and then calls the patched function.
  mutating func sleeper(calling traced: Int, manner: WaitManner = .leavesOnSignal) -> Int {
    if program.queues.isEmpty { program.queues = ["packets"] }
    let call = systemCall("recv") { code in
      code.emit(.wait, a: Instruction.noRegister, b: 0, c: manner.rawValue)
      code.emit(.callTraced, a: 0, b: traced)
    }
    return function("server", .userProgram) { code in
      code.loop { $0.systemCall(call) }
    }
  }

  /// A program that never enters the kernel.
  mutating func worker() -> Int {
    function("worker", .userProgram, registers: 2) { code in
      code.loop { $0.work(2_000, upTo: 2_002) }
    }
  }
}
