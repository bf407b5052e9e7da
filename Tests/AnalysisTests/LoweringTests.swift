import Analysis
import Machine
import Testing

/// What lowered programs do, not what they look like.
@Suite struct LoweringTests {
  private func printed(_ body: String, _ before: String = "") throws -> [String] {
    let run = try run(before + "\nscenario \"x\" {\n" + body + "\n}")
    #expect(run.fault == nil)
    return run.printed
  }

  @Test func sumLoop() throws {
    let source = """
      scenario "x" {
          var i = 0
          var s = 0
          while i < 1000 { s = s + i; i = i + 1 }
          print s
      }
      """
    let run = try run(source)
    #expect(run.printed == ["499500"])
    // Local computation belongs to one step, and a round is two instructions.
    #expect(run.steps == 2)
    let loop = run.program.instructions.indices.filter {
      run.program.instructions[$0].operation == .countUp
    }
    let jump = try #require(loop.first)
    #expect(run.program.instructions[jump].small == -1)
  }

  /// However the comparison is written, a round of counting is what it does and one operation.
  @Test(arguments: ["i <= 999", "1000 > i", "999 >= i", "(i < 1000)"])
  func countingLoops(_ condition: String) throws {
    let run = try run(
      """
      scenario "x" {
          var i = 0
          var s = 0
          while \(condition) { s = s + i; i = i + 1 }
          print "{s} {i}"
      }
      """)
    #expect(run.printed == ["499500 1000"])
    let jump = try #require(run.program.instructions.first { $0.operation == .countUp })
    #expect(jump.small == -1)
  }

