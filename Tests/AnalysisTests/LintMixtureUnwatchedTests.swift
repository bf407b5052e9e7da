import Testing

@testable import Analysis

@Suite struct LintMixtureUnwatchedTests {
  @Test func aSearchOverAPatchWatches() {
    checkLint(
      MixtureUnwatched.self,
      lintKernel + """
        scenario "unwatched" in every schedule {
            apply fix                                     # lint: W0807 does not watch
            await not in_progress
        }
        scenario "watched" in every schedule {
            never mixed
            apply fix
            await not in_progress
        }
        scenario "no patch" in every schedule { let t = spawn server; always t.alive }
        scenario "refused" in every schedule {
            apply fix fails EAGAIN
        }
        scenario "a run" { apply fix; await not in_progress within 4s }
        """)
  }
}
