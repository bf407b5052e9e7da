import Testing

/// Sources, and what the user sees.
@Suite struct NameSnapshots {
  @Test func unknownProgram() {
    snapshot(
      #"""
      program server(port) { loop { work 1ms * port } }
      scenario "x" { let servers = spawn 3 of sevrer(80); print servers }
      """#,
      #"""
      error[E0201]: no program is called `sevrer`
       --> demo.graft:2:41
        |
      2 | scenario "x" { let servers = spawn 3 of sevrer(80); print servers }
        |                                         ^^^^^^ did you mean `server`?

      """#)
  }

  @Test func unknownQueue() {
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
      program p { loop { recv(1) } }
      scenario "x" { spawn p; wake packet }
      """#,
      #"""
      error[E0201]: no queue is called `packet`
        --> demo.graft:11:30
         |
      11 | scenario "x" { spawn p; wake packet }
         |                              ^^^^^^ did you mean `packets`?

      """#)
  }

  @Test func unknownNameListsPatches() {
    snapshot(
      #"""
      scenario "x" { apply nothing_like_it }
      """#,
      #"""
      error[E0201]: no patch is called `nothing_like_it`
       --> demo.graft:1:22
        |
      1 | scenario "x" { apply nothing_like_it }
        |                      ^^^^^^^^^^^^^^^ unknown name

      """#)
  }

  @Test func duplicateFunction() {
    snapshot(
      #"""
      kernel "3.12" {
        fn f() { work 1us }
        fn f() { work 2us }
      }
      """#,
      #"""
      error[E0202]: function `f` is declared twice
       --> demo.graft:3:6
        |
      2 |   fn f() { work 1us }
        |      - first declared here
      3 |   fn f() { work 2us }
        |      ^ declared again here
        |
        = help: a second function of the same name is written `fn f@2`

      """#)
  }

  @Test func hiddenName() {
    snapshot(
      #"""
      kernel "3.12" {
        queue packets
        fn f(packets) { work 1us }
      }
      """#,
      #"""
      error[E0203]: `packets` is already the name of a queue
       --> demo.graft:3:8
        |
      2 |   queue packets
        |         ------- declared here
      3 |   fn f(packets) { work 1us }
        |        ^^^^^^^ this would hide it
        |
        = help: a name can't hide another; choose a different one

      """#)
  }

  @Test func durationWithoutUnit() {
    snapshot(
      #"""
      scenario "x" { sleep 5 }
      """#,
      #"""
      error[E0302]: a duration needs a unit: write 5s, 5ms or 5us
       --> demo.graft:1:22
        |
      1 | scenario "x" { sleep 5 }
        |                      ^ a bare number

      """#)
  }

  @Test func awaitLimitWithoutUnit() {
    snapshot(
      #"""
      scenario "x" { await not in_progress within 30 }
      """#,
      #"""
      error[E0302]: a duration needs a unit: write 30s, 30ms or 30us
       --> demo.graft:1:45
        |
      1 | scenario "x" { await not in_progress within 30 }
        |                                             ^^ a bare number

      """#)
  }

  @Test func intAsCondition() {
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
      scenario "x" { if seen { print "yes" } }
      """#,
      #"""
      error[E0301]: expected a bool, found an int
        --> demo.graft:10:19
         |
      10 | scenario "x" { if seen { print "yes" } }
         |                   ^^^^ this is an int
         |
         = help: compare it: `seen != 0`

      """#)
  }

  @Test func textPlusNumber() {
    snapshot(
      #"""
      scenario "x" { let n = 3; print "n is " + n }
      """#,
      #"""
      error[E0301]: `+` can't go between a string and an int
       --> demo.graft:1:41
        |
      1 | scenario "x" { let n = 3; print "n is " + n }
        |                                 ------- ^ - an int
        |                                 |
        |                                 a string
        |
        = help: put the parts into one text: "{a}{b}"

      """#)
  }

  @Test func comparisonOfKinds() {
    snapshot(
      #"""
      scenario "x" { let t = 5ms; print t > 5 }
      """#,
      #"""
      error[E0302]: a duration needs a unit: write 5s, 5ms or 5us
       --> demo.graft:1:39
        |
      1 | scenario "x" { let t = 5ms; print t > 5 }
        |                                       ^ a bare number

      """#)
  }

  @Test func parameterKindFromItsUse() {
    snapshot(
      #"""
      program napper(d) { sleep d }
      scenario "x" { spawn napper(5) }
      """#,
      #"""
      error[E0302]: a duration needs a unit: write 5s, 5ms or 5us
       --> demo.graft:2:29
        |
      2 | scenario "x" { spawn napper(5) }
        |                             ^ a bare number

      """#)
  }

  @Test func arityOfAProgram() {
    snapshot(
      #"""
      program server(port) { loop { work 1ms * port } }
      scenario "x" { spawn server(80, 81) }
      """#,
      #"""
      error[E0303]: program `server` takes 1 argument, and 2 arguments are given
       --> demo.graft:2:22
        |
      1 | program server(port) { loop { work 1ms * port } }
        |         ------ declared here
      2 | scenario "x" { spawn server(80, 81) }
        |                      ^^^^^^^^^^^^^^ 2 given
        |
        = help: it takes (port)

      """#)
  }

  @Test func arityOfAVerb() {
    snapshot(
      #"""
      program p { loop { work 1ms } }
      scenario "x" { let t = spawn p; signal STOP; print t }
      """#,
      #"""
      error[E0303]: `signal` takes 2 arguments, and 1 argument is given
       --> demo.graft:2:33
        |
      2 | scenario "x" { let t = spawn p; signal STOP; print t }
        |                                 ^^^^^^^^^^^ 1 given
        |
        = help: write: signal NAME, TASKS [fails ESRCH]

      """#)
  }

  @Test func assignmentToLet() {
    snapshot(
      #"""
      scenario "x" { let n = 1; n = 2; print n }
      """#,
      #"""
      error[E0304]: `n` can't be assigned: it is a `let`
       --> demo.graft:1:27
        |
      1 | scenario "x" { let n = 1; n = 2; print n }
        |                    -      ^ assigned here
        |                    |
        |                    declared here
        |
        = help: declare it with `var` to change it

      """#)
  }

  @Test func kernelVariableFromOutside() {
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
      scenario "x" { seen = 0 }
      """#,
      #"""
      error[E0304]: `seen` can't be assigned: it is a kernel variable
        --> demo.graft:10:16
         |
       4 |   var seen in 0..3 = 0
         |       ---- declared here
      ...
      10 | scenario "x" { seen = 0 }
         |                ^^^^ assigned here
         |
         = help: only kernel code changes it: write a `syscall` that does

      """#)
  }

  @Test func kernelVariableFromAProgram() {
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
      program p { if seen == 0 { exit } }
      """#,
      #"""
      error[E0208]: a program can't use the kernel variable `seen` directly
        --> demo.graft:10:16
         |
       4 |   var seen in 0..3 = 0
         |       ---- declared here
      ...
      10 | program p { if seen == 0 { exit } }
         |                ^^^^ out of reach from a program
         |
         = help: write a `syscall` that returns it, and call that

      """#)
  }

  @Test func waitInAProgram() {
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
      program p { wait packets }
      """#,
      #"""
      error[E0401]: `wait` belongs in kernel code, not in a program
        --> demo.graft:10:13
         |
      10 | program p { wait packets }
         |             ^^^^^^^^^^^^ this is a program
         |
         = help: call a `syscall` that waits

      """#)
  }
}
