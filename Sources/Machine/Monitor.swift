/// What the machine watches by itself, without a condition in the text.
package enum Monitor: Sendable, Hashable {
  /// Within one kernel entry (for a kernel thread: between safe points) a task ran code of both
  /// universes of one patch.
  case mixed
  /// Nothing that can happen will let the transition finish. No single step shows it: a search
  /// finds it when it knows all worlds, and a run when it looks ahead from one.
  case stalled
  /// Kernel code did what the kernel does not survive. It ends a schedule unasked, until the
  /// scenario says that it is to come to it (`reach oops`).
  case oops
  /// Some wait for each other's locks in a circle; it ends a schedule unasked, too.
  case deadlock
  /// A module's text was freed with a task inside it. On by default.
  case lostText
  /// Locks are taken in orders that contradict each other, whether anybody ever waits or not.
  case lockOrder
}

/// What is claimed of a monitor.
package enum MonitorClaim: Sendable, Hashable {
  /// No schedule may show it.
  case never
  /// Some schedule must show it.
  case reach
}

extension Machine {
  /// A monitor has seen what it watches for: who must never see it has failed, and who must come
  /// to it once has come to it and looks no further.
  package func noteSeen(
    _ monitor: Monitor, _ violation: Violation, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) {
    for (number, field) in layout.armed.enumerated()
    where row.isSet(field) && program.properties[number].kind == .monitor(monitor, .reach) {
      noteReached(number, &row, &workspace)
    }
    for (number, field) in layout.armed.enumerated()
    where row.isSet(field) && program.properties[number].kind == .monitor(monitor, .never) {
      workspace.fault = .violated(property: number, violation)
      return
    }
  }

  /// The operator claims it from here on. What the scenario is to come to ends no schedule any
  /// more, and did before: what happens earlier nobody has asked for.
  func arm(_ number: Int, _ row: inout MutableSpan<UInt64>) {
    row.set(layout.armed[number], to: true)
    if case .monitor(let monitor, .reach) = program.properties[number].kind,
      let field = layout.expected[monitor]
    {
      row.set(field, to: true)
    }
  }

  /// Whether the scenario has said by now that it is to come to that.
  func isExpected(_ monitor: Monitor, _ row: inout MutableSpan<UInt64>) -> Bool {
    layout.expected[monitor].map { row.isSet($0) } ?? false
  }

  /// A goal is disarmed once a schedule has come to it.
  func noteReached(
    _ number: Int, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    row.set(layout.armed[number], to: false)
    workspace.goalsReached[number] = true
    record(.reached(property: number), &row, &workspace)
  }
}

extension Property {
  /// Whether it is about a transition that can't finish any more.
  package var isAboutStalling: Bool {
    if case .monitor(.stalled, _) = kind { true } else { false }
  }

  /// Whether some schedule must come to it, rather than all keep it.
  package var isGoal: Bool {
    switch kind {
    case .reach, .monitor(_, .reach): true
    case .monitor(_, .never), .always, .never: false
    }
  }
}
