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

  private static let waitModes = ["interruptible", "uninterruptible", "killable", "freezable"]

  /// Whether what is being read is a scenario's, or a `def`'s.
  var isInOperatorCode: Bool {
    guard let outermost = openBlocks.first?.what else { return true }
    return outermost == "scenario" || outermost == "lesson" || outermost == "def"
  }

  /// Reports a word that has a block, or arguments, that it can't have. Stands at the word.
  mutating func reportedAsIncomplete() -> Bool {
    let next = peek()
    let word = text(of: current)
    let place = range(of: current)
    let hasBlock = next.kind == .leftBrace && !next.followsLineBreak || hasBlockBehindParentheses
    // The end of a stretch whose beginning has been reported.
    if isMaskKnown, ["irqs", "irq", "bh"].contains(word), next.word == .on {
      isPanicking = true
      skipStatement()
      return true
    }
    let isMark = (word == "skip" || word == "xfail") && next.word == .if && !next.followsLineBreak
    guard hasBlock || isMark || startsVerbArgument(next) else {
      guard let form = ForeignWords.bareStatements[word], isAlone(next) else { return false }
      // The end of a block whose beginning has been reported.
      if ForeignWords.blockEnds.contains(word), bag.hasErrors {
        isPanicking = true
        skipStatement()
        return true
      }
      report(.incompleteStatement(word, form: form, at: place))
      skipStatement()
      return true
    }
    let mark = isMark ? ForeignWords.bareStatements[word].map { $0 + " if CONDITION" } : nil
    if let form = mark ?? Self.forms[word] ?? foreignStatement(word) {
      report(.incompleteStatement(word, form: form, at: place))
    } else if hasBlock,
      let mode = Self.waitModes.contains(word) ? word : nearest(to: word, among: Self.waitModes)
    {
      report(.incompleteStatement(word, form: "wait QUEUE \(mode)", at: place))
    } else if hasBlock {
      let near = nearest(to: word, among: Self.blockWords)
      report(
        near.map { .unknownStatement(word, near: $0, at: place) }
          ?? .unknownBlock(word, among: Self.blockWords, at: place))
    } else {
      return false
    }
    let start = current
    skipStatement()
    silenced.append(range(from: start))
    return true
  }

  /// `switch (x) {`: what is called has no block.
  private var hasBlockBehindParentheses: Bool {
    guard peek().kind == .leftParen, !peek().followsLineBreak, let end = endOfParentheses(index + 1)
    else { return false }
    return tokens[end].kind == .leftBrace && !tokens[end].followsLineBreak
  }

  private func isAlone(_ next: Token) -> Bool {
    switch next.kind {
    case .semicolon, .rightBrace, .endOfFile: true
    default: next.followsLineBreak
    }
  }

  /// How a statement of another language is written here; none where the word is a verb's.
  private func foreignStatement(_ word: String) -> String? {
    switch current.word {
    case nil, .all, .until, .use, .expect, .at, .every: return ForeignWords.statements[word]
    case .choose where peek().kind == .leftBrace:
      // The operator's own schedule is nobody's to choose.
      return isInOperatorCode
        ? "`for x in [A, B]` behind the scenario's title" : ForeignWords.statements[word]
    default: return nil
    }
  }
}
