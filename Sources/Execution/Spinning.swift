/// Whether a run has ceased to come forward in time: `loop { work 0ms }` takes a nanosecond a
/// round, and would be at its tenth of a second when the budget of steps is used up.
///
/// A run that makes more steps than nanoseconds pass is looked at closely for a moment: tasks alone
/// must be stepping, and no step may move the clock by more than one. Many CPUs may step at one
/// moment without a fault; so the look is longer than a few rounds of all of them.
struct Spinning: Sendable {
  /// Steps from one look to the next.
  static let window = 1 << 16
  /// Steps that are looked at one by one.
  static func sample(cpus: Int) -> Int { 256 + 8 * cpus }

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
