import Administration
import Machine
import Patching
import Testing

@testable import Machine
@testable import Patching

/// `why` against the machine: every remedy that it names and every one that it denies is applied to
/// a copy of the world. First the task alone goes on, then everybody does (`Everybody`): what the
/// machine brings about by itself, or with the measure's help, is not to be denied.
///
/// - What is *certain* must carry the task across, whichever way its steps go.
/// - What is *futile* must not, by any of them.
/// - What is *possible* depends on values or on others, and says so: of what was tried before it
///   was said (`Trial`) some way must lead across.
struct RemedyJudge {
  let machine: Machine
  let label: String
  /// How often each measure was judged, by its name.
  var judged: [String: Int] = [:]
  private let everybody: Everybody
  private var judgedWorlds = 0
  /// Of so many worlds one is tried.
  private static let stride = 8
  /// What was said, to be held against what everybody does.
  private var claims: [Claim] = []

  private struct Claim {
    var slot: TaskSlot
    var measure: Blocker.Measure
    /// Nil: it moves the task, or may.
    var reason: Blocker.Reason?
    /// The worlds with the measure and without it.
    var after: Int
    var without: Int
    /// Where it was.
    var place: String
  }

  init(_ program: Program, _ rules: KGraftRules, label: String) {
    machine = Machine(program: program, engine: KGraft(rules: rules), time: .arbitrary)
    self.label = label
    everybody = Everybody(machine, greatest: 1_200)
  }

  private mutating func claim(
    _ blocker: Blocker, _ measure: Blocker.Measure, _ reason: Blocker.Reason?,
    _ world: [UInt64], _ workspace: Workspace
  ) {
    var after = world
    var workspace = workspace
    // A lock that changes hands so is none of the machine's doing.
    if case .unlock = measure { return }
    let slot = blocker.slot
    guard apply(measure, to: slot, &after, &workspace),
      let without = everybody.number(of: world), let number = everybody.number(of: after)
    else { return }
    claims.append(
      Claim(
        slot: slot, measure: measure, reason: reason, after: number, without: without,
        place: "\(blocker.place), \(code(blocker))"))
  }

