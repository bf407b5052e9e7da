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

  /// A list in which an element is replaced is the same list on both, and so is the fault at a
  /// place that it doesn't have.
  @Test func elementsReplaced() throws {
    let rules = KGraftRules(generation: .current)
    let pair = Pair(shipped: Worlds.elementsReplaced(), rules, time: .kept)
    let run = JointRun(pair: pair, label: "elements", seed: nil, greatest: 100).run()
    let end = try #require(run, "the machines differ")
    #expect(end.outcome != .finished)
    let search = try JointSearch.run(
      Pair(shipped: Worlds.elementsReplaced(), rules, time: .arbitrary), label: "elements")
    #expect(search.faults.count == 1)
  }

  /// Numbers 0 to 2 are in the log, 3 is not. A search keeps no log and faults at the question.
  @Test func logged() throws {
    let pair = Pair(Worlds.logged(), KGraftRules(generation: .current), time: .kept)
    let run = JointRun(pair: pair, label: "logged", seed: nil, greatest: 500).run()
    let end = try #require(run, "the machines differ")
    #expect(end.outcome == .finished)
    var workspace = pair.workspace()
    var words = pair.fast.initialRow(taskCapacity: 4, &workspace)
    var row = words.mutableSpan
    while let choice = pair.fast.nextChoice(&row, &workspace) {
      if pair.fast.step(choice, &row, &workspace) != .running { break }
    }
    #expect(workspace.failedChecks.map(\.assertion) == [1])
    let search = try JointSearch.run(
      Pair(Worlds.logged(), KGraftRules(generation: .current), time: .arbitrary), label: "logged")
    #expect(search.finished == 0)
    #expect(search.faults.allSatisfy { if case .noLog = $0 { true } else { false } })
  }

  private func run(_ golden: Golden, seed: Int?) throws {
    let pair = Pair(golden.make(), golden.rules, time: .kept)
    let label = golden.name + (seed.map { ", seed \($0)" } ?? "")
    let run = JointRun(pair: pair, label: label, seed: seed, greatest: 1_500).run()
    let end = try #require(run, "\(label): the machines differ")
    #expect(end.outcome != .running, "\(label) comes to an end")
  }
}
