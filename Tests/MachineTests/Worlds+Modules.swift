import Machine

/// Worlds in which modules come and go.
extension Worlds {
  /// A program that calls a module's system call before, while and after the module is there. With
  /// a task inside it, `rmmod` is refused.
  static func comingAndGoing() -> Program {
    var builder = ProgramBuilder(cpus: 1)
    builder.program.sliceNanoseconds = 20_000
    builder.program.variables.append(SharedVariable(name: "v", initial: 0, range: -38...0))
    let module = builder.module("ext4")
    let call = builder.systemCall("sync", registers: 3) { $0.work(1_000, register: 1) }
    builder.place(call, in: module)
    builder.commands(for: module)
    let store = builder.systemCall("store") { code in
      code.emit(.loadImmediate, a: 0, wide: -1)
      code.emit(.storeShared, a: 0, b: 0)
    }
    let program = builder.function("user", .userProgram, registers: 4) { code in
      code.loop { code in
        code.systemCall(call, of: module)
        code.systemCall(store)
      }
    }
    return builder.scenario([
      .spawn(program, 1, into: 0), .command("insmod ext4"),
      .command("insmod ext4", fails: [.EEXIST]), .command("rmmod ext4"),
      .command("rmmod ext4", fails: [.ENOENT]),
    ])
  }

  /// The call is one that a patch names: who is about to call it holds the module too.
  static func patchedCallOfModule() -> Program {
    var builder = ProgramBuilder(cpus: 1)
    builder.program.sliceNanoseconds = 20_000
    let patch = builder.patch("fix")
    let module = builder.module("ext4", startsLive: true)
    let f = builder.traced("f", patches: [patch])
    builder.place(traced: f, in: module)
    builder.program.functions[builder.program.tracedFunctions[f].original.rawValue].kind =
      .systemCall
    builder.commands(for: module)
    let program = builder.function("user", .userProgram, registers: 4) { code in
      code.loop { code in
        let (begin, out) = (code.freshLabel(), code.freshLabel())
        code.label(begin)
        code.emit(.enterKernel, b: Instruction.noRegister)
        code.emit(.loadImmediate, a: 0, wide: 0)
        code.emit(.moduleIsLive, a: 1, b: module)
        code.emit(.jumpIfFalse, a: 1, to: out)
        code.emit(.callTraced, a: 0, b: f)
        code.label(out)
        code.emit(.leaveKernel, a: 0, to: begin)
      }
    }
    return builder.scenario([
      .spawn(program, 1, into: 0), .apply(patch), .command("rmmod ext4", fails: [.EAGAIN]),
      .awaitNotInProgress,
    ])
  }

  /// The module comes when the patch is finalised, or still on its way; its init and its thread
  /// call the patched function. 4.4's fake signals reach `insmod` itself.
  static func lateModule(second: Bool = false, replacing: Bool = false) -> Program {
    var builder = ProgramBuilder(cpus: 1)
    builder.program.sliceNanoseconds = 20_000
    let patches = (0...(second ? 1 : 0)).map { builder.patch("p\($0)") }
    let module = builder.module("ext4")
    let f = builder.traced("f", patches: replacing ? [0] : patches)
    builder.place(traced: f, in: module)
    let g = builder.traced("g", patches: patches)
    if replacing { builder.program.patches[1].replacesAll = true }
    builder.kernelThread(of: module, registers: 2) { code in
      code.emit(.callTraced, a: 0, b: f)
      code.emit(.safePoint)
      code.emit(.callTraced, a: 0, b: f)
      code.emit(.exitTask)
    }
    let start = builder.handler(of: module) { code in
      code.emit(.callTraced, a: 1, b: f)
      code.emit(.loadImmediate, a: 0, wide: 0)
    }
    builder.commands(for: module, initialisation: start)
    let program = builder.caller(of: [g])
    var statements: [Statement] = [.arm(builder.neverMixed()), .spawn(program, 1, into: 0)]
    if second { statements += [.apply(0), .awaitNotInProgress] }
    statements += [
      .apply(patches[patches.count - 1]), .command("insmod ext4"), .awaitNotInProgress,
    ]
    return builder.scenario(statements)
  }

