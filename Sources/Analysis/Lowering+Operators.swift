import Machine
import Syntax

/// Operators, comprehensions, and conditions that only steer a jump.
extension Lowering {
  func emitBinary(_ node: BinaryOperation, into wanted: Int?) -> Int {
    switch node.operation {
    case .and, .or: return emitShortCircuit(node, into: wanted)
    case .isIn: return emitContainment(node, into: wanted)
    case .add:
      if let small = smallConstant(node.right) { return emitAdd(node.left, small, into: wanted) }
      if let small = smallConstant(node.left) { return emitAdd(node.right, small, into: wanted) }
    case .subtract:
      if let small = smallConstant(node.right) { return emitAdd(node.left, -small, into: wanted) }
    default: break
    }
    let left = lower(node.left)
    let right = lower(node.right)
    let register = wanted ?? builder.allocate()
    switch node.operation {
    case .add: emit(.add, a: register, b: left, c: right)
    case .subtract: emit(.subtract, a: register, b: left, c: right)
    case .multiply: emit(.multiply, a: register, b: left, c: right)
    case .divide: emit(.divide, a: register, b: left, c: right)
    case .remainder: emit(.remainder, a: register, b: left, c: right)
    case .equal: emit(.equal, a: register, b: left, c: right)
    case .notEqual: emit(.notEqual, a: register, b: left, c: right)
    case .less: emit(.less, a: register, b: left, c: right)
    case .lessOrEqual: emit(.lessOrEqual, a: register, b: left, c: right)
    case .greater: emit(.less, a: register, b: right, c: left)
    case .greaterOrEqual: emit(.lessOrEqual, a: register, b: right, c: left)
    case .and, .or, .isIn: break
    }
    return register
  }

  /// A constant that `addImmediate` has room for, with either sign.
  private func smallConstant(_ expression: Expression) -> Int? {
    guard captures == nil, let value = compileTime.value(of: expression), value.magnitude < 32_768
    else { return nil }
    return Int(value)
  }

  private func emitAdd(_ operand: Expression, _ small: Int, into wanted: Int?) -> Int {
    let value = lower(operand)
    let register = wanted ?? builder.allocate()
    emit(.addImmediate, a: register, b: value, c: Int(UInt16(bitPattern: Int16(small))))
    return register
  }

  /// The right side is evaluated only when the left one leaves the answer open.
  private func emitShortCircuit(_ node: BinaryOperation, into wanted: Int?) -> Int {
    let end = newTarget()
    // Not into `wanted` directly: the right side may still read what it holds.
    let register = builder.allocate()
    let left = lower(node.left)
    emit(.move, a: register, b: left)
    let skip = newTarget()
    emitBranch(node.operation == .and ? .jumpIfFalse : .jumpIfTrue, register, to: skip)
    let known = captures?.count ?? 0
    let right = lower(node.right)
    emit(.move, a: register, b: right)
    if marksSkipped, let captured = captures?[known...], !captured.isEmpty {
      emitJump(end)
      place(skip)
      for capture in captured {
        emitLoad(Int64(bitPattern: Machine.notEvaluated), into: capture.register)
      }
    } else {
      place(skip)
    }
    place(end)
    guard let wanted else { return register }
    emit(.move, a: wanted, b: register)
    return wanted
  }

  private func emitContainment(_ node: BinaryOperation, into wanted: Int?) -> Int {
    if facts.kind(at: node.right.range) == .string {
      let needle = lower(node.left)
      let hay = lower(node.right)
      let register = wanted ?? builder.allocate()
      emit(.textContains, a: register, b: needle, c: hay)
      return register
    }
    if case .range(let low, let high) = node.right.unparenthesised.kind {
      return emitWithin(node.left, low, high, into: wanted)
    }
    let element = lower(node.left)
    let list = lower(node.right)
    let register = wanted ?? builder.allocate()
    let end = newTarget()
    let next = newTarget()
    emitLoad(0, into: register)
    emitElements(of: list, next: next, end: end) { candidate in
      let isEqual = self.builder.allocate()
      self.emit(.equal, a: isEqual, b: candidate, c: element)
      self.emitBranch(.jumpIfFalse, isEqual, to: next)
      self.emitLoad(1, into: register)
      self.emitJump(end)
    }
    return register
  }

  private func emitWithin(
    _ element: Expression, _ low: Expression, _ high: Expression, into wanted: Int?
  ) -> Int {
    let value = lower(element)
    let first = lower(low)
    let last = lower(high)
    let register = wanted ?? builder.allocate()
    let above = builder.allocate()
    let below = builder.allocate()
    let end = newTarget()
    emit(.lessOrEqual, a: above, b: first, c: value)
    emit(.lessOrEqual, a: below, b: value, c: last)
    emit(.move, a: register, b: above)
    emitBranch(.jumpIfFalse, above, to: end)
    emit(.move, a: register, b: below)
    place(end)
    return register
  }

