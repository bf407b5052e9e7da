/// Whether a run has ceased to come forward in time: `loop { work 0ms }` takes a nanosecond a
/// round, and would be at its tenth of a second when the budget of steps is used up.
///
/// Whoever takes less than a nanosecond of a CPU's time a step, on the average of many, is looked at
/// closely for a moment: tasks alone must be stepping, and none of their steps may take time.
struct Spinning: Sendable {
  /// Steps from one look to the next.
  static let window = 1 << 16
  /// Steps that are looked at one by one.
  static let sample = 256

  private var steps = 0
  private var time: Int64 = 0

  mutating func isSuspect(steps: Int, time: Int64, cpus: Int) -> Bool {
    guard steps - self.steps >= Self.window else { return false }
    let (taken, overflow) = (time - self.time).multipliedReportingOverflow(by: Int64(cpus))
    let isSuspect = !overflow && taken <= Int64(steps - self.steps)
    self.steps = steps
    self.time = time
    return isSuspect
  }
}
