import Diagnostics

// Loops and comprehensions of other languages.

extension Parser {
  /// The heads of loops as C, Go, Python and JavaScript have them; stands behind `for`. What goes
  /// through a list is read as that, the others lose their heads.
  mutating func foreignLoop() -> Statement.Kind? {
    if at(.leftParen), !isAtLineBreak { return loopOfC() }
    guard let joint = joint else { return nil }
    let between = tokens[index..<joint]
    let isPlain = between.count == 1 && tokens[joint].word == .in
    guard !isPlain, !between.isEmpty, joint + 1 < tokens.count else { return nil }
    let isRange = tokens[joint].kind == .assign && isWord("range", joint + 1)
    if tokens[joint].kind == .assign, !isRange { return loopOfC() }
    guard let variable = between.last, variable.kind == .word, variable.word?.isReserved != true
    else { return nil }
    let start = current
    index = joint + (isRange ? 2 : 1)
    let head = range(from: start)
    silenced.append(head)
    let name = Name(text: text(of: variable), range: range(of: variable))
    correct(.loopElsewhere(name.text, hasSeveral: between.contains { $0.kind == .comma }, at: head))
    for token in between where token.kind == .word { excuse(range(of: token)) }
    let sequence = lineExpression(after: "in")
    return .forLoop(ForLoop(variable: name, sequence: sequence, body: block("for")))
  }

  /// What stands between the variable of a loop and its values.
  private var joint: Int? {
    var ahead = index
    while ahead < tokens.count, ahead < index + 12 {
      let token = tokens[ahead]
      if ahead > index, token.followsLineBreak { return nil }
      switch token.kind {
      case .word where token.word == .in || token.word == .of: return ahead
      case .colon, .assign: return ahead
      case .word, .comma: ahead += 1
      default: return nil
      }
    }
    return nil
  }

  private func isWord(_ spelling: String, _ index: Int) -> Bool {
    tokens[index].kind == .word && text(of: tokens[index]) == spelling
  }

  /// `for (i = 0; i < 3; i++) {`, `for i = 0; i < 3; i++ {`, `for (x in list) {`; stands behind
  /// `for`.
  mutating func loopOfC() -> Statement.Kind {
    let start = current
    let hasParentheses = at(.leftParen)
    var name = missingName
    var balance = 0
    repeat {
      if at(.leftParen) { balance += 1 }
      if at(.rightParen) { balance -= 1 }
      let next = peek()
      if at(.word), name.isMissing,
        next.kind == .assign || next.kind == .colon || next.word == .in || next.word == .of
      {
        name = Name(text: text(of: current), range: range(of: current))
      }
      advance()
    } while (hasParentheses ? balance > 0 : !isAtLineBreak) && !at(.leftBrace) && !at(.rightBrace)
      && !at(.endOfFile)
    let head = range(from: start)
    silenced.append(head)
    // It may have been declared before, for a loop of C.
    excuse(name.range)
    correct(.loopOfC(hasParentheses: hasParentheses, at: head))
    if !at(.leftBrace) { isPanicking = true }
    let body = block("for")
    let sequence = Expression(kind: .missing, range: head)
    return .forLoop(ForLoop(variable: name, sequence: sequence, body: body))
  }

  // MARK: Asking lists

  /// `every t in ts: c`, without its parentheses; stands at the word.
  var isBareQuantifier: Bool {
    peek().kind == .word && !peek().followsLineBreak && peek().word?.isReserved != true
      && peek(2).word == .in && !peek(2).followsLineBreak
  }

  mutating func bareQuantifier(_ word: String) -> Expression {
    let start = current
    report(.bareQuantifier(word, at: range(of: start)))
    return Expression(kind: .missing, range: range(of: start))
  }

  /// The `:` between a list and what is asked of its elements, and the condition. `where` and `if`
  /// are read as it; without a condition `count` counts them all.
  mutating func askedCondition(of word: Word) -> Expression {
    let place = range(of: current)
    let context = "before the condition"
    if at(.rightParen) {
      let form = word == .count ? "`: true` before this" : "`: CONDITION` before this"
      correct(.expected("`:`", context: context, found: found, form: form, at: place))
      return Expression(kind: word == .count ? .boolean(true) : .missing, range: place)
    }
    let isMeant =
      at(.if) || at(.comma)
      || at(.word) && ["where", "when", "with", "that"].contains(text(of: current))
    if isMeant, !isPanicking {
      correct(.expected("`:`", context: context, found: found, form: ":", at: place))
      advance()
    } else {
      expect(.colon, ":", context)
    }
    return expression(after: ":")
  }

