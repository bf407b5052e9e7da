import Machine

/// Every distinct world that a search has met, each with the step that first led to it.
///
/// A world is the numbers of its parts (`RowCut`, `PartTable`): most steps change one or two of
/// them, and a part's words are held once, however many worlds have it. Numbers stand for words
/// exactly, so that equal worlds are equal numbers and no collision can hide one. A table with open
/// addressing finds them; an entry has half of the hash beside the world's number, so that it
/// seldom looks at a world that is not the one it seeks.
struct WorldStore: Sendable {
  let cut: RowCut
  let symmetry: Symmetry
  /// Parts of a world.
  let width: Int
  /// By the kind of part.
  var parts: [PartTable]
  private(set) var count = 0
  /// The parts' numbers, world by world.
  private(set) var numbers: [UInt32] = []
  private(set) var parents: [UInt32] = []
  private(set) var choices: [UInt32] = []
  /// The upper half of the hash, and number + 1; 0 for free. The size is a power of two.
  private var table: [UInt64]
  /// What `touch` has read, so that it does read it.
  private var touched: UInt64 = 0

  /// Worlds that numbers of 32 bits can tell apart.
  static let greatestCount = Int(UInt32.max) - 1

  init(_ cut: RowCut, _ symmetry: Symmetry) {
    self.cut = cut
    self.symmetry = symmetry
    width = cut.places.count
    parts = cut.widths.map { PartTable(width: $0) }
    table = Array(repeating: 0, count: 1 << 8)
  }

  /// Reads what `insert` will look at for several worlds at once: the waits for memory overlap.
  mutating func touch(_ hashes: Span<UInt64>) {
    var sum: UInt64 = 0
    for hash in 0..<hashes.count {
      let entry = table[Int(truncatingIfNeeded: hashes[hash]) & (table.count &- 1)]
      if entry != 0, entry >> 32 == hashes[hash] >> 32 {
        sum &+= UInt64(numbers[(Int(truncatingIfNeeded: entry & 0xffff_ffff) &- 1) &* width])
      }
    }
    touched &+= sum
  }

  /// Makes room for so many more.
  mutating func reserve(_ more: Int) {
    while (count + more) * 4 > table.count * 3 { grow() }
  }

  /// Adds the world if it is new; there must be room. Cost: O(parts).
  mutating func insert(
    _ world: Span<UInt32>, hash: UInt64, parent: Int, choice: UInt32
  ) -> (number: Int, isNew: Bool) {
    let half = hash >> 32
    var place = Int(truncatingIfNeeded: hash) & (table.count &- 1)
    while table[place] != 0 {
      let entry = table[place]
      if entry >> 32 == half {
        let number = Int(truncatingIfNeeded: entry & 0xffff_ffff) &- 1
        if equals(number, world) { return (number, false) }
      }
      place = (place &+ 1) & (table.count &- 1)
    }
    for place in 0..<width { numbers.append(world[place]) }
    parents.append(UInt32(parent + 1))
    choices.append(choice)
    count += 1
    table[place] = half << 32 | UInt64(count)
    return (count - 1, true)
  }

  /// Adds the first world, and gives its parts as they stand in the row.
  mutating func insert(first row: Span<UInt64>) -> [UInt32] {
    var world: [UInt32] = []
    for place in cut.places { world.append(parts[place.kind].intern(row, at: place.start)) }
    var ordered = world
    symmetry.order(&ordered, at: 0, parts[cut.taskKind])
    _ = insert(ordered.span, hash: symmetry.hash(ordered.span), parent: -1, choice: 0)
    return world
  }

  @inline(__always)
  func part(_ place: Int, of world: Int) -> UInt32 { numbers[world &* width &+ place] }

  func copy(_ world: Int, to row: inout MutableSpan<UInt64>) {
    for (number, place) in cut.places.enumerated() {
      parts[place.kind].copy(part(number, of: world), to: &row, at: place.start)
    }
  }

  /// The parts of a world.
  func world(_ number: Int) -> [UInt32] { (0..<width).map { part($0, of: number) } }

  /// The worlds on the way from the first one to this one, both included.
  func worlds(to number: Int) -> [Int] {
    var worlds = [number]
    while let first = worlds.last, parents[first] > 0 { worlds.append(Int(parents[first]) - 1) }
    return worlds.reversed()
  }

  /// The numbers of the choices that lead from the first world to this one.
  func path(to number: Int) -> [Int] {
    var path: [Int] = []
    var current = number
    while parents[current] > 0 {
      path.append(Int(choices[current]))
      current = Int(parents[current]) - 1
    }
    return path.reversed()
  }

  /// Bytes in use; the table counts as large as so many worlds need, whenever it has grown.
  var byteCount: Int {
    var places = 1 << 8
    while count * 4 > places * 3 { places *= 2 }
    return count * (4 * width + 8) + 8 * places + parts.reduce(0) { $0 + $1.byteCount }
  }

  @inline(__always)
  private func equals(_ number: Int, _ world: Span<UInt32>) -> Bool {
    let base = number &* width
    for place in 0..<width where numbers[base &+ place] != world[place] { return false }
    return true
  }

  private mutating func grow() {
    var larger = [UInt64](repeating: 0, count: table.count * 2)
    for number in 0..<count {
      let world = numbers.span.extracting((number * width)..<((number + 1) * width))
      let hash = symmetry.hash(world)
      var place = Int(truncatingIfNeeded: hash) & (larger.count - 1)
      while larger[place] != 0 { place = (place + 1) & (larger.count - 1) }
      larger[place] = (hash >> 32) << 32 | UInt64(number + 1)
    }
    table = larger
  }
}
