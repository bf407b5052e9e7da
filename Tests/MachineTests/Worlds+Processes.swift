import Machine

/// Worlds of processes: fork, threads, zombies, handlers.
extension Worlds {
  /// A parent forks a child that calls the patched function and exits; it waits for its end, once
  /// more for nothing, and exits.
  static func forks() -> Program {
    var builder = ProgramBuilder(cpus: 2)
    let patch = builder.patch("fix")
    let f = builder.traced("f", patches: [patch])
    let call = builder.systemCall("probe") { $0.emit(.callTraced, a: 0, b: f) }
    let program = builder.function("parent", .userProgram, registers: 2) { code in
      code.fork { $0.systemCall(call) }
      code.reap()
      code.reap()
      code.emit(.exitTask)
    }
    return builder.scenario([
      .spawn(program, 1, into: 0), .apply(patch), .awaitNotInProgress,
    ])
  }

  /// A child that is dead before its parent, who sleeps in the kernel and reaps it late or never.
  static func zombie() -> Program {
    var builder = ProgramBuilder(cpus: 1)
    builder.program.queues = ["q"]
    let patch = builder.patch("fix")
    _ = builder.traced("f", patches: [patch])
    let sleep = builder.systemCall("doze") { code in
      code.emit(.wait, a: 0, b: 0, c: WaitManner.uninterruptible.rawValue)
    }
    let program = builder.function("parent", .userProgram, registers: 2) { code in
      code.fork { $0.work(100) }
      code.systemCall(sleep)
      code.reap()
      code.emit(.exitTask)
    }
    return builder.scenario([
      .spawn(program, 1, into: 0), .sleep(90_000), .apply(patch), .sleep(10_000), .wake(0),
      .awaitNotInProgress,
    ])
  }

  /// Orphans: the parent exits first, beside a child and a zombie.
  static func orphans() -> Program {
    var builder = ProgramBuilder(cpus: 2)
    let program = builder.function("parent", .userProgram, registers: 2) { code in
      code.fork { $0.fork { $0.work(100) } }
      code.fork { $0.work(2_000) }
      code.emit(.exitTask)
    }
    return builder.scenario([
      .spawn(program, 1, into: 0), .sleep(20_000), .signal(.TERM, list: 0), .sleep(200_000),
    ])
  }

  /// A parent that won't hear of its child's end waits in vain.
  static func deafParent() -> Program {
    var builder = ProgramBuilder(cpus: 2)
    let deaf = builder.function("deaf", .userProgram, registers: 2) { code in
      code.inKernel { $0.emit(.ignoreSignal, b: Signal.CHLD.rawValue) }
      code.fork { $0.work(100) }
      code.reap()
      code.emit(.exitTask)
    }
    return builder.scenario([
      .spawn(deaf, 1, into: 0), .sleep(200_000), .signal(.STOP, list: 0), .signal(.CONT, list: 0),
    ])
  }

  /// A process of two threads, of which the leader may be the first to end; stopped, continued and
  /// ended as a whole.
  static func threads() -> Program {
    var builder = ProgramBuilder(cpus: 2)
    let patch = builder.patch("fix")
    let f = builder.traced("f", patches: [patch])
    let call = builder.systemCall("probe") { $0.emit(.callTraced, a: 0, b: f) }
    let worker = builder.function("worker", .userProgram, parameters: 1, registers: 3) { code in
      code.systemCall(call)
      code.emit(.exitTask)
      code.threadEntry()
    }
    builder.program.functions[worker].threadEntry = builder.program.instructions.count - 2
    let program = builder.function("leader", .userProgram, registers: 2) { code in
      code.emit(.loadImmediate, a: 1, wide: 3)
      code.inKernel { $0.emit(.startThread, a: 0, b: worker, c: 1) }
      code.systemCall(call)
      code.emit(.exitTask)
    }
    return builder.scenario([
      .spawn(program, 1, into: 0), .sleep(20_000), .apply(patch), .signalOne(.STOP, task: 0),
      .signalOne(.CONT, task: 0), .sleep(60_000), .signalOne(.TERM, task: 0),
      .awaitNotInProgress,
    ])
  }

  /// A parent waits for a child whose threads outlive it.
  static func lateThread() -> Program {
    var builder = ProgramBuilder(cpus: 1)
    let worker = builder.function("worker", .userProgram, registers: 3) { code in
      code.work(1_000, register: 1)
      code.emit(.exitTask)
      code.threadEntry()
    }
    builder.program.functions[worker].threadEntry = builder.program.instructions.count - 2
    let program = builder.function("parent", .userProgram, registers: 3) { code in
      code.fork { $0.inKernel { $0.emit(.startThread, a: 0, b: worker, c: 1) } }
      code.reap()
      code.emit(.exitTask)
    }
    return builder.scenario([
      .spawn(program, 1, into: 0), .sleep(68_000), .signal(.KILL, list: 0), .sleep(100_000),
    ])
  }

