import Diagnostics

extension Explanation {
  static let scenarios: [Explanation] = [
    Explanation(
      code: .duplicateScenario, title: "two scenarios of one title",
      text:
        "Reports, replays and filters name a scenario by its title, so titles differ: from each "
        + "other, from the names of rows (`first[n=1]`), and from `(source)` and `(expected)`, "
        + "which stand for a file.",
      wrong: """
        scenario "first" { print 1 }
        scenario "first" { print 2 }
        """,
      right: """
        scenario "first" { print 1 }
        scenario "second" { print 2 }
        """),
    Explanation(
      code: .badMatrix, title: "a matrix that makes no rows",
      text: """
        A matrix variable takes its values from a list or a range that stands in the text; the \
        scenario runs once for each combination.
        """,
      wrong: """
        scenario "x" for n in [] { print n }
        """,
      right: """
        scenario "x" for n in [1, 10, 100] { print n }
        """),
    Explanation(
      code: .unknownSetting, title: "a setting that the machine does not have",
      text: "The settings are cpus, slice, patching, preempt, jitter and ftrace.",
      wrong: """
        machine { cpu 4 }
        """,
      right: """
        machine { cpus 4 }
        """),
    Explanation(
      code: .badSetting, title: "a setting with a value that it can't have",
      text: "Each setting has its own form: `cpus 4`, `slice 4ms`, `patching kgraft \"4.4\"`.",
      wrong: """
        machine { patching kgraft "5.0" }
        """,
      right: """
        machine { patching kgraft "4.4" }
        """),
    Explanation(
      code: .noKernel, title: "no kernel",
      text: "A patch and a module belong to a kernel, which some file must declare.",
      wrong: """
        patch fix { fn check(n) { return n > 1 } }
        """,
      right: """
        kernel "3.12" { fn check(n) { return n > 0 } }
        patch fix { fn check(n) { return n > 1 } }
        """),
    Explanation(
      code: .unknownKernel, title: "a release that no kernel has",
      text: """
        `boot` picks one of the kernels that the files declare, by its release. A release begins \
        with its version, for which kGraft a kernel has follows from that.
        """,
      wrong: """
        kernel "3.12" { queue q }
        boot "4.4"
        """,
      right: """
        kernel "3.12" { queue q }
        boot "3.12"
        """),
    Explanation(
      code: .unanswerable, title: "a question that can't be answered, or not wrongly",
      text: """
        A question of a lesson has a right answer at least, and a wrong one. What is behind `if` \
        is judged by every run: a right answer's condition holds, a wrong one's does not.
        """,
      wrong: """
        lesson "x" {
            ask "is a patch on its way?" { right "no" if not in_progress }
        }
        """,
      right: """
        lesson "x" {
            ask "is a patch on its way?" {
                right "no" if not in_progress
                wrong "yes"
            }
        }
        """),
  ]

  static let warnings: [Explanation] = [
    Explanation(
      code: .unusedName, title: "a name that is never used",
      text: "Most often a slip: another name was meant. A name that begins with `_` is left alone.",
      wrong: """
        scenario "x" { let n = 1 }
        """,
      right: """
        scenario "x" { let n = 1; print n }
        """),
    Explanation(
      code: .unreachable, title: "code that is never reached",
      text: "After `return`, `exit`, `break`, or a loop without a `break`, a body does not go on.",
      wrong: """
        program p { loop { work 1ms }; work 2ms }
        """,
      right: """
        program p { loop { work 1ms; work 2ms } }
        """),
    Explanation(
      code: .constantCondition, title: "a condition that does not depend on the run",
      text: "An assertion that can't fail proves nothing.",
      wrong: """
        scenario "x" { assert 1 < 2 }
        """,
      right: """
        scenario "x" { assert not in_progress }
        """),
    Explanation(
      code: .valueDropped, title: "a value that nobody uses",
      text: "The statement computes something and drops it. Often `assert` or `let` was meant.",
      wrong: """
        scenario "x" { in_progress }
        """,
      right: """
        scenario "x" { assert not in_progress }
        """),
  ]

  static let limits: [Explanation] = [
    Explanation(
      code: .notSimulated, title: "not simulated yet",
      text: """
        The text is right, and the machine of this version can't do it. Only a scenario that needs \
        it is held up; others of the same file run.
        """,
      wrong: """
        program p { loop { work 1ms } }
        scenario "x" { machine { patching ksplice }; spawn p; sleep 1ms }
        """,
      right: """
        program p { loop { work 1ms } }
        scenario "x" { spawn p; sleep 1ms }
        """),
    Explanation(
      code: .tooLarge, title: "too large for the machine",
      text:
        "A body has at most 4096 values at once, and a branch goes at most 32767 instructions far.",
      wrong: "",
      right: "scenario \"s\" { print [1, 2, 3] }\n",
      recipe: """
        (echo 'scenario "s" { print ['; seq -s, 5000; echo '] }') | graft check -
        """),
  ]
}
