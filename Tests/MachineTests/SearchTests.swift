import Machine
import Patching
import ReferenceMachine
import Testing

/// One small world and what is known of it.
struct Golden: Sendable, CustomTestStringConvertible {
  let name: String
  let make: @Sendable () -> Program
  var generation = KGraftRules.Generation.v4_4
  var hasWindow = true
  let states: Int
  let transitions: Int
  var faults: Set<ReferenceFault> = []

  var testDescription: String { "\(name), \(generation.rawValue)" }

  var rules: KGraftRules {
    var rules = KGraftRules(generation: generation)
    rules.hasImmutableWindow = hasWindow
    return rules
  }

  static let all: [Golden] = [
    Golden(name: "looper", make: Worlds.looper, states: 137, transitions: 307),
    Golden(name: "pairs", make: { Worlds.pairs() }, states: 3045, transitions: 10667),
    Golden(
      name: "pairs", make: { Worlds.pairs() }, generation: .v3_12, states: 1758,
      transitions: 5722),
    Golden(
      name: "pairs, no window", make: { Worlds.pairs() }, hasWindow: false, states: 4977,
      transitions: 17703, faults: [.violated(property: 0)]),
    Golden(
      name: "pairs, no window", make: { Worlds.pairs() }, generation: .v3_12, hasWindow: false,
      states: 2474, transitions: 8078, faults: [.violated(property: 0)]),
    Golden(name: "stopped sleeper", make: Worlds.stoppedSleeper, states: 0, transitions: 0),
    Golden(
      name: "stopped sleeper", make: Worlds.stoppedSleeper, generation: .v3_12, states: 0,
      transitions: 0),
    Golden(name: "two sleepers", make: Worlds.twoStoppedSleepers, states: 0, transitions: 0),
    Golden(name: "kernel thread", make: Worlds.kernelThread, states: 0, transitions: 0),
    Golden(
      name: "kernel thread", make: Worlds.kernelThread, generation: .v3_12, states: 0,
      transitions: 0),
    Golden(name: "interrupts", make: Worlds.interrupts, states: 0, transitions: 0),
    Golden(name: "choice", make: Worlds.choice, states: 0, transitions: 0),
    Golden(name: "bounded variable", make: Worlds.boundedVariable, states: 0, transitions: 0),
    Golden(name: "stacked", make: Worlds.stacked, states: 0, transitions: 0),
    Golden(name: "exits", make: Worlds.exits, states: 0, transitions: 0),
    Golden(name: "deep sleeper", make: Worlds.deepSleeper, states: 0, transitions: 0),
    Golden(name: "terminated", make: Worlds.terminated, states: 0, transitions: 0),
    Golden(
      name: "killed while stopped", make: Worlds.killedWhileStopped, states: 0, transitions: 0),
    Golden(name: "wake one", make: Worlds.wakeOne, states: 0, transitions: 0),
    Golden(name: "unwinding", make: Worlds.unwinding, states: 0, transitions: 0),
  ]
}

@Suite("Both machines reach the same worlds")
struct SearchTests {
  /// A count that moves is a change of meaning.
  @Test(arguments: Golden.all)
  func golden(_ golden: Golden) throws {
    let pair = Pair(golden.make(), golden.rules, time: .arbitrary)
    let result = try JointSearch.run(pair, label: golden.name)
    #expect(result.isComplete)
    #expect(result.states == golden.states)
    #expect(result.transitions == golden.transitions)
    #expect(result.faults == golden.faults)
    print("GOLDEN", golden.testDescription, result)
  }
}
