/// A list, as one word.
///
/// Tasks that were born one after the other, which is what `spawn N of P` gives, are a range: the
/// first slot and how many. Every other list is a hash of its content, as strings are; the
/// workspace remembers what it means. A list of consecutive non-negative numbers is always the
/// range, an empty one always 0, so that equal lists are equal words.
struct List {
  static let hashedBit: UInt64 = 1 << 63

  /// A range of numbers from here on is hashed, as any other list.
  static let greatestFirst: Int64 = 1 << 30

  /// The word for the numbers `first`, `first` + 1, …
  static func word(first: Int, count: Int) -> UInt64 {
    count == 0 ? 0 : UInt64(first) << 32 | UInt64(count)
  }

  static func isRange(_ word: UInt64) -> Bool { word & hashedBit == 0 }

  static func range(of word: UInt64) -> Range<Int> {
    let first = Int(word >> 32)
    return first..<(first + Int(word & 0xffff_ffff))
  }
}

/// What the words of hashed lists mean.
package struct ListTable: Sendable {
  private var contents: [UInt64: [Int64]] = [:]
  /// Bytes of all of them.
  package private(set) var byteCount = 0

  /// Two different lists had one word: an answer can't be trusted any more.
  package private(set) var hasCollided = false

  package init() {}

  /// The word for a list of these elements.
  package mutating func intern(_ elements: [Int64]) -> UInt64 {
    if let range = Self.consecutive(elements) {
      return List.word(first: range.lowerBound, count: range.count)
    }
    var hash: UInt64 = 0x9e37_79b9_7f4a_7c15
    for element in elements {
      hash = (hash ^ UInt64(bitPattern: element)) &* 0xff51_afd7_ed55_8ccd
      hash ^= hash >> 32
    }
    let word = hash | List.hashedBit
    let known = contents.updateValue(elements, forKey: word)
    if let known, known != elements { hasCollided = true }
    if known == nil { byteCount += 8 * elements.count + 64 }
    return word
  }

  /// Takes over the entries of another table.
  mutating func learn(_ other: ListTable) {
    for (_, elements) in other.contents { _ = intern(elements) }
    hasCollided = hasCollided || other.hasCollided
  }

  /// The word for consecutive numbers; no array is made where the range itself is the word.
  package mutating func intern(_ numbers: ClosedRange<Int64>?) -> UInt64 {
    guard let numbers else { return 0 }
    if numbers.lowerBound >= 0, numbers.upperBound < List.greatestFirst {
      return List.word(first: Int(numbers.lowerBound), count: numbers.count)
    }
    return intern(Array(numbers))
  }

  package func count(_ word: UInt64) -> Int {
    List.isRange(word) ? List.range(of: word).count : contents[word]?.count ?? 0
  }

  package func elements(of word: UInt64) -> [Int64] {
    if List.isRange(word) { return List.range(of: word).map(Int64.init) }
    return contents[word] ?? []
  }

  /// The element at an index that is known to be in range.
  package func element(_ index: Int, of word: UInt64) -> Int64 {
    if List.isRange(word) { return Int64(List.range(of: word).lowerBound + index) }
    return contents[word]?[index] ?? 0
  }

  private static func consecutive(_ elements: [Int64]) -> Range<Int>? {
    guard let first = elements.first else { return 0..<0 }
    guard first >= 0, first < List.greatestFirst, elements.count < 1 << 32 else { return nil }
    for (offset, element) in elements.enumerated() where element != first + Int64(offset) {
      return nil
    }
    return Int(first)..<(Int(first) + elements.count)
  }
}
