import Diagnostics
import Syntax

/// A search over every schedule has no clock that `within` could be held against.
enum LimitInSearch: LintRule {
  static let explanation = Explanation(
    code: DiagnosticCode(rawValue: "W0811"), title: "a limit of time in a search",
    text: """
      In a search any enabled step may come next, however long the others take: durations mean \
      nothing, and `within` is not judged. What remains is the stronger claim that the condition \
      comes true at all. Time is kept in a scenario that runs.
      """,
    wrong: """
      kernel "3.12" { fn f() { work 1us } }
      patch fix { fn f() { work 2us } }
      scenario "s" in every schedule { never mixed; apply fix; await not in_progress within 4s }
      """,
    right: """
      kernel "3.12" { fn f() { work 1us } }
      patch fix { fn f() { work 2us } }
      scenario "s" in every schedule { never mixed; apply fix; await not in_progress }
      """)

  static func check(_ file: LintedFile) -> [Diagnostic] {
    var found: [Diagnostic] = []
    for scenario in file.searchedScenarios {
      scenario.body.forEachStatement { statement in
        guard case .await(let node) = statement.kind, let limit = node.limit else { return }
        found.append(
          warning(
            "a search keeps no time: this limit is not judged", at: limit.range,
            also: scenario.everySchedule.map { [.secondary($0, "searched")] } ?? []))
      }
    }
    return found
  }
}
