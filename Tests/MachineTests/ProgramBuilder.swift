import Machine

/// Assembles a program by hand: functions in any order, code with labels.
///
/// It lays out what the machine expects around a body: the unwinding stub behind each kernel
/// function with one more register for it, and the crossing of the boundary around a system call.
struct ProgramBuilder {
  var program = Program()
  static let none = Instruction.noRegister

  init(cpus: Int = 2) { program.cpuCount = cpus }

  /// Adds a body of code. `registers` counts the parameters.
  mutating func function(
    _ name: String, _ kind: Function.Kind, parameters: Int = 0, registers: Int = 1,
    patch: Int? = nil, isTraced: Bool = false, _ body: (inout Code) -> Void
  ) -> Int {
    var code = Code(base: program.instructions.count)
    body(&code)
    let isUnwound = kind == .kernel || kind == .systemCall
    let count = registers + (isUnwound ? 1 : 0)
    if isUnwound { code.emit(isTraced ? .returnTraced : .returnValue, a: count - 1) }
    let instructions = code.resolved()
    program.spawnCPUs.merge(code.boundSpawns) { $1 }
    let end = code.base + instructions.count
    program.instructions += instructions
    program.origins += instructions.map { _ in .none }
    program.functions.append(
      Function(
        name: name, kind: kind, entry: code.base, unwind: isUnwound ? end - 1 : end, end: end,
        parameterCount: parameters, registerCount: count, patch: patch.map { PatchID($0) }))
    return program.functions.count - 1
  }

  mutating func patch(_ name: String, replacesAll: Bool = false) -> Int {
    program.patches.append(Patch(name: name, functions: [], replacesAll: replacesAll))
    return program.patches.count - 1
  }

  /// A function that those patches replace; all bodies are the same unless one is given for a
  /// patch.
  mutating func traced(
    _ name: String, parameters: Int = 0, registers: Int = 1, patches: [Int],
    variants: [Int: (inout Code) -> Void] = [:], ambiguousFor: Set<Int> = [],
    lookup: TracedFunction.Lookup = .found, required: Bool? = nil,
    _ body: (inout Code) -> Void = { code in code.emit(.loadImmediate, a: 0, wide: 0) }
  ) -> Int {
    func finishing(_ body: @escaping (inout Code) -> Void) -> (inout Code) -> Void {
      { code in
        body(&code)
        code.emit(.returnTraced, a: 0)
      }
    }
    let original = withoutActuallyEscaping(body) { body in
      function(
        name, .kernel, parameters: parameters, registers: registers, isTraced: true,
        finishing(body))
    }
    var entries: [TracedFunction.Variant] = []
    for patch in patches {
      let made = withoutActuallyEscaping(body) { body in
        function(
          "\(name).\(patch)", .kernel, parameters: parameters, registers: registers, patch: patch,
          isTraced: true, finishing(variants[patch] ?? body))
      }
      var entry = TracedFunction.Variant(patch: PatchID(patch), function: FunctionID(made))
      entry.isAmbiguous = ambiguousFor.contains(patch)
      entry.isRequired = required
      entries.append(entry)
    }
    program.tracedFunctions.append(
      TracedFunction(name: name, original: FunctionID(original), variants: entries))
    program.tracedFunctions[program.tracedFunctions.count - 1].lookup = lookup
    let number = program.tracedFunctions.count - 1
    for patch in patches { program.patches[patch].functions.append(TracedFunctionID(number)) }
    return number
  }

  /// A system call: register 0 is its result.
  mutating func systemCall(
    _ name: String, registers: Int = 1, _ body: (inout Code) -> Void
  ) -> Int {
    function(name, .systemCall, registers: registers) { code in
      body(&code)
      code.emit(.returnValue, a: 0)
    }
  }

  mutating func kernelThread(_ name: String, registers: Int = 1, _ body: (inout Code) -> Void) {
    let id = function(name, .kernelThread, registers: registers, body)
    program.kernelThreads.append(FunctionID(id))
  }

  mutating func interrupt(
    _ name: String, every period: Int64, cpu: Int? = nil, registers: Int = 1,
    _ body: (inout Code) -> Void
  ) {
    let id = function(name, .interrupt, registers: registers) { code in
      body(&code)
      code.emit(.endInterrupt)
    }
    program.interrupts.append(
      InterruptSource(function: FunctionID(id), periodNanoseconds: period, cpu: cpu))
  }

