import Graft

/// `--strategy`.
enum Strategy: String, CaseIterable {
  case breadth, depth, random, pct

  /// Whether it picks schedules, and doesn't go through all of them.
  var isPicking: Bool { self == .random || self == .pct }

  /// Schedules that are picked where nobody says how many.
  static let usualRuns = 10_000

  func value(seed: UInt64, runs: Int?) -> any SearchStrategy {
    switch self {
    case .breadth: BreadthFirst()
    case .depth: DepthFirst()
    case .random: Walks(.uniform, seed: seed, count: runs ?? Self.usualRuns)
    case .pct: Walks(.priorities, seed: seed, count: runs ?? Self.usualRuns)
    }
  }
}
