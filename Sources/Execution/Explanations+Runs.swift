import Diagnostics

extension Explanation {
  /// The codes of a scenario that is running.
  static let ofRuns: [Explanation] = verdicts + breakdowns + ofCrashes + ofVacuity

  private static let ofVacuity: [Explanation] = [
    Explanation(
      code: .vacuous, title: "a claim that could not have failed",
      text: """
        Every schedule was searched, and none of them could have shown this claim to be wrong: no \
        schedule comes to it, or what it watches for cannot come about while it does. So that it \
        passes says nothing. Claims stand before what they are about.
        """,
      wrong: """
        kernel "3.12" { fn f() { work 1us }; syscall call() { f() } }
        patch fix { fn f() { work 2us } }
        program looper { loop { call() } }
        scenario "s" in every schedule {
            spawn looper
            apply fix
            await not in_progress
            never mixed
        }
        """,
      right: """
        kernel "3.12" { fn f() { work 1us }; syscall call() { f() } }
        patch fix { fn f() { work 2us } }
        program looper { loop { call() } }
        scenario "s" in every schedule {
            spawn looper
            never mixed
            apply fix
            await not in_progress
        }
        """)
  ]

  private static let verdicts: [Explanation] = [
    Explanation(
      code: .assertionFailed, title: "an assertion does not hold",
      text: """
        What `assert` says is not so at this moment of this schedule. The report shows the value \
        of every part of the condition, and the command that plays the same run again.
        """,
      wrong: """
        kernel "3.12" { queue packets; syscall recv() { wait packets } }
        program server { loop { recv() } }
        scenario "s" {
            let t = spawn server
            sleep 10ms
            assert not t.in_kernel
        }
        """,
      right: """
        kernel "3.12" { queue packets; syscall recv() { wait packets } }
        program server { loop { recv() } }
        scenario "s" {
            let t = spawn server
            sleep 10ms
            assert t.in_kernel
        }
        """),
    Explanation(
      code: .awaitExpired, title: "the condition did not come true in time",
      text: """
        `await` lets the machine's time pass until its condition holds, for as long as `within` \
        says, or an hour. Under kGraft a task that sleeps in the kernel keeps the transition from \
        ending until somebody wakes it.
        """,
      wrong: """
        kernel "3.12" { queue packets; fn f() { work 1us }; syscall recv() { wait packets; f() } }
        patch fix { fn f() { work 2us } }
        program server { loop { recv() } }
        scenario "s" {
            spawn server
            sleep 10ms
            apply fix
            await not in_progress within 4s
        }
        """,
      right: """
        kernel "3.12" { queue packets; fn f() { work 1us }; syscall recv() { wait packets; f() } }
        patch fix { fn f() { work 2us } }
        program server { loop { recv() } }
        scenario "s" {
            let t = spawn server
            sleep 10ms
            apply fix
            signal STOP, t; signal CONT, t
            await not in_progress within 4s
        }
        """),
    Explanation(
      code: .propertyViolated, title: "a property does not hold",
      text: """
        What `always` or `never` says must hold from where it stands to the end. The report shows \
        the step after which it did not; in a search, on a shortest way there.
        """,
      wrong: """
        kernel "3.12" { queue packets; syscall recv() { wait packets } }
        program server { loop { recv() } }
        scenario "s" {
            let t = spawn server
            always not t.in_kernel
            sleep 10ms
        }
        """,
      right: """
        kernel "3.12" { queue packets; syscall recv() { wait packets } }
        program server { loop { recv() } }
        scenario "s" {
            let t = spawn server
            always t.alive
            sleep 10ms
        }
        """),
    Explanation(
      code: .unexpectedOutcome, title: "a verb failed, or should have",
      text: """
        A verb that fails ends the scenario, unless `fails ERRNO` expects just that; then success \
        ends it. kGraft takes one patch at a time: while one is on its way, the next `apply` fails \
        with EAGAIN.
        """,
      wrong: """
        kernel "3.12" { fn f() { work 1us } }
        patch fix { fn f() { work 2us } }
        scenario "s" { apply fix fails EAGAIN; await not in_progress }
        """,
      right: """
        kernel "3.12" { fn f() { work 1us } }
        patch fix { fn f() { work 2us } }
        scenario "s" { apply fix; await not in_progress }
        """),
    Explanation(
      code: .deadEnd, title: "nobody can take another step",
      text: """
        The scenario waits, every task sleeps, and no timer will wake one: nothing will ever \
        happen again. Often a wake-up came too early: it reaches those who sleep already, and a \
        task \
        that is on its way to sleep misses it.
        """,
      wrong: """
        kernel "3.12" { queue packets; syscall recv() { wait packets } }
        program server { recv() }
        scenario "s" in every schedule {
            let t = spawn server
            await t.in_kernel
            wake packets
            await not t.alive
        }
        """,
      right: """
        kernel "3.12" { queue packets; syscall recv() { wait packets } }
        program server { recv() }
        scenario "s" in every schedule {
            let t = spawn server
            await t.in_kernel
            signal KILL, t
            await not t.alive
        }
        """),
    Explanation(
      code: .checkFailed, title: "a check does not hold",
      text: """
        `check` is `assert` for a scenario that has more to say: it notes what does not hold, and \
        the scenario goes on. The run fails at its end, with every check that failed and the \
        values that it had.
        """,
      wrong: """
        kernel "3.12" { queue packets; syscall recv() { wait packets } }
        program server { loop { recv() } }
        scenario "s" {
            let t = spawn server
            sleep 10ms
            check not t.in_kernel
            check t.alive
        }
        """,
      right: """
        kernel "3.12" { queue packets; syscall recv() { wait packets } }
        program server { loop { recv() } }
        scenario "s" {
            let t = spawn server
            sleep 10ms
            check t.in_kernel
            check t.alive
        }
        """),
    Explanation(
      code: .lostText, title: "a task inside code that is gone",
      text: """
        The text of a module was freed while a task was inside one of its functions, or would \
        return into one. The kernel counts who uses a module by its system calls; a thread of the \
        module itself is not counted, its `on exit` has to wait for it.
        """,
      wrong: """
        kernel "3.12" { module "disk" { kthread flusher { loop { sleep 1ms } } } }
        scenario "s" {
          $ modprobe disk
          sleep 5ms
          $ rmmod disk
        }
        """,
      right: """
        kernel "3.12" {
          var stopping = 0
          queue ended
          module "disk" {
            kthread flusher { while stopping == 0 { sleep 1ms }; wake ended }
            on exit { stopping = 1; wait ended uninterruptible }
          }
        }
        scenario "s" {
          $ modprobe disk
          sleep 5ms
          $ rmmod disk
        }
        """),
    Explanation(
      code: .starved, title: "an await can wait for ever",
      text: """
        In a search the operator goes on only in worlds where the condition holds, and there is a \
        way for the others to go on for ever without that: everybody who could step all the time \
        gets a turn, so that nobody can be blamed for being slow. The schedule leads to where \
        that begins. A sleeper that nobody wakes is the usual reason.
        """,
      wrong: """
        kernel "3.12" { queue packets; fn f() { work 1us }; syscall recv() { wait packets; f() } }
        patch fix { fn f() { work 2us } }
        program server { loop { recv() } }
        scenario "s" in every schedule {
            let t = spawn server
            await t.in_kernel
            apply fix
            await not in_progress
        }
        """,
      right: """
        kernel "4.4" { queue packets; fn f() { work 1us }; syscall recv() { wait packets; f() } }
        patch fix { fn f() { work 2us } }
        program server { loop { recv() } }
        scenario "s" in every schedule {
            let t = spawn server
            await t.in_kernel
            apply fix
            await not in_progress
        }
        """),
    Explanation(
      code: .requestWaits, title: "a request that never returns",
      text: """
        `apply` and `revert` return when every CPU has been given up once (schedule_on_each_cpu), \
        and a command when its process has ended. Here that never comes: kernel code keeps a CPU \
        and neither sleeps nor leaves, interrupts leave it no time, or what the process waits for \
        does not happen. Neither does the scenario's next statement.
        """,
      wrong: """
        kernel "4.4" { fn f() { return 1 }; syscall spin() { loop { work 1ms } } }
        patch fix { fn f() { return 2 } }
        program spinner { spin() }
        scenario "s" {
            spawn spinner
            sleep 1ms
            apply fix
        }
        """,
      right: """
        kernel "4.4" { fn f() { return 1 }; syscall spin() { loop { work 1ms } } }
        patch fix { fn f() { return 2 } }
        program spinner { spin() }
        scenario "s" {
            machine { preempt }
            spawn spinner
            sleep 1ms
            apply fix
        }
        """),
    Explanation(
      code: .neverReached, title: "no schedule comes to it",
      text: """
        What `reach` says must come true in one schedule at least. A search that has seen all of \
        them and found none fails. One run cannot judge it: where it did not come true there, \
        another schedule may still come to it.
        """,
      wrong: """
        kernel "3.12" { var count in 0..3 = 0; syscall bump() { count = count + 1 } }
        program once { bump() }
        scenario "s" in every schedule {
            reach count == 2
            let t = spawn once
            await not t.alive
        }
        """,
      right: """
        kernel "3.12" { var count in 0..3 = 0; syscall bump() { count = count + 1 } }
        program once { bump() }
        scenario "s" in every schedule {
            reach count == 2
            let ts = spawn 2 of once
            await every(t in ts: not t.alive)
        }
        """),
  ]
}
