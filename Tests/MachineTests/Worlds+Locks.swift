import Machine

/// Worlds of locks and crashes.
extension Worlds {
  /// A system call that takes those locks in that order and gives them back in the other.
  private static func nest(
    _ builder: inout ProgramBuilder, _ name: String, _ locks: [Int]
  ) -> Int {
    builder.systemCall(name) { code in
      for lock in locks { code.emit(.lock, b: lock) }
      for lock in locks.reversed() { code.emit(.unlock, b: lock) }
    }
  }

  private static func addLocks(_ builder: inout ProgramBuilder, _ names: [String]) {
    for name in names {
      builder.program.locks.append(Lock(name: name, queue: builder.program.queues.count))
      builder.program.queues.append(name)
    }
  }

  private static func once(_ builder: inout ProgramBuilder, _ call: Int) -> Int {
    builder.function("once", .userProgram, registers: 2) { code in
      code.systemCall(call)
      code.emit(.exitTask)
    }
  }

  private static func loop(_ builder: inout ProgramBuilder, _ call: Int) -> Int {
    builder.function("user", .userProgram, registers: 2) { code in
      code.loop { code in code.systemCall(call) }
    }
  }

  private static func reach(_ builder: inout ProgramBuilder, _ monitor: Monitor) -> Int {
    builder.program.properties.append(
      Property(kind: .monitor(monitor, .reach), text: "reach", origin: .none))
    return builder.program.properties.count - 1
  }

  /// Three tasks and one lock.
  static func mutex() -> Program {
    var builder = ProgramBuilder(cpus: 1)
    addLocks(&builder, ["a"])
    let user = loop(&builder, nest(&builder, "f", [0]))
    return builder.scenario([.spawn(user, 3, into: 0), .sleep(30_000)])
  }

  /// Two tasks that take two locks in two orders.
  static func twoOrders(isWanted: Bool, isLate: Bool = false) -> Program {
    var builder = ProgramBuilder(cpus: 2)
    addLocks(&builder, ["a", "b"])
    let one = once(&builder, nest(&builder, "f", [0, 1]))
    let two = once(&builder, nest(&builder, "g", [1, 0]))
    var statements: [Statement] = [
      .spawn(one, 1, into: 0), .spawn(two, 1, into: 1), .sleep(30_000),
    ]
    if isWanted {
      let place = isLate ? statements.count : 0
      statements.insert(.arm(reach(&builder, .deadlock)), at: place)
    }
    return builder.scenario(statements)
  }

  /// Three tasks one after the other, each with its own two of three locks: no two of them are ever
  /// about, so that nobody waits for anybody, and the three orders make a circle.
  static func orderOfThree(_ claim: MonitorClaim) -> Program {
    var builder = ProgramBuilder(cpus: 1)
    addLocks(&builder, ["a", "b", "c"])
    let tasks = [[0, 1], [1, 2], [2, 0]].map { once(&builder, nest(&builder, "f", $0)) }
    let property = builder.monitor(.lockOrder, claim)
    var statements: [Statement] = [.arm(property)]
    for (number, task) in tasks.enumerated() {
      statements += [.spawn(task, 1, into: number), .sleep(30_000)]
    }
    return builder.scenario(statements)
  }

  /// A handler takes two locks in the other order than a task does.
  static func orderInInterrupt() -> Program {
    var builder = ProgramBuilder(cpus: 1)
    addLocks(&builder, ["a", "b"])
    let user = once(&builder, nest(&builder, "f", [0, 1]))
    builder.interrupt("timer", every: 4_000) { code in
      for lock in [1, 0] { code.emit(.lock, b: lock) }
      for lock in [0, 1] { code.emit(.unlock, b: lock) }
    }
    let wanted = [builder.monitor(.lockOrder, .reach), builder.monitor(.deadlock, .reach)]
    return builder.scenario(wanted.map { .arm($0) } + [.spawn(user, 1, into: 0), .sleep(30_000)])
  }

  /// A handler wants the lock of a task, on any CPU: on its own it is a deadlock.
  static func lockInInterrupt(cpus: Int) -> Program {
    var builder = ProgramBuilder(cpus: cpus)
    addLocks(&builder, ["a"])
    let user = loop(&builder, nest(&builder, "f", [0]))
    builder.interrupt("timer", every: 4_000, registers: 2) { code in
      code.emit(.lock, b: 0)
      code.work(300)
      code.emit(.unlock, b: 0)
    }
    return builder.scenario([.spawn(user, 1, into: 0), .sleep(30_000)])
  }

  /// Who comes home with a lock, who gives back what it has not got, and a kernel thread that says
  /// it crashes: the scenario is to come to that, and goes on. The dead hold what they held.
  static func crashes() -> Program {
    var builder = ProgramBuilder(cpus: 1)
    addLocks(&builder, ["a", "b"])
    builder.program.texts = [TextSite(origin: .none, pieces: ["it is over"], kinds: [])]
    let keeper = once(&builder, builder.systemCall("keep") { $0.emit(.lock, b: 0) })
    let giver = once(&builder, builder.systemCall("give") { $0.emit(.unlock, b: 1) })
    builder.kernelThread("thread") { code in
      code.emit(.lock, b: 1)
      code.emit(.oops, a: 0, c: 0)
      code.emit(.exitTask)
    }
    let goal = reach(&builder, .oops)
    return builder.scenario([
      .arm(goal), .spawn(keeper, 2, into: 0), .spawn(giver, 1, into: 1), .sleep(30_000),
    ])
  }

  /// A handler that crashes takes the machine along, in the middle of the scenario.
  static func panic(isWanted: Bool) -> Program {
    var builder = ProgramBuilder(cpus: 1)
    addLocks(&builder, ["a"])
    let user = loop(&builder, nest(&builder, "f", [0]))
    builder.interrupt("timer", every: 4_000) { code in code.emit(.lock, b: 0) }
    var statements: [Statement] = [.spawn(user, 1, into: 0), .sleep(30_000)]
    if isWanted { statements.insert(.arm(reach(&builder, .oops)), at: 0) }
    return builder.scenario(statements)
  }
}
