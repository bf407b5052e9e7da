import Diagnostics

extension Parser {
  /// A string without interpolation, on this line. `what` is as in "the path of a file".
  mutating func textLiteral(_ what: String) -> TextLiteral {
    if at(.colon) || at(.assign), !isAtLineBreak, peek().kind == .stringOpen {
      correct(.clauseWithSign(text(of: current), what, at: range(of: current)))
      advance()
    }
    let start = current
    guard at(.stringOpen), !isAtLineBreak else {
      reportMissingText(what)
      return TextLiteral(text: "", range: missingName.range)
    }
    let text = string()
    let place = range(from: start)
    guard let plain = text.plain else {
      correct(.interpolatedText(what, at: place))
      return TextLiteral(text: "", range: place)
    }
    return TextLiteral(text: plain, range: place)
  }

  /// Words and numbers without quotes are taken for what should stand between them: all up to the
  /// block, or to the end of the line.
  private mutating func reportMissingText(_ what: String) {
    guard !isAtLineBreak, current.kind == .word || current.kind == .duration || at(.integer) else {
      let help = at(.leftParen) ? "it stands without parentheses" : nil
      return report(.expectedText(what, found: found, help: help, at: placeOfMissing))
    }
    if peek().kind == .stringOpen, !peek().followsLineBreak {
      return report(
        .expectedText(
          what, found: found, label: "leave `\(text(of: current))` out", at: placeOfMissing))
    }
    let bare = bareText()
    let text = String(decoding: bytes[bare.bytes], as: UTF8.self)
    report(
      .expectedText(
        what, found: found, form: text.utf8.count <= 40 ? text : nil, at: placeOfMissing))
  }

  /// A release without its quotes, read over: `boot 4.4`.
  mutating func bareRelease(_ what: String) -> Expression? {
    guard at(.duration), !isAtLineBreak,
      case .fractionWithoutUnit = NumberReading(bytes, current.bytes)
    else { return nil }
    let start = current
    let bare = bareText()
    correct(
      .expectedText(
        what, found: found, form: String(decoding: bytes[bare.bytes], as: UTF8.self), at: bare))
    while current.offset < bare.upper, !at(.endOfFile) { advance() }
    return Expression(kind: .missing, range: range(from: start))
  }

  /// What stands close together.
  private mutating func bareText() -> SourceRange {
    var last = index
    let parts: [TokenKind] = [.word, .integer, .duration, .dot, .minus, .slash]
    while !tokens[last + 1].followsBlank, parts.contains(tokens[last + 1].kind) { last += 1 }
    let bare = SourceRange(file: file, lower: current.offset, upper: tokens[last].end)
    silenced.append(bare)
    return bare
  }

  /// Stands at a `.stringOpen`.
  mutating func string() -> InterpolatedText {
    advance()
    let segments = segments { unescaped($0) }
    // The lexer has reported a string that its line cut off; what is missing after it was eaten.
    if current.length == 0 { isPanicking = true }
    _ = eat(.stringClose)
    return InterpolatedText(segments: segments)
  }

  /// Stands at a `.shellOpen`.
  mutating func shell() -> InterpolatedText {
    let dollar = current
    advance()
    if at(.shellClose) { correct(.emptyCommand(at: range(of: dollar))) }
    isInShell = true
    let segments = segments { unescapedShell($0) }
    isInShell = false
    _ = eat(.shellClose)
    return InterpolatedText(segments: segments)
  }

  private mutating func segments(
    _ unescape: (ArraySlice<UInt8>) -> String
  ) -> [InterpolatedText.Segment] {
    var segments: [InterpolatedText.Segment] = []
    while true {
      switch current.kind {
      case .text:
        segments.append(.text(unescape(bytes[current.bytes])))
        advance()
        warnOfDollar()
      case .interpolationOpen:
        segments.append(.expression(interpolation()))
      default:
        return segments
      }
    }
  }

  /// `${x}`: behind a text that ends in `$`.
  private mutating func warnOfDollar() {
    let end = Int(previousEnd)
    guard at(.interpolationOpen), bytes[end - 1] == UInt8(ascii: "$"), !isInShell else { return }
    let dollar = SourceRange(file: file, lower: previousEnd - 1, upper: previousEnd)
    correct(.dollarBeforeBrace(at: dollar))
  }

  private mutating func interpolation() -> Expression {
    let open = current
    advance()
    bracketDepth += 1
    defer { bracketDepth -= 1 }
    let value = expression(after: "{")
    if !at(.interpolationClose) {
      report(
        .unclosedBracket("}", opened: range(of: open), found: found, at: range(of: current)))
      skipInterpolation()
    }
    _ = eat(.interpolationClose)
    return value
  }

  /// Skips to the end of the interpolation, over texts inside it.
  private mutating func skipInterpolation() {
    let start = current
    defer { silenced.append(range(from: start)) }
    var texts = 0
    while !at(.endOfFile) {
      switch current.kind {
      case .stringOpen, .shellOpen: texts += 1
      case .stringClose, .shellClose:
        if texts == 0 { return }
        texts -= 1
      case .interpolationClose: if texts == 0 { return }
      default: break
      }
      advance()
    }
  }
}
