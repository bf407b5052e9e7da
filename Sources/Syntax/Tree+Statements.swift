import Diagnostics

/// `{ … }`; the range takes in both braces.
package struct Block: Hashable, Sendable {
  package var statements: [Statement]
  package var range: SourceRange
}

/// One statement of any body. Which statement may stand in which context is not known here.
package struct Statement: Hashable, Sendable {
  package var kind: Kind
  package var range: SourceRange

  package indirect enum Kind: Hashable, Sendable {
    /// `let t = spawn server`.
    case binding(Binding)
    /// `var got in 0..7 = 0`.
    case variable(VariableDeclaration)
    /// `place = value`; the place is any expression, its kind is checked later.
    case assignment(Assignment)
    case conditional(Conditional)
    /// `while c { … }`.
    case whileLoop(WhileLoop)
    /// `loop { … }`: for ever, or until `break`, `return`, `exit`.
    case endlessLoop(Block)
    /// `for x in list { … }`.
    case forLoop(ForLoop)
    case breakLoop
    case continueLoop
    /// `return` or `return value`.
    case returnValue(Expression?)
    /// A call, `cat("…") fails ENOENT`, `$ …`, a bare `spawn`, `wait` or `alloc`.
    case expression(ExpressionStatement)
    /// A word and its arguments: `signal STOP, servers`.
    case verb(VerbStatement)
    /// `await c within 4s`.
    case await(Await)
    /// `expect log "kgr succeeded"`.
    case expectLog(ExpectLog)
    /// `irqs off { … }`.
    case interruptsOff(Block)
    /// `bh off { … }`.
    case bottomHalvesOff(Block)
    /// `atomic { … }`.
    case atomic(Block)
    /// `fork { … }`.
    case fork(Block)
    /// `thread worker(1)`.
    case thread(ProgramCall)
    /// `on signal USR1 { … }`.
    case onSignal(SignalHandler)
    /// `safe point`.
    case safePoint
    /// `alloc shadow(o, extra) = 1`.
    case allocateShadow(ShadowAllocation)
    /// `drop shadow(o, extra)`, or `drop shadow extra` for those of all objects.
    case dropShadow(ShadowDrop)
    /// `machine { … }` in a scenario.
    case machine(MachineBlock)
    /// `def` in a scenario or at a prompt.
    case definition(Definition)
    /// `skip "reason" if c`, `xfail "reason"`.
    case mark(Mark)
    /// `chapter "title" { … }` of a lesson.
    case chapter(Chapter)
    /// `ask "question" { … }` of a lesson.
    case question(Question)
    /// `show source check_frame` of a lesson.
    case show(Show)
  }
}

package struct Binding: Hashable, Sendable {
  package var name: Name
  package var value: Expression
}

package struct Assignment: Hashable, Sendable {
  package var place: Expression
  package var value: Expression
}

/// `if a { … } else if b { … } else { … }`, flat however long the chain is.
package struct Conditional: Hashable, Sendable {
  package struct Branch: Hashable, Sendable {
    package var condition: Expression
    package var body: Block
  }

  package var branches: [Branch]
  package var otherwise: Block?
}

package struct WhileLoop: Hashable, Sendable {
  package var condition: Expression
  package var body: Block
}

package struct ForLoop: Hashable, Sendable {
  package var variable: Name
  package var sequence: Expression
  package var body: Block
}

package struct ExpressionStatement: Hashable, Sendable {
  package var expression: Expression
  package var failure: ExpectedFailure?
}

/// A word and its arguments. The word may be one that no table knows yet: hosts add verbs.
package struct VerbStatement: Hashable, Sendable {
  package var verb: Name
  package var arguments: [Expression]
  package var failure: ExpectedFailure?
}

extension VerbStatement {
  /// The statement as a call, which it is when its word names a function: `check(length)`.
  package func call(at range: SourceRange) -> Expression {
    let callee = Reference(module: nil, name: verb, occurrence: nil)
    return Expression(
      kind: .call(Expression(kind: .reference(callee), range: verb.range), arguments),
      range: range)
  }
}

/// `fails EAGAIN or EBUSY` after a verb.
package struct ExpectedFailure: Hashable, Sendable {
  package var errors: [Name]
  package var range: SourceRange
}

package struct Await: Hashable, Sendable {
  package var condition: Expression
  package var limit: Expression?
}

package struct ExpectLog: Hashable, Sendable {
  package var text: Expression
}

package struct SignalHandler: Hashable, Sendable {
  package var signal: Name
  package var body: Block
}

package struct ShadowAllocation: Hashable, Sendable {
  package var shadow: ShadowReference
  package var value: Expression?
}

package enum ShadowDrop: Hashable, Sendable {
  case one(ShadowReference)
  case all(Name)
}

package struct Mark: Hashable, Sendable {
  package enum Kind: Hashable, Sendable { case skip, expectedFailure }

  package var kind: Kind
  package var reason: TextLiteral
  package var condition: Expression?
}

package struct Chapter: Hashable, Sendable {
  package var title: TextLiteral
  package var body: Block
}

/// `ask "question" { right "a" if C because "…"; wrong "b"; hint "…"; reveal { … } }`.
package struct Question: Hashable, Sendable {
  package struct Answer: Hashable, Sendable {
    package var isRight: Bool
    package var text: TextLiteral
    /// What must hold of the machine if it is right, and must not if it is wrong.
    package var condition: Expression?
    package var explanation: TextLiteral?
    package var range: SourceRange
  }

  package var text: TextLiteral
  package var answers: [Answer]
  /// From the gentlest to the plainest, as written.
  package var hints: [TextLiteral]
  /// What happens between the question and its answers.
  package var reveal: Block?
}

/// `show timeline`, `show tasks`, `show source check_frame`.
package struct Show: Hashable, Sendable {
  package var view: Name
  package var subjects: [Expression]
}