  private func judgeClaims(_ workspace: Workspace) throws {
    everybody.goOn(workspace)
    var ways: [TaskSlot: [Bool]] = [:]
    var hopes: [TaskSlot: [Bool]] = [:]
    for claim in claims where claim.reason == nil {
      let across = hopes[claim.slot] ?? everybody.ways(across: claim.slot, hoping: true)
      hopes[claim.slot] = across
      try #require(
        across[claim.after],
        "\(label): nothing that follows \(claim.measure) moves it: \(claim.place)")
    }
    for claim in claims {
      let across = ways[claim.slot] ?? everybody.ways(across: claim.slot)
      ways[claim.slot] = across
      guard let reason = claim.reason else { continue }
      let moves = across[claim.after]
      // What happens without it is not its doing, but may not be denied to waiting.
      if claim.measure != .itself, across[claim.without] { continue }
      try #require(
        !moves, "\(label): with everybody going on \(claim.measure) moves \(claim.slot), \(reason)")
    }
  }

  /// Judges every world that a search comes to, up to so many.
  mutating func judgeAll(greatest: Int) throws {
    var workspace = Workspace(program: machine.program, recording: false)
    let first = machine.initialRow(taskCapacity: 6, &workspace)
    var known: Set<[UInt64]> = [first]
    var queue = [first]
    var next = 0
    while next < queue.count, queue.count < greatest {
      try judge(queue[next], workspace)
      var choices: [Choice] = []
      var words = queue[next]
      var row = words.mutableSpan
      machine.forEachChoice(&row, &workspace) { choices.append($0) }
      for choice in choices {
        var words = queue[next]
        var row = words.mutableSpan
        let progress = machine.step(choice, &row, &workspace)
        if progress == .running, known.insert(words).inserted { queue.append(words) }
      }
      next += 1
    }
    try judgeClaims(workspace)
  }

  private mutating func judge(_ world: [UInt64], _ workspace: Workspace) throws {
    var words = world
    var row = words.mutableSpan
    // While the window is open the stub marks whoever leaves.
    guard row[machine.layout.engine.globals[KGraft.Global.immutable.rawValue]] == 0 else { return }
    judgedWorlds += 1
    let isTried = judgedWorlds % Self.stride == 0
    let terms = isTried ? TrialTerms.quick(workspace.strings) : nil
    for blocker in Blocker.all(machine, &row, trying: terms) {
      for remedy in blocker.remedies where isTried && !remedy.isCertain {
        claim(blocker, remedy.measure, nil, world, workspace)
      }
      for remedy in blocker.remedies where remedy.isCertain {
        guard let ends = ends(of: blocker.slot, after: remedy.measure, world, workspace) else {
          continue
        }
        judged["\(remedy.measure) moves", default: 0] += 1
        try #require(
          ends == [true], "\(label): \(remedy.measure) should move \(blocker), \(code(blocker))")
      }
      // Somebody who may come across alone is not denied that.
      let alone = ends(of: blocker.slot, after: .itself, world, workspace)
      for futile in blocker.futile {
        claim(blocker, futile.measure, futile.reason, world, workspace)
        guard let ends = ends(of: blocker.slot, after: futile.measure, world, workspace) else {
          continue
        }
        judged["\(futile.measure) doesn't", default: 0] += 1
        try #require(
          ends == (futile.measure == .itself ? [false] : alone),
          "\(label): \(futile.measure) should not move \(blocker), \(futile.reason)")
      }
    }
  }

  private func code(_ blocker: Blocker) -> String {
    guard let top = blocker.stack.first else { return "" }
    let end = machine.program.functions[top.function.rawValue].end
    return machine.program.instructions[top.address..<end].map {
      "\($0.operation) \($0.a) \($0.b) \($0.c)"
    }.joined(separator: "; ")
  }

  /// Applies the measure to a copy and lets the task alone go on, every way that it can: whether it
  /// migrated in some, and whether it failed to in some. Nil for what this judge can't apply.
  private func ends(
    of slot: TaskSlot, after measure: Blocker.Measure, _ world: [UInt64], _ workspace: Workspace
  ) -> Set<Bool>? {
    var start = world
    var workspace = workspace
    guard apply(measure, to: slot, &start, &workspace) else { return nil }
    var numbers: [[UInt64]: Int] = [start: 0]
    var worlds = [start]
    var steps: [[Int]] = []
    var ends: Set<Bool> = []
    while steps.count < worlds.count, worlds.count < 2_000 {
      var words = worlds[steps.count]
      steps.append([])
      var row = words.mutableSpan
      let isAcross = !machine.engine.isWaitedFor(slot, machine, &row)
      guard !isAcross, machine.state(of: slot, &row) == .runnable else {
        ends.insert(isAcross)
        continue
      }
      // Alone it can't go on while its CPU is somebody else's.
      guard !machine.lacksCPU(slot, &row) else { return nil }
      for alternative in 0..<machine.alternatives(of: .task(slot), &row) {
        var words = worlds[steps.count - 1]
        var row = words.mutableSpan
        _ = machine.step(Choice(actor: .task(slot), alternative: alternative), &row, &workspace)
        guard workspace.fault == nil else { return nil }
        let number = numbers[words] ?? worlds.count
        if numbers.updateValue(number, forKey: words) == nil { worlds.append(words) }
        steps[steps.count - 1].append(number)
      }
    }
    if hasCycle(steps) { ends.insert(false) }
    return ends
  }

  /// Whether the task can go round for ever: what is left when worlds with no step left go.
  private func hasCycle(_ steps: [[Int]]) -> Bool {
    var left = Set(steps.indices)
    while true {
      let done = left.filter { world in steps[world].allSatisfy { !left.contains($0) } }
      if done.isEmpty { return !left.isEmpty }
      left.subtract(done)
    }
  }

  private func apply(
    _ measure: Blocker.Measure, to slot: TaskSlot, _ words: inout [UInt64],
    _ workspace: inout Workspace
  ) -> Bool {
    var row = words.mutableSpan
    let state = machine.state(of: slot, &row)
    switch measure {
    case .itself: break
    case .wake(let queue):
      for number in 0..<machine.taskCount(&row)
      where machine.isAsleep(TaskSlot(number), in: queue, &row) {
        machine.wakeTask(TaskSlot(number), .woken, &row, &workspace)
      }
    case .childEnd(let children):
      guard let child = children.first, machine.liveThreads(of: child, &row) == [child] else {
        return false
      }
      machine.exit(child, &row, &workspace)
    case .threadsEnd(let threads):
      for thread in threads { machine.exit(thread, &row, &workspace) }
    case .unlock(let lock, let holder):
      if case .task(let owner)? = holder, !machine.isLive(owner, &row) { return false }
      row[machine.layout.locks[lock]] =
        UInt64(machine.layout.handlers.count + slot.rawValue + 1)
      machine.wakeTask(slot, .woken, &row, &workspace)
    case .timer:
      machine.wakeTask(slot, .timeout, &row, &workspace)
    case .signal(let signal):
      machine.deliver(signal, to: slot, &row, &workspace)
    case .look:
      guard (machine.engine as? KGraft)?.rules.sendsFakeSignals == true else { break }
      if !machine.isKernelThread(slot, &row) {
        machine.fakeSignal(slot, &row, &workspace)
      } else if state == .sleeping || state == .uninterruptible {
        machine.wakeSpuriously(slot, &row, &workspace)
      }
    case .reap, .force: return false
    }
    return true
  }
}

