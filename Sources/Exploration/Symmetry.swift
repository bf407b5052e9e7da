import Machine

/// The order that interchangeable tasks are put into: of the worlds that differ in nothing but who
/// of them is in which slot, the search keeps one.
///
/// The order is that of the tasks' words, by their hash, and those that are not born come last.
/// What is exchanged are whole parts, so that a world is put in order by sorting a few numbers.
struct Symmetry: Sendable {
  /// For each place, that under whose number its part counts in a world's hash: that of the first
  /// of those that it may be exchanged with.
  let hashPlaces: [Int]
  /// Places that may be exchanged, in groups.
  let groups: [[Int]]
  /// For each place, its group, or nil.
  let groupOf: [Int?]

  /// No task is interchangeable with another.
  init(none cut: RowCut) {
    hashPlaces = Array(cut.places.indices)
    groups = []
    groupOf = Array(repeating: nil, count: cut.places.count)
  }

  init(_ cut: RowCut, _ interchange: Interchange) {
    var hashPlaces = Array(cut.places.indices)
    var groups: [[Int]] = []
    var groupOf: [Int?] = Array(repeating: nil, count: cut.places.count)
    for slots in interchange.groups {
      let places = slots.map { cut.firstTask + $0.rawValue }.filter { $0 < cut.taskEnd }
      guard places.count > 1 else { continue }
      for place in places {
        hashPlaces[place] = places[0]
        groupOf[place] = groups.count
      }
      groups.append(places)
    }
    self.hashPlaces = hashPlaces
    self.groups = groups
    self.groupOf = groupOf
  }

  var isEmpty: Bool { groups.isEmpty }

  /// The actors that are interchangeable, by their numbers, as far as a word's bits tell them.
  var actors: UInt64 {
    groups.joined().reduce(0) { $1 < 64 ? $0 | 1 << UInt64($1) : $0 }
  }

  /// A world's hash is the sum of its parts', so that a step changes it by what it changes.
  @inline(__always) func hash(_ part: UInt32, at place: Int) -> UInt64 {
    var hash = (UInt64(part) | UInt64(hashPlaces[place]) << 32) &* 0x9e37_79b9_7f4a_7c15
    hash = (hash ^ (hash >> 32)) &* 0xff51_afd7_ed55_8ccd
    return hash ^ (hash >> 29)
  }

  func hash(_ numbers: Span<UInt32>) -> UInt64 {
    var hash: UInt64 = 0
    for place in 0..<numbers.count { hash &+= self.hash(numbers[place], at: place) }
    return hash
  }

  /// Puts a group of the world that begins at `base` in order. Cost: O(tasks), if little has moved.
  @inline(__always)
  func order(_ group: Int, _ numbers: inout [UInt32], at base: Int, _ tasks: PartTable) {
    let places = groups[group]
    for end in 1..<places.count {
      let part = numbers[base &+ places[end]]
      let key = tasks.order(of: part)
      var free = end
      while free > 0 {
        let other = numbers[base &+ places[free - 1]]
        guard other != part, key < tasks.order(of: other) else { break }
        numbers[base &+ places[free]] = other
        free -= 1
      }
      numbers[base &+ places[free]] = part
    }
  }

  /// The same for all groups.
  func order(_ numbers: inout [UInt32], at base: Int, _ tasks: PartTable) {
    for group in groups.indices { order(group, &numbers, at: base, tasks) }
  }

  /// For each place of an ordered world, which one its part had before.
  func origins(_ numbers: [UInt32], _ tasks: PartTable) -> [Int] {
    var origins = Array(numbers.indices)
    for places in groups {
      let sorted = places.enumerated().sorted { left, right in
        let keys = (
          tasks.order(of: numbers[left.element]), tasks.order(of: numbers[right.element])
        )
        return keys.0 != keys.1 ? keys.0 < keys.1 : left.offset < right.offset
      }
      for (place, former) in zip(places, sorted) { origins[place] = former.element }
    }
    return origins
  }
}
