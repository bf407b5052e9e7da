/// The content of the strings that words stand for.
///
/// A value of kind string is a hash of its content, so that equal strings are equal words whoever
/// made them first. The table only remembers what the hashes mean.
package struct StringTable: Sendable {
  private var contents: [Int64: String] = [:]
  /// Bytes of all of them.
  package private(set) var byteCount = 0

  package init(_ strings: [String] = []) {
    for string in strings { _ = intern(string) }
  }

  /// Two different strings had one word: an answer can't be trusted any more. With 64 bits it takes
  /// billions of strings to expect that by chance.
  package private(set) var hasCollided = false

  /// The word for a string.
  package mutating func intern(_ string: String) -> Int64 {
    let word = Self.word(for: string)
    let known = contents.updateValue(string, forKey: word)
    if let known, known != string { hasCollided = true }
    if known == nil { byteCount += string.utf8.count + Self.overheadBytes }
    return word
  }

  /// Takes over the entries of another table.
  mutating func learn(_ other: StringTable) {
    for (_, string) in other.contents { _ = intern(string) }
    hasCollided = hasCollided || other.hasCollided
  }

  /// What an entry costs beside its bytes.
  private static let overheadBytes = 64

  package func string(for word: Int64) -> String? { contents[word] }

  /// FNV-1a over the UTF-8 bytes, then a final mix (the 64-bit one of MurmurHash3).
  package static func word(for string: String) -> Int64 {
    finish(hash(string.utf8, from: firstHash))
  }

  /// The word of the text that some stretches of bytes make together.
  package static func word(for stretches: [[UInt8]]) -> Int64 {
    finish(stretches.reduce(firstHash) { hash($1, from: $0) })
  }

  private static let firstHash: UInt64 = 0xcbf2_9ce4_8422_2325

  private static func hash(_ bytes: some Sequence<UInt8>, from first: UInt64) -> UInt64 {
    var hash = first
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    return hash
  }

  private static func finish(_ hash: UInt64) -> Int64 {
    var hash = hash
    hash = (hash ^ (hash >> 33)) &* 0xff51_afd7_ed55_8ccd
    hash = (hash ^ (hash >> 33)) &* 0xc4ce_b9fe_1a85_ec53
    return Int64(bitPattern: hash ^ (hash >> 33))
  }
}
