/// How far a stretch of a run came.
package struct Stretch: Sendable {
  /// Steps taken, the one that finished or faulted included.
  package var steps = 0
  package var stop: Stop

  package enum Stop: Sendable, Hashable {
    /// As many steps as were asked for, or more virtual time.
    case limit
    case finished
    /// The step could not be completed; `Workspace.fault` says why.
    case faulted(Choice)
    /// Nobody will ever act again.
    case nothingHappens
    /// The operator has made a step, and whoever asked for the stretch wants to look.
    case operatorStepped
  }
}

extension Machine {
  /// Makes natural steps, one after the other (`nextChoice`, then `step`), where time is kept.
  ///
  /// - Parameters:
  ///   - limit: no more steps than that.
  ///   - lastNanosecond: stops after the step that comes later than that.
  ///   - stopsAfterOperator: stops after each step of the operator's.
  package func run(
    limit: Int, lastNanosecond: Int64, stopsAfterOperator: Bool = false,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Stretch {
    guard layout.keepsTime else { return Stretch(stop: .nothingHappens) }
    let last = UInt64(max(0, lastNanosecond))
    var steps = 0
    while steps < limit {
      let entry = earliest(&row, &workspace)
      guard entry != .never else { return Stretch(steps: steps, stop: .nothingHappens) }
      let now = max(row[layout.clock.now], entry.due)
      row[layout.clock.now] = now
      let choice = Choice(actor: entry.actor)
      switch step(choice, &row, &workspace) {
      case .running:
        steps += 1
        if now > last { break }
        if stopsAfterOperator, case .operator = choice.actor {
          return Stretch(steps: steps, stop: .operatorStepped)
        }
        continue
      case .finished:
        return Stretch(steps: steps + 1, stop: .finished)
      case .faulted:
        return Stretch(steps: steps, stop: .faulted(choice))
      }
      break
    }
    return Stretch(steps: steps, stop: .limit)
  }
}
