import Diagnostics

extension Parser {
  /// Whether the word at the beginning of a statement is used as a verb, and not as a name: `timer`
  /// in `timer = 3`, `wake.count` or `state(1) = 2` is a name.
  var isVerbPosition: Bool {
    let next = peek()
    if next.followsLineBreak { return true }
    switch next.kind {
    case .assign, .compoundAssign, .dot, .doubleColon: return false
    case .atSign, .leftBracket: return next.followsBlank
    default: return true
    }
  }

  /// A statement that begins with a word of the language in verb position; nil for the words that
  /// begin expressions or nothing.
  mutating func wordStatement(_ word: Word) -> Statement.Kind? {
    if word.isSimpleVerb { return simpleVerb() }
    let next = peek()
    let nextWord = next.followsLineBreak ? nil : next.word
    switch word {
    case .await: return awaiting()
    case .expect where nextWord == .log:
      advance()
      advance()
      skipFiller(after: .log)
      skipSignAfterLog()
      return .expectLog(ExpectLog(text: lineExpression(after: "expect log")))
    case .irqs where nextWord == .off:
      advance()
      advance()
      return .interruptsOff(block("irqs off"))
    case .bh where nextWord == .off:
      advance()
      advance()
      return .bottomHalvesOff(block("bh off"))
    case .atomic where next.kind == .leftBrace:
      advance()
      return .atomic(block("atomic"))
    case .fork where next.kind == .leftBrace:
      advance()
      return .fork(block("fork"))
    case .safe where nextWord == .point:
      advance()
      advance()
      return .safePoint
    case .on where nextWord == .signal: return signalHandler()
    case .thread where next.kind == .word && !next.followsLineBreak:
      advance()
      return .thread(programCall())
    case .drop where nextWord == .shadow: return dropShadow()
    default: return scenarioStatement(word, next)
    }
  }

  /// The words that begin statements in the body of a scenario or lesson.
  private mutating func scenarioStatement(_ word: Word, _ next: Token) -> Statement.Kind? {
    guard !next.followsLineBreak else { return nil }
    switch word {
    case .machine where next.kind == .leftBrace || next.kind == .word:
      return .machine(machineBlock())
    case .def where next.kind == .word: return .definition(definition())
    case .skip where next.kind == .stringOpen: return mark(.skip)
    case .xfail where next.kind == .stringOpen: return mark(.expectedFailure)
    case .chapter where next.kind == .stringOpen: return chapter()
    case .ask where next.kind == .stringOpen: return question()
    case .show where next.kind == .word: return show()
    default: return nil
    }
  }

  // MARK: Verbs without syntax of their own

  /// verb = word [ expression { "," expression } ] [ failure ]
  mutating func simpleVerb() -> Statement.Kind {
    let verb = Name(text: text(of: current), range: range(of: current))
    let word = current.word
    advance()
    if let word { skipFiller(after: word) }
    let arguments = verbArguments(of: verb.text, word)
    return .verb(VerbStatement(verb: verb, arguments: arguments, failure: expectedFailure()))
  }

  private mutating func verbArguments(of verb: String, _ word: Word?) -> [Expression] {
    if isAtStatementEnd || at(.fails) { return [] }
    if at(.leftParen), parenthesesHoldArguments(word?.namesThings == true) { return arguments() }
    var arguments = [expression(after: verb)]
    while !isAtLineBreak, !isPanicking {
      if eat(.comma) {
        arguments.append(expression(after: ","))
      } else if word == .write, at(.word), text(of: current) == "to", isInsteadOfComma {
        report(
          .fillerMeansAnother("to", after: "write", "write PATH, TEXT", at: range(of: current)))
      } else if word?.takesSeveralArguments == true, isInsteadOfComma {
        correct(.commaWrittenAs(text(of: current), in: verb, at: range(of: current)))
        advance()
        arguments.append(expression(after: ","))
      } else if word?.takesSeveralArguments == true, startsVerbArgument(current) {
        // Read as the argument that it is meant to be, so that nobody misses it later.
        report(.missingComma(between: verb, at: range(of: current)))
        arguments.append(expression(after: ","))
      } else {
        break
      }
    }
    return arguments
  }

