import Diagnostics
import Machine
import Syntax

/// Statements of every context.
extension Lowering {
  func lower(_ block: Block) {
    let mark = builder.next
    for statement in block.statements {
      if isEnough { break }
      lower(statement)
    }
    if !keepsLocals { builder.release(to: mark) }
  }

  func lower(_ statement: Statement) {
    let outer = origin
    origin = statement.range.origin
    defer { origin = outer }
    switch statement.kind {
    case .binding(let binding): lowerLocal(binding.name, binding.value)
    // What it declares is the lesson's: its registers stay.
    case .chapter(let chapter): lower(chapter)
    case .variable(let variable):
      if let id = facts.localAt[variable.name.range], let range = variable.bounds.flatMap(bounds) {
        bounded[id] = range
      }
      lowerLocal(variable.name, variable.value)
    default:
      let mark = builder.next
      lowerRest(statement)
      if !keepsLocals || statement.blocks.isEmpty { builder.release(to: mark) }
    }
  }

  private func lowerLocal(_ name: Name, _ value: Expression) {
    if let id = facts.localAt[name.range], let register = builder.locals[id],
      exposed.contains(register)
    {
      let mark = builder.next
      emit(.move, a: register, b: clamped(lower(value), id))
      return builder.release(to: mark)
    }
    let register = builder.allocate()
    let mark = builder.next
    observe([value])
    expectingStatus(of: facts.localAt[name.range]) { _ = lower(value, into: register) }
    if let id = facts.localAt[name.range], let range = bounded[id] {
      emitClamp(register, to: range)
    }
    builder.release(to: mark)
    if let id = facts.localAt[name.range] { builder.locals[id] = register }
  }

  /// The register with the value as a bounded variable takes it.
  private func clamped(_ register: Int, _ id: LocalID) -> Int {
    guard let range = bounded[id] else { return register }
    let copy = builder.allocate()
    emit(.move, a: copy, b: register)
    emitClamp(copy, to: range)
    return copy
  }

  private func lowerRest(_ statement: Statement) {
    switch statement.kind {
    case .assignment(let node): lowerAssignment(node)
    case .conditional(let node): lowerConditional(node)
    case .whileLoop(let node): lowerWhile(node)
    case .endlessLoop(let body): lowerEndless(body)
    case .forLoop(let node): lowerFor(node)
    case .breakLoop: builder.loops.last.map { emitJump($0.breakTarget) }
    case .continueLoop: builder.loops.last.map { emitJump($0.continueTarget) }
    case .returnValue(let value):
      if let value {
        observe([value])
        emitReturn(lower(value))
      } else {
        emitReturn(nil)
      }
    case .expression(let node): lowerExpressionStatement(node)
    case .verb(let node): lowerVerb(node, statement.range)
    case .await(let node): lowerAwait(node, statement.range)
    case .expectLog(let node): lowerExpectLog(node, statement.range)
    case .safePoint: emit(.safePoint)
    case .fork(let body): lowerFork(body)
    case .thread(let call): lowerThread(call)
    case .onSignal(let node): lowerOnSignal(node)
    case .interruptsOff(let body): lowerMasked(body, .interruptsOff, .interruptsRestore)
    case .bottomHalvesOff(let body): lowerMasked(body, .bottomHalvesOff, .bottomHalvesRestore)
    case .atomic(let body):
      emit(.beginAtomic)
      lower(body)
      emit(.endAtomic)
    case .allocateShadow(let node): lowerAllocateShadow(node)
    case .dropShadow(let drop): lowerDropShadow(drop)
    case .question(let question): lower(question)
    case .show(let show): lower(show)
    // A declaration of a local comes to `lower(_:)` itself.
    case .machine, .definition, .mark, .binding, .variable, .chapter: break
    }
  }

  /// The operator's questions are a step of their own.
  func observe(_ expressions: [Expression]) {
    guard context == .operatorBody, !isInCondition, expressions.contains(where: asksWorld) else {
      return
    }
    emit(.observe)
  }

  func asksWorld(_ expression: Expression) -> Bool {
    if compileTime.value(of: expression) != nil { return false }
    switch expression.kind {
    case .reference:
      switch facts.symbols[expression.range] {
      case .world, .variable, .host: return true
      default: return false
      }
    case .member: return true
    default:
      var asks = false
      expression.forEachChild { asks = asks || asksWorld($0) }
      return asks
    }
  }

  private func lowerExpressionStatement(_ node: ExpressionStatement) {
    observe([node.expression])
    if case .shell(let text) = node.expression.kind {
      return lowerCommand(text, node.failure, node.expression.range)
    }
    if let failure = node.failure { return lowerFailing(node.expression, failure) }
    if case .wait(let wait) = node.expression.kind {
      return emitBareWait(wait, node.expression.range)
    }
    lower(node.expression)
  }

