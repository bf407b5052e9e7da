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

  private func run(_ golden: Golden, seed: Int?) throws {
    let pair = Pair(golden.make(), golden.rules, time: .kept)
    let label = golden.name + (seed.map { ", seed \($0)" } ?? "")
    let run = JointRun(pair: pair, label: label, seed: seed, greatest: 1_500).run()
    let end = try #require(run, "\(label): the machines differ")
    #expect(end.outcome != .running, "\(label) comes to an end")
  }
}
