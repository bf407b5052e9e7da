import Testing

/// Sources, and what the user sees.
@Suite struct RuleSnapshots {
  @Test func overflow() {
    snapshot(
      #"""
      scenario "x" { let n = 9_223_372_036_854_775_807 * 2; print n }
      """#,
      #"""
      error[E0305]: the result does not fit into 64 bits
       --> demo.graft:1:24
        |
      1 | scenario "x" { let n = 9_223_372_036_854_775_807 * 2; print n }
        |                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ overflows
        |
        = help: numbers go from -9_223_372_036_854_775_808 to 9_223_372_036_854_775_807

      """#)
  }

  @Test func rangeUpsideDown() {
    snapshot(
      #"""
      program p { loop { work 300us..100us } }
      """#,
      #"""
      error[E0308]: the upper end of a range must not be below the lower
       --> demo.graft:1:32
        |
      1 | program p { loop { work 300us..100us } }
        |                         -----  ^^^^^ shorter than the other
        |                         |
        |                         lower end

      """#)
  }

  @Test func breakOutsideOfALoop() {
    snapshot(
      #"""
      scenario "x" { break }
      """#,
      #"""
      error[E0403]: `break` stands outside of any loop
       --> demo.graft:1:16
        |
      1 | scenario "x" { break }
        |                ^^^^^
        |
        = help: `return` leaves the body

      """#)
  }

  @Test func conditionThatActs() {
    snapshot(
      #"""
      def ready() { sleep 1ms; return true }
      scenario "x" { await ready() }
      """#,
      #"""
      error[E0405]: the condition of `await` may only ask, and `ready` does more
       --> demo.graft:2:22
        |
      1 | def ready() { sleep 1ms; return true }
        |               ----- `sleep` acts
      2 | scenario "x" { await ready() }
        |                      ^^^^^^^ called here
        |
        = help: a condition is looked at within one step; call it before, and keep the answer

      """#)
  }

  @Test func nestedProperty() {
    snapshot(
      #"""
      scenario "x" { if in_progress { never mixed } }
      """#,
      #"""
      error[E0406]: `never` stands directly in the scenario's body
       --> demo.graft:1:33
        |
      1 | scenario "x" { if in_progress { never mixed } }
        |                                 ^^^^^^^^^^^ inside another statement
        |
        = help: it holds from where it stands to the scenario's end, so no branch or loop can own it

      """#)
  }

  @Test func assertionThatCannotFail() {
    snapshot(
      #"""
      scenario "x" { assert 1 < 2 }
      """#,
      #"""
      warning[W0703]: this `assert` says nothing: its condition is always true
       --> demo.graft:1:23
        |
      1 | scenario "x" { assert 1 < 2 }
        |                       ^^^^^ always true
        |
        = help: ask something that depends on the run

      """#)
  }

  @Test func unusedValue() {
    snapshot(
      #"""
      program p { loop { work 1ms } }
      scenario "x" { let t = spawn p }
      """#,
      #"""
      warning[W0701]: the value `t` is never used
       --> demo.graft:2:20
        |
      2 | scenario "x" { let t = spawn p }
        |                    ^ unused
        |
        = help: remove it, or call it `_t` to keep it

      """#)
  }

  @Test func unreachable() {
    snapshot(
      #"""
      program p { loop { work 1ms }; exit }
      """#,
      #"""
      warning[W0702]: this is never reached
       --> demo.graft:1:32
        |
      1 | program p { loop { work 1ms }; exit }
        |             -----------------  ^^^^ never reached
        |             |
        |             this loop never ends

      """#)
  }

  @Test func unknownSetting() {
    snapshot(
      #"""
      machine { cpu 4 }
      """#,
      #"""
      error[E0603]: the machine has no setting `cpu`
       --> demo.graft:1:11
        |
      1 | machine { cpu 4 }
        |           ^^^ did you mean `cpus`?
        |
        = help: the settings are cpus, slice, patching, preempt, jitter, ftrace

      """#)
  }

  @Test func unknownGeneration() {
    snapshot(
      #"""
      machine { patching kgraft "4.5" }
      """#,
      #"""
      error[E0604]: kgraft has no generation "4.5"
       --> demo.graft:1:27
        |
      1 | machine { patching kgraft "4.5" }
        |                           ^^^^^
        |
        = help: it has "2014", "3.12" or "4.4"

      """#)
  }

  @Test func tooManyCpus() {
    snapshot(
      #"""
      machine { cpus 1000 }
      """#,
      #"""
      error[E0308]: the number of CPUs must be 1 to 256, not 1000
       --> demo.graft:1:16
        |
      1 | machine { cpus 1000 }
        |                ^^^^ this is 1000

      """#)
  }

  @Test func matrixWithoutValues() {
    snapshot(
      #"""
      scenario "x" for n in [] { print n }
      """#,
      #"""
      error[E0602]: the matrix variable `n` has no values
       --> demo.graft:1:23
        |
      1 | scenario "x" for n in [] { print n }
        |                       ^^
        |
        = help: a scenario without rows would never run

      """#)
  }

  @Test func skipDecidedByTheRun() {
    snapshot(
      #"""
      scenario "x" { skip "not now" if in_progress; print 1 }
      """#,
      #"""
      error[E0307]: the condition of `skip` and `xfail` must be known before the run
       --> demo.graft:1:34
        |
      1 | scenario "x" { skip "not now" if in_progress; print 1 }
        |                                  ^^^^^^^^^^^ depends on the run
        |
        = help: use a literal, a `const` or a variable of the matrix

      """#)
  }

  @Test func aDefWithoutValue() {
    snapshot(
      #"""
      def settle() { sleep 1s }
      scenario "x" { let n = settle(); print n }
      """#,
      #"""
      error[E0310]: `settle` gives no value
       --> demo.graft:2:24
        |
      1 | def settle() { sleep 1s }
        |     ------ no `return` with a value in it
      2 | scenario "x" { let n = settle(); print n }
        |                        ^^^^^^^^ a value is needed here

      """#)
  }

  @Test func aProgramCalled() {
    snapshot(
      #"""
      program p { loop { work 1ms } }
      scenario "x" { p() }
      """#,
      #"""
      error[E0404]: `p` is a program and can't be called
       --> demo.graft:2:16
        |
      1 | program p { loop { work 1ms } }
        |         - declared here
      2 | scenario "x" { p() }
        |                ^ called here
        |
        = help: start it with `spawn p`

      """#)
  }

  @Test func unknownVerb() {
    snapshot(
      #"""
      scenario "x" { frobnicate 3 }
      """#,
      #"""
      error[E0205]: `frobnicate` is no verb
       --> demo.graft:1:16
        |
      1 | scenario "x" { frobnicate 3 }
        |                ^^^^^^^^^^ unknown verb
        |
        = help: a function is called with parentheses: `frobnicate(…)`

      """#)
  }
}
