import Machine
import Testing

/// Values that are made during the run, and what is read from outside the operator.
@Suite struct ListAndTextTests {
  private func printed(_ body: String, _ before: String = "") throws -> [String] {
    let run = try run(before + "\nscenario \"x\" {\n" + body + "\n}")
    #expect(run.fault == nil)
    return run.printed
  }

  @Test func rangesAreLists() throws {
    let body = """
      var n = 2
      n = n + 1
      let xs = n..7
      print xs
      print count(x in xs: x > 4)
      print n..2
      print -n..0
      print xs[0] + (0..1_000_000)[n]
      print (3..5) == [3, 4, 5]
      """
    #expect(try printed(body) == ["[3, 4, 5, 6, 7]", "3", "[]", "[-3, -2, -1, 0]", "6", "true"])
    let endless = try run("scenario \"x\" { var n = -1; n = n - 1; print n..9_000_000_000 }")
    guard case .memoryExhausted? = endless.fault else {
      Issue.record("\(String(describing: endless.fault))")
      return
    }
  }

  /// A list is a value: `ys` keeps what it took.
  @Test func elementsAreAssigned() throws {
    let body = """
      var xs = [1, 2, 3]
      let ys = xs
      xs[1] = 7
      for i in 0..2 { xs[i] = xs[i] * 10 }
      print xs
      print ys
      var taken = 4..6
      taken[0] = 5
      print taken
      """
    #expect(try printed(body) == ["[10, 70, 30]", "[1, 2, 3]", "[5, 5, 6]"])
    let outside = try run("scenario \"x\" { var xs = [1]; var i = 1; xs[i] = 2; print xs }")
    guard case .listIndex(_, 1, 1)? = outside.fault else {
      Issue.record("\(String(describing: outside.fault))")
      return
    }
    let task = try run(
      "program p { var a = [1, 2]; a[0] = 3; work 1ms }\n"
        + "scenario \"x\" { let t = spawn p; sleep 1s; print t.a }"
    )
    #expect(task.printed == ["[3, 2]"])
  }

  @Test func whatCannotBeAssigned() {
    check(
      """
      program p { let a = [1]; a[0] = 2 }     # error: E0304 `a` can't be assigned
      scenario "x" {
        let t = spawn p
        t.pid = 3                             # error: E0304 `pid` can't be assigned
        var xs = [[1], [2]]
        xs[0][0] = 3                          # error: E0304 its list is a `var`
        let ys = list[3]                      # error: E0407 `list[N]`
        print "{xs} {ys}"
      }
      """)
  }

  /// A text that is doubled again and again is past its bound before it is past all memory.
  @Test func aTextHasABound() throws {
    let run = try run("scenario \"x\" { var s = \"ab\"; loop { s = \"{s}{s}\" } }")
    guard case .textTooLong? = run.fault else {
      Issue.record("\(String(describing: run.fault))")
      return
    }
  }

  @Test func textsInTexts() throws {
    let body = """
      let name = "kgr"
      let line = "{name} succeeded"
      let all = "<{line}|{name}>"
      print all
      print "succ" in all and not ("failed" in all)
      print "{name} " in line
      """
    #expect(try printed(body) == ["<kgr succeeded|kgr>", "true", "true"])
  }

  private let patches = """
    kernel "3.12" { queue q; fn f() { return 1 }; fn g() { return 1 }; syscall s() { wait q; f() } }
    patch one { fn f() { return 2 } }
    patch two { fn g() { return 2 } }
    program p { s() }
    """

  @Test func aPatchIsChosenDuringTheRun() throws {
    let body = """
      for fix in [one, two] {
          apply fix
          apply fix fails EEXIST
          await not in_progress
          print fix
      }
      def install(fix) { apply fix fails EEXIST }
      install(two)
      """
    #expect(try printed(body, patches) == ["one", "two"])
    let source = patches + "scenario \"x\" { let fix = one; apply fix; apply fix }"
    let run = try run(source)
    #expect(run.fault == .unexpectedOutcome(outcome: 1, got: .EEXIST))
    #expect(run.program.outcomes[1].verb == "apply fix")
  }

  @Test func someSleepersAreWoken() throws {
    let body = """
      let ts = spawn 5 of p
      sleep 1ms
      var n = 1
      n = n + 1
      wake q, n
      sleep 1ms
      print count(t in ts: t.alive)
      wake q
      sleep 1ms
      print count(t in ts: t.alive)
      """
    #expect(try printed(body, patches) == ["3", "0"])
  }

  @Test func aFileThatIsNotThereIsExpected() throws {
    #expect(try run("scenario \"x\" { cat(\"/nowhere\") fails ENOENT or EACCES }").fault == nil)
    let wrong = try run("scenario \"x\" { cat(\"/nowhere\") fails EACCES }")
    #expect(wrong.fault == .unexpectedOutcome(outcome: 0, got: .ENOENT))
    let there = try run(
      "scenario \"x\" { cat(\"/sys/kernel/kgraft/in_progress\") fails ENOENT }")
    #expect(there.fault == .unexpectedOutcome(outcome: 0, got: nil))
  }

  private let counters = """
    kernel "3.12" {
      queue q
      syscall slow(n) { wait q; return n + 40 }
      syscall note(n) { printk "note {n}: {n > 1}" }
    }
    program counter(n) { work 1us; var got = n; var took = 5ms; got = slow(got); note(got) }

    """

  @Test func variablesOfProgramsAreReadFromOutside() throws {
    let body = """
      let t = spawn counter(2)
      print t.got
      sleep 1ms
      # It waits in the call whose value `got` is to become.
      print "{t.got} {t.took}"
      wake q
      await not t.alive
      print t.got + 1
      expect log "note 42: true"
      """
    #expect(try printed(body, counters) == ["0", "2 5ms", "43"])
  }

  @Test func aProgramWithoutTheVariableIsAFault() throws {
    let source =
      counters + "program p { work 1s }\nscenario \"x\" { let t = spawn p; print t.got }"
    guard case .noTaskVariable(_, let slot, 0)? = try run(source).fault else {
      Issue.record("no fault")
      return
    }
    #expect(slot == TaskSlot(0))
  }
}
