/// Turns the bytes that a terminal sends into keys, however they come in portions.
package struct KeyReader: Sendable {
  private var bytes: [UInt8] = []

  package init() {}

  package mutating func take(_ more: some Sequence<UInt8>) { bytes += more }

  /// Whether a sequence has begun that may go on: ESC alone is a key when nothing follows.
  package var isOpen: Bool { bytes.first == 0x1b && bytes.count < 3 }

  /// The next key, or nil.
  ///
  /// - Parameter isLast: nothing more is coming at the moment.
  package mutating func next(isLast: Bool) -> Player.Key? {
    while let first = bytes.first {
      if first == 0x1b {
        if bytes.count < 3, !isLast { return nil }
        if let key = escapeSequence() { return key }
        continue
      }
      if first >= 0x80 {
        // A character of several bytes means nothing here.
        bytes.removeFirst()
        continue
      }
      bytes.removeFirst()
      switch first {
      case 0x03: return .interrupt
      case 0x1a: return .suspend
      case 0x0d, 0x0a: return .enter
      case 0x7f, 0x08: return .left
      case 0x20...0x7e: return .letter(Character(UnicodeScalar(first)))
      default: continue
      }
    }
    return nil
  }

  private mutating func escapeSequence() -> Player.Key? {
    guard bytes.count > 1, bytes[1] == UInt8(ascii: "[") || bytes[1] == UInt8(ascii: "O") else {
      bytes.removeFirst()
      return .escape
    }
    // Up to the letter, or the tilde, that ends it.
    guard let end = bytes.dropFirst(2).firstIndex(where: { (0x40...0x7e).contains($0) }) else {
      bytes.removeAll()
      return nil
    }
    let parameters = bytes[2..<end]
    let final = bytes[end]
    defer { bytes.removeFirst(end + 1) }
    switch (final, parameters.first) {
    case (UInt8(ascii: "A"), _): return .up
    case (UInt8(ascii: "B"), _): return .down
    case (UInt8(ascii: "C"), _): return .right
    case (UInt8(ascii: "D"), _): return .left
    case (UInt8(ascii: "H"), _): return .home
    case (UInt8(ascii: "F"), _): return .end
    case (UInt8(ascii: "~"), UInt8(ascii: "1")?), (UInt8(ascii: "~"), UInt8(ascii: "7")?):
      return .home
    case (UInt8(ascii: "~"), UInt8(ascii: "4")?), (UInt8(ascii: "~"), UInt8(ascii: "8")?):
      return .end
    case (UInt8(ascii: "~"), UInt8(ascii: "5")?): return .pageUp
    case (UInt8(ascii: "~"), UInt8(ascii: "6")?): return .pageDown
    default: return nil
    }
  }
}
