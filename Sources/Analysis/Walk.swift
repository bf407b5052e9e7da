import Syntax

/// Going through every expression of a body, in written order, the enclosing one first.
extension Block {
  func forEachExpression(_ visit: (Expression) -> Void) {
    forEachStatement { statement in
      for expression in statement.expressions { expression.forEachPart(visit) }
    }
  }

  /// Every statement of the block and of the blocks in it.
  func forEachStatement(_ visit: (Statement) -> Void) {
    for statement in statements {
      visit(statement)
      for block in statement.blocks { block.forEachStatement(visit) }
    }
  }
}

extension Statement {
  /// The expressions that stand directly in the statement.
  var expressions: [Expression] {
    switch kind {
    case .binding(let node): [node.value]
    case .variable(let node): (node.bounds.map { [$0] } ?? []) + [node.value]
    case .assignment(let node): [node.place, node.value]
    case .conditional(let node): node.branches.map(\.condition)
    case .whileLoop(let node): [node.condition]
    case .forLoop(let node): [node.sequence]
    case .returnValue(let value): value.map { [$0] } ?? []
    case .expression(let node): [node.expression]
    case .verb(let node): [node.call(at: range)]
    case .await(let node): [node.condition] + (node.limit.map { [$0] } ?? [])
    case .expectLog(let node): [node.text]
    case .thread(let call): call.arguments
    case .allocateShadow(let node): [node.shadow.object] + (node.value.map { [$0] } ?? [])
    case .dropShadow(.one(let shadow)): [shadow.object]
    case .mark(let mark): mark.condition.map { [$0] } ?? []
    default: []
    }
  }

  /// The blocks that belong to the statement, a `def`'s apart.
  var blocks: [Block] {
    switch kind {
    case .conditional(let node): node.branches.map(\.body) + (node.otherwise.map { [$0] } ?? [])
    case .whileLoop(let node): [node.body]
    case .endlessLoop(let body), .interruptsOff(let body), .bottomHalvesOff(let body),
      .atomic(let body), .fork(let body):
      [body]
    case .forLoop(let node): [node.body]
    case .onSignal(let node): [node.body]
    case .chapter(let node): [node.body]
    default: []
    }
  }
}

extension Expression {
  func forEachPart(_ visit: (Expression) -> Void) {
    visit(self)
    for child in children { child.forEachPart(visit) }
  }

  var children: [Expression] {
    switch kind {
    case .integer, .duration, .boolean, .reference, .missing: []
    case .string(let text), .shell(let text):
      text.segments.compactMap { if case .expression(let value) = $0 { value } else { nil } }
    case .list(let elements), .choose(let elements): elements
    case .emptyList(let inner), .member(let inner, _), .unary(_, let inner),
      .parenthesised(let inner), .state(let inner), .previousState(let inner), .reap(let inner):
      [inner]
    case .index(let left, let right), .range(let left, let right): [left, right]
    case .call(let callee, let arguments): [callee] + arguments
    case .binary(let node): [node.left, node.right]
    case .quantified(let node): [node.sequence, node.condition]
    case .spawn(let node):
      (node.count.map { [$0] } ?? []) + node.call.arguments + (node.cpu.map { [$0] } ?? [])
    case .wait(let node):
      [node.queue] + (node.timeout.map { [$0] } ?? []) + (node.until.map { [$0] } ?? [])
    case .allocate(let node): node.fields.map(\.value)
    case .shadow(let node), .hasShadow(let node): [node.object]
    }
  }
}
