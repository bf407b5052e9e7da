import Diagnostics
import Machine
import Syntax

/// Expressions: each leaves its value in a register.
extension Lowering {
  /// Puts the value into `wanted`, or wherever it is cheapest. While an assertion is lowered every
  /// sub-expression gets a register of its own, and is noted.
  @discardableResult
  func lower(_ expression: Expression, into wanted: Int? = nil) -> Int {
    at(expression.range) {
      let register = emitValue(of: expression, into: wanted)
      note(expression, register)
      return register
    }
  }

  /// Notes a sub-expression of an assertion, unless its value can be read off the text.
  private func note(_ expression: Expression, _ register: Int) {
    guard captures != nil, here > 0 else { return }
    switch expression.kind {
    case .integer, .duration, .boolean, .list, .range, .parenthesised, .missing: return
    case .string(let text): if text.plain != nil { return }
    case .unary(_, let operand): if operand.isLiteral { return }
    case .reference:
      switch facts.symbols[expression.range] {
      case .universe, .engine, .errno: return
      default: break
      }
    default: break
    }
    let kind = facts.kind(at: expression.range)
    guard kind != .result else { return }
    captures?.append(
      Capture(
        origin: expression.range.origin, address: here - 1, register: register,
        kind: valueKind(kind)))
  }

  private func emitValue(of expression: Expression, into wanted: Int?) -> Int {
    if let value = compileTime.value(of: expression) {
      if case .string(let text) = expression.kind, let plain = text.plain { _ = intern(plain) }
      if case .reference = expression.kind { internNamedString(expression) }
      let register = wanted ?? builder.allocate()
      emitLoad(value, into: register)
      return register
    }
    switch expression.kind {
    case .reference: return emitReference(expression, into: wanted)
    case .parenthesised(let inner): return lower(inner, into: wanted)
    case .string(let text): return emitText(text, expression.range, into: wanted)
    case .unary(let operation, let operand):
      let value = lower(operand)
      let register = wanted ?? builder.allocate()
      emit(operation == .not ? .not : .negate, a: register, b: value)
      return register
    case .binary(let node): return emitBinary(node, into: wanted)
    case .call(let callee, let arguments):
      return emitCall(callee, arguments, expression, into: wanted)
    case .list(let elements):
      let first = lowerRun(elements)
      let register = wanted ?? builder.allocate()
      emit(.makeList, a: register, b: first, c: elements.count)
      return register
    case .range(let low, let high): return emitRange(low, high, into: wanted)
    case .index(let base, let place):
      if case .patch(let name)? = facts.symbols[base.range] {
        return emitFamilyMember(name, place, expression.range, into: wanted)
      }
      if let array = arrayNumber(base) { return emitElement(of: array, place, into: wanted) }
      let list = lower(base)
      let number = lower(place)
      let register = wanted ?? builder.allocate()
      emit(.listElement, a: register, b: list, c: number)
      return register
    case .member(let base, let name): return emitMember(base, name, into: wanted)
    case .quantified(let node): return emitQuantified(node, into: wanted)
    case .reap(let child): return emitReap(lower(child), into: wanted)
    case .choose(let options):
      let first = lowerRun(options)
      let register = wanted ?? builder.allocate()
      emit(.choose, a: register, b: first, c: options.count)
      return register
    case .wait(let wait): return emitWait(wait, expression.range, into: wanted)
    case .allocate(let allocation): return emitAllocation(allocation, into: wanted)
    case .shadow(let shadow): return emitShadow(.loadShadow, shadow, into: wanted)
    case .hasShadow(let shadow): return emitShadow(.hasShadow, shadow, into: wanted)
    case .spawn(let spawn): return emitSpawn(spawn, into: wanted)
    case .shell(let text): return emitCommandResult(text, expression.range, into: wanted)
    default: return emitMissing(expression, into: wanted)
    }
  }

  /// The text that a variable of the matrix stands for, or a constant.
  private func internNamedString(_ expression: Expression) {
    switch facts.symbols[expression.range] {
    case .axis(let number):
      if case .string(let text) = row.values[number].meaning { _ = intern(text) }
    case .constant(let key):
      guard case .string(let text)? = compileTime.declaration(of: key)?.value.kind,
        let plain = text.plain
      else { return }
      _ = intern(plain)
    default: break
    }
  }

  private func emitMissing(_ expression: Expression, into wanted: Int?) -> Int {
    switch expression.kind {
    case .state: reportLivepatch("state", expression.range)
    case .previousState: reportLivepatch("prev_state", expression.range)
    default: break
    }
    return wanted ?? builder.allocate()
  }

