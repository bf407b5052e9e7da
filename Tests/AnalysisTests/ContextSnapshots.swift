import Testing

/// Sources, and what the user sees.
@Suite struct ContextSnapshots {
  @Test func workInAScenario() {
    snapshot(
      #"""
      scenario "x" { work 5ms }
      """#,
      #"""
      error[E0401]: `work` belongs in a program or kernel code, not in a scenario
       --> demo.graft:1:16
        |
      1 | scenario "x" { work 5ms }
        |                ^^^^ this is a scenario
        |
        = help: let time pass with `sleep`

      """#)
  }

  @Test func sleepInASystemCall() {
    snapshot(
      #"""
      kernel "3.12" { syscall nap() { sleep 5ms } }
      """#,
      #"""
      error[E0401]: `sleep` belongs in a scenario, a program or a kernel thread, not in kernel code
       --> demo.graft:1:33
        |
      1 | kernel "3.12" { syscall nap() { sleep 5ms } }
        |                                 ^^^^^ this is kernel code
        |
        = help: use `work` to spend time, or let a `kthread` sleep

      """#)
  }

  @Test func safePointInAFunction() {
    snapshot(
      #"""
      kernel "3.12" { fn f() { safe point } }
      """#,
      #"""
      error[E0401]: `safe point` belongs in a kernel thread, not in kernel code
       --> demo.graft:1:26
        |
      1 | kernel "3.12" { fn f() { safe point } }
        |                          ^^^^^^^^^^ this is kernel code
        |
        = help: a task in a system call migrates when it leaves the kernel

      """#)
  }

  @Test func interruptThatSleeps() {
    snapshot(
      #"""
      kernel "3.12" {
        queue q
        fn refill() { wait q }
        fn tick() { refill() }
        irq timer every 4ms { tick() }
      }
      """#,
      #"""
      error[E0402]: interrupt handler `timer` would sleep
       --> demo.graft:3:17
        |
      3 |   fn refill() { wait q }
        |                 ^^^^^^ `wait` sleeps
      4 |   fn tick() { refill() }
        |               ------ calls `refill`
      5 |   irq timer every 4ms { tick() }
        |       -----             ---- calls `tick`
        |       |
        |       runs in interrupt context
        |
        = help: wake a kernel thread instead, and let it sleep

      """#)
  }

  @Test func functionFromAProgram() {
    snapshot(
      #"""
      kernel "3.12" {
        const limit = 9000
        queue packets
        var seen in 0..3 = 0
        inline fn small(n) { return n < limit }
        notrace fn mcount() { work 1ns }
        fn check_frame(n) { return small(n) }
        syscall recv(n) { wait packets; if check_frame(n) { seen = seen + 1 } }
      }
      program p { check_frame(3) }
      """#,
      #"""
      error[E0404]: a program can't call the kernel function `check_frame`
        --> demo.graft:10:13
         |
       7 |   fn check_frame(n) { return small(n) }
         |      ----------- declared `fn` here
      ...
      10 | program p { check_frame(3) }
         |             ^^^^^^^^^^^ called from user space
         |
         = help: a program enters the kernel through a `syscall`

      """#)
  }

  @Test func systemCallFromAScenario() {
    snapshot(
      #"""
      kernel "3.12" {
        const limit = 9000
        queue packets
        var seen in 0..3 = 0
        inline fn small(n) { return n < limit }
        notrace fn mcount() { work 1ns }
        fn check_frame(n) { return small(n) }
        syscall recv(n) { wait packets; if check_frame(n) { seen = seen + 1 } }
      }
      scenario "x" { recv(3) }
      """#,
      #"""
      error[E0404]: a scenario can't call the kernel's `recv`
        --> demo.graft:10:16
         |
       8 |   syscall recv(n) { wait packets; if check_frame(n) { seen = seen + 1 } }
         |           ---- declared here
       9 | }
      10 | scenario "x" { recv(3) }
         |                ^^^^ called from outside the machine
         |
         = help: let a `program` call a `syscall`, and `spawn` it

      """#)
  }

  @Test func patchOfNothing() {
    snapshot(
      #"""
      kernel "3.12" {
        const limit = 9000
        queue packets
        var seen in 0..3 = 0
        inline fn small(n) { return n < limit }
        notrace fn mcount() { work 1ns }
        fn check_frame(n) { return small(n) }
        syscall recv(n) { wait packets; if check_frame(n) { seen = seen + 1 } }
      }
      patch fix { fn chek_frame(n) { return n > 0 } }
      """#,
      #"""
      error[E0501]: kernel "3.12" has no function `chek_frame` to replace
        --> demo.graft:10:16
         |
       7 |   fn check_frame(n) { return small(n) }
         |      ----------- declared here
      ...
      10 | patch fix { fn chek_frame(n) { return n > 0 } }
         |                ^^^^^^^^^^ did you mean `check_frame`?
         |
         = help: a helper that the kernel lacks is written `new fn chek_frame(…)`

      """#)
  }

  @Test func patchOfNotrace() {
    snapshot(
      #"""
      kernel "3.12" {
        const limit = 9000
        queue packets
        var seen in 0..3 = 0
        inline fn small(n) { return n < limit }
        notrace fn mcount() { work 1ns }
        fn check_frame(n) { return small(n) }
        syscall recv(n) { wait packets; if check_frame(n) { seen = seen + 1 } }
      }
      patch fix { fn mcount() { work 2ns } }
      """#,
      #"""
      error[E0502]: `mcount` can't be patched: it is `notrace`
        --> demo.graft:10:16
         |
       6 |   notrace fn mcount() { work 1ns }
         |   ------- declared `notrace` here
      ...
      10 | patch fix { fn mcount() { work 2ns } }
         |                ^^^^^^ no redirection can be put at its entry
         |
         = help: patch the functions that call it instead

      """#)
  }

  @Test func patchOfInline() {
    snapshot(
      #"""
      kernel "3.12" {
        const limit = 9000
        queue packets
        var seen in 0..3 = 0
        inline fn small(n) { return n < limit }
        notrace fn mcount() { work 1ns }
        fn check_frame(n) { return small(n) }
        syscall recv(n) { wait packets; if check_frame(n) { seen = seen + 1 } }
      }
      patch fix { fn small(n) { return n < 1500 } }
      """#,
      #"""
      error[E0503]: `small` is inlined into `check_frame`, which this patch does not replace
        --> demo.graft:10:16
         |
       5 |   inline fn small(n) { return n < limit }
         |   ------ declared `inline` here
       6 |   notrace fn mcount() { work 1ns }
       7 |   fn check_frame(n) { return small(n) }
         |      ----------- has a copy of it
      ...
      10 | patch fix { fn small(n) { return n < 1500 } }
         |                ^^^^^ patched here
         |
         = help: replace that function in the patch too

      """#)
  }

  @Test func patchWithOtherParameters() {
    snapshot(
      #"""
      kernel "3.12" {
        const limit = 9000
        queue packets
        var seen in 0..3 = 0
        inline fn small(n) { return n < limit }
        notrace fn mcount() { work 1ns }
        fn check_frame(n) { return small(n) }
        syscall recv(n) { wait packets; if check_frame(n) { seen = seen + 1 } }
      }
      patch fix { fn check_frame(n, m) { return n > m } }
      """#,
      #"""
      error[E0504]: the new `check_frame` takes 2 parameters, the old one 1
        --> demo.graft:10:16
         |
       7 |   fn check_frame(n) { return small(n) }
         |      ----------- 1 here
      ...
      10 | patch fix { fn check_frame(n, m) { return n > m } }
         |                ^^^^^^^^^^^ 2 here
         |
         = help: its callers stay as they are, so both must take the same

      """#)
  }

  @Test func patchOfAnUnknownConstant() {
    snapshot(
      #"""
      kernel "3.12" {
        const limit = 9000
        queue packets
        var seen in 0..3 = 0
        inline fn small(n) { return n < limit }
        notrace fn mcount() { work 1ns }
        fn check_frame(n) { return small(n) }
        syscall recv(n) { wait packets; if check_frame(n) { seen = seen + 1 } }
      }
      patch fix { const limits = 1500 }
      """#,
      #"""
      error[E0501]: kernel "3.12" has no constant `limits` to replace
        --> demo.graft:10:19
         |
       2 |   const limit = 9000
         |         ----- declared here
      ...
      10 | patch fix { const limits = 1500 }
         |                   ^^^^^^ did you mean `limit`?

      """#)
  }

  @Test func signalWithSig() {
    snapshot(
      #"""
      program p { loop { work 1ms } }
      scenario "x" { let t = spawn p; signal SIGCONT, t }
      """#,
      #"""
      error[E0207]: `SIGCONT` is no signal
       --> demo.graft:2:40
        |
      2 | scenario "x" { let t = spawn p; signal SIGCONT, t }
        |                                        ^^^^^^^ did you mean `CONT`?

      """#)
  }

  @Test func unknownError() {
    snapshot(
      #"""
      kernel "3.12" {
        const limit = 9000
        queue packets
        var seen in 0..3 = 0
        inline fn small(n) { return n < limit }
        notrace fn mcount() { work 1ns }
        fn check_frame(n) { return small(n) }
        syscall recv(n) { wait packets; if check_frame(n) { seen = seen + 1 } }
      }
      patch fix { const limit = 1500 }
      scenario "x" { apply fix fails EAGIAN }
      """#,
      #"""
      error[E0207]: `EAGIAN` is no error
        --> demo.graft:11:32
         |
      11 | scenario "x" { apply fix fails EAGIAN }
         |                                ^^^^^^ did you mean `EAGAIN`?

      """#)
  }

  @Test func unknownProperty() {
    snapshot(
      #"""
      program p { loop { work 1ms } }
      scenario "x" { let t = spawn p; assert t.universal == new }
      """#,
      #"""
      error[E0206]: a task has no `.universal`
       --> demo.graft:2:42
        |
      2 | scenario "x" { let t = spawn p; assert t.universal == new }
        |                                          ^^^^^^^^^ did you mean `.universe`?
        |
        = help: a task can be asked for `.universe`, `.alive`, `.pid`, `.state`, `.in_kernel`

      """#)
  }

  @Test func listAskedLikeATask() {
    snapshot(
      #"""
      program p { loop { work 1ms } }
      scenario "x" { let ts = spawn 2 of p; assert ts.universe == new }
      """#,
      #"""
      error[E0206]: a list of tasks has no `.universe`
       --> demo.graft:2:49
        |
      2 | scenario "x" { let ts = spawn 2 of p; assert ts.universe == new }
        |                                                 ^^^^^^^^ unknown property
        |
        = help: ask each of them: `every(t in ts: t.universe …)`, some or count

      """#)
  }

  @Test func unknownMonitor() {
    snapshot(
      #"""
      scenario "x" { never mixd }
      """#,
      #"""
      error[E0207]: `mixd` is no monitor
       --> demo.graft:1:22
        |
      1 | scenario "x" { never mixd }
        |                      ^^^^ did you mean `mixed`?
        |
        = help: known are mixed, oops, deadlock, lost_text, stalled, lock_order

      """#)
  }

  @Test func divisionByZero() {
    snapshot(
      #"""
      scenario "x" { print 10 / (2 - 2) }
      """#,
      #"""
      error[E0306]: this divides by zero
       --> demo.graft:1:27
        |
      1 | scenario "x" { print 10 / (2 - 2) }
        |                      -----^^^^^^^ this is 0
        |                      |
        |                      in this division

      """#)
  }
}
