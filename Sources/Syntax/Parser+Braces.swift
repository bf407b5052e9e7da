import Diagnostics

extension Parser {
  /// Reports braces whose partners are missing, where the layout shows which they are, and goes on
  /// as if they were mended.
  mutating func repairBraces() {
    guard !isCut else { return }
    var unpaired = BraceRepair.unpaired(tokens)
    if unpaired > 0 { unpaired = repairDoubledBraces(unpaired) }
    isBalanced = unpaired == 0
    guard unpaired > 0 else { return }
    var repair = BraceRepair(tokens, bytes)
    guard repair.explains(unpaired) else { return }
    for stray in repair.strays where !bag.isFull {
      bag.report(.unexpectedClosing("}", at: range(of: tokens[stray])))
    }
    var counts: [Int: Int] = [:]
    for missing in repair.missing { counts[missing.before, default: 0] += 1 }
    var last = -1
    for missing in repair.missing where missing.before != last && !bag.isFull {
      // One message for all the blocks that end here.
      last = missing.before
      // That they stand in one another so deep is going to be said, and says more.
      let count = counts[last, default: 0]
      if count <= Self.maximumDepth { reportMissing(missing, others: count - 1) }
    }
    tokens = mended(repair)
    isBalanced = true
  }

  private mutating func reportMissing(_ missing: BraceRepair.Missing, others: Int) {
    let token = tokens[missing.before]
    let isEnd = token.kind == .endOfFile
    // A block of one line ends there.
    let isOneLine = !tokens[(missing.opener + 1)..<missing.before].contains(
      where: \.followsLineBreak)
    let end = missing.before > 0 ? tokens[missing.before - 1].end : 0
    let place =
      isEnd || isOneLine ? SourceRange(file: file, lower: end, upper: end) : range(of: token)
    let found =
      isEnd ? "the end of the file" : isOneLine ? "the end of the line" : "`\(shown(token))`"
    bag.report(
      .unclosedBlock(
        blockName(missing.opener), opened: range(of: tokens[missing.opener]), found: found,
        others: others, at: place))
  }

  /// What a block is called after the words before its `{`.
  private func blockName(_ opener: Int) -> String {
    var start = opener
    while start > 0, !tokens[start].followsLineBreak {
      let before = tokens[start - 1].kind
      if before == .leftBrace || before == .rightBrace || before == .semicolon { break }
      start -= 1
    }
    let words = tokens[start..<opener].lazy.compactMap(\.word).filter {
      !$0.isFunctionAttribute
    }
    if tokens[start..<opener].contains(where: { $0.word == .alloc }) { return "alloc" }
    switch words.first {
    case .irqs: return "irqs off"
    case .bh: return "bh off"
    case .let, nil: return "inner"
    case .some(let word): return word.rawValue
    }
  }

  private func mended(_ repair: BraceRepair) -> [Token] {
    let strays = Set(repair.strays)
    var closings: [Int: Int] = [:]
    for missing in repair.missing { closings[missing.before, default: 0] += 1 }
    var result: [Token] = []
    result.reserveCapacity(tokens.count + repair.missing.count)
    var followsLineBreak = false
    for (place, token) in tokens.enumerated() {
      for _ in 0..<(closings[place] ?? 0) {
        let end = result.last?.end ?? 0
        result.append(
          Token(
            kind: .rightBrace, word: nil, followsLineBreak: false, followsBlank: false,
            offset: end, length: 0))
      }
      if strays.contains(place) {
        followsLineBreak = followsLineBreak || token.followsLineBreak
        continue
      }
      var token = token
      token.followsLineBreak = token.followsLineBreak || followsLineBreak
      token.followsBlank = token.followsBlank || followsLineBreak
      followsLineBreak = false
      result.append(token)
    }
    return result
  }

  // MARK: Blocks without `{`

  /// How a block was begun.
  struct Opening {
    /// Of a block without `{` whose lines follow: how far its head is indented.
    var indentation: Int?
    /// Of one that ends with a word on the same line, such as `done`.
    var endsWithWord = false
  }

  /// Whether a block without `{` is over: a line is indented no more than its head.
  func isBehind(_ opening: Opening) -> Bool {
    if opening.endsWithWord { return isBlockEnd(current) || at(.else) || current.followsLineBreak }
    guard let limit = opening.indentation, current.followsLineBreak else { return false }
    return indentation(at: current.offset) <= limit
  }

  /// Ends a block without `{`, with its `}` if it has one, or with the word that other languages
  /// end blocks with.
  mutating func closeBraceless(headIndentation: Int) {
    if at(.rightBrace), headIndentation < 0 { return }
    if at(.rightBrace) {
      let isItsOwn =
        current.length > 0
        && (!current.followsLineBreak || indentation(at: current.offset) >= headIndentation)
      if isItsOwn { advance() }
    } else if current.kind == .word, ForeignWords.blockEnds.contains(text(of: current)) {
      advance()
    }
  }

  /// `if c:` and `if c then`: says how a block begins. A second one is of the same mistake.
  mutating func reportForeignBlockStart(_ what: String) -> Bool {
    guard !isAtLineBreak, !isPanicking else { return false }
    // `if c; then`
    if at(.semicolon), isBlockStart(peek()) { advance() }
    guard at(.colon) || isBlockStart(current) else { return false }
    if skippedResultType(what) { return true }
    if isBracelessKnown {
      isPanicking = true
    } else {
      report(.foreignBlockStart(shown(current), what, at: range(of: current)))
      isBracelessKnown = true
    }
    advance()
    return true
  }

  /// `fn g(): int { … }`: what stands between the parameters and the block.
  private mutating func skippedResultType(_ what: String) -> Bool {
    guard at(.colon), ["fn", "syscall", "def"].contains(what), peek().kind == .word,
      peek(2).kind == .leftBrace, !peek(2).followsLineBreak
    else { return false }
    let start = current
    advance()
    advance()
    correct(.resultType(at: range(from: start)))
    return true
  }

  private func isBlockStart(_ token: Token) -> Bool {
    token.kind == .word && token.word == nil && !token.followsLineBreak
      && ForeignWords.blockStarts.contains(text(of: token))
  }

  /// `do …; done`, `then …; fi` on one line: whether the word that ends it is still to come.
  var isOpenedByWord: Bool {
    guard index > 0, isBlockStart(tokens[index - 1]) else { return false }
    var ahead = index
    while ahead < tokens.count - 1, ahead < index + 200, !tokens[ahead].followsLineBreak {
      if tokens[ahead].kind == .leftBrace { return false }
      if isBlockEnd(tokens[ahead]) { return true }
      ahead += 1
    }
    return false
  }

  func isBlockEnd(_ token: Token) -> Bool {
    token.kind == .word && ForeignWords.blockEnds.contains(text(of: token))
  }

  // MARK: Declarations inside others

  /// Whether what begins here is a declaration of the file that stands inside a block whose braces
  /// pair up: then no `}` is missing, and it is the declaration that is in the wrong place.
  var isNestedDeclaration: Bool {
    guard isBalanced, startsFileDeclaration else { return false }
    return !current.followsLineBreak || indentation(at: current.offset) > 0
  }

  mutating func reportedNestedDeclaration() -> Bool {
    guard isNestedDeclaration else { return false }
    report(
      .misplacedMember(
        "`\(text(of: current))`", belongs: "the file itself, outside every block",
        at: range(of: current)))
    skipStatement()
    return true
  }
}
