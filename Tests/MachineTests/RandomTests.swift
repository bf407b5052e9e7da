import Foundation
import Machine
import Patching
import ReferenceMachine
import Testing

/// `GRAFT_PROGRAMS` says how many (`make test` and `make fuzz` do); `GRAFT_FUZZ_SEED` which is the
/// first. Without them these are always the same.
@Suite("Programs that nobody thought of")
struct RandomTests {
  static let environment = ProcessInfo.processInfo.environment
  static let lots = 4
  static let perLot = max(1, (environment["GRAFT_PROGRAMS"].flatMap(Int.init) ?? 200) / lots)
  static let first = environment["GRAFT_FUZZ_SEED"].flatMap(Int.init) ?? 0

  /// Part of every schedule, one of them to its end or far, and a run with one seed. A failure
  /// names the program.
  @Test(arguments: 0..<lots)
  func agree(_ lot: Int) throws {
    let begin = Self.first + lot * Self.perLot
    for seed in begin..<(begin + Self.perLot) {
      try compare(seed: seed)
      if seed % 10_000 == 9_999 { print("programs up to \(seed) agree") }
    }
  }

  /// Programs on which the machines have once differed: a patch that a failed way back had left in
  /// the list was applied again, and lay below itself on one of them; a handler that crashed within
  /// an atomic block left words of the unfinished step behind.
  @Test(arguments: [500_005_551, 500_010_529, 500_032_272])
  func agreedOnceMore(_ seed: Int) throws {
    try compare(seed: seed)
  }

  private func compare(seed: Int) throws {
    let (program, rules) = RandomProgram.make(seed: seed)
    let search = Pair(program, rules, time: .arbitrary, capacity: 16)
    let label = "program \(seed)"
    _ = try JointSearch.run(search, greatest: 20, label: label)
    let walk = JointWalk(pair: search, label: label, seed: seed, greatest: 80)
    let isSame = walk.run()
    try #require(isSame, "\(label): the walks differ")
    let run = Pair(program, rules, time: .kept, capacity: 16)
    let end = JointRun(
      pair: run, label: label, seed: seed % 3 == 0 ? nil : seed, greatest: 60,
      checksLaws: seed % 5 == 0
    ).run()
    try #require(end != nil, "\(label): the runs differ")
  }
}