  /// `[x for x in xs]`, `all(c for t in ts)`: what stands where the bracket should close.
  func comprehension(opened: Token) -> String? {
    let previous = tokens[max(index - 1, 0)]
    if at(.stringOpen), previous.kind == .word, text(of: previous).hasPrefix("KERN_") {
      return "lines of the log have no levels: leave `\(text(of: previous))` out"
    }
    if at(.colon), opened.kind == .leftParen {
      if let word = wordBefore(opened), [.every, .some, .count].contains(word) {
        return "write `\(word.rawValue)(x in LIST: CONDITION)`"
      }
      return "arguments stand in their order, without names"
    }
    if opened.kind == .leftBracket, let word = wordBefore(opened), [.if, .while].contains(word) {
      return "a condition stands without brackets: `\(word.rawValue) A == B { … }`"
    }
    if opened.kind == .leftParen, text(of: previous) == "choose", startsOperand(current) {
      return "write `choose(A, B)`"
    }
    guard at(.for), peek().kind == .word, peek(2).word == .in else { return nil }
    return opened.kind == .leftParen
      ? "write `every(x in LIST: CONDITION)`, `some(…)` or `count(…)`"
      : "go through the list with `for x in LIST { … }`"
  }

  private func wordBefore(_ open: Token) -> Word? {
    var place = index
    while place > 0, tokens[place].offset > open.offset { place -= 1 }
    return place > 0 ? tokens[place - 1].word : nil
  }

  /// Whether the elements of a list go on without a comma: `[1 2]`, `[1; 2]`.
  mutating func eatMissingComma(in closing: TokenKind, opened: Token) -> Bool {
    guard closing == .rightBracket, !isPanicking, !current.followsLineBreak else { return false }
    // The brackets of a condition, as a shell has them.
    if let word = wordBefore(opened), [.if, .while].contains(word) { return false }
    let isSemicolon = at(.semicolon)
    guard isSemicolon ? closesOnThisLine : startsVerbArgument(current) else { return false }
    // One message for a list.
    if listWithoutCommas != opened.offset {
      correct(.missingCommaInList(isSemicolon: isSemicolon, at: range(of: current)))
    }
    listWithoutCommas = opened.offset
    if isSemicolon { advance() }
    return true
  }

  private var closesOnThisLine: Bool {
    var ahead = index
    while ahead < tokens.count, ahead < index + 200 {
      switch tokens[ahead].kind {
      case .rightBracket: return true
      case .leftBracket, .leftBrace, .rightBrace, .endOfFile: return false
      default: if tokens[ahead].followsLineBreak { return false }
      }
      ahead += 1
    }
    return false
  }

  // MARK: Values that there are not

  /// `(1, 2)`: stands at the comma.
  mutating func reportTuple(after previous: String?) {
    let isLimit = previous == "await" && peek().kind == .duration
    report(
      isLimit
        ? .limitWithoutWithin(",", at: range(of: current)) : .tuple(at: range(of: current)))
  }

  /// `{"a": 1}`, `{1, 2}` where a value is expected: what it is taken for, or nil.
  var isAtBracedValues: Bool {
    guard at(.leftBrace), !isAtLineBreak else { return false }
    let next = peek()
    guard !next.followsLineBreak, next.kind != .rightBrace else { return false }
    var ahead = index + 1
    var depth = 0
    while ahead < tokens.count, ahead < index + 200, !tokens[ahead].followsLineBreak {
      switch tokens[ahead].kind {
      case .leftParen, .leftBracket: depth += 1
      case .rightParen, .rightBracket: depth -= 1
      case .comma, .colon: if depth == 0 { return true }
      case .leftBrace, .rightBrace, .semicolon, .endOfFile: return false
      default: break
      }
      ahead += 1
    }
    return false
  }

  /// Reads over it.
  mutating func bracedValues() -> Expression {
    let start = current
    report(.bracedValues(at: range(of: start)))
    repeat { advance() } while !at(.rightBrace) && !at(.endOfFile) && !current.followsLineBreak
    _ = eat(.rightBrace)
    return Expression(kind: .missing, range: range(from: start))
  }

  /// `lambda x: x`, `fn(x) { … }`, `function(x) { … }` where a value stands.
  var isAtFunctionValue: Bool {
    let next = peek()
    guard current.word == nil || at(.fn) || at(.def), !next.followsLineBreak,
      next.kind == .word || next.kind == .colon || next.kind == .leftParen, !goesOnWithName(next),
      ForeignWords.functionWords.contains(text(of: current))
    else { return false }
    if next.kind == .word || next.kind == .colon { return next.word?.isReserved != true }
    // `if fn(x) { … }` calls a function of that name.
    let before = index > 0 ? tokens[index - 1].kind : .endOfFile
    guard before == .assign || before == .leftParen || before == .comma, next.kind == .leftParen,
      let end = endOfParentheses(index + 1)
    else { return false }
    return tokens[end].kind == .leftBrace && !tokens[end].followsLineBreak
  }

  /// Where a `(` that is closed on its line ends: the token behind its `)`.
  func endOfParentheses(_ open: Int) -> Int? {
    var ahead = open
    var depth = 0
    while ahead < tokens.count, ahead < open + 200 {
      switch tokens[ahead].kind {
      case .leftParen: depth += 1
      case .rightParen:
        depth -= 1
        if depth == 0 { return min(ahead + 1, tokens.count - 1) }
      case .endOfFile: return nil
      default: if tokens[ahead].followsLineBreak { return nil }
      }
      ahead += 1
    }
    return nil
  }
}
