import Machine
import Testing

/// `patch bump for n in 1..5 { … }`: each member that a scenario names is a patch of its own.
@Suite struct PatchFamilyTests {
  private let kernel = """
    kernel "4.4.21-69-default" {
      const base = 0
      fn version() { return base }
      syscall get() { return version() }
    }
    patch bump for n in 1..5 {
      new fn helper(x) { return x + n * 10 }
      fn version() { return helper(n) }
    }
    patch moved for k in [3, 5, 8] { const base = k * 100 }
    program reader { var got = 0; got = get() }
    def read() { let t = spawn reader; sleep 1ms; return t.got }

    """

  /// n + 10 n, and each member's helper with its own n.
  @Test func eachMemberHasItsOwnCode() throws {
    let run = try run(
      kernel + """
        scenario "x" {
          apply bump[3]; await not in_progress; print read()
          for i in 4..5 { apply bump[i]; await not in_progress; print read() }
        }
        """)
    #expect(run.fault == nil)
    #expect(run.printed == ["33", "44", "55"])
    #expect(run.program.patches.map(\.name) == ["bump_3", "bump_4", "bump_5"])
  }

  @Test func aConstantCanDependOnTheNumber() throws {
    let run = try run(
      kernel + "scenario \"x\" { apply moved[5]; await not in_progress; print read() }")
    #expect(run.printed == ["500"])
  }

  @Test func aMatrixTakesMembers() throws {
    let source =
      kernel + """
        scenario "x" for p in [bump[1], moved[8]], n in 2..3 {
          apply p; await not in_progress; print read()
          apply bump[n]; await not in_progress; print read()
        }
        """
    let rows = CheckedSource(source).checked.scenarios[0].rows
    #expect(
      rows.map(\.id) == [
        "[p=bump_1,n=2]", "[p=bump_1,n=3]", "[p=moved_8,n=2]", "[p=moved_8,n=3]",
      ])
    #expect(try run(source, row: 3).printed == ["800", "33"])
  }

  /// What only the run computes may be any member, and may miss them all.
  @Test func aNumberThatOnlyTheRunKnows() throws {
    let source = kernel + "scenario \"x\" { for i in 1..3 { print moved[2 * i + 1] } }"
    let run = try run(source)
    #expect(run.printed == ["moved_3", "moved_5"])
    guard case .unexpectedOutcome(let number, .ENOENT)? = run.fault else {
      Issue.record("\(String(describing: run.fault))")
      return
    }
    #expect(run.program.outcomes[number].members == "3, 5, 8")
  }

  /// Variables of a patch's own are each member's.
  @Test func membersShareNoVariables() throws {
    let run = try run(
      """
      kernel "4.4.21-69-default" { fn f() { return 0 }; syscall get() { return f() } }
      patch p for n in 1..2 { var hits = n; fn f() { hits = hits + 1; return hits } }
      program once { var got = 0; got = get() }
      scenario "x" {
        for i in 1..2 {
          apply p[i]; await not in_progress
          for j in 1..2 { let t = spawn once; sleep 1ms; print t.got }
        }
      }
      """)
    #expect(run.printed == ["2", "3", "3", "4"])
  }

  @Test func whatIsNoMember() {
    check(
      """
      kernel "3.12" { fn f() { return 0 } }
      patch bump for n in 1..5 { fn f() { return n } }
      patch solo { fn f() { return 7 } }
      patch none for n in [] { fn f() { return n } }         # error: E0508 has no members
      patch back for n in 5..1 { fn f() { return n } }       # error: E0508 has no members
      patch vast for n in 1..9223372036854775807 { fn f() { return n } }  # error: E0508 more than
      patch time for n in 1ms..2ms { fn f() { return 1 } }   # error: E0301 found a list of durations
      patch one for n in 3 { fn f() { return n } }           # error: E0301 found an int
      patch hides for f in 1..2 { fn f() { return 1 } }      # error: E0203 already the name
      patch sets for n in 1..2 { fn f() { n = 3; return n } }  # error: E0304 a family's member
      scenario "a" { apply bump }                            # error: E0508 say which one
      scenario "b" { apply bump[9] }                         # error: E0508 no member 9
      scenario "c" { apply solo[1] }                         # error: E0508 no family
      scenario "d" { apply bump["x"] }                       # error: E0301 found a string
      """)
  }
}
