import Diagnostics

extension Parser {
  /// The name of `thing`, as in "a variable". A missing one is reported and has an empty text.
  mutating func name(of thing: String) -> Name {
    guard at(.word), !isAtLineBreak else {
      if let name = enclosedName(of: thing) { return name }
      report(
        .expectedName(
          of: thing, found: found,
          help: at(.stringOpen) && !isAtLineBreak
            ? "a name stands without quotes, and is made of letters, digits and `_`" : nil,
          at: placeOfMissing))
      return missingName
    }
    let token = current
    if let word = token.word, word.isReserved {
      if !isPanicking { misnamed.insert(word) }
      report(.reservedName(word.rawValue, for: thing, at: range(of: token)))
      return missingName
    }
    advance()
    return Name(text: text(of: token), range: range(of: token))
  }

  var missingName: Name {
    Name(text: "", range: SourceRange(file: file, lower: previousEnd, upper: previousEnd))
  }

  /// `(a, b)`.
  mutating func parameters() -> [Name] {
    let open = current
    guard at(.leftParen), !isAtLineBreak else {
      report(
        .expected(
          "`(`", context: "to begin the parameters", found: found,
          form: at(.leftBrace) ? "`()` before the block: `NAME() { … }`" : nil,
          at: placeOfMissing))
      return []
    }
    marks.tight.append(open.offset)
    advance()
    bracketDepth += 1
    defer { bracketDepth -= 1 }
    var names: [Name] = []
    while !at(.rightParen), !at(.leftBrace), !at(.rightBrace), !at(.endOfFile), !isPanicking {
      names.append(parameter())
      if !eat(.comma) { break }
    }
    close(.rightParen, ")", opened: open)
    return names
  }

  /// A parameter; with a type or a value, as other languages have them, it is read as its name.
  private mutating func parameter() -> Name {
    let start = current
    while at(.word), ForeignWords.types.contains(text(of: current)),
      peek().kind == .word || peek().kind == .star
    {
      advance()
      while eat(.star) {}
    }
    let isTyped = current.offset > start.offset
    let name = name(of: "a parameter")
    let isFollowed = (at(.colon) || at(.assign)) && !name.isMissing
    if isFollowed {
      while !at(.comma), !at(.rightParen), !at(.leftBrace), !at(.rightBrace), !at(.endOfFile) {
        advance()
      }
    }
    if isTyped || isFollowed {
      let place = range(from: start)
      silenced.append(place)
      correct(.typedParameter(name.text, at: place))
    }
    return name
  }

  /// Takes the closing bracket, or says where the opening one stands.
  mutating func close(_ kind: TokenKind, _ spelling: String, opened: Token) {
    if eat(kind) { return }
    var help = comprehension(opened: opened)
    if at(.colon), opened.kind == .leftBracket {
      help = "there are no slices: an element is `LIST[0]`"
    }
    report(
      .unclosedBracket(
        spelling, opened: range(of: opened), found: found, help: help, at: placeOfMissing))
  }

  /// Takes a token that must come next, on this line.
  mutating func expect(_ kind: TokenKind, _ spelling: String, _ context: String) {
    if at(kind), !isAtLineBreak {
      advance()
    } else {
      report(
        .expected("`\(spelling)`", context: context, found: found, at: placeOfMissing))
    }
  }

  mutating func expect(_ word: Word, _ context: String, help: String? = nil) {
    if eat(word) { return }
    report(
      .expected(
        "`\(word.rawValue)`", context: context, found: found, help: help, at: placeOfMissing))
  }
}
