import Diagnostics
import Machine
import Syntax

/// One body after another: its frame, its way out, and its instructions with their origins.
extension Lowering {
  func lower(_ body: Body) {
    guard let id = functionIDs[body] else { return }
    self.body = body
    builder = FunctionBuilder(parameterCount: program.functions[id.rawValue].parameterCount)
    codePatch = nil
    compileTime.mean(nil)
    exposed = []
    bounded = [:]
    keepsLocals = false
    origin = program.functions[id.rawValue].origin
    let entry = program.instructions.count
    switch body {
    case .operator:
      // Whatever can fail runs in a step, and the first one is the operator's own.
      if session?.pausesBeforeActions(of: declaration.body.statements) != true,
        declaration.body.statements.first(where: \.isAction)?.isPlainSpawn != true
      {
        // It is no statement of the text: the story doesn't tell it.
        origin = .none
        emit(.observe)
        origin = program.functions[id.rawValue].origin
      }
      emitProbes()
      lowerOperatorBody()
      endBody(id)
    case .definition(let number):
      bind(index.definitions[number].parameters, from: 0)
      lower(index.definitions[number].body)
      endBody(id)
    case .program(let name):
      guard let program = index.program(named: name) else { return }
      bind(program.parameters, from: 0)
      expose(program.body, id)
      keepsLocals = program.body.hasSignalHandler
      lower(program.body)
      endBody(id)
    case .function(let key, let patch):
      guard let function = function(key, patch: patch) else { return }
      codePatch = patch
      compileTime.mean(patch)
      bind(function.parameters, from: 0)
      lower(function.body)
      endBody(id)
    case .starter(let key): lowerStarter(key, id)
    case .moduleHandler(let name, let moment):
      guard let handler = index.kernel?.modules[name]?.handler(moment) else { return }
      lower(handler.body)
      endBody(id)
    case .commandProcess(let command, let module): lowerCommandProcess(command, module)
    case .patchRemoval(_, let patch): lowerPatchRemoval(patch)
    }
    closeBody(id, entry: entry)
  }

  func bind(_ parameters: [Name], from first: Int) {
    for (number, parameter) in parameters.enumerated() {
      if let id = facts.localAt[parameter.range] { builder.locals[id] = first + number }
    }
  }

  /// What is read from outside gets registers of its own before anything else.
  private func expose(_ body: Block, _ id: FunctionID) {
    for case .variable(let variable) in body.statements.map(\.kind) {
      guard let number = taskVariables[variable.name.text],
        let local = facts.localAt[variable.name.range]
      else { continue }
      let register = builder.allocate()
      exposed.insert(register)
      builder.locals[local] = register
      program.taskVariables[number].registers[id] = register
    }
  }

  /// An interrupt or a kernel thread whose body is traced begins here and calls it.
  private func lowerStarter(_ key: MemberKey, _ id: FunctionID) {
    guard let traced = traced[key] else { return }
    let register = builder.allocate()
    emit(.callTraced, a: register, b: traced.rawValue, c: register)
    endBody(id)
  }

  /// What the end of the body does when the text's last statement lets it come there.
  private func endBody(_ id: FunctionID) {
    switch program.functions[id.rawValue].kind {
    case .operatorBody:
      if body == .operator { emitFinish() } else { emitReturn(nil) }
    case .userProgram, .kernelThread, .interrupt, .kernel, .systemCall: emitReturn(nil)
    }
  }

  private func closeBody(_ id: FunctionID, entry: Int) {
    writeConditions()
    writeHandlers()
    let last = builder.highWater
    if builder.isTooLarge, !isOverfull {
      let place = SourceRange(
        file: SourceFileID(max(0, origin.file)), lower: origin.lower, upper: origin.upper)
      report(
        .tooLarge(
          "`\(program.functions[id.rawValue].name)`", limit: FunctionBuilder.registerLimit,
          at: place))
    }
    program.functions[id.rawValue].entry = entry
    program.functions[id.rawValue].registerCount = registerCount(last: last)
    program.functions[id.rawValue].unwind = program.instructions.count
    origin = program.functions[id.rawValue].origin
    switch program.functions[id.rawValue].kind {
    // Nobody unwinds these: there is nothing of the kernel's below them.
    case .operatorBody where body == .operator: emit(.finish)
    case .userProgram, .kernelThread: emit(.exitTask)
    case .interrupt: emit(.endInterrupt)
    default: emit(isTraced ? .returnTraced : .returnValue, a: last)
    }
    writeThreadEntry(id, entry: entry, unused: last)
    program.functions[id.rawValue].end = program.instructions.count
  }

  /// Whether the current body's calls go through the engine, and so its returns are visible.
  var isTraced: Bool {
    if case .function(let key, _) = body { traced[key] != nil } else { false }
  }

