import Diagnostics

// Braces that do not pair up.
//
// One brace too many, or too few, and everything behind it is read as something else. A text that
// people wrote has each block twice, though: in its braces and in its indentation. Where the braces
// alone do not come out, this looks at both, and finds the `}` that closes nothing and the lines
// before which one is missing; the parser then reads the text as if that were mended.
//
// What it goes by:
//
// - A line that is indented no more than the line on which a block was opened is behind that block.
// - After a `}` comes nothing that is indented more than its block's first line.
// - A block whose first line is not indented tells nothing by its lines: it ends at its `}`, where
//   a line is indented less, where what begins can't stand in it, or with the file.
// - A head without `{` (`if c`, `fn f()`) before deeper lines is a block all the same; the parser
//   reports that one itself.
//
// It is believed only when it changes no more braces than there are too many or too few. In a text
// that is laid out otherwise it says nothing, and the parser does what it can.

struct BraceRepair {
  let tokens: [Token]
  let bytes: [UInt8]
  var open: [OpenBrace] = []
  /// The `}` that close nothing, as places in `tokens`.
  var strays: [Int] = []
  /// The places in `tokens` before which a `}` is missing.
  var missing: [Missing] = []
  /// Blocks whose `{` is missing.
  var bracelessCount = 0
  /// The word of a block's head whose `{` has not come yet, and where it stands.
  var head: Head?
  /// Open `(` and `[`.
  private var brackets = 0
  /// The lines that have tokens: where each begins.
  private var lineStarts: [Int] = []
  private var line = 0
  private var lineIndentation = 0
  private var ahead: Ahead?

  struct OpenBrace {
    /// The `{`, or the head's word.
    var token: Int
    var indentation: Int
    var line: Int
    var isBraceless = false
    /// Whether its lines are indented no more than the line on which it was opened.
    var isFlat = false
    /// Whether functions stand in it, and not statements.
    var hasMembers = false
  }

  struct Missing {
    var before: Int
    /// The `{` that it belongs to.
    var opener: Int
  }

  struct Head {
    var token: Int
    var indentation: Int
    var line: Int
  }

  init(_ tokens: [Token], _ bytes: [UInt8]) {
    self.tokens = tokens
    self.bytes = bytes
  }

  /// How many braces have no partner when the layout says nothing.
  static func unpaired(_ tokens: [Token]) -> Int {
    var depth = 0
    var unpaired = 0
    for token in tokens {
      if token.kind == .leftBrace {
        depth += 1
      } else if token.kind == .rightBrace {
        if depth > 0 { depth -= 1 } else { unpaired += 1 }
      }
    }
    return unpaired + depth
  }

  /// Whether the layout explains the braces that have no partner.
  mutating func explains(_ unpaired: Int) -> Bool {
    lineStarts = tokens.indices.filter { $0 == 0 || tokens[$0].followsLineBreak }
    for index in tokens.indices { read(index) }
    let changes = strays.count + missing.count
    return changes <= unpaired + bracelessCount
  }

  private mutating func read(_ index: Int) {
    if index == 0 || tokens[index].followsLineBreak { beginLine(index) }
    switch tokens[index].kind {
    case .leftBrace:
      open.append(
        OpenBrace(
          token: index, indentation: head?.indentation ?? lineIndentation, line: line,
          hasMembers: head.map { hasMembers(tokens[$0.token].word) } ?? false))
      head = nil
    case .rightBrace: closeBrace(index)
    case .semicolon: brackets = 0
    case .leftParen, .leftBracket: brackets += 1
    case .rightParen, .rightBracket: brackets = max(0, brackets - 1)
    case .endOfFile:
      for brace in open.reversed() where !brace.isBraceless { note(brace, before: index) }
      open.removeAll()
    case .word: noteHead(index)
    default: break
    }
  }

  private mutating func note(_ brace: OpenBrace, before index: Int) {
    missing.append(Missing(before: index, opener: brace.token))
  }

  // MARK: Lines

  private mutating func beginLine(_ index: Int) {
    let token = tokens[index]
    line += 1
    let indentation = indentation(of: index)
    if brackets > 0, token.kind != .rightBrace, !startsHead(index) { return }
    brackets = 0
    lineIndentation = indentation
    resolveHead(before: index)
    guard token.kind != .leftBrace else { return }
    noteFlat(before: index)
    while let brace = open.last, brace.line < line {
      // A `}` may stand exactly below the line that opened its block, other lines may not.
      let isInside =
        token.kind == .rightBrace || brace.isFlat && !cannotStand(index, in: brace)
      guard brace.indentation >= (isInside ? indentation + 1 : indentation) else { break }
      open.removeLast()
      if !brace.isBraceless { note(brace, before: index) }
    }
  }

  /// The blocks that the last line ended with, where this one is indented no more than they are.
  private mutating func noteFlat(before index: Int) {
    guard tokens[index].kind != .rightBrace, let last = open.last, last.token == index - 1,
      last.indentation == lineIndentation, !cannotStand(index, in: last)
    else { return }
    for place in open.indices.reversed() {
      guard open[place].line == last.line else { break }
      open[place].isFlat = true
    }
  }

  private func hasMembers(_ word: Word?) -> Bool {
    word == .kernel || word == .module || word == .patch
  }

  /// Whether what begins at a place can't stand in a block, so that the block is over.
  private func cannotStand(_ index: Int, in brace: OpenBrace) -> Bool {
    guard let word = tokens[index].word, index + 1 < tokens.count else { return false }
    switch word {
    case .kernel, .scenario, .lesson, .program, .patch: return startsHead(index)
    case .use: return tokens[index + 1].kind == .stringOpen
    case .fn, .syscall, .kthread, .irq, .record, .module:
      return !brace.hasMembers && startsHead(index)
    default:
      return word.isFunctionAttribute && !brace.hasMembers && startsHead(index + 1)
    }
  }

