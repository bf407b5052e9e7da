import Execution
import Machine
import Synchronization
import Testing

/// A scenario that computes: what it may use up, and how it is made to leave off.
@Suite struct ComputationTests {
  private func outcome(
    _ body: String, operations: Int = 100_000, cancelledWhen isCancelled: Cancellation? = nil,
    everySchedule: Bool = false
  ) throws -> RunOutcome {
    var options = RunOptions()
    options.limits.operations = operations
    options.isCancelled = isCancelled
    let title = everySchedule ? "\"x\" in every schedule" : "\"x\""
    return try ScenarioTexts.run("scenario \(title) {\n\(body)\n}", options: options).outcome
  }

  private static let endless = [
    "loop { }", "for i in 0..9000000000 { }", "sleep 1ms\n var i = 0\n loop { i = i + 1 }",
    "var xs = [3, 1]\n loop { xs[0] = xs[0] + 1 }", "loop { print \"\" }",
  ]

  /// With a budget that lasts for hours.
  @Test(arguments: endless, [false, true])
  func isGivenUpWhenNobodyWantsItAnyMore(_ body: String, everySchedule: Bool) throws {
    let outcome = try outcome(
      body, operations: 1 << 50, cancelledWhen: { true }, everySchedule: everySchedule)
    guard case .cancelled = outcome else { return #expect(Bool(false), "\(outcome)") }
  }

  @Test func isAskedOftenAndNotAtOnce() throws {
    // Two million rounds: some thirty questions, each after many rounds.
    let questions = Count()
    let outcome = try outcome(
      "for i in 0..2000000 { }", operations: 10_000_000, cancelledWhen: { questions.add() })
    guard case .passed = outcome else { return #expect(Bool(false), "\(outcome)") }
    #expect((10...200).contains(questions.value))
  }

  /// What is made of `count` elements costs at least as many operations: the same hundred rounds
  /// stay within a hundred thousand operations with a short list, and don't with a long one.
  @Test(arguments: [(2, true), (1_000, false)])
  func copiesCostWhatTheyCopy(_ count: Int, _ isAllowed: Bool) throws {
    let elements = (0..<count).map { "\($0 * 2 + 1)" }.joined(separator: ", ")
    let outcome = try outcome(
      "var xs = [\(elements)]\n var i = 0\n while i < 100 { xs[0] = -i; i = i + 1 }")
    #expect(isAllowed == isPassed(outcome), "\(outcome)")
  }

  @Test(arguments: [(20, true), (2_000, false)])
  func textsCostWhatTheyAreLong(_ count: Int, _ isAllowed: Bool) throws {
    let text = String(repeating: "a", count: count)
    let outcome = try outcome(
      "var t = \"\"\n var i = 0\n while i < 100 { t = \"{i}\(text)\"; i = i + 1 }\n print t")
    #expect(isAllowed == isPassed(outcome), "\(outcome)")
  }

  /// A range of numbers that are no list's word is made element by element; any other is a word.
  @Test(arguments: [("0..900000", true), ("-5..900000", false)])
  func rangesCostWhatTheyHold(_ range: String, _ isAllowed: Bool) throws {
    let outcome = try outcome("let xs = \(range)\n print xs[3]")
    #expect(isAllowed == isPassed(outcome), "\(outcome)")
  }

  private func isPassed(_ outcome: RunOutcome) -> Bool {
    if case .passed = outcome { true } else { false }
  }
}

/// Counts from any thread.
private final class Count: Sendable {
  private let number = Atomic(0)
  var value: Int { number.load(ordering: .relaxed) }

  /// Gives false.
  func add() -> Bool {
    number.wrappingAdd(1, ordering: .relaxed)
    return false
  }
}
