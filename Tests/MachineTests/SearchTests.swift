import Machine
import Patching
import ReferenceMachine
import Testing

@Suite("Both machines reach the same worlds")
struct SearchTests {
  @Test func looper() throws {
    let pair = Pair(Worlds.looper(), KGraftRules(generation: .v4_4), time: .arbitrary)
    let result = try JointSearch.run(pair, label: "looper")
    print(result)
    #expect(result.faults.isEmpty)
  }

  @Test(arguments: KGraftRules.Generation.allCases, [true, false])
  func pairs(_ generation: KGraftRules.Generation, _ hasWindow: Bool) throws {
    var rules = KGraftRules(generation: generation)
    rules.hasImmutableWindow = hasWindow
    let pair = Pair(Worlds.pairs(2), rules, time: .arbitrary)
    let result = try JointSearch.run(pair, label: "pairs")
    print(generation, hasWindow, result)
  }
}
