import Glibc

/// A regular expression over `path::name[row]`: POSIX's extended ones with GNU's `\w`, `\s` and
/// `\b`, by the C library. Swift's own would add two megabytes to the program.
///
/// The C library's compiled pattern is only read, under a lock of its own; that is why threads may
/// share it.
final class NamePattern: @unchecked Sendable {
  private let pattern = UnsafeMutablePointer<regex_t>.allocate(capacity: 1)
  private var isCompiled = false

  struct Mistake: Error {
    var reason: String
  }

  init(_ text: String) throws(Mistake) {
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

  func matches(_ text: String) -> Bool { regexec(pattern, text, 0, nil, 0) == 0 }
}
