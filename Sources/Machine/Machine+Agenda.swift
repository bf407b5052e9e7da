/// Which step comes next where time is kept: the earliest due, and among equals the first in line.
extension Machine {
  /// Equals that a seed may choose among; more than these wait their turn.
  static let greatestTie = 64

  /// The natural next step: the earliest due, first in first out, every range at its low end. Nil
  /// when nothing can ever happen again. Moves the clock. Cost: O(log n) in what is scheduled.
  package func nextChoice(
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Choice? {
    guard layout.keepsTime, let entry = earliest(&row, &workspace) else {
      return nil
    }
    row[layout.clock.now] = max(row[layout.clock.now], entry.due)
    return Choice(actor: entry.actor)
  }

  /// Every step that is possible now where time is kept, in natural order, `greatestTie` actors at
  /// the most; counted and indexed, for a range has an alternative for each of its nanoseconds.
  /// Moves the clock to the moment they are due.
  package func dueChoices(
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> DueChoices {
    guard layout.keepsTime, let first = earliest(&row, &workspace) else {
      return DueChoices()
    }
    row[layout.clock.now] = max(row[layout.clock.now], first.due)
    var tied: [Agenda.Entry] = []
    // What is due later is not looked at: an interrupt that is masked now may be free by then, and
    // only those whose moment has passed are put on the agenda again at the handler's end.
    while tied.count < Self.greatestTie, let entry = workspace.agenda.earliest,
      entry.due <= row[layout.clock.now]
    {
      workspace.agenda.removeEarliest()
      if isCurrent(entry, &row) { tied.append(entry) }
    }
    var choices = DueChoices()
    for entry in tied {
      workspace.agenda.insert(entry, isOnCPU: isOnCPU(entry.actor, &row))
      choices.append(entry.actor, alternatives: max(1, alternatives(of: entry.actor, &row)))
    }
    return choices
  }

  /// The first entry that the row still agrees with; those before it are dropped.
  private func earliest(
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Agenda.Entry? {
    while let entry = workspace.agenda.earliest {
      if isCurrent(entry, &row) { return entry }
      workspace.agenda.removeEarliest()
    }
    return nil
  }

  /// Whether the actor is a task that has a CPU.
  func isOnCPU(_ actor: Actor, _ row: inout MutableSpan<UInt64>) -> Bool {
    guard case .task(let slot) = actor else { return false }
    return row[layout.clock.cpu, at: layout.origin(of: slot)] != 0
  }

  private func isCurrent(
    _ entry: Agenda.Entry, _ row: inout MutableSpan<UInt64>
  ) -> Bool {
    switch entry.actor {
    case .engine:
      return row[layout.clock.engineTicket] == entry.ticket
    case .operator:
      return row[layout.clock.ticket, at: layout.operatorOrigin] == entry.ticket
    case .task(let slot):
      let origin = layout.origin(of: slot)
      guard row[layout.clock.ticket, at: origin] == entry.ticket else { return false }
      // A handler on its CPU holds the task up; the handler's end puts it on the agenda again.
      let cpu = Int(row[layout.clock.cpu, at: origin])
      return cpu == 0 || row[layout.clock.cpus[cpu - 1].handler] == 0
    case .handler(let number):
      let handler = layout.handlers[number]
      guard row[layout.clock.ticket, at: handler.origin] == entry.ticket else { return false }
      return row[layout.clock.cpus[handler.cpu].handler] == 0
        || row.isSet(layout.handlerActive, at: handler.origin)
    }
  }

  /// Makes the indexes anew from the row alone. Cost: O(tasks).
  package func rebuildAgenda(_ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace) {
    workspace.agenda = Agenda(queueCount: program.queues.count)
    guard layout.keepsTime else { return }
    var entries: [Agenda.Entry] = []
    func add(_ actor: Actor, _ due: UInt64, _ ticket: UInt64) {
      if ticket != 0 { entries.append(Agenda.Entry(due: due, ticket: ticket, actor: actor)) }
    }
    add(.engine, row[layout.clock.engineDue], row[layout.clock.engineTicket])
    for actor in [.operator] + layout.handlers.indices.map(Actor.handler) {
      let origin = origin(of: actor)
      add(actor, row[layout.clock.due, at: origin], row[layout.clock.ticket, at: origin])
    }
    var runnable: [Agenda.Waiter] = []
    var sleepers: [[Agenda.Waiter]] = program.queues.map { _ in [] }
    for number in 0..<taskCount(&row) {
      let slot = TaskSlot(number)
      let origin = layout.origin(of: slot)
      let ticket = row[layout.clock.ticket, at: origin]
      let waiter = Agenda.Waiter(slot: slot, ticket: ticket)
      if state(of: slot, &row) == .runnable, row[layout.clock.cpu, at: origin] == 0 {
        runnable.append(waiter)
      } else if row[layout.task.queue, at: origin] != 0 {
        sleepers[Int(row[layout.task.queue, at: origin]) - 1].append(waiter)
        if isTimed(slot, &row) { add(.task(slot), row[layout.clock.due, at: origin], ticket) }
      } else {
        add(.task(slot), row[layout.clock.due, at: origin], ticket)
      }
    }
    workspace.agenda.replaceAll(with: entries)
    workspace.agenda.runQueue = .init(runnable.sorted { $0.ticket < $1.ticket })
    workspace.agenda.sleepers = sleepers.map { .init($0.sorted { $0.ticket < $1.ticket }) }
  }
}
