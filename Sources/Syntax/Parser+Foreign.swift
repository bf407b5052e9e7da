import Diagnostics

// What other languages write otherwise, and is read here as what was meant.

extension Parser {
  /// `c ? a : b`, of which the lexer has reported the `?`.
  var isAtQuestionMark: Bool {
    at(.bad) && !isAtLineBreak && current.length == 1
      && bytes[Int(current.offset)] == UInt8(ascii: "?")
  }

  /// Takes the rest of it; nothing is known of its value.
  mutating func conditionalOfC(from start: Token) -> Expression {
    advance()
    _ = binary(.or, after: "?")
    if eat(.colon) { _ = expression(after: ":") }
    height = 1
    return Expression(kind: .missing, range: range(from: start))
  }

  /// An error behind `fails`; a string or a `-` is taken for the name that is in it.
  mutating func errorName() -> Name {
    let start = current
    if at(.minus), !isAtLineBreak, peek().kind == .word {
      advance()
      let name = name(of: "an error, such as EAGAIN")
      correct(.errorIsAName(name.text, at: range(from: start)))
      return name
    }
    if let name = numberedError() { return name }
    guard at(.stringOpen), !isAtLineBreak, peek().kind == .text, peek(2).kind == .stringClose else {
      return name(of: "an error, such as EAGAIN")
    }
    let text = text(of: peek())
    _ = string()
    let place = range(from: start)
    correct(.errorIsAName(text, at: place))
    return Name(
      text: text, range: SourceRange(file: file, lower: place.lower + 1, upper: place.upper - 1))
  }

  /// `fails 16`, `fails -16`: the error of that number.
  private mutating func numberedError() -> Name? {
    let start = current
    let number = at(.minus) ? peek() : current
    guard number.kind == .integer, !isAtLineBreak,
      let name = ForeignWords.errorNumbers[text(of: number)]
    else { return nil }
    if at(.minus) { advance() }
    advance()
    let place = range(from: start)
    correct(
      .expectedName(
        of: "an error", found: "`\(String(decoding: bytes[place.bytes], as: UTF8.self))`",
        form: name, at: place))
    return Name(text: name, range: place)
  }

  /// The limit of an `await` that is written without `within`: `timeout 5s`, `for 5s`, `, 5s`.
  mutating func foreignLimit() -> Expression? {
    let isForeign =
      at(.comma) || at(.for) || at(.timeout) || at(.until)
      || at(.word) && ["under", "before", "by", "after", "max"].contains(text(of: current))
    guard isForeign, !isAtLineBreak, !isPanicking, peek().kind == .duration else { return nil }
    correct(.limitWithoutWithin(text(of: current), at: range(of: current)))
    advance()
    return rangeExpression(after: "within")
  }

  /// `await C in 5s`: the condition, and the limit that was read as a part of it.
  mutating func limitBehindIn(_ condition: Expression) -> (Expression, Expression)? {
    switch condition.kind {
    case .unary(.not, let operand):
      guard let (inner, limit) = limitBehindIn(operand) else { return nil }
      return (Expression(kind: .unary(.not, inner), range: condition.range), limit)
    case .binary(let node) where node.operation == .and || node.operation == .or:
      guard let (inner, limit) = limitBehindIn(node.right) else { return nil }
      var node = node
      node.right = inner
      return (Expression(kind: .binary(node), range: condition.range), limit)
    case .binary(let node) where node.operation == .isIn:
      guard case .duration = node.right.kind else { return nil }
      correct(.limitWithoutWithin("in", at: node.operatorRange))
      return (node.left, node.right)
    default: return nil
    }
  }

  /// `spawn(p)`, `spawn [p, p]`; stands at the bracket, with no `of` to come.
  mutating func spawnInBrackets() -> Expression? {
    guard at(.leftParen) || at(.leftBracket), !isAtLineBreak, peek().kind == .word else {
      return nil
    }
    let start = current
    let closing: TokenKind = at(.leftParen) ? .rightParen : .rightBracket
    let inner = peek(2).kind
    guard inner == closing || inner == .comma || inner == .leftParen else { return nil }
    advance()
    let first = programCall()
    var count = 1
    if at(.comma), case .integer(let number) = NumberReading(bytes, peek().bytes),
      peek(2).kind == closing, number > 0, number < 1_000_000
    {
      count = Int(number)
    } else {
      for token in tokens[index...].prefix(200).prefix(while: { $0.kind != closing })
      where token.kind == .comma { count += 1 }
    }
    while !at(closing), !isAtStatementEnd { advance() }
    _ = eat(closing)
    let name = first.program.text
    correct(
      .spawnInBrackets(
        count == 1 ? "spawn \(name)" : "spawn \(count) of \(name)", at: range(from: start)))
    return raised(.spawn(Spawn(count: nil, call: first, cpu: nil)), from: start)
  }

  /// `all(t in list: c)`: the word that was meant.
  var foreignQuantifier: Word? {
    guard peek().kind == .leftParen, peek(2).kind == .word, peek(3).word == .in else { return nil }
    return ForeignWords.quantifiers[text(of: current)]
  }

  /// `x is 1`, `x is not 1`, `a not in b`: takes the words, and says which operator was meant.
  mutating func foreignOperator() -> (operation: BinaryOperator, isNegated: Bool)? {
    guard at(.word), !isAtLineBreak else { return nil }
    let start = current
    if at(.not), peek().word == .in {
      advance()
      advance()
      correct(.foreignNotIn(at: range(from: start)))
      return (.isIn, true)
    }
    guard current.word == nil, !peek().followsLineBreak,
      let (spelling, operation) = ForeignWords.operators[text(of: current)],
      startsOperand(peek())
    else { return nil }
    advance()
    let isNegated = operation == .equal && eat(.not)
    let place = range(from: start)
    correct(
      .foreignSpelling(
        String(decoding: bytes[place.bytes], as: UTF8.self), means: isNegated ? "!=" : spelling,
        at: place))
    return (isNegated ? .notEqual : operation, false)
  }

  /// `f"…"`; stands at the quote, behind the name.
  mutating func prefixedString(_ word: Token) -> Expression? {
    guard at(.stringOpen), !current.followsBlank, word.length <= 2 else { return nil }
    correct(.prefixedString(text(of: word), at: range(of: word)))
    return raised(.string(string()), from: word)
  }
}
