import Diagnostics
import Execution
import Testing

/// A loop that takes no time is a fault at its own line, and not a scenario that passes.
@Suite struct SpinningTests {
  @Test(arguments: [
    "program p { loop { work 0ms } }",
    "kernel \"4.4\" { syscall s() { loop { work 0ms } } }\nprogram p { s() }",
  ])
  func aLoopThatTakesNoTime(_ text: String) throws {
    let outcome = try ScenarioTexts.run(text + "\nscenario \"x\" { spawn p; sleep 1s }").outcome
    guard case .broken(let failure) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(failure.diagnostic.code == .budget)
    #expect(failure.diagnostic.message.contains("no time passes"))
    let line = text.split(separator: "\n").firstIndex { $0.contains("work 0ms") } ?? -1
    let start = text.utf8.prefix(Int(failure.diagnostic.range?.lower ?? 0))
    #expect(start.count { $0 == UInt8(ascii: "\n") } == line)
  }

  /// A busy loop takes time, and so does whoever sleeps for no time at all.
  @Test(arguments: ["loop { }", "loop { sleep 0ms }", "loop { work 1us }"])
  func whatTakesTimeIsLeftAlone(_ loop: String) throws {
    let text = "program p { \(loop) }\nscenario \"x\" { spawn p; sleep 30ms }"
    let outcome = try ScenarioTexts.run(text).outcome
    guard case .passed = outcome else {
      Issue.record("\(outcome)")
      return
    }
  }
}
