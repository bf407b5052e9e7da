import Diagnostics

// From tokens to a tree.
//
// A recursive descent with one function for each production of `Grammar/graft.ebnf`, grouped in
// files by noun. It never fails: what it cannot read it reports, and goes on. The rules that keep
// one mistake to one message:
//
// - After a report the parser is *panicking*: it reports nothing more until it stands at the
//   beginning of the next statement or member, where it is calm again. Whoever ends a statement
//   skips what is left of it.
// - Every loop over statements or members moves on by at least one token each time round.
// - A declaration in the middle of a block means that a `}` is missing. The blocks in between end
//   there without a word more.
// - Bytes that the lexer complained about arrive as `.bad` tokens; nothing is said about them
// again.
//
// A line break matters only where a statement could end: `isAtLineBreak` is true before the first
// token of a line unless a `(` or `[` is open. An operand may stand on the line after its operator,
// because the parser that has read an operator does not ask.

struct Parser {
  let source: SourceText
  let file: SourceFileID
  /// A copy of `source.bytes`, close at hand.
  let bytes: [UInt8]
  var tokens: [Token]
  /// True when the lexer gave up: what seems to be missing at the end was never read.
  let isCut: Bool

  var index = 0
  var bag = DiagnosticBag()
  var isPanicking = false { didSet { if isPanicking != oldValue { noteBroken() } } }
  /// Where the statement or member begins that the parser panics in.
  var brokenStart: Int32 = 0
  /// What could not be read, statement by statement, in order.
  var broken: [SourceRange] = []
  /// True when the first thing to be reported was that the text ends.
  var isIncomplete = false
  /// Open `(` and `[`: line breaks inside them say nothing.
  var bracketDepth = 0
  /// Open productions that can contain themselves.
  var depth = 0
  /// The height of the expression read last.
  var height = 0
  /// Where the statement or member began that is being read.
  var elementStart = 0
  var openBlocks: [OpenBlock] = []
  /// Words of the language that somebody took for names, which has been reported: where such a name
  /// is then used nothing is said.
  var misnamed: Set<Word> = []
  /// Words that the text declares somewhere; nil: nobody has asked.
  var declared: Set<[UInt8]>?
  /// The same of what begins with a digit.
  var numbersAsNames: Set<String> = []
  /// A block whose `}` stands at another indentation than the line that opened it: when a `}` turns
  /// out to be missing, it is probably this one's.
  var suspect: OpenBlock?
  /// The token behind what was skipped last because it is nested too deep: no block stands there.
  var endOfTooDeep = -1
  /// Where a `}` was found to be missing last.
  var unclosedAt: Int32 = -1
  /// Whether each `{` has its `}`, as it was written or when it was mended.
  var isBalanced = false
  /// Whether the text that is being read stands behind `$`.
  var isInShell = false
  /// Whether it has been said of the record at hand that fields have no types.
  var saidOfFields = false
  /// Whether statements stand at the top of the file, which has been said of the first.
  var hasLooseStatements = false
  /// Whether it has been said that a block stands between braces.
  var isBracelessKnown = false
  /// What the lexer said there means nothing beside what the parser has said of it.
  var silenced: [SourceRange] = []
  /// Whether a kernel, a module or a patch ended early, so that its members follow at the top.
  var hasSplitOwner = false
  /// Whether it has been said that what no interrupt may come into is a block.
  var isMaskKnown = false
  /// The bracket of the list of which it was said last that a comma is missing.
  var listWithoutCommas: Int32 = -1
  /// Open kernels, modules and patches: whether `fn` in a body means that a `}` is missing.
  var memberListDepth = 0

  /// What only the parser knows and the formatter needs, as offsets.
  var marks = FormatMarks()

  struct OpenBlock {
    var what: String
    var brace: SourceRange
    var opening = Opening()
  }

  /// Deep enough for any program, shallow enough for the stack of any thread that walks the tree.
  static let maximumDepth = 200

  init(_ source: SourceText, file: SourceFileID, lexed: Lexer) {
    self.source = source
    self.file = file
    bytes = source.bytes
    tokens = lexed.tokens
    isCut = lexed.bag.isFull || source.bytes.count > Lexer.maximumByteCount
  }

  var current: Token { tokens[index] }

  func peek(_ ahead: Int = 1) -> Token { tokens[min(index + ahead, tokens.count - 1)] }

  func at(_ kind: TokenKind) -> Bool { tokens[index].kind == kind }

  func at(_ word: Word) -> Bool { tokens[index].word == word }

  mutating func advance() {
    if index < tokens.count - 1 { index += 1 }
  }

  mutating func eat(_ kind: TokenKind) -> Bool {
    guard at(kind) else { return false }
    advance()
    return true
  }

  /// Takes a word that continues what was begun on this line.
  mutating func eat(_ word: Word) -> Bool {
    guard at(word), !isAtLineBreak else { return false }
    advance()
    return true
  }

  /// True when the line ends before the current token, and that means something.
  var isAtLineBreak: Bool { bracketDepth == 0 && current.followsLineBreak }

  var isAtStatementEnd: Bool {
    switch current.kind {
    case .semicolon, .rightBrace, .endOfFile: true
    default: isAtLineBreak
    }
  }

  var previousEnd: Int32 { index > 0 ? tokens[index - 1].end : 0 }

  func range(of token: Token) -> SourceRange {
    SourceRange(file: file, lower: token.offset, upper: token.end)
  }

  /// From a token to the end of the token before the current one.
  func range(from start: Token) -> SourceRange {
    SourceRange(file: file, lower: start.offset, upper: max(start.offset, previousEnd))
  }

  func text(of token: Token) -> String {
    String(decoding: bytes[token.bytes], as: UTF8.self)
  }

  // MARK: Reports

  /// Keeps the stretch from the beginning of the element in which a panic began to where it ended.
  private mutating func noteBroken() {
    if isPanicking {
      brokenStart = tokens[min(elementStart, index)].offset
    } else if brokenStart < current.offset {
      broken.append(SourceRange(file: file, lower: brokenStart, upper: current.offset))
    }
  }

  /// Reports a mistake after which the rest of the statement makes no sense.
  mutating func report(_ diagnostic: Diagnostic) {
    guard !isPanicking else { return }
    isPanicking = true
    guard !at(.bad), !(isCut && at(.endOfFile)) else { return }
    if !bag.hasErrors { isIncomplete = at(.endOfFile) }
    bag.report(diagnostic)
  }

  /// Reports a mistake that was understood: reading goes on as if it had been written right.
  mutating func correct(_ diagnostic: Diagnostic) {
    guard !isPanicking else { return }
    bag.report(diagnostic)
  }

  /// Where to say that something is missing: at the current token, or behind the last one when the
  /// line ends there.
  var placeOfMissing: SourceRange {
    if current.followsLineBreak || at(.endOfFile) || at(.shellClose) {
      return SourceRange(file: file, lower: previousEnd, upper: previousEnd)
    }
    return range(of: current)
  }

  /// The current token for a message.
  var found: String {
    switch current.kind {
    case .endOfFile: "the end of the file"
    case _ where current.followsLineBreak && bracketDepth == 0: "the end of the line"
    case .stringOpen: "a string"
    case .shellOpen: "`$`"
    case .shellClose: "the end of the line"
    default: "`\(shown(current))`"
    }
  }

  func shown(_ token: Token) -> String {
    let text = text(of: token)
    return text.utf8.count <= 40 ? text : String(text.prefix(39)) + "…"
  }
}
