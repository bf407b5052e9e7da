import Diagnostics
import Syntax

/// A search visits a line on thousands of schedules and shows what it printed on one.
enum PrintInSearch: LintRule {
  static let explanation = Explanation(
    code: DiagnosticCode(rawValue: "W0809"), title: "print in a search",
    text: """
      A search over every schedule passes a `print` on thousands of them, silently: what it prints \
      is seen only where a witness is told afterwards. What should hold there is an `assert`, what \
      can happen a `reach`.
      """,
    wrong: """
      program server { loop { work 1ms } }
      scenario "s" in every schedule { let t = spawn server; print t.state; assert t.alive }
      """,
    right: """
      program server { loop { work 1ms } }
      scenario "s" in every schedule { let t = spawn server; assert t.alive }
      """)

  static func check(_ file: LintedFile) -> [Diagnostic] {
    file.searchedScenarios.flatMap { scenario in
      file.steps(of: scenario).filter { step in
        step.range.file == file.tree.file
          && ["print", "say"].contains { step.arguments(of: $0) != nil }
      }.map {
        warning(
          "a search is silent: this is seen only where a witness is told", at: $0.range,
          also: [.secondary(scenario.title.range, "searched here")])
      }
    }
  }
}
