import Testing

/// Many small texts: a line that ends in `# error: CODE words` has that diagnostic and no other.
@Suite struct CorpusTests {
  @Test func oneMistakeIsOneDiagnostic() {
    check(
      """
      scenario "x" {
        let a = missing           # error: E0201 nothing is called `missing` here
        let b = a + 1
        assert b == a and b > 3
        for t in a { print t.universe }
        sleep a
      }
      ---
      kernel "3.12" {
        fn f(n) { return nowhere(n) + 1 }      # error: E0201 no function is called `nowhere`
        syscall g(n) { if f(n) == f(2) { return f(n) } ; return 0 }
      }
      program p { g(1) }
      ---
      program p(d) { sleep d }
      scenario "x" {
        spawn p(5)                # error: E0302 5s, 5ms or 5us
        spawn p(5ms)
        spawn p("a")              # error: E0301 expected a duration, found a string
      }
      """)
  }

  @Test func kinds() {
    check(
      """
      scenario "x" {
        print 1 + true            # error: E0301 `+` can't go between an int and a bool
        print 5ms * 5ms           # error: E0301 `*` can't go between a duration and a duration
        print 5ms / 2ms + 1
        print 5ms / 2 + 1ms
        print "a" < "b"           # error: E0301
        print -"a"                # error: E0301
        print [1, "a"]            # error: E0301 expected an int, found a string
        print not 1               # error: E0301 expected a bool, found an int
        for i in 3 { print i }    # error: E0301 expected a list, found an int
        assert cat(3) == "1"      # error: E0301 expected a string, found an int
        assert cat("a", "b") == "1"    # error: E0303 `cat` takes 1 argument
        print "x" in "xyz"
        print 1 in ["a"]          # error: E0301
      }
      """)
  }

  @Test func contexts() {
    check(
      """
      kernel "3.12" {
        queue q
        irq timer every 4ms { wait q }     # error: E0401 `wait` belongs in kernel code
        syscall f() { spawn p }            # error: E0401 `spawn` belongs in a scenario
        kthread k { sleep 1ms; safe point; wait q }
        fn g() { exit }                    # error: E0401 `exit` belongs in a program
        fn h() { timer() }                 # error: E0404 is an interrupt handler
        fn i() { k() }                     # error: E0404 is a kernel thread
      }
      program p { f(); safe point }        # error: E0401 `safe point` belongs in a kernel thread
      scenario "x" {
        choose(1, 2)                       # error: E0401 `choose` belongs in
        wait q                             # error: E0401 `wait` belongs in kernel code
        wake q
        continue                           # error: E0403
      }
      """)
  }

  @Test func patches() {
    check(
      """
      kernel "3.12" {
        const limit = 3
        var seen = 0
        inline fn small(n) { return n < limit }
        fn f(n) { return small(n) }
        syscall s(n) { return f(n) }
        module "ext4" at boot { fn sync(n) { work 1us * n } }
      }
      patch ok { const limit = 4; new fn helper(n) { return n }; fn f(n) { return helper(n) > 0 } }
      patch module_ok { module "ext4" { fn sync(n) { work 2us * n } } }
      patch a { module "ext3" { fn sync(n) { work 2us * n } } }    # error: E0501 no module "ext3"
      patch b { syscall f(n) { return n } }                       # error: E0505
      patch c { fn f() { return true } }                          # error: E0504
      patch d { var seen = 0; fn f(n) { return n == seen } }      # error: E0203
      patch e { const limit = 5s }                  # error: E0301 expected an int, found a duration
      patch g { new fn h() { return 1 } }   # error: E0507 replaces no function
      """)
  }

  @Test func scenarios() {
    check(
      """
      program p { loop { work 1ms } }
      scenario "x" for n in [1, 2], n in [3] { print n }     # error: E0202 declared twice
      scenario "y" for p in [1] { print 1 }                  # error: E0203 already the name of a
      scenario "z" for n in 1..3, m in ["a"] { print "{n}{m}" }
      scenario "z" { print 1 }                               # error: E0601 two scenarios
      scenario "w" for k in [1] { print k }
      scenario "v" {
        let t = spawn p
        if t.alive { machine { cpus 2 } }                    # error: E0407 `machine` belongs
        var t = 1                                            # error: E0203 already the name of
        print t
      }
      scenario "u" {
        def watch() { never mixed }                          # error: E0406 `never` stands directly
        def again() { machine { cpus 2 } }                   # error: E0407 `machine` belongs
        watch(); again()
      }
      scenario "t" { return 3 }                              # error: E0407 `return` with a value
      machine { cpus 0; slice 4 }      # error: E0308 not 0 # error: E0302 a duration needs a unit
      """)
  }

  @Test func programsMayUseTheKernelsNames() {
    check(
      """
      kernel "3.12" { var seen = 0; queue q; fn f() { seen = 1 }; syscall g() { f() } }
      program p(seen) { var q = 0; var f = seen; loop { q = q + f; g(); work 1us * q } }
      program r(g) { work 1us * g }             # error: E0203 already the name of a system call
      """)
  }

  @Test func whatIsRightIsSilent() {
    check(tourKernel)
    check(
      """
      kernel "3.12" {
        lock table
        record inode[8] { size = 0; flags in 0..3 = 0 }
        queue q
        var list_of = list[4]
        syscall f(n) {
          lock table
          let o = alloc inode { size = n }
          if has shadow(o, extra) { drop shadow(o, extra) }
          atomic { work 1us }
          irqs off { work 1us }
          unlock table
          free o
          list_of[0] = n
          printk "done {n}"
          wait q killable timeout 3s until n > 0
        }
        module "ext4" { on init { work 1us }; on exit { work 1us } }
      }
      patch _keep { shadow extra on inode; syscall f(n) { return n } }
      program p { fork { work 1ms }; reap; ignore USR1; on signal USR2 { work 1us }; f(1) }
      scenario "x" {
        let r = $ uname -r
        print "{r.out} {r.status}"
        write "/proc/sys/kernel/tainted", "1"
        let ts = spawn 2 of p on cpu 1
        check every(t in ts: t.alive)
        reach in_progress
        never oops
        report "alive", count(t in ts: t.alive)
      }
      """)
  }
}
