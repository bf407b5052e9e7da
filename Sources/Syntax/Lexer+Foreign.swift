import Diagnostics

// Signs of other languages. Where it is plain what is meant the token is that, and the text is read
// on; where it is not the token is `.bad`, and the parser says nothing about the rest.

extension Lexer {
  /// Complains about the spelling and goes on with the sign that was meant.
  mutating func foreignSign(_ spelling: String, _ means: String, _ kind: TokenKind) {
    let lower = position
    position += spelling.utf8.count
    bag.report(.foreignSpelling(spelling, means: means, at: range(lower, position)))
    add(kind, from: lower)
  }

  /// Complains about a sign for something that the language does without.
  private mutating func absentSign(_ spelling: String, help: String) {
    let lower = position
    position += spelling.utf8.count
    // Where there are several on a line, they are parts of one habit.
    if lineOfAbsentSign != lineStart {
      bag.report(.absentSign(spelling, help: help, at: range(lower, position)))
    }
    lineOfAbsentSign = lineStart
    add(.bad, from: lower)
  }

  /// The signs of other languages that begin with an ASCII byte. Returns false for any other.
  mutating func lexForeignOperator(_ byte: UInt8, _ next: UInt8) -> Bool {
    let third = self.byte(2)
    let equals = UInt8(ascii: "=")
    switch (byte, next) {
    case (equals, equals) where third == equals: foreignSign("===", "==", .equal)
    case (equals, UInt8(ascii: "~")):
      absentSign("=~", help: "whether a text is part of another is `\"TEXT\" in VALUE`")
    case (UInt8(ascii: "!"), _) where next != equals && isMacroMark: macroMark()
    case (UInt8(ascii: "`"), _): backquotes()
    case (equals, UInt8(ascii: ">")):
      absentSign("=>", help: "at least is `>=`; what is to be called is a `def NAME(…) { … }`")
    case (UInt8(ascii: "!"), equals) where third == equals: foreignSign("!==", "!=", .notEqual)
    case (UInt8(ascii: "<"), UInt8(ascii: ">")): foreignSign("<>", "!=", .notEqual)
    case (UInt8(ascii: ":"), equals): foreignSign(":=", "=", .assign)
    case (UInt8(ascii: "<"), UInt8(ascii: "<")): absentBits("<<")
    case (UInt8(ascii: ">"), UInt8(ascii: ">")): absentBits(">>")
    case (UInt8(ascii: "*"), UInt8(ascii: "*")): power()
    case (UInt8(ascii: "+"), UInt8(ascii: "+")): step("++")
    case (UInt8(ascii: "-"), UInt8(ascii: "-")): return lexDashes()
    case (UInt8(ascii: "-"), UInt8(ascii: ">")): arrow()
    case (UInt8(ascii: "?"), UInt8(ascii: ".")): foreignSign("?.", ".", .dot)
    case (UInt8(ascii: "?"), _):
      absentSign("?", help: "write `if CONDITION { x = A } else { x = B }`, with a `var x` before")
    case (UInt8(ascii: "&"), _) where next != byte, (UInt8(ascii: "|"), _) where next != byte,
      (UInt8(ascii: "^"), _), (UInt8(ascii: "~"), _):
      absentBits(String(UnicodeScalar(byte)))
    default: return false
    }
    return true
  }

  private mutating func absentBits(_ spelling: String) {
    var help = "bools are joined with `and`, `or` and `not`; there are no operators on bits"
    if spelling == "&" {
      if isAtEndOfLine(position + 1) { help = "every task runs by itself: leave `&` out" }
      let before = tokens.last?.kind
      if before == .leftParen || before == .comma || before == .assign, isWordStart(byte(1)) {
        help = "there are no pointers: leave `&` out"
      }
    }
    absentSign(spelling, help: help)
  }

  private func isAtEndOfLine(_ place: Int) -> Bool {
    var place = place
    while place < bytes.count, isBlank(bytes[place]) { place += 1 }
    return place >= bytes.count || bytes[place] == UInt8(ascii: "\n")
  }