  /// A loop that only adds is gone through in one stretch, and fails where it would.
  @Test func aLoopOfOneAdditionIsLikeAnyOther() throws {
    #expect(try printed("var s = 0\nfor i in 1..1000 { s = s + i }\nprint s") == ["500500"])
    #expect(try printed("var s = 1\nfor i in 1..10 { s = s + s }\nprint s") == ["1024"])
    #expect(try printed("var s = 5\nfor i in 1..1 { s = s + i }\nprint s") == ["6"])
    #expect(
      try printed("var s = 0\nvar i = 0\nwhile i < 9 { i = i + i; i = i + 1 }\nprint \"{s} {i}\"")
        == ["0 15"])
    let source = """
      scenario "x" {
          var s = 1
          for i in 1..100 { s = s + s }
      }
      """
    let run = try run(source)
    guard case .overflow(let address)? = run.fault else {
      Issue.record("\(String(describing: run.fault))")
      return
    }
    #expect(run.text(address, in: source) == "s + s")
  }

  /// Others keep what they mean.
  @Test(arguments: [
    ("i <= 9_223_372_036_854_775_807 and i < 5", "10 5"), ("i != 5", "10 5"), ("i == 0", "0 1"),
    ("not (i == 5)", "10 5"), ("i <= 4 or i == 7", "10 5"),
  ])
  func otherLoops(_ condition: String, _ expected: String) throws {
    #expect(
      try printed(
        """
            var i = 0
            var s = 0
            while \(condition) { s = s + i; i = i + 1 }
            print "{s} {i}"
        """) == [expected])
  }

  @Test func theRemainderOfTheLeastNumberByMinusOneIsZero() throws {
    #expect(
      try printed(
        """
            var least = -9_223_372_036_854_775_807
            least = least - 1
            print least % -1
            print (-9_223_372_036_854_775_807 - 1) % -1
        """) == ["0", "0"])
  }

  @Test func overflowFaultsAtItsExpression() throws {
    let source = """
      scenario "x" {
          var n = 9_223_372_036_854_775_800
          loop { n = n + 5 }
      }
      """
    let run = try run(source)
    guard case .overflow(let address)? = run.fault else {
      Issue.record("\(String(describing: run.fault))")
      return
    }
    #expect(run.text(address, in: source) == "n + 5")
  }

  @Test func divisionByZeroFaultsAtItsExpression() throws {
    let source = "scenario \"x\" { var n = 1; n = n - 1; print 10 / n }"
    let run = try run(source)
    guard case .divisionByZero(let address)? = run.fault else {
      Issue.record("\(String(describing: run.fault))")
      return
    }
    #expect(run.text(address, in: source) == "10 / n")
  }

  @Test func loops() throws {
    #expect(try printed("var n = 0; for i in 1..10 { n = n + i }; print n") == ["55"])
    #expect(try printed("for i in 3..1 { print i }; print \"none\"") == ["none"])
    #expect(
      try printed("for i in 1..9 { if i == 3 { continue }; if i > 5 { break }; print i }")
        == ["1", "2", "4", "5"])
    #expect(try printed("for s in [\"a\", \"b\"] { print \"<{s}>\" }") == ["<a>", "<b>"])
    #expect(
      try printed("var n = 0; loop { n = n + 2; if n >= 6 { break } }; print n") == ["6"])
    #expect(
      try printed("var n = 9; while n > 0 and n != 5 { n = n - 1 }; print n") == ["5"])
    #expect(
      try printed("var n = 0; while not (n >= 3 or n < 0) { n = n + 1 }; print n") == ["3"])
  }

  @Test func branches() throws {
    let body = """
      for n in [1, 2, 3] {
          if n == 1 { print "one" } else if n == 2 { print "two" } else { print "many" }
      }
      """
    #expect(try printed(body) == ["one", "two", "many"])
  }

  @Test func operators() throws {
    let body = """
      var n = 7
      n = n + 0
      print n * 3 - 1
      print n / 2
      print n % 4
      print -n
      print n > 6 and n <= 7
      print n < 6 or n >= 8
      print not (n == 7)
      print n in 1..7
      print n in [1, 2]
      print 2ms * n
      print "a" == "a" and "a" != "b"
      """
    #expect(
      try printed(body) == [
        "20", "3", "3", "-7", "true", "false", "false", "true", "false", "14ms", "true",
      ])
  }

  @Test func rightSideIsNotEvaluatedInVain() throws {
    #expect(try printed("var n = 0; n = n * 1; print n != 0 and 10 / n > 1") == ["false"])
    #expect(try printed("var n = 0; n = n * 1; print n == 0 or 10 / n > 1") == ["true"])
  }

  @Test func comprehensions() throws {
    let body = """
      let xs = [1, 5, 7]
      print count(x in xs: x > 4)
      print every(x in xs: x > 4)
      print some(x in xs: x > 6)
      print every(x in 1..3: x in xs or x < 4)
      print xs[1]
      print xs
      """
    #expect(try printed(body) == ["2", "false", "true", "true", "5", "[1, 5, 7]"])
  }

  @Test func definitionsCallThemselves() throws {
    let before = "def factorial(n) { if n <= 1 { return 1 }; return n * factorial(n - 1) }"
    #expect(try printed("print factorial(10)", before) == ["3628800"])
    let endless = "def f(n) { return f(n + 1) + 1 }\nscenario \"x\" { print f(1) }"
    let run = try run(endless)
    guard case .stackOverflow? = run.fault else {
      Issue.record("\(String(describing: run.fault))")
      return
    }
  }

  @Test func definitionsAct() throws {
    let before = """
      program p(d) { sleep d }
      def settled(d, n) { let ts = spawn n of p(d); await every(t in ts: not t.alive); return n }
      """
    #expect(try printed("print settled(5ms, 3)", before) == ["3"])
  }

  @Test func tasksAndKernel() throws {
    let kernel = """
      kernel "3.12" {
        const step = 2
        queue q
        var total in 0..9 = 0
        fn add(n) { total = total + n * step; return total }
        syscall put(n) { return add(n) }
        syscall nap() { let r = wait q; if r != 0 { return -EINTR }; return 1 }
        syscall poke() { wake q }
        kthread helper { loop { sleep 10ms; total = 9; safe point } }
      }
      program putter(n) { var i = 0; while i < n { put(1); sleep 1ms; i = i + 1 } }
      program sleeper { nap(); put(1) }
      program waker { poke() }
      """
    let body = """
      let t = spawn putter(3)
      await not t.alive
      print total
      let s = spawn sleeper
      sleep 1ms
      print "{s.state} {s.in_kernel} {total}"
      spawn waker
      await not s.alive
      print total
      sleep 20ms
      print total
      """
    #expect(try printed(body, kernel) == ["6", "S true 6", "8", "9"])
  }

  /// Where the verb can't stand its name is free for a function.
  @Test func aFunctionMayBeCalledLikeAVerb() throws {
    let before = """
      kernel "3.12" {
        var checked = 0
        fn check(n) { checked = checked + n }
        fn print() { check(1) }
        fn report(a, b) { return a + b }
        syscall probe(n) { check(n); print(); report(n, n); let r = report(n, 1); check(r) }
      }
      patch fix { fn check(n) { checked = checked + 100 * n } }
      program p { probe(5) }
      """
    let body = "let t = spawn p; await not t.alive; check checked == 12; print checked"
    #expect(try printed(body, before) == ["12"])
    #expect(try printed("apply fix; " + body, before).last == "1200")
    check(
      """
      kernel "3.12" {
        queue q
        fn apply() { wait q }  # error: E0402
        irq timer every 1ms { apply() }
      }
      """)
  }

  @Test func choiceTakesTheFirstInARun() throws {
    let before = """
      kernel "3.12" { var got = 0; syscall set(n) { got = choose(n, n + 1) } }
      program p { set(choose(4, 5, 6)) }
      """
    #expect(try printed("let t = spawn p; await not t.alive; print got", before) == ["4"])
  }

  @Test func stringsOfTheMachine() throws {
    let body = """
      let text = cat("/sys/kernel/kgraft/in_progress")
      print "in progress: {text}"
      if text == "0" { print "quiet" }
      """
    #expect(try printed(body) == ["in progress: 0", "quiet"])
  }

  @Test func matrixRowsAreConstants() throws {
    let source = """
      program p { loop { work 1ms } }
      scenario "x" for n in [1, 3], d in [1ms, 2ms] @fast {
          skip "too many" if n > 2
          let ts = spawn n of p
          sleep d
          print "{count(t in ts: t.alive)} after {d}"
      }
      """
    let found = CheckedSource(source)
    let rows = found.checked.scenarios[0].rows
    #expect(rows.map(\.id) == ["[n=1,d=1ms]", "[n=1,d=2ms]", "[n=3,d=1ms]", "[n=3,d=2ms]"])
    #expect(rows.map(\.skipReason) == [nil, nil, "too many", "too many"])
    #expect(found.checked.scenarios[0].tags == ["fast"])
    #expect(try run(source, row: 3).printed == ["3 after 2ms"])
  }
}