@Suite("What moves a task, and what doesn't")
struct RemedyTests {
  static let worlds: [(String, Program)] = [
    ("looper", Worlds.looper()), ("pairs", Worlds.pairs()),
    ("stopped sleeper", Worlds.stoppedSleeper()), ("kernel thread", Worlds.kernelThread()),
    ("waiting kernel threads", Worlds.waitingKernelThreads()),
    ("deep sleeper", Worlds.deepSleeper()), ("unwinding", Worlds.unwinding()),
    ("conditions", Worlds.conditions()), ("wait event", Worlds.waitEvent()),
    ("stopped before", stoppedBefore()), ("deaf", deaf()), ("hopeless", hopeless()),
    ("forks", Worlds.forks()), ("zombie", Worlds.zombie()), ("threads", Worlds.threads()),
    ("handlers", Worlds.handlers()), ("init reaps", Worlds.initReaps()), ("in line", inLine()),
    ("ticked", ticked()), ("timed holder", timedHolder()), ("late parent", lateParent()),
    ("stubborn", stubborn()),
  ]

  /// Stopped when the patch comes: it can't look up before SIGCONT.
  static func stoppedBefore() -> Program {
    var builder = ProgramBuilder(cpus: 1)
    let patch = builder.patch("fix")
    let f = builder.traced("f", patches: [patch])
    let program = builder.sleeper(calling: f)
    return builder.scenario([
      .spawn(program, 1, into: 0), .signal(.STOP, list: 0), .apply(patch),
      .signal(.CONT, list: 0), .awaitNotInProgress,
    ])
  }

  /// One who sleeps with a lock in its hands, and one in line for it, who sleeps in state D until
  /// it has it.
  static func inLine() -> Program {
    var builder = ProgramBuilder(cpus: 1)
    builder.program.queues = ["q", "a"]
    builder.program.locks = [Lock(name: "a", queue: 1)]
    let patch = builder.patch("fix")
    let f = builder.traced("f", patches: [patch])
    let call = builder.systemCall("hold") { code in
      code.emit(.lock, b: 0)
      code.emit(.wait, a: 0, b: 0)
      code.emit(.callTraced, a: 0, b: f)
      code.emit(.unlock, b: 0)
    }
    let pass = builder.systemCall("pass") { code in
      code.emit(.lock, b: 0)
      code.emit(.callTraced, a: 0, b: f)
      code.emit(.unlock, b: 0)
    }
    let programs = [call, pass].map { call in
      builder.function("user", .userProgram) { code in
        code.systemCall(call)
        code.emit(.exitTask)
      }
    }
    return builder.scenario([
      .spawn(programs[0], 1, into: 0), .spawn(programs[1], 1, into: 1), .apply(patch), .wake(0),
      .awaitNotInProgress,
    ])
  }

  /// A sleeper in state D that an interrupt wakes.
  static func ticked() -> Program {
    var builder = ProgramBuilder(cpus: 1)
    builder.program.queues = ["q"]
    let patch = builder.patch("fix")
    let f = builder.traced("f", patches: [patch])
    let call = builder.systemCall("read") { code in
      code.emit(.wait, a: Instruction.noRegister, b: 0, c: WaitManner.uninterruptible.rawValue)
      code.emit(.callTraced, a: 0, b: f)
    }
    builder.interrupt("tick", every: 4_000) { $0.emit(.wake, a: Instruction.noRegister, b: 0) }
    let program = builder.function("reader", .userProgram) { code in
      code.systemCall(call)
      code.emit(.exitTask)
    }
    return builder.scenario([.spawn(program, 1, into: 0), .apply(patch), .awaitNotInProgress])
  }

  /// In line for a lock whose holder sleeps for a time.
  static func timedHolder() -> Program {
    var builder = ProgramBuilder(cpus: 1)
    builder.program.queues = ["a"]
    builder.program.locks = [Lock(name: "a", queue: 0)]
    let patch = builder.patch("fix")
    let f = builder.traced("f", patches: [patch])
    let hold = builder.systemCall("hold", registers: 2) { code in
      code.emit(.lock, b: 0)
      code.emit(.loadImmediate, a: 1, wide: 5_000)
      code.emit(.sleep, a: 1, b: 1, c: Instruction.noRegister)
      code.emit(.unlock, b: 0)
    }
    let pass = builder.systemCall("pass") { code in
      code.emit(.lock, b: 0)
      code.emit(.callTraced, a: 0, b: f)
      code.emit(.unlock, b: 0)
    }
    let programs = [hold, pass].map { call in
      builder.function("user", .userProgram) { code in
        code.systemCall(call)
        code.emit(.exitTask)
      }
    }
    return builder.scenario([
      .spawn(programs[0], 1, into: 0), .spawn(programs[1], 1, into: 1), .apply(patch),
      .awaitNotInProgress,
    ])
  }

