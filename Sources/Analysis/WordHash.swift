/// The words of a text by their hashes (FNV-1a), for there may be a million of them.
enum WordHash {
  static func of(_ word: String) -> UInt64 { word.utf8.reduce(noBytes, hash) }

  /// Visits the hash of each word, in written order: names and keywords, wherever they stand.
  static func visit(_ bytes: some Sequence<UInt8>, _ body: (UInt64) -> Void) {
    var current: UInt64?
    for byte in bytes {
      if byte.isPartOfName {
        current = hash(current ?? noBytes, byte)
      } else if let word = current {
        body(word)
        current = nil
      }
    }
    if let word = current { body(word) }
  }

  private static let noBytes: UInt64 = 0xcbf2_9ce4_8422_2325

  private static func hash(_ hash: UInt64, _ byte: UInt8) -> UInt64 {
    (hash ^ UInt64(byte)) &* 0x100_0000_01b3
  }
}

extension UInt8 {
  fileprivate var isPartOfName: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
