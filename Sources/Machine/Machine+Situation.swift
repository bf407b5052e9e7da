/// What a moment of a run looks like to somebody who does not look at the clock closely.
///
/// Ticks, looks and work of a few microseconds shift against each other for ever, so that a run
/// that comes to nothing new seldom comes to the very same world again. Two moments are alike here
/// if everybody stands where he stood, and whatever is due later than `nearby` is due after as many
/// milliseconds.
extension Machine {
  /// What is due within that is as good as due now: longer than a slice, and than what most code
  /// works without a pause. Nanoseconds. Who compares two moments lets at least twice that pass.
  package static let nearby: Int64 = 10_000_000

  /// The row as it is compared. The row is one of a machine that keeps time.
  ///
  /// - Parameter timed: tasks whose timers count.
  package func situation(
    _ rule: TimedRule, timed: Set<TaskSlot>, _ row: inout MutableSpan<UInt64>
  ) -> [UInt64] {
    var words: [UInt64] = []
    words.reserveCapacity(row.count)
    for word in 0..<row.count { words.append(row[word]) }
    var copy = words.mutableSpan
    makeRelative(rule, &copy)
    let clock = layout.clock
    let now = Int64(copy[clock.now])
    copy[clock.now] = 0
    // When the engine looks next gives nobody another place.
    copy[clock.engineDue] = 0
    for cpu in clock.cpus {
      if copy[cpu.sliceEnd] != Self.wantedByEngine { copy[cpu.sliceEnd] = 0 }
      copy[cpu.handlerBegan] = 0
    }
    copy[clock.due, at: layout.operatorOrigin] = 0
    copy[clock.awaitLimit] = 0
    // An interrupt ticks within its period, whenever that is.
    for handler in layout.handlers { copy[clock.due, at: handler.origin] = 0 }
    for number in 0..<taskCount(&row) {
      let origin = layout.origin(of: TaskSlot(number))
      let counts = timed.contains(TaskSlot(number))
      let isAsleep = state(of: TaskSlot(number), &row) != .runnable
      for field in [clock.due, clock.sleepEnd] {
        guard counts || !isAsleep else {
          copy[field, at: origin] = 0
          continue
        }
        copy[field, at: origin] = rounded(copy[field, at: origin], after: now)
      }
      copy[clock.carried, at: origin] = rounded(copy[clock.carried, at: origin], after: 0)
    }
    return words
  }

  private func rounded(_ moment: UInt64, after now: Int64) -> UInt64 {
    let distance = Int64(clamping: moment).subtractingReportingOverflow(now).partialValue
    guard moment != 0, distance >= Self.nearby else { return 0 }
    return UInt64((distance + 500_000) / 1_000_000)
  }
}
