import Diagnostics

extension Explanation {
  static let contexts: [Explanation] = [
    Explanation(
      code: .wrongContext, title: "a verb in the wrong place",
      text: """
        The operator (a scenario), user tasks (a program) and the kernel each have their own \
        verbs. The operator stands outside the machine and does not work or wait on queues; a \
        program reaches the kernel through system calls only.
        """,
      wrong: """
        program worker { apply fix }
        """,
      right: """
        program worker { loop { work 1ms } }
        """),
    Explanation(
      code: .sleepsInInterrupt, title: "an interrupt that would sleep",
      text: """
        An interrupt handler runs in the place of whatever was on its CPU. It has no task of its \
        own that could sleep, so neither it nor anything that it calls may `wait`.
        """,
      wrong: """
        kernel "3.12" {
          queue q
          fn refill() { wait q }
          irq timer every 4ms { refill() }
        }
        """,
      right: """
        kernel "3.12" {
          queue q
          kthread refiller { loop { wait q; safe point } }
          irq timer every 4ms { wake q }
        }
        """),
    Explanation(
      code: .outsideLoop, title: "break or continue outside of a loop",
      text: "`break` leaves the innermost loop of the same body, `continue` begins its next round.",
      wrong: """
        scenario "x" { if in_progress { break } }
        """,
      right: """
        scenario "x" { loop { if in_progress { break }; sleep 1s } }
        """),
    Explanation(
      code: .callFromWrongSide, title: "a call from the wrong side",
      text: """
        Kernel functions are called by kernel code, system calls by programs too. A scenario calls \
        neither: it spawns a program that does.
        """,
      wrong: """
        kernel "3.12" { fn inspect() { return 1 } }
        program p { inspect() }
        """,
      right: """
        kernel "3.12" { fn inspect() { return 1 }; syscall probe() { return inspect() } }
        program p { probe() }
        """),
    Explanation(
      code: .actsInCondition, title: "a condition that acts",
      text: """
        The condition of `await`, `always` and `never` is looked at after every step of the \
        machine. It may ask, and change nothing.
        """,
      wrong: """
        program p { loop { work 1ms } }
        scenario "x" { await (spawn p).alive }
        """,
      right: """
        program p { loop { work 1ms } }
        scenario "x" { let t = spawn p; await t.alive }
        """),
    Explanation(
      code: .nestedProperty, title: "a property inside another statement",
      text: """
        `always`, `never` and `reach` hold from where they stand to the end of the scenario. They \
        stand directly in its body, for a branch or a loop would end before they do.
        """,
      wrong: """
        scenario "x" { for i in 1..3 { print i; never mixed } }
        """,
      right: """
        scenario "x" { never mixed; for i in 1..3 { print i } }
        """),
    Explanation(
      code: .misplacedClause, title: "something in a place where it has no meaning",
      text: """
        `machine { … }`, `skip` and `xfail` belong to a scenario as a whole and stand first in it; \
        `return` with a value belongs in what gives one; chapters, questions and views belong in \
        a lesson.
        """,
      wrong: """
        scenario "x" { return 1 }
        """,
      right: """
        scenario "x" { print 1; return }
        """),
  ]

