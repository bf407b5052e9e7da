import Diagnostics
import Exploration
import Machine
import Patching

/// One scenario and the question whether it would notice that a rule of the patching engine is
/// missing.
package struct MutationTrial: Sendable {
  private let unit: ScenarioUnit
  package let entry: ScenarioEntry
  private let options: RunOptions
  /// What came of it with every rule in place.
  package let intact: RunOutcome
  private let reach: Reach

  /// How far a run or a search goes without the rule, before it counts as one without an end.
  private struct Reach {
    var limits: Limits
    var bounds: SearchBounds
  }

  /// Runs the scenario with every rule in place. Nil for one that can't be run at all.
  package init?(_ unit: ScenarioUnit, _ entry: ScenarioEntry, _ options: RunOptions) {
    guard
      let scenario = unit.runnable(entry, breaking: [], everySchedule: false).scenario
    else { return nil }
    var options = options
    options.brokenRules = []
    self.unit = unit
    self.entry = entry
    self.options = options
    let record = ScenarioRunner(scenario, options).run(skipping: entry.skipReason)
    intact = record.outcome.expectingFailure(entry.expectedFailureReason)
    reach = Reach(
      limits: Self.limits(options.limits, after: record),
      bounds: Self.bounds(options.bounds, after: record))
  }

  /// Without a rule a run may never end. The budget says so sooner than a team's own.
  private static let greatestGrowth = 20
  private static let leastSteps = 1_000_000
  private static let leastStates = 200_000

  private static func limits(_ limits: Limits, after record: RunRecord) -> Limits {
    var limits = limits
    limits.steps = min(limits.steps, max(leastSteps, record.steps * greatestGrowth))
    return limits
  }

  private static func bounds(_ bounds: SearchBounds, after record: RunRecord) -> SearchBounds {
    var bounds = bounds
    if case .everySchedule(let report) = record.mode {
      bounds.states = min(bounds.states, max(leastStates, report.result.states * greatestGrowth))
    }
    return bounds
  }

  package var sources: SourceMap { unit.sources }

  // MARK: Without the rule

  /// What came of the scenario without the rule.
  package enum Answer: Sendable {
    /// It goes as if nothing were missing.
    case unnoticed
    /// It does not pass any more; why, in words.
    case caught(String)
    /// It was given up, or a search was not at its end where the intact one had been for long.
    case open(String)
  }

  package func answer(without rule: KGraftMutation) -> Answer {
    var options = options
    options.brokenRules = [rule]
    options.limits = reach.limits
    options.bounds = reach.bounds
    guard
      let scenario = unit.runnable(entry, breaking: [rule], everySchedule: false).scenario
    else { return .open("it can't be run") }
    let outcome = ScenarioRunner(scenario, options).run().outcome
      .expectingFailure(entry.expectedFailureReason)
    switch outcome {
    case .passed, .failedAsExpected, .skipped: return .unnoticed
    case .failed(let failure), .broken(let failure):
      return .caught((failure.earlier.first ?? failure).diagnostic.message)
    case .passedUnexpectedly: return .caught("it passes, although it says `xfail`")
    case .inconclusive(let reason): return .open(reason)
    case .cancelled: return .open("it was given up")
    }
  }

  // MARK: What nobody claimed

  /// Worlds that a search for an exposure looks at.
  package static let exposureStates = 200_000

  /// A schedule of the scenario in which a monitor, or something awaited, tells the two engines
  /// apart. Cost: up to three searches of `exposureStates` worlds.
  package func exposingSchedule(without rule: KGraftMutation) -> RunRecord? {
    let all = StandingClaim.allCases
    guard let broken = searched(without: [rule], claiming: all),
      let shown = Self.flaws(broken).first,
      let intact = searched(without: [], claiming: all), Self.isComplete(intact),
      !Self.flaws(intact).contains(shown)
    else { return nil }
    // Whoever repeats it claims what it breaks, and nothing else.
    let property: Int? =
      switch shown {
      case .fault(.violated(let number, _)), .stalled(let number): number
      default: nil
      }
    let text = property.map { broken.program.properties[$0].text }
    return searched(without: [rule], claiming: all.filter { $0.text == text })
  }

  /// The scenario's natural run with the rule and without it, where they differ.
  package func exposingRun(
    without rule: KGraftMutation
  ) -> (intact: RunRecord, broken: RunRecord)? {
    guard let intact = ran(without: []), let broken = ran(without: [rule]) else { return nil }
    let isSame =
      intact.events == broken.events && intact.steps == broken.steps
      && intact.nanoseconds == broken.nanoseconds
    return isSame ? nil : (intact, broken)
  }

  private func searched(
    without rules: [KGraftMutation], claiming claims: [StandingClaim]
  ) -> RunRecord? {
    var options = options
    options.brokenRules = rules
    options.replayWords = claims.flatMap { ["--never", $0.rawValue] }
    options.bounds.states = min(options.bounds.states, Self.exposureStates)
    options.wantsEvents = true
    let scenario = unit.runnable(entry, breaking: rules, everySchedule: true).scenario
    return scenario.map { ScenarioRunner($0.claiming(claims), options).run() }
  }

  private func ran(without rules: [KGraftMutation]) -> RunRecord? {
    var options = options
    options.brokenRules = rules
    options.limits = reach.limits
    options.wantsEvents = true
    var scenario = unit.runnable(entry, breaking: rules, everySchedule: false).scenario
    scenario?.isExhaustive = false
    return scenario.map { ScenarioRunner($0, options).run() }
  }

  /// What a search found wrong, whoever it happened to.
  private static func flaws(_ record: RunRecord) -> [Flaw] {
    guard case .everySchedule(let report) = record.mode else { return [] }
    return report.result.witnesses.map { witness in
      guard case .fault(.violated(let property, _)) = witness.flaw else { return witness.flaw }
      return .fault(.violated(property: property, Violation()))
    }
  }

  private static func isComplete(_ record: RunRecord) -> Bool {
    guard case .everySchedule(let report) = record.mode else { return false }
    return report.result.isComplete
  }
}