  /// `cat("…") fails ENOENT`.
  private func lowerFailing(_ expression: Expression, _ failure: ExpectedFailure) {
    guard case .call(let callee, let arguments) = expression.kind,
      case .host(let name)? = facts.symbols[callee.range], let number = hostNumber(name)
    else {
      return
    }
    let first = lowerArguments(of: name, arguments)
    let status = builder.allocate()
    emit(.hostStatus, a: status, b: first, c: number)
    requireStatus(status, failure, expression.range, verb: checked.text(of: expression.range))
  }

  private func lowerAssignment(_ node: Assignment) {
    observe([node.value])
    if case .index(let base, let place) = node.place.kind, let array = arrayNumber(base) {
      let value = lower(node.value)
      let number = lower(place)
      at(node.place.range) { _ = emit(.storeElement, a: value, b: array, c: number) }
      return
    }
    switch node.place.kind {
    case .reference: break
    case .member(let base, let name): return lowerStoreField(base, name, node.value)
    case .shadow(let shadow): return lowerStoreShadow(shadow, node.value)
    case .index(let base, let place): return lowerReplace(base, place, node)
    default: return reportLivepatch("state", node.place.range)
    }
    switch facts.symbols[node.place.range] {
    case .local(let id):
      guard let register = builder.locals[id] else { return }
      if exposed.contains(register) {
        emit(.move, a: register, b: clamped(lower(node.value), id))
      } else {
        expectingStatus(of: id) { _ = lower(node.value, into: register) }
        if let range = bounded[id] { emitClamp(register, to: range) }
      }
    case .variable(let key):
      let value = lower(node.value)
      guard let number = variableNumber(key, node.place.range) else { return }
      emit(.storeShared, a: value, b: number)
    default: break
    }
  }

  /// `xs[i] = v` on a local: the variable takes a list that differs in one element.
  private func lowerReplace(_ base: Expression, _ place: Expression, _ node: Assignment) {
    guard case .local(let id)? = facts.symbols[base.range], let own = builder.locals[id] else {
      return
    }
    let value = lower(node.value)
    let number = lower(place)
    let copy = exposed.contains(own) ? builder.allocate() : own
    if copy != own { emit(.move, a: copy, b: own) }
    at(node.place.range) { _ = emit(.replaceElement, a: copy, b: number, c: value) }
    if copy != own { emit(.move, a: own, b: copy) }
  }

  // MARK: Branches and loops

  private func lowerConditional(_ node: Conditional) {
    // The conditions of one chain are asked at one moment.
    observe(node.branches.map(\.condition))
    let end = newTarget()
    for (number, branch) in node.branches.enumerated() {
      let next = newTarget()
      let mark = builder.next
      emitBranch(on: branch.condition, whenTrue: false, to: next)
      builder.release(to: mark)
      lower(branch.body)
      if number + 1 < node.branches.count || node.otherwise != nil { emitJump(end) }
      place(next)
    }
    if let otherwise = node.otherwise { lower(otherwise) }
    place(end)
  }

  /// The test stands at the bottom, so that a round costs one jump.
  private func lowerWhile(_ node: WhileLoop) {
    if compileTime.value(of: node.condition) == 1 { return lowerEndless(node.body) }
    hoistConstants(of: node.condition)
    if lowerCounting(node) { return }
    let top = newTarget()
    let loop = FunctionBuilder.Loop(breakTarget: newTarget(), continueTarget: newTarget())
    emitJump(loop.continueTarget)
    place(top)
    builder.loops.append(loop)
    lower(node.body)
    builder.loops.removeLast()
    place(loop.continueTarget)
    observe([node.condition])
    emitBackward(node.condition, to: top)
    place(loop.breakTarget)
  }

  /// `while i < n { …; i = i + 1 }` with locals: counting and branching are one operation. Asked
  /// once before the loop, the condition costs no step, for it reads nothing shared.
  private func lowerCounting(_ node: WhileLoop) -> Bool {
    guard case .binary(let test) = node.condition.unparenthesised.kind,
      let (counted, bound, isIncluded) = test.counting,
      case .local(let id)? = facts.symbols[counted.range], let counter = builder.locals[id],
      !exposed.contains(counter), let last = node.body.statements.last,
      last.isIncrement(of: id, facts), !node.body.canContinue,
      let limit = isIncluded ? limitBehind(bound) : counterLimit(bound)
    else { return false }
    let loop = FunctionBuilder.Loop(breakTarget: newTarget(), continueTarget: newTarget())
    let top = newTarget()
    emitBranch(.jumpIfNotLess, counter, limit, to: loop.breakTarget)
    place(top)
    builder.loops.append(loop)
    var body = node.body
    body.statements.removeLast()
    lower(body)
    builder.loops.removeLast()
    at(last.range) { emitBranch(.countUp, counter, limit, to: top) }
    place(loop.breakTarget)
    return true
  }

  /// A register with the number behind a constant: up to that one, and below the next, is the same.
  private func limitBehind(_ expression: Expression) -> Int? {
    guard let value = compileTime.value(of: expression), value < .max else { return nil }
    let register = builder.allocate()
    emitLoad(value + 1, into: register)
    return register
  }

