extension SourceText {
  /// One Unicode scalar of the text, or one run of bytes that is none.
  package struct DecodedScalar: Sendable {
    /// Nil when the byte begins no well-formed UTF-8 sequence.
    package var scalar: Unicode.Scalar?
    package var byteCount: Int
  }

  /// Decodes what stands at `offset`. Ill-formed input advances by one byte, so that a walk over
  /// the whole text always ends.
  package func scalar(at offset: Int) -> DecodedScalar {
    let first = bytes[offset]
    if first < 0x80 { return DecodedScalar(scalar: Unicode.Scalar(first), byteCount: 1) }
    let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
    guard first >= 0xC2, first <= 0xF4, offset + length <= bytes.count else {
      return DecodedScalar(scalar: nil, byteCount: 1)
    }
    var value = UInt32(first) & (0x7F >> UInt32(length))
    for index in (offset + 1)..<(offset + length) {
      guard bytes[index] & 0xC0 == 0x80 else { return DecodedScalar(scalar: nil, byteCount: 1) }
      value = value << 6 | UInt32(bytes[index] & 0x3F)
    }
    // Overlong forms and surrogates are ill-formed too.
    let smallest: UInt32 = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000
    guard value >= smallest, let scalar = Unicode.Scalar(value) else {
      return DecodedScalar(scalar: nil, byteCount: 1)
    }
    return DecodedScalar(scalar: scalar, byteCount: length)
  }
}

/// Text from outside made fit to print: control characters, which could move the cursor or recolour
/// a terminal, become `\u{…}`.
package func escapingControls(_ text: String) -> String {
  guard text.unicodeScalars.contains(where: isControl) else { return text }
  var result = ""
  for scalar in text.unicodeScalars {
    if isControl(scalar) {
      result += escaped(scalar)
    } else {
      result.unicodeScalars.append(scalar)
    }
  }
  return result
}

/// C0, DEL, C1, the marks that reorder text or break lines, and what is no character.
package func isControl(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0..<0x20, 0x7F..<0xA0, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069,
    0xFFFE...0xFFFF:
    true
  default: false
  }
}

func escaped(_ scalar: Unicode.Scalar) -> String {
  "\\u{" + String(scalar.value, radix: 16) + "}"
}
