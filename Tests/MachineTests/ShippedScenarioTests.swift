import Execution
import Exploration
import Foundation
import Machine
import Patching
import ReferenceMachine
import Testing

/// Every scenario below `Scenarios`, each of its rows, on both machines side by side: its run in
/// time event for event, and a part of its schedules.
@Suite("Shipped scenarios on both machines")
struct ShippedScenarioTests {
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Scenarios")

  /// `GRAFT_SHIPPED_STEPS` is how far a run is followed, and `GRAFT_SHIPPED_WORLDS` how many worlds
  /// of a search are compared. `make test` goes to the end of most runs, `make fuzz` of all.
  private static func bound(_ name: String, _ usual: Int) -> Int {
    ProcessInfo.processInfo.environment[name].flatMap(Int.init) ?? usual
  }
  static let greatestRun = bound("GRAFT_SHIPPED_STEPS", 4_000)
  static let greatestSearch = bound("GRAFT_SHIPPED_WORLDS", 1_500)

  /// An exercise comes six times, each time with another line or two in the same kernel: the right
  /// answer stands for all.
  static var files: [String] {
    let found = FileManager.default.enumerator(atPath: root.path())
    let files = found?.compactMap { $0 as? String } ?? []
    return files.filter { file in
      file.hasSuffix(".graft")
        && (!file.contains("/exercises/") || file.hasSuffix("/solution-1.graft"))
    }.sorted()
  }

  @Test func thereAreSome() {
    #expect(Self.files.count > 20)
  }

  private func scenarios(_ file: String) throws -> [RunnableScenario] {
    let bytes = try Data(contentsOf: Self.root.appending(path: file))
    let unit = ScenarioUnit(path: file, bytes: Array(bytes)) { _ in
      .failure(.init(reason: "a shipped scenario stands alone"))
    }
    return try unit.entries.filter { $0.skipReason == nil }.map {
      try #require(unit.runnable($0, breaking: [], everySchedule: false).scenario)
    }
  }

  @Test(arguments: files) func runsAlike(_ file: String) throws {
    for scenario in try scenarios(file) where !scenario.isExhaustive {
      var run = JointRun(
        pair: Pair(shipped: scenario.program, scenario.rules, time: .kept),
        label: scenario.id.title, seed: nil, greatest: Self.greatestRun)
      run.checksLaws = false
      run.growsRows = true
      run.stepsBetweenPortraits = 16
      let end = try #require(run.run(), "\(scenario.id.title): the machines differ")
      if Self.greatestRun > 4_000 {
        let title = "\(file)::\(scenario.id.title)"
        print("\(title): \(end.steps) steps\(end.outcome == .running ? ", not to its end" : "")")
      }
      if case .faulted(.unsupported) = end.outcome {
        Issue.record("\(scenario.id.title): the reference can't judge it, step \(end.steps)")
      }
    }
  }

  @Test(arguments: files) func isSearchedAlike(_ file: String) throws {
    for scenario in try scenarios(file) where scenario.isExhaustive {
      let pair = Pair(shipped: scenario.program, scenario.rules, time: .arbitrary)
      let found = try JointSearch.run(pair, greatest: Self.greatestSearch, label: scenario.id.title)
      for case .unsupported(let address) in found.faults {
        Issue.record("\(scenario.id.title): the reference can't judge it, at \(address)")
      }
    }
  }

  /// What a search says does not hang on whether private steps are taken alone, with every rule in
  /// place and with one taken out, another one for each scenario.
  @Test(arguments: files) func isSaidAlikeInAnyOrder(_ file: String) throws {
    let rules = KGraftMutation.allCases
    for (number, scenario) in try scenarios(file).enumerated() where scenario.isExhaustive {
      var broken = scenario
      let place = number + file.utf8.reduce(0) { $0 &+ Int($1) }
      broken.rules = scenario.rules.without(rules[place % rules.count])
      for variant in [scenario, broken] {
        var options = RunOptions()
        options.bounds.states = 20_000
        let reduced = ScenarioRunner(variant, options).run()
        options.bounds.usesPartialOrder = false
        let whole = ScenarioRunner(variant, options).run()
        guard case .everySchedule(let one) = reduced.mode,
          case .everySchedule(let other) = whole.mode, other.result.isComplete
        else { continue }
        let title = "\(scenario.id.title) \(variant.rules == scenario.rules)"
        #expect(one.answers.map(\.answer) == other.answers.map(\.answer), "\(title)")
        #expect(one.result.witnesses == other.result.witnesses, "\(title)")
        #expect(
          Set(one.outcomes.map(\.text)) == Set(other.outcomes.map(\.text)), "\(title)")
      }
    }
  }
}
