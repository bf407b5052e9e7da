import Testing

@testable import Analysis

@Suite struct LintScenarioWithoutClaimTests {
  @Test func whatNeverFailsIsPointedOut() {
    checkLint(
      ScenarioWithoutClaim.self,
      lintKernel + """
        def settle() { await not in_progress within 4s }
        scenario "nothing" { spawn server; sleep 1s }     # lint: W0802 claims nothing
        scenario "an assertion" { assert not in_progress }
        scenario "deep down" { for n in 1..2 { if n == 1 { assert not in_progress } } }
        scenario "in a helper" { apply fix; settle() }
        scenario "in its own helper" {
            def look() { assert not in_progress }
            look()
        }
        scenario "in a helper that nobody calls" {        # lint: W0802
            def look() { assert not in_progress }
            spawn server
        }
        scenario "an expected failure" { apply fix; apply more fails EAGAIN }
        scenario "the log" { apply fix; sleep 4s; expect log "kgr" }
        scenario "not run" { skip "later"; spawn server }
        scenario "not always run" { skip "later" if 1 > 2; spawn server }   # lint: W0802
        lesson "shows" { spawn server }
        """)
  }
}
