import Diagnostics

extension Explanation {
  static let names: [Explanation] = [
    Explanation(
      code: .unknownName, title: "a name that nothing has",
      text: """
        Every name is declared somewhere in the file, or in a file that `use` brings in. What is \
        in reach depends on who asks: kernel code sees the members of its kernel and of its own \
        module, a program sees system calls and constants, a scenario sees everything that has a \
        name at the top of a file.
        """,
      wrong: """
        program server { loop { work 1ms } }
        scenario "x" { spawn servr }
        """,
      right: """
        program server { loop { work 1ms } }
        scenario "x" { spawn server }
        """),
    Explanation(
      code: .duplicateName, title: "one name for two things",
      text: """
        Within a kernel, a module, a patch, or the top of the files, a name is given once. The \
        kernel itself may have two functions of one name in different compilation units: the \
        second is written `fn f@2`, as live patches count them (sympos).
        """,
      wrong: """
        program server { loop { work 1ms } }
        program server { loop { work 2ms } }
        """,
      right: """
        program server { loop { work 1ms } }
        program slow_server { loop { work 2ms } }
        """),
    Explanation(
      code: .hiddenName, title: "a name that would hide another",
      text: """
        A parameter, a `let` or a `var` may not have the name of something that the same code can \
        see. In a text that is read aloud in front of a class, a name means one thing.
        """,
      wrong: """
        kernel "3.12" { queue packets; fn f(packets) { work 1us } }
        """,
      right: """
        kernel "3.12" { queue packets; fn f(count) { work 1us } }
        """),
    Explanation(
      code: .wrongSort, title: "a name of another sort of thing",
      text: """
        The name is known, but it is not what the verb needs: `wait` and `wake` take a queue, \
        `spawn` a program, `apply` a patch.
        """,
      wrong: """
        kernel "3.12" { var seen = 0; syscall poke() { wake seen } }
        """,
      right: """
        kernel "3.12" { queue readers; syscall poke() { wake readers } }
        """),
    Explanation(
      code: .unknownVerb, title: "a word that is no verb",
      text: """
        A statement begins with a verb, or is a call with parentheses. `graft help` lists the \
        verbs of each context.
        """,
      wrong: """
        scenario "x" { pritn "hello" }
        """,
      right: """
        scenario "x" { print "hello" }
        """),
    Explanation(
      code: .unknownMember, title: "a question that the thing does not answer",
      text: """
        A task can be asked for `.universe`, `.alive`, `.pid`, `.state` and `.in_kernel`. A list \
        of tasks is asked with `every(t in list: …)`, `some(…)` or `count(…)`.
        """,
      wrong: """
        program server { loop { work 1ms } }
        scenario "x" { let t = spawn server; print t.univers }
        """,
      right: """
        program server { loop { work 1ms } }
        scenario "x" { let t = spawn server; print t.universe }
        """),
    Explanation(
      code: .unknownFixedName, title: "no such signal, error or monitor",
      text: """
        Signals are written without SIG, errors by their name in `errno.h`, monitors by their \
        word: mixed, oops, deadlock, lost_text, stalled, lock_order.
        """,
      wrong: """
        program server { loop { work 1ms } }
        scenario "x" { let t = spawn server; signal SIGSTOP, t }
        """,
      right: """
        program server { loop { work 1ms } }
        scenario "x" { let t = spawn server; signal STOP, t }
        """),
    Explanation(
      code: .notVisibleHere, title: "out of reach from here",
      text: """
        A user program sees the kernel only through its system calls, as on a real machine. It \
        can't read a variable of the kernel.
        """,
      wrong: """
        kernel "3.12" { var seen = 0 }
        program reader { var got = 0; got = seen }
        """,
      right: """
        kernel "3.12" { var seen = 0; syscall get() { return seen } }
        program reader { var got = 0; got = get() }
        """),
  ]
}
