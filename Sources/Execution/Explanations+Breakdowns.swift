import Diagnostics

extension Explanation {
  /// A scenario that cannot go on.
  static let breakdowns: [Explanation] = [
    Explanation(
      code: .arithmetic, title: "a result that does not exist",
      text: """
        Integers have 64 bits; a result that does not fit is an error and does not wrap around, \
        and so is division by zero.
        """,
      wrong: """
        scenario "s" {
            var divisor = 3
            while divisor > 0 { divisor = divisor - 1 }
            print 12 / divisor
        }
        """,
      right: """
        scenario "s" {
            var divisor = 3
            while divisor > 1 { divisor = divisor - 1 }
            print 12 / divisor
        }
        """),
    Explanation(
      code: .listIndex, title: "no such element",
      text: "The elements of a list are counted from 0.",
      wrong: """
        program server { loop { work 1ms } }
        scenario "s" {
            let servers = spawn 2 of server
            for n in 1..2 { print servers[n].pid }
        }
        """,
      right: """
        program server { loop { work 1ms } }
        scenario "s" {
            let servers = spawn 2 of server
            for n in 0..1 { print servers[n].pid }
        }
        """),
    Explanation(
      code: .deadTask, title: "a task that is gone",
      text: """
        A task that has exited has no universe and is not in the kernel. `.alive` may be asked of \
        every task, and tells.
        """,
      wrong: """
        program short { work 1ms }
        scenario "s" {
            let t = spawn short
            sleep 1s
            print t.in_kernel
        }
        """,
      right: """
        program short { work 1ms }
        scenario "s" {
            let t = spawn short
            sleep 1s
            print t.alive
        }
        """),
    Explanation(
      code: .negativeQuantity, title: "less than nothing",
      text: "No number of tasks and no length of time is negative.",
      wrong: """
        program server { loop { work 1ms } }
        scenario "s" {
            var count = 1
            while count > -2 { count = count - 1 }
            spawn count of server
        }
        """,
      right: """
        program server { loop { work 1ms } }
        scenario "s" {
            var count = 1
            while count < 2 { count = count + 1 }
            spawn count of server
        }
        """),
    Explanation(
      code: .fileError, title: "a file of the machine cannot be read",
      text: """
        The simulated files are where the real ones are, and fail as they do: ENOENT where there \
        is no such file, EACCES where it cannot be read. `cat(…) fails ENOENT` expects it.
        """,
      wrong: """
        scenario "s" { print cat("/sys/kernel/kgraft/no_such_file") }
        """,
      right: """
        scenario "s" { print cat("/sys/kernel/kgraft/in_progress") }
        """),
    Explanation(
      code: .stackOverflow, title: "calls without an end",
      text: "A function that calls itself needs a case in which it does not.",
      wrong: """
        def count(n) { count(n + 1) }
        scenario "s" { count(0) }
        """,
      right: """
        def count(n) { if n < 10 { count(n + 1) } }
        scenario "s" { count(0) }
        """),
    Explanation(
      code: .noClock, title: "a question about time where there is none",
      text: """
        In a search over every schedule speeds and delays are arbitrary: nothing takes any \
        definite time, and `/proc/uptime` has no content. One run keeps time.
        """,
      wrong: """
        def uptime() { print cat("/proc/uptime") }
        scenario "s" in every schedule { sleep 1s; uptime() }
        """,
      right: """
        def uptime() { print cat("/proc/uptime") }
        scenario "s" { sleep 1s; uptime() }
        """),
    Explanation(
      code: .noLog, title: "a look into the log where there is none",
      text: """
        A search over every schedule does not keep the lines of the log; it remembers whether one \
        had a text that stands in the scenario. A text with a value of the run in it can only be \
        looked for in one run.
        """,
      wrong: """
        kernel "3.12" { syscall f(n) { printk "got {n}" } }
        program p(n) { f(n) }
        def settle(n) { spawn p(n); sleep 1ms; expect log "got {n}" }
        scenario "s" in every schedule { settle(3) }
        """,
      right: """
        kernel "3.12" { syscall f(n) { printk "got {n}" } }
        program p(n) { f(n) }
        def settle(n) { spawn p(n); sleep 1ms; expect log "got {n}" }
        scenario "s" { settle(3) }
        """),
    Explanation(
      code: .noTaskVariable, title: "a variable that the task's program does not have",
      text: """
        `t.got` reads the `var got` of the program that the task runs; it may be read when the \
        task is gone, too. Another program's tasks have no such variable.
        """,
      wrong: """
        program counter { var got = 0; loop { work 1ms; got = got + 1 } }
        program idler { loop { work 1ms } }
        scenario "s" {
            for t in [spawn counter, spawn idler] { print t.got }
        }
        """,
      right: """
        program counter { var got = 0; loop { work 1ms; got = got + 1 } }
        program idler { loop { work 1ms } }
        scenario "s" {
            spawn idler
            for t in [spawn counter, spawn counter] { print t.got }
        }
        """),
    Explanation(
      code: .budget, title: "a budget is used up",
      text: """
        Everything has a limit: steps, machine time, tasks, and what one task computes without \
        doing anything that others could see. Passing one ends the scenario with the line that \
        used it up, instead of a program that hangs.
        """,
      wrong: """
        scenario "s" {
            sleep 25h
        }
        """,
      right: """
        scenario "s" {
            sleep 20min
        }
        """),
    Explanation(
      code: .replayDiverged, title: "the schedule belongs to something else",
      text: """
        A replay token is a list of choices in one text, under one set of rules. After a change of \
        either, its choices mean other things, or do not exist; then the run that failed must be \
        searched for again.
        """,
      wrong: "",
      right: "scenario \"s\" { sleep 1ms }\n",
      recipe: """
        echo 'scenario "s" { sleep 1ms; assert in_progress }' > s.graft
        token=$(graft explore s.graft 2>&1 | grep -o 'k1-[0-9a-z]*' | head -n 1)
        graft run s.graft --replay $token-0
        """),
  ]
}
