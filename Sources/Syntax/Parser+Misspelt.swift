import Diagnostics

// Words of the language that were misspelt. A word that means nothing, followed on its line by what
// only a word of the language could take, is that word if it is near to one: it is read as it, so
// that the slip is one message, and everything behind it is read as it was meant.

extension Parser {
  /// What begins an expression and takes an operand.
  private static let operandWords: [Word] = [.spawn, .wait, .alloc, .not, .reap]

  private static let quantifiers: [Word] = [.count, .every, .some]

  /// What begins a statement, and what it takes is its own affair: no function or verb of the host
  /// is called so.
  private static let statementWords: [Word] = [.return, .let, .var, .if, .while, .for]

  /// Statements that begin with two words.
  private static let pairs: [(first: Word, second: Word)] = [
    (.on, .signal), (.irqs, .off), (.bh, .off), (.safe, .point), (.expect, .log), (.drop, .shadow),
  ]

  /// What gives the word behind it a meaning.
  private static let declarers: Set<Word> = [
    .def, .let, .var, .const, .program, .patch, .fn, .syscall, .irq, .kthread, .queue, .lock,
    .record, .shadow, .state, .for, .module, .list,
  ]

  /// Words that the text declares somewhere, or seems to: none of them is a slip.
  static func declaredWords(_ tokens: [Token], _ bytes: [UInt8]) -> Set<[UInt8]> {
    var words: Set<[UInt8]> = []
    for (place, token) in tokens.enumerated() where token.kind == .word && token.word == nil {
      let before = place > 0 ? tokens[place - 1] : nil
      let after = place + 1 < tokens.count ? tokens[place + 1] : nil
      let isDeclared = before?.word.map { declarers.contains($0) } ?? false
      let isInList =
        before?.kind == .leftParen && (after?.kind == .rightParen || after?.kind == .comma)
        || before?.kind == .comma && (after?.kind == .rightParen || after?.kind == .comma)
      guard isDeclared || isInList || after?.word == .in else { continue }
      words.insert(Array(bytes[token.bytes]))
    }
    return words
  }

  /// Takes the word that an expression begins with for the one that was meant.
  mutating func mendOperandWord() {
    guard current.word == nil, at(.word) else { return }
    if peek().kind == .leftParen {
      if peek(2).kind == .word, peek(3).word == .in { mend(index, among: Self.quantifiers) }
      return
    }
    guard takesOperand(peek()) else { return }
    mend(index, among: Self.operandWords)
  }

  /// The same of a statement, for the words that nothing else is made of.
  mutating func mendStatementWord() {
    guard at(.word), !peek().followsLineBreak, startsVerbArgument(peek()) else { return }
    if let word = current.word {
      guard peek().word == nil, let pair = Self.pairs.first(where: { $0.first == word }) else {
        return
      }
      return mend(index + 1, among: [pair.second])
    }
    if let next = peek().word, Self.pairs.contains(where: { $0.second == next }) {
      let firsts = Self.pairs.lazy.filter { $0.second == next }.map(\.first)
      if mended(index, among: Array(firsts), beginsStatement: true) { return }
    }
    // A verb that is near is as likely, and the checker knows which may stand here.
    guard takesOperand(peek()), !isNearVerb(text(of: current), but: Self.statementWords) else {
      return
    }
    mend(index, among: Self.statementWords, beginsStatement: true)
  }

  /// Whether another word that begins statements is at least as near as any of these.
  private func isNearVerb(_ word: String, but words: [Word]) -> Bool {
    let others = Self.beginnings.filter { !words.contains($0) }
    guard let near = nearest(to: word, among: (others + words).lazy.map(\.rawValue)) else {
      return false
    }
    return !words.contains { $0.rawValue == near }
  }

  private static let beginnings: [Word] =
    statementWords + Word.allCases.filter(\.isSimpleVerb)
    + [Word.loop, .spawn, .wait, .alloc, .await]

  /// Whether a token can only be what the word before it takes: no sign goes on with that word as
  /// with a name.
  private func takesOperand(_ token: Token) -> Bool {
    guard startsVerbArgument(token), token.word != .not else { return false }
    guard token.kind == .word else { return true }
    // `x is 1`, `d within 5s`: a word between two operands.
    return ForeignWords.operators[text(of: token)] == nil && !goesOnWithName(token)
  }

  private mutating func mend(
    _ place: Int, among words: [Word], beginsStatement: Bool = false
  ) {
    _ = mended(place, among: words, beginsStatement: beginsStatement)
  }

  private mutating func isDeclared(_ spelling: String) -> Bool {
    let declared = declared ?? Self.declaredWords(tokens, bytes)
    self.declared = declared
    return declared.contains(Array(spelling.utf8))
  }

  private mutating func mended(
    _ place: Int, among words: [Word], beginsStatement: Bool
  ) -> Bool {
    let token = tokens[place]
    let spelling = text(of: token)
    guard !isPanicking, token.length <= 16, !isDeclared(spelling),
      ForeignWords.verbs[spelling] == nil,
      ForeignWords.statements[spelling] == nil,
      let near = nearest(to: spelling, among: words.map(\.rawValue)),
      let word = Word(rawValue: near)
    else { return false }
    let range = range(of: token)
    correct(
      beginsStatement
        ? .unknownStatement(spelling, near: near, at: range)
        : .misspelt(spelling, means: near, at: range))
    tokens[place].word = word
    return true
  }
}
