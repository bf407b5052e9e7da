import Testing

@testable import Analysis

@Suite struct LintThreadWithoutSafePointTests {
  @Test func aThreadThatLoopsNeedsASafePoint() {
    checkLint(
      ThreadWithoutSafePoint.self,
      """
      kernel "3.12" {
          fn f() { work 1us }
          kthread blocker { loop { sleep 1s; f() } }    # lint: W0810 `blocker` never comes
          kthread good { loop { sleep 1s; if true { safe point } } }
          kthread once { work 1us }
          module "ext4" at boot {
              kthread journal { loop { sleep 1s } }     # lint: W0810 `journal`
          }
      }
      patch fix { fn f() { work 2us } }
      scenario "s" { apply fix; sleep 4s; assert in_progress }
      ---
      kernel "3.12" {
          kthread blocker { loop { sleep 1s } }
      }
      scenario "no patch" { sleep 4s; assert not in_progress }
      """)
  }
}
