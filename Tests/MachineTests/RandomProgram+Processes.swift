import Machine

/// Children, threads, handlers for signals, and a pid 1. How many tasks a program comes to is
/// bounded: what is born within a loop is not.
extension RandomProgram {
  /// Signals that programs catch or are deaf to.
  static let handled: [Signal] = [.USR1, .CHLD, .TERM, .TSTP, .CONT]

  /// A program for threads: it calls and ends, or goes on for ever.
  mutating func addWorker(_ calls: [Int]) {
    let parts = userParts(calls)
    let isLoop = dice.chance(30)
    let id = builder.function("worker", .userProgram, registers: 4) { code in
      if isLoop {
        code.loop { code in for part in parts { part(&code) } }
      } else {
        for part in parts { part(&code) }
      }
      code.emit(.exitTask)
      code.threadEntry()
    }
    builder.program.functions[id].threadEntry = builder.program.instructions.count - 2
    worker = id
  }

  /// Pid 1: it waits for children between its calls, and hears of TERM or of nothing.
  mutating func addInit(_ calls: [Int]) {
    let parts = userParts(calls)
    let ends = dice.chance(20)
    let id = builder.catching("init", registers: 8, handlers: handlers(atMost: 1)) { code in
      if ends {
        for part in parts { part(&code) }
        code.emit(.exitTask)
      }
      code.loop { code in
        code.reap(register: 5)
        for part in parts { part(&code) }
      }
    }
    builder.program.initFunction = FunctionID(id)
  }

  /// Registers 0 to 3 are for what any program does, 4 has a PID, 5 what waiting gave, and from 6
  /// on the handlers have theirs.
  mutating func familyProgram(_ calls: [Int]) -> Int {
    let births = (0..<dice.roll(3)).map { _ in birth(calls) }
    let parts = userParts(calls)
    let later = userParts(calls)
    let isLoop = dice.chance(40)
    let waits = dice.roll(4)
    let deaf = dice.chance(25) ? Self.handled[dice.roll(Self.handled.count)] : nil
    return builder.catching("family", registers: 8, handlers: handlers(atMost: 2)) { code in
      if let deaf { code.inKernel { $0.emit(.ignoreSignal, b: deaf.rawValue) } }
      for birth in births { birth(&code) }
      for part in parts { part(&code) }
      if waits == 1 { code.reap(register: 5) }
      if waits == 2 { code.inKernel(register: 5) { $0.emit(.reap, a: 5, b: 4) } }
      if isLoop {
        code.loop { code in for part in later { part(&code) } }
      } else {
        code.emit(.exitTask)
      }
    }
  }

  private mutating func birth(_ calls: [Int]) -> (inout Code) -> Void {
    let worker = self.worker
    if let worker, dice.chance(40) {
      return { code in
        code.inKernel(register: 4) { $0.emit(.startThread, a: 4, b: worker, c: 0) }
      }
    }
    let parts = userParts(calls)
    let isLong = dice.chance(20)
    return { code in
      code.fork(register: 4) { code in
        for part in parts { part(&code) }
        if isLong { code.loop { $0.work(1_000, register: 2) } }
      }
    }
  }

  private mutating func handlers(
    atMost most: Int
  ) -> [(key: Signal, value: (inout Code) -> Void)] {
    var left = Self.handled
    return (0..<dice.roll(most + 1)).map { _ in
      let signal = left.remove(at: dice.roll(left.count))
      let kind = dice.roll(4)
      let length = 100 + 300 * dice.roll(3)
      return (
        signal,
        { code in
          switch kind {
          case 0: code.reap(register: 6)
          case 1: code.emit(.exitTask)
          default: code.work(length, register: 6)
          }
        }
      )
    }
  }
}
