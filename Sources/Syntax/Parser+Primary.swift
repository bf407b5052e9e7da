import Diagnostics

extension Parser {
  /// Whether a token can begin an operand.
  func startsOperand(_ token: Token) -> Bool {
    switch token.kind {
    case .integer, .duration, .stringOpen, .shellOpen, .leftParen, .leftBracket, .minus: return true
    case .word:
      guard let word = token.word, word.isReserved else { return true }
      switch word {
      case .true, .false, .spawn, .wait, .alloc, .not: return true
      default: return false
      }
    default: return false
    }
  }

  mutating func primary(after previous: String?) -> Expression {
    let start = current
    height = 1
    switch start.kind {
    case .integer: return integer()
    case .duration:
      if numbersAsNames.contains(text(of: start)) { silenced.append(range(of: start)) }
      advance()
      guard case .nanoseconds(let value) = NumberReading(bytes, start.bytes) else {
        return raised(.missing, from: start)
      }
      return raised(.duration(nanoseconds: value), from: start)
    case .stringOpen: return raised(.string(string()), from: start)
    case .shellOpen: return raised(.shell(shell()), from: start)
    case .leftParen:
      advance()
      bracketDepth += 1
      let inner = expression(after: "(")
      if at(.comma) { reportTuple(after: previous) }
      close(.rightParen, ")", opened: start)
      bracketDepth -= 1
      return wrap(.parenthesised(inner), from: start)
    case .leftBracket:
      advance()
      let elements = elements(until: .rightBracket, "]", opened: start)
      return wrap(.list(elements), from: start)
    case .word: return wordExpression(after: previous)
    default: return missing(after: previous)
    }
  }

  /// An integer; `5 ms` is read as the duration that was meant.
  private mutating func integer() -> Expression {
    let start = current
    var value: Int64 = 0
    if case .integer(let number) = NumberReading(bytes, start.bytes) {
      value = number
    } else if let form = ForeignNumber.integer(text(of: start)) {
      value = Int64(form.filter { $0 != "_" }) ?? 0
    }
    advance()
    guard at(.word), !isAtLineBreak, current.length <= 12,
      current.word == nil || current.word?.isReserved == false,
      let spelling = Unit.meant(by: text(of: current)),
      let unit = Unit.all.first(where: { $0.spelling == spelling })
    else { return raised(.integer(value), from: start) }
    advance()
    correct(.blankBeforeUnit(text(of: start), unit.spelling, at: range(from: start)))
    let (nanoseconds, _) = value.multipliedReportingOverflow(by: unit.nanoseconds)
    return raised(.duration(nanoseconds: nanoseconds), from: start)
  }

  private mutating func wordExpression(after previous: String?) -> Expression {
    let start = current
    if let meant = foreignQuantifier {
      correct(.foreignSpelling(text(of: start), means: meant.rawValue, at: range(of: start)))
      return quantified(meant)
    }
    if isAtFunctionValue {
      report(.functionValue(text(of: start), at: range(of: start)))
      return raised(.missing, from: start)
    }
    guard let word = start.word else { return reference() }
    switch word {
    case .true, .false:
      advance()
      return raised(.boolean(word == .true), from: start)
    case .spawn: return spawn()
    case .wait: return waiting()
    case .alloc: return allocation()
    case _ where misnamed.contains(word):
      advance()
      return raised(.missing, from: start)
    case _ where word.isReserved: return missing(after: previous)
    default: break
    }
    let next = peek()
    guard next.kind == .leftParen else {
      if word == .count || word == .every || word == .some, isBareQuantifier {
        return bareQuantifier(word.rawValue)
      }
      if word == .has, next.word == .shadow, peek(2).kind == .leftParen {
        advance()
        let shadow = shadowReference()
        return wrap(.hasShadow(shadow), from: start)
      }
      if word == .reap, !next.followsLineBreak, next.isOperandWord {
        advance()
        let child = postfixExpression(after: "reap")
        return wrap(.reap(child), from: start)
      }
      return reference()
    }
    switch word {
    case .count, .every, .some:
      guard peek(2).kind == .word, peek(3).word == .in else { return reference() }
      return quantified(word)
    case .choose:
      advance()
      let options = arguments()
      return wrap(.choose(options), from: start)
    case .shadow:
      let shadow = shadowReference()
      return wrap(.shadow(shadow), from: start)
    case .state, .previousState:
      let id = stateNumber()
      return wrap(word == .state ? .state(id: id) : .previousState(id: id), from: start)
    default: return reference()
    }
  }

  /// `name`, `module::name`, `name@2`.
  private mutating func reference() -> Expression {
    let start = current
    var name = Name(text: text(of: start), range: range(of: start))
    var module: Name?
    advance()
    if let string = prefixedString(start) { return string }
    if at(.doubleColon), !isAtLineBreak {
      advance()
      module = name
      name = self.name(of: "what is in the module")
    }
    let occurrence = occurrence()
    return raised(
      .reference(Reference(module: module, name: name, occurrence: occurrence)), from: start)
  }

  /// `count(t in list: c)`.
  private mutating func quantified(_ word: Word) -> Expression {
    let start = current
    advance()
    let open = current
    marks.tight.append(open.offset)
    advance()
    bracketDepth += 1
    defer { bracketDepth -= 1 }
    let variable = name(of: "a variable")
    expect(.in, "and a list")
    let sequence = expression(after: "in")
    let below = height
    let isAsking = at(.colon)
    let condition = askedCondition(of: word)
    // Of a question that was mended nothing is said but that.
    if !isAsking { excuse(variable.range) }
    close(.rightParen, ")", opened: open)
    height = max(below, height)
    let quantifier: Quantification.Quantifier =
      word == .count ? .count : word == .every ? .every : .some
    return wrap(
      .quantified(
        Quantification(
          quantifier: quantifier, variable: variable, sequence: sequence, condition: condition)),
      from: start)
  }

  private mutating func stateNumber() -> Expression {
    advance()
    let open = current
    marks.tight.append(open.offset)
    advance()
    bracketDepth += 1
    defer { bracketDepth -= 1 }
    let id = expression(after: "(")
    close(.rightParen, ")", opened: open)
    return id
  }
}

extension Token {
  /// A name or a number that nothing could take for an operator.
  fileprivate var isOperandWord: Bool {
    kind == .integer || kind == .word && !(word?.isReserved ?? false)
  }
}
