import Machine

/// Worlds of tasks that run on one CPU alone.
extension Worlds {
  /// Two that read a variable and write one more, both on CPU 1 of two.
  static func bound(isPreemptible: Bool = false) -> Program {
    var builder = ProgramBuilder(cpus: 2)
    builder.program.isPreemptible = isPreemptible
    builder.program.variables = [SharedVariable(name: "v", initial: 0, range: 0...3)]
    let bump = builder.systemCall("bump", registers: 2) { code in
      code.emit(.loadShared, a: 1, b: 0)
      code.emit(.addImmediate, a: 1, b: 1, c: 1)
      code.emit(.storeShared, a: 1, b: 0)
    }
    let user = builder.function("user", .userProgram, registers: 3) { code in
      code.systemCall(bump)
      code.work(700, register: 1)
      code.emit(.exitTask)
    }
    return builder.scenario([.spawnOn(1, user, 2, into: 0), .sleep(30_000)])
  }

  /// A child of a bound task with interrupts off, a handler on each CPU that wants its lock, and a
  /// patched function that is called with bottom halves off.
  static func maskedOnCPU() -> Program {
    var builder = ProgramBuilder(cpus: 2)
    builder.program.locks = [Lock(name: "a", queue: 0)]
    builder.program.queues = ["a"]
    let patch = builder.patch("fix")
    let function = builder.traced("f", patches: [patch])
    let masked = builder.systemCall("masked", registers: 3) { code in
      code.emit(.interruptsOff, a: 1)
      code.emit(.lock, b: 0)
      code.emit(.unlock, b: 0)
      code.emit(.interruptsRestore, a: 1)
      code.emit(.bottomHalvesOff, a: 2)
      code.emit(.callTraced, a: 1, b: function)
      code.emit(.bottomHalvesRestore, a: 2)
    }
    builder.interrupt("timer", every: 4_000) { code in
      code.emit(.lock, b: 0)
      code.emit(.unlock, b: 0)
    }
    let user = builder.function("user", .userProgram, registers: 2) { code in
      code.systemCall(masked)
      code.emit(.exitTask)
    }
    return builder.scenario([.spawnOn(1, user, 1, into: 0), .apply(patch), .awaitNotInProgress])
  }
}
