import Analysis
import Diagnostics
import Testing

@Suite struct ExplanationTests {
  @Test func everyCodeIsExplainedOnce() {
    let explained = Explanation.ofAnalysis.map(\.code.rawValue).sorted()
    #expect(explained == DiagnosticCode.ofAnalysis.map(\.rawValue).sorted())
  }

  @Test(arguments: Explanation.ofAnalysis.map(\.code.rawValue))
  func examplesBreakAndKeepTheRule(code: String) throws {
    let explanation = try #require(
      Explanation.ofAnalysis.first { $0.code.rawValue == code })
    guard !explanation.wrong.isEmpty else { return }
    let wrong = allDiagnostics(explanation.wrong)
    #expect(
      wrong.contains { $0.code == explanation.code }, "\(wrong.map(\.message))")
    let right = allDiagnostics(explanation.right)
    #expect(right.isEmpty, "\(right.map(\.message))")
    #expect(!explanation.title.isEmpty && !explanation.text.isEmpty)
  }

  /// Those of checking and of lowering each scenario.
  private func allDiagnostics(_ source: String) -> [Diagnostic] {
    let found = CheckedSource(source)
    var all = found.all
    guard !all.contains(where: { $0.severity == .error }) else { return all }
    for scenario in found.checked.scenarios {
      for row in scenario.rows { all += found.checked.lower(scenario, row).diagnostics }
    }
    return all
  }
}
