import Diagnostics

extension Parser {
  /// Guards a production that can contain itself. Past the limit the rest of the statement is
  /// skipped, and `fallback` stands for what it would have been.
  mutating func nested<Node>(
    or fallback: Node, _ parse: (inout Parser) -> Node
  ) -> Node {
    guard depth < Self.maximumDepth else {
      tooDeep()
      return fallback
    }
    depth += 1
    defer { depth -= 1 }
    return parse(&self)
  }

  mutating func tooDeep() {
    report(.nestingTooDeep(limit: Self.maximumDepth, at: range(of: current)))
    skipToStatementEnd()
    endOfTooDeep = index
  }

  /// Skips a statement or member that cannot be read at all.
  mutating func skipStatement() {
    if at(.leftBrace) {
      skipBlock()
    } else if !at(.rightBrace) {
      advance()
    }
    skipToStatementEnd()
  }

  /// Skips to the end of the statement, over whole blocks: to a `;`, to a `}` that closes something
  /// outside, or before the first token of a line.
  mutating func skipToStatementEnd() {
    skipOpenBrackets()
    var braces = 0
    while !at(.endOfFile) {
      if braces == 0, current.followsLineBreak { return }
      switch current.kind {
      case .leftBrace: braces += 1
      case .rightBrace:
        if braces == 0 { return }
        braces -= 1
      case .semicolon: if braces == 0 { return }
      default: break
      }
      advance()
    }
  }

  /// When the element that is being read has a `(` or `[` open, goes on behind its end, provided
  /// that it is closed before any brace or `;`. Otherwise a forgotten `)` would swallow the file.
  private mutating func skipOpenBrackets() {
    var balance = 0
    for token in tokens[min(elementStart, index)..<index] { balance += bracketStep(token) }
    var ahead = index
    while balance > 0, ahead < tokens.count {
      switch tokens[ahead].kind {
      case .leftBrace, .rightBrace, .semicolon, .endOfFile: return
      default: balance += bracketStep(tokens[ahead])
      }
      ahead += 1
    }
    if balance == 0, ahead > index { index = min(ahead, tokens.count - 1) }
  }

  private func bracketStep(_ token: Token) -> Int {
    switch token.kind {
    case .leftParen, .leftBracket: 1
    case .rightParen, .rightBracket: -1
    default: 0
    }
  }

  /// Ends a statement or member: skips what is left of it, with a message unless there was one.
  mutating func endStatement(_ what: String) {
    if !isAtStatementEnd {
      if at(.compoundAssign) { reportCompoundAssignment() }
      if at(.rightParen) || at(.rightBracket) {
        report(.unexpectedClosing(text(of: current), at: range(of: current)))
      }
      reportMissingEnd(what)
      skipToStatementEnd()
    } else if isPanicking {
      skipToStatementEnd()
    }
    isPanicking = false
  }

  // MARK: Blocks

  /// Reads `{ … }`, calling `element` at the beginning of each element that is not empty. Returns
  /// the range, or nil when no `{` stands here.
  ///
  /// - Parameter endsAt: what shows that the `}` was forgotten.
  mutating func braced(
    _ what: String, endsAt end: BlockEnd, _ element: (inout Parser) -> Void
  ) -> SourceRange? {
    let open = current
    guard let opening = openBrace(what) else { return nil }
    let brackets = bracketDepth
    let outerElement = elementStart
    bracketDepth = 0
    depth += 1
    defer {
      elementStart = outerElement
      bracketDepth = brackets
      depth -= 1
    }
    guard depth <= Self.maximumDepth else {
      index -= 1
      report(.nestingTooDeep(limit: Self.maximumDepth, at: range(of: current)))
      skipBlock()
      return range(from: open)
    }
    openBlocks.append(OpenBlock(what: what, brace: range(of: open), opening: opening))
    isPanicking = false
    while !at(.rightBrace), !at(.endOfFile), !isAt(end), !isBehind(opening), !bag.isFull {
      if eat(.semicolon) { continue }
      let start = index
      elementStart = start
      element(&self)
      if index == start { skipStatement() }
      if index == start { break }
    }
    closeBrace()
    return range(from: open)
  }

  private mutating func openBrace(_ what: String) -> Opening? {
    if index == endOfTooDeep { return nil }
    if at(.leftBrace) {
      advance()
      return Opening()
    }
    if reportForeignBlockStart(what) {
      if eat(.leftBrace) { return Opening() }
      if isOpenedByWord { return Opening(indentation: -1, endsWithWord: true) }
      return findBlockWithoutBrace()
    }
    if at(.assign), !isAtLineBreak, what == "if" || what == "while" {
      report(.assignmentInCondition(at: range(of: current)))
    }
    let form = foreignClause(of: what)
    isMaskKnown = isMaskKnown || what == "irqs off" || what == "bh off"
    report(
      .expected(
        "`{`", context: "to begin the `\(what)` block", found: found, form: form,
        help: form == nil ? adviceOnBlock(what) : nil, at: placeOfMissing))
    return findBlockWithoutBrace()
  }

