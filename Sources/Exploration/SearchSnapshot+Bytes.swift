/// A snapshot as bytes: numbers of seven bits a byte, the last byte of each below 128 (LEB128), and
/// a hash of all of them at the end. Most parents and choices take one byte.
extension SearchSnapshot {
  /// Changes whenever the same bytes would mean something else.
  package static let version = 1

  package var bytes: [UInt8] {
    var writer = NumberWriter()
    writer.put(parents.count)
    var last = 0
    for parent in parents {
      writer.put(signed: Int(parent) - last)
      last = Int(parent)
    }
    for choice in choices { writer.put(Int(choice)) }
    writer.put(expanded)
    writer.put(levelEnd)
    writer.put(targets.map(Int.init))
    writer.put(open.map(Int.init))
    writer.put(awaited)
    writer.put((isDepthFirst ? 1 : 0) | (isCutOff ? 2 : 0))
    writer.put(ends.map(Int.init))
    writer.put(endWorlds.map(Int.init))
    for number in [depth, transitions, alone] { writer.put(number) }
    writer.put(flaws.count)
    for flaw in flaws {
      writer.put(Int(flaw.kind.rawValue))
      writer.put(flaw.number)
      writer.put(flaw.schedule)
    }
    writer.put(completion == nil ? 0 : 1)
    writer.put(completion ?? [])
    for table in [held, reached, missing] { writer.put(table) }
    writer.put(missed)
    return writer.sealed
  }

  package init(bytes: ArraySlice<UInt8>) throws(Mistake) {
    var reader = try NumberReader(sealed: bytes)
    let count = try reader.count()
    var last = 0
    for _ in 0..<count {
      let (parent, overflows) = last.addingReportingOverflow(try reader.signed())
      guard !overflows else { throw .damaged }
      parents.append(try Self.narrow(parent))
      last = parent
    }
    for _ in 0..<count { choices.append(try Self.narrow(try reader.number())) }
    expanded = try reader.number()
    levelEnd = try reader.number()
    targets = try Self.narrow(try reader.numbers())
    open = try Self.narrow(try reader.numbers())
    awaited = try reader.numbers()
    let flags = try reader.number()
    (isDepthFirst, isCutOff) = (flags & 1 != 0, flags & 2 != 0)
    ends = try Self.narrow(try reader.numbers())
    endWorlds = try Self.narrow(try reader.numbers())
    depth = try reader.number()
    transitions = try reader.number()
    alone = try reader.number()
    let flawCount = try reader.count()
    for _ in 0..<flawCount {
      guard let kind = Found.Kind(rawValue: UInt8(clamping: try reader.number())) else {
        throw .damaged
      }
      let number = try reader.number()
      flaws.append(Found(kind: kind, number: number, schedule: try reader.numbers()))
    }
    let isCompleted = try reader.number() != 0
    let schedule = try reader.numbers()
    completion = isCompleted ? schedule : nil
    held = try reader.table()
    reached = try reader.table()
    missing = try reader.table()
    missed = try reader.numbers()
    guard reader.isAtEnd else { throw .damaged }
  }

  private static func narrow(_ number: Int) throws(Mistake) -> UInt32 {
    guard let narrow = UInt32(exactly: number) else { throw .damaged }
    return narrow
  }

  private static func narrow(_ numbers: [Int]) throws(Mistake) -> [UInt32] {
    var narrow: [UInt32] = []
    for number in numbers { narrow.append(try Self.narrow(number)) }
    return narrow
  }
}

private struct NumberWriter {
  private var bytes: [UInt8] = []

  mutating func put(_ number: Int) {
    var rest = UInt64(bitPattern: Int64(number))
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  /// Small ones take little, whatever their sign.
  mutating func put(signed number: Int) { put(number << 1 ^ number >> (Int.bitWidth - 1)) }

  mutating func put(_ numbers: [Int]) {
    put(numbers.count)
    for number in numbers { put(number) }
  }

  mutating func put(_ table: [Int: [Int]]) {
    put(table.count)
    for (key, schedule) in table.sorted(by: { $0.key < $1.key }) {
      put(key)
      put(schedule)
    }
  }

  var sealed: [UInt8] { bytes + Seal.bytes(of: bytes[...]) }
}

private struct NumberReader {
  private let bytes: ArraySlice<UInt8>
  private var place: Int

  init(sealed bytes: ArraySlice<UInt8>) throws(SearchSnapshot.Mistake) {
    guard bytes.count >= Seal.length else { throw .damaged }
    let content = bytes.dropLast(Seal.length)
    guard Seal.bytes(of: content).elementsEqual(bytes.suffix(Seal.length)) else { throw .damaged }
    self.bytes = content
    place = content.startIndex
  }

  var isAtEnd: Bool { place == bytes.endIndex }

  mutating func number() throws(SearchSnapshot.Mistake) -> Int {
    let word = try word()
    guard let number = Int(exactly: word) else { throw .damaged }
    return number
  }

  mutating func signed() throws(SearchSnapshot.Mistake) -> Int {
    let word = try word()
    return Int(truncatingIfNeeded: word >> 1) ^ -Int(truncatingIfNeeded: word & 1)
  }

  private mutating func word() throws(SearchSnapshot.Mistake) -> UInt64 {
    var word: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard place < bytes.endIndex else { throw .damaged }
      let byte = bytes[place]
      place += 1
      guard shift < 63 || byte <= 1 else { throw .damaged }
      word |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { return word }
    }
    throw .damaged
  }

  /// How many follow: each takes a byte at the least, so that there can't be more than bytes.
  mutating func count() throws(SearchSnapshot.Mistake) -> Int {
    let count = try number()
    guard count <= bytes.endIndex - place else { throw .damaged }
    return count
  }

  mutating func numbers() throws(SearchSnapshot.Mistake) -> [Int] {
    let count = try count()
    var numbers: [Int] = []
    numbers.reserveCapacity(count)
    for _ in 0..<count { numbers.append(try number()) }
    return numbers
  }

  mutating func table() throws(SearchSnapshot.Mistake) -> [Int: [Int]] {
    var table: [Int: [Int]] = [:]
    let count = try count()
    for _ in 0..<count {
      let key = try number()
      guard table.updateValue(try numbers(), forKey: key) == nil else { throw .damaged }
    }
    return table
  }
}

/// A hash at the end of bytes: whatever was changed on the way does not fit it any more.
private enum Seal {
  static let length = 8

  static func bytes(of content: ArraySlice<UInt8>) -> [UInt8] {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ UInt64(content.count)
    for byte in content {
      hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
      hash ^= hash >> 29
    }
    return (0..<8).map { UInt8(truncatingIfNeeded: hash >> (8 * UInt64($0))) }
  }
}
