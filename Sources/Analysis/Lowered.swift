import Diagnostics
import Machine
import Patching

/// A scenario as the machine runs it.
package struct Lowered: Sendable {
  package var program: Program
  package var rules: KGraftRules
  /// Whether the scenario asks for every schedule.
  package var isExhaustive: Bool
  /// `scenario[row]`, for reports.
  package var name: String
}

extension Checked {
  /// Lowers one row of a scenario to the machine's program.
  ///
  /// - Returns: nil with at least one error when the scenario needs what can't be simulated, or is
  ///   too large; otherwise the program, and perhaps warnings. The text must be free of errors.
  /// - Parameters:
  ///   - session: nil for a scenario that runs from its beginning to its end.
  package func lower(
    _ scenario: Scenario, _ row: Row, as session: SessionForm? = nil
  ) -> (lowered: Lowered?, diagnostics: [Diagnostic]) {
    guard !hasErrors else { return (nil, diagnostics.filter { $0.severity == .error }) }
    let lowering = Lowering(self, scenario, row, session)
    lowering.run()
    let isBroken = lowering.diagnostics.contains { $0.severity == .error }
    guard !isBroken else { return (nil, lowering.diagnostics) }
    let lowered = Lowered(
      program: lowering.program, rules: lowering.rules, isExhaustive: scenario.isExhaustive,
      name: scenario.name + row.id)
    return (lowered, lowering.diagnostics)
  }

  /// What lowering a row has to say, and whether there is more than is said. The text must be free
  /// of errors.
  ///
  /// - Parameters:
  ///   - survey: that of the scenario.
  ///   - trial: what other scenarios of the text have been found to lower to.
  package func refusals(
    of scenario: Scenario, _ row: Row, _ survey: OperatorSurvey, on trial: Trial
  ) -> (diagnostics: [Diagnostic], isCut: Bool) {
    let lowering = Lowering(self, scenario, row, survey: survey, trial: trial)
    lowering.run()
    trial.add(lowering.workDone + Self.workOfRow)
    return (lowering.diagnostics, lowering.isCut)
  }

  /// To begin with a row costs about as much as so many instructions.
  private static let workOfRow = 4
}