  /// Whether a block stands here whose `{` is missing: its `}` is on this line, its `{` is further
  /// along the line, or the next line is indented more than this one. Taking it as a block keeps
  /// its contents, and what follows, in their places.
  private mutating func findBlockWithoutBrace() -> Opening? {
    var ahead = index
    var braces = 0
    var parens = 0
    var opening: Int?
    var unmatched = 0
    var isHeaderBroken = false
    while ahead < tokens.count - 1, !isAtLineBreak {
      if ahead > index, tokens[ahead].followsLineBreak { break }
      switch tokens[ahead].kind {
      case .leftBrace:
        opening = opening ?? ahead
        braces += 1
      case .rightBrace:
        braces -= 1
        // After `f a) {` it is the end of an outer block all the same.
        if braces < 0, !isHeaderBroken {
          unmatched += 1
          braces = 0
        }
      case .leftParen: parens += 1
      case .rightParen:
        parens -= 1
        if parens < 0, opening == nil { isHeaderBroken = true }
      default: break
      }
      ahead += 1
    }
    // One `}` more than blocks were opened on this line.
    if unmatched > blocksOpenedOnThisLine {
      // `syscall s() - return 0 }`: a slip in the place of the `{`.
      if isSign(current) { index += 1 }
      return Opening()
    }
    if let opening {
      index = opening + 1
      return Opening()
    }
    // In `program p { on signal TERM exit }` the `}` is the program's, and no block stands here.
    if unmatched > 0 { return nil }
    guard ahead < tokens.count - 1, index > 0 else { return nil }
    let limit = indentation(at: tokens[index - 1].offset)
    guard indentation(at: tokens[ahead].offset) > limit else { return nil }
    index = ahead
    return Opening(indentation: limit)
  }

  /// What begins no statement.
  private func isSign(_ token: Token) -> Bool {
    token.kind.rawValue >= TokenKind.comma.rawValue && token.kind.rawValue < TokenKind.bad.rawValue
      && token.kind != .semicolon
  }

  private var blocksOpenedOnThisLine: Int {
    var start = index
    while start > 0, !tokens[start].followsLineBreak { start -= 1 }
    return openBlocks.count { $0.brace.lower >= tokens[start].offset }
  }

  /// Skips a whole block; stands at its `{`.
  private mutating func skipBlock() {
    var braces = 0
    while !at(.endOfFile) {
      if at(.leftBrace) { braces += 1 }
      if at(.rightBrace) { braces -= 1 }
      advance()
      if braces == 0 { return }
    }
  }

  private mutating func closeBrace() {
    guard let block = openBlocks.popLast() else { return }
    if let indentation = block.opening.indentation {
      return closeBraceless(headIndentation: indentation)
    }
    if at(.rightBrace) {
      if suspect == nil, current.followsLineBreak,
        indentation(at: current.offset) != indentation(at: block.brace.lower)
      {
        suspect = block
      }
      advance()
      return
    }
    if bag.isFull { return }
    // One message for all the blocks that end here.
    guard current.offset != unclosedAt else { return }
    unclosedAt = current.offset
    let blamed = suspect ?? block
    suspect = nil
    if ["kernel", "module", "patch"].contains(block.what), !at(.endOfFile) { hasSplitOwner = true }
    report(
      .unclosedBlock(blamed.what, opened: blamed.brace, found: foundAtEnd, at: range(of: current)))
  }

  private var foundAtEnd: String {
    at(.endOfFile) ? "the end of the file" : "`\(shown(current))`"
  }

  /// How many blanks the line of a byte begins with. Looks at most 200 bytes back.
  func indentation(at offset: Int32) -> Int {
    var start = Int(offset)
    let limit = max(0, start - 200)
    while start > limit, bytes[start - 1] != UInt8(ascii: "\n") { start -= 1 }
    return bytes[start...].prefix { isBlank($0) }.count
  }

  // MARK: What begins a declaration

  /// What cannot stand in a block, so that its appearance means a forgotten `}`.
  enum BlockEnd {
    /// A declaration of the file: ends the member lists of kernels, modules and patches.
    case fileDeclaration
    /// That, or a function: ends records.
    case function
    /// That, or a reserved word: ends settings and the answers to a question.
    case keyword
    /// That, when a member list is open: ends the bodies of functions.
    case bodyless
  }

  private func isAt(_ end: BlockEnd) -> Bool {
    if startsFileDeclaration { return !isNestedDeclaration }
    switch end {
    case .fileDeclaration: return false
    case .function: return startsFunction
    case .keyword: return startsFunction || current.word?.isReserved == true
    case .bodyless:
      guard memberListDepth > 0, !standsInBlock else { return false }
      return startsFunction || at(.module) && peek().kind == .stringOpen
    }
  }

  /// Whether braces pair up and the layout puts what begins here into the innermost block: then it
  /// is no `}` that is missing, but this that is in the wrong place.
  private var standsInBlock: Bool {
    guard isBalanced, let block = openBlocks.last else { return false }
    return !current.followsLineBreak
      || indentation(at: current.offset) > indentation(at: block.brace.lower)
  }

  /// True when the current token begins a declaration that cannot stand inside any block.
  var startsFileDeclaration: Bool {
    guard let word = current.word else { return false }
    let next = peek()
    guard !next.followsLineBreak else { return false }
    switch word {
    case .kernel, .scenario, .lesson, .use: return next.kind == .stringOpen
    case .patch, .program:
      guard next.kind == .word else { return false }
      let third = peek(2)
      return third.kind == .leftBrace || third.kind == .leftParen || third.word == .for
    default: return false
    }
  }

  /// True when the current token begins a function of a kernel, a module or a patch.
  var startsFunction: Bool {
    guard let word = current.word else { return false }
    let next = peek()
    guard next.kind == .word, !next.followsLineBreak else { return false }
    switch word {
    case .irq: return next.word != .off
    case .fn, .syscall, .kthread: return true
    case .inline, .notrace, .foreign, .weak, .required, .new:
      return next.word == .fn || next.word == .syscall
    default: return false
    }
  }
}
