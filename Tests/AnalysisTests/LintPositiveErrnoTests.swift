import Testing

@testable import Analysis

@Suite struct LintPositiveErrnoTests {
  @Test func anErrorHasItsSign() {
    checkLint(
      PositiveErrno.self,
      """
      kernel "3.12" {
          const limit = 9
          syscall probe(n) {
              if n > limit { return EINVAL }             # lint: W0812 `EINVAL` is positive
              if n > 8 { return (EBUSY) }                # lint: W0812 `EBUSY`
              if n > 7 { return -EINVAL }
              return f(n)
          }
          fn f(n) { if n == EINVAL { return limit }; return n }
          module "ext4" at boot {
              fn sync() { return EIO }                   # lint: W0812 `EIO`
              syscall flush() { return sync() }
          }
      }
      patch fix { fn f(n) { return EAGAIN } }            # lint: W0812 `EAGAIN`
      program looper { loop { probe(3) } }
      scenario "s" { let t = spawn looper; apply fix; sleep 1ms; assert t.alive }
      """)
  }
}
