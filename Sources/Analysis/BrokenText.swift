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
  /// Whether something is declared whose name could not be read: a name that nothing has, and
  /// nothing is near to, may be that one's.
  private(set) var lacksNames = false

  init() {}

  init(_ files: [SourceFile], _ sources: SourceMap) {
    for file in files {
      hasErrors = hasErrors || file.hasErrors
      lacksNames =
        lacksNames || file.hasErrors && file.declarations.contains { $0.lacksName }
      guard !file.broken.isEmpty else { continue }
      ranges[file.file] = file.broken
      let bytes = sources[file.file].bytes
      for range in file.broken { WordHash.visit(bytes[range.bytes]) { words.insert($0) } }
    }
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
    !words.isEmpty && words.contains(WordHash.of(name))
  }
}
