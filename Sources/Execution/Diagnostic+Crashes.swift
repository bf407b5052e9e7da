import Diagnostics
import Machine

extension Diagnostic {
  static func oops(
    _ range: SourceRange, who: String, reason: String, notes: [String]
  ) -> Diagnostic {
    Diagnostic(
      .error, .oops, "the kernel crashes: \(reason)", labels: [.primary(range, "\(who) was here")],
      notes: notes, help: "if a schedule is to come to this, write `reach oops` before it")
  }

  static func noField(_ range: SourceRange, _ reason: String) -> Diagnostic {
    Diagnostic(
      .error, .noField, "this can't be looked at: \(reason)", labels: [.primary(range)],
      help: "ask whether it is null before, as with `and`")
  }

  static func deadlock(_ labels: [Label], notes: [String], help: String) -> Diagnostic {
    Diagnostic(
      .error, .deadlock,
      notes.count == 1
        ? "deadlock: the wait for this lock can't end"
        : "deadlock: each of \(notes.count) waits for a lock that the next one holds",
      labels: labels, notes: notes,
      help: "\(help); `reach deadlock` expects it")
  }
}
