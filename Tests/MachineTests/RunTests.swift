import Machine
import Patching
import ReferenceMachine
import Testing

@Suite("Both machines make the same run")
struct RunTests {
  /// The natural run: actor, world, time and events agree after every step, the agenda can be made
  /// anew at any of them, and a longer row makes no difference.
  @Test(arguments: Golden.all)
  func natural(_ golden: Golden) throws {
    try run(golden, seed: nil)
  }

  @Test(arguments: Golden.all)
  func seeded(_ golden: Golden) throws {
    for seed in 1...2 { try run(golden, seed: seed) }
  }

  /// Only a run keeps time: a search over this world faults at the question.
  @Test(arguments: KGraftRules.Generation.allCases)
  func measured(_ generation: KGraftRules.Generation) throws {
    for seed in [nil, 1, 2] {
      let pair = Pair(Worlds.measured(), KGraftRules(generation: generation), time: .kept)
      let run = JointRun(pair: pair, label: "measured", seed: seed, greatest: 1_500).run()
      let end = try #require(run, "the machines differ")
      #expect(end.outcome == .finished)
    }
    let pair = Pair(Worlds.measured(), KGraftRules(generation: generation), time: .arbitrary)
    let search = try JointSearch.run(pair, label: "measured")
    #expect(search.finished == 0)
    #expect(search.faults.count == 1)
  }

  private func run(_ golden: Golden, seed: Int?) throws {
    let pair = Pair(golden.make(), golden.rules, time: .kept)
    let label = golden.name + (seed.map { ", seed \($0)" } ?? "")
    let run = JointRun(pair: pair, label: label, seed: seed, greatest: 1_500).run()
    let end = try #require(run, "\(label): the machines differ")
    #expect(end.outcome != .running, "\(label) comes to an end")
  }
}
