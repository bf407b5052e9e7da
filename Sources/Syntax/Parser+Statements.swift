import Diagnostics

extension Parser {
  /// block = "{" { statement } "}"
  mutating func block(_ what: String) -> Block {
    var statements: [Statement] = []
    let range = braced(what, endsAt: .bodyless) { parser in
      if let statement = parser.statement() { statements.append(statement) }
      parser.endStatement("statement")
    }
    return Block(statements: statements, range: range ?? missingName.range)
  }

  mutating func statement() -> Statement? {
    let start = current
    guard let kind = statementKind() else { return nil }
    return Statement(kind: kind, range: range(from: start))
  }

  private mutating func statementKind() -> Statement.Kind? {
    mendStatementWord()
    guard let word = current.word else { return otherStatement() }
    switch word {
    case .let: return binding()
    case .var: return .variable(variable())
    case .if: return conditional()
    case .while:
      advance()
      let condition = lineExpression(after: "while")
      return .whileLoop(WhileLoop(condition: condition, body: block("while")))
    case .loop:
      advance()
      return .endlessLoop(block("loop"))
    case .for: return forLoop()
    case .break:
      advance()
      return .breakLoop
    case .continue:
      advance()
      return .continueLoop
    case .return:
      advance()
      return .returnValue(isAtStatementEnd ? nil : expression(after: "return"))
    case .alloc where peek().word == .shadow && peek(2).kind == .leftParen:
      return shadowAllocation()
    default:
      if isVerbPosition, let kind = wordStatement(word) { return kind }
      return otherStatement()
    }
  }

  private mutating func binding() -> Statement.Kind {
    let start = current
    advance()
    reportSeveralNames(after: "let")
    let (name, isMutable) = declaredName(of: "a value")
    reportSeveralNames(after: "let")
    expectAssign("after the name")
    let value = lineExpression(after: "=")
    guard isMutable else { return .binding(Binding(name: name, value: value)) }
    return .variable(
      VariableDeclaration(name: name, bounds: nil, value: value, range: range(from: start)))
  }

  /// if = "if" expression block { "else" "if" expression block } [ "else" block ]
  private mutating func conditional() -> Statement.Kind {
    var branches: [Conditional.Branch] = []
    var otherwise: Block?
    repeat {
      advance()
      let condition = lineExpression(after: "if")
      branches.append(Conditional.Branch(condition: condition, body: block("if")))
      guard at(.else), !isPanicking else { break }
      advance()
      if !at(.if) {
        otherwise = block("else")
        break
      }
    } while true
    return .conditional(Conditional(branches: branches, otherwise: otherwise))
  }

  private mutating func forLoop() -> Statement.Kind {
    advance()
    if let loop = foreignLoop() { return loop }
    let variable = name(of: "a variable")
    expectIn("and what to go through")
    let sequence = lineExpression(after: "in")
    return .forLoop(ForLoop(variable: variable, sequence: sequence, body: block("for")))
  }

  /// An assignment, a value, or a verb that the language does not know.
  private mutating func otherStatement() -> Statement.Kind? {
    if reportedNestedDeclaration() { return nil }
    if startsFunction {
      report(
        .misplacedMember(
          "a function", belongs: "a `kernel`, a `module` or a `patch`", at: range(of: current)))
      skipStatement()
      return nil
    }
    if at(.word), current.word?.isReserved != true, isVerbPosition {
      if reportedAsIncomplete() { return nil }
      if startsVerbArgument(peek()) { return unknownVerb() }
    }
    let value = expression(after: nil)
    guard at(.assign), !isAtLineBreak else {
      return .expression(ExpressionStatement(expression: value, failure: expectedFailure()))
    }
    if !isPlace(value) { report(.cannotAssign(at: value.range)) }
    if current.length == 2 { reportColonEquals(value) }
    advance()
    return .assignment(Assignment(place: value, value: lineExpression(after: "=")))
  }

  private func isPlace(_ value: Expression) -> Bool {
    switch value.kind {
    case .reference, .member, .index, .shadow, .state, .missing: true
    default: false
    }
  }

  /// A word with arguments that is not the language's: a host's verb, or a slip of the pen. It is
  /// taken for a slip when it reads badly as a verb and resembles a word that begins a statement.
  private mutating func unknownVerb() -> Statement.Kind? {
    let before = self
    let token = current
    let verb = simpleVerb()
    guard isPanicking || !isAtStatementEnd else { return verb }
    let word = text(of: token)
    let form = ForeignWords.verbs[word]
    let near = form == nil ? nearest(to: word, among: Self.statementWords) : nil
    // A message that is in place says more than one about the word.
    guard near != nil || form != nil || !isPanicking else { return verb }
    self = before
    report(
      form.map { .incompleteStatement(word, form: $0, at: range(of: token)) }
        ?? .unknownStatement(word, near: near, at: range(of: token)))
    skipStatement()
    return nil
  }

  private static let statementWords: [String] =
    ["let", "var", "if", "while", "loop", "for", "return", "wait", "spawn", "alloc"]
    + WordGroup.operatorVerbs.spellings + WordGroup.userVerbs.spellings
    + WordGroup.kernelVerbs.spellings + WordGroup.lessonVerbs.spellings
}
