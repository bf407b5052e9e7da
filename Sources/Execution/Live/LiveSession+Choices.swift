import Diagnostics
import Machine

/// What can happen next, and what would.
extension LiveSession {
  /// A step that is possible, and what comes of it.
  package struct Possibility {
    package var number: Int
    package var choice: Choice
    /// What happens in that step.
    package var events: [Event]
  }

  /// Each possible step, tried on a copy.
  package mutating func possibilities(limit: Int) -> (all: [Possibility], count: Int) {
    let choices = possibleChoices()
    let found = choices.prefix(limit).enumerated().map { number, choice -> Possibility in
      var copy = self
      copy.checkpoints.removeAll()
      copy.watches = []
      _ = copy.machine.layout.keepsTime ? copy.makeDue(number) : copy.make(choice)
      return Possibility(
        number: number, choice: choice, events: copy.workspace.events.takeEvents())
    }
    return (found, choices.count)
  }

  /// What would come of statements that are not entered.
  package struct Prospect {
    package var entered: Entered
    package var session: LiveSession
    /// Why it was not followed any further.
    package var stop: Stop
  }

  /// Does the statements on a copy, and follows what comes of them for a while: until the
  /// transition is over, or that much time has passed.
  package func prospect(_ source: String, nanoseconds: Int64, steps limit: Int) -> Prospect {
    var copy = self
    copy.watches = []
    let entered = copy.enter(source)
    guard case .done = entered.outcome else {
      return Prospect(entered: entered, session: copy, stop: .reached)
    }
    let last = copy.now.addingReportingOverflow(nanoseconds).partialValue
    var stop = Stop.reached
    let first = copy.steps
    while copy.end == nil, copy.steps - first < limit,
      copy.look({ machine, row in machine.engine.isInProgress(machine, &row) })
    {
      if isCancelled() { return Prospect(entered: entered, session: copy, stop: .cancelled) }
      let progress = copy.run(atMost: 64, last)
      if case .stopped(let reason) = progress {
        stop = reason
        break
      }
      if copy.now > last { break }
    }
    return Prospect(entered: entered, session: copy, stop: stop)
  }
}
