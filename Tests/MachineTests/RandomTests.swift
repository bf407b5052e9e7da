import Machine
import Patching
import ReferenceMachine
import Testing

@Suite("Programs that nobody thought of")
struct RandomTests {
  /// Part of every schedule, and a run with one seed. A failure names the seed.
  @Test(arguments: [0, 1, 2, 3])
  func agree(_ lot: Int) throws {
    for seed in (lot * 75)..<(lot * 75 + 75) {
      let (program, rules) = RandomProgram.make(seed: seed)
      let search = Pair(program, rules, time: .arbitrary, capacity: 6)
      let label = "program \(seed)"
      _ = try JointSearch.run(search, greatest: 120, label: label)
      let run = Pair(program, rules, time: .kept, capacity: 6)
      let end = JointRun(pair: run, label: label, seed: seed % 3 == 0 ? nil : seed, greatest: 150)
        .run()
      try #require(end != nil, "\(label): the runs differ")
    }
  }
}
