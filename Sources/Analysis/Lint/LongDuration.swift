import Diagnostics
import Syntax

/// Hours of machine time are more often a slip of the unit than a wish.
enum LongDuration: LintRule {
  static let explanation = Explanation(
    code: DiagnosticCode(rawValue: "W0808"), title: "more than an hour",
    text: """
      Transitions take seconds, timeouts minutes; a run has 24 hours of machine time in all, and \
      interrupts every few milliseconds make millions of steps of each. A duration of more than \
      an hour is mostly `h` where `ms` was meant.
      """,
    wrong: """
      program server { loop { work 1ms } }
      scenario "s" { let t = spawn server; sleep 2h; assert t.alive }
      """,
    right: """
      program server { loop { work 1ms } }
      scenario "s" { let t = spawn server; sleep 20min; assert t.alive }
      """)

  static let longestNanoseconds: Int64 = 3_600_000_000_000

  static func check(_ file: LintedFile) -> [Diagnostic] {
    var found: [Diagnostic] = []
    for body in file.ownBodies {
      body.forEachExpression { expression in
        guard case .duration(let nanoseconds) = expression.kind, nanoseconds > longestNanoseconds
        else { return }
        found.append(
          warning(
            "this is more than an hour of machine time", at: expression.range,
            help: "if it is meant, say so in a comment: `# lint: allow W0808`"))
      }
    }
    return found
  }
}
