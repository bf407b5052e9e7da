import Diagnostics

// One layout for every file.
//
// The formatter decides indentation and blanks; where lines break is the writer's affair, as in
// gofmt. It works on tokens, so nothing can get lost, and asks a parser for the little that tokens
// do not show: which minus is a sign, which bracket belongs to the word before it.
//
// - Four blanks for each open block; what continues a line is indented once more.
// - A block that fits on one line may stay there; any other has its `}` on a line of its own.
// - At most one empty line between two others, none at the edges of a block.
// - A comment behind code keeps its column, or moves right when the code needs the room.
// - Blanks that align something with the line above or below are kept aligned (see
//   `Formatter+Layout.swift`); all other blanks are one or none.
//
// Formatting twice is formatting once.

/// What only the parser knows and the formatter needs, as offsets.
struct FormatMarks {
  /// Minus signs before their operand.
  var signs: [Int32] = []
  /// Brackets that follow a word or value without a blank: calls, parameters, indices.
  var tight: [Int32] = []
  /// Words that begin a line and go on with the statement before it: an answer's `because`.
  var continuations: [Int32] = []
  /// Braces around fields, where a comma ends an element.
  var fieldLists: [Int32] = []
}

/// The text of a file in the one layout; nil when it has syntax errors, whose text must not be
/// touched.
package func format(_ tree: SourceFile, _ source: SourceText) -> String? {
  guard !tree.hasErrors else { return nil }
  var lexer = Lexer(source, file: tree.file)
  lexer.run()
  var parser = Parser(source, file: tree.file, lexed: lexer)
  _ = parser.declarations()
  guard !lexer.bag.hasErrors, !parser.bag.hasErrors else { return nil }
  var formatter = Formatter(source, lexer, parser.marks)
  formatter.gatherLines()
  return formatter.text()
}

struct Formatter {
  let source: SourceText
  let tokens: [Token]
  let comments: [Comment]
  let signs: Set<Int32>
  let tight: Set<Int32>
  let fieldLists: Set<Int32>
  /// What begins a line and goes on with the statement before it.
  let continuations: Set<Int32>
  var lines: [Line] = []
  var openers: [Opener] = []
  /// A byte of the source and its column.
  private var lastColumn = (offset: 0, column: 0)

  /// One line of output.
  struct Line {
    var indentation: Int
    var pieces: [Piece] = []
    /// An empty line stands before it.
    var followsEmptyLine = false
  }

  /// What is printed as one: a token, a whole string or shell line, a comment.
  struct Piece {
    var text: String
    /// Columns (from 0) in the source and in the output.
    var sourceColumn: Int
    var column = 0
    /// Blanks before it on its source line; 0 for the first.
    var sourceBlanks: Int
    /// Whether a blank stands before it by rule.
    var wantsBlank: Bool
    var isComment = false

    /// The width of its last line.
    var width: Int {
      // Nearly all of them are one line of ASCII.
      if text.utf8.allSatisfy({ $0 < 0x80 && $0 != UInt8(ascii: "\n") }) { return text.utf8.count }
      return text.unicodeScalars.reversed().prefix { $0 != "\n" }.count
    }
  }

  /// An open bracket or brace.
  struct Opener {
    var kind: TokenKind
    var isFieldList: Bool
    /// Of the line on which it stands.
    var indentation: Int
    /// Its partner stands on another line.
    var spansLines: Bool
  }

  init(_ source: SourceText, _ lexer: Lexer, _ marks: FormatMarks) {
    self.source = source
    tokens = lexer.tokens
    comments = lexer.comments
    signs = Set(marks.signs)
    tight = Set(marks.tight)
    fieldLists = Set(marks.fieldLists)
    continuations = Set(marks.continuations)
  }

  // MARK: From tokens to lines

