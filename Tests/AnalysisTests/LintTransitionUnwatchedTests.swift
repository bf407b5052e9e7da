import Testing

@testable import Analysis

@Suite struct LintTransitionUnwatchedTests {
  @Test func somethingMustFollowAnApply() {
    checkLint(
      TransitionUnwatched.self,
      lintKernel + """
        scenario "last" { never mixed; apply fix }        # lint: W0804 nothing after this
        scenario "awaited" { apply fix; await not in_progress within 4s }
        scenario "slept" { apply fix; sleep 1s }
        scenario "asserted" { apply fix; assert in_progress }
        scenario "only more tasks" {
            apply fix                                     # lint: W0804
            spawn server
            wake packets
        }
        scenario "stalled" { never stalled; apply fix }
        scenario "refused" {
            apply fix
            apply more fails EAGAIN
        }
        scenario "in a loop" {
            for n in 1..2 {
                apply fix
                await not in_progress within 4s
            }
        }
        """)
  }
}
