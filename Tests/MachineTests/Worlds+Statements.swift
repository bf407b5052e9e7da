import Machine

/// Worlds for single statements of the language.
extension Worlds {
  /// Two checks of what SIGTERM may or may not have done yet, and a goal that a schedule comes to
  /// only between the two: the task out of the kernel and still alive, which `reach` looks for from
  /// its own step on.
  static func goals() -> Program {
    var builder = ProgramBuilder(cpus: 1)
    let patch = builder.patch("fix")
    let f = builder.traced("f", patches: [patch])
    let sleeper = builder.sleeper(calling: f)
    for _ in 0..<2 {
      builder.program.assertions.append(
        ConditionSite(
          text: "check t.alive", origin: .none, start: 0,
          captures: [Capture(origin: .none, address: 0, register: 2, kind: .boolean)]))
    }
    for text in ["reach not t.alive", "reach in_progress"] {
      builder.program.properties.append(
        Property(kind: .monitor(.mixed, .never), text: text, origin: .none))
    }
    var starts: [Int] = []
    var made = builder.scenario(registers: 8) { code in
      let past = code.freshLabel()
      code.emit(.jump, to: past)
      starts.append(code.here)
      code.emit(.query, a: 6, b: 5, c: Int(Query.alive.rawValue))
      code.emit(.not, a: 7, b: 6)
      code.emit(.conditionEnd, a: 7)
      starts.append(code.here)
      code.emit(.query, a: 6, c: Int(Query.inProgress.rawValue))
      code.emit(.conditionEnd, a: 6)
      code.label(past)
      code.emit(.spawnOne, a: 5, b: sleeper, c: 0)
      code.emit(.arm, c: 0)
      code.emit(.arm, c: 1)
      code.emit(.signalOne, a: 5, b: Signal.TERM.rawValue)
      for check in 0..<2 {
        code.emit(.observe)
        code.emit(.query, a: 2, b: 5, c: Int(Query.alive.rawValue))
        code.emit(.check, a: 2, c: check)
        code.emit(.loadImmediate, a: 2, wide: 30_000)
        code.emit(.operatorSleep, a: 2, b: 2)
      }
    }
    for (property, start) in starts.enumerated() {
      made.properties[property].kind = .reach(start: start)
    }
    return made
  }

  /// Two elements of a list are replaced, in a copy of it; the third place that is asked for isn't
  /// there.
  static func elementsReplaced() -> Program {
    var builder = ProgramBuilder(cpus: 1)
    return builder.scenario(registers: 8) { code in
      // What comes before the first step is part of the first world, which has no fault.
      code.emit(.loadImmediate, a: 7, wide: 1_000)
      code.emit(.operatorSleep, a: 7, b: 7)
      for place in 0..<3 { code.emit(.loadImmediate, a: place, wide: 5 * place) }
      code.emit(.makeList, a: 3, b: 0, c: 3)
      code.emit(.move, a: 6, b: 3)
      code.emit(.loadImmediate, a: 4, wide: 1)
      code.emit(.replaceElement, a: 3, b: 4, c: 2)
      code.emit(.replaceElement, a: 3, b: 0, c: 4)
      // Both lists are compared while the operator sleeps, for they are read behind it.
      code.emit(.operatorSleep, a: 7, b: 7)
      code.emit(.listElement, a: 2, b: 6, c: 4)
      code.emit(.replaceElement, a: 3, b: 1, c: 4)
    }
  }

  /// How long the transition has taken while it waits for a sleeper, and how long it took.
  static func measured() -> Program {
    var builder = ProgramBuilder(cpus: 1)
    let patch = builder.patch("fix")
    let f = builder.traced("f", patches: [patch])
    let program = builder.sleeper(calling: f)
    builder.program.texts.append(TextSite(origin: .none, pieces: ["", ""], kinds: [.duration]))
    builder.program.assertions.append(
      ConditionSite(text: "it stays as it was", origin: .none, start: 0, captures: []))
    let site = builder.awaitSite()
    var start = 0
    var made = builder.scenario(registers: 8) { code in
      code.emit(.spawnOne, a: 5, b: program, c: 0)
      code.emit(.loadImmediate, a: 2, wide: 30_000)
      code.emit(.operatorSleep, a: 2, b: 2)
      code.emit(.loadImmediate, a: 3, wide: patch)
      code.emit(.apply, a: 2, b: 3)
      code.emit(.query, a: 1, c: Int(Query.transitionDuration.rawValue))
      code.emit(.signalOne, a: 5, b: Signal.TERM.rawValue)
      start = code.awaitNotInProgress(site)
      code.emit(.observe)
      code.emit(.query, a: 4, c: Int(Query.transitionDuration.rawValue))
      code.emit(.less, a: 3, b: 1, c: 4)
      code.emit(.report, a: 2, b: 4, c: 0)
      code.emit(.loadImmediate, a: 2, wide: 30_000)
      code.emit(.operatorSleep, a: 2, b: 2)
      code.emit(.query, a: 2, c: Int(Query.transitionDuration.rawValue))
      code.emit(.equal, a: 2, b: 2, c: 4)
      code.emit(.require, a: 2, c: 0)
      code.emit(.require, a: 3, c: 0)
    }
    made.awaits[site].start = start
    return made
  }