  /// The operator's body; it ends with `finish`. Its registers are plenty.
  mutating func scenario(registers: Int = 8, _ body: (inout Code) -> Void) -> Program {
    program.operatorFunction = FunctionID(
      function("scenario", .operatorBody, registers: registers) { code in
        body(&code)
        code.emit(.finish)
      })
    return program
  }

  /// Arms nothing by itself: `code.emit(.arm, c: number)` does.
  mutating func neverMixed() -> Int {
    monitor(.mixed, .never)
  }

  mutating func monitor(_ monitor: Monitor, _ claim: MonitorClaim) -> Int {
    program.properties.append(
      Property(kind: .monitor(monitor, claim), text: "\(claim) \(monitor)", origin: .none))
    return program.properties.count - 1
  }

  mutating func outcome(_ errors: [Errno]) -> Int {
    program.outcomes.append(ExpectedOutcome(origin: .none, verb: "apply", errors: errors))
    return program.outcomes.count - 1
  }

  /// A condition to be placed in the scenario later; `Code.await` fills in where it begins.
  mutating func awaitSite() -> Int {
    program.awaits.append(
      ConditionSite(text: "not in_progress", origin: .none, start: 0, captures: []))
    return program.awaits.count - 1
  }
}

/// Instructions of one body, with labels in place of addresses.
struct Code {
  let base: Int
  private var instructions: [Instruction] = []
  private var labels: [String: Int] = [:]
  private var targets: [Int: String] = [:]
  private var serial = 0
  /// By the address of a `spawn`, the CPU of its tasks.
  var boundSpawns: [Int: Int] = [:]

  init(base: Int) { self.base = base }

  /// The address of the next instruction.
  var here: Int { base + instructions.count }

  mutating func emit(_ operation: Operation, a: Int = 0, b: Int = 0, c: Int = 0) {
    instructions.append(Instruction(operation, a: a, b: b, c: c))
  }

  mutating func emit(_ operation: Operation, a: Int = 0, wide: Int) {
    instructions.append(Instruction(operation, a: a, wide: wide))
  }

  mutating func emit(_ operation: Operation, a: Int = 0, to label: String) {
    targets[instructions.count] = label
    instructions.append(Instruction(operation, a: a, wide: 0))
  }

  mutating func label(_ name: String) { labels[name] = here }

  mutating func freshLabel() -> String {
    serial += 1
    return "l\(serial)"
  }

  func resolved() -> [Instruction] {
    var resolved = instructions
    for (place, label) in targets {
      let old = instructions[place]
      resolved[place] = Instruction(old.operation, a: Int(old.a), wide: labels[label] ?? -1)
    }
    return resolved
  }

  // MARK: Idioms

  /// The body as often as the counter, from 0 on, is below the limit; at least once.
  mutating func count(_ counter: Int, below limit: Int, _ body: (inout Code) -> Void) {
    emit(.loadImmediate, a: counter, wide: 0)
    let begin = here
    body(&self)
    emit(.countUp, a: counter, b: limit, c: (begin - here) & 0xffff)
  }

  mutating func loop(_ body: (inout Code) -> Void) {
    let begin = freshLabel()
    label(begin)
    body(&self)
    emit(.jump, to: begin)
  }

  /// `work` of that many nanoseconds, or up to `most`; it uses registers `r` and `r + 1`.
  mutating func work(_ least: Int, upTo most: Int? = nil, register r: Int = 0) {
    emit(.loadImmediate, a: r, wide: least)
    emit(.loadImmediate, a: r + 1, wide: most ?? least)
    emit(.work, a: r, b: r + 1)
  }

  /// A user program's call of a system call without parameters; the result goes to register 0.
  mutating func systemCall(_ function: Int) {
    let begin = freshLabel()
    label(begin)
    emit(.enterKernel, b: function)
    emit(.call, a: 0, b: function)
    emit(.leaveKernel, a: 0, to: begin)
  }

  /// A user program's `sleep`.
  mutating func sleepCall(_ nanoseconds: Int, upTo most: Int? = nil) {
    emit(.loadImmediate, a: 1, wide: nanoseconds)
    emit(.loadImmediate, a: 2, wide: most ?? nanoseconds)
    let begin = freshLabel()
    label(begin)
    emit(.enterKernel, b: Instruction.noRegister)
    emit(.sleep, a: 1, b: 2, c: 0)
    emit(.leaveKernel, a: 0, to: begin)
  }
}
