import Diagnostics
import Execution
import Machine
import Patching
import Testing

/// Runs scenarios of a text.
enum ScenarioTexts {
  struct NotRunnable: Error {
    var text: String
  }

  static func unit(_ text: String) -> ScenarioUnit {
    ScenarioUnit(path: "test.graft", bytes: Array(text.utf8)) { _ in
      .failure(.init(reason: "there are no other files"))
    }
  }

  static func scenarios(
    _ text: String, breaking broken: [KGraftMutation] = []
  ) throws -> [RunnableScenario] {
    let unit = unit(text)
    return try unit.entries.map { entry in
      let made = unit.runnable(entry, breaking: broken, everySchedule: false)
      guard let scenario = made.scenario else {
        let renderer = DiagnosticRenderer(sources: unit.sources)
        throw NotRunnable(text: renderer.render(made.diagnostics))
      }
      return scenario
    }
  }

  /// The record of a text's only scenario.
  static func run(
    _ text: String, breaking broken: [KGraftMutation] = [], seed: UInt64 = 0,
    options: RunOptions = RunOptions()
  ) throws -> RunRecord {
    let scenarios = try scenarios(text, breaking: broken)
    let scenario = try #require(scenarios.first)
    try #require(scenarios.count == 1)
    var options = options
    options.seed = seed
    options.wantsEvents = true
    return ScenarioRunner(scenario, options).run()
  }
}