  mutating func gatherLines() {
    let spans = blocksOverLines()
    var nextComment = 0
    var index = 0
    var previous: Int?
    var previousEnd = 0
    var afterComment = false
    while index < tokens.count {
      let token = tokens[index]
      while nextComment < comments.count, comments[nextComment].range.lower < token.offset {
        add(comments[nextComment], after: previousEnd)
        previousEnd = Int(comments[nextComment].range.upper)
        nextComment += 1
        afterComment = true
      }
      guard token.kind != .endOfFile else { break }
      let end = lastTokenOfText(from: index)
      if !isIdleSemicolon(index) {
        let breaks = breaksLine(before: index, previous: previous, afterComment: afterComment)
        add(index, through: end, after: previousEnd, previous: previous, breaksLine: breaks)
        updateOpeners(index, spans: spans)
        previous = end
        afterComment = false
      }
      previousEnd = Int(tokens[end].end)
      index = end + 1
    }
  }

  /// For each `{`, whether its `}` stands on another line.
  private func blocksOverLines() -> Set<Int> {
    var result: Set<Int> = []
    var open: [Int] = []
    for (index, token) in tokens.enumerated() {
      if token.followsLineBreak, let innermost = open.last { result.insert(innermost) }
      if token.kind == .leftBrace { open.append(index) }
      if token.kind == .rightBrace, let closed = open.popLast(), let outer = open.last,
        result.contains(closed)
      {
        result.insert(outer)
      }
    }
    return result
  }

  /// The token that ends the string or shell line that begins at `index`; `index` for all others.
  private func lastTokenOfText(from index: Int) -> Int {
    var depth = 0
    var end = index
    repeat {
      switch tokens[end].kind {
      case .stringOpen, .shellOpen: depth += 1
      case .stringClose, .shellClose: depth -= 1
      default: break
      }
      if depth > 0 { end += 1 }
    } while depth > 0 && end < tokens.count - 1
    return end
  }

  /// A `;` that separates nothing: the last on its line, before a `}`, after a `{` or `;`, or
  /// behind a declaration, whose `}` ends its line anyway.
  private func isIdleSemicolon(_ index: Int) -> Bool {
    guard tokens[index].kind == .semicolon else { return false }
    // Of several, the first separates what stands around them all.
    var next = index + 1
    while tokens[next].kind == .semicolon, !tokens[next].followsLineBreak { next += 1 }
    if tokens[next].followsLineBreak { return true }
    if tokens[next].kind == .rightBrace || tokens[next].kind == .endOfFile { return true }
    guard index > 0, !tokens[index].followsLineBreak else { return true }
    switch tokens[index - 1].kind {
    case .leftBrace, .semicolon: return true
    case .rightBrace: return openers.isEmpty
    default: return false
    }
  }

  private func breaksLine(before index: Int, previous: Int?, afterComment: Bool) -> Bool {
    let token = tokens[index]
    guard let previous else { return true }
    if afterComment { return true }
    if token.word == .else, tokens[previous].kind == .rightBrace { return false }
    if tokens[previous].kind == .leftBrace, openers.last?.spansLines == true { return true }
    if token.kind == .rightBrace, openers.last?.spansLines == true { return true }
    if openers.isEmpty, tokens[previous].kind == .rightBrace { return true }
    if token.kind == .leftBrace { return false }
    return token.followsLineBreak || followsDroppedBreak(index, previous)
  }

  /// True when a `;` between the two was dropped that stood on a line of its own.
  private func followsDroppedBreak(_ index: Int, _ previous: Int) -> Bool {
    previous + 1 < index && tokens[(previous + 1)..<index].contains { $0.followsLineBreak }
  }

  private mutating func updateOpeners(_ index: Int, spans: Set<Int>) {
    let token = tokens[index]
    switch token.kind {
    case .leftBrace, .leftParen, .leftBracket:
      let isFieldList = fieldLists.contains(token.offset)
      openers.append(
        Opener(
          kind: token.kind, isFieldList: isFieldList,
          indentation: isFieldList ? lines.last?.indentation ?? 0 : indentation(ofOpening: token),
          spansLines: spans.contains(index)))
    case .rightBrace, .rightParen, .rightBracket: _ = openers.popLast()
    default: break
    }
  }

