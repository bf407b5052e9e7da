/// What a token is. Words are told apart by `Token.word`.
enum TokenKind: UInt8, Sendable, CaseIterable {
  case word, integer, duration
  // A string: open, text and interpolations, close. A string cut off by its line's end has a close
  // of length 0, as has a shell line, which ends with its line.
  case stringOpen, stringClose
  case shellOpen, shellClose
  case text
  case interpolationOpen, interpolationClose
  // Punctuation.
  case leftBrace, rightBrace, leftParen, rightParen, leftBracket, rightBracket
  case comma, semicolon, colon, doubleColon, dot, dotDot, atSign
  case assign, compoundAssign
  case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
  case plus, minus, star, slash, percent
  /// Bytes that the lexer has already complained about.
  case bad
  case endOfFile
}

/// Twelve bytes for each token; its text stays in the source.
struct Token: Sendable {
  var kind: TokenKind
  /// For a `.word`, the word of the language that it is, if any.
  var word: Word?
  /// A line break stands between the token before and this one.
  var followsLineBreak: Bool
  /// A blank, a comment or a line break does.
  var followsBlank: Bool
  var offset: Int32
  var length: Int32

  var end: Int32 { offset + length }
  var bytes: Range<Int> { Int(offset)..<Int(end) }
}