  /// A zombie whose parent comes to reap it.
  static func lateParent() -> Program {
    var builder = ProgramBuilder(cpus: 1)
    let patch = builder.patch("fix")
    _ = builder.traced("f", patches: [patch])
    let program = builder.function("parent", .userProgram, registers: 4) { code in
      code.fork(register: 1) { $0.work(300, register: 2) }
      code.work(900, register: 2)
      code.reap(register: 2)
      code.emit(.exitTask)
    }
    return builder.scenario([.spawn(program, 1, into: 0), .apply(patch), .awaitNotInProgress])
  }

  /// It goes back to sleep for whatever but a wake-up ended its sleep.
  static func stubborn() -> Program {
    var builder = ProgramBuilder(cpus: 1)
    builder.program.queues = ["q"]
    let patch = builder.patch("fix")
    let f = builder.traced("f", patches: [patch])
    let call = builder.systemCall("read", registers: 2) { code in
      let again = code.freshLabel()
      code.label(again)
      code.emit(.wait, a: 1, b: 0)
      code.emit(.jumpIfTrue, a: 1, to: again)
      code.emit(.callTraced, a: 0, b: f)
    }
    let program = builder.function("reader", .userProgram) { code in
      code.systemCall(call)
      code.emit(.exitTask)
    }
    return builder.scenario([
      .spawn(program, 1, into: 0), .apply(patch), .signalOne(.STOP, task: 0), .wake(0),
      .awaitNotInProgress,
    ])
  }

  /// One sleeper in state D and a killable one.
  static func deaf() -> Program {
    var builder = ProgramBuilder(cpus: 1)
    builder.program.queues = ["disk", "other"]
    let patch = builder.patch("fix")
    _ = builder.traced("f", patches: [patch])
    let programs = [WaitManner.uninterruptible, [.killable, .leavesOnSignal]].map { manner in
      let call = builder.systemCall("read", registers: 2) { code in
        code.emit(.wait, a: Instruction.noRegister, b: 0, c: manner.rawValue)
      }
      return builder.function("reader", .userProgram) { code in code.loop { $0.systemCall(call) } }
    }
    return builder.scenario([
      .spawn(programs[0], 1, into: 0), .spawn(programs[1], 1, into: 1), .apply(patch),
      .wake(0), .awaitNotInProgress,
    ])
  }

  /// A kernel thread without a safe point, and a task that never enters the kernel again.
  static func hopeless() -> Program {
    var builder = ProgramBuilder(cpus: 1)
    builder.program.queues = ["q"]
    let patch = builder.patch("fix")
    _ = builder.traced("f", patches: [patch])
    builder.kernelThread("thread", registers: 2) { code in
      code.loop { $0.emit(.wait, a: Instruction.noRegister, b: 0) }
    }
    let program = builder.function("computer", .userProgram, registers: 3) { code in
      code.loop { $0.work(1_000, register: 2) }
    }
    return builder.scenario([.spawn(program, 1, into: 0), .apply(patch), .awaitNotInProgress])
  }

  @Test(arguments: KGraftRules.Generation.allCases)
  func theMachineAgreesInSmallWorlds(_ generation: KGraftRules.Generation) throws {
    var seen: Set<String> = []
    for (name, program) in Self.worlds {
      var judge = RemedyJudge(
        program, KGraftRules(generation: generation), label: "\(name), \(generation)")
      try judge.judgeAll(greatest: name == "in line" ? 5_000 : 1_500)
      seen.formUnion(judge.judged.keys)
    }
    // Without these the test would have judged nothing.
    #expect(seen.contains("wake(queue: 0) moves"))
    #expect(seen.contains("signal(Machine.Signal.STOP) moves"))
    #expect(seen.contains("signal(Machine.Signal.STOP) doesn't"))
    #expect(seen.contains("signal(Machine.Signal.CONT) moves"))
    #expect(seen.contains("itself doesn't"))
    #expect(seen.contains { $0.hasPrefix("unlock") && $0.hasSuffix("moves") })
    #expect(seen.contains("signal(Machine.Signal.USR1) moves"))
    #expect(seen.contains("look doesn't"))
    #expect(seen.contains("look moves") == (generation == .current))
  }

  @Test(arguments: [0, 1, 2, 3])
  func theMachineAgreesInWorldsThatNobodyThoughtOf(_ lot: Int) throws {
    for seed in (lot * 50)..<(lot * 50 + 50) {
      let (program, made) = RandomProgram.make(seed: seed)
      var rules = made
      // What moves a task is told by the rules as they are.
      (rules.clearsOnEntry, rules.clearsOnExit) = (true, true)
      var judge = RemedyJudge(program, rules, label: "program \(seed)")
      try judge.judgeAll(greatest: 150)
    }
  }
}
