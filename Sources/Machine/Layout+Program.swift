extension Layout {
  /// The layout of a program's worlds. Cost: a walk over its functions.
  package init(program: Program, time: TimeModel, engine demand: EngineDemand) {
    self.time = time
    let stacks = StackBounds(program: program)
    var process = FieldAllocator()
    programCounter = process.field(upTo: program.instructions.count)
    frame = process.field(bits: 16)

    // The clock's fields stand in every process, so that operator, handler and task agree.
    keepsTime = time == .kept
    let due = keepsTime ? process.timedField(bits: 64) : nil
    let ticket = keepsTime ? process.timedField(bits: 64) : nil

    var globals = FieldAllocator()
    taskCount = globals.field(bits: 24)
    variables = program.variables.map { globals.field(for: $0) }
    locks = program.locks.map { _ in globals.field(bits: 26) }
    objects = [ObjectFields](program: program, globals: &globals)
    shadows = [[Int: ShadowFields]](program: program, globals: &globals)
    operatorStatus = globals.field(bits: 2)
    operatorBegan = globals.field(bits: 1)
    operatorCursor = keepsTime ? globals.timedField(bits: 32) : nil
    armed = program.properties.map { _ in globals.field(bits: 1) }
    logged = program.logPatterns.map { _ in globals.field(bits: 1) }
    log = keepsTime && program.readsLog ? globals.field(bits: 64) : nil

    var engine = EngineFields(demand, cpuCount: program.cpuCount, globals: &globals)
    var task = process
    self.task = TaskFields(program: program, time: time, allocator: &task)
    engine.perTask = (0..<demand.bitsPerTask).map { _ in task.field(bits: 1) }
    self.engine = engine
    clock =
      due.flatMap { due in
        ticket.map { TimeFields(due: due, ticket: $0, program, &globals, &task) }
      } ?? TimeFields(nowhere: Field(word: 0, shift: 0, width: 1))

    operatorOrigin = globals.wordCount
    operatorStack = operatorOrigin + process.wordCount
    operatorStackWords = stacks.words(of: program.operatorFunction)

    var handlerFields = process
    handlerActive = handlerFields.field(bits: 1)
    handlerInterrupted =
      time == .arbitrary && program.locksInInterrupts ? handlerFields.field(bits: 24) : nil
    timeless = TimelessFields(
      globals: globals.timeless, process: process.timeless, handler: handlerFields.timeless,
      task: task.timeless)
    handlers = Self.handlers(
      program, stacks, firstWord: operatorStack + operatorStackWords,
      headerWords: handlerFields.wordCount)

    firstTaskOrigin =
      handlers.last.map { $0.stack + $0.stackWords } ?? operatorStack + operatorStackWords
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
  mutating func field(for variable: SharedVariable) -> Field {
    guard let range = variable.range else { return field(bits: 64) }
    return field(upTo: Int(clamping: range.upperBound - range.lowerBound))
  }
}

extension EngineFields {
  fileprivate init(_ demand: EngineDemand, cpuCount: Int, globals: inout FieldAllocator) {
    self.globals = demand.globals.map { globals.field(upTo: $0) }
    perCPU = (0..<(demand.bitsPerCPU > 0 ? cpuCount : 0)).map { _ in
      globals.field(bits: demand.bitsPerCPU)
    }
  }
}

extension Layout.TaskFields {
  init(program: Program, time: TimeModel, allocator: inout FieldAllocator) {
    state = allocator.field(bits: 3)
    function = allocator.field(upTo: program.functions.count)
    queue = allocator.field(upTo: program.queues.count)
    wakeReason = allocator.field(bits: 3)
    inKernel = allocator.field(bits: 1)
    began = allocator.field(bits: 1)
    signalPending = allocator.field(bits: 1)
    stopPending = allocator.field(bits: 1)
    fatalPending = allocator.field(bits: 1)
    targeted = allocator.field(bits: 1)
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
    placeInLine = hasLines ? allocator.field(bits: 24) : nil
    let watchesMixture = program.watches(.mixed)
    seen = (watchesMixture ? program.patches.indices : 0..<0).map { _ in
      Layout.SeenFields(old: allocator.field(bits: 1), new: allocator.field(bits: 1))
    }
  }
}

extension Layout.TimeFields {
  init(
    due: Field, ticket: Field, _ program: Program, _ globals: inout FieldAllocator,
    _ task: inout FieldAllocator
  ) {
    self.due = due
    self.ticket = ticket
    now = globals.timedField(bits: 64)
    nextTicket = globals.timedField(bits: 64)
    engineDue = globals.timedField(bits: 64)
    engineTicket = globals.timedField(bits: 64)
    awaitLimit = globals.timedField(bits: 64)
    transitionBegan = globals.timedField(bits: 64)
    transitionTook = globals.timedField(bits: 64)
    cpus = (0..<program.cpuCount).map { _ in
      Layout.CPUFields(
        current: globals.timedField(bits: 24), handler: globals.timedField(bits: 16),
        sliceEnd: globals.timedField(bits: 64), handlerBegan: globals.timedField(bits: 64))
    }
    since = task.timedField(bits: 64)
    carried = task.timedField(bits: 64)
    sleepEnd = task.timedField(bits: 64)
    cpu = task.timedField(
      bits: max(1, Int.bitWidth - program.cpuCount.leadingZeroBitCount))
  }

  /// Where time is arbitrary: fields that nobody uses.
  init(nowhere: Field) {
    (now, nextTicket, due, ticket, since) = (nowhere, nowhere, nowhere, nowhere, nowhere)
    (carried, sleepEnd, cpu, cpus) = (nowhere, nowhere, nowhere, [])
    (engineDue, engineTicket, awaitLimit) = (nowhere, nowhere, nowhere)
    (transitionBegan, transitionTook) = (nowhere, nowhere)
  }
}
