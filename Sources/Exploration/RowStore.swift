/// Every distinct row that a search has met, each with the step that first led to it.
///
/// Rows lie side by side in one arena; a table with open addressing finds them by a hash of their
/// words, and compares the words themselves, so that no collision can hide a world.
struct RowStore {
  let rowWords: Int
  private(set) var count = 0
  private var arena: [UInt64] = []
  private var parents: [UInt32] = []
  private var choices: [UInt32] = []
  /// Row number + 1, or 0 for free; the size is a power of two.
  private var table: [UInt32]

  init(rowWords: Int) {
    self.rowWords = rowWords
    table = Array(repeating: 0, count: 1 << 10)
  }

  /// Adds the row if it is new. Cost: O(words), amortised.
  mutating func insert(_ row: Span<UInt64>, parent: Int, choice: Int) -> (number: Int, isNew: Bool)
  {
    if (count + 1) * 3 > table.count * 2 { grow() }
    var place = Int(truncatingIfNeeded: Self.hash(row)) & (table.count - 1)
    while table[place] != 0 {
      let number = Int(table[place]) - 1
      if equals(number, row) { return (number, false) }
      place = (place + 1) & (table.count - 1)
    }
    for word in 0..<rowWords { arena.append(row[word]) }
    parents.append(UInt32(parent + 1))
    choices.append(UInt32(choice))
    count += 1
    table[place] = UInt32(count)
    return (count - 1, true)
  }

  func copy(_ number: Int, to row: inout MutableSpan<UInt64>) {
    let base = number * rowWords
    for word in 0..<rowWords { row[word] = arena[base + word] }
  }

  /// The numbers of the choices that lead from the first row to this one.
  func path(to number: Int) -> [Int] {
    var path: [Int] = []
    var current = number
    while parents[current] > 0 {
      path.append(Int(choices[current]))
      current = Int(parents[current]) - 1
    }
    return path.reversed()
  }

  /// Bytes in use.
  var byteCount: Int { count * (8 * rowWords + 8) + 4 * table.count }

  private func equals(_ number: Int, _ row: Span<UInt64>) -> Bool {
    let base = number * rowWords
    for word in 0..<rowWords where arena[base + word] != row[word] { return false }
    return true
  }

  private mutating func grow() {
    var larger = [UInt32](repeating: 0, count: table.count * 2)
    for number in 0..<count {
      let base = number * rowWords
      let words = arena.span.extracting(base..<(base + rowWords))
      var place = Int(truncatingIfNeeded: Self.hash(words)) & (larger.count - 1)
      while larger[place] != 0 { place = (place + 1) & (larger.count - 1) }
      larger[place] = UInt32(number + 1)
    }
    table = larger
  }

  /// A multiply-and-rotate hash over the words, mixed at the end.
  static func hash(_ row: Span<UInt64>) -> UInt64 {
    var hash: UInt64 = 0x9e37_79b9_7f4a_7c15
    for word in 0..<row.count {
      hash = (hash ^ row[word]) &* 0xff51_afd7_ed55_8ccd
      hash = hash << 29 | hash >> 35
    }
    hash = (hash ^ (hash >> 33)) &* 0xc4ce_b9fe_1a85_ec53
    return hash ^ (hash >> 29)
  }
}
