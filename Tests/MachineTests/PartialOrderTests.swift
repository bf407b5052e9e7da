import Exploration
import Machine
import Patching
import ReferenceMachine
import Testing

/// Steps that are nobody's affair but their task's, taken alone: a search that does so says what
/// one says that takes every step of every world.
@Suite("A task's own affairs may come first")
struct PartialOrderTests {
  @Test(arguments: Golden.all)
  func golden(_ golden: Golden) throws {
    let pair = Pair(golden.make(), golden.rules, time: .arbitrary)
    let whole = WorldSearchTests.search(pair)
    for symmetry in [false, true] {
      let reduced = Self.reduced(pair, symmetry: symmetry)
      try expectSame(reduced, whole, pair, golden.testDescription)
      let many = WorldSearchTests.search(pair, with: ThreeHands()) {
        ($0.usesSymmetry, $0.usesPartialOrder) = (symmetry, true)
      }
      #expect(many == reduced)
      let stepped = WorldSearchTests.search(pair) {
        ($0.usesSymmetry, $0.usesPartialOrder) = (symmetry, true)
        $0.remembersSteps = false
      }
      #expect(stepped == reduced)
    }
  }

  /// Of a random program so many worlds are looked at: in a small one nothing lies between steps.
  private static let states = 400

  @Test(arguments: 0..<RandomTests.lots)
  func randomPrograms(_ lot: Int) throws {
    let begin = RandomTests.first + lot * RandomTests.perLot
    for seed in begin..<(begin + RandomTests.perLot) {
      let (program, rules) = RandomProgram.make(seed: seed)
      let pair = Pair(program, rules, time: .arbitrary, capacity: 16)
      guard pair.fast.independence.refusal == nil else { continue }
      let whole = WorldSearchTests.search(pair) { $0.states = Self.states }
      guard whole.isComplete else { continue }
      for symmetry in [false, true] {
        try expectSame(Self.reduced(pair, symmetry: symmetry), whole, pair, "program \(seed)")
      }
    }
  }

  private static func reduced(_ pair: Pair, symmetry: Bool) -> SearchResult {
    WorldSearchTests.search(pair) { ($0.usesSymmetry, $0.usesPartialOrder) = (symmetry, true) }
  }

  private func expectSame(
    _ reduced: SearchResult, _ whole: SearchResult, _ pair: Pair, _ label: String
  ) throws {
    func keys(_ result: SearchResult) -> [String: Int] {
      Dictionary(
        result.witnesses.map { (WorldSearchTests.words($0.flaw), $0.schedule.count) },
        uniquingKeysWith: min)
    }
    try #require(keys(reduced) == keys(whole), "\(label)")
    try #require((reduced.completion == nil) == (whole.completion == nil), "\(label)")
    try #require(reduced.reached.mapValues(\.count) == whole.reached.mapValues(\.count), "\(label)")
    try #require(reduced.missed == whole.missed, "\(label)")
    try #require(Set(reduced.held.keys) == Set(whole.held.keys), "\(label)")
    try #require(Set(reduced.missing.keys) == Set(whole.missing.keys), "\(label)")
    try #require(reduced.awaited == whole.awaited && reduced.armed == whole.armed, "\(label)")
    try #require(reduced.armedUnderWay == whole.armedUnderWay, "\(label)")
    try #require(reduced.isStartStalled == whole.isStartStalled, "\(label)")
    try #require(reduced.states <= whole.states && reduced.isComplete, "\(label)")
    for witness in reduced.witnesses {
      #expect(witness.isShortest)
      let end = try #require(
        WorldSearchTests.follow(witness.schedule, pair), "\(label): \(witness)")
      if case .fault(let fault) = witness.flaw {
        try #require(end == fault, "\(label): \(witness)")
      }
    }
    for schedule in [reduced.completion].compactMap(\.self) + reduced.missing.values {
      _ = try #require(WorldSearchTests.follow(schedule, pair), "\(label)")
    }
  }
}
