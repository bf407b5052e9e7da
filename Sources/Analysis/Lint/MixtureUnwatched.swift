import Diagnostics
import Syntax

/// The one thing that kGraft promises is what a search over a patch should watch for.
enum MixtureUnwatched: LintRule {
  static let explanation = Explanation(
    code: DiagnosticCode(rawValue: "W0807"), title: "a search that does not watch for mixtures",
    text: """
      That no task runs old and new code within one entry into the kernel is what kGraft promises, \
      and what a search over every schedule can show. `never mixed` watches for it; it costs next \
      to nothing and must stand before `apply`.
      """,
    wrong: """
      kernel "3.12" { fn f() { work 1us }; syscall probe() { f() } }
      patch fix { fn f() { work 2us } }
      program looper { loop { probe() } }
      scenario "s" in every schedule { spawn looper; apply fix; await not in_progress }
      """,
    right: """
      kernel "3.12" { fn f() { work 1us }; syscall probe() { f() } }
      patch fix { fn f() { work 2us } }
      program looper { loop { probe() } }
      scenario "s" in every schedule { spawn looper; never mixed; apply fix; await not in_progress }
      """)

  static func check(_ file: LintedFile) -> [Diagnostic] {
    file.searchedScenarios.compactMap { scenario in
      let steps = file.steps(of: scenario)
      let isWatched = steps.contains { step in
        ["never", "reach"].contains {
          step.arguments(of: $0)?.first?.bare.plainName == "mixed"
        }
      }
      guard !isWatched, let apply = steps.first(where: isSuccessfulApply) else { return nil }
      let isHere = apply.range.file == file.tree.file
      return warning(
        "this search applies a patch and does not watch for mixtures",
        at: isHere ? apply.range : scenario.title.range,
        help: "write `never mixed` before it")
    }
  }

  private static func isSuccessfulApply(_ statement: Statement) -> Bool {
    guard case .verb(let node) = statement.kind else { return false }
    return node.verb.text == "apply" && node.failure == nil
  }
}
