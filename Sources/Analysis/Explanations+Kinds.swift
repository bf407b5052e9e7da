import Diagnostics

extension Explanation {
  static let kinds: [Explanation] = [
    Explanation(
      code: .wrongKind, title: "a value of another kind",
      text: """
        Values are ints, bools, durations, strings, tasks, patches, records, or lists of one of \
        these. They don't turn into each other: a condition is a bool and not an int, a duration \
        is not a number. A parameter takes its kind from its first use.
        """,
      wrong: """
        scenario "x" { let n = 3; if n { print "yes" } }
        """,
      right: """
        scenario "x" { let n = 3; if n != 0 { print "yes" } }
        """),
    Explanation(
      code: .missingUnit, title: "a duration without a unit",
      text: """
        Time is always written with a unit: ns, us, ms, s, min or h. A bare number could mean any \
        of them.
        """,
      wrong: """
        scenario "x" { sleep 5 }
        """,
      right: """
        scenario "x" { sleep 5s }
        """),
    Explanation(
      code: .wrongArity, title: "too many or too few arguments",
      text: "A call gives each parameter one argument; a verb takes what its signature says.",
      wrong: """
        program server(port) { loop { work 1ms; work 1ms * port } }
        scenario "x" { spawn server }
        """,
      right: """
        program server(port) { loop { work 1ms; work 1ms * port } }
        scenario "x" { spawn server(80) }
        """),
    Explanation(
      code: .notAssignable, title: "what can't be assigned",
      text: """
        Only a `var` changes. A `let` keeps its value, a constant is part of the code, and a \
        kernel variable is changed by kernel code alone.
        """,
      wrong: """
        scenario "x" { let n = 1; n = 2; print n }
        """,
      right: """
        scenario "x" { var n = 1; n = 2; print n }
        """),
    Explanation(
      code: .overflow, title: "a number that is too large",
      text:
        "Ints and durations have 64 bits. Arithmetic that leaves them is an error, never a wrap.",
      wrong: """
        scenario "x" { print 9_223_372_036_854_775_807 + 1 }
        """,
      right: """
        scenario "x" { print 9_223_372_036_854_775_806 + 1 }
        """),
    Explanation(
      code: .divisionByZero, title: "a division by zero",
      text: "The divisor is a constant, and it is 0. During a run this stops the scenario.",
      wrong: """
        scenario "x" { print 10 / (2 - 2) }
        """,
      right: """
        scenario "x" { print 10 / 2 }
        """),
    Explanation(
      code: .notConstant, title: "what must be known before the run",
      text: """
        Constants, bounds, periods, the machine's settings and the condition of `skip` are \
        settled before anything runs. They are made of literals, constants and variables of the \
        matrix.
        """,
      wrong: """
        scenario "x" { skip "not now" if in_progress; print "hello" }
        """,
      right: """
        scenario "x" for n in [1, 2] { skip "not now" if n == 2; print n }
        """),
    Explanation(
      code: .outOfRange, title: "a value outside of what is possible",
      text:
        "The value is known, and it can't work: a range upside down, a negative number of tasks.",
      wrong: """
        kernel "3.12" { var seen in 3..0 = 3; syscall f() { seen = 1 } }
        """,
      right: """
        kernel "3.12" { var seen in 0..3 = 3; syscall f() { seen = 1 } }
        """),
    Explanation(
      code: .circularConstant, title: "a constant made of itself",
      text: "Constants may be made of one another, in any order, but not in a circle.",
      wrong: """
        kernel "3.12" { const a = b + 1; const b = a + 1 }
        """,
      right: """
        kernel "3.12" { const a = b + 1; const b = 1 }
        """),
    Explanation(
      code: .noValue, title: "a call that gives no value",
      text: """
        A function gives a value when some `return` in it has one. What does not can only be \
        called as a statement.
        """,
      wrong: """
        def settle() { sleep 1s }
        scenario "x" { let n = settle(); print n }
        """,
      right: """
        def settle() { sleep 1s; return 1 }
        scenario "x" { let n = settle(); print n }
        """),
  ]
}
