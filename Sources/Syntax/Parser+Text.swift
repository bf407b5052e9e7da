import Diagnostics

extension Parser {
  /// A string without interpolation, on this line. `what` is as in "the path of a file".
  mutating func textLiteral(_ what: String) -> TextLiteral {
    let start = current
    guard at(.stringOpen), !isAtLineBreak else {
      report(.expectedText(what, found: found, at: placeOfMissing))
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
    let segments = segments { unescapedShell($0) }
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
      case .interpolationOpen:
        segments.append(.expression(interpolation()))
      default:
        return segments
      }
    }
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
