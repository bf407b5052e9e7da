import Diagnostics

// Strings and shell lines. A shell line is taken as typed, with the rules a shell would suggest:
//
// - `{expression}` is interpolated, except between single quotes; `\{` and `\}` are braces;
// - a `}` that opens nothing ends the line, so that `def f(p) { $ zypper install {p} }` works;
// - `#` after a blank, outside quotes, begins a comment; a `\` at the end joins the next line;
// - `fails EAGAIN or EBUSY` at the very end is no part of the command.

extension Lexer {
  /// Reads the text of the innermost enclosure up to its end or to its next interpolation.
  mutating func lexText() {
    guard let last = enclosures.indices.last else { return }
    enclosures[last].isShell ? lexShellText() : lexStringText()
  }

  private mutating func lexStringText() {
    let lower = position
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        addText(from: lower)
        enclosures.removeLast()
        position += 1
        add(.stringClose, from: position - 1)
        return
      case UInt8(ascii: "{"):
        addText(from: lower)
        return openInterpolation()
      case UInt8(ascii: "\n"):
        return unterminated(textFrom: lower)
      case UInt8(ascii: "\\"):
        lexEscape()
      default:
        checkedAdvance()
      }
    }
    unterminated(textFrom: lower)
  }

  private mutating func unterminated(textFrom lower: Int) {
    // A quote inside `{…}` opened a string: then the `}` is what is missing.
    guard enclosures.count < 2, let enclosure = enclosures.last else {
      _ = closeEnclosures()
      return
    }
    if openedTitle() { return }
    abandonEnclosures()
    bag.report(.unterminatedString(at: range(enclosure.opener, position)))
  }

  private mutating func openInterpolation() {
    let last = enclosures.count - 1
    enclosures[last].interpolation = position
    enclosures[last].depth = 0
    position += 1
    add(.interpolationOpen, from: position - 1)
  }

  private mutating func addText(from lower: Int) {
    if position > lower { add(.text, from: lower) }
  }

  private mutating func lexEscape() {
    let lower = position
    position += 1
    switch byte() {
    case UInt8(ascii: "n"), UInt8(ascii: "t"), UInt8(ascii: "\\"), UInt8(ascii: "\""),
      UInt8(ascii: "{"), UInt8(ascii: "}"):
      position += 1
      return
    case UInt8(ascii: "u") where byte(1) == UInt8(ascii: "{"):
      position += 2
      while NumberReading.hexDigit(byte()) != nil { position += 1 }
      if byte() == UInt8(ascii: "}") { position += 1 }
      if unescapedScalar(bytes[lower..<position]) != nil { return }
    case UInt8(ascii: "\n"), 0:
      return
    case _ where bag.isFull:
      return
    default:
      position += source.scalar(at: position).byteCount
    }
    bag.report(.unknownEscape(source.text(in: lower..<position), at: range(lower, position)))
  }

  private mutating func lexShellText() {
    guard let last = enclosures.indices.last else { return }
    let lower = position
    var quote = enclosures[last].quote
    loop: while position < bytes.count {
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "\n"): break loop
      case UInt8(ascii: "'"), UInt8(ascii: "\""):
        if quote == 0 { quote = byte } else if quote == byte { quote = 0 }
        position += 1
      case _ where quote == UInt8(ascii: "'"):
        checkedAdvance()
      case UInt8(ascii: "\\"):
        position += self.byte(1) == 0 ? 1 : 2
      case UInt8(ascii: "{"):
        enclosures[last].quote = quote
        addText(from: lower)
        return openInterpolation()
      case UInt8(ascii: "}") where quote == 0: break loop
      case UInt8(ascii: "#") where quote == 0 && position > 0 && isBlank(bytes[position - 1]):
        break loop
      default:
        checkedAdvance()
      }
    }
    endShell(textFrom: lower)
  }

  private mutating func endShell(textFrom lower: Int) {
    position = min(position, bytes.count)
    let stop = position
    var upper = expectedFailure(in: lower..<stop) ?? stop
    while upper > lower, isBlank(bytes[upper - 1]) { upper -= 1 }
    position = upper
    addText(from: lower)
    enclosures.removeLast()
    add(.shellClose, from: position)
  }

  /// Where ` fails NAME [or NAME…]` begins that reaches to the end of a shell text.
  private func expectedFailure(in text: Range<Int>) -> Int? {
    var words: [Range<Int>] = []
    var upper = text.upperBound
    // From the end: names of errors and the `or`s between them, until `fails`.
    while true {
      while upper > text.lowerBound, isBlank(bytes[upper - 1]) { upper -= 1 }
      var lower = upper
      while lower > text.lowerBound, !isBlank(bytes[lower - 1]) { lower -= 1 }
      guard lower > text.lowerBound, lower < upper else { return nil }
      if spells("fails", lower..<upper) { break }
      words.append(lower..<upper)
      upper = lower
      guard isErrorName(words[words.count - 1]) || spells("or", words[words.count - 1]) else {
        return nil
      }
    }
    guard words.count % 2 == 1 else { return nil }
    for (index, word) in words.enumerated() where isErrorName(word) != (index % 2 == 0) {
      return nil
    }
    return upper - "fails".utf8.count
  }

  private func isErrorName(_ range: Range<Int>) -> Bool {
    range.count > 1 && bytes[range.lowerBound] == UInt8(ascii: "E")
      && bytes[range].allSatisfy {
        NumberReading.isDigit($0) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0)
      }
  }

  private func spells(_ word: String, _ range: Range<Int>) -> Bool {
    word.utf8.elementsEqual(bytes[range])
  }

  /// At the end of a line every open text ends. Only the outermost is to blame. Returns true when
  /// the line is to be read on, from where it turned out that no text is open.
  mutating func closeEnclosures() -> Bool {
    guard let outermost = enclosures.first else { return false }
    let isBraceOfBlock = !outermost.isShell && tokens.last?.kind == .interpolationOpen
    if isBraceOfBlock, openedTitle() { return true }
    abandonEnclosures()
    if isBraceOfBlock {
      // `kernel "3.12 {`: nothing comes after the brace, so it was not meant to be in the text.
      bag.report(.unterminatedString(at: range(outermost.opener, position)))
    } else {
      bag.report(
        .unclosedInterpolation(
          at: range(outermost.opener, position),
          brace: range(outermost.interpolation, outermost.interpolation + 1)))
    }
    return false
  }

  // MARK: A quote that is missing before a title

  /// `module ext4" {`: the quote that seems to open a text closes one. Reads the title as if its
  /// first quote were there, and stands behind its last.
  private mutating func openedTitle() -> Bool {
    guard enclosures.count == 1, let enclosure = enclosures.first, !enclosure.isShell,
      let first = firstTokenOfTitle(before: enclosure.token), isBehindTitle(enclosure.opener + 1)
    else { return false }
    let start = Int(tokens[first].offset)
    bag.truncate(to: reportsBeforeLine)
    enclosures.removeAll()
    tokens.removeSubrange(first...)
    comments.removeAll { Int($0.range.lower) > start }
    sawLineBreak = false
    sawBlank = true
    position = start
    add(.stringOpen, from: start)
    position = enclosure.opener
    add(.text, from: start)
    position += 1
    add(.stringClose, from: enclosure.opener)
    bag.report(
      .titleWithoutQuote(
        source.text(in: start..<min(enclosure.opener, start + 40)),
        at: range(start, enclosure.opener)))
    return true
  }

  /// Where the words begin that stand between a word that has a title and the quote.
  private func firstTokenOfTitle(before quote: Int) -> Int? {
    guard quote > 0, Int(tokens[quote - 1].end) == Int(tokens[quote].offset) else { return nil }
    var first = quote
    while first > 0, Int(tokens[first - 1].offset) >= lineStart {
      switch tokens[first - 1].kind {
      case .word, .integer, .duration, .dot, .minus, .comma, .slash, .plus: first -= 1
      default: return title(in: first..<quote)
      }
    }
    return title(in: first..<quote)
  }

  private func title(in words: Range<Int>) -> Int? {
    for place in words.dropLast() {
      switch tokens[place].word {
      case .kernel, .module, .scenario, .lesson, .chapter, .ask, .package, .use: return place + 1
      default: continue
      }
    }
    return nil
  }

  /// Whether the rest of the line may stand behind a title.
  private func isBehindTitle(_ place: Int) -> Bool {
    var place = place
    while place < bytes.count, isBlank(bytes[place]) { place += 1 }
    guard place < bytes.count else { return true }
    switch bytes[place] {
    case UInt8(ascii: "\n"), UInt8(ascii: "{"), UInt8(ascii: "@"), UInt8(ascii: "#"): return true
    default: break
    }
    var end = place
    while end < bytes.count, isWordPart(bytes[end]) { end += 1 }
    return ["in", "for", "at", "version"].contains { spells($0, place..<end) }
  }

  /// Makes one plain text of what is left of the line since the outermost opener: whatever seemed
  /// to be code in it would only give rise to more complaints.
  private mutating func abandonEnclosures() {
    guard let outermost = enclosures.first else { return }
    bag.truncate(to: reportsBeforeLine)
    brokenLines.append(lineStart...position)
    enclosures.removeAll()
    tokens.removeSubrange((outermost.token + 1)...)
    comments.removeAll { Int($0.range.lower) > outermost.opener }
    sawLineBreak = false
    sawBlank = false
    addText(from: outermost.opener + 1)
    add(outermost.isShell ? .shellClose : .stringClose, from: position)
  }

  /// Passes one character of free text, complaining when it is none or would not be seen.
  mutating func checkedAdvance() {
    let byte = bytes[position]
    if byte >= 0x20 && byte < 0x7F || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r") {
      position += 1
      return
    }
    let lower = position
    let first = source.scalar(at: position)
    guard isBad(first), !bag.isFull else {
      position += first.byteCount
      return
    }
    while position < bytes.count, bytes[position] != UInt8(ascii: "\n") {
      let decoded = source.scalar(at: position)
      guard isBad(decoded) else { break }
      position += decoded.byteCount
    }
    let place = range(lower, position)
    if let scalar = first.scalar {
      bag.report(.controlCharacter(scalar, at: place))
    } else {
      bag.report(.invalidUTF8(at: place))
    }
  }

  private func isBad(_ decoded: SourceText.DecodedScalar) -> Bool {
    guard let scalar = decoded.scalar else { return true }
    return scalar != "\t" && scalar != "\r" && isControl(scalar)
  }
}
