import Graft

/// Which tags a scenario must have: names with `and`, `or`, `not` and parentheses.
indirect enum TagExpression: Sendable, Hashable {
  case tag(String)
  case not(TagExpression)
  case and(TagExpression, TagExpression)
  case or(TagExpression, TagExpression)

  func matches(_ tags: [String]) -> Bool {
    switch self {
    case .tag(let name): tags.contains(name)
    case .not(let inner): !inner.matches(tags)
    case .and(let left, let right): left.matches(tags) && right.matches(tags)
    case .or(let left, let right): left.matches(tags) || right.matches(tags)
    }
  }

  struct Mistake: Error {
    var message: String
    /// The place in the text, in characters.
    var column: Int
  }

  /// - Throws: what is wrong, and where.
  init(_ text: String) throws(Mistake) {
    var parser = Parser(text)
    self = try parser.expression()
    if let token = parser.current {
      throw Mistake(
        message: "expected `and`, `or` or the end before `\(token.text)`", column: token.column)
    }
  }

  private struct Parser {
    struct Token {
      var text: String
      var column: Int
    }

    private var tokens: [Token] = []
    private var next = 0
    private var depth = 0
    private let end: Int

    init(_ text: String) {
      end = text.count
      var word = ""
      var start = 0
      for (column, character) in text.enumerated() {
        let isMark = character == "(" || character == ")"
        if isMark || character.isWhitespace {
          if !word.isEmpty { tokens.append(Token(text: word, column: start)) }
          word = ""
          if isMark { tokens.append(Token(text: String(character), column: column)) }
        } else {
          if word.isEmpty { start = column }
          word.append(character)
        }
      }
      if !word.isEmpty { tokens.append(Token(text: word, column: start)) }
    }

    var current: Token? { next < tokens.count ? tokens[next] : nil }

    private mutating func take(_ text: String) -> Bool {
      guard current?.text == text else { return false }
      next += 1
      return true
    }

    mutating func expression() throws(Mistake) -> TagExpression {
      var left = try conjunction()
      while take("or") { left = .or(left, try conjunction()) }
      return left
    }

    private mutating func conjunction() throws(Mistake) -> TagExpression {
      var left = try factor()
      while take("and") { left = .and(left, try factor()) }
      return left
    }

    private mutating func factor() throws(Mistake) -> TagExpression {
      guard let token = current else {
        throw Mistake(message: "expected a tag at the end", column: end)
      }
      depth += 1
      defer { depth -= 1 }
      guard depth <= 100 else {
        throw Mistake(message: "parentheses lie too deep in each other", column: token.column)
      }
      next += 1
      switch token.text {
      case "not": return .not(try factor())
      case "(":
        let inner = try expression()
        guard take(")") else {
          throw Mistake(message: "this parenthesis is not closed", column: token.column)
        }
        return inner
      case "and", "or", ")":
        throw Mistake(
          message: "expected a tag before `\(token.text)`", column: token.column)
      default:
        let name = token.text.hasPrefix("@") ? String(token.text.dropFirst()) : token.text
        guard !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber || "_-".contains($0) })
        else {
          throw Mistake(message: "`\(token.text)` is not a tag", column: token.column)
        }
        return .tag(name)
      }
    }
  }
}

extension TagExpression.Mistake {
  /// The expression with the place marked below it.
  func text(in expression: String) -> String {
    "\(message)\n  \(escapingControls(expression))\n  "
      + String(repeating: " ", count: column) + "^"
  }
}