  /// Values into registers that follow one another; gives the first.
  func lowerRun(_ expressions: [Expression]) -> Int {
    let first = builder.allocate(expressions.count)
    for (number, expression) in expressions.enumerated() {
      lower(expression, into: first + number)
    }
    return first
  }

  private func emitReference(_ expression: Expression, into wanted: Int?) -> Int {
    if case .reference(let reference) = expression.kind, reference.isReap,
      facts.symbols[expression.range] == nil
    {
      return emitReap(Instruction.noRegister, into: wanted)
    }
    switch facts.symbols[expression.range] {
    case .local(let id):
      let own = builder.locals[id] ?? 0
      // An assertion shows the value that was compared: it needs an instruction and a register.
      guard wanted != nil || captures != nil else { return own }
      let register = wanted ?? builder.allocate()
      emit(.move, a: register, b: own)
      return register
    case .variable(let key):
      if let array = arrayNumber(expression) { return emitElements(of: array, into: wanted) }
      let register = wanted ?? builder.allocate()
      guard let number = variableNumber(key, expression.range) else { return register }
      if context == .operatorBody || isInCondition {
        emit(.query, a: register, b: number, c: Int(Query.variable.rawValue))
      } else {
        emit(.loadShared, a: register, b: number)
      }
      return register
    case .program:
      let register = wanted ?? builder.allocate()
      emitLoad(Int64(program.kernelThreads.count), into: register)
      return register
    case .world(let property):
      let register = wanted ?? builder.allocate()
      emit(.query, a: register, c: Int(property.query.rawValue))
      return register
    case .patch(let name):
      let register = wanted ?? builder.allocate()
      let patch = PatchReference(patch: name)
      emitLoad(Int64(patchID(patch)?.rawValue ?? 0), into: register)
      return register
    case .axis(let number):
      let register = wanted ?? builder.allocate()
      if case .patch(let patch) = row.values[number].meaning {
        emitLoad(Int64(patchID(patch)?.rawValue ?? 0), into: register)
      }
      return register
    default: return wanted ?? builder.allocate()
    }
  }

  private func emitMember(_ base: Expression, _ name: Name, into wanted: Int?) -> Int {
    let register = wanted ?? builder.allocate()
    let kind = facts.kind(at: base.range)
    if kind == .record { return emitField(base, name, into: register) }
    if kind == .result { return emitResultMember(base, name, into: register) }
    guard kind == .task, let property = TaskProperty.all.first(where: { $0.name == name.text })
    else {
      if case .reference(let reference) = base.kind, reference.name.text == "transition" {
        let query = TransitionProperty.named(name.text)?.query ?? .transitionDuration
        emit(.query, a: register, c: Int(query.rawValue))
      } else {
        let task = lower(base)
        guard kind == .task, let number = taskVariables[name.text] else {
          missing(".\(name.text)", name.range)
          return register
        }
        emit(.taskVariable, a: register, b: task, c: number)
      }
      return register
    }
    let task = lower(base)
    if property.query == .state { for letter in TaskState.letters { _ = intern(letter) } }
    emit(.query, a: register, b: task, c: Int(property.query.rawValue))
    return register
  }

  func emitText(_ text: InterpolatedText, _ range: SourceRange, into wanted: Int?) -> Int {
    let (pieces, values) = parts(of: text)
    let (first, kinds) = lowerShown(values)
    let site = textSite(pieces, kinds, range)
    let register = wanted ?? builder.allocate()
    emit(.format, a: register, b: first, c: site)
    return register
  }

  private func emitRange(
    _ low: Expression, _ high: Expression, into wanted: Int?
  ) -> Int {
    let first = lower(low)
    let last = lower(high)
    let register = wanted ?? builder.allocate()
    emit(.makeRange, a: register, b: first, c: last)
    return register
  }

  // MARK: Calls

  func emitCall(
    _ callee: Expression, _ arguments: [Expression], _ expression: Expression, into wanted: Int?
  ) -> Int {
    switch facts.symbols[callee.range] {
    case .host(let name):
      let first = lowerArguments(of: name, arguments)
      let register = wanted ?? builder.allocate()
      guard let number = hostNumber(name) else { return register }
      emit(.hostCall, a: register, b: first, c: number)
      return register
    case .definition(let number):
      if isInCondition {
        let definition = index.definitions[number]
        return emitInlined(
          definition.parameters, definition.body, arguments, expression.range, into: wanted)
      }
      let first = lowerRun(arguments)
      let register = wanted ?? builder.allocate()
      emit(.call, a: register, b: functionID(.definition(number)).rawValue, c: first)
      return register
    case .function(let key):
      if isInCondition {
        return emitInlined(key, arguments, callee.range, expression.range, into: wanted)
      }
      if context == .userTask { return emitSystemCall(key, arguments, callee.range, into: wanted) }
      let first = lowerRun(arguments)
      let register = wanted ?? builder.allocate()
      emitKernelCall(key, first: first, register, callee.range)
      return register
    default: return wanted ?? builder.allocate()
    }
  }

