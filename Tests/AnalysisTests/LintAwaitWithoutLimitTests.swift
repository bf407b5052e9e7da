import Testing

@testable import Analysis

@Suite struct LintAwaitWithoutLimitTests {
  @Test func aRunNeedsALimit() {
    checkLint(
      AwaitWithoutLimit.self,
      lintKernel + """
        scenario "a run" {
            apply fix
            await not in_progress                         # lint: W0805 up to an hour
            if in_progress { await not in_progress }      # lint: W0805
            await not in_progress within 4s
        }
        scenario "a search" in every schedule {
            apply fix
            await not in_progress
        }
        scenario "meant" {
            apply fix
            await not in_progress                         # it is slow; lint: allow W0805
            # lint: allow W0801, W0805
            await not in_progress
            # lint: allow W0801
            await not in_progress                         # lint: W0805
        }
        """)
  }
}
