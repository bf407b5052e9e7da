/// Finds the `Word` that some bytes spell, without making a string of them: open addressing over a
/// hash of length, first, middle and last byte.
struct WordTable: Sendable {
  private var slots: [Word?]
  private var spellings: [[UInt8]]
  private static let slotCount = 512
  private static let longest = 16

  static let shared = WordTable()

  private init() {
    slots = Array(repeating: nil, count: Self.slotCount)
    spellings = Array(repeating: [], count: Self.slotCount)
    for word in Word.allCases {
      let bytes = Array(word.rawValue.utf8)
      var slot = Self.hash(bytes, bytes.indices)
      while slots[slot] != nil { slot = (slot + 1) % Self.slotCount }
      slots[slot] = word
      spellings[slot] = bytes
    }
  }

  func word(in bytes: [UInt8], _ range: Range<Int>) -> Word? {
    guard range.count <= Self.longest else { return nil }
    var slot = Self.hash(bytes, range)
    while let word = slots[slot] {
      if matches(slot, bytes, range) { return word }
      slot = (slot + 1) % Self.slotCount
    }
    return nil
  }

  private func matches(_ slot: Int, _ bytes: [UInt8], _ range: Range<Int>) -> Bool {
    guard spellings[slot].count == range.count else { return false }
    for index in 0..<range.count where spellings[slot][index] != bytes[range.lowerBound + index] {
      return false
    }
    return true
  }

  private static func hash(_ bytes: [UInt8], _ range: Range<Int>) -> Int {
    let first = Int(bytes[range.lowerBound])
    let middle = Int(bytes[range.lowerBound + range.count / 2])
    let last = Int(bytes[range.upperBound - 1])
    return (range.count &* 131 &+ first &* 31 &+ middle &* 7 &+ last &* 61) % slotCount
  }
}
