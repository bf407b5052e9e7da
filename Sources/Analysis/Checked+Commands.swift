import Diagnostics
import Syntax

extension Checked {
  /// What is wrong with the commands of a text that has other errors: it is found as its scenarios
  /// are lowered, and nothing of such a text is.
  ///
  /// - Parameter isWhole: whether everything that is declared could be read; else a module or a
  ///   package that nothing declares may be one that could not.
  package func mistakesInCommands(isWhole: Bool) -> [Diagnostic] {
    guard let scenario = scenarios.first, let row = scenario.rows.first, !commands.isEmpty
    else { return [] }
    let lowering = Lowering(self, scenario, row)
    let bodies = zip(scenarios, index.scenarios).filter { scenario, _ in scenario.mayRun }
    for body in bodies.map(\.1.body) + index.definitions.map(\.body) {
      body.forEachStatement { statement in
        guard case .expression(let node) = statement.kind, node.failure == nil,
          case .shell(let text) = node.expression.kind,
          !lowering.isFull
        else { return }
        lowering.checkCommand(text, node.expression.range)
      }
    }
    let found = lowering.diagnostics
    return isWhole ? found : found.filter { Self.codesOfCommands.contains($0.code) }
  }

  /// What needs no declaration to be known for wrong.
  private static let codesOfCommands: [DiagnosticCode] = [.unknownCommand, .wrongOperands]
}
