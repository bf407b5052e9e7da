import Diagnostics
import Syntax

/// A scenario that claims nothing passes whatever happens.
enum ScenarioWithoutClaim: LintRule {
  static let explanation = Explanation(
    code: DiagnosticCode(rawValue: "W0802"), title: "a scenario that claims nothing",
    text: """
      Without an assertion, a property, an `await`, an `expect log` or a `fails`, a scenario \
      passes whatever the patch does; it is a demonstration, and its name promises a test. A \
      lesson may be one.
      """,
    wrong: """
      program server { loop { work 1ms } }
      scenario "the servers survive" { spawn 3 of server; sleep 10s }
      """,
    right: """
      program server { loop { work 1ms } }
      scenario "the servers survive" {
          let servers = spawn 3 of server
          sleep 10s
          assert every(t in servers: t.alive)
      }
      """)

  static func check(_ file: LintedFile) -> [Diagnostic] {
    file.scenarios.compactMap { scenario in
      let steps = file.steps(of: scenario)
      guard scenario.flavour == .scenario, !steps.contains(where: isClaim) else { return nil }
      return warning(
        "this scenario claims nothing, and passes whatever happens", at: scenario.title.range,
        help: "end it with what must hold: `assert …`, `await … within D`, `expect log …`")
    }
  }

  private static func isClaim(_ statement: Statement) -> Bool {
    switch statement.kind {
    case .await, .expectLog: true
    case .verb(let node):
      node.failure != nil
        || ["assert", "check", "always", "never", "reach", "report"].contains(node.verb.text)
    case .expression(let node): node.failure != nil
    // A scenario that is not run claims nothing by intention.
    case .mark(let mark): mark.kind == .skip && mark.condition == nil
    default: false
    }
  }
}