  /// Tasks count in a variable of their own and print it to the kernel log; the operator reads it
  /// while they run and when they are gone.
  static func outsideReads() -> Program {
    var builder = ProgramBuilder(cpus: 1)
    builder.program.logPatterns = ["got 2 of"]
    builder.program.texts = [
      TextSite(origin: .none, pieces: ["got ", " of 2"], kinds: [.integer])
    ]
    builder.program.queues = ["q"]
    builder.program.strings = ["got", "forgotten"]
    builder.program.constants = builder.program.strings.map(StringTable.word)
    let call = builder.function("note", .systemCall, parameters: 1, registers: 2) { code in
      code.emit(.printk, a: 0, c: 0)
      code.emit(.returnValue, a: 0)
    }
    let counter = builder.function("counter", .userProgram, registers: 3) { code in
      for _ in 0..<2 {
        code.emit(.addImmediate, a: 2, b: 2, c: 1)
        let begin = code.freshLabel()
        code.label(begin)
        code.emit(.enterKernel, b: call)
        code.emit(.call, a: 0, b: call, c: 2)
        code.emit(.leaveKernel, a: 0, to: begin)
      }
      code.emit(.exitTask)
    }
    builder.program.taskVariables = [
      TaskVariable(name: "got", registers: [FunctionID(counter): 2])
    ]
    for _ in 0..<3 {
      builder.program.assertions.append(
        ConditionSite(text: "…", origin: .none, start: 0, captures: []))
    }
    return builder.scenario(registers: 8) { code in
      code.emit(.spawnOne, a: 0, b: counter, c: 1)
      code.emit(.observe)
      code.emit(.taskVariable, a: 1, b: 0, c: 0)
      code.emit(.loadImmediate, a: 2, wide: 2)
      code.emit(.equal, a: 3, b: 1, c: 2)
      code.emit(.check, a: 3, c: 0)
      code.emit(.query, a: 3, b: 0, c: Int(Query.logged.rawValue))
      code.emit(.check, a: 3, c: 1)
      code.emit(.makeRange, a: 4, b: 1, c: 2)
      code.emit(.listCount, a: 4, b: 4)
      code.emit(.loadConstant, a: 5, wide: 0)
      code.emit(.loadConstant, a: 6, wide: 1)
      code.emit(.textContains, a: 5, b: 5, c: 6)
      code.emit(.require, a: 5, c: 2)
      code.emit(.wake, a: 4, b: 0)
    }
  }

  /// Counts in the kernel, writes each number to the log, and looks for a line that was made.
  static func logged() -> Program {
    var builder = ProgramBuilder(cpus: 1)
    builder.program.texts = [TextSite(origin: .none, pieces: ["got ", ""], kinds: [.integer])]
    builder.program.strings = ["got 2", "got 3"]
    builder.program.constants = builder.program.strings.map(StringTable.word)
    let call = builder.function("note", .systemCall, registers: 3) { code in
      code.emit(.loadImmediate, a: 1, wide: 3)
      code.count(0, below: 1) { code in code.emit(.printk, a: 0, c: 0) }
      code.emit(.returnValue, a: 0)
    }
    let program = builder.function("counter", .userProgram, registers: 1) { code in
      code.systemCall(call)
      code.emit(.exitTask)
    }
    builder.program.assertions = ["it is there", "it is not"].map { text in
      ConditionSite(text: text, origin: .none, start: 0, captures: [])
    }
    return builder.scenario(registers: 4) { code in
      code.emit(.spawnOne, a: 0, b: program, c: 1)
      for number in 0..<2 {
        code.emit(.loadImmediate, a: 1, wide: 30_000)
        code.emit(.operatorSleep, a: 1, b: 1)
        code.emit(.observe)
        code.emit(.loadConstant, a: 2, wide: number)
        code.emit(.logContains, a: 3, b: 2)
        code.emit(.check, a: 3, c: number)
      }
    }
  }

