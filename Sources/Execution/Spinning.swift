/// Whether a run has ceased to come forward in time: `loop { work 0ms }` takes a nanosecond a
/// round, and would be at its tenth of a second when the budget of steps is used up.
///
/// Whoever makes a million steps within a million nanoseconds is looked at closely for a moment:
/// tasks alone must be stepping, and no step may take time worth speaking of.
struct Spinning: Sendable {
  /// Steps from one look to the next.
  static let window = 1 << 20
  /// Steps that are looked at one by one.
  static let sample = 256

  private var steps = 0
  private var time: Int64 = 0

  mutating func isSuspect(steps: Int, time: Int64) -> Bool {
    guard steps - self.steps >= Self.window else { return false }
    let isSuspect = time - self.time <= Int64(steps - self.steps)
    self.steps = steps
    self.time = time
    return isSuspect
  }
}
