import Machine
import Patching

/// Small programs that nobody thought of. The seed says everything.
struct RandomProgram {
  var dice: Dice
  var builder: ProgramBuilder
  var traced: [Int] = []
  /// The module's number, if there is one.
  var module: Int?
  var moduleCall: Int?
  private var plain: [Int] = []
  /// How many locks the program takes; most take none.
  private var locking = 0
  /// Whether it makes objects, and whether it turns interrupts and bottom halves off.
  private var handling = false
  private var masking = false
  /// Whether its tasks have children, threads and handlers for signals.
  private(set) var isForking = false
  /// A program without children of its own, for threads.
  var worker: Int?

  static func make(seed: Int) -> (program: Program, rules: KGraftRules) {
    var maker = RandomProgram(seed: seed)
    var program = maker.program()
    makeForeign(&program, Dice(seed: .max - seed))
    return (program, maker.rules())
  }

  private let seed: Int

  private init(seed: Int) {
    self.seed = seed
    dice = Dice(seed: seed)
    builder = ProgramBuilder(cpus: 1 + dice.roll(4))
  }

  private mutating func rules() -> KGraftRules {
    let older: KGraftRules.Generation = dice.chance(20) ? .first : .manual
    var rules = KGraftRules(generation: dice.chance(60) ? .current : older)
    rules.hasImmutableWindow = !dice.chance(20)
    rules.switchesCPUs = !dice.chance(10)
    rules.wakesKernelThreads = !dice.chance(10)
    // One of the others at the most, so that most of the time what they are for is there.
    switch dice.roll(20) {
    case 0: rules.clearsOnEntry = false
    case 1: rules.clearsOnExit = false
    case 2: rules.invertsOnRevert = false
    case 3: rules.revertsLastFirst = false
    case 4: rules.allowsOneAtATime = false
    case 5: rules.replacesRevertFirst = false
    case 6: rules.patchesLateModules = false
    case 7: rules.holdsModules = false
    default: break
    }
    return rules
  }

  private mutating func program() -> Program {
    builder.program.sliceNanoseconds = Int64(2_000 + 1_000 * dice.roll(4))
    builder.program.isPreemptible = dice.chance(30)
    if dice.chance(15) { builder.program.jitterNanoseconds = 2 }
    builder.program.queues = ["q", "r", "a", "b"]
    builder.program.locks = [Lock(name: "a", queue: 2), Lock(name: "b", queue: 3)]
    if dice.chance(30) { locking = 1 + dice.roll(2) }
    handling = dice.chance(25)
    masking = dice.chance(25)
    isForking = dice.chance(35)
    builder.program.variables = [
      SharedVariable(name: "v", initial: 1, range: 0...3),
      SharedVariable(name: "w", initial: -1, range: -2...1),
    ]
    builder.program.logPatterns = ["still in progress"]
    let patches = (0...dice.roll(3)).map { number in
      builder.patch("p\(number)", replacesAll: dice.chance(30))
    }
    if handling { addRecords() }
    // Function 0 may be called from interrupts: it never sleeps.
    for number in 0...dice.roll(3) {
      if dice.chance(50) { plain.append(plainFunction(sleeping: number > 0)) }
      let naming = patches.filter { _ in number == 0 || dice.chance(70) }
      traced.append(tracedFunction(number, naming, sleeping: number > 0))
    }
    if dice.chance(40) { addModule(patches) }
    if dice.chance(40) { kernelThread() }
    for _ in 0..<dice.roll(3) { interrupt() }
    let calls = (0...dice.roll(2)).map { _ in systemCall() }
    if isForking { addWorker(calls) }
    let programs = (0...dice.roll(2)).map { _ in
      isForking ? familyProgram(calls) : userProgram(calls)
    }
    if isForking, dice.chance(30) { addInit(calls) }
    // How it ends is told by what the variables hold then.
    let reports = [Statement.report("v", variable: 0), .report("w", variable: 1)]
    return builder.scenario(statements(patches, programs) + reports)
  }

