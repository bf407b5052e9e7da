import Machine

/// A module of a random program, and what the operator does to it and to the patches' modules.
extension RandomProgram {
  /// It has one of the traced functions, a system call that calls it, and perhaps an init, an exit,
  /// a thread and a timer.
  mutating func addModule(_ patches: [Int]) {
    let module = builder.module("m", startsLive: dice.chance(30))
    self.module = module
    let own = traced[dice.roll(traced.count)]
    builder.place(traced: own, in: module)
    let call = builder.systemCall("module call", registers: 4) { code in
      code.emit(.callTraced, a: 0, b: own)
    }
    builder.place(call, in: module)
    moduleCall = call
    let initialisation = dice.chance(50) ? handler(giving: dice.chance(20) ? -19 : 0) : nil
    let exit = dice.chance(40) ? handler(giving: 0) : nil
    if dice.chance(40) { addThread(calling: own) }
    if dice.chance(40) { addTimer() }
    builder.commands(for: module, initialisation: initialisation, exit: exit)
    for patch in patches { builder.commands(removing: patch) }
  }

  private mutating func handler(giving value: Int) -> Int {
    let parts = body(length: 1 + dice.roll(2), sleeping: dice.chance(50))
    return builder.handler(of: module ?? 0, registers: 4) { code in
      for part in parts { part(&code) }
      code.emit(.loadImmediate, a: 0, wide: value)
    }
  }

  private mutating func addThread(calling own: Int) {
    let parts = body(length: dice.roll(2), sleeping: false)
    let rounds = dice.chance(60)
    builder.kernelThread(of: module ?? 0, registers: 4) { code in
      code.emit(.callTraced, a: 0, b: own)
      code.emit(.safePoint)
      if rounds {
        code.loop { code in
          code.emit(.loadImmediate, a: 1, wide: 3_000)
          code.emit(.sleep, a: 1, b: 1, c: Instruction.noRegister)
          for part in parts { part(&code) }
          code.emit(.safePoint)
        }
      } else {
        for part in parts { part(&code) }
        code.emit(.exitTask)
      }
    }
  }

  private mutating func addTimer() {
    builder.interrupt("late timer", every: Int64(5_000 + 1_000 * dice.roll(4)), registers: 3) {
      $0.work(700, register: 1)
    }
    let number = builder.program.interrupts.count - 1
    builder.program.interrupts[number].module = module.map { ModuleID($0) }
    builder.place(builder.program.interrupts[number].function.rawValue, in: module ?? 0)
    if dice.chance(30) { builder.program.interrupts[number].slackNanoseconds = 2 }
  }

  /// What the operator types; nil where there is no module.
  mutating func command(_ patches: [Int]) -> Statement? {
    guard module != nil else { return nil }
    let patch = builder.program.patches[patches[dice.roll(patches.count)]].name
    let lines = [
      "insmod m", "modprobe m", "rmmod m", "modprobe -r m", "insmod m", "rmmod \(patch)",
      "insmod \(patch)", "rmmod other",
    ]
    return .tryCommand(lines[dice.roll(lines.count)])
  }
}
