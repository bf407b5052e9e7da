import Diagnostics

/// How tightly operators bind; a higher number binds more.
///
///     or  <  and  <  not  <  == != < <= > >= in  <  ..  <  + -  <  * / %  <  sign  <  . ( ) [ ]
///
/// Comparisons and ranges do not chain.
enum Precedence: Int, Comparable {
  case or, and, not, comparison, range, sum, product, sign

  static func < (left: Precedence, right: Precedence) -> Bool { left.rawValue < right.rawValue }

  /// What the right operand of a left-associative operator must bind tighter than.
  var next: Precedence { Precedence(rawValue: rawValue + 1) ?? .sign }
}

extension Parser {
  /// An expression. `previous` is the word or sign before it, for the message when it is missing.
  mutating func expression(after previous: String?) -> Expression {
    let start = current
    let value = binary(.or, after: previous)
    return isAtQuestionMark ? conditionalOfC(from: start) : value
  }

  /// An expression that must begin on this line.
  mutating func lineExpression(after previous: String) -> Expression {
    isAtLineBreak ? missing(after: previous) : expression(after: previous)
  }

  /// An expression without comparisons: `a..b`, or simpler. It leaves `in`, `=` and what follows.
  mutating func rangeExpression(after previous: String) -> Expression {
    isAtLineBreak ? missing(after: previous) : binary(.range, after: previous)
  }

  /// A number, a duration, or what is computed from them.
  mutating func sumExpression(after previous: String) -> Expression {
    isAtLineBreak ? missing(after: previous) : binary(.sum, after: previous)
  }

  /// A name with what follows it closely.
  mutating func postfixExpression(after previous: String) -> Expression {
    isAtLineBreak ? missing(after: previous) : postfix(after: previous)
  }

  mutating func missing(after previous: String?) -> Expression {
    if at(.rightParen) || at(.rightBracket), bracketDepth == 0 {
      report(.unexpectedClosing(text(of: current), at: range(of: current)))
    } else if let previous {
      if isAtBracedValues { return bracedValues() }
      report(
        .expectedExpression(
          after: previous, found: found, help: adviceOnOperand(after: previous), at: placeOfMissing)
      )
    } else {
      let help = ForeignWords.beginnings[text(of: current)]
      report(.expectedStatement(found: foundHere, help: help, at: range(of: current)))
    }
    height = 1
    return hole
  }

  /// Stands for an expression that could not be read.
  private var hole: Expression { Expression(kind: .missing, range: missingName.range) }

  private struct Operator {
    var precedence: Precedence
    /// Nil for `..`.
    var operation: BinaryOperator?
  }

  /// The binary operator at the current token, if it goes on with what stands before.
  private var binaryOperator: Operator? {
    guard !isAtLineBreak else { return nil }
    switch current.kind {
    case .word:
      switch current.word {
      case .or where !isAtCommandJoin: return Operator(precedence: .or, operation: .or)
      case .and where !isAtCommandJoin: return Operator(precedence: .and, operation: .and)
      case .in: return Operator(precedence: .comparison, operation: .isIn)
      default: return nil
      }
    case .equal: return Operator(precedence: .comparison, operation: .equal)
    case .notEqual: return Operator(precedence: .comparison, operation: .notEqual)
    case .less: return Operator(precedence: .comparison, operation: .less)
    case .lessOrEqual: return Operator(precedence: .comparison, operation: .lessOrEqual)
    case .greater: return Operator(precedence: .comparison, operation: .greater)
    case .greaterOrEqual: return Operator(precedence: .comparison, operation: .greaterOrEqual)
    case .dotDot: return Operator(precedence: .range, operation: nil)
    case .plus: return Operator(precedence: .sum, operation: .add)
    case .minus: return Operator(precedence: .sum, operation: .subtract)
    case .star: return Operator(precedence: .product, operation: .multiply)
    case .slash: return Operator(precedence: .product, operation: .divide)
    case .percent: return Operator(precedence: .product, operation: .remainder)
    default: return nil
    }
  }

  mutating func binary(_ minimum: Precedence, after previous: String?) -> Expression {
    let hole = hole
    return nested(or: hole) { parser in
      parser.binaryChain(minimum, after: previous)
    }
  }