  var context: Context {
    switch body {
    case .operator, .definition: .operatorBody
    case .program: .userTask
    case .function(let key, let patch): function(key, patch: patch)?.context ?? .kernel
    case .starter(let key): function(key, patch: nil)?.context ?? .kernel
    case .moduleHandler: .kernel
    case .commandProcess, .patchRemoval: .userTask
    }
  }

  /// Leaves the body with the value of a register, or with 0.
  func emitReturn(_ register: Int?) {
    guard let id = functionIDs[body] else { return }
    if let (result, end) = inlined {
      if let register { emit(.move, a: result, b: register) } else { emitLoad(0, into: result) }
      return emitJump(end)
    }
    switch program.functions[id.rawValue].kind {
    case .userProgram, .kernelThread:
      if let handlerEnd { return emitJump(handlerEnd) }
      emitExit()
    case .interrupt: emit(.endInterrupt)
    case .operatorBody where body == .operator: emitFinish()
    default:
      var value = register
      if value == nil {
        let zero = builder.allocate()
        emitLoad(0, into: zero)
        value = zero
      }
      emit(isTraced ? .returnTraced : .returnValue, a: value ?? 0)
    }
  }

  // MARK: Instructions

  var here: Int { program.instructions.count }

  @discardableResult
  func emit(_ operation: Operation, a: Int = 0, b: Int = 0, c: Int = 0) -> Int {
    // Tables have 16-bit places; whoever needs more is told, and not trapped.
    guard max(a, b, c) <= Int(UInt16.max) else {
      reportOverfull("one of the scenario's tables", limit: Int(UInt16.max))
      return append(Instruction(operation))
    }
    return append(Instruction(operation, a: a, b: b, c: c))
  }

  /// Once, where the text asks for more than there is room for.
  func reportOverfull(_ what: String, limit: Int) {
    guard !isOverfull else { return }
    isOverfull = true
    guard origin.file >= 0 else {
      return report(.tooLarge(what, limit: limit, at: scenario.origin))
    }
    let place = SourceRange(
      file: SourceFileID(origin.file), lower: origin.lower, upper: origin.upper)
    report(.tooLarge(what, limit: limit, at: place))
  }

  @discardableResult
  func emit(_ operation: Operation, a: Int = 0, wide: Int) -> Int {
    guard a <= Int(UInt16.max) else {
      reportOverfull("one of the scenario's tables", limit: Int(UInt16.max))
      return append(Instruction(operation))
    }
    return append(Instruction(operation, a: a, wide: wide))
  }

  private func append(_ instruction: Instruction) -> Int {
    program.instructions.append(instruction)
    program.origins.append(origin)
    return here - 1
  }

  func emitLoad(_ value: Int64, into register: Int) {
    if let small = Int32(exactly: value) {
      emit(.loadImmediate, a: register, wide: Int(small))
    } else {
      emit(.loadConstant, a: register, wide: constantNumber(value))
    }
  }

  private func constantNumber(_ value: Int64) -> Int {
    if let known = constants[value] { return known }
    constants[value] = program.constants.count
    program.constants.append(value)
    return program.constants.count - 1
  }

  /// The word of a string of the text; the machine learns what it means.
  func intern(_ text: String) -> Int64 {
    strings.insert(text)
    return StringTable.word(for: text)
  }

  // MARK: Jumps

  func newTarget() -> FunctionBuilder.Target { FunctionBuilder.Target() }

  /// The target is here.
  func place(_ target: FunctionBuilder.Target) {
    target.address = here
    for source in target.sources { aim(source, at: here) }
    target.sources = []
  }

  func emitJump(_ target: FunctionBuilder.Target) { send(emit(.jump, wide: 0), to: target) }

  func emitBranch(_ operation: Operation, _ register: Int, to target: FunctionBuilder.Target) {
    send(emit(operation, a: register, wide: 0), to: target)
  }

  func emitBranch(
    _ operation: Operation, _ left: Int, _ right: Int, to target: FunctionBuilder.Target
  ) {
    send(emit(operation, a: left, b: right, c: 0), to: target)
  }

  private func send(_ source: Int, to target: FunctionBuilder.Target) {
    if let address = target.address {
      aim(source, at: address)
    } else {
      target.sources.append(source)
    }
  }

  private func aim(_ source: Int, at address: Int) {
    let old = program.instructions[source]
    switch old.operation {
    case .jumpIfLess, .jumpIfNotLess, .countUp:
      guard let distance = Int16(exactly: address - source) else {
        return report(
          .tooLarge("a loop or a branch", limit: Int(Int16.max), at: scenario.origin))
      }
      program.instructions[source].c = UInt16(bitPattern: distance)
    default:
      program.instructions[source] = Instruction(old.operation, a: Int(old.a), wide: address)
    }
  }

  /// Evaluates what `emitting` writes with the origins of that place.
  func at<Result>(_ range: SourceRange, _ emitting: () -> Result) -> Result {
    let outer = origin
    origin = range.origin
    let result = emitting()
    origin = outer
    return result
  }
}
