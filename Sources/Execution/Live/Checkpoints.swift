import Machine

/// Worlds of a session's past, from which others are reached again by re-execution.
///
/// A bounded number of them: when there is no room, the one goes whose absence makes least
/// difference, measured by the length of the gap that it leaves against its age. So the gaps grow
/// with their distance, and going back a little is a short way.
struct Checkpoints {
  struct Checkpoint {
    var step: Int
    /// Marks of the course that lie before it.
    var marks: Int
    var row: [UInt64]
    var workspace: Workspace
    /// Whose turn was when, where time is arbitrary.
    var turns: [Actor: Int]
  }

  private(set) var all: [Checkpoint] = []

  /// Memory that rows may take, and how many checkpoints are worth having.
  private static let greatestBytes = 256 << 20
  private static let greatestCount = 64

  /// Steps between two of them, for rows of that many words: as many as take a few times as long as
  /// copying the row does.
  static func spacing(rowWords: Int) -> Int { max(2_048, rowWords / 24) }

  var last: Checkpoint? { all.last }

  mutating func add(_ checkpoint: Checkpoint) {
    all.append(checkpoint)
    let bytes = max(1, checkpoint.row.count * 8)
    let room = min(Self.greatestCount, max(4, Self.greatestBytes / bytes))
    while all.count > room { thin() }
  }

  private mutating func thin() {
    guard let newest = all.last, all.count > 2 else { return }
    var best = (index: 1, weight: Double.infinity)
    // Neither the first nor the last: those are the ends of everything else.
    for index in 1..<(all.count - 1) {
      let gap = Double(all[index + 1].step - all[index - 1].step)
      let weight = gap / Double(newest.step - all[index].step + 1)
      if weight < best.weight { best = (index, weight) }
    }
    all.remove(at: best.index)
  }

  /// The last one that does not lie behind a position.
  func before(step: Int, marks: Int) -> Checkpoint? {
    all.last { $0.step <= step && $0.marks <= marks }
  }

  /// The last one that `isBefore` says lies before something.
  func last(where isBefore: (Checkpoint) -> Bool) -> Checkpoint? { all.last(where: isBefore) }

  mutating func cut(toStep step: Int, marks: Int) {
    all.removeAll { $0.step > step || $0.marks > marks }
  }

  mutating func removeAll() { all = [] }
}