  private mutating func binaryChain(_ minimum: Precedence, after previous: String?) -> Expression {
    let start = current
    var left = prefix(after: previous)
    var comparison: SourceRange?
    while true {
      if minimum <= .comparison, joinedByForeignWord(&left, from: start) { continue }
      guard let found = binaryOperator, found.precedence >= minimum else { break }
      let leftHeight = height
      let place = range(of: current)
      let spelling = text(of: current)
      if found.precedence == .comparison {
        if let first = comparison { report(.chainedComparison(first, place)) }
        comparison = place
      } else if found.operation == nil, case .range = left.kind {
        report(.chainedRange(at: place))
      }
      advance()
      let right = binary(found.precedence.next, after: spelling)
      let isChain = leftHeight >= height
      height = max(leftHeight, height) + 1
      guard height <= Self.maximumDepth else {
        if isChain { report(.tooManyTerms(limit: Self.maximumDepth, at: place)) } else { tooDeep() }
        return Expression(kind: .missing, range: range(from: start))
      }
      let kind: Expression.Kind
      if let operation = found.operation {
        kind = .binary(
          BinaryOperation(operation: operation, operatorRange: place, left: left, right: right))
      } else {
        kind = .range(left, right)
      }
      left = Expression(kind: kind, range: range(from: start))
    }
    return left
  }

  /// `x is 1`, `1 not in xs`: makes the comparison that was meant.
  private mutating func joinedByForeignWord(_ left: inout Expression, from start: Token) -> Bool {
    guard at(.word), !isAtLineBreak else { return false }
    let leftHeight = height
    let word = current
    guard let (operation, isNegated) = foreignOperator() else { return false }
    let place = range(from: word)
    let right = binary(.range, after: text(of: word))
    height = max(leftHeight, height)
    let node = BinaryOperation(operation: operation, operatorRange: place, left: left, right: right)
    left = wrap(.binary(node), from: start)
    if isNegated { left = wrap(.unary(.not, left), from: start) }
    return true
  }

  /// prefix = "not" comparison | "-" prefix | postfix
  private mutating func prefix(after previous: String?) -> Expression {
    let start = current
    if let previous, isAtStatementOfNextLine {
      // `print c &&`: of the sign nothing is said but that something is missing behind it.
      silenced.append(range(of: tokens[index - 1]))
      return missing(after: previous)
    }
    // At a statement's beginning a word may be a verb, of which the checker knows more.
    if previous != nil { mendOperandWord() }
    if at(.not) {
      advance()
      let operand = binary(.comparison, after: "not")
      return wrap(.unary(.not, operand), from: start)
    }
    if at(.minus) {
      marks.signs.append(current.offset)
      advance()
      let hole = hole
      let operand = nested(or: hole) {
        $0.prefix(after: "-")
      }
      return wrap(.unary(.negate, operand), from: start)
    }
    return postfix(after: previous)
  }

  /// Makes a node without looking at its height. Mutating only so that `self` is read after the
  /// argument was: the range ends where parsing the argument ended.
  mutating func raised(_ kind: Expression.Kind, from start: Token) -> Expression {
    Expression(kind: kind, range: range(from: start))
  }

  /// Makes a node that is one higher than what was read last.
  mutating func wrap(_ kind: Expression.Kind, from start: Token) -> Expression {
    height += 1
    guard height <= Self.maximumDepth else {
      tooDeep()
      return Expression(kind: .missing, range: range(from: start))
    }
    return Expression(kind: kind, range: range(from: start))
  }

  /// postfix = primary { "." name | "(" arguments ")" | "[" expression "]" }
  private mutating func postfix(after previous: String?) -> Expression {
    let start = current
    var value = primary(after: previous)
    while !isAtLineBreak, !isPanicking {
      switch current.kind {
      case .dot:
        advance()
        value = wrap(.member(value, name(of: "a field")), from: start)
      case .leftParen where !isLiteral(value):
        let below = height
        let arguments = self.arguments()
        height = max(below, height)
        value = wrap(.call(value, arguments), from: start)
      case .leftBracket where !current.followsBlank:
        let below = height
        let open = current
        marks.tight.append(open.offset)
        advance()
        bracketDepth += 1
        let place = expression(after: "[")
        close(.rightBracket, "]", opened: open)
        bracketDepth -= 1
        height = max(below, height)
        value = wrap(.index(value, place), from: start)
      default:
        return value
      }
    }
    return value
  }

  private func isLiteral(_ value: Expression) -> Bool {
    switch value.kind {
    case .reference, .member, .index, .call, .parenthesised: false
    default: true
    }
  }

  /// `(a, b)`; stands at the `(`.
  mutating func arguments() -> [Expression] {
    let open = current
    marks.tight.append(open.offset)
    advance()
    return elements(until: .rightParen, ")", opened: open)
  }

  /// Expressions between commas; a last comma is allowed, for lists that grow line by line.
  mutating func elements(
    until closing: TokenKind, _ spelling: String, opened: Token
  ) -> [Expression] {
    bracketDepth += 1
    defer { bracketDepth -= 1 }
    var result: [Expression] = []
    var highest = 0
    while !at(closing), !at(.endOfFile), !isPanicking {
      result.append(expression(after: result.isEmpty ? text(of: opened) : ","))
      highest = max(highest, height)
      if !eat(.comma), !eatMissingComma(in: closing, opened: opened) { break }
    }
    height = highest
    close(closing, spelling, opened: opened)
    return result
  }
}
