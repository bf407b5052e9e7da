import Glibc

/// A regular expression over `path::name[row]`: POSIX's extended ones with GNU's `\w`, `\s` and
/// `\b`, by the C library. Swift's own would add two megabytes to the program.
///
/// The C library's compiled pattern is only read, under a lock of its own; that is why threads may
/// share it.
final class NamePattern: @unchecked Sendable {
  private let pattern = UnsafeMutablePointer<regex_t>.allocate(capacity: 1)
  private var isCompiled = false
  /// A name is what it is, before it is a pattern: `rows[n=1]` has no set of characters in it.
  private let text: String

  struct Mistake: Error {
    var reason: String
  }

  init(_ text: String) throws(Mistake) {
    self.text = text
    try Self.refuseForeignEscapes(text)
    pattern.initialize(to: regex_t())
    let status = regcomp(pattern, text, REG_EXTENDED | REG_NOSUB)
    guard status == 0 else {
      var buffer = [CChar](repeating: 0, count: 256)
      regerror(status, pattern, &buffer, buffer.count)
      let end = buffer.firstIndex(of: 0) ?? buffer.count
      throw Mistake(
        reason: String(decoding: buffer[..<end].map(UInt8.init(bitPattern:)), as: UTF8.self))
    }
    isCompiled = true
  }

  deinit {
    if isCompiled { regfree(pattern) }
    pattern.deallocate()
  }

  func matches(_ name: String) -> Bool {
    name.contains(text) || regexec(pattern, name, 0, nil, 0) == 0
  }

  /// The C library takes `\d` for a `d`, and would select something else without a word.
  private static func refuseForeignEscapes(_ text: String) throws(Mistake) {
    var isEscaped = false
    for character in text {
      defer { isEscaped = character == "\\" && !isEscaped }
      guard isEscaped, character.isLetter, !"wWsSbB".contains(character) else { continue }
      let advice = character == "d" ? "write [0-9]" : "known are \\w, \\s, \\b and their opposites"
      throw Mistake(reason: "`\\\(character)` is not known in such expressions; \(advice)")
    }
  }
}
