import Execution
import Machine
import Testing

/// SigPnd and ShdPnd of `/proc/PID/status`. A signal to a process is pending for it
/// (`send_signal`); one that ends it is a SIGKILL of each thread as well, unless nobody can take it
/// (`complete_signal`, `wants_signal`).
@Suite("Pending signals") struct PendingSignalTests {
  @Test(arguments: [
    // Asleep in state D: 15 is bit 0x4000, 9 is 0x100.
    ("signal TERM, d", "d", "100", "4000"),
    ("signal KILL, d", "d", "100", "100"),
    ("signal TERM, d; signal KILL, d", "d", "100", "4100"),
    // What dumps core is no SIGKILL on its way.
    ("signal SEGV, d", "d", "0", "400"),
    // Who is stopped takes nothing but a SIGKILL.
    ("signal STOP, u; sleep 1ms; signal TERM, u", "u", "0", "4000"),
    // Ignored: it is not queued (`sig_ignored`).
    ("signal CHLD, d", "d", "0", "0"),
  ])
  func areThoseOfTheProcessAndOfTheThread(
    _ signals: String, _ task: String, _ own: String, _ shared: String
  ) throws {
    let record = try ScenarioTexts.run(
      """
      kernel "4.4" { queue q; syscall deaf() { wait q uninterruptible } }
      program sleeper { deaf(); loop { work 1ms } }
      program runner { loop { work 1ms } }
      machine { cpus 2 }
      scenario "s" {
          let d = spawn sleeper; let u = spawn runner; sleep 1ms
          \(signals); sleep 1ms
          print cat("/proc/{\(task).pid}/status")
      }
      """)
    let text = record.events.compactMap {
      if case .printed(_, let text) = $0.kind { text } else { nil }
    }.joined()
    func value(_ name: String) -> String? {
      text.split(separator: "\n").first { $0.hasPrefix("\(name):\t") }
        .map { String($0.dropFirst(name.count + 2).drop { $0 == "0" }) }
    }
    #expect(value("SigPnd") == (own == "0" ? "" : own), "\(record.outcome)")
    #expect(value("ShdPnd") == (shared == "0" ? "" : shared))
  }
}
