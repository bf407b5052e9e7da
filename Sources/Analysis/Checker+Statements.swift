import Diagnostics
import Syntax

extension Checker {
  func check(_ block: Block) {
    inScope { checkStatements(block.statements) }
  }

  func checkStatements(_ statements: [Statement]) {
    openBlocks.append(OpenBlock(statements))
    defer { openBlocks.removeLast() }
    var stop: Statement?
    var nameCount = 0
    for statement in statements {
      if statement.declaresLocal {
        nameCount += 1
        guard nameCount <= FunctionBuilder.registerLimit else {
          return report(
            .tooLarge(
              "the number of names in this block", limit: FunctionBuilder.registerLimit,
              at: statement.range))
        }
      }
      if let last = stop {
        // A stray `break`, a loop that was read for another: it may not end there at all.
        if !isDone, !broken.touches(last.range), !hasError(in: last.range) {
          report(.unreachable(at: statement.range, after: last.range, what: last.endingWords))
        }
        stop = nil
        // What is never reached is still checked; it is said once.
        statements.drop { $0.range != statement.range }.forEach(check)
        return
      }
      check(statement)
      if statement.endsBlock { stop = statement }
    }
  }

  func nested(_ block: Block) {
    nesting += 1
    check(block)
    nesting -= 1
  }

  private func check(_ statement: Statement) {
    if !saidOfNames.isEmpty { saidOfNames.removeAll() }
    if !unknownNames.isEmpty { unknownNames.removeAll() }
    switch statement.kind {
    case .binding(let binding):
      let kind = check(binding.value)
      if kind == .nothing { reportNoValue(binding.value) }
      let id = declare(binding.name, .binding, kind == .nothing ? .error : kind)
      certainLocals[id] = facts.constants[binding.value.range]
      if case .list(let elements) = binding.value.unparenthesised.kind {
        certainLengths[id] = elements.count
      } else if case .spawn(let spawn) = binding.value.unparenthesised.kind,
        let count = spawn.count,
        let number = facts.constants[count.range]
      {
        certainLengths[id] = Int(exactly: number)
      }
    case .variable(let variable): checkVariable(variable)
    case .assignment(let assignment): checkAssignment(assignment)
    case .conditional(let conditional):
      for branch in conditional.branches {
        check(branch.condition, is: .boolean)
        nested(branch.body)
      }
      if let otherwise = conditional.otherwise { nested(otherwise) }
      warnOfDeadBranches(conditional)
    case .whileLoop(let loop):
      check(loop.condition, is: .boolean)
      if loop.condition.fixedTruth == false {
        report(.unreachable(at: loop.body.placeToShow, because: loop.condition.range))
      }
      inLoop { nested(loop.body) }
    case .endlessLoop(let body): inLoop { nested(body) }
    case .forLoop(let loop): checkFor(loop)
    case .breakLoop:
      if loopDepth == 0 { report(.outsideLoop("break", at: statement.range)) }
    case .continueLoop:
      if loopDepth == 0 { report(.outsideLoop("continue", at: statement.range)) }
    case .returnValue(let value): checkReturn(value, statement.range)
    case .expression(let node): checkExpressionStatement(node)
    case .verb(let node): checkVerb(node, statement.range)
    case .await(let node):
      guard allow("await", at: statement.range) else { return }
      asking("await") { check(node.condition, is: .boolean) }
      warnIfConstant("await", node.condition)
      if let limit = node.limit { check(limit, is: .duration) }
    case .expectLog(let node):
      if allow("expect log", at: statement.range) { checkText(node.text) }
    default: checkRareStatement(statement)
    }
  }