  /// A head whose line is over: with deeper lines behind it, it is a block without `{`.
  private mutating func resolveHead(before index: Int) {
    guard let head, tokens[index].kind != .leftBrace else { return }
    if index > 0, [.comma, .assign, .dotDot].contains(tokens[index - 1].kind) { return }
    self.head = nil
    guard lineIndentation > head.indentation else { return }
    openBraceless(head)
  }

  private mutating func openBraceless(_ head: Head) {
    bracelessCount += 1
    open.append(
      OpenBrace(
        token: head.token, indentation: head.indentation, line: head.line, isBraceless: true))
  }

  /// How many bytes stand before the first token of a line.
  private func indentation(of index: Int) -> Int {
    let end = Int(tokens[index].offset)
    var start = end
    // Enough for any indentation; a line of blanks without end must not make this slow.
    let limit = max(0, end - 1_000)
    while start > limit, bytes[start - 1] != UInt8(ascii: "\n") { start -= 1 }
    return end - start
  }

  // MARK: Closing

  private mutating func closeBrace(_ index: Int) {
    brackets = 0
    if let head, head.line == line, unpairedOnLine(from: index) > openedOnLine {
      // `fn f() work 1us }`: it is the head's.
      self.head = nil
      bracelessCount += 1
      return
    }
    head = nil
    guard let brace = open.last, !isStray(index, brace) else {
      strays.append(index)
      return
    }
    open.removeLast()
  }

  private var openedOnLine: Int {
    open.reversed().prefix(Self.tokensLookedAt).prefix { $0.line == line }.count
  }

  /// Nobody writes longer lines, and whoever generates one must not make this slow.
  private static let tokensLookedAt = 400

  /// The `}` from here to the end of the line that close nothing behind here.
  private func unpairedOnLine(from index: Int) -> Int {
    var depth = 0
    var unpaired = 0
    for place in index..<min(endOfLine, index + Self.tokensLookedAt) {
      if tokens[place].kind == .leftBrace { depth += 1 }
      guard tokens[place].kind == .rightBrace else { continue }
      if depth > 0 { depth -= 1 } else { unpaired += 1 }
    }
    return unpaired
  }

  /// Where the next line begins.
  private var endOfLine: Int { line < lineStarts.count ? lineStarts[line] : tokens.count }

  /// Whether the lines that follow show that a `}` closes nothing that was opened before this line.
  private mutating func isStray(_ index: Int, _ brace: OpenBrace) -> Bool {
    guard brace.line < line else { return false }
    let ahead = lookAhead()
    guard index > ahead.lastOpening, ahead.next < tokens.count,
      tokens[ahead.next].kind != .endOfFile
    else { return false }
    let next = ahead.next
    let following = ahead.indentation
    if following > brace.indentation { return true }
    // The block's own `}` comes next.
    let isInPlace = tokens[index].followsLineBreak && lineIndentation == brace.indentation
    return tokens[next].kind == .rightBrace && following == brace.indentation && !isInPlace
  }

  /// What stands behind the line, found out once for all of its `}`.
  private mutating func lookAhead() -> Ahead {
    if let ahead, ahead.line == line { return ahead }
    let next = endOfLine
    let start = lineStarts[line - 1]
    let found = Ahead(
      line: line, next: next,
      lastOpening: tokens[start..<next].lastIndex { $0.kind == .leftBrace } ?? -1,
      indentation: next < tokens.count ? indentation(of: next) : 0)
    ahead = found
    return found
  }

  private struct Ahead {
    var line: Int
    /// The first token of the next line, and how far it is indented.
    var next: Int
    /// The last `{` of this line.
    var lastOpening: Int
    var indentation: Int
  }

  // MARK: Heads

  private mutating func noteHead(_ index: Int) {
    guard startsHead(index) else { return }
    guard let head, head.line == line else {
      if isAtElementStart(index) { begin(index) }
      return
    }
    // `module "m" fn f() { … } }`: another head begins before the first one's `{`.
    guard beginsInsideHead(tokens[index].word), tokens[index - 1].word != .else else { return }
    if tokens[head.token].word != .else || index != head.token + 1 { openBraceless(head) }
    begin(index)
  }

  private mutating func begin(_ index: Int) {
    head = Head(token: index, indentation: lineIndentation, line: line)
  }

  private func isAtElementStart(_ index: Int) -> Bool {
    guard index > 0, !tokens[index].followsLineBreak else { return true }
    switch tokens[index - 1].kind {
    case .leftBrace, .rightBrace, .semicolon: return true
    default:
      let before = tokens[index - 1].word
      return before?.isFunctionAttribute == true || before == .else
    }
  }

  private func beginsInsideHead(_ word: Word?) -> Bool {
    switch word {
    case .fn, .syscall, .kthread, .record, .loop, .while, .if: true
    default: false
    }
  }

  /// Whether the word at a place begins what must have a block.
  private func startsHead(_ index: Int) -> Bool {
    guard let word = tokens[index].word, index + 1 < tokens.count else { return false }
    let next = tokens[index + 1]
    switch word {
    case .if, .else, .while, .loop, .for: return true
    case .kernel, .scenario, .lesson, .module: return next.kind == .stringOpen
    case .fn, .syscall, .kthread, .program, .patch, .def, .record, .machine:
      return next.kind == .word && !next.followsLineBreak
    case .irq: return next.kind == .word && next.word != .off && !next.followsLineBreak
    case .irqs, .bh: return next.word == .off
    case .on: return next.kind == .word && next.word != .cpu && isAtElementStart(index)
    default: return false
    }
  }
}
