import Machine
import Patching
import ReferenceMachine
import Testing

@Suite("Both machines make the same run")
struct RunTests {
  /// The natural run: actor, world, time and events agree after every step, the agenda can be made
  /// anew at any of them, and a longer row makes no difference. Looks come every 20 µs here, or
  /// two seconds of loops would have to be stepped through.
  @Test(arguments: Golden.all)
  func natural(_ golden: Golden) throws {
    try run(golden, seed: nil)
  }

  @Test(arguments: Golden.all)
  func seeded(_ golden: Golden) throws {
    for seed in 1...3 { try run(golden, seed: seed) }
  }

  private func run(_ golden: Golden, seed: Int?) throws {
    var rules = golden.rules
    rules.lookNanoseconds = 20_000
    let pair = Pair(golden.make(), rules, time: .kept)
    let label = golden.name + (seed.map { ", seed \($0)" } ?? "")
    let run = JointRun(pair: pair, label: label, seed: seed, greatest: 600).run()
    let end = try #require(run, "\(label): the machines differ")
    print("RUN", label, golden.generation, end)
  }
}