  /// Waits for a variable to be 2, which a handler raises and wakes for in vain once; one of two
  /// tasks gives up when its time is over, the other lets nothing but a fatal signal end its wait.
  static func waitEvent() -> Program {
    var builder = ProgramBuilder(cpus: 1)
    builder.program.queues = ["q"]
    builder.program.variables.append(SharedVariable(name: "v", initial: 0, range: 0...2))
    builder.interrupt("timer", every: 4_000) { code in
      code.emit(.loadShared, a: 0, b: 0)
      code.emit(.addImmediate, a: 0, b: 0, c: 1)
      code.emit(.storeShared, a: 0, b: 0)
      code.emit(.wake, a: Instruction.noRegister, b: 0)
    }
    builder.program.interrupts[0].slackNanoseconds = 2
    let manners: [WaitManner] = [[.leavesOnSignal], [.killable, .leavesOnSignal]]
    var programs: [Int] = []
    for (number, manner) in manners.enumerated() {
      var start = 0
      let call = builder.systemCall("recv", registers: 6) { code in
        let past = code.freshLabel()
        code.emit(.jump, to: past)
        start = code.here
        code.emit(.query, a: 3, b: 0, c: Int(Query.variable.rawValue))
        code.emit(.loadImmediate, a: 4, wide: 2)
        code.emit(.equal, a: 5, b: 3, c: 4)
        code.emit(.conditionEnd, a: 5)
        code.label(past)
        code.emit(.loadImmediate, a: 1, wide: 5_000)
        code.emit(.waitFor, a: 0, b: number == 0 ? 1 : Instruction.noRegister, c: number)
      }
      builder.program.waits.append(WaitSite(queue: 0, manner: manner, start: start))
      programs.append(
        builder.function("server\(number)", .userProgram, registers: 2) { code in
          code.systemCall(call)
          code.emit(.work, a: 0, b: 0)
          code.emit(.exitTask)
        })
    }
    return builder.scenario([
      .spawn(programs[0], 1, into: 0), .spawn(programs[1], 1, into: 1), .sleep(2_000),
      .signal(.STOP, list: 1), .sleep(3_000), .signal(.TERM, list: 1), .signal(.CONT, list: 1),
      .sleep(30_000),
    ])
  }

  /// A task writes past the end of a list of two, one element after the other; another reads one.
  static func elements() -> Program {
    var builder = ProgramBuilder(cpus: 1)
    builder.program.variables = (0..<2).map { SharedVariable(name: "v[\($0)]", initial: 0) }
    builder.program.arrays = [SharedArray(first: 0, count: 2)]
    let write = builder.function("write", .systemCall, parameters: 1, registers: 2) { code in
      code.emit(.loadImmediate, a: 1, wide: 7)
      code.emit(.storeElement, a: 1, b: 0, c: 0)
      code.emit(.returnValue, a: 1)
    }
    let read = builder.systemCall("read", registers: 2) { code in
      code.emit(.loadImmediate, a: 1, wide: 1)
      code.emit(.loadElement, a: 0, b: 0, c: 1)
    }
    let writer = builder.function("writer", .userProgram, registers: 3) { code in
      code.loop { code in
        let begin = code.freshLabel()
        code.label(begin)
        code.emit(.enterKernel, b: write)
        code.emit(.call, a: 0, b: write, c: 2)
        code.emit(.leaveKernel, a: 0, to: begin)
        code.emit(.addImmediate, a: 2, b: 2, c: 1)
      }
    }
    let reader = builder.function("reader", .userProgram) { code in
      code.systemCall(read)
      code.emit(.exitTask)
    }
    return builder.scenario(registers: 4) { code in
      code.emit(.spawnOne, a: 0, b: reader, c: 1)
      code.emit(.spawnOne, a: 0, b: writer, c: 1)
      code.emit(.observe)
      code.emit(.loadImmediate, a: 2, wide: 1)
      code.emit(.sharedElement, a: 2, b: 0, c: 2)
      code.emit(.loadImmediate, a: 3, wide: 1_000)
      code.emit(.operatorSleep, a: 3, b: 3)
    }
  }
}
