import Machine
import Patching
import ReferenceMachine
import Testing

/// A patch's file comes with its package and goes with it, while its module stays.
@Suite("A packaged file on both machines")
struct PackagedFileTests {
  @Test(arguments: KGraftRules.Generation.allCases)
  func worldsAndRuns(_ generation: KGraftRules.Generation) throws {
    let rules = KGraftRules(generation: generation)
    let search = try JointSearch.run(
      Pair(Worlds.packagedFile(), rules, time: .arbitrary), label: "packaged file")
    #expect(search.isComplete)
    #expect(search.faults.isEmpty)
    #expect(search.finished > 0)
    for seed in [nil, 1, 2] {
      let pair = Pair(Worlds.packagedFile(), rules, time: .kept)
      let run = JointRun(pair: pair, label: "packaged file", seed: seed, greatest: 1_500).run()
      let end = try #require(run, "the machines differ")
      #expect(end.outcome == .finished)
    }
  }
}
