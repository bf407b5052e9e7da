extension Layout {
  /// The layout of a program's worlds. Cost: a walk over its functions.
  package init(program: Program, time: TimeModel, engine demand: EngineDemand) {
    self.time = time
    let stacks = StackBounds(program: program)
    var process = FieldAllocator()
    _ = process.field(bits: Header.width)
    if time == .kept { _ = process.timedField(bits: Header.timedWidth) }
    programCounter = process.field(upTo: program.instructions.count)

    // The clock's words are the first after the header of a process, and the first of the globals.
    keepsTime = time == .kept
    clock = TimeFields(cpuCount: keepsTime ? program.cpuCount : 0)
    var globals = FieldAllocator()
    if keepsTime {
      globals.timedWords(clock.globalWords)
      process.timedWords(TimeFields.processWords)
    }
    taskCount = globals.field(bits: 24)
    variables = program.variables.map { globals.field(for: $0) }
    locks = program.locks.map { _ in globals.field(bits: 26) }
    lockOrder = globals.lockOrder(of: program)
    occupants = globals.occupants(of: program, time)
    objects = [ObjectFields](program: program, globals: &globals)
    shadows = [[Int: ShadowFields]](program: program, globals: &globals)
    operatorStatus = globals.field(bits: 2)
    operatorBegan = globals.field(bits: 1)
    operatorCursor = keepsTime ? globals.timedField(bits: 32) : nil
    armed = program.properties.map { _ in globals.field(bits: 1) }
    expected = globals.expected(of: program)
    logged = program.logPatterns.map { _ in globals.field(bits: 1) }
    log = keepsTime && program.readsLog ? globals.timedField(bits: 64) : nil
    died = program.canTellOfCrash ? globals.field(bits: 1) : nil
    addedTaint = program.writesTaint ? globals.field(bits: 32) : nil
    longestPause = keepsTime && program.asksForPause ? globals.timedField(bits: 60) : nil
    disk = DiskFields(program: program, keepsTime: keepsTime, globals: &globals)
    modules = program.modules.map { $0.canChange ? globals.field(bits: 2) : nil }
    var task = process
    if keepsTime { task.timedWords(TimeFields.taskWords) }
    self.task = TaskFields(program: program, time: time, allocator: &task)
    engine = EngineFields(demand, cpuCount: program.cpuCount, globals: &globals, task: &task)

    operatorOrigin = globals.wordCount
    operatorStack = operatorOrigin + process.wordCount
    operatorStackWords = stacks.words(of: program.operatorFunction)

    var handlerFields = process
    handlerActive = handlerFields.field(bits: 1)
    handlerInterrupted =
      time == .arbitrary && program.locksInInterrupts
      ? handlerFields.untimedField(bits: 24) : nil
    timeless = TimelessFields(
      globals: globals.timeless, process: process.timeless, handler: handlerFields.timeless,
      task: task.timeless)
    let operatorEnd = operatorStack + operatorStackWords
    handlers = Self.handlers(
      program, stacks, firstWord: operatorEnd, headerWords: handlerFields.wordCount)
    firstTaskOrigin = handlers.last.map { $0.stack + $0.stackWords } ?? operatorEnd
    taskStack = task.wordCount
    taskStackWords = Self.taskStackWords(program, stacks)
    taskStride = taskStack + taskStackWords
  }

  /// Enough for whatever a task may be started with.
  private static func taskStackWords(_ program: Program, _ stacks: StackBounds) -> Int {
    program.functions.indices
      .filter { [.userProgram, .kernelThread].contains(program.functions[$0].kind) }
      .map { stacks.words(of: FunctionID($0)) }.max() ?? 0
  }

  /// One process for each interrupt source and each CPU that it fires on, side by side.
  private static func handlers(
    _ program: Program, _ stacks: StackBounds, firstWord: Int, headerWords: Int
  ) -> [Handler] {
    var next = firstWord
    var handlers: [Handler] = []
    for (source, interrupt) in program.interrupts.enumerated() {
      for cpu in interrupt.cpu.map({ [$0] }) ?? Array(0..<program.cpuCount) {
        let stack = next + headerWords
        let words = stacks.words(of: interrupt.function)
        handlers.append(
          Handler(source: source, cpu: cpu, origin: next, stack: stack, stackWords: words))
        next = stack + words
      }
    }
    return handlers
  }
}

