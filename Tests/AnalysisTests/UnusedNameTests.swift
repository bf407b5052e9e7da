import Testing

/// What is declared and never used.
@Suite struct UnusedNameTests {
  @Test func eachSortOfName() {
    check(
      """
      kernel "3.12" {
        const most = 3                       # error: W0701 constant `most`
        var count = 0                        # error: W0701 variable `count`
        queue q                              # error: W0701 queue `q`
        lock table                           # error: W0701 lock `table`
        record inode[8] { size = 0 }         # error: W0701 record `inode`
        fn helper(n) { return n }            # error: W0701 function `helper`
        fn replaced(inode_number) { work 1us }
        fn _kept() { work 1us }
        notrace fn mcount() { work 1us }
        syscall open() { work 1us }
        irq timer every 4ms { work 1us }
        kthread worker { loop { sleep 1s; safe point } }
      }
      patch fix {
        new fn extra() { return 1 }          # error: W0701 function `extra`
        fn replaced(inode_number) { work 2us }
      }
      def settle(n) { sleep 1s }             # error: W0701 the `def` `settle` # error: W0701 `n`
      def wait_for(_n) { sleep 1s }
      scenario "x" for n in [1, 2], _m in [1, 2] { # error: W0701 the matrix variable `n`
        let t = 3                            # error: W0701 the value `t`
        wait_for(1)
        apply fix
      }
      """)
  }

  @Test func programsAndPatches() {
    check(
      """
      kernel "3.12" { fn f() { work 1us }; syscall s() { f() } }
      patch used { fn f() { work 2us } }
      patch loaded { fn f() { work 2us } }
      patch left { fn f() { work 3us } }                 # error: W0701 patch `left`
      program main { thread other; s() }
      program other { s() }
      program idle { s() }                               # error: W0701 program `idle`
      program _kept { s() }
      scenario "x" { spawn main; apply used; $ rmmod kgraft_patch_loaded fails ENOENT
      }
      """)
  }

  /// A file without a scenario declares what others may use.
  @Test func aFileForOthersHasNoUnusedNames() {
    check("kernel \"3.12\" { queue q; fn f() { work 1us } }\ndef settle() { sleep 1s }")
  }

  /// The use that is missing may be the one that was misspelt.
  @Test func besideMistakesOfNamesNothingIsCalledUnused() {
    check(
      """
      kernel "3.12" { queue packets; syscall f() { wait packet } }   # error: E0201
      scenario "x" { sleep 1ms }
      ---
      scenario "x" { let a = 1; assert b == 1 }                      # error: E0201
      ---
      scenario "x" { let a = 1; sleep 2s 3s }                        # error: E0110
      """)
  }

  /// A mistake that no use can hide behind hides nothing, in another scenario no mistake does.
  @Test func besideOtherMistakesWhatStandsNowhereElseIsUnused() {
    check(
      """
      kernel "3.12" { queue packets; fn f() { work 1us }; syscall s() { f() } }  # error: W0701
      patch fix { fn f() { work 2us } }
      scenario "x" { let t = 3; sleep 5 }             # error: W0701 # error: E0302
      scenario "y" { let a = 1; wait a }              # error: E0401
      ---
      scenario "x" { let a = 1; sleep 5ms }           # error: W0701
      scenario "y" { assert b == 1 }                  # error: E0201
      """)
  }
}