  // MARK: Functions

  private mutating func tracedFunction(_ number: Int, _ patches: [Int], sleeping: Bool) -> Int {
    var variants: [Int: (inout Code) -> Void] = [:]
    for patch in patches where dice.chance(50) {
      let body = body(length: 1 + dice.roll(2), sleeping: sleeping)
      variants[patch] = { code in for part in body { part(&code) } }
    }
    let body = body(length: dice.roll(2), sleeping: sleeping)
    let ambiguous = Set(patches.filter { _ in dice.chance(5) })
    return builder.traced(
      "f\(number)", registers: 4, patches: patches, variants: variants, ambiguousFor: ambiguous
    ) { code in
      for part in body { part(&code) }
    }
  }

  private mutating func plainFunction(sleeping: Bool) -> Int {
    let body = body(length: 1 + dice.roll(2), sleeping: sleeping)
    return builder.function("plain", .kernel, parameters: 1, registers: 4) { code in
      for part in body { part(&code) }
      code.emit(.returnValue, a: dice.roll(2))
    }
  }

  private mutating func systemCall() -> Int {
    let body = body(length: 1 + dice.roll(3), sleeping: true)
    return builder.systemCall("call", registers: 4) { code in
      for part in body { part(&code) }
    }
  }

  private mutating func kernelThread() {
    let body = body(length: 1 + dice.roll(2), sleeping: true, leaving: false)
    let sleeps = dice.chance(50)
    let isSafe = dice.chance(80)
    builder.kernelThread("thread", registers: 4) { code in
      code.loop { code in
        code.emit(.loadImmediate, a: 1, wide: 3_000)
        if sleeps { code.emit(.sleep, a: 1, b: 1, c: Instruction.noRegister) }
        for part in body { part(&code) }
        code.emit(.work, a: 1, b: 1)
        if isSafe { code.emit(.safePoint) }
      }
    }
  }

  private mutating func interrupt() {
    let body = body(length: dice.roll(2), sleeping: false)
    let function = traced[0]
    builder.interrupt(
      "timer", every: Int64(4_000 + 1_000 * dice.roll(5)), cpu: dice.chance(50) ? 0 : nil,
      registers: 4
    ) { code in
      for part in body { part(&code) }
      code.emit(.callTraced, a: 0, b: function)
    }
    if dice.chance(30) {
      builder.program.interrupts[builder.program.interrupts.count - 1].slackNanoseconds = 3
    }
  }

  private mutating func userProgram(_ calls: [Int]) -> Int {
    let parts = userParts(calls)
    let isLoop = dice.chance(60)
    return builder.function("user", .userProgram, registers: 4) { code in
      if isLoop {
        code.loop { code in for part in parts { part(&code) } }
      } else {
        for part in parts { part(&code) }
        code.emit(.exitTask)
      }
    }
  }

  mutating func userParts(_ calls: [Int]) -> [(inout Code) -> Void] {
    var parts: [(inout Code) -> Void] = []
    for _ in 0...dice.roll(2) {
      let call = calls[dice.roll(calls.count)]
      let length = 500 + 1_000 * dice.roll(4)
      let most = length + dice.roll(3)
      switch dice.roll(4) {
      case 0: parts.append { $0.work(length, upTo: most, register: 2) }
      case 1: parts.append { $0.sleepCall(length, upTo: most) }
      case 2:
        if let module, let moduleCall {
          parts.append { $0.systemCall(moduleCall, of: module) }
        } else {
          parts.append { $0.systemCall(call) }
        }
      default: parts.append { $0.systemCall(call) }
      }
    }
    return parts
  }

  // MARK: Kernel code

  mutating func body(
    length: Int, sleeping: Bool, leaving: Bool = true
  ) -> [(inout Code) -> Void] {
    (0..<length).map { _ in part(sleeping: sleeping, leaving: leaving) }
  }