  /// `signal STOP to t`, `report "x": 1`.
  private var isInsteadOfComma: Bool {
    guard startsVerbArgument(peek()) else { return false }
    if at(.colon) || at(.assign) { return true }
    return at(.word) && current.word == nil && ["to", "with", "as"].contains(text(of: current))
  }

  /// True for `write("path", "1")`: parentheses around all arguments, with a comma between, and for
  /// `check()`, which calls a function of that name. One pair around one argument belongs to the
  /// expression, but for verbs that take no expressions: `lock(table)`.
  private func parenthesesHoldArguments(_ namesThings: Bool) -> Bool {
    var depth = 0
    var hasComma = namesThings
    var ahead = index
    while ahead < tokens.count {
      switch tokens[ahead].kind {
      case .leftParen, .leftBracket, .leftBrace: depth += 1
      case .rightParen, .rightBracket, .rightBrace:
        depth -= 1
        if ahead == index + 1 { hasComma = true }
      case .comma: if depth == 1 { hasComma = true }
      case .semicolon: if depth == 1 { return false }
      case .endOfFile: return false
      default: break
      }
      ahead += 1
      if depth == 0 { break }
    }
    guard hasComma, ahead < tokens.count else { return false }
    let next = tokens[ahead]
    switch next.kind {
    case .semicolon, .rightBrace, .endOfFile: return true
    default: return next.followsLineBreak || next.word == .fails
    }
  }

  /// What can begin the first argument of a verb that is not known: a name or a literal. Brackets
  /// and signs continue an expression instead.
  func startsVerbArgument(_ token: Token) -> Bool {
    guard !token.followsLineBreak else { return false }
    switch token.kind {
    case .leftParen, .leftBracket, .minus: return false
    default: return token.word != .fails && startsOperand(token)
    }
  }

  /// failure = "fails" name { "or" name }
  mutating func expectedFailure() -> ExpectedFailure? {
    let start = current
    guard eat(.fails) else { return nil }
    var errors = [errorName()]
    while eat(.or) || eatForeignOr() { errors.append(errorName()) }
    return ExpectedFailure(errors: errors, range: range(from: start))
  }

  // MARK: Verbs with syntax of their own

  private mutating func awaiting() -> Statement.Kind {
    advance()
    skipFiller(after: .await)
    var condition = lineExpression(after: "await")
    var limit = eat(.within) ? rangeExpression(after: "within") : foreignLimit()
    if limit == nil, let (left, right) = limitBehindIn(condition) {
      condition = left
      limit = right
    }
    return .await(Await(condition: condition, limit: limit))
  }

  private mutating func signalHandler() -> Statement.Kind {
    advance()
    advance()
    let signal = name(of: "a signal")
    return .onSignal(SignalHandler(signal: signal, body: block("on signal")))
  }

  private mutating func mark(_ kind: Mark.Kind) -> Statement.Kind {
    advance()
    let reason = textLiteral("the reason")
    let condition = eat(.if) ? lineExpression(after: "if") : nil
    return .mark(Mark(kind: kind, reason: reason, condition: condition))
  }

  /// `drop shadow(o, extra)`, `drop shadow extra`.
  private mutating func dropShadow() -> Statement.Kind {
    advance()
    if peek().kind == .leftParen { return .dropShadow(.one(shadowReference())) }
    advance()
    return .dropShadow(.all(name(of: "a shadow variable")))
  }

  /// `server(80)`; parentheses may be left out when there are no arguments.
  mutating func programCall() -> ProgramCall {
    let start = current
    let program = name(of: "a program")
    let arguments = at(.leftParen) && !isAtLineBreak ? arguments() : []
    return ProgramCall(program: program, arguments: arguments, range: range(from: start))
  }
}