  static let patches: [Explanation] = [
    Explanation(
      code: .interruptWithoutPeriod, title: "an interrupt that never comes",
      text: """
        An interrupt of the kernel, or of a module, says how often it comes: `every D`, or \
        `every D..D`. A patch that replaces the handler leaves that out: only the code is new.
        """,
      wrong: """
        kernel "3.12" { irq timer { work 1us } }
        scenario "x" { sleep 1ms }
        """,
      right: """
        kernel "3.12" { irq timer every 4ms { work 1us } }
        scenario "x" { sleep 1ms }
        """),
    Explanation(
      code: .uncatchable, title: "a handler for a signal that has none",
      text: """
        SIGKILL ends a process and SIGSTOP stops it whatever it says (signal(7)). Every other \
        signal can be caught or ignored: TERM asks a process to end, TSTP to stop.
        """,
      wrong: "program p { on signal KILL { work 1us }; loop { work 1ms } }\n",
      right: "program p { on signal TERM { work 1us }; loop { work 1ms } }\n"),
    Explanation(
      code: .badInit, title: "a program init that somebody starts",
      text: """
        `program init` is pid 1. It is there before anything else, once, and nobody gives it \
        arguments. The scenario can name it as a task: `signal TERM, init`.
        """,
      wrong: """
        program init { loop { reap; sleep 1s } }
        scenario "s" { spawn init }

        """,
      right: """
        program init { loop { reap; sleep 1s } }
        scenario "s" { assert init.pid == 1 }

        """),
    Explanation(
      code: .patchOfNothing, title: "a patch of something that is not there",
      text: """
        A patch replaces whole functions and constants of the running kernel, by name. A helper \
        that the kernel lacks is declared with `new fn`. A patch that was built for another \
        kernel, and is to meet its fate when it is loaded, says so: `foreign fn`.
        """,
      wrong: """
        kernel "3.12" { fn check(n) { return n > 0 } }
        patch fix { fn chek(n) { return n > 1 } }
        """,
      right: """
        kernel "3.12" { fn check(n) { return n > 0 } }
        patch fix { fn check(n) { return n > 1 } }
        """),
    Explanation(
      code: .patchOfUntraced, title: "a patch of a function that can't be redirected",
      text: """
        Live patching redirects a function by the tracing hook at its entry. A `notrace` function \
        has none; patch those that call it. `foreign fn` is for a patch that is to fail at it.
        """,
      wrong: """
        kernel "3.12" { notrace fn check(n) { return n > 0 } }
        patch fix { fn check(n) { return n > 1 } }
        """,
      right: """
        kernel "3.12" { fn check(n) { return n > 0 } }
        patch fix { fn check(n) { return n > 1 } }
        """),
    Explanation(
      code: .patchOfInline, title: "a patch of an inlined function without its callers",
      text: """
        The compiler put a copy of an inline function into each of its callers, and nobody calls \
        the original. A patch must replace every function that has a copy.
        """,
      wrong: """
        kernel "3.12" {
          inline fn check(n) { return n > 0 }
          syscall probe(n) { return check(n) }
        }
        patch fix { fn check(n) { return n > 1 } }
        """,
      right: """
        kernel "3.12" {
          inline fn check(n) { return n > 0 }
          syscall probe(n) { return check(n) }
        }
        patch fix {
          fn check(n) { return n > 1 }
          syscall probe(n) { return check(n) }
        }
        """),
    Explanation(
      code: .patchOtherParameters, title: "a replacement with other parameters",
      text: """
        The callers of a replaced function stay as they are and pass what they always passed. The \
        replacement takes as many parameters as the original.
        """,
      wrong: """
        kernel "3.12" { fn check(n) { return n > 0 } }
        patch fix { fn check(n, limit) { return n > limit } }
        """,
      right: """
        kernel "3.12" { fn check(n) { return n > 0 } }
        patch fix { fn check(n) { return n > 1 } }
        """),
    Explanation(
      code: .patchOtherFlavour, title: "a replacement of another sort",
      text: "A `syscall` is replaced by a `syscall`, a `fn` by a `fn`, an `irq` by an `irq`.",
      wrong: """
        kernel "3.12" { syscall probe(n) { return n } }
        patch fix { fn probe(n) { return n + 1 } }
        """,
      right: """
        kernel "3.12" { syscall probe(n) { return n } }
        patch fix { syscall probe(n) { return n + 1 } }
        """),
    Explanation(
      code: .helperExists, title: "a new function that is not new",
      text:
        "`new fn` declares a helper that the kernel lacks. To replace a function, leave `new` out.",
      wrong: """
        kernel "3.12" { fn check(n) { return n > 0 } }
        patch fix { new fn check(n) { return n > 1 }; fn check(n) { return n > 2 } }
        """,
      right: """
        kernel "3.12" { fn check(n) { return n > 0 } }
        patch fix { new fn limit() { return 2 }; fn check(n) { return n > limit() } }
        """),
    Explanation(
      code: .badFamily, title: "a member that a family of patches does not have",
      text: """
        `patch bump for n in 1..3 { … }` declares three patches of one form; in it `n` is the \
        number of the member. A scenario names one of them: `bump[2]`, or `bump[i]` in a loop. In \
        the machine they are called bump_1, bump_2 and bump_3.
        """,
      wrong: """
        kernel "3.12" { fn version() { return 0 } }
        patch bump for n in 1..3 { fn version() { return n } }
        scenario "x" { apply bump[4] }
        """,
      right: """
        kernel "3.12" { fn version() { return 0 } }
        patch bump for n in 1..3 { fn version() { return n } }
        scenario "x" { apply bump[3] }
        """),
    Explanation(
      code: .patchByName, title: "a function that this kGraft finds by its name alone",
      text: """
        The kGraft of 3.12 asks the kernel's symbol table for a name and takes the first function \
        that has it: it knows neither the position (`f@2`) nor the object. A patch of any other \
        would replace the first one instead. From 4.4 on a patch says which one it means.
        """,
      wrong: """
        kernel "3.12" { fn f() { return 0 } fn f@2() { return 0 } syscall probe() { f(); f@2() } }
        patch fix { fn f@2() { return 1 } }
        scenario "x" { apply fix }
        """,
      right: """
        kernel "4.4" { fn f() { return 0 } fn f@2() { return 0 } syscall probe() { f(); f@2() } }
        patch fix { fn f@2() { return 1 } }
        scenario "x" { apply fix }
        """),
    Explanation(
      code: .notOfThisEngine, title: "what only another engine or generation has",
      text: """
        Callbacks (`on post_patch`) and states are livepatch's. A kGraft patch is made of whole \
        functions and constants: nothing of it runs when it is applied, and it can leave nothing \
        for the patch after it but shadow variables. `weak`, `required`, `vermagic` and \
        `immediate` are of kGraft's 3.12: 4.4 knows the object of a function and leaves out what \
        belongs to one that is absent, compares no releases, and waits for everybody.
        """,
      wrong: """
        kernel "3.12" { fn f() { work 1us }  syscall s() { f() } }
        patch fix { on post_patch { work 1us }; fn f() { work 2us } }
        scenario "x" { apply fix }
        """,
      right: """
        kernel "3.12" { fn f() { work 1us }  syscall s() { f() } }
        patch fix { fn f() { work 2us } }
        scenario "x" { apply fix }
        """),
    Explanation(
      code: .badPatchAttribute, title: "a word before a patched function that does not fit it",
      text: """
        `foreign` says that the patch was built for another kernel: this one lacks the function, \
        has fewer of its name, or can't trace it, and kGraft finds out when the patch is loaded. \
        `weak` and `required` say whether the patch can do without the function (3.12's \
        `abort_if_missing`). None of them goes with `new fn`, which is looked up nowhere.
        """,
      wrong: """
        kernel "3.12" { fn check(n) { return n > 0 } }
        patch fix { foreign fn check(n) { return n > 1 } }
        """,
      right: """
        kernel "3.12" { fn check(n) { return n > 0 } }
        patch fix { foreign fn check_all(n) { return n > 1 } }
        """),
    Explanation(
      code: .emptyPatch, title: "a patch that replaces nothing",
      text: "A patch has at least one function, or one constant that some function reads.",
      wrong: """
        kernel "3.12" { fn check(n) { return n > 0 } }
        patch fix { package "kgraft-patch-1" }
        """,
      right: """
        kernel "3.12" { fn check(n) { return n > 0 } }
        patch fix { package "kgraft-patch-1"; fn check(n) { return n > 1 } }
        """),
  ]
}
