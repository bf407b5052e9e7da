/// Every distinct part of one kind, once. A number stands for its words, exactly: a table with open
/// addressing finds them by a hash and compares the words themselves.
struct PartTable: Sendable {
  let width: Int
  private(set) var count = 0
  private var words: [UInt64] = []
  private var hashes: [UInt64] = []
  /// Number + 1, or 0 for free; the size is a power of two.
  private var table: [UInt32]
  /// The hash of words that are all zero.
  private let emptyHash: UInt64

  init(width: Int) {
    self.width = width
    table = Array(repeating: 0, count: 1 << 4)
    let empty = [UInt64](repeating: 0, count: width)
    emptyHash = Self.hash(empty.span, at: 0, width)
  }

  /// Where the part stands among its kind, whatever its number: by its words, what is empty last.
  /// Two that differ have the same place only by a chance of 2⁻⁶⁴; then two worlds that are alike
  /// may both be kept, and nothing else happens.
  @inline(__always) func order(of number: UInt32) -> UInt64 {
    let hash = hashes[Int(number)]
    return hash == emptyHash ? .max : hash
  }

  /// The number of the part that stands at `start` of the row, and its hash; nil: it is new.
  func find(_ row: Span<UInt64>, at start: Int) -> (number: UInt32?, hash: UInt64) {
    let hash = Self.hash(row, at: start, width)
    var place = Int(truncatingIfNeeded: hash) & (table.count - 1)
    while table[place] != 0 {
      let number = Int(table[place]) - 1
      if hashes[number] == hash, equals(number, row, at: start) { return (UInt32(number), hash) }
      place = (place + 1) & (table.count - 1)
    }
    return (nil, hash)
  }

  /// Adds a part that is not there, with the hash that `find` gave.
  mutating func add(_ row: Span<UInt64>, at start: Int, hash: UInt64) -> UInt32 {
    if (count + 1) * 3 > table.count * 2 { grow() }
    for word in start..<(start + width) { words.append(row[word]) }
    hashes.append(hash)
    count += 1
    enter(count - 1, into: &table)
    return UInt32(count - 1)
  }

  mutating func intern(_ row: Span<UInt64>, at start: Int) -> UInt32 {
    let (number, hash) = find(row, at: start)
    return number ?? add(row, at: start, hash: hash)
  }

  /// Takes over a part of another table of the same kind.
  mutating func intern(_ number: Int, of other: PartTable) -> UInt32 {
    intern(other.words.span, at: number * width)
  }

  func copy(_ number: UInt32, to row: inout MutableSpan<UInt64>, at start: Int) {
    let base = Int(number) * width
    for word in 0..<width { row[start &+ word] = words[base &+ word] }
  }

  /// Whether the row has other words there than the part does. Cost: O(words), without a branch.
  @inline(__always)
  func differs(_ number: UInt32, _ row: Span<UInt64>, at start: Int) -> Bool {
    let base = Int(number) * width
    var difference: UInt64 = 0
    for word in 0..<width { difference |= row[start &+ word] ^ words[base &+ word] }
    return difference != 0
  }

  mutating func removeAll() {
    guard count > 0 else { return }
    count = 0
    words.removeAll(keepingCapacity: true)
    hashes.removeAll(keepingCapacity: true)
    for place in table.indices { table[place] = 0 }
  }

  /// Bytes in use.
  var byteCount: Int { count * 8 * (width + 1) + 4 * table.count }

  private func equals(_ number: Int, _ row: Span<UInt64>, at start: Int) -> Bool {
    !differs(UInt32(number), row, at: start)
  }

  private func enter(_ number: Int, into table: inout [UInt32]) {
    var place = Int(truncatingIfNeeded: hashes[number]) & (table.count - 1)
    while table[place] != 0 { place = (place + 1) & (table.count - 1) }
    table[place] = UInt32(number + 1)
  }

  private mutating func grow() {
    var larger = [UInt32](repeating: 0, count: table.count * 2)
    for number in 0..<count { enter(number, into: &larger) }
    table = larger
  }

  /// A multiply-and-rotate hash over the words, mixed at the end.
  private static func hash(_ row: Span<UInt64>, at start: Int, _ width: Int) -> UInt64 {
    var hash: UInt64 = 0x9e37_79b9_7f4a_7c15
    for word in start..<(start + width) {
      hash = (hash ^ row[word]) &* 0xff51_afd7_ed55_8ccd
      hash = hash << 29 | hash >> 35
    }
    hash = (hash ^ (hash >> 33)) &* 0xc4ce_b9fe_1a85_ec53
    return hash ^ (hash >> 29)
  }
}
