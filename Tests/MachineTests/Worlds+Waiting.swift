import Machine

/// Worlds in which the engine, or a request to it, has to wait, and those that it waits for.
extension Worlds {
  /// One CPU, and a task that is mostly in the kernel there: the work item that switches the CPU's
  /// interrupts waits until it leaves. Meanwhile interrupts come.
  static func busyCPU() -> Program {
    var builder = ProgramBuilder(cpus: 1)
    builder.program.sliceNanoseconds = 20_000
    let patch = builder.patch("fix")
    let f = builder.traced("f", patches: [patch])
    let call = builder.systemCall("long", registers: 3) { code in
      code.work(12_000, register: 1)
      code.emit(.callTraced, a: 0, b: f)
    }
    let program = builder.function("caller", .userProgram) { code in
      code.loop { $0.systemCall(call) }
    }
    builder.interrupt("timer", every: 7_000) { code in code.emit(.callTraced, a: 0, b: f) }
    return builder.scenario([
      .spawn(program, 1, into: 0), .sleep(17_000), .apply(patch), .awaitNotInProgress,
    ])
  }

  /// Two CPUs, one of them with a task that gives it up only to sleep, beside one in user mode.
  static func busyCPUs() -> Program {
    var builder = ProgramBuilder(cpus: 2)
    builder.program.sliceNanoseconds = 20_000
    let patch = builder.patch("fix")
    let f = builder.traced("f", patches: [patch])
    builder.kernelThread("thread", registers: 3) { code in
      code.loop { code in
        code.work(9_000, register: 1)
        code.emit(.loadImmediate, a: 1, wide: 2_000)
        code.emit(.sleep, a: 1, b: 1, c: Instruction.noRegister)
        code.emit(.callTraced, a: 0, b: f)
        code.emit(.safePoint)
      }
    }
    let worker = builder.worker()
    return builder.scenario([
      .spawn(worker, 2, into: 0), .sleep(13_000), .apply(patch), .awaitNotInProgress,
    ])
  }

  /// Two kernel threads in a freezable wait, one with a timer: kGraft's wake-up makes them run,
  /// and what they wait for may come before they do.
  static func freezableThreads() -> Program {
    var builder = ProgramBuilder(cpus: 1)
    builder.program.queues = ["requests"]
    let patch = builder.patch("fix")
    let f = builder.traced("f", patches: [patch])
    let site = WaitSite(queue: 0, manner: .freezable)
    builder.program.waits.append(site)
    builder.kernelThread("plain", registers: 2) { code in
      code.loop { code in
        code.emit(.wait, a: Instruction.noRegister, b: 0, c: WaitManner.freezable.rawValue)
        code.emit(.callTraced, a: 0, b: f)
      }
    }
    builder.kernelThread("timed", registers: 3) { code in
      code.loop { code in
        code.emit(.loadImmediate, a: 1, wide: 31_000)
        code.emit(.waitFor, a: 2, b: 1, c: 0)
        code.emit(.callTraced, a: 0, b: f)
      }
    }
    return builder.scenario([
      .sleep(20_000), .apply(patch), .wake(0, limit: 1), .wake(0, limit: 2), .sleep(40_000),
      .awaitNotInProgress,
    ])
  }

  /// SIGQUIT to a killable sleeper and to an interruptible one; then SIGTERM.
  static func dumped() -> Program {
    var builder = ProgramBuilder(cpus: 1)
    builder.program.queues = ["pages", "packets"]
    let calls = [WaitManner([.killable, .leavesOnSignal]), .leavesOnSignal].enumerated().map {
      queue, manner in
      builder.systemCall("read") { code in
        code.emit(.wait, a: Instruction.noRegister, b: queue, c: manner.rawValue)
      }
    }
    let programs = calls.map { call in
      builder.function("reader", .userProgram) { code in code.loop { $0.systemCall(call) } }
    }
    return builder.scenario([
      .spawn(programs[0], 1, into: 0), .spawn(programs[1], 1, into: 1), .sleep(9_000),
      .signal(.QUIT, list: 0), .signal(.QUIT, list: 1), .sleep(9_000), .signal(.TERM, list: 0),
      .sleep(9_000),
    ])
  }

  /// SIGSEGV to a process of two threads: one dumps core, and the other is killed by that.
  static func dumpedThreads() -> Program {
    var builder = ProgramBuilder(cpus: 2)
    builder.program.queues = ["packets"]
    let call = builder.systemCall("recv") { code in
      code.emit(.wait, a: Instruction.noRegister, b: 0, c: WaitManner.leavesOnSignal.rawValue)
    }
    let worker = builder.function("worker", .userProgram, registers: 3) { code in
      code.loop { $0.systemCall(call) }
      code.threadEntry()
    }
    builder.program.functions[worker].threadEntry = builder.program.instructions.count - 2
    let program = builder.function("leader", .userProgram, registers: 3) { code in
      code.emit(.loadImmediate, a: 1, wide: 0)
      code.inKernel { $0.emit(.startThread, a: 0, b: worker, c: 1) }
      code.work(30_000, register: 1)
      code.emit(.exitTask)
    }
    return builder.scenario([
      .spawn(program, 1, into: 0), .sleep(15_000), .signalOne(.STOP, task: 0),
      .signalOne(.SEGV, task: 0), .signalOne(.CONT, task: 0), .sleep(60_000),
    ])
  }

  /// What the module's init counts up is as its file says whenever the module comes; the kernel's
  /// own variable remembers.
  static func moduleVariable() -> Program {
    var builder = ProgramBuilder(cpus: 1)
    builder.program.variables = [
      SharedVariable(name: "own", initial: 2, range: 0...9),
      SharedVariable(name: "kernel", initial: 0, range: 0...9),
    ]
    let module = builder.module("counter")
    builder.program.variables[0].home = .module(ModuleID(module))
    let start = builder.handler(of: module) { code in
      for variable in [0, 1] {
        code.emit(.loadShared, a: 1, b: variable)
        code.emit(.addImmediate, a: 1, b: 1, c: 1)
        code.emit(.storeShared, a: 1, b: variable)
      }
      code.emit(.loadImmediate, a: 0, wide: 0)
    }
    builder.commands(for: module, initialisation: start)
    return builder.scenario([
      .command("insmod counter"), .command("rmmod counter"), .command("insmod counter"),
      .command("rmmod counter"),
    ])
  }

  /// A patch is taken back, and a second one comes, whenever that may be: refused while the first
  /// transition runs, and kept waiting while its functions are finalised.
  static func hastyRequests() -> Program {
    var builder = ProgramBuilder(cpus: 1)
    builder.program.sliceNanoseconds = 20_000
    let first = builder.patch("first")
    let second = builder.patch("second")
    let f = builder.traced("f", patches: [first])
    let g = builder.traced("g", patches: [first, second])
    builder.commands(removing: first)
    builder.commands(removing: second)
    let program = builder.caller(of: [f, g])
    return builder.scenario([
      .spawn(program, 1, into: 0), .tryCommand("insmod first"), .sleep(5_500),
      .tryCommand("insmod second"), .revert(first, fails: [.EAGAIN, .EBUSY]),
    ])
  }
}
