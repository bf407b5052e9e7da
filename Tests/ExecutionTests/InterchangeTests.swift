import Exploration
import Machine
import Synchronization
import Testing

@testable import Execution

/// Which tasks a text does not tell apart.
@Suite struct InterchangeTests {
  private static let kernel = """
    kernel "4.4.21-69-default" {
        queue q
        lock l
        fn f() { return 0 }
        syscall call() { f() }
        syscall locked() { lock l; unlock l }
    }
    patch fix { fn f() { return 1 } }
    program looper { loop { call() } }
    program ender { call() }
    program other { loop { call(); work 1us } }
    program locker { loop { locked() } }
    program parent { fork { call() } }

    """

  private func interchange(_ body: String) throws -> Interchange {
    let text = Self.kernel + "scenario \"s\" in every schedule {\n\(body)\n}\n"
    let scenario = try #require(try ScenarioTexts.scenarios(text).first)
    return Interchange(scenario.program)
  }

  private func slots(_ body: String) throws -> [[Int]] {
    try interchange(body).groups.map { $0.map(\.rawValue) }
  }

  @Test func theNamelessAreAllAlike() throws {
    #expect(try slots("spawn 3 of looper\napply fix\nawait not in_progress") == [[0, 1, 2]])
    // Whatever they run, and whenever they are born.
    #expect(try slots("spawn looper\napply fix\nspawn 2 of other") == [[0, 1, 2]])
  }

  @Test func aListThatIsSignalledIsASet() throws {
    #expect(
      try slots(
        "let all = spawn 2 of looper\nspawn 2 of other\nsignal STOP, all\nsignal CONT, all")
        == [[0, 1], [2, 3]])
  }

  /// Who has a name of its own is nobody else.
  @Test func namesTellApart() throws {
    let named = try interchange("let all = spawn 2 of looper\nsignal STOP, all[0]")
    #expect(named.groups.isEmpty && named.refusal == .handles)
    #expect(try slots("let one = spawn looper\nspawn 2 of looper\nsignal STOP, one") == [[1, 2]])
    let asked = try interchange(
      "let all = spawn 2 of looper\nassert some(t in all: t.pid == 100)")
    #expect(asked.refusal == .handles)
  }

  /// Who asks all of them the same asks nobody: whatever the order, the answer is one.
  @Test(arguments: [
    "assert some(t in all: t.alive)", "always every(t in all: t.alive)",
    "await count(t in all: t.alive and not in_progress) == 2",
    "reach some(t in all: t.state == \"S\")",
    "never every(t in all: t.universe == new) and in_progress",
    "assert every(t in all: some(u in all: u.alive or t.in_kernel))",
    "let n = count(t in all: t.alive)\nassert n == 2", "check every(t in all: t.alive)",
    "await every(t in all: t.alive)\nassert some(t in all: t.universe == old)",
  ])
  func quantifiersNameNobody(_ claim: String) throws {
    #expect(try slots("let all = spawn 2 of looper\n\(claim)") == [[0, 1]])
  }

  @Test(arguments: [
    // The first that can't answer is a mistake: where tasks end the order matters.
    "let some_end = spawn 2 of ender\nassert every(t in some_end: t.universe == new)",
    "let all = spawn 2 of looper\nsignal KILL, all\nassert every(t in all: t.universe == new)",
    "let all = spawn 2 of looper\nassert every(t in all: t.alive) and all[0].alive",
    "let all = spawn 2 of looper\nlet first = all[0]\nassert every(t in all: t.alive)\n"
      + "assert first.alive",
    "let all = spawn 2 of looper\nalways all[1].alive",
    "let all = spawn 2 of looper\nlet one = all[1]\nalways one.alive",
    "let all = spawn 2 of looper\nfor t in all { assert t.alive }",
    "let all = spawn 2 of looper\nlet one = all[0]\nassert every(t in all: t.alive or one.alive)",
  ])
  func whoLooksAtOneNamesIt(_ body: String) throws {
    let found = try interchange(body)
    #expect(found.groups.isEmpty && found.refusal == .handles)
  }

  /// A register that is not cleared keeps who was asked last.
  @Test func deadVariablesTellApart() throws {
    let text =
      Self.kernel + "scenario \"s\" { let all = spawn 2 of looper\n"
      + "assert every(t in all: t.alive) }\n"
    let scenario = try #require(try ScenarioTexts.scenarios(text).first)
    #expect(!Interchange(scenario.program).groups.isEmpty)
    #expect(Interchange(scenario.program, clearsDead: false).refusal == .handles)
  }

  @Test(arguments: [
    ("spawn 2 of locker", Interchange.Refusal.locks),
    ("spawn 2 of parent", .families),
    ("spawn 2 of looper on cpu 0", .boundTasks),
    ("spawn 2 of looper\nprint cat(\"/proc/100/comm\")", .administrator),
    ("for n in 1..2 { spawn looper }", .unknownSlots),
    ("spawn looper", .singleTasks),
  ])
  func refusals(_ body: String, _ refusal: Interchange.Refusal) throws {
    let found = try interchange(body)
    #expect(found.groups.isEmpty && found.refusal == refusal)
  }

  /// Whoever gives a search up while a way through exchanged tasks is being put into words gets
  /// the worlds so far, and no crash. A step here is long enough to be asked about in the middle.
  @Test(arguments: 1...24)
  func aSearchIsGivenUpOnTheWayToAWitness(asked: Int) throws {
    let text = """
      kernel "4.4.21-69-default" {
          var seen in 0..9 = 0
          syscall count() { seen = seen + 1 }
      }
      program adder { var x = 0; for i in 1..90_000 { x = x + i }; count() }
      scenario "s" in every schedule {
          spawn 2 of adder
          await seen == 2
          check in_progress
      }
      """
    let scenario = try #require(try ScenarioTexts.scenarios(text).first)
    let calls = Calls()
    let result = BreadthFirstSearch.run(
      scenario.machine(.arbitrary), bounds: SearchBounds(),
      cancelledWhen: {
        calls.value.withLock { count in
          count += 1
          return count > asked
        }
      })
    #expect(result.bound == nil || result.bound == .cancelled)
  }
}

/// Counts how often it was asked.
private final class Calls: Sendable {
  let value = Mutex(0)
}
