import Testing

/// Code that is never reached, and assertions that cannot fail.
@Suite struct ReachTests {
  @Test func whatStandsBehindAnEnd() {
    check(
      """
      kernel "4.4" {
        fn a() { oops; work 1us }                                  # error: W0702
        fn b() { irqs off { loop { work 1us } }; work 1us }        # error: W0702
        syscall s() { a(); b() }
        kthread t { while true { sleep 1s; safe point }; work 1us }  # error: W0702
      }
      def either(n) {
        if n > 1 { return 1 } else if n > 0 { return 2 } else { return 3 }
        print "never"                                              # error: W0702
      }
      def round(n) { loop { if n > 1 { break } }; return 2 }
      program p {
        if true { s() } else { s() }                               # error: W0702
        for i in 3..1 { work 1ms }                                 # error: W0702
        for i in [] { work 1ms }                                   # error: W0702
        while false { work 1ms }                                   # error: W0702
        fork { exit; work 1ms }                                    # error: W0702
        loop { work 1ms }
      }
      scenario "x" {
        spawn p
        print either(1) + round(2)
        if false { print "a" }                                     # error: W0702
        loop { if in_progress { break } else { return } }
      }
      """)
  }

  @Test func assertionsThatCannotFail() {
    check(
      """
      program p { loop { work 1ms } }
      scenario "x" for n in [1, 2] {
        let t = spawn p
        let k = 3
        assert k == 3                                  # error: W0703
        assert k in [1, 3]                             # error: W0703
        assert not (k > 3)                             # error: W0703
        assert n == 1 or n == 2                        # error: W0703
        assert n > 0 and n in 1..9                     # error: W0703
        check t.pid == t.pid                           # error: W0703
        assert t.alive or true                         # error: W0703
        assert in_progress and false                   # error: W0703
        always count(u in [t]: u.alive) >= 0           # error: W0703
        assert every(u in [t]: true)                   # error: W0703
        assert t.universe == old or t.universe == new  # error: W0703
        assert "a" == "b"                              # error: W0703
        never k < 0                                    # error: W0703
        reach n > 5                                    # error: W0703
        await k == 4 within 1s                         # error: W0703
        assert n == 1
        assert count(u in [t]: u.alive) >= 1
        assert some(u in [t]: u.alive) or n == 1
        assert t.universe == old or t.universe == old and t.alive
      }
      """)
  }
}
