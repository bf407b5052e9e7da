import Diagnostics
import Machine
import Syntax

/// A handler for a signal whose code is still to be written, at the end of its program's.
struct PendingHandler {
  var number: Int
  var body: Block
  var origin: Origin
}

/// Processes: fork, threads, the end of children, and signals.
extension Lowering {
  /// The child runs the block and exits; its parent, who gets a PID, goes on behind it.
  func lowerFork(_ body: Block) {
    let pid = builder.allocate()
    emitSystemCall(result: pid) { emit(.fork, a: pid) }
    let past = newTarget()
    emitBranch(.jumpIfTrue, pid, to: past)
    // `return` in the child's block, if it stands in a handler, ends the child.
    let outer = handlerEnd
    handlerEnd = nil
    lower(body)
    emitReturn(nil)
    handlerEnd = outer
    place(past)
  }

  func lowerThread(_ call: ProgramCall) {
    guard case .program(let name)? = facts.symbols[call.program.range] else { return }
    let function = functionID(.program(name)).rawValue
    let first = lowerRun(call.arguments)
    let pid = builder.allocate()
    emitSystemCall(result: pid) { emit(.startThread, a: pid, b: function, c: first) }
  }

  func lowerReap(_ node: VerbStatement) {
    let wanted = node.arguments.first.map { lower($0) } ?? Instruction.noRegister
    _ = emitReap(wanted, into: nil)
  }

  /// The result has a register of its own, for the call may begin anew: `pid = reap pid`.
  func emitReap(_ child: Int, into wanted: Int?) -> Int {
    let pid = builder.allocate()
    emitSystemCall(result: pid) { emit(.reap, a: pid, b: child) }
    if let wanted { emit(.move, a: wanted, b: pid) }
    return wanted ?? pid
  }

  /// A call without a name of the kernel's own here: one instruction, which a signal starts anew.
  private func emitSystemCall(result: Int, _ body: () -> Void) {
    let start = emit(.enterKernel, b: Instruction.noRegister)
    body()
    emit(.leaveKernel, a: result, wide: start)
  }

  /// `exit(2)` never comes back from the kernel.
  func emitExit() {
    if context == .userTask { emit(.enterKernel, b: Instruction.noRegister) }
    emit(.exitTask)
  }

  // MARK: Signals

  func lowerIgnore(_ node: VerbStatement) {
    guard case .reference(let reference)? = node.arguments.first?.kind,
      let signal = Signal(name: reference.name.text)
    else { return }
    let unused = builder.allocate()
    emitLoad(0, into: unused)
    emitSystemCall(result: unused) { emit(.ignoreSignal, b: signal.rawValue) }
  }

  func lowerOnSignal(_ node: SignalHandler) {
    guard let signal = Signal(name: node.signal.text), let id = functionIDs[body] else { return }
    let number = program.signalHandlers.count
    program.signalHandlers.append(
      HandlerSite(signal: signal, function: id, start: 0, register: 0))
    handlers.append(PendingHandler(number: number, body: node.body, origin: origin))
    let unused = builder.allocate()
    emitLoad(0, into: unused)
    emitSystemCall(result: unused) { emit(.catchSignal, b: number) }
  }

  /// The code of the body's handlers, on registers that nothing else uses. A handler may have
  /// others in it.
  func writeHandlers() {
    while !handlers.isEmpty {
      let pending = handlers.removeFirst()
      builder.startAfresh()
      origin = pending.origin
      let register = builder.allocate(2)
      program.signalHandlers[pending.number].register = register
      program.signalHandlers[pending.number].start = here
      let end = newTarget()
      handlerEnd = end
      lower(pending.body)
      handlerEnd = nil
      place(end)
      emit(.enterKernel, b: Instruction.noRegister)
      emit(.leaveHandler, a: register, b: pending.number)
    }
  }

  /// Where a thread that runs this program comes from the kernel, at the end of its code.
  func writeThreadEntry(_ id: FunctionID, entry: Int, unused register: Int) {
    guard case .program(let name) = body, index.threadPrograms.contains(name) else { return }
    program.functions[id.rawValue].threadEntry = here
    emit(.leaveKernel, a: register, wide: here)
    emit(.jump, wide: entry)
  }

  // MARK: Bounds

  /// `var n in 0..3` of a body: what is put into it stays between its bounds.
  func emitClamp(_ register: Int, to range: ClosedRange<Int64>) {
    let bound = builder.allocate()
    let above = newTarget()
    emitLoad(range.lowerBound, into: bound)
    emitBranch(.jumpIfNotLess, register, bound, to: above)
    emit(.move, a: register, b: bound)
    place(above)
    let below = newTarget()
    emitLoad(range.upperBound, into: bound)
    emitBranch(.jumpIfNotLess, bound, register, to: below)
    emit(.move, a: register, b: bound)
    place(below)
  }

  func bounds(_ expression: Expression) -> ClosedRange<Int64>? {
    guard case .range(let low, let high) = expression.unparenthesised.kind,
      let first = compileTime.value(of: low), let last = compileTime.value(of: high), first <= last
    else { return nil }
    return first...last
  }
}

extension Reference {
  /// Whether it is `reap`, if nothing else has that name.
  var isReap: Bool { name.text == "reap" && module == nil && occurrence == nil }
}

extension Block {
  /// Whether some statement in it installs a handler for a signal.
  var hasSignalHandler: Bool {
    var isFound = false
    forEachStatement { if case .onSignal = $0.kind { isFound = true } }
    return isFound
  }
}
