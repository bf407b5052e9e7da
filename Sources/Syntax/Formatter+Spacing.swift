extension Formatter {
  /// Whether one blank or none stands between two tokens on a line.
  func wantsBlank(between previous: Int, and index: Int) -> Bool {
    let left = tokens[previous]
    let right = tokens[index]
    switch right.kind {
    case .comma, .semicolon, .colon, .rightParen, .rightBracket, .dot, .dotDot, .doubleColon:
      return false
    case .leftParen, .leftBracket: if tight.contains(right.offset) { return false }
    // `f@2` is a name with its number; what stands behind anything else is a tag.
    case .atSign: return right.followsBlank || left.kind != .word || left.word == .schedule
    case .rightBrace: return left.kind != .leftBrace
    default: break
    }
    switch left.kind {
    case .leftParen, .leftBracket, .dot, .dotDot, .doubleColon, .atSign: return false
    case .minus: return !signs.contains(left.offset)
    default: return true
    }
  }
}
