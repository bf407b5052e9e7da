import Diagnostics

// Statements that are almost right: what was meant is said instead of what was not understood.

extension Parser {
  /// Words that begin a statement only together with what follows them, or none at all, and how the
  /// statement is written.
  private static let forms: [String: String] = [
    "on": "on signal NAME { … }",
    "irq": "irqs off { … }",
    "irqs": "irqs off { … }",
    "bh": "bh off { … }",
    "atomic": "atomic { … }",
    "thread": "thread PROGRAM",
    "safe": "safe point",
    "expect": "expect log \"TEXT\"",
    "drop": "drop shadow(OBJECT, NAME)",
    "cat": "print cat(\"PATH\")",
    "const": "let NAME = VALUE",
  ]

  private static let blockWords = [
    "if", "else", "while", "for", "loop", "fork", "atomic", "irqs off",
  ]

  /// Reports a word that has a block, or arguments, that it can't have. Stands at the word.
  mutating func reportedAsIncomplete() -> Bool {
    let next = peek()
    let word = text(of: current)
    let place = range(of: current)
    let hasBlock = next.kind == .leftBrace && !next.followsLineBreak
    guard hasBlock || startsVerbArgument(next) else {
      guard let form = ForeignWords.bareStatements[word], isAlone(next) else { return false }
      report(.incompleteStatement(word, form: form, at: place))
      skipStatement()
      return true
    }
    if let form = Self.forms[word] ?? foreignStatement(word) {
      report(.incompleteStatement(word, form: form, at: place))
    } else if hasBlock {
      let near = nearest(to: word, among: Self.blockWords)
      report(
        near.map { .unknownStatement(word, near: $0, at: place) }
          ?? .unknownBlock(word, among: Self.blockWords, at: place))
    } else {
      return false
    }
    skipStatement()
    return true
  }

  private func isAlone(_ next: Token) -> Bool {
    switch next.kind {
    case .semicolon, .rightBrace, .endOfFile: true
    default: next.followsLineBreak
    }
  }

  /// How a statement of another language is written here; none where the word is a verb's.
  private func foreignStatement(_ word: String) -> String? {
    guard current.word == nil || current.word == .all else { return nil }
    return ForeignWords.statements[word]
  }

  /// What to do about a statement that goes on where it should end.
  var adviceOnEnd: String? {
    let first = tokens[min(elementStart, index)].word
    let previous = tokens[max(index - 1, 0)]
    switch current.kind {
    case .assign: return "a comparison is written `==`"
    case .leftBrace where first?.isSimpleVerb == true:
      return "`\(first?.rawValue ?? "")` has no block"
    case .leftBrace where previous.word == .fork: return "`fork` gives no value"
    case .word where ["elif", "elsif", "elseif"].contains(text(of: current)):
      return "another branch is written `else if CONDITION { … }`"
    case .word where ForeignWords.blockEnds.contains(text(of: current)):
      return "a block ends with `}`"
    case .word where previous.word == .new:
      return "an object is made with `alloc RECORD { … }`"
    case .word where current.word == .within:
      return "only `await` has a limit: `await CONDITION within D`"
    case .word where previous.word == .until: return "`until` is a part of `wait`"
    default: break
    }
    let statement = tokens[min(elementStart, index)..<index]
    let isAfterError = startsOperand(current) && statement.contains { $0.word == .fails }
    return isAfterError ? "join errors with `or`" : nil
  }
}