  /// Of the line that a block belongs to: a header of several lines counts as its first.
  private func indentation(ofOpening token: Token) -> Int {
    let own = lines.last?.indentation ?? 0
    guard token.kind == .leftBrace else { return own }
    switch openers.last?.kind {
    case nil: return 0
    case .leftBrace: return min(own, (openers.last?.indentation ?? 0) + 1)
    default: return own
    }
  }

  private mutating func add(_ comment: Comment, after end: Int) {
    let lower = Int(comment.range.lower)
    if comment.isOwnLine || lines.isEmpty {
      let inner = openers.last.map { $0.indentation + 1 } ?? 0
      lines.append(
        Line(
          indentation: inner,
          followsEmptyLine: !lines.isEmpty && hasEmptyLine(end, lower) && !isAfterOpening))
    }
    let column = column(of: lower)
    append(
      Piece(
        text: source.text(in: comment.range), sourceColumn: column,
        sourceBlanks: lower - end, wantsBlank: true, isComment: true))
  }

  private mutating func add(
    _ index: Int, through end: Int, after previousEnd: Int, previous: Int?, breaksLine: Bool
  ) {
    let token = tokens[index]
    let lower = Int(token.offset)
    if breaksLine {
      let isClosing = token.kind == .rightBrace
      lines.append(
        Line(
          indentation: indentation(of: token, previous: previous)
            + (continuations.contains(token.offset) ? 1 : 0),
          followsEmptyLine: !lines.isEmpty && hasEmptyLine(previousEnd, lower) && !isAfterOpening
            && !isClosing))
    }
    let raw = source.text(in: lower..<Int(tokens[end].end))
    let column = column(of: lower)
    append(
      Piece(
        text: String(
          raw.split(separator: "\r\n", omittingEmptySubsequences: false)
            .joined(separator: "\n")),
        sourceColumn: column, sourceBlanks: breaksLine ? 0 : lower - previousEnd,
        wantsBlank: previous.map { wantsBlank(between: $0, and: index) } ?? false))
  }

  private mutating func append(_ piece: Piece) {
    guard !lines.isEmpty else { return }
    lines[lines.count - 1].pieces.append(piece)
  }

  /// True right after the line of an opening brace, where no empty line may stand.
  private var isAfterOpening: Bool {
    guard openers.last?.kind == .leftBrace, let line = lines.last else { return false }
    let code = line.pieces.last { !$0.isComment }
    return code?.text == "{"
  }

  private func hasEmptyLine(_ lower: Int, _ upper: Int) -> Bool {
    source.bytes[min(lower, upper)..<upper].count { $0 == UInt8(ascii: "\n") } > 1
  }

  private func indentation(of token: Token, previous: Int?) -> Int {
    guard let opener = openers.last else {
      return previous.map { isContinued($0, in: nil) } == true ? 1 : 0
    }
    switch token.kind {
    case .rightBrace, .rightParen, .rightBracket: return opener.indentation
    default:
      let isContinuation = previous.map { isContinued($0, in: opener) } ?? false
      return opener.indentation + (isContinuation ? 2 : 1)
    }
  }

  /// Whether a token leaves its statement open, so that the next line continues it.
  private func isContinued(_ index: Int, in opener: Opener?) -> Bool {
    switch tokens[index].kind {
    case .comma: return opener == nil || opener?.kind == .leftBrace && opener?.isFieldList == false
    case .plus, .minus, .star, .slash, .percent, .equal, .notEqual, .less, .lessOrEqual, .greater,
      .greaterOrEqual, .dotDot:
      return true
    case .word:
      switch tokens[index].word {
      case .and, .or, .not, .in: return true
      default: return false
      }
    default: return false
    }
  }

  /// The column (from 0) of a byte of the source; a tab goes to the next multiple of four. Goes on
  /// from the byte that was asked for last, so that a long line is read once.
  private mutating func column(of offset: Int) -> Int {
    if offset < lastColumn.offset { lastColumn = (0, 0) }
    var column = lastColumn.column
    for byte in source.bytes[lastColumn.offset..<offset] {
      if byte == UInt8(ascii: "\n") {
        column = 0
      } else if byte == UInt8(ascii: "\t") {
        column += 4 - column % 4
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
    lastColumn = (offset, column)
    return column
  }
}
