import Diagnostics

/// What is known of places in the text. There may be a million of them in a file, and each is asked
/// for several times: half the time of a check went into a dictionary of them. Values stand in the
/// order in which they came; a table of their numbers, open to the next free place, finds them.
struct PlaceTable<Value: Sendable>: Sendable {
  private var entries: [Entry] = []
  /// Numbers of entries, one more than they are; 0 is free. A power of two of them.
  private var slots: [Int32] = Array(repeating: 0, count: 16)

  private struct Entry {
    var file: Int32
    var lower: Int32
    var upper: Int32
    var value: Value?
  }

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
        entries.append(
          Entry(
            file: place.file.index, lower: place.lower, upper: place.upper, value: newValue))
        slots[slot] = Int32(entries.count)
        if 2 * entries.count > slots.count { grow() }
      }
    }
  }

  var values: some Sequence<Value> { entries.lazy.compactMap(\.value) }

  /// Where the place stands, or would.
  private func slot(of place: SourceRange) -> Int {
    slot(file: place.file.index, lower: place.lower, upper: place.upper)
  }

  private func slot(file: Int32, lower: Int32, upper: Int32) -> Int {
    var slot = Self.hash(file, lower, upper) & (slots.count - 1)
    while slots[slot] > 0 {
      let number = Int(slots[slot]) - 1
      if entries[number].lower == lower, entries[number].upper == upper,
        entries[number].file == file
      {
        break
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    return slot
  }

  /// What stands side by side in the text stands side by side in the table: it is read in the order
  /// of the text, and a look-up of a large file's seldom waits for memory. Places of one sum lie
  /// inside one another, and so deep no expression is; a table is never longer than a text that
  /// could choose places which meet in it.
  private static func hash(_ file: Int32, _ lower: Int32, _ upper: Int32) -> Int {
    Int(lower) &+ Int(upper) &+ Int(file) &* 0x9e37_79b1
  }

  private mutating func grow() {
    slots = Array(repeating: 0, count: 2 * slots.count)
    for (number, entry) in entries.enumerated() {
      slots[slot(file: entry.file, lower: entry.lower, upper: entry.upper)] = Int32(number + 1)
    }
  }
}
