import Execution
import Exploration
import Machine
import Patching
import Testing

/// Which steps of a text are nobody's affair but their task's, and what a search makes of them.
@Suite struct PrivateStepTests {
  private static let kernel = """
    kernel "4.4.21-69-default" {
        var count in 0..9 = 0
        fn f() { return 0 }
        fn g() { return 0 }
        syscall both() { f(); g() }
        syscall busy() { work 1us; count = count + 1 }
    }
    patch fix { fn f() { return 1 } fn g() { return 1 } }
    program looper { loop { both() } }
    program worker { busy() }

    """

  private func report(
    _ body: String, in kernel: String = Self.kernel, breaking broken: [KGraftMutation] = [],
    _ adjust: (inout RunOptions) -> Void = { _ in }
  ) throws -> SearchReport {
    let text = kernel + "scenario \"s\" in every schedule {\n\(body)\n}\n"
    let scenario = try #require(try ScenarioTexts.scenarios(text, breaking: broken).first)
    var options = RunOptions()
    adjust(&options)
    guard case .everySchedule(let report) = ScenarioRunner(scenario, options).run().mode else {
      throw ScenarioTexts.NotRunnable(text: "not searched")
    }
    return report
  }

  private static let window = "spawn 3 of looper\nnever mixed\napply fix\nawait not in_progress"

  /// Three tasks go each its own way: most of what one does is nobody else's affair.
  @Test func mostOfWhatATaskDoesIsItsOwn() throws {
    let reduced = try report(Self.window)
    let whole = try report(Self.window) { $0.bounds.usesPartialOrder = false }
    #expect(reduced.answers.map(\.answer) == whole.answers.map(\.answer))
    #expect(reduced.result.states * 4 < whole.result.states)
    #expect(reduced.result.partialOrder?.worlds ?? 0 > reduced.result.states / 2)
    #expect(whole.result.partialOrder == nil)
  }

  /// What fails is shown by the same schedule, which is a shortest one.
  @Test func theShortestWayIsFoundAllTheSame() throws {
    let reduced = try report(Self.window, breaking: [.immutableWindow])
    let whole = try report(Self.window, breaking: [.immutableWindow]) {
      $0.bounds.usesPartialOrder = false
    }
    #expect(!whole.result.witnesses.isEmpty)
    #expect(reduced.result.witnesses == whole.result.witnesses)
    #expect(reduced.result.completion?.count == whole.result.completion?.count)
    #expect(reduced.result.states < whole.result.states)
  }

  @Test(arguments: [
    (
      "spawn looper\nlet _flag = cat(\"/proc/100/kgr_in_progress\")",
      Independence.Refusal.administrator
    ),
    ("spawn 2 of looper on cpu 0\nawait not in_progress", .boundTasks),
  ])
  func itIsRefusedWhereSomebodyCouldLook(
    body: String, refusal: Independence.Refusal
  ) throws {
    #expect(try report(body).result.partialOrder == .refused(refusal))
  }

  @Test func itIsRefusedWhereStepsAreCounted() throws {
    let found = try report(Self.window) { $0.bounds.depth = 9 }
    #expect(found.result.partialOrder == .refused(.depth))
  }

  /// A thread that works for ever keeps nobody from being looked at: the jump back is somebody's
  /// affair. Without that rule nothing else would ever be seen to happen here.
  @Test func whatGoesRoundIsNoPrivateAffair() throws {
    let kernel = Self.kernel.replacing(
      "syscall both", with: "kthread k { loop { work 1us } }\nsyscall both")
    let found = try report("spawn worker\nreach count == 1\nawait count == 1", in: kernel)
    #expect(found.answers.map(\.answer) == [.always, .always])
  }

  /// Who crosses the boundary is nobody's secret where the operator asks for it.
  @Test func whoIsAskedAboutInKernelCrossesVisibly() throws {
    let body = "let t = spawn looper\napply fix\nawait not in_progress\nawait t.in_kernel"
    let reduced = try report(body)
    let whole = try report(body) { $0.bounds.usesPartialOrder = false }
    #expect(reduced.answers.map(\.answer) == whole.answers.map(\.answer))
    #expect(reduced.result.awaited == whole.result.awaited)
  }

  /// The search takes private steps first wherever it can; who is shown a way does not.
  @Test func whatPassesIsShownWithoutStepsThatNobodyNeeds() throws {
    let body = "spawn 3 of looper\nawait not in_progress"
    let reduced = try report(body)
    let whole = try report(body) { $0.bounds.usesPartialOrder = false }
    #expect(reduced.result.partialOrder?.worlds ?? 0 > 0)
    #expect(reduced.result.completion == whole.result.completion)
  }

  /// Between private steps lie the same worlds as without the choice.
  @Test func aChoiceAmongEqualsIsNone() throws {
    func worlds(_ value: String) throws -> Int {
      let kernel = Self.kernel.replacing(
        "syscall both", with: "syscall pick() { let n = \(value); count = n }\nsyscall both")
      let body = "spawn picker\nspawn worker\nawait count > 2"
      let result = try report(body, in: kernel + "program picker { pick() }\n").result
      return result.states - (result.partialOrder?.worlds ?? 0)
    }
    #expect(try worlds("choose(3, 3)") == worlds("3"))
    #expect(try worlds("choose(3, 4)") > worlds("3"))
  }
}
