import Machine

/// The events of a record's schedule, every one of them, for those who keep them elsewhere.
extension ScenarioRunner {
  /// Runs the schedule that the record tells of once more and hands the events on in portions, so
  /// that however long the run, few are held at a time and none is dropped.
  package func forEachPortionOfEvents(
    of record: RunRecord, _ visit: ([Event]) throws -> Void
  ) rethrows {
    guard let schedule = record.schedule else { return }
    var keepsTime = true
    if case .choices = schedule { keepsTime = false }
    var session = Session(
      machine: scenario.machine(keepsTime ? .kept : .arbitrary), schedule: schedule,
      recordingFrom: 0, limits: options.limits)
    session.keepEveryEvent()
    // A run that was given up, because its request never returns, ends where it was.
    while session.end == nil, record.steps == 0 || session.steps < record.steps {
      session.step()
      if session.events.count >= Self.portion { try visit(session.takeEvents()) }
    }
    try visit(session.takeEvents())
  }

  /// Events held at a time; a step adds no more than there are tasks.
  private static let portion = 4_096
}
