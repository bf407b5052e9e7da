/// The scalar that `\u{…}` stands for; nil when it is none.
func unescapedScalar(_ bytes: ArraySlice<UInt8>) -> Unicode.Scalar? {
  let digits = bytes.dropFirst(3).dropLast()
  guard bytes.last == UInt8(ascii: "}"), !digits.isEmpty, digits.count <= 6 else { return nil }
  var value: UInt32 = 0
  for byte in digits {
    guard let digit = NumberReading.hexDigit(byte) else { return nil }
    value = value << 4 | UInt32(digit)
  }
  return Unicode.Scalar(value)
}

/// The text that a piece of a string stands for. An escape that is none stays as written; it was
/// reported when it was read.
func unescaped(_ bytes: ArraySlice<UInt8>) -> String {
  guard bytes.contains(UInt8(ascii: "\\")) else { return String(decoding: bytes, as: UTF8.self) }
  var result: [UInt8] = []
  var index = bytes.startIndex
  while index < bytes.endIndex {
    guard bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.endIndex else {
      result.append(bytes[index])
      index += 1
      continue
    }
    switch bytes[index + 1] {
    case UInt8(ascii: "n"): result.append(UInt8(ascii: "\n"))
    case UInt8(ascii: "t"): result.append(UInt8(ascii: "\t"))
    case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "{"), UInt8(ascii: "}"):
      result.append(bytes[index + 1])
    case UInt8(ascii: "u"):
      let end = bytes[index...].firstIndex(of: UInt8(ascii: "}")).map { $0 + 1 } ?? bytes.endIndex
      if let scalar = unescapedScalar(bytes[index..<end]) {
        result += Array(String(Character(scalar)).utf8)
        index = end
        continue
      }
      result += [UInt8(ascii: "\\"), UInt8(ascii: "u")]
    default:
      result += bytes[index...(index + 1)]
    }
    index += 2
  }
  return String(decoding: result, as: UTF8.self)
}

/// The text of a piece of a shell line: braces lose their backslash, a joined line becomes a blank.
func unescapedShell(_ bytes: ArraySlice<UInt8>) -> String {
  var result: [UInt8] = []
  var index = bytes.startIndex
  while index < bytes.endIndex {
    let next = index + 1 < bytes.endIndex ? bytes[index + 1] : 0
    switch (bytes[index], next) {
    case (UInt8(ascii: "\\"), UInt8(ascii: "{")), (UInt8(ascii: "\\"), UInt8(ascii: "}")):
      result.append(next)
      index += 2
    case (UInt8(ascii: "\\"), UInt8(ascii: "\n")):
      result.append(UInt8(ascii: " "))
      index += 2
    case (UInt8(ascii: "\\"), 1...):
      result += [bytes[index], next]
      index += 2
    default:
      result.append(bytes[index])
      index += 1
    }
  }
  return String(decoding: result, as: UTF8.self)
}