extension FieldAllocator {
  mutating func lockOrder(of program: Program) -> [[Field]] {
    guard program.watches(.lockOrder) else { return [] }
    return program.locks.map { _ in program.locks.map { _ in field(bits: 1) } }
  }

  mutating func expected(of program: Program) -> [Monitor: Field] {
    var fields: [Monitor: Field] = [:]
    for monitor in [Monitor.oops, .deadlock, .lostText]
    where program.properties.contains(where: { $0.kind == .monitor(monitor, .reach) }) {
      fields[monitor] = field(bits: 1)
    }
    return fields
  }

  mutating func occupants(of program: Program, _ time: TimeModel) -> [Field] {
    guard time == .arbitrary, !program.spawnCPUs.isEmpty else { return [] }
    return (0..<program.cpuCount).map { _ in untimedField(bits: 24) }
  }

  mutating func field(for variable: SharedVariable) -> Field {
    guard let range = variable.range else { return field(bits: 64) }
    return field(upTo: Int(clamping: range.upperBound - range.lowerBound))
  }
}

extension Layout.TaskFields {
  init(program: Program, time: TimeModel, allocator: inout FieldAllocator) {
    function = allocator.field(upTo: program.functions.count)
    queue = allocator.field(upTo: program.queues.count)
    stopPending = allocator.field(bits: 1)
    fatalPending = allocator.field(bits: 1)
    dumpPending = program.tellsDumpsApart ? allocator.field(bits: 1) : nil
    endingSignals = program.asksForSignals ? allocator.field(bits: 32) : nil
    lastCPU = time == .kept && program.asksForCPUs ? allocator.timedField(bits: 8) : nil
    targeted = allocator.field(bits: 1)
    ownCPU = program.spawnCPUs.isEmpty ? nil : allocator.field(upTo: program.cpuCount)
    family =
      program.hasFamilies
      ? Layout.FamilyFields(
        parent: allocator.field(bits: 24), children: allocator.field(bits: 24),
        leader: program.hasThreads ? allocator.field(bits: 24) : nil)
      : nil
    managed = program.managedSignals.map { signal in
      Layout.ManagedSignalFields(
        signal: signal, disposition: allocator.field(upTo: program.signalHandlers.count + 1),
        pending: allocator.field(bits: 1), blocked: allocator.field(bits: 1))
    }
    let masks = Set(program.instructions.map(\.operation))
    interruptsOff = masks.contains(.interruptsOff) ? allocator.field(bits: 1) : nil
    bottomHalvesOff = masks.contains(.bottomHalvesOff) ? allocator.field(bits: 1) : nil
    let hasLines = time == .arbitrary && !program.locks.isEmpty
    placeInLine = hasLines ? allocator.untimedField(bits: 24) : nil
    let watchesMixture = program.watches(.mixed)
    seen = (watchesMixture ? program.patches.indices : 0..<0).map { _ in
      Layout.SeenFields(old: allocator.field(bits: 1), new: allocator.field(bits: 1))
    }
  }
}

extension EngineFields {
  init(
    _ demand: EngineDemand, cpuCount: Int, globals: inout FieldAllocator,
    task: inout FieldAllocator
  ) {
    self.globals = demand.globals.map { globals.field(upTo: $0) }
    for _ in 0..<cpuCount where demand.bitsPerCPU > 0 {
      perCPU.append(globals.field(bits: demand.bitsPerCPU))
    }
    guard demand.bitsPerTask > 0 else { return }
    let bits = task.field(bits: demand.bitsPerTask)
    ofTask = bits
    perTask = (0..<demand.bitsPerTask).map { bits.bit($0) }
  }
}

extension Layout {
  /// Whether the rows of another layout mean the same: those of a program whose text has grown
  /// without asking for anything new of the row.
  package func sharesRows(with other: Layout) -> Bool {
    let numbers = [
      operatorOrigin, operatorStack, operatorStackWords, firstTaskOrigin, taskStride, taskStack,
      taskStackWords, handlers.count, clock.cpuCount, variables.count, armed.count, logged.count,
    ]
    let others = [
      other.operatorOrigin, other.operatorStack, other.operatorStackWords, other.firstTaskOrigin,
      other.taskStride, other.taskStack, other.taskStackWords, other.handlers.count,
      other.clock.cpuCount, other.variables.count, other.armed.count, other.logged.count,
    ]
    return time == other.time && numbers == others && timeless == other.timeless
      && log == other.log && operatorCursor == other.operatorCursor
      && handlerInterrupted == other.handlerInterrupted
  }
}
