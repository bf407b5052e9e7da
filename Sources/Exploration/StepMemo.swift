/// What is known of tasks' steps: of one that depends on the globals and on the task's own words
/// alone, and changes nothing else (`Machine.isSelfContained`), what it makes of both. Such a step
/// is taken once, and looked up wherever a world has the same two parts.
///
/// It changes nothing but the time that a search takes; without it every step is taken.
struct StepMemo: Sendable {
  /// What is known of a task's next step.
  enum Entry {
    /// Its ways, from there on in `outcomes`.
    case ways(Range<Int>)
    /// It reaches further, or ends the schedule: it has to be taken.
    case opaque
  }

  struct Outcome: Sendable {
    var globals: UInt32
    var task: UInt32
  }

  private(set) var outcomes: [Outcome] = []
  private(set) var isOn: Bool
  /// Keys are the two parts' numbers; a free place has a count of `free`.
  private var keys: [UInt64]
  private var firsts: [UInt32]
  private var counts: [UInt16]
  private var used = 0
  private var lookups = 0
  private var hits = 0

  private static let free: UInt16 = .max
  private static let isOpaque: UInt16 = .max - 1
  /// Ways that one entry can have.
  static let greatestCount = Int(UInt16.max) - 2

  /// Entries at the most; beyond it begins anew.
  private static let greatestEntries = 1 << 20
  /// Where it seldom knows the answer it is a burden: asked so often, it must have known every
  /// other time.
  private static let trial = 1 << 16

  init(isOn: Bool) {
    self.isOn = isOn
    keys = Array(repeating: 0, count: isOn ? 1 << 10 : 0)
    firsts = Array(repeating: 0, count: keys.count)
    counts = Array(repeating: Self.free, count: keys.count)
  }

  private func place(of key: UInt64) -> Int {
    let hash = key &* 0x9e37_79b9_7f4a_7c15
    var place = Int(truncatingIfNeeded: hash >> 32) & (keys.count &- 1)
    while counts[place] != Self.free, keys[place] != key {
      place = (place &+ 1) & (keys.count &- 1)
    }
    return place
  }

  mutating func find(globals: UInt32, task: UInt32) -> Entry? {
    lookups &+= 1
    if lookups == Self.trial {
      if hits * 2 < lookups {
        self = StepMemo(isOn: false)
        return nil
      }
      lookups = 0
      hits = 0
    }
    let place = place(of: UInt64(globals) << 32 | UInt64(task))
    let count = counts[place]
    if count == Self.free { return nil }
    hits &+= 1
    if count == Self.isOpaque { return .opaque }
    let first = Int(firsts[place])
    return .ways(first..<(first &+ Int(count)))
  }

  /// What is found from now on; nil: the step has to be taken each time.
  mutating func note(globals: UInt32, task: UInt32, _ ways: [Outcome]?) {
    if used >= Self.greatestEntries { self = StepMemo(isOn: true) }
    if (used + 1) * 2 > keys.count { grow() }
    let key = UInt64(globals) << 32 | UInt64(task)
    let place = place(of: key)
    guard counts[place] == Self.free else { return }
    used += 1
    keys[place] = key
    firsts[place] = UInt32(outcomes.count)
    counts[place] = ways.map { UInt16($0.count) } ?? Self.isOpaque
    if let ways { outcomes.append(contentsOf: ways) }
  }

  private mutating func grow() {
    let (oldKeys, oldFirsts, oldCounts) = (keys, firsts, counts)
    let count = keys.count * 2
    keys = Array(repeating: 0, count: count)
    firsts = Array(repeating: 0, count: count)
    counts = Array(repeating: Self.free, count: count)
    for old in oldKeys.indices where oldCounts[old] != Self.free {
      let place = place(of: oldKeys[old])
      keys[place] = oldKeys[old]
      firsts[place] = oldFirsts[old]
      counts[place] = oldCounts[old]
    }
  }

  /// Bytes in use.
  var byteCount: Int { 14 * keys.count + 8 * outcomes.count }
}