  /// The arguments of a host function, side by side; gives the first one's register. What may be
  /// left out at the end has its value all the same.
  func lowerArguments(of name: String, _ arguments: [Expression]) -> Int {
    guard let host = checked.hosts.first(where: { $0.name == name }),
      let last = host.lastDefault, arguments.count < host.parameters.count
    else { return lowerRun(arguments) }
    let first = builder.allocate(arguments.count + 1)
    for (number, argument) in arguments.enumerated() { lower(argument, into: first + number) }
    emitLoad(last, into: first + arguments.count)
    return first
  }

  /// A call inside the kernel. An inline function is part of its caller: of the caller's patch, if
  /// that has a version of it.
  func emitKernelCall(_ key: MemberKey, first: Int, _ register: Int, _ range: SourceRange) {
    if let traced = traced[key] {
      checkPresence(of: key, at: range)
      emit(.callTraced, a: register, b: traced.rawValue, c: first)
      return
    }
    checkPresence(of: key, at: range)
    let body = Body.function(key, patch: patchOfCallee(key))
    emit(.call, a: register, b: functionID(body).rawValue, c: first)
  }

  /// Whose version of a function that is not traced is called: an inline function is a copy in its
  /// caller, and a patch's own functions are called by its code alone.
  func patchOfCallee(_ key: MemberKey) -> PatchReference? {
    let isCopy = index.kernel?.members[key]?.function?.attribute(.inline) != nil
    return isCopy || key.isOfPatch ? codePatch : nil
  }

  /// `enterKernel`, the call, `leaveKernel`: a sleeper that a signal woke begins anew at the first.
  private func emitSystemCall(
    _ key: MemberKey, _ arguments: [Expression], _ range: SourceRange, into wanted: Int?
  ) -> Int {
    let first = lowerRun(arguments)
    let register = wanted ?? builder.allocate()
    let start = emit(.enterKernel, b: functionID(.function(key, patch: nil)).rawValue)
    let absent = newTarget()
    let presence = presence(of: key)
    switch presence {
    case .always: break
    case .never: emitJump(absent)
    case .changing(let module):
      // The kernel's entry finds the call in its table, or nothing.
      let isThere = builder.allocate()
      emit(.moduleIsLive, a: isThere, b: module.rawValue)
      emitBranch(.jumpIfFalse, isThere, to: absent)
    }
    if let traced = traced[key] {
      emit(.callTraced, a: register, b: traced.rawValue, c: first)
    } else {
      emit(.call, a: register, b: functionID(.function(key, patch: nil)).rawValue, c: first)
    }
    if presence != .always {
      let out = newTarget()
      emitJump(out)
      place(absent)
      emitLoad(-Int64(Errno.ENOSYS.rawValue), into: register)
      place(out)
    }
    emit(.leaveKernel, a: register, wide: start)
    return register
  }
}

extension TaskState {
  /// What `t.state` can be.
  static let letters = [runnable, sleeping, uninterruptible, stopped, zombie, gone]
    .map { String($0.letter) }
}

extension Expression {
  var isLiteral: Bool {
    switch kind {
    case .integer, .duration, .boolean, .string: true
    default: false
    }
  }
}

extension Lowering {
  /// The texts between the values, one more than there are values, and the values. A variable of
  /// the matrix is part of the text, spelled as in the row's id.
  func parts(of text: InterpolatedText) -> (pieces: [String], values: [Expression]) {
    var pieces = [""]
    var values: [Expression] = []
    for segment in text.segments {
      switch segment {
      case .text(let text): pieces[pieces.count - 1] += text
      case .expression(let value):
        if let spelled = spelling(value) {
          pieces[pieces.count - 1] += spelled
        } else {
          values.append(value)
          pieces.append("")
        }
      }
    }
    return (pieces, values)
  }

  /// How a value reads that only has a name: a variable of the matrix, an engine.
  func spelling(_ value: Expression) -> String? {
    switch facts.symbols[value.unparenthesised.range] {
    case .axis(let number): row.values.indices.contains(number) ? row.values[number].text : nil
    case .engine(let name): name
    default: nil
    }
  }
}