  private func checkRareStatement(_ statement: Statement) {
    let range = statement.range
    switch statement.kind {
    case .interruptsOff(let body): allowBlock("irqs off", body, range)
    case .bottomHalvesOff(let body): allowBlock("bh off", body, range)
    case .atomic(let body): allowBlock("atomic", body, range)
    case .fork(let body): outsideLoops { allowBlock("fork", body, range) }
    case .thread(let call):
      if allow("thread", at: range) { checkProgramCall(call) }
    case .onSignal(let handler):
      checkCatchable(handler.signal)
      outsideLoops { allowBlock("on signal", handler.body, range) }
    case .safePoint: _ = allow("safe point", at: range)
    case .allocateShadow(let node):
      guard allow("shadow", at: range) else { return }
      let kind = checkShadow(node.shadow)
      if let value = node.value { check(value, is: kind) }
    case .dropShadow(let drop):
      guard allow("drop shadow", at: range) else { return }
      switch drop {
      case .one(let shadow): _ = checkShadow(shadow)
      case .all(let name): _ = shadowKind(name)
      }
    case .machine(let block):
      if !place.isScenarioBody || nesting > 0 {
        report(.misplaced("`machine`", belongs: "first in a scenario, or in a file", at: range))
      } else {
        check(block)
      }
    case .definition: break
    case .mark(let mark):
      if !place.isScenarioBody || nesting > 0 {
        report(.misplaced("`skip` or `xfail`", belongs: "first in a scenario", at: range))
      } else if let condition = mark.condition {
        checkConstantCondition(condition)
      }
    case .chapter(let chapter): check(chapter, range)
    case .question(let question): check(question, range)
    case .show(let show): check(show, range)
    default: break
    }
  }

  private func allowBlock(_ verb: String, _ body: Block, _ range: SourceRange) {
    if allow(verb, at: range) { nested(body) }
  }

  /// `skip "reason" if CONDITION` is decided before the run.
  private func checkConstantCondition(_ condition: Expression) {
    check(condition, is: .boolean)
    if let place = firstDependent(condition) {
      report(.notConstant("the condition of `skip` and `xfail`", at: place))
    }
  }

  /// The first part of an expression that only the run can tell.
  func firstDependent(_ expression: Expression) -> SourceRange? {
    if facts.constants[expression.range] != nil { return nil }
    switch expression.kind {
    case .string(let text): return text.plain == nil ? expression.range : nil
    case .reference:
      switch facts.symbols[expression.range] {
      case .axis, .engine, .patch, .familyNumber, nil: return nil
      default: return expression.range
      }
    case .parenthesised(let inner), .unary(_, let inner): return firstDependent(inner)
    case .binary(let node): return firstDependent(node.left) ?? firstDependent(node.right)
    case .list(let elements): return elements.lazy.compactMap(firstDependent).first
    case .range(let low, let high): return firstDependent(low) ?? firstDependent(high)
    case .missing: return nil
    default: return expression.range
    }
  }

  private func inLoop(_ body: () -> Void) {
    loopDepth += 1
    body()
    loopDepth -= 1
  }

  /// What runs in another task, or at another time, has nothing to do with the loops around it.
  private func outsideLoops(_ body: () -> Void) {
    let outer = loopDepth
    loopDepth = 0
    body()
    loopDepth = outer
  }

  func asking(_ verb: String, _ body: () -> Void) {
    let outer = conditionVerb
    conditionVerb = verb
    body()
    conditionVerb = outer
  }

  func warnIfConstant(_ verb: String, _ condition: Expression) {
    guard facts.kinds[condition.range] == .boolean,
      let holds = Certainty(self).truth(of: condition), !hasError(in: condition.range)
    else { return }
    report(.constantCondition(verb, holds: holds, at: condition.range))
  }

  private func checkVariable(_ variable: VariableDeclaration) {
    let kind = check(variable.value)
    if let bounds = variable.bounds { checkBounds(bounds) }
    if kind == .nothing { reportNoValue(variable.value) }
    declare(variable.name, .variable, kind == .nothing ? .error : kind)
  }

  func checkBounds(_ bounds: Expression) {
    guard case .range(let low, let high) = bounds.kind else {
      let found = check(bounds)
      report(
        .wrongKind(
          found: found, wanted: "a range such as 0..3", at: bounds.range,
          help: rangeMeant(by: bounds).map { "write `\($0)`" }))
      return
    }
    check(low, is: .integer)
    check(high, is: .integer)
    guard let first = facts.constants[low.range], let last = facts.constants[high.range] else {
      if let place = firstDependent(bounds) { report(.notConstant("a bound", at: place)) }
      return
    }
    if last < first {
      report(
        .outOfRange("the upper bound", value: last, allowed: "at least \(first)", at: high.range))
    }
  }