  /// The module goes while the patch of its function is on its way, and comes again.
  static func leavingModule() -> Program {
    var builder = ProgramBuilder(cpus: 1)
    builder.program.sliceNanoseconds = 20_000
    let patch = builder.patch("fix")
    let module = builder.module("ext4", startsLive: true)
    let f = builder.traced("f", patches: [patch])
    builder.place(traced: f, in: module)
    let call = builder.systemCall("call", registers: 2) { $0.emit(.callTraced, a: 0, b: f) }
    builder.place(call, in: module)
    builder.commands(for: module)
    let program = builder.function("user", .userProgram, registers: 4) { code in
      code.loop { $0.systemCall(call, of: module) }
    }
    return builder.scenario([
      .spawn(program, 1, into: 0), .apply(patch), .command("rmmod ext4"),
      .command("modprobe ext4"), .command("modprobe ext4"), .awaitNotInProgress,
      .command("modprobe -r ext4"),
    ])
  }

  /// An init that sleeps and gives an error: the module is out again; a signal breaks the sleep and
  /// the system call begins anew.
  static func failingInit() -> Program {
    var builder = ProgramBuilder(cpus: 1)
    builder.program.queues = ["ready"]
    let patch = builder.patch("fix")
    let f = builder.traced("f", patches: [patch])
    let module = builder.module("bad")
    let start = builder.handler(of: module) { code in
      code.emit(.wait, a: 0, b: 0)
      code.emit(.callTraced, a: 1, b: f)
      code.emit(.loadImmediate, a: 0, wide: -Errno.ENODEV.rawValue)
    }
    builder.commands(for: module, initialisation: start)
    let waker = builder.systemCall("poke", registers: 1) { code in
      code.emit(.wake, a: Instruction.noRegister, b: 0)
    }
    let program = builder.function("waker", .userProgram, registers: 4) { code in
      code.loop { code in
        code.systemCall(waker)
        code.sleepCall(9_000)
      }
    }
    return builder.scenario([
      .spawn(program, 1, into: 0), .apply(patch), .command("insmod bad", fails: [.ENODEV]),
    ])
  }

  /// A thread of the module that nobody stops; the claim is made at the beginning or the end.
  static func lostThread(_ claim: MonitorClaim? = nil, isLate: Bool = false) -> Program {
    var builder = ProgramBuilder(cpus: 1)
    let module = builder.module("disk")
    builder.kernelThread(of: module, registers: 3) { code in
      code.emit(.loadImmediate, a: 1, wide: 50_000)
      code.emit(.sleep, a: 1, b: 1, c: Instruction.noRegister)
      code.emit(.exitTask)
    }
    builder.commands(for: module)
    var statements: [Statement] = [.command("insmod disk"), .command("rmmod disk")]
    if let claim {
      let place = isLate ? statements.count : 0
      statements.insert(.arm(builder.monitor(.lostText, claim)), at: place)
    }
    return builder.scenario(statements)
  }

  /// The module's timer; its handler works for a while, and the text waits for it.
  static func interruptOfModule() -> Program {
    var builder = ProgramBuilder(cpus: 2)
    builder.program.variables.append(SharedVariable(name: "v", initial: 0, range: 0...2))
    let module = builder.module("disk")
    builder.interrupt("disk", every: 30_000, registers: 3) { code in
      code.work(8_000, register: 1)
      code.emit(.loadShared, a: 0, b: 0)
      code.emit(.addImmediate, a: 0, b: 0, c: 1)
      code.emit(.storeShared, a: 0, b: 0)
    }
    builder.program.interrupts[0].module = ModuleID(module)
    builder.place(builder.program.interrupts[0].function.rawValue, in: module)
    let exit = builder.handler(of: module) { $0.emit(.loadImmediate, a: 0, wide: 0) }
    builder.commands(for: module, exit: exit)
    return builder.scenario([
      .command("insmod disk"), .sleep(50_000), .command("rmmod disk"), .sleep(50_000),
    ])
  }

  /// A patch's module goes once another has replaced it, and not before; then it may come again.
  static func patchModules() -> Program {
    var builder = ProgramBuilder(cpus: 1)
    builder.program.sliceNanoseconds = 20_000
    let first = builder.patch("first")
    let second = builder.patch("second")
    let f = builder.traced("f", patches: [first, second])
    builder.program.patches[second].replacesAll = true
    builder.commands(removing: first)
    builder.commands(removing: second)
    let program = builder.caller(of: [f])
    return builder.scenario([
      .command("rmmod first", fails: [.ENOENT]), .command("insmod first"),
      .command("insmod first", fails: [.EEXIST]), .awaitNotInProgress,
      .command("rmmod first", fails: [.EAGAIN]), .spawn(program, 1, into: 0),
      .command("insmod second"), .awaitNotInProgress, .command("rmmod first"),
      .command("rmmod second", fails: [.EAGAIN]),
    ])
  }
}
