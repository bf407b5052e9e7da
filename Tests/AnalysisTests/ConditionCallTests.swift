import Testing

/// What a condition calls is part of it: it may ask, and nothing else.
@Suite struct ConditionCallTests {
  private let kernel = """
    kernel "4.4.21-69-default" {
      queue q
      const most = 2
      var count in 0..9 = 0
      var slots = list[3]
      fn ready(n) { if count >= n { return true }; return false }
      fn any() { for i in 0..2 { if slots[i] != 0 { return true } }; return false }
      fn deep() { return ready(most) and any() }
      syscall take() { wait q until deep(); return count }
      syscall give() { count = count + 1; slots[1] = 1; wake q }
    }
    program taker { var got = 0; got = take() }
    program giver { give(); sleep 1ms; give() }
    def gone(ts) { for t in ts { if t.alive { return false } }; return true }

    """

  @Test func functionsInUntilAndDefsInAwait() throws {
    let run = try run(
      kernel + """
        scenario "x" {
          let ts = spawn 2 of taker
          sleep 1ms
          spawn giver
          await gone(ts) within 10ms
          for one in ts { print one.got }
        }
        """)
    #expect(run.fault == nil)
    #expect(run.printed == ["2", "2"])
  }

  /// A condition that asks a list's element, or a program's variable, comes true by a task's step.
  @Test func awaitOfAnElementEndsInTime() throws {
    let run = try run(
      kernel + """
        scenario "x" {
          let t = spawn taker
          spawn giver
          await slots[1] == 1 within 1ms
          await t.got == 2 within 5ms
          print "done"
        }
        """)
    #expect(run.printed == ["done"])
  }

  @Test func whatActsIsShown() {
    check(
      """
      kernel "3.12" {
        queue q
        var count in 0..9 = 0
        fn slow() { work 1us; return true }
        fn sets() { count = 1; return true }
        fn through() { return slow() }
        fn again(n) { return again(n) }
        fn ready() { return count > 0 }
        syscall a() { wait q until slow() }                # error: E0405 `slow` does more
        syscall b() { wait q until sets() and through() }  # error: E0405 `sets` # error: E0405 `through`
        syscall c() { wait q until again(1) }              # error: E0405 `again` does more
        syscall d() { wait q until choose(true, false) }   # error: E0405 `choose` acts
        syscall e() { wait q until ready() }
      }
      def poke() { sleep 1s; return true }
      scenario "x" { await poke() }                        # error: E0405 `poke` does more
      """)
  }

  /// Entering a function that a patch of the scenario replaces is a step of its own.
  @Test func aPatchedFunctionIsNoQuestion() {
    let source = """
      kernel "3.12" {
        queue q
        fn ready() { return true }
        syscall e() { wait q until ready() }
      }
      patch p { fn ready() { return false } }
      program prog { e() }
      scenario "with" { spawn prog; apply p }
      scenario "without" { spawn prog }
      """
    #expect {
      try run(source)
    } throws: { error in
      if case .diagnostics(let text)? = error as? RunError {
        text.contains("E0405") && text.contains("which patch `p` replaces")
      } else {
        false
      }
    }
    #expect(throws: Never.self) { try run(source, scenario: 1) }
  }

  /// Bodies are written into one another: what doubles at each of twenty levels has a bound.
  @Test func whatGrowsHasABound() {
    var functions = "fn f0() { return true }"
    for level in 1...20 {
      functions += "\nfn f\(level)() { return f\(level - 1)() and f\(level - 1)() }"
    }
    let source = """
      kernel "3.12" { queue q
      \(functions)
      syscall e() { wait q until f20() } }
      program prog { e() }
      scenario "x" { spawn prog }
      """
    #expect {
      try run(source)
    } throws: { error in
      if case .diagnostics(let text)? = error as? RunError { text.contains("E0902") } else { false }
    }
  }
}