  func reportNoValue(_ expression: Expression) {
    guard case .call(let callee, _) = expression.kind else {
      return report(.noValue("this", at: expression.range, declared: nil))
    }
    let declared = facts.symbols[callee.range].flatMap(declaration)
    report(.noValue("`\(text(of: callee.range))`", at: expression.range, declared: declared))
  }

  private func checkFor(_ loop: ForLoop) {
    let element = facts.table.fresh()
    let found = check(loop.sequence)
    if !facts.table.unify(found, .list(element)) {
      let help =
        found == .integer ? "count with a range: `1..\(text(of: loop.sequence.range))`" : nil
      report(.wrongKind(found: found, wanted: "a list", at: loop.sequence.range, help: help))
    } else if isEmptyList(loop.sequence), !broken.contains(loop.sequence.range) {
      report(
        .unreachable(
          at: loop.body.placeToShow, because: loop.sequence.range, "there is nothing in it"))
    }
    checkEnd(of: loop.sequence)
    nesting += 1
    inScope {
      declare(loop.variable, .element, element)
      inLoop { check(loop.body) }
    }
    nesting -= 1
  }

  private func checkReturn(_ value: Expression?, _ range: SourceRange) {
    guard let value else { return }
    let found = check(value)
    if place.result == .nothing {
      report(.returnsNothing(isReplacement: place.patch != nil, at: range))
      return
    }
    if broken.hasErrors, broken.contains(value.range) { return facts.table.giveUp(place.result) }
    let count = diagnostics.count
    require(
      found, is: place.result, value, help: "all that a function returns is of one kind")
    // Said once: what its callers make of the value is neither right nor wrong.
    if diagnostics.count > count { facts.table.giveUp(place.result) }
  }

  /// A word alone: more probably a verb than a value.
  private func reportUnknownStatement(_ name: Name) {
    guard !name.isMissing, !isDone else { return }
    if let verb = Verb.named(name.text) {
      return report(.incompleteVerb(name, form: verb.signature))
    }
    if Verb.elsewhere[name.text] != nil { return reportUnknownVerb(name) }
    if let verb = verbWritten(name.text) {
      if allow(verb.name, at: name.range) { report(.incompleteVerb(name, form: verb.signature)) }
      return
    }
    let here = Verb.all.filter { $0.contexts.contains(place.context) }.map(\.name)
    let (near, _) = suggestion(
      for: name.text, first: here, last: Self.wordsOfLanguage, where: isCallable)
    report(.unknownName(name, sort: nil, near: near))
  }

  /// Commands, and files that are read.
  private func canFail(_ expression: Expression) -> Bool {
    switch expression.kind {
    case .shell, .missing: return true
    case .call(let callee, _):
      if case .host? = facts.symbols[callee.range] { return true }
      return false
    default: return false
    }
  }

  private func checkExpressionStatement(_ node: ExpressionStatement) {
    if case .reference(let reference) = node.expression.kind, reference.module == nil,
      reference.occurrence == nil, find(reference) == nil
    {
      return reportUnknownStatement(reference.name)
    }
    expectsFailure = node.failure != nil
    let kind = check(node.expression)
    expectsFailure = false
    if let failure = node.failure {
      if canFail(node.expression) || kind == .error {
        checkFailure(failure)
      } else {
        report(.neverFails(at: failure.range))
      }
    }
    switch node.expression.kind {
    case .call, .spawn, .wait, .shell, .allocate, .missing: break
    default:
      if kind != .error { report(.valueDropped(kind.words, at: node.expression.range)) }
    }
  }
}

extension Statement {
  /// Whether its block has one more `let` or `var` by it.
  fileprivate var declaresLocal: Bool {
    switch kind {
    case .binding, .variable: true
    default: false
    }
  }
}

extension Block {
  /// Whether some `return` in it has a value.
  var givesValue: Bool {
    statements.contains { statement in
      switch statement.kind {
      case .returnValue(let value): value != nil
      case .conditional(let node):
        node.branches.contains { $0.body.givesValue } || node.otherwise?.givesValue == true
      case .whileLoop(let loop): loop.body.givesValue
      case .endlessLoop(let body), .interruptsOff(let body), .bottomHalvesOff(let body),
        .atomic(let body):
        body.givesValue
      case .forLoop(let loop): loop.body.givesValue
      default: false
      }
    }
  }
}
