/// A text as XML 1.0 shows it, between tags or within double quotes. What XML can't hold, control
/// characters and non-characters, is written out, as `\u{1b}`.
package func xmlEscaped(_ text: String) -> String {
  // Most texts need nothing.
  guard !text.utf8.allSatisfy(isPlain) else { return text }
  var result = ""
  result.reserveCapacity(text.utf8.count + 16)
  for scalar in text.unicodeScalars {
    switch scalar {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    // `]]>` may not stand in a text.
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    case "'": result += "&apos;"
    // A reader makes spaces of these within an attribute.
    case "\n", "\r", "\t": result += "&#\(scalar.value);"
    case "\u{fffe}", "\u{ffff}": result += written(scalar)
    case _ where scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value):
      result += written(scalar)
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}

private func isPlain(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""),
    UInt8(ascii: "'"):
    false
  default: (0x20..<0x7f).contains(byte)
  }
}

private func written(_ scalar: Unicode.Scalar) -> String {
  "\\u{\(String(scalar.value, radix: 16))}"
}

/// The same between tags, where line breaks and tabs are kept as they are.
func xmlText(_ text: String) -> String {
  text.split(separator: "\n", omittingEmptySubsequences: false)
    .map { xmlEscaped(String($0)) }.joined(separator: "\n")
}

/// Nanoseconds as seconds, `6.010132`, with as many digits as it takes and at least one.
func seconds(_ nanoseconds: Int64) -> String {
  let whole = nanoseconds / 1_000_000_000
  let rest = String(nanoseconds % 1_000_000_000)
  var digits = String(repeating: "0", count: 9 - rest.count) + rest
  while digits.count > 1, digits.last == "0" { digits.removeLast() }
  return "\(whole).\(digits)"
}