  private mutating func part(sleeping: Bool, leaving: Bool) -> (inout Code) -> Void {
    let register = dice.roll(4)
    let other = dice.roll(4)
    let variable = dice.roll(2)
    if dice.chance(8) {
      let rounds = 1 + dice.roll(3)
      return { code in
        code.emit(.loadImmediate, a: 3, wide: rounds)
        code.count(register % 3, below: 3) { code in
          code.emit(.storeShared, a: register % 3, b: variable)
        }
      }
    }
    let queue = dice.roll(2)
    if locking > 0, dice.chance(40) { return lockedPart(sleeping: sleeping) }
    if handling, dice.chance(50) { return objectPart() }
    if masking, dice.chance(30) { return maskedPart() }
    switch dice.roll(sleeping ? 9 : 6) {
    case 0:
      let step = dice.roll(5) - 2
      return { code in
        code.emit(.loadShared, a: register, b: variable)
        code.emit(.addImmediate, a: register, b: register, c: step & 0xffff)
        code.emit(.storeShared, a: register, b: variable)
      }
    case 1:
      let length = 100 * dice.roll(20)
      return { $0.work(length, register: 2) }
    case 2:
      let limit = dice.chance(50) ? 1 : nil
      return { code in
        code.emit(.loadImmediate, a: 3, wide: limit ?? 0)
        code.emit(.wake, a: limit == nil ? Instruction.noRegister : 3, b: queue)
      }
    case 3:
      return { code in
        code.emit(.loadImmediate, a: 1, wide: 1)
        code.emit(.loadImmediate, a: 2, wide: 2)
        code.emit(.choose, a: register, b: 1, c: 2)
        code.emit(.storeShared, a: register, b: variable)
      }
    case 4:
      return { code in
        let past = code.freshLabel()
        code.emit(.loadShared, a: register, b: variable)
        code.emit(.less, a: other, b: register, c: other)
        code.emit(.jumpIfFalse, a: other, to: past)
        code.emit(.storeShared, a: other, b: variable)
        code.label(past)
      }
    case 5, 6:
      guard sleeping, !traced.isEmpty else { return { $0.emit(.loadImmediate, a: register) } }
      let function = traced[dice.roll(traced.count)]
      let inner = plain.isEmpty || !dice.chance(30) ? nil : plain[dice.roll(plain.count)]
      return { code in
        if let inner {
          code.emit(.call, a: register, b: inner, c: other)
        } else {
          code.emit(.callTraced, a: register, b: function)
        }
      }
    default:
      var manners: [WaitManner] = [[], .freezable]
      if leaving {
        manners += [.uninterruptible, .leavesOnSignal, .killable, [.killable, .leavesOnSignal]]
      }
      let manner = manners[dice.roll(manners.count)]
      if dice.chance(40) { return timedWait(register, queue, manner) }
      return { $0.emit(.wait, a: register, b: queue, c: manner.rawValue) }
    }
  }

  /// A part under a lock, now and then under two, and once in a while one that forgets half of it.
  private mutating func lockedPart(sleeping: Bool) -> (inout Code) -> Void {
    let lock = dice.roll(locking)
    let inner = part(sleeping: sleeping && dice.chance(50), leaving: false)
    let takes = !dice.chance(5)
    let gives = !dice.chance(5)
    return { code in
      if takes { code.emit(.lock, b: lock) }
      inner(&code)
      if gives { code.emit(.unlock, b: lock) }
    }
  }

