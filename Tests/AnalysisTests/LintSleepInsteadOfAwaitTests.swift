import Testing

@testable import Analysis

@Suite struct LintSleepInsteadOfAwaitTests {
  @Test func aSleepBeforeTheEndIsPointedOut() {
    checkLint(
      SleepInsteadOfAwait.self,
      lintKernel + """
        def settle() {
            sleep 1s                                      # lint: W0801 asserts that the sleep
            assert (not in_progress)
        }
        scenario "s" {
            apply fix
            sleep 10s                                     # lint: W0801 long enough
            assert not in_progress
            if in_progress {
                sleep 1s                                  # lint: W0801
                assert cat("/sys/kernel/kgraft/in_progress") == "0"
            }
            settle()
        }
        scenario "a sleep while nothing can end is meant" {
            spawn server
            sleep 1s
            apply fix
            sleep 5s
            assert in_progress
            sleep 5s
            assert cat("/sys/kernel/kgraft/in_progress") == "1"
            sleep 1s
            print in_progress
            assert not in_progress
        }
        """)
  }
}
