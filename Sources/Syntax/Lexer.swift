import Diagnostics

// From bytes to tokens.
//
// The lexer makes one pass and keeps every token in a flat array; blanks, line breaks and comments
// between tokens are trivia. Two flags on a token remember a line break or a blank before it, which
// is all that the grammar needs to know of them.
//
// Text with `{expression}` in it makes the lexer a stack machine. A string, or the line after `$`,
// opens an *enclosure*; while its text is read the bytes are text; at a `{` the lexer goes back to
// reading code until the matching `}`. No enclosure outlives its line: a forgotten quote costs one
// line and one message, not the rest of the file.
//
// Nothing here fails. Bytes that mean nothing become one `.bad` token for each run of them, already
// reported, at which the parser stays silent.

struct Lexer {
  let source: SourceText
  let file: SourceFileID
  /// A copy of `source.bytes`, close at hand.
  let bytes: [UInt8]
  let words = WordTable.shared

  var position = 0
  var tokens: [Token] = []
  var comments: [Comment] = []
  var bag = DiagnosticBag()
  var enclosures: [Enclosure] = []
  /// Where the current line begins, and how much had been reported by then.
  var lineStart = 0
  var reportsBeforeLine = 0
  /// Lines on which a text was not closed, up to and including their ends.
  var brokenLines: [ClosedRange<Int>] = []
  /// The beginning of the last line of which it was said that a blank in it is none.
  var lineOfForeignBlank = -1
  /// The beginning of the last line of which it was said that the language lacks a sign in it.
  var lineOfAbsentSign = -1
  var sawLineBreak = false
  var sawBlank = false

  /// A text that is open while code inside its braces is read.
  struct Enclosure {
    var isShell: Bool
    var opener: Int
    /// The index of its opening token.
    var token: Int
    /// Where the `{` of the current interpolation stands.
    var interpolation = 0
    /// Braces open inside the current interpolation.
    var depth = 0
    /// The shell quote that is open around it, or 0.
    var quote: UInt8 = 0
  }

  /// Larger files are refused: this bounds the memory that tokens and tree can take.
  static let maximumByteCount = 8 * 1_048_576

  init(_ source: SourceText, file: SourceFileID) {
    self.source = source
    self.file = file
    bytes = source.bytes
    tokens.reserveCapacity(min(bytes.count, Self.maximumByteCount) / 4 + 16)
  }

  mutating func run() {
    guard bytes.count <= Self.maximumByteCount else {
      bag.report(.fileTooLarge(limit: Self.maximumByteCount, at: range(0, 0)))
      position = bytes.count
      add(.endOfFile, from: position)
      return
    }
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    repeat {
      while position < bytes.count, !bag.isFull { lexCode() }
    } while closeEnclosures() && !bag.isFull
    add(.endOfFile, from: position)
  }

  func range(_ lower: Int, _ upper: Int) -> SourceRange {
    SourceRange(file: file, lower: Int32(lower), upper: Int32(upper))
  }

  func byte(_ ahead: Int = 0) -> UInt8 {
    let index = position + ahead
    return index < bytes.count ? bytes[index] : 0
  }

  /// Adds a token from `lower` to the current position.
  mutating func add(_ kind: TokenKind, from lower: Int, word: Word? = nil) {
    tokens.append(
      Token(
        kind: kind, word: word, followsLineBreak: sawLineBreak, followsBlank: sawBlank,
        offset: Int32(lower), length: Int32(position - lower)))
    sawLineBreak = false
    sawBlank = false
  }

