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
  ///   - trial: what other scenarios of the text have been found to lower to, where the program is
  ///     not to run.
  package func lower(
    _ scenario: Scenario, _ row: Row, as session: SessionForm? = nil, on trial: Trial? = nil
  ) -> (lowered: Lowered?, diagnostics: [Diagnostic]) {
    guard !hasErrors else { return (nil, diagnostics.filter { $0.severity == .error }) }
    let lowering = Lowering(self, scenario, row, session, trial: trial)
    lowering.run()
    let isBroken = lowering.diagnostics.contains { $0.severity == .error }
    guard !isBroken else { return (nil, lowering.diagnostics) }
    let lowered = Lowered(
      program: lowering.program, rules: lowering.rules, isExhaustive: scenario.isExhaustive,
      name: scenario.name + row.id)
    return (lowered, lowering.diagnostics)
  }
}
