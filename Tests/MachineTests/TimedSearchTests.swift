import Exploration
import Machine
import Patching
import ReferenceMachine
import Testing

@testable import Machine

/// A search that keeps time, against a plain enumeration of what is due, and against runs.
@Suite("A search in time sees what a plain enumeration sees")
struct TimedSearchTests {
  /// Of worlds that are larger in time nothing is said.
  private static let greatest = 300

  static func search(
    _ pair: Pair, with workforce: any Workforce = SingleHand(), states: Int = greatest,
    isDeep: Bool = false
  ) -> SearchResult {
    var request = SearchRequest(pair.fast)
    request.bounds.timed = TimedMode(grain: 1)
    request.bounds.states = states
    request.workforce = workforce
    return isDeep ? DepthFirst().search(request) : BreadthFirst().search(request)
  }

  /// As many worlds, the same faults, the same ends.
  @Test(arguments: Golden.all)
  func worlds(_ golden: Golden) throws {
    let pair = Pair(golden.make(), golden.rules, time: .kept)
    let result = Self.search(pair)
    guard result.isComplete, let mode = result.timed else { return }
    let made = PlainTime(pair: pair, mode: mode).enumerate(greatest: 2 * Self.greatest)
    let plain = try #require(made, "\(golden.name): no world to begin with")
    #expect(plain.isComplete)
    #expect(result.states == plain.worlds.count)
    #expect(WorldSearchTests.faults(result) == plain.faults)
    #expect((result.completion != nil) == plain.isFinished)
    let failing = result.witnesses.compactMap { witness -> Int? in
      if case .checkFailed(let assertion) = witness.flaw { assertion } else { nil }
    }
    #expect(Set(failing) == plain.failedChecks)
    #expect(Self.search(pair, with: ThreeHands()) == result)
    for seed in 1...8 { try expectSeen(seed, pair, result, golden.name) }
  }

  /// The comparison says something only as long as there are worlds that are small in time.
  @Test func manyAreCompared() {
    let small = Golden.all.filter {
      Self.search(Pair($0.make(), $0.rules, time: .kept)).isComplete
    }
    #expect(small.count >= 20, "\(small.count) of \(Golden.all.count)")
  }

  /// What a seeded run comes to is what some timed schedule comes to.
  private func expectSeen(
    _ seed: Int, _ pair: Pair, _ result: SearchResult, _ name: String
  ) throws {
    var workspace = pair.workspace()
    var row = pair.fast.initialRow(taskCapacity: 16, &workspace)
    var span = row.mutableSpan
    var dice = Dice(seed: seed)
    for _ in 0..<800 {
      let due = pair.fast.dueChoices(&span, &workspace)
      guard due.count > 0 else { return }
      switch pair.fast.step(due[dice.roll(due.count)], &span, &workspace) {
      case .running: continue
      case .finished:
        #expect(result.completion != nil, "\(name), seed \(seed)")
      case .faulted:
        let fault = Pair.translate(.faulted, workspace.fault).fault
        let isKnown = fault.map { WorldSearchTests.faults(result).contains($0) } ?? false
        #expect(isKnown, "\(name), seed \(seed): \(fault.map { "\($0)" } ?? "")")
      }
      return
    }
  }
}
