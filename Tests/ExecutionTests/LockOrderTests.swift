import Diagnostics
import Machine
import Testing

@testable import Execution

/// `lock_order`: two orders that contradict each other are a flaw, whether anybody waits or not.
@Suite struct LockOrderTests {
  private static let kernel = """
    kernel "4.4.21-69-default" {
        lock a
        lock b
        lock c
        syscall ab() { lock a; lock b; unlock b; unlock a }
        syscall bc() { lock b; lock c; unlock c; unlock b }
        syscall ca() { lock c; lock a; unlock a; unlock c }
        syscall one_by_one() { lock b; unlock b; lock a; unlock a }
    }
    program first { ab() }
    program second { bc() }
    program third { ca() }
    program careful { one_by_one() }
    program both { ab(); one_by_one() }

    """

  private func run(_ scenario: String) throws -> RunRecord {
    try ScenarioTexts.run(Self.kernel + scenario)
  }

  /// One after the other, each long gone when the next one comes: lockdep says so all the same.
  private static let inTurn = "spawn first; sleep 1ms; spawn second; sleep 1ms; spawn third; "

  @Test func aCircleOfThreeIsFoundWithoutADeadlock() throws {
    let record = try run("scenario \"s\" { never lock_order; \(Self.inTurn)sleep 1ms }")
    let found = try #require(record.outcome.failure?.diagnostic)
    #expect(found.code.rawValue == "E1003")
    try #require(found.notes.count == 4)
    #expect(found.notes[0].hasPrefix("third:102, in ca, held `c` and asked for `a` at 0.002"))
    #expect(found.notes[1].hasPrefix("first:100, in ab, held `a` and asked for `b` at 0.000"))
    #expect(found.notes[2].hasPrefix("second:101, in bc, held `b` and asked for `c` at 0.001"))
    #expect(found.notes[3].hasPrefix("it came about at 0.002"))
    // The claim, and a place in the text for each of the three.
    #expect(found.labels.count == 4)
  }

  @Test func aSearchShowsTheShortestWay() throws {
    let record = try run(
      "scenario \"s\" in every schedule { never lock_order; \(Self.inTurn)}"
    )
    let found = try #require(record.outcome.failure?.diagnostic)
    #expect(found.notes.contains { $0.hasSuffix("and in no schedule sooner") })
    guard case .everySchedule(let report) = record.mode else { return }
    // The operator may come to its end, and with it the scenario, before they are done.
    #expect(report.answers.map(\.answer) == [.sometimes])
  }

  /// What is given back before the next one is asked for is in no order with it.
  @Test func locksOneByOneAreInNoOrder() throws {
    let record = try run(
      """
      scenario "s" in every schedule {
          never lock_order
          let ts = [spawn both, spawn careful]
          await every(t in ts: not t.alive)
      }
      """)
    #expect(record.outcome.failure == nil)
    guard case .everySchedule(let report) = record.mode else { return }
    #expect(report.answers.first?.answer == .always)
  }

  @Test func aGoalIsReachedAndForgotten() throws {
    let record = try run("scenario \"s\" { reach lock_order; \(Self.inTurn)sleep 1ms }")
    #expect(record.outcome.failure == nil)
    #expect(record.goals.map(\.answer) == [.holds])
  }

  /// A property holds from where it stands: what was before is not asked.
  @Test func whatWasBeforeTheClaimDoesNotCount() throws {
    let record = try run(
      """
      scenario "s" {
          spawn first; sleep 1ms; never lock_order; spawn second; sleep 1ms; spawn third; sleep 1ms
      }
      """)
    #expect(record.outcome.failure == nil)
  }

  /// Nobody else's rows are wider for it.
  @Test func onlyWhoClaimsItHasTheBits() throws {
    let with = try ScenarioTexts.scenarios(
      Self.kernel + "scenario \"s\" { never lock_order; \(Self.inTurn)}")
    let without = try ScenarioTexts.scenarios(Self.kernel + "scenario \"s\" { \(Self.inTurn)}")
    let counts = [with, without].map {
      $0.first?.machine(.arbitrary).layout.lockOrder.count
    }
    #expect(counts == [3, 0])
  }
}
