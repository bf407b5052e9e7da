import Testing

@testable import Analysis

@Suite struct LintLimitInSearchTests {
  @Test func aSearchJudgesNoLimit() {
    checkLint(
      LimitInSearch.self,
      lintKernel + """
        scenario "a search" in every schedule {
            never mixed
            apply fix
            await not in_progress within 4s               # lint: W0811 keeps no time
            await not in_progress
        }
        scenario "a run" { apply fix; await not in_progress within 4s }
        """)
  }
}
