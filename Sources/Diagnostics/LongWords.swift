/// Letters of a word that a message shows at the most: nobody reads more of one, and a text may
/// have a name of megabytes.
private let greatestWord = 160

/// A message as it is shown: control characters escaped, and what is left out of a word that no
/// line has room for marked by `…`.
func shownMessage(_ text: String) -> String { escapingControls(cuttingLongWords(text)) }

/// The text with the middle of very long words left out.
func cuttingLongWords(_ text: String) -> String {
  guard hasLongWord(text) else { return text }
  var result = ""
  var rest = text[...]
  while !rest.isEmpty {
    let word = rest.prefix { !$0.isWhitespace }
    if word.count > greatestWord {
      result += word.prefix(greatestWord / 2) + "…" + word.suffix(greatestWord / 4)
    } else {
      result += word
    }
    rest = rest[word.endIndex...]
    let blanks = rest.prefix { $0.isWhitespace }
    result += blanks
    rest = rest[blanks.endIndex...]
  }
  return result
}

private func hasLongWord(_ text: String) -> Bool {
  var length = 0
  for byte in text.utf8 {
    length = byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") ? 0 : length + 1
    if length > greatestWord { return true }
  }
  return false
}
