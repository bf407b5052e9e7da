import Diagnostics
import Syntax

/// An hour is the longest that `await` waits unless told; few transitions are meant to take that.
enum AwaitWithoutLimit: LintRule {
  static let explanation = Explanation(
    code: DiagnosticCode(rawValue: "W0805"), title: "await without a limit",
    text: """
      Without `within`, `await` lets up to an hour of machine time pass before it fails. How long \
      a transition may take is worth saying: it is what the reader wants to know, and a failure \
      then comes at the right moment. In a search over every schedule time means nothing, and no \
      limit is needed.
      """,
    wrong: """
      kernel "3.12" { fn f() { work 1us } }
      patch fix { fn f() { work 2us } }
      scenario "s" { apply fix; await not in_progress }
      """,
    right: """
      kernel "3.12" { fn f() { work 1us } }
      patch fix { fn f() { work 2us } }
      scenario "s" { apply fix; await not in_progress within 10s }
      """)

  static func check(_ file: LintedFile) -> [Diagnostic] {
    var found: [Diagnostic] = []
    for scenario in file.scenarios where scenario.everySchedule == nil {
      scenario.body.forEachStatement { statement in
        guard case .await(let node) = statement.kind, node.limit == nil else { return }
        found.append(
          warning(
            "this waits for up to an hour of machine time", at: statement.range,
            help: "say how long it may take: `await … within 10s`"))
      }
    }
    return found
  }
}