  /// A handler for one signal and deafness to another: a sleeper's call begins anew behind the
  /// handler, a worker goes on with its work.
  static func handlers() -> Program {
    var builder = ProgramBuilder(cpus: 1)
    let patch = builder.patch("fix")
    let f = builder.traced("f", patches: [patch])
    builder.program.queues = ["q"]
    let call = builder.systemCall("recv") { code in
      code.emit(.wait, a: 0, b: 0, c: WaitManner.leavesOnSignal.rawValue)
      code.emit(.callTraced, a: 0, b: f)
    }
    let program = builder.catching("server", registers: 4, [.USR1: { $0.work(300, register: 2) }]) {
      code in
      code.inKernel { $0.emit(.ignoreSignal, b: Signal.TERM.rawValue) }
      code.loop { code in
        code.systemCall(call)
        code.work(3_000, upTo: 3_001, register: 2)
      }
    }
    return builder.scenario([
      .spawn(program, 1, into: 0), .sleep(9_000), .signal(.USR1, list: 0), .apply(patch),
      .signal(.TERM, list: 0), .wake(0), .sleep(2_500), .signal(.USR1, list: 0),
      .signal(.STOP, list: 0), .signal(.CONT, list: 0), .awaitNotInProgress,
    ])
  }

  /// Two handlers, one within the other, of which one makes a system call and counts in a variable
  /// of the program; a sleep that a handler breaks is over.
  static func nestedHandlers() -> Program {
    var builder = ProgramBuilder(cpus: 1)
    builder.program.variables = [SharedVariable(name: "v", initial: 0, range: 0...3)]
    let note = builder.function("note", .systemCall, parameters: 1, registers: 2) { code in
      code.emit(.storeShared, a: 0, b: 0)
      code.emit(.returnValue, a: 0)
    }
    let program = builder.catching(
      "server", registers: 9,
      [
        .USR1: { code in
          code.emit(.addImmediate, a: 7, b: 7, c: 1)
          code.call(note, argument: 7, result: 8)
        },
        .USR2: { $0.work(200, register: 5) },
      ]
    ) { code in
      code.sleepCall(20_000)
      code.call(note, argument: 7, result: 8)
      code.work(2_000, register: 5)
      code.emit(.exitTask)
    }
    return builder.scenario([
      .spawn(program, 1, into: 0), .sleep(6_000), .signal(.USR1, list: 0),
      .signal(.USR2, list: 0), .signal(.USR1, list: 0), .sleep(1_500), .signal(.USR2, list: 0),
      .sleep(40_000), .signal(.TERM, list: 0),
    ])
  }

  /// A parent that hears of its child's end: SIGCHLD breaks its sleep and it reaps in the handler,
  /// which a fork may have inherited.
  static func childHandler() -> Program {
    var builder = ProgramBuilder(cpus: 1)
    builder.program.queues = ["q"]
    let call = builder.systemCall("recv") { code in
      code.emit(.wait, a: 0, b: 0, c: 0)
    }
    let program = builder.catching("parent", registers: 4, [.CHLD: { $0.reap(register: 2) }]) {
      code in
      code.fork(register: 1) { $0.work(300, register: 2) }
      code.systemCall(call)
      code.work(100, register: 2)
      code.emit(.exitTask)
    }
    return builder.scenario([
      .spawn(program, 1, into: 0), .sleep(300_000), .signalOne(.CHLD, task: 0), .wake(0),
      .sleep(30_000),
    ])
  }
}

extension ProgramBuilder {
  /// A program with handlers, which it installs first. They keep what they must in two registers
  /// each behind those of the program.
  mutating func catching(
    _ name: String, registers: Int, _ handlers: KeyValuePairs<Signal, (inout Code) -> Void>,
    _ body: (inout Code) -> Void
  ) -> Int {
    catching(name, registers: registers, handlers: Array(handlers), body)
  }

  mutating func catching(
    _ name: String, registers: Int, handlers: [(key: Signal, value: (inout Code) -> Void)],
    _ body: (inout Code) -> Void
  ) -> Int {
    let first = program.signalHandlers.count
    var starts: [Int] = []
    let id = function(
      name, .userProgram, registers: registers + 2 * handlers.count
    ) { code in
      for number in handlers.indices {
        code.inKernel { $0.emit(.catchSignal, b: first + number) }
      }
      body(&code)
      for (number, handler) in handlers.enumerated() {
        starts.append(code.here)
        handler.value(&code)
        code.emit(.enterKernel, b: Instruction.noRegister)
        code.emit(.leaveHandler, a: registers + 2 * number, b: first + number)
      }
    }
    for (number, handler) in handlers.enumerated() {
      program.signalHandlers.append(
        HandlerSite(
          signal: handler.key, function: FunctionID(id), start: starts[number],
          register: registers + 2 * number))
    }
    return id
  }
}

extension Code {
  /// A system call of one instruction that gives its result to register `r`.
  mutating func inKernel(register r: Int = 0, _ body: (inout Code) -> Void) {
    let begin = freshLabel()
    label(begin)
    emit(.enterKernel, b: Instruction.noRegister)
    body(&self)
    emit(.leaveKernel, a: r, to: begin)
  }

  /// `fork { … }`: the child runs the block and exits.
  mutating func fork(register r: Int = 0, _ block: (inout Code) -> Void) {
    inKernel(register: r) { $0.emit(.fork, a: r) }
    let past = freshLabel()
    emit(.jumpIfTrue, a: r, to: past)
    block(&self)
    emit(.exitTask)
    label(past)
  }

  mutating func reap(register r: Int = 0) {
    inKernel(register: r) { $0.emit(.reap, a: r, b: Instruction.noRegister) }
  }

  mutating func call(_ function: Int, argument: Int, result: Int) {
    let begin = freshLabel()
    label(begin)
    emit(.enterKernel, b: function)
    emit(.call, a: result, b: function, c: argument)
    emit(.leaveKernel, a: result, to: begin)
  }

  /// Where a thread comes from the kernel: the last two instructions of its program.
  mutating func threadEntry() {
    emit(.leaveKernel, a: 1, wide: here)
    emit(.jump, wide: base)
  }
}
