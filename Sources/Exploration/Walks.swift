import Machine
import Synchronization

/// Schedules picked by chance, one after the other from the beginning: for what is too large to be
/// searched. It says what some schedule does, and of all of them nothing.
///
/// Which schedule a number gives depends on the seed alone, and the first number that shows a flaw
/// is the last that counts: so any number of hands finds the same.
package struct Walks: SearchStrategy {
  package enum Picking: Sendable, Hashable {
    /// Each time any of those who can step, all alike.
    case uniform
    /// By priorities, of which a few are lowered on the way (Burckhardt et al. 2010, PCT): what
    /// takes d turns at the wrong time is found by one walk in n·k^(d−1), of n who step k times.
    case priorities
  }

  package var picking: Picking
  package var seed: UInt64
  package var count: Int
  /// Turns at the wrong time that a walk by priorities looks for, less one.
  package var changes = 2

  package init(_ picking: Picking, seed: UInt64, count: Int) {
    self.picking = picking
    self.seed = seed
    self.count = count
  }

  package var findsShortest: Bool { false }

  /// Steps of a walk at the most, where no bound says otherwise.
  private static let greatestLength = 10_000
  /// Walks between two looks at what they have found.
  private static let portion = 64

  package func search(_ request: SearchRequest) -> SearchResult {
    var result = SearchResult()
    (result.judgesWaiting, result.judgesStalling) = (false, false)
    var gathering = Gathering()
    let length = request.bounds.depth ?? Self.greatestLength
    // How long schedules are is not known beforehand: the first walk says.
    var expected = length
    if case .done(let first) = walk(0, request, length: length, expected: length) {
      expected = max(1, first.schedule.count)
    }
    var next = 0
    while next < count, result.bound == nil {
      let numbers = next..<min(count, next + Self.portion)
      next = numbers.upperBound
      for found in walks(numbers, request, length: length, expected: expected) {
        guard case .done(let walk) = found else {
          result.bound = .cancelled
          break
        }
        gathering.add(walk, to: &result)
        if walk.flaw != nil { break }
      }
      request.hears?(
        SearchProgress(
          states: 0, transitions: result.transitions, frontier: count - next,
          depth: result.depth, byteCount: 0))
      if let isCancelled = request.isCancelled, isCancelled() {
        result.bound = result.bound ?? .cancelled
      }
      if !result.witnesses.isEmpty { break }
    }
    result.walks = gathering.count
    result.outcomes = gathering.outcomes.sorted(by: SearchOutcome.precedes)
    result.bound = result.bound ?? .walks(gathering.count)
    return result
  }

  private func walks(
    _ numbers: Range<Int>, _ request: SearchRequest, length: Int, expected: Int
  ) -> [Walk.End] {
    let board = WalkBoard(count: numbers.count)
    let hands = max(1, request.workforce.count)
    request.workforce.each { hand in
      for place in stride(from: hand, to: numbers.count, by: hands) {
        board.put(
          walk(numbers.lowerBound + place, request, length: length, expected: expected), at: place)
      }
    }
    return board.ends
  }

  private func walk(
    _ number: Int, _ request: SearchRequest, length: Int, expected: Int
  ) -> Walk.End {
    let picker: WalkPicker
    let chance = Chance(seed: seed, number: number)
    switch picking {
    case .uniform: picker = WalkPicker(chance)
    case .priorities: picker = WalkPicker(chance, changes: changes, within: expected)
    }
    var walk = Walk(request, picker)
    return walk.run(length: length)
  }
}

/// What the walks of a portion have come to, by their place in it.
private final class WalkBoard: Sendable {
  private let slots: Mutex<[Walk.End?]>

  init(count: Int) { slots = Mutex(Array(repeating: nil, count: count)) }

  func put(_ end: Walk.End, at place: Int) { slots.withLock { $0[place] = end } }

  var ends: [Walk.End] { slots.withLock { $0.compactMap(\.self) } }
}

/// Adds walk to walk.
private struct Gathering {
  var count = 0
  /// How schedules end, and how many of them, in the order in which they were met.
  private(set) var outcomes: [SearchOutcome] = []

  mutating func add(_ walk: Walk, to result: inout SearchResult) {
    count += 1
    result.transitions += walk.schedule.count
    result.depth = max(result.depth, walk.schedule.count)
    result.armed.formUnion(walk.armed)
    result.awaited.formUnion(walk.awaited)
    for (place, flaw) in walk.failedChecks
    where !result.witnesses.contains(where: {
      $0.flaw == flaw
    }) {
      result.witnesses.append(
        Witness(flaw: flaw, schedule: Array(walk.schedule[..<place])))
    }
    if let flaw = walk.flaw {
      result.witnesses.append(Witness(flaw: flaw, schedule: walk.schedule))
    }
    func note(_ found: [Int: Int], _ table: inout [Int: [Int]]) {
      for (key, length) in found where length < table[key]?.count ?? .max {
        table[key] = Array(walk.schedule[..<length])
      }
    }
    note(walk.reached, &result.reached)
    note(walk.held, &result.held)
    guard walk.isOver else { return }
    noteEnd(of: walk)
    result.missed.formUnion(walk.missed)
    note(Dictionary(walk.missed.map { ($0, walk.schedule.count) }) { $1 }, &result.missing)
    if walk.flaw == nil, walk.schedule.count < result.completion?.count ?? .max {
      result.completion = walk.schedule
    }
  }

  /// How it ends, where schedules can be told apart by that. It is counted how many of those that
  /// were picked end so.
  private mutating func noteEnd(of walk: Walk) {
    guard walk.flaw == nil, walk.tellsEndsApart else { return }
    let (figures, failed) = (walk.account.figures, walk.account.failedChecks)
    let known = outcomes.firstIndex {
      $0.figures == figures && $0.failedChecks == failed && $0.missed == walk.missed
    }
    if let known {
      outcomes[known].worlds = outcomes[known].worlds.map { $0 + 1 }
      if walk.schedule.count < outcomes[known].schedule.count {
        outcomes[known].schedule = walk.schedule
      }
    } else {
      outcomes.append(
        SearchOutcome(
          figures: figures, failedChecks: failed, missed: walk.missed, worlds: 1,
          schedule: walk.schedule))
    }
  }
}