  /// A loop over a list: `body` gets the register of the element, goes on by jumping to `next`, and
  /// leaves by jumping to `end`.
  func emitElements(
    of list: Int, next: FunctionBuilder.Target, end: FunctionBuilder.Target,
    element: Int? = nil, _ body: (Int) -> Void
  ) {
    let count = builder.allocate()
    let position = builder.allocate()
    let element = element ?? builder.allocate()
    let top = newTarget()
    emit(.listCount, a: count, b: list)
    emitLoad(0, into: position)
    emitBranch(.jumpIfNotLess, position, count, to: end)
    place(top)
    emit(.listElement, a: element, b: list, c: position)
    body(element)
    place(next)
    emitBranch(.countUp, position, count, to: top)
    place(end)
  }

  func emitQuantified(_ node: Quantification, into wanted: Int?) -> Int {
    let list = lower(node.sequence)
    let register = builder.allocate()
    let next = newTarget()
    let end = newTarget()
    let outer = captures
    // One element's values say little: only the whole is shown.
    captures = nil
    emitLoad(node.quantifier == .every ? 1 : 0, into: register)
    let first = program.instructions.count
    var elementAddress = first
    emitElements(of: list, next: next, end: end) { element in
      elementAddress = self.program.instructions.count - 1
      if let id = self.facts.localAt[node.variable.range] { self.builder.locals[id] = element }
      let holds = self.lower(node.condition)
      switch node.quantifier {
      case .count:
        self.emitBranch(.jumpIfFalse, holds, to: next)
        self.emit(.addImmediate, a: register, b: register, c: 1)
      case .some:
        self.emitBranch(.jumpIfFalse, holds, to: next)
        self.emitLoad(1, into: register)
        self.emitJump(end)
      case .every:
        self.emitBranch(.jumpIfTrue, holds, to: next)
        self.emitLoad(0, into: register)
        self.emitJump(end)
      }
    }
    captures = outer
    program.quantifiers.append(
      Quantifier(range: first..<program.instructions.count, element: elementAddress))
    let result = wanted ?? builder.allocate()
    emit(.move, a: result, b: register)
    return result
  }

  // MARK: Conditions that steer

  /// Goes to `target` when the condition has the value `whenTrue`, and on otherwise.
  func emitBranch(
    on condition: Expression, whenTrue: Bool, to target: FunctionBuilder.Target
  ) {
    at(condition.range) {
      switch condition.kind {
      case .parenthesised(let inner): emitBranch(on: inner, whenTrue: whenTrue, to: target)
      case .unary(.not, let inner): emitBranch(on: inner, whenTrue: !whenTrue, to: target)
      case .boolean(let value):
        if value == whenTrue { emitJump(target) }
      case .binary(let node) where node.operation == .and || node.operation == .or:
        emitBranch(onLogical: node, whenTrue: whenTrue, to: target)
      case .binary(let node) where node.operation.isOrdering:
        emitBranch(onOrdering: node, whenTrue: whenTrue, to: target)
      default:
        let register = lower(condition)
        emitBranch(whenTrue ? .jumpIfTrue : .jumpIfFalse, register, to: target)
      }
    }
  }

  private func emitBranch(
    onLogical node: BinaryOperation, whenTrue: Bool, to target: FunctionBuilder.Target
  ) {
    // `a and b` is false as soon as one is; `a or b` is true as soon as one is.
    if (node.operation == .or) == whenTrue {
      emitBranch(on: node.left, whenTrue: whenTrue, to: target)
      emitBranch(on: node.right, whenTrue: whenTrue, to: target)
    } else {
      let end = newTarget()
      emitBranch(on: node.left, whenTrue: !whenTrue, to: end)
      emitBranch(on: node.right, whenTrue: whenTrue, to: target)
      place(end)
    }
  }

  private func emitBranch(
    onOrdering node: BinaryOperation, whenTrue: Bool, to target: FunctionBuilder.Target
  ) {
    let left = hoisted(node.left) ?? lower(node.left)
    let right = hoisted(node.right) ?? lower(node.right)
    switch (node.operation, whenTrue) {
    case (.less, true), (.greaterOrEqual, false):
      emitBranch(.jumpIfLess, left, right, to: target)
    case (.less, false), (.greaterOrEqual, true):
      emitBranch(.jumpIfNotLess, left, right, to: target)
    case (.greater, true), (.lessOrEqual, false):
      emitBranch(.jumpIfLess, right, left, to: target)
    default:
      emitBranch(.jumpIfNotLess, right, left, to: target)
    }
  }

  func hoisted(_ expression: Expression) -> Int? { hoistedConstants[expression.range] }

  /// Loads the constants that a loop's condition compares with before the loop, once.
  func hoistConstants(of condition: Expression) {
    guard case .binary(let node) = condition.unparenthesised.kind else { return }
    if node.operation == .and || node.operation == .or {
      hoistConstants(of: node.left)
      hoistConstants(of: node.right)
      return
    }
    guard node.operation.isOrdering else { return }
    for operand in [node.left, node.right] {
      guard let value = compileTime.value(of: operand) else { continue }
      let register = builder.allocate()
      emitLoad(value, into: register)
      hoistedConstants[operand.range] = register
    }
  }
}

extension BinaryOperator {
  var isOrdering: Bool {
    switch self {
    case .less, .lessOrEqual, .greater, .greaterOrEqual: true
    default: false
    }
  }
}

extension Expression {
  var unparenthesised: Expression {
    if case .parenthesised(let inner) = kind { inner.unparenthesised } else { self }
  }
}
