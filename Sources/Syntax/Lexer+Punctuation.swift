import Diagnostics

extension Lexer {
  mutating func lexPunctuation(_ byte: UInt8) {
    let next = self.byte(1)
    if byte >= 0x80 ? lexForeignCharacter() : lexForeignOperator(byte, next) { return }
    switch byte {
    case UInt8(ascii: "{"): openBrace()
    case UInt8(ascii: "}"): closeBrace()
    case UInt8(ascii: "("): take(.leftParen)
    case UInt8(ascii: ")"): take(.rightParen)
    case UInt8(ascii: "["): take(.leftBracket)
    case UInt8(ascii: "]"): take(.rightBracket)
    case UInt8(ascii: ","): take(.comma)
    case UInt8(ascii: ";"): take(.semicolon)
    case UInt8(ascii: "@"): take(.atSign)
    case UInt8(ascii: ":"): next == byte ? take(.doubleColon, 2) : take(.colon)
    case UInt8(ascii: "."): next == byte ? dots() : take(.dot)
    case UInt8(ascii: "="): next == byte ? take(.equal, 2) : take(.assign)
    case UInt8(ascii: "<"): next == UInt8(ascii: "=") ? take(.lessOrEqual, 2) : take(.less)
    case UInt8(ascii: ">"): next == UInt8(ascii: "=") ? take(.greaterOrEqual, 2) : take(.greater)
    case UInt8(ascii: "+"): arithmetic(.plus, next)
    case UInt8(ascii: "-"): arithmetic(.minus, next)
    case UInt8(ascii: "*"): arithmetic(.star, next)
    case UInt8(ascii: "%"): arithmetic(.percent, next)
    case UInt8(ascii: "/"): slash(next)
    case UInt8(ascii: "!"): exclamation(next)
    case UInt8(ascii: "&") where next == byte: foreign("&&", .and)
    case UInt8(ascii: "|") where next == byte: foreign("||", .or)
    case UInt8(ascii: "'"): singleQuoted()
    default: lexBad()
    }
  }

  private mutating func take(_ kind: TokenKind, _ length: Int = 1) {
    position += length
    add(kind, from: position - length)
  }

  /// `..`; a third dot is a habit from elsewhere.
  private mutating func dots() {
    switch byte(2) {
    case UInt8(ascii: "."): foreignSign("...", "..", .dotDot)
    case UInt8(ascii: "="): foreignSign("..=", "..", .dotDot)
    case UInt8(ascii: "<"):
      bag.report(.halfOpenRange(at: range(position, position + 3)))
      take(.dotDot, 3)
    default: take(.dotDot, 2)
    }
  }

  private mutating func openBrace() {
    if let last = enclosures.indices.last { enclosures[last].depth += 1 }
    take(.leftBrace)
  }

  private mutating func closeBrace() {
    guard let last = enclosures.indices.last else { return take(.rightBrace) }
    if enclosures[last].depth > 0 {
      enclosures[last].depth -= 1
      take(.rightBrace)
    } else {
      take(.interpolationClose)
      lexText()
    }
  }

  private mutating func arithmetic(_ kind: TokenKind, _ next: UInt8) {
    next == UInt8(ascii: "=") && byte(2) != next ? take(.compoundAssign, 2) : take(kind)
  }

  private mutating func slash(_ next: UInt8) {
    guard next == UInt8(ascii: "/") || next == UInt8(ascii: "*") else {
      return arithmetic(.slash, next)
    }
    foreignComment(next == UInt8(ascii: "/") ? "//" : "/*")
  }

  private mutating func exclamation(_ next: UInt8) {
    next == UInt8(ascii: "=") ? take(.notEqual, 2) : foreign("!", .not)
  }

  /// Complains about the spelling and goes on with the word that was meant.
  private mutating func foreign(_ spelling: String, _ word: Word) {
    let lower = position
    position += spelling.utf8.count
    bag.report(.foreignSpelling(spelling, means: word.rawValue, at: range(lower, position)))
    add(.word, from: lower, word: word)
  }

  private mutating func singleQuoted() {
    let lower = position
    position += 1
    while position < bytes.count, bytes[position] != UInt8(ascii: "\n") {
      position += 1
      if bytes[position - 1] == UInt8(ascii: "'") { break }
    }
    bag.report(.singleQuotes(at: range(lower, position)))
    add(.bad, from: lower)
  }

  /// A run of bytes that mean nothing here: one token, one message.
  private mutating func lexBad() {
    let lower = position
    var isValid = true
    var control: Unicode.Scalar?
    while position < bytes.count, isStray(bytes[position]) {
      let decoded = source.scalar(at: position)
      if let scalar = decoded.scalar {
        if scalar.value < 0x20 || scalar.value == 0x7F { control = control ?? scalar }
      } else {
        isValid = false
      }
      position += decoded.byteCount
    }
    let place = range(lower, position)
    if !isValid {
      bag.report(.invalidUTF8(at: place))
    } else if let control {
      bag.report(.controlCharacter(control, at: place))
    } else {
      let shown = source.text(in: lower..<min(position, lower + 32))
      bag.report(.strayCharacters(shown, at: place))
    }
    add(.bad, from: lower)
  }

  private func isStray(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"): false
    case UInt8(ascii: "&"), UInt8(ascii: "|"), UInt8(ascii: "?"), UInt8(ascii: "^"),
      UInt8(ascii: "~"), UInt8(ascii: "`"), UInt8(ascii: "\\"):
      true
    default: byte < 0x20 || byte >= 0x7F
    }
  }
}
