import Diagnostics
import Syntax

/// `apply` begins a transition; what follows decides whether the scenario sees how it goes.
enum TransitionUnwatched: LintRule {
  static let explanation = Explanation(
    code: DiagnosticCode(rawValue: "W0804"), title: "a transition that nobody looks at",
    text: """
      `apply` hands the patch over and goes on at once: the tasks migrate afterwards. A scenario \
      that ends there is over before its transition has taken a step, and a `never mixed` before \
      it has had nothing to see.
      """,
    wrong: """
      kernel "3.12" { fn f() { work 1us } }
      patch fix { fn f() { work 2us } }
      scenario "s" { never mixed; apply fix }
      """,
    right: """
      kernel "3.12" { fn f() { work 1us } }
      patch fix { fn f() { work 2us } }
      scenario "s" { never mixed; apply fix; await not in_progress within 10s }
      """)

  static func check(_ file: LintedFile) -> [Diagnostic] {
    file.scenarios.compactMap { scenario in
      var last: Statement?
      let steps = file.steps(of: scenario)
      // That is judged beyond the scenario's end.
      guard !steps.contains(where: watchesForAStall) else { return nil }
      for step in steps {
        if case .verb(let node) = step.kind, node.verb.text == "apply" {
          last = node.failure == nil ? step : nil
        } else if looks(step) {
          last = nil
        }
      }
      guard let last, last.range.file == file.tree.file else { return nil }
      return warning(
        "nothing after this waits for the transition or looks at it", at: last.range,
        help: "go on with `await not in_progress within D`, or with what must hold meanwhile")
    }
  }

  private static func watchesForAStall(_ statement: Statement) -> Bool {
    ["never", "reach"].contains {
      statement.arguments(of: $0)?.first?.bare.plainName == "stalled"
    }
  }

  private static func looks(_ statement: Statement) -> Bool {
    switch statement.kind {
    case .await, .expectLog, .conditional, .whileLoop, .endlessLoop, .question, .show: return true
    case .binding, .expression:
      return statement.expressions.contains { $0.asksOrCommands }
    case .verb(let node):
      return [
        "sleep", "assert", "check", "always", "never", "reach", "print", "say", "report",
        "revert", "force", "pause", "notes",
      ].contains(node.verb.text)
    default: return false
    }
  }
}

extension Expression {
  /// Whether it calls something or types a command.
  fileprivate var asksOrCommands: Bool {
    var isFound = false
    forEachPart { part in
      switch part.kind {
      case .call, .shell: isFound = true
      default: break
      }
    }
    return isFound
  }
}