  /// A record of two places with a field of the first patch, another of one, and a shadow variable.
  private mutating func addRecords() {
    builder.program.variables.append(SharedVariable(name: "head", initial: 0, range: 0...3))
    builder.program.fieldNames = ["size", "more"]
    let size = SharedVariable(name: "size", initial: 1, range: 0...2)
    let more = SharedVariable(name: "more", initial: 1, range: 0...1)
    builder.program.records = [
      Record(
        name: "inode", first: 1, count: 2,
        fields: [
          RecordField(name: 0, variable: size),
          RecordField(name: 1, variable: more, patch: PatchID(0)),
        ]),
      Record(name: "page", first: 3, count: 1, fields: [RecordField(name: 0, variable: size)]),
    ]
    builder.program.allocations = [
      AllocationSite(record: 0, fields: [0]), AllocationSite(record: 1, fields: []),
      AllocationSite(record: 0, fields: [1], patch: PatchID(0)),
    ]
    builder.program.shadows = [ShadowVariable(name: "extra", record: 0)]
  }

  /// Makes an object or takes the one in the variable, and does something with it.
  private mutating func objectPart() -> (inout Code) -> Void {
    let register = dice.roll(4)
    let other = (register + 1) % 4
    let site = dice.roll(6)
    let action = dice.roll(9)
    let name = dice.chance(70) ? 0 : 1
    let keeps = dice.chance(50)
    return { code in
      if site < 3 {
        code.emit(.allocate, a: register, b: other, c: site)
      } else {
        code.emit(.loadShared, a: register, b: 2)
      }
      switch action {
      case 0: code.emit(.free, a: register)
      case 1, 2: code.emit(.loadField, a: other, b: register, c: name)
      case 3: code.emit(.storeField, a: other, b: register, c: name)
      case 4: code.emit(.allocateShadow, a: other, b: register, c: 0)
      case 5: code.emit(.hasShadow, a: other, b: register, c: 0)
      case 6: code.emit(.loadShadow, a: other, b: register, c: 0)
      case 7: code.emit(.dropShadow, a: 0, b: register, c: 0)
      default: code.emit(.dropShadows, c: 0)
      }
      if keeps { code.emit(.storeShared, a: register, b: 2) }
    }
  }

  /// A part with interrupts or bottom halves off, or as one step.
  private mutating func maskedPart() -> (inout Code) -> Void {
    let variable = dice.roll(2)
    let function = traced.first
    let calls = dice.chance(50)
    let lock = dice.chance(30) && locking > 0
    let kind = dice.roll(3)
    return { code in
      switch kind {
      case 0: code.emit(.interruptsOff, a: 3)
      case 1: code.emit(.bottomHalvesOff, a: 3)
      default: code.emit(.beginAtomic)
      }
      code.emit(.loadShared, a: 0, b: variable)
      if lock, kind < 2 { code.emit(.lock, b: 0) }
      if calls, let function { code.emit(.callTraced, a: 0, b: function) }
      code.emit(.storeShared, a: 0, b: variable)
      if lock, kind < 2 { code.emit(.unlock, b: 0) }
      switch kind {
      case 0: code.emit(.interruptsRestore, a: 3)
      case 1: code.emit(.bottomHalvesRestore, a: 3)
      default: code.emit(.endAtomic)
      }
    }
  }

  private mutating func timedWait(
    _ register: Int, _ queue: Int, _ manner: WaitManner
  ) -> (inout Code) -> Void {
    builder.program.waits.append(WaitSite(queue: queue, manner: manner))
    let site = builder.program.waits.count - 1
    let length = 1_000 * dice.roll(9)
    return { code in
      code.emit(.loadImmediate, a: 2, wide: length)
      code.emit(.waitFor, a: register, b: 2, c: site)
    }
  }

  // MARK: The operator