  /// `println!(…)`, `vec![…]`: a name, and what is not `!=` close behind it.
  private var isMacroMark: Bool {
    guard nameBefore(position) != nil, let last = tokens.last, last.word?.isReserved != true else {
      return false
    }
    switch byte(1) {
    case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: " "): return true
    default: return false
    }
  }

  private mutating func macroMark() {
    let lower = position
    position += 1
    bag.report(.macroMark(nameBefore(lower) ?? "", at: range(lower, position)))
    add(.bad, from: lower)
  }

  /// A command between backquotes: to the one that closes it, or to the end of the line.
  private mutating func backquotes() {
    let lower = position
    position += 1
    while position < bytes.count, bytes[position] != UInt8(ascii: "\n") {
      position += 1
      if bytes[position - 1] == UInt8(ascii: "`") { break }
    }
    let isClosed = position > lower + 1 && bytes[position - 1] == UInt8(ascii: "`")
    let inside = (lower + 1)..<max(lower + 1, isClosed ? position - 1 : position)
    let text = inside.count <= 40 ? source.text(in: inside) : ""
    bag.report(.backquotes(text, at: range(lower, position)))
    add(.bad, from: lower)
  }

  private mutating func power() {
    let lower = position
    position += 2
    bag.report(
      .absentSign("**", help: "multiply as often as needed: `n * n`", at: range(lower, position)))
    add(.star, from: lower)
  }

  /// `x++`, `++x`.
  private mutating func step(_ spelling: String) {
    let lower = position
    position += 2
    let name = nameBefore(lower) ?? nameBehind(position) ?? "x"
    bag.report(.stepOperator(spelling, of: name, at: range(lower, position)))
    add(.bad, from: lower)
  }

  /// `x--` and `-- a comment`; elsewhere two signs in a row are what they seem to be.
  private mutating func lexDashes() -> Bool {
    let isOwnLine = sawLineBreak || tokens.isEmpty
    let third = byte(2)
    let isBetweenBlanks = sawBlank && enclosures.isEmpty
    if isOwnLine || isBetweenBlanks, third == UInt8(ascii: " ") {
      foreignComment("--")
      return true
    }
    let endsThere: Bool =
      switch third {
      case 0, UInt8(ascii: "\n"), UInt8(ascii: ";"), UInt8(ascii: "}"), UInt8(ascii: ")"),
        UInt8(ascii: " "), UInt8(ascii: "\r"):
        true
      default: false
      }
    guard isOwnLine && isWordStart(third) || endsThere && nameBefore(position) != nil else {
      return false
    }
    step("--")
    return true
  }

  /// `o->a`, `fn f() -> int`.
  private mutating func arrow() {
    let isBehindIndex = tokens.last.map { $0.kind == .rightBracket && Int($0.end) == position }
    if nameBefore(position) != nil || isBehindIndex == true, isWordStart(byte(2)) {
      return foreignSign("->", ".", .dot)
    }
    absentSign("->", help: "a function does not say what it returns: leave this out")
  }

  private func nameBefore(_ place: Int) -> String? {
    guard let last = tokens.last, last.kind == .word, Int(last.end) == place else { return nil }
    return source.text(in: last.bytes)
  }

  private func nameBehind(_ place: Int) -> String? {
    var end = place
    while end < bytes.count, isWordPart(bytes[end]) { end += 1 }
    return end > place ? source.text(in: place..<end) : nil
  }

  mutating func foreignComment(_ mark: String) {
    let lower = position
    bag.report(.foreignComment(mark, at: range(lower, lower + mark.utf8.count)))
    while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
    comments.append(
      Comment(range: range(lower, position), isOwnLine: sawLineBreak || tokens.isEmpty))
    sawBlank = true
  }

  // MARK: Characters beyond ASCII

  /// Blanks, quotes and signs that an editor or a text processor has put in the place of others.
  mutating func lexForeignCharacter() -> Bool {
    let decoded = source.scalar(at: position)
    guard let scalar = decoded.scalar, scalar.value >= 0x80 else { return false }
    if let name = ForeignWords.blankName(scalar) {
      foreignBlank(name)
      return true
    }
    if ForeignWords.quotes.contains(scalar) {
      foreignQuotes()
      return true
    }
    guard let sign = ForeignWords.signs[scalar] else { return false }
    foreignSign(String(Character(scalar)), sign.spelling, sign.kind)
    return true
  }

  /// Read as a blank; one message for each line.
  private mutating func foreignBlank(_ name: String) {
    let lower = position
    while position < bytes.count, bytes[position] >= 0x80 {
      let decoded = source.scalar(at: position)
      guard let scalar = decoded.scalar, ForeignWords.blankName(scalar) != nil else { break }
      position += decoded.byteCount
    }
    sawBlank = true
    guard lineOfForeignBlank != lineStart else { return }
    lineOfForeignBlank = lineStart
    bag.report(.foreignBlank(name, at: range(lower, position)))
  }

  /// The whole text, up to the quote that closes it or to the end of the line.
  private mutating func foreignQuotes() {
    let lower = position
    position += source.scalar(at: position).byteCount
    while position < bytes.count, bytes[position] != UInt8(ascii: "\n") {
      let decoded = source.scalar(at: position)
      position += decoded.byteCount
      if let scalar = decoded.scalar, scalar == "\"" || ForeignWords.quotes.contains(scalar) {
        break
      }
    }
    bag.report(.foreignQuotes(at: range(lower, position)))
    add(.bad, from: lower)
  }
}
