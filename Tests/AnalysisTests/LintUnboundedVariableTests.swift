import Testing

@testable import Analysis

@Suite struct LintUnboundedVariableTests {
  @Test func aCounterNeedsBounds() {
    checkLint(
      UnboundedVariable.self,
      """
      kernel "3.12" {
          var counted = 0                               # lint: W0806 `counted` has no bounds
          var bounded in 0..3 = 0
          var flag = false
          var last = 0
          module "ext4" at boot {
              var syncs = 0                             # lint: W0806 `syncs`
              fn sync() { syncs = (syncs + 1) }
          }
          syscall probe(length) {
              counted = counted + 1
              bounded = bounded + 1
              flag = not flag
              last = length + 1
          }
      }
      program looper { loop { probe(3) } }
      scenario "s" in every schedule { let t = spawn looper; always t.alive; await t.in_kernel }
      ---
      kernel "3.12" {
          var counted = 0
          syscall probe() { counted = counted + 1 }
      }
      program looper { loop { probe() } }
      scenario "a run" { let t = spawn looper; sleep 1s; assert t.alive }
      """)
  }
}