  private mutating func statements(_ patches: [Int], _ programs: [Int]) -> [Statement] {
    var all: [Statement] = []
    if locking > 0 || handling {
      for monitor in [Monitor.oops, .deadlock] where dice.chance(50) {
        builder.program.properties.append(
          Property(kind: .monitor(monitor, .reach), text: "reach", origin: .none))
        all.append(.arm(builder.program.properties.count - 1))
      }
    }
    if locking > 0, dice.chance(40) {
      let claim: MonitorClaim = dice.chance(60) ? .reach : .never
      all.append(.arm(builder.monitor(.lockOrder, claim)))
    }
    if dice.chance(50) { all.append(.arm(builder.neverMixed())) }
    if dice.chance(25) { all.append(.arm(builder.monitor(.mixed, .reach))) }
    let count = 1 + dice.roll(2)
    let cpu = dice.roll(builder.program.cpuCount)
    let isBound = dice.chance(25)
    all.append(
      isBound ? .spawnOn(cpu, programs[0], count, into: 0) : .spawn(programs[0], count, into: 0))
    if programs.count > 1 {
      let other = isBound && dice.chance(60) ? cpu : 0
      all.append(
        dice.chance(25)
          ? .spawnOn(other, programs[1], 1, into: 1) : .spawn(programs[1], 1, into: 1))
    }
    all.append(.apply(patches[dice.roll(patches.count)]))
    if dice.chance(40) { all += upAndDown(patches) }
    var signals: [Signal] = [.STOP, .CONT, .STOP, .CONT, .TERM, .KILL]
    if isForking { signals += Self.handled }
    for _ in 0...dice.roll(4) {
      let signal = signals[dice.roll(signals.count)]
      if let command = command(patches), dice.chance(70) { all.append(command) }
      switch dice.roll(10) {
      case 0: all.append(.awaitNotInProgress)
      case 7, 8: all.append(.revert(patches[dice.roll(patches.count)], fails: Self.refusals))
      case 9: all.append(.force)
      case 1: all.append(.signal(signal, list: 0))
      case 2: all.append(.signalOne(signal, task: dice.roll(count)))
      case 3: all.append(.wake(dice.roll(2), limit: dice.chance(50) ? 1 : nil))
      case 4: all.append(.sleep(1_000 * dice.roll(30), upTo: nil))
      case 5:
        let task = dice.roll(count)
        all.append(dice.chance(50) ? .check(.alive, task: task, 1) : .expect(.alive, task: task, 1))
      default:
        all.append(
          .apply(patches[dice.roll(patches.count)], fails: [.EAGAIN, .EEXIST, .ENOENT]))
      }
    }
    addReboot(to: &all, patches, programs)
    all.append(.awaitNotInProgress)
    return all
  }

  /// Some of them go down somewhere on the way, with or without a patch in the initrd. Its dice are
  /// its own, so that all other programs stay what they were.
  private mutating func addReboot(
    to all: inout [Statement], _ patches: [Int], _ programs: [Int]
  ) {
    var dice = Dice(seed: seed + 1_000_000_007)
    guard dice.chance(15) else { return }
    builder.disk(for: patches)
    if let module, dice.chance(40) { builder.program.bootModules = [ModuleID(module)] }
    var statements = patches.filter { _ in dice.chance(50) }.map {
      Statement.command("bring \($0)")
    }
    if dice.chance(80) { statements.append(.command("mkinitrd")) }
    statements += [.tryCommand("reboot"), .spawn(programs[0], 1, into: 0)]
    let place = all.count - dice.roll(min(3, all.count))
    all.insert(contentsOf: statements, at: place)
    if dice.chance(20) { all.append(.tryCommand("reboot")) }
  }

  private static let refusals: [Errno] = [.EAGAIN, .EBUSY, .EINVAL, .ENOENT]

  /// One transition after the other, so that some of them come to their end.
  private mutating func upAndDown(_ patches: [Int]) -> [Statement] {
    var all: [Statement] = []
    for _ in 0...dice.roll(3) {
      if dice.chance(30) { all.append(.force) }
      all.append(.awaitNotInProgress)
      let patch = patches[dice.roll(patches.count)]
      all.append(dice.chance(50) ? .apply(patch) : .revert(patch))
    }
    return all
  }
}
