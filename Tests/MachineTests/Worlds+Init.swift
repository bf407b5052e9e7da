import Machine

/// Worlds whose text gives pid 1.
extension Worlds {
  /// Pid 1 sleeps in a system call, deaf to what is sent to it, and reaps whoever
  /// it has when it is woken: an orphan, its parent, or a task that the operator spawned.
  static func initReaps() -> Program {
    var builder = ProgramBuilder(cpus: 2)
    builder.program.queues = ["q"]
    let call = builder.systemCall("epoll") { code in
      code.emit(.wait, a: 0, b: 0, c: WaitManner.leavesOnSignal.rawValue)
    }
    let first = builder.function("init", .userProgram, registers: 2) { code in
      code.loop { code in
        code.reap()
        code.systemCall(call)
      }
    }
    builder.program.initFunction = FunctionID(first)
    let program = builder.function("parent", .userProgram, registers: 2) { code in
      code.fork { $0.work(2_000) }
      code.emit(.exitTask)
    }
    return builder.scenario([
      .spawn(program, 1, into: 0), .signalOne(.STOP, task: 0), .sleep(20_000), .wake(0),
      .signalOne(.KILL, task: 0), .sleep(20_000),
    ])
  }

  /// Pid 1 catches TERM, and ends; nobody survives that.
  static func initEnds(isWanted: Bool) -> Program {
    var builder = ProgramBuilder(cpus: 1)
    let first = builder.catching("init", registers: 2, [.TERM: { $0.work(100) }]) { code in
      code.work(2_000)
      code.emit(.exitTask)
    }
    builder.program.initFunction = FunctionID(first)
    let task = builder.function("task", .userProgram, registers: 2) { code in
      code.loop { $0.work(500) }
    }
    var statements: [Statement] = [.signalOne(.KILL, task: 0), .signalOne(.TERM, task: 0)]
    if isWanted { statements.insert(.arm(builder.monitor(.oops, .reach)), at: 0) }
    return builder.scenario(statements + [.spawn(task, 1, into: 0), .sleep(20_000)])
  }
}
