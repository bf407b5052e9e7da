import Machine
import Patching
import ReferenceMachine
import Testing

@Suite("Both machines reach the same worlds")
struct SearchTests {
  @Test(arguments: Golden.all)
  func golden(_ golden: Golden) throws {
    let pair = Pair(golden.make(), golden.rules, time: .arbitrary)
    let result = try JointSearch.run(pair, label: golden.testDescription)
    #expect(result.isComplete)
    #expect(result.states == golden.states)
    #expect(result.transitions == golden.transitions)
    #expect(result.faults == golden.faults)
    #expect(result.failedChecks == golden.failedChecks)
    #expect(result.finished > 0, "some schedule comes to the end")
  }
}

/// kGraft's promise: no system call sees both universes. Judged over every schedule, by both
/// machines.
@Suite("Never mixed")
struct VerdictTests {
  private func isViolated(_ program: Program, _ rules: KGraftRules) throws -> Bool {
    let pair = Pair(program, rules, time: .arbitrary)
    let result = try JointSearch.run(pair, label: "verdict")
    #expect(result.isComplete)
    return result.faults.contains(.violated(property: 0))
  }

  /// Every thread is marked before the window closes, and inside it each stub runs old code.
  @Test func holdsUnderFourPointFour() throws {
    #expect(try !isViolated(Worlds.pairs(), KGraftRules(generation: .current)))
  }

  /// f is called before its stub is in, or by a task that is not marked yet, g after: mixed.
  @Test(arguments: KGraftRules.Generation.allCases)
  func needsTheWindow(_ generation: KGraftRules.Generation) throws {
    let rules = KGraftRules(generation: generation).without(.immutableWindow)
    #expect(try isViolated(Worlds.pairs(), rules))
  }

  /// What `never mixed` fails by is what `reach mixed` comes to; the schedule goes on from there.
  @Test func isReachedWithoutTheWindow() throws {
    let rules = KGraftRules(generation: .current).without(.immutableWindow)
    let pair = Pair(Worlds.pairs(claim: .reach), rules, time: .arbitrary)
    let result = try JointSearch.run(pair, label: "reach mixed")
    #expect(result.isComplete && result.faults.isEmpty && result.finished > 0)
  }

  /// 3.12 leaves a task unmarked that its look at the stack finds in user space, and the task may
  /// enter the kernel right after ("horrible hack"). With the window that race does no harm:
  /// every stub is in before the first look, so whatever it calls between the look and the
  /// window's end goes through a slow stub, which runs old code *and marks it*; if it calls nothing
  /// patched until then, its whole entry is new. What can harm is a look that takes a task inside
  /// the kernel for one outside (a stack of two entries), or a thread that is no leader: this
  /// machine's look is exact, and its tasks are all leaders.
  @Test func lazyLookIsSavedByTheWindow() throws {
    #expect(try !isViolated(Worlds.pairs(), KGraftRules(generation: .manual)))
  }

  /// f of the second patch, then g of the first, is what a new task runs: nothing is mixed. The
  /// second transition counts as above the first before it has a place among the finished.
  @Test(arguments: KGraftRules.Generation.allCases)
  func holdsForAStackedPatch(_ generation: KGraftRules.Generation) throws {
    #expect(try !isViolated(Worlds.stacked(), KGraftRules(generation: generation)))
  }

  /// A kernel thread crosses at its safe point alone.
  @Test(arguments: KGraftRules.Generation.allCases)
  func holdsForAKernelThread(_ generation: KGraftRules.Generation) throws {
    #expect(try !isViolated(Worlds.kernelThread(), KGraftRules(generation: generation)))
  }
}

/// A claim in the middle of the scenario: what it is about ends a schedule before, and after it no
/// more. Both machines go through every schedule side by side.
@Suite("Expected from there on") struct ExpectedLaterTests {
  @Test func aDeadlockBeforeAndAfter() throws {
    let rules = KGraftRules(generation: .current)
    let pair = Pair(Worlds.twoOrders(isWanted: true, isLate: true), rules, time: .arbitrary)
    let late = try JointSearch.run(pair, label: "late")
    #expect(late.isComplete && late.faults == [.deadlock])
    // Those that come to the claim first go on with the circle: more worlds than without a claim.
    #expect(late.states > 243)
  }
}