  /// Reads one token of code, or one piece of trivia.
  private mutating func lexCode() {
    let byte = bytes[position]
    switch byte {
    case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
      repeat { position += 1 } while position < bytes.count && isBlank(bytes[position])
      sawBlank = true
    case UInt8(ascii: "\n"):
      if closeEnclosures() { return }
      position += 1
      lineStart = position
      reportsBeforeLine = bag.diagnostics.count
      sawBlank = true
      sawLineBreak = true
    case UInt8(ascii: "#"):
      lexComment()
    case _ where isWordStart(byte):
      lexWord()
    case _ where NumberReading.isDigit(byte):
      lexNumber()
    case UInt8(ascii: "\""):
      enclosures.append(Enclosure(isShell: false, opener: position, token: tokens.count))
      position += 1
      add(.stringOpen, from: position - 1)
      lexText()
    case UInt8(ascii: "$"):
      enclosures.append(Enclosure(isShell: true, opener: position, token: tokens.count))
      position += 1
      add(.shellOpen, from: position - 1)
      skipBlanks()
      lexText()
    default:
      lexPunctuation(byte)
    }
  }

  mutating func skipBlanks() {
    while byte() == UInt8(ascii: " ") || byte() == UInt8(ascii: "\t") {
      position += 1
      sawBlank = true
    }
  }

  private mutating func lexWord() {
    let lower = position
    while position < bytes.count, isWordPart(bytes[position]) { position += 1 }
    add(.word, from: lower, word: words.word(in: bytes, lower..<position))
  }

  private mutating func lexComment() {
    let lower = position
    let isOwnLine = sawLineBreak || tokens.isEmpty
    while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { checkedAdvance() }
    var upper = position
    while upper > lower, isBlank(bytes[upper - 1]) { upper -= 1 }
    comments.append(Comment(range: range(lower, upper), isOwnLine: isOwnLine))
    sawBlank = true
  }

  private mutating func lexNumber() {
    let lower = position
    while position < bytes.count {
      if isWordPart(bytes[position]) {
        position += 1
      } else if byte() == UInt8(ascii: "."), NumberReading.isDigit(byte(1)),
        !bytes[lower..<position].contains(UInt8(ascii: "."))
      {
        position += 1
      } else {
        break
      }
    }
    // `10µs`: the sign is no word part, but it is plain what was meant.
    if byte() == 0xC2, byte(1) == 0xB5 || byte(1) == 0xB2 {
      position += 2
      while position < bytes.count, isWordPart(bytes[position]) { position += 1 }
    }
    checkNumber(lower..<position)
  }

  private mutating func checkNumber(_ digits: Range<Int>) {
    let place = range(digits.lowerBound, digits.upperBound)
    var kind = TokenKind.duration
    switch NumberReading(bytes, digits) {
    case .integer: kind = .integer
    case .nanoseconds: break
    case .malformed:
      kind = .integer
      bag.report(.malformedNumber(source.text(in: digits), at: place))
    case .fractionWithoutUnit:
      bag.report(.fractionWithoutUnit(source.text(in: digits), at: place))
    case .unknownUnit(let start):
      let text = source.text(in: digits)
      let unit = range(start, digits.upperBound)
      if let form = ForeignNumber.integer(text) {
        kind = .integer
        bag.report(.foreignNumber(text, form: form, at: place))
      } else if let form = ForeignNumber.duration(text) {
        bag.report(.severalUnits(text, form: form, at: place))
      } else {
        bag.report(.unknownUnit(source.text(in: unit), at: unit))
      }
    case .tooLarge:
      kind = .integer
      bag.report(.numberTooLarge(at: place))
    case .durationTooLong: bag.report(.durationTooLong(at: place))
    case .durationTooFine: bag.report(.durationTooFine(at: place))
    }
    add(kind, from: digits.lowerBound)
  }
}

func isWordStart(_ byte: UInt8) -> Bool {
  let lowered = byte | 0x20
  return UInt8(ascii: "a") <= lowered && lowered <= UInt8(ascii: "z") || byte == UInt8(ascii: "_")
}

func isWordPart(_ byte: UInt8) -> Bool { isWordStart(byte) || NumberReading.isDigit(byte) }

func isBlank(_ byte: UInt8) -> Bool {
  byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
}