/// Patches of what is not called by a plain call.
@Suite struct PatchLoweringTests {
  @Test func handlersThreadsAndInlineFunctions() throws {
    let source = """
      kernel "3.12" {
        const limit = 10
        var ticks = 0
        var woken = 0
        var small = 0
        inline fn is_small(n) { return n < limit }
        irq timer every 4ms { ticks = ticks + 1 }
        kthread helper { loop { sleep 1s; woken = woken + 1; safe point } }
        syscall probe(n) { if is_small(n) { small = small + 1 } }
      }
      patch faster {
        const limit = 100
        irq timer { ticks = ticks + 1000 }
        kthread helper { loop { sleep 1s; safe point } }
        new fn unused() { return 1 }
      }
      program p(n) { probe(n) }
      scenario "x" {
        machine { cpus 1 }
        sleep 2ms
        spawn p(50)
        sleep 20ms
        assert small == 0 and ticks > 0 and ticks < 1000
        apply faster
        await not in_progress within 10s
        assert ticks > 1000
        let before = woken
        spawn p(50)
        sleep 3s
        assert small == 1
        assert woken > before
      }
      """
    let run = try run(source)
    #expect(run.fault == nil, "\(run.capturedTexts)")
    let names = run.program.tracedFunctions.map(\.name)
    #expect(names == ["timer", "helper", "probe"])
  }

  @Test func theMatrixChoosesPatchAndSpelling() throws {
    let source =
      tourKernel + """
        scenario "x" for fix in [fix_frame_check, another_fix], engine in [kgraft], d in [1500us] {
          machine { patching engine }
          apply fix
          await not in_progress within 10s
          print "{fix} by {engine} after {d}"
          print fix
        }
        """
    #expect(try run(source, row: 0).printed.first == "fix_frame_check by kgraft after 1500us")
    let second = try run(source, row: 1)
    #expect(second.printed == ["another_fix by kgraft after 1500us", "another_fix"])
  }

  @Test func tooMuchIsADiagnostic() throws {
    let lines = (0..<70_000).map { "print \"\($0)\"" }.joined(separator: "\n")
    let found = CheckedSource("scenario \"x\" {\n\(lines)\n}")
    let scenario = found.checked.scenarios[0]
    let (lowered, diagnostics) = found.checked.lower(scenario, scenario.rows[0])
    #expect(lowered == nil)
    #expect(diagnostics.map(\.code.rawValue) == ["E0902"])
    let elements = (0..<5_000).map(String.init).joined(separator: ", ")
    let wide = CheckedSource("scenario \"x\" { let xs = [\(elements)]; print xs }")
    let (other, complaints) = wide.checked.lower(
      wide.checked.scenarios[0], wide.checked.scenarios[0].rows[0])
    #expect(other == nil)
    #expect(complaints.first?.code.rawValue == "E0902")
  }
}
