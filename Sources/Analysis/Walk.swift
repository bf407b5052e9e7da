import Syntax

/// Going through every expression of a body, in written order, the enclosing one first. Nothing is
/// put into lists on the way: the walk goes over the whole of a file more than once.
extension Block {
  func forEachExpression(_ visit: (Expression) -> Void) {
    forEachStatement { statement in
      statement.forEachExpression { $0.forEachPart(visit) }
    }
  }

  /// Every statement of the block and of the blocks in it.
  func forEachStatement(_ visit: (Statement) -> Void) {
    for statement in statements {
      visit(statement)
      statement.forEachBlock { $0.forEachStatement(visit) }
    }
  }
}

extension Statement {
  /// The expressions that stand directly in the statement.
  func forEachExpression(_ visit: (Expression) -> Void) {
    switch kind {
    case .binding(let node): visit(node.value)
    case .variable(let node):
      if let bounds = node.bounds { visit(bounds) }
      visit(node.value)
    case .assignment(let node):
      visit(node.place)
      visit(node.value)
    case .conditional(let node): for branch in node.branches { visit(branch.condition) }
    case .whileLoop(let node): visit(node.condition)
    case .forLoop(let node): visit(node.sequence)
    case .returnValue(let value): if let value { visit(value) }
    case .expression(let node): visit(node.expression)
    case .verb(let node): visit(node.call(at: range))
    case .await(let node):
      visit(node.condition)
      if let limit = node.limit { visit(limit) }
    case .expectLog(let node): visit(node.text)
    case .thread(let call): for argument in call.arguments { visit(argument) }
    case .allocateShadow(let node):
      visit(node.shadow.object)
      if let value = node.value { visit(value) }
    case .dropShadow(.one(let shadow)): visit(shadow.object)
    case .mark(let mark): if let condition = mark.condition { visit(condition) }
    case .question(let node):
      for answer in node.answers { if let condition = answer.condition { visit(condition) } }
    // What is shown of the text is not used by being shown.
    case .show(let node) where node.view.text != "source":
      for subject in node.subjects { visit(subject) }
    default: break
    }
  }

  /// The blocks that belong to the statement, a `def`'s apart.
  func forEachBlock(_ visit: (Block) -> Void) {
    switch kind {
    case .conditional(let node):
      for branch in node.branches { visit(branch.body) }
      if let otherwise = node.otherwise { visit(otherwise) }
    case .whileLoop(let node): visit(node.body)
    case .endlessLoop(let body), .interruptsOff(let body), .bottomHalvesOff(let body),
      .atomic(let body), .fork(let body):
      visit(body)
    case .forLoop(let node): visit(node.body)
    case .onSignal(let node): visit(node.body)
    case .chapter(let node): visit(node.body)
    case .question(let node): if let reveal = node.reveal { visit(reveal) }
    default: break
    }
  }

  var expressions: [Expression] {
    var expressions: [Expression] = []
    forEachExpression { expressions.append($0) }
    return expressions
  }

  var blocks: [Block] {
    var blocks: [Block] = []
    forEachBlock { blocks.append($0) }
    return blocks
  }
}

extension Expression {
  func forEachPart(_ visit: (Expression) -> Void) {
    visit(self)
    forEachChild { $0.forEachPart(visit) }
  }

  func forEachChild(_ visit: (Expression) -> Void) {
    switch kind {
    case .integer, .duration, .boolean, .reference, .missing: break
    case .string(let text), .shell(let text):
      for case .expression(let value) in text.segments { visit(value) }
    case .list(let elements), .choose(let elements): for element in elements { visit(element) }
    case .emptyList(let inner), .member(let inner, _), .unary(_, let inner),
      .parenthesised(let inner), .state(let inner), .previousState(let inner), .reap(let inner):
      visit(inner)
    case .index(let left, let right), .range(let left, let right):
      visit(left)
      visit(right)
    case .call(let callee, let arguments):
      visit(callee)
      for argument in arguments { visit(argument) }
    case .binary(let node):
      visit(node.left)
      visit(node.right)
    case .quantified(let node):
      visit(node.sequence)
      visit(node.condition)
    case .spawn(let node):
      if let count = node.count { visit(count) }
      for argument in node.call.arguments { visit(argument) }
      if let cpu = node.cpu { visit(cpu) }
    case .wait(let node):
      visit(node.queue)
      if let timeout = node.timeout { visit(timeout) }
      if let until = node.until { visit(until) }
    case .allocate(let node): for field in node.fields { visit(field.value) }
    case .shadow(let node), .hasShadow(let node): visit(node.object)
    }
  }

  var children: [Expression] {
    var children: [Expression] = []
    forEachChild { children.append($0) }
    return children
  }
}
