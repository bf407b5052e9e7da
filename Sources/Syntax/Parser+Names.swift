import Diagnostics

extension Parser {
  /// The name of `thing`, as in "a variable". A missing one is reported and has an empty text.
  mutating func name(of thing: String) -> Name {
    guard at(.word), !isAtLineBreak else {
      if let name = enclosedName(of: thing) ?? nameBeginningWithDigit(of: thing) { return name }
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

  /// `5x`, read as the name that it is meant to be.
  private mutating func nameBeginningWithDigit(of thing: String) -> Name? {
    guard at(.duration), !isAtLineBreak, !isPanicking,
      case .unknownUnit = NumberReading(bytes, current.bytes)
    else { return nil }
    let place = range(of: current)
    let spelling = text(of: current)
    silenced.append(place)
    numbersAsNames.insert(spelling)
    correct(.nameBeginningWithDigit(spelling, of: thing, at: place))
    advance()
    excuse(place)
    return missingName
  }

  var missingName: Name {
    Name(text: "", range: SourceRange(file: file, lower: previousEnd, upper: previousEnd))
  }

  /// `(a, b)`.
  mutating func parameters() -> [Name] {
    let open = current
    if at(.leftParen), !isAtLineBreak {
      advance()
    } else {
      report(
        .expected(
          "`(`", context: "to begin the parameters", found: found,
          form: at(.leftBrace) ? "`()` before the block: `NAME() { … }`" : nil,
          at: placeOfMissing))
      // `fn f a) {`: what stands there is what was meant.
      guard isBeforeClosingParenthesis || isBareParameterList else { return [] }
    }
    marks.tight.append(open.offset)
    bracketDepth += 1
    defer { bracketDepth -= 1 }
    let list = parameterList()
    // How many there are was not read for certain.
    if list.foreign != nil || list.lacksComma { excuse(range(from: open)) }
    if let foreign = list.foreign {
      correct(.typedParameters(list.names.map(\.text), isOne: list.foreignCount == 1, at: foreign))
    }
    close(.rightParen, ")", opened: open)
    return list.names
  }

  /// Whether a `)` follows on this line, before the block.
  private var isBeforeClosingParenthesis: Bool {
    var ahead = index
    while ahead < tokens.count, ahead < index + 200, !tokens[ahead].followsLineBreak {
      switch tokens[ahead].kind {
      case .rightParen: return true
      case .leftParen, .leftBrace, .rightBrace, .semicolon, .endOfFile: return false
      default: ahead += 1
      }
    }
    return false
  }

  /// `def f a, b {`
  private var isBareParameterList: Bool {
    var ahead = index
    while ahead + 1 < tokens.count, tokens[ahead].kind == .word, !tokens[ahead].followsLineBreak {
      if tokens[ahead + 1].kind == .leftBrace { return true }
      guard tokens[ahead + 1].kind == .comma else { return false }
      ahead += 2
    }
    return false
  }

  private struct ParameterList {
    var names: [Name] = []
    /// From the first to the last that has a type or a value, as other languages have them.
    var foreign: SourceRange?
    var foreignCount = 0
    var lacksComma = false
  }

  private mutating func parameterList() -> ParameterList {
    var list = ParameterList()
    while !at(.rightParen), !at(.leftBrace), !at(.rightBrace), !at(.endOfFile) {
      let isBroken = isPanicking
      let parameter = parameter()
      list.names.append(parameter.name)
      if let place = parameter.foreign {
        list.foreignCount += 1
        let lower = list.foreign?.lower ?? place.lower
        list.foreign = SourceRange(file: file, lower: lower, upper: place.upper)
      }
      if eat(.comma) { continue }
      guard !isBroken, at(.word), !isAtLineBreak, !current.followsLineBreak,
        current.word?.isReserved != true
      else { break }
      // `(a b)`, said once of a list.
      if !list.lacksComma { correct(.missingCommaInParameters(at: range(of: current))) }
      list.lacksComma = true
    }
    return list
  }

  /// A parameter; with a type or a value, as other languages have them, it is read as its name.
  private mutating func parameter() -> (name: Name, foreign: SourceRange?) {
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
    guard isTyped || isFollowed else { return (name, nil) }
    let place = range(from: start)
    silenced.append(place)
    return (name, place)
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
