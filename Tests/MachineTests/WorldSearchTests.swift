import Exploration
import Machine
import Patching
import ReferenceMachine
import Testing

/// The search itself, over the worlds whose counts both machines agree on and over programs that
/// nobody thought of: every way of searching must see the same.
@Suite("A search sees every world, whichever way it goes")
struct WorldSearchTests {
  static func search(_ pair: Pair, _ change: (inout SearchBounds) -> Void = { _ in })
    -> SearchResult
  {
    var bounds = SearchBounds()
    change(&bounds)
    return BreadthFirstSearch.run(pair.fast, bounds: bounds)
  }

  /// What broke off some schedule, in the words of the joint search.
  static func faults(_ result: SearchResult) -> Set<ReferenceFault> {
    Set(
      result.witnesses.compactMap {
        guard case .fault(let fault) = $0.flaw else { return nil }
        return Pair.translate(.faulted, fault).fault
      })
  }

  @Test(arguments: Golden.all)
  func golden(_ golden: Golden) {
    let pair = Pair(golden.make(), golden.rules, time: .arbitrary)
    let result = Self.search(pair)
    #expect(result.isComplete)
    #expect(result.states == golden.states)
    #expect(result.transitions == golden.transitions)
    #expect(Self.faults(result) == golden.faults)
    // What is looked up is what is found by stepping.
    #expect(Self.search(pair) { $0.remembersSteps = false } == result)
  }

  @Test(arguments: 0..<RandomTests.lots)
  func randomPrograms(_ lot: Int) throws {
    let begin = RandomTests.first + lot * RandomTests.perLot
    for seed in begin..<(begin + RandomTests.perLot) {
      let (program, rules) = RandomProgram.make(seed: seed)
      let pair = Pair(program, rules, time: .arbitrary, capacity: 16)
      let result = Self.search(pair) { $0.states = 400 }
      let stepped = Self.search(pair) {
        $0.states = 400
        $0.remembersSteps = false
      }
      try #require(stepped == result, "program \(seed)")
      guard seed % 4 == 0, result.isComplete, result.states < 150 else { continue }
      let joint = try JointSearch.run(pair, label: "program \(seed)")
      try #require(
        joint.states == result.states && joint.transitions == result.transitions
          && joint.faults == Self.faults(result), "program \(seed)")
    }
  }
}

extension ReferenceOutcome {
  fileprivate var fault: ReferenceFault? {
    if case .faulted(let fault) = self { fault } else { nil }
  }
}
