import Diagnostics
import Syntax

/// Something that is allowed, and that whoever patches kernels for a living would ask about.
///
/// One rule, one file, one test. A rule only ever warns: what cannot be right is the checker's
/// business. A comment `# lint: allow W0805` on a line, or alone above it, keeps a rule quiet.
package protocol LintRule: Sendable {
  /// Its code and title, why it is there, and an example that its test holds against it.
  static var explanation: Explanation { get }

  static func check(_ file: LintedFile) -> [Diagnostic]
}

extension LintRule {
  static func warning(
    _ message: String, at range: SourceRange, label: String = "", also: [Label] = [],
    help: String? = nil
  ) -> Diagnostic {
    Diagnostic(
      .warning, explanation.code, message, labels: [.primary(range, label)] + also, help: help)
  }
}

/// The table of contents.
package enum Linter {
  package static let rules: [any LintRule.Type] = [
    SleepInsteadOfAwait.self,
    ScenarioWithoutClaim.self,
    StopWithoutContinue.self,
    TransitionUnwatched.self,
    AwaitWithoutLimit.self,
    UnboundedVariable.self,
    MixtureUnwatched.self,
    LongDuration.self,
    PrintInSearch.self,
    ThreadWithoutSafePoint.self,
    LimitInSearch.self,
    PositiveErrno.self,
  ]

  /// What the rules have to say about a file, in order of position; of a file that has more to be
  /// pointed out than anyone reads, with a last word about the rest.
  package static func lint(_ file: LintedFile) -> [Diagnostic] {
    let all = rules.flatMap { $0.check(file) }.filter { !file.allows($0) }.enumerated().sorted {
      ($0.element.range?.lower ?? 0, $0.offset) < ($1.element.range?.lower ?? 0, $1.offset)
    }.map(\.element)
    guard all.count > greatestShownCount, let last = all[greatestShownCount - 1].range else {
      return all
    }
    return all.prefix(greatestShownCount) + [.tooManyWarnings(all.count, at: last)]
  }

  private static let greatestShownCount = 500
}

extension Explanation {
  /// The codes of lint.
  package static let ofLint: [Explanation] = Linter.rules.map { $0.explanation }
}
