/// Entries by the moment they are due, the earliest at the top: a heap of four children to a node,
/// which for a hundred thousand sleepers has half the levels of one of two, and the children of a
/// node side by side in memory.
struct DueHeap: Sendable {
  /// The earliest, or `Entry.never`.
  private(set) var first = Agenda.Entry.never
  private var entries: [Agenda.Entry] = []

  init() {}

  /// Cost: O(n).
  init(_ entries: [Agenda.Entry]) {
    guard !entries.isEmpty else { return }
    self.entries = entries
    for parent in stride(from: (entries.count - 2) / 4, through: 0, by: -1) {
      sink(self.entries[parent], from: parent)
    }
    first = self.entries[0]
  }

  /// Cost: O(log n), and for one that is due later than most of the others a step or two.
  mutating func insert(_ entry: Agenda.Entry) {
    entries.append(entry)
    rise(entry, from: entries.count - 1)
    first = entries[0]
  }

  /// There must be one. Cost: O(log n).
  mutating func removeFirst() {
    let last = entries.removeLast()
    guard !entries.isEmpty else {
      first = .never
      return
    }
    sink(last, from: 0)
    first = entries[0]
  }

  /// Puts the entry at that place or above it.
  private mutating func rise(_ entry: Agenda.Entry, from place: Int) {
    var hole = place
    while hole > 0 {
      let parent = (hole &- 1) >> 2
      guard entry < entries[parent] else { break }
      entries[hole] = entries[parent]
      hole = parent
    }
    entries[hole] = entry
  }

  /// Puts the entry at that place or below it. The hole goes all the way down first, for what
  /// comes from the end of the heap nearly always belongs there again. Which child is the least is
  /// reckoned, not branched on: no processor can guess it, and a wrong guess costs more than the
  /// rest of a level.
  private mutating func sink(_ entry: Agenda.Entry, from place: Int) {
    let count = entries.count
    var hole = place
    while true {
      let child = hole &* 4 &+ 1
      guard child &+ 3 < count else { break }
      let left = child &+ (entries[child &+ 1] < entries[child] ? 1 : 0)
      let right = child &+ 2 &+ (entries[child &+ 3] < entries[child &+ 2] ? 1 : 0)
      let least = left &+ (right &- left) &* (entries[right] < entries[left] ? 1 : 0)
      entries[hole] = entries[least]
      hole = least
    }
    var least = hole &* 4 &+ 1
    if least < count {
      for child in least..<count where entries[child] < entries[least] { least = child }
      entries[hole] = entries[least]
      hole = least
    }
    while hole > place {
      let parent = (hole &- 1) >> 2
      guard entry < entries[parent] else { break }
      entries[hole] = entries[parent]
      hole = parent
    }
    entries[hole] = entry
  }
}
