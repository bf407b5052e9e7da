import Diagnostics
import Syntax

/// The statements and members of all files that the parser has reported. Nothing is said about them
/// again; and a name that stands in one of them may have been declared there, so that nobody can
/// say of it that it is unknown.
struct BrokenText {
  private var ranges: [SourceFileID: [SourceRange]] = [:]
  /// By their hashes, for there may be a million of them. Two words of one hash would only hide
  /// that one of them is unknown, in a text that has errors anyhow.
  private var words: Set<UInt64> = []
  private(set) var hasErrors = false

  init() {}

  init(_ files: [SourceFile], _ sources: SourceMap) {
    for file in files {
      hasErrors = hasErrors || file.hasErrors
      guard !file.broken.isEmpty else { continue }
      ranges[file.file] = file.broken
      let bytes = sources[file.file].bytes
      for range in file.broken { collectWords(bytes[range.bytes]) }
    }
  }

  private mutating func collectWords(_ bytes: ArraySlice<UInt8>) {
    var hash: UInt64?
    for byte in bytes {
      if byte.isPartOfName {
        hash = Self.hash(hash ?? Self.noBytes, byte)
      } else if let word = hash {
        words.insert(word)
        hash = nil
      }
    }
    if let word = hash { words.insert(word) }
  }

  /// FNV-1a.
  private static let noBytes: UInt64 = 0xcbf2_9ce4_8422_2325

  private static func hash(_ hash: UInt64, _ byte: UInt8) -> UInt64 {
    (hash ^ UInt64(byte)) &* 0x100_0000_01b3
  }

  /// Whether a place lies in a broken statement.
  func contains(_ place: SourceRange) -> Bool {
    firstRange(endingBehind: place).map { $0.lower <= place.lower } ?? false
  }

  /// Whether some broken statement begins before the end of a place and ends behind its beginning.
  func touches(_ place: SourceRange) -> Bool {
    firstRange(endingBehind: place).map { $0.lower < place.upper } ?? false
  }

  /// The ranges of a file are in order.
  private func firstRange(endingBehind place: SourceRange) -> SourceRange? {
    guard let ranges = ranges[place.file] else { return nil }
    var low = 0
    var high = ranges.count
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].upper <= place.lower { low = middle + 1 } else { high = middle }
    }
    return low < ranges.count ? ranges[low] : nil
  }

  func mentions(_ name: String) -> Bool {
    !words.isEmpty && words.contains(name.utf8.reduce(Self.noBytes, Self.hash))
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
