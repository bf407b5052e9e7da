import Diagnostics

// Expressions that do something: `spawn`, `wait`, `alloc`, and shadow variables.

extension Parser {
  /// spawn = "spawn" [ sum "of" ] name [ "(" arguments ")" ] [ "on" "cpu" sum ]
  mutating func spawn() -> Expression {
    let start = current
    advance()
    skipFiller(after: .spawn)
    var highest = 1
    var count: Expression?
    if !isFollowedByOf, let spawned = spawnInBrackets() { return spawned }
    if hasCount {
      count = sumExpression(after: "spawn")
      highest = height
      expect(.of, "after how many", help: "several tasks of one program: `spawn 2 of PROGRAM`")
    }
    let call = programCall()
    highest = max(highest, height)
    let cpu = onCPU()
    height = max(highest, height)
    return wrap(.spawn(Spawn(count: count, call: call, cpu: cpu)), from: start)
  }

  /// Whether what follows `spawn` is a number of tasks: anything but a name, or a name before which
  /// an `of` is still to come.
  private var hasCount: Bool {
    guard !isAtLineBreak else { return false }
    return at(.word) ? isFollowedByOf : startsOperand(current)
  }

  /// `spawn n of p`, `spawn 2 * n of p`, `spawn p(x)`: looks for `of` before the statement ends.
  private var isFollowedByOf: Bool {
    var ahead = index
    var brackets = 0
    while ahead < tokens.count, ahead < index + 256 {
      let token = tokens[ahead]
      if brackets == 0, ahead > index, token.followsLineBreak { return false }
      switch token.kind {
      case .leftParen, .leftBracket: brackets += 1
      case .rightParen, .rightBracket:
        if brackets == 0 { return false }
        brackets -= 1
      case .comma: if brackets == 0 { return false }
      case .leftBrace, .rightBrace, .semicolon: if brackets == 0 { return false }
      case .endOfFile: return false
      default: if brackets == 0, ahead > index, token.word == .of { return true }
      }
      ahead += 1
    }
    return false
  }

  /// wait = "wait" postfix [ mode ] [ "timeout" sum ] [ "until" expression ]
  mutating func waiting() -> Expression {
    let start = current
    advance()
    if at(.until), startsOperand(peek()), !isAtLineBreak {
      report(.waitWithoutQueue(isInKernel: memberListDepth > 0, at: range(of: current)))
    } else if at(.duration), memberListDepth > 0, !isAtLineBreak {
      report(.waitOfDuration(text(of: current), at: range(of: current)))
    } else if at(.for), peek().word == .not, !isAtLineBreak {
      report(
        .waitWithoutQueue(
          found: "`not`", isInKernel: memberListDepth > 0, at: range(of: current)))
    }
    skipFiller(after: .wait)
    var queue = postfixExpression(after: "wait")
    // `wait(q)`, as a call is written elsewhere.
    if case .parenthesised(let inner) = queue.kind { queue = inner }
    var highest = height
    var wait = Wait(queue: queue, mode: .interruptible)
    if let mode = waitMode, !isAtLineBreak {
      wait.mode = mode
      advance()
    }
    if eat(.timeout) {
      wait.timeout = sumExpression(after: "timeout")
      highest = max(highest, height)
    }
    if eat(.until) {
      wait.until = lineExpression(after: "until")
      highest = max(highest, height)
    }
    height = highest
    return wrap(.wait(wait), from: start)
  }

  private var waitMode: Wait.Mode? {
    switch current.word {
    case .interruptible: .interruptible
    case .uninterruptible: .uninterruptible
    case .killable: .killable
    case .freezable: .freezable
    default: nil
    }
  }

  /// allocation = "alloc" name [ "{" { name "=" expression } "}" ]
  mutating func allocation() -> Expression {
    let start = current
    advance()
    let record = name(of: "a record")
    var fields: [Allocation.Field] = []
    var highest = 1
    if at(.leftBrace), !isAtLineBreak {
      marks.fieldLists.append(current.offset)
      _ = braced("alloc", endsAt: .function) { parser in
        fields.append(parser.initialisedField())
        highest = max(highest, parser.height)
        if !parser.eat(.comma) { parser.endStatement("field") }
      }
    }
    height = highest
    return wrap(.allocate(Allocation(record: record, fields: fields)), from: start)
  }

  private mutating func initialisedField() -> Allocation.Field {
    let start = current
    let name = nameOnAnyLine(of: "a field")
    expectAssign("after the name of a field")
    let value = lineExpression(after: "=")
    return Allocation.Field(name: name, value: value, range: range(from: start))
  }

  /// `shadow(o, extra)`; stands at the word.
  mutating func shadowReference() -> ShadowReference {
    let start = current
    advance()
    let open = current
    marks.tight.append(open.offset)
    expect(.leftParen, "(", "after `shadow`")
    bracketDepth += 1
    defer { bracketDepth -= 1 }
    let object = expression(after: "(")
    expect(.comma, ",", "and the name of a shadow variable")
    let variable = name(of: "a shadow variable")
    close(.rightParen, ")", opened: open)
    return ShadowReference(object: object, variable: variable, range: range(from: start))
  }

  /// `alloc shadow(o, extra) = v`; stands at `alloc`.
  mutating func shadowAllocation() -> Statement.Kind {
    advance()
    let shadow = shadowReference()
    var value: Expression?
    if at(.assign), !isAtLineBreak {
      advance()
      value = lineExpression(after: "=")
    }
    return .allocateShadow(ShadowAllocation(shadow: shadow, value: value))
  }
}