  /// The register of a loop's limit, if that is a constant or a local.
  private func counterLimit(_ expression: Expression) -> Int? {
    if let register = hoisted(expression) { return register }
    guard case .local(let id)? = facts.symbols[expression.unparenthesised.range] else { return nil }
    return builder.locals[id]
  }

  /// A branch back: by an operation that the step's budget counts.
  private func emitBackward(_ condition: Expression, to top: FunctionBuilder.Target) {
    if case .binary(let node) = condition.unparenthesised.kind,
      [.less, .greater, .equal, .notEqual].contains(node.operation)
    {
      emitBranch(on: condition, whenTrue: true, to: top)
      return
    }
    let end = newTarget()
    emitBranch(on: condition, whenTrue: false, to: end)
    emitJump(top)
    place(end)
  }

  private func lowerEndless(_ body: Block) {
    let loop = FunctionBuilder.Loop(breakTarget: newTarget(), continueTarget: newTarget())
    place(loop.continueTarget)
    builder.loops.append(loop)
    let start = here
    lower(body)
    builder.loops.removeLast()
    emitSpin(since: start)
    emitJump(loop.continueTarget)
    place(loop.breakTarget)
  }

  /// A task that spins without doing anything else takes time on its CPU all the same, ten
  /// microseconds a round: the busy loop is what live patching is first tried on.
  private func emitSpin(since start: Int) {
    switch body {
    case .operator, .definition: return
    case .program, .function, .starter, .moduleHandler, .commandProcess, .patchRemoval:
      if isInCondition { return }
    }
    let round = program.instructions[start..<here]
    guard !round.contains(where: { $0.operation.isVisible || $0.operation == .call }) else {
      return
    }
    let register = builder.allocate()
    emitLoad(10_000, into: register)
    emit(.work, a: register, b: register)
  }

  private func lowerFor(_ node: ForLoop) {
    let element = builder.allocate()
    if let id = facts.localAt[node.variable.range] { builder.locals[id] = element }
    if case .range(let low, let high) = node.sequence.unparenthesised.kind {
      return lowerCounted(node, element, low, high)
    }
    observe([node.sequence])
    let list = lower(node.sequence)
    let loop = FunctionBuilder.Loop(breakTarget: newTarget(), continueTarget: newTarget())
    builder.loops.append(loop)
    emitElements(of: list, next: loop.continueTarget, end: loop.breakTarget, element: element) {
      _ in
      self.lower(node.body)
    }
    builder.loops.removeLast()
  }

  private func lowerCounted(
    _ node: ForLoop, _ element: Int, _ low: Expression, _ high: Expression
  ) {
    observe([low, high])
    lower(low, into: element)
    let end = builder.allocate()
    lower(high, into: end)
    // Both ends included: the loop runs below the one after the last.
    emit(.addImmediate, a: end, b: end, c: 1)
    let top = newTarget()
    let loop = FunctionBuilder.Loop(breakTarget: newTarget(), continueTarget: newTarget())
    emitBranch(.jumpIfNotLess, element, end, to: loop.breakTarget)
    place(top)
    builder.loops.append(loop)
    lower(node.body)
    builder.loops.removeLast()
    place(loop.continueTarget)
    emitBranch(.countUp, element, end, to: top)
    place(loop.breakTarget)
  }
}

extension Block {
  /// Whether a `continue` in it goes on with the loop that it is the body of.
  var canContinue: Bool {
    statements.contains { statement in
      switch statement.kind {
      case .continueLoop: true
      case .forLoop, .whileLoop, .endlessLoop, .definition: false
      default: statement.blocks.contains(where: \.canContinue)
      }
    }
  }
}

extension Statement {
  /// `i = i + 1`.
  func isIncrement(of id: LocalID, _ facts: Facts) -> Bool {
    guard case .assignment(let node) = kind, facts.symbols[node.place.range] == .local(id),
      case .binary(let sum) = node.value.unparenthesised.kind, sum.operation == .add,
      facts.symbols[sum.left.range] == .local(id), case .integer(1) = sum.right.kind
    else { return false }
    return true
  }

  /// Whether it does something when the operator comes to it.
  var isAction: Bool {
    switch kind {
    case .machine, .definition, .mark: false
    default: true
    }
  }

  /// `spawn` with arguments that are literals: it begins with its visible instruction, and nothing
  /// before that can fail.
  var isPlainSpawn: Bool {
    let expression: Expression
    switch kind {
    case .binding(let binding): expression = binding.value
    case .expression(let node): expression = node.expression
    default: return false
    }
    guard case .spawn(let spawn) = expression.kind else { return false }
    return (spawn.call.arguments + (spawn.count.map { [$0] } ?? [])).allSatisfy(\.isLiteral)
  }
}

extension BinaryOperation {
  /// Of a comparison that a counter may end, what is counted, up to what, and whether that is still
  /// a round: `i < n`, `n >= i`.
  fileprivate var counting: (counted: Expression, bound: Expression, isIncluded: Bool)? {
    switch operation {
    case .less: (left, right, false)
    case .lessOrEqual: (left, right, true)
    case .greater: (right, left, false)
    case .greaterOrEqual: (right, left, true)
    default: nil
    }
  }
}
