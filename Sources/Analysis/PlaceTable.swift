import Diagnostics

/// What is known of places in the text. There may be a million of them in a file, and each is asked
/// for several times: half the time of a check went into a dictionary of them. Values stand in the
/// order in which they came; a table of their numbers, open to the next free place, finds them.
struct PlaceTable<Value: Sendable>: Sendable {
  private var entries: [(place: SourceRange, value: Value?)] = []
  /// Numbers of entries, one more than they are; 0 is free. A power of two of them.
  private var slots: [Int32] = Array(repeating: 0, count: 16)

  subscript(_ place: SourceRange) -> Value? {
    get {
      let number = slots[slot(of: place)]
      return number == 0 ? nil : entries[Int(number) - 1].value
    }
    set {
      let slot = slot(of: place)
      if slots[slot] > 0 {
        entries[Int(slots[slot]) - 1].value = newValue
      } else if let newValue {
        entries.append((place, newValue))
        slots[slot] = Int32(entries.count)
        if 2 * entries.count > slots.count { grow() }
      }
    }
  }

  var values: some Sequence<Value> { entries.lazy.compactMap(\.value) }

  /// Where the place stands, or would.
  private func slot(of place: SourceRange) -> Int {
    var slot = Self.hash(place) & (slots.count - 1)
    while slots[slot] > 0, entries[Int(slots[slot]) - 1].place != place {
      slot = (slot + 1) & (slots.count - 1)
    }
    return slot
  }

  /// Multiplicative: nobody gains anything by choosing places that collide.
  private static func hash(_ place: SourceRange) -> Int {
    let lower = UInt64(UInt32(bitPattern: place.lower))
    let upper = UInt64(UInt32(bitPattern: place.upper))
    let file = UInt64(UInt32(bitPattern: place.file.index))
    let hash = (lower << 32 ^ upper ^ file << 20) &* 0x9e37_79b9_7f4a_7c15
    return Int(truncatingIfNeeded: hash >> 32)
  }

  private mutating func grow() {
    slots = Array(repeating: 0, count: 2 * slots.count)
    for number in entries.indices { slots[slot(of: entries[number].place)] = Int32(number + 1) }
  }
}
