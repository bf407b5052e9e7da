import Diagnostics
import Execution
import Testing

/// `expect log` with a value of the run in its text.
@Suite struct MadeLogTests {
  private func text(_ header: String, _ number: Int) -> String {
    """
    kernel "4.4.21-69-default" { syscall tell(n) { printk "got {n} bytes" } }
    program p(n) { tell(n) }
    def settle(n) { spawn p(n); sleep 1ms; expect log "got {n}" }
    scenario "s" \(header) { settle(3); settle(\(number)); expect log "got 3 bytes" }
    """
  }

  @Test func aRunKeepsItsLog() throws {
    let record = try ScenarioTexts.run(text("", 40))
    guard case .passed = record.outcome else {
      Issue.record("\(record.outcome)")
      return
    }
  }

  /// The text that was looked for is shown with the failure.
  @Test func whatIsNotThereIsShown() throws {
    let record = try ScenarioTexts.run(
      """
      kernel "4.4.21-69-default" { syscall tell(n) { printk "got {n} bytes" } }
      program p(n) { tell(n) }
      scenario "s" { var n = 1; spawn p(n); sleep 1ms; n = n + 1; expect log "got {n}" }
      """)
    let failure = try #require(record.outcome.failure)
    #expect(failure.diagnostic.code.rawValue == "E1001")
    #expect(failure.diagnostic.values.map(\.text) == ["2", "\"got 2\""])
  }

  @Test func aSearchSaysThatItHasNone() throws {
    let record = try ScenarioTexts.run(text("in every schedule", 40))
    let failure = try #require(record.outcome.failure)
    #expect(failure.diagnostic.code.rawValue == "E1109")
  }
}
