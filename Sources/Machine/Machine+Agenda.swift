/// Which step comes next where time is kept: the earliest due, and among equals the first in line.
extension Machine {
  /// Equals that a seed may choose among; more than these wait their turn.
  static let greatestTie = 64

  /// The natural next step: the earliest due, first in first out, every range at its low end. Nil
  /// when nothing can ever happen again. Moves the clock. Cost: O(log n) in what is scheduled.
  package func nextChoice(
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Choice? {
    guard layout.keepsTime else { return nil }
    let entry = earliest(&row, &workspace)
    guard entry != .never else { return nil }
    row[layout.clock.now] = max(row[layout.clock.now], entry.due)
    return Choice(actor: entry.actor)
  }

  /// Every step that is possible now where time is kept, in natural order, `greatestTie` actors at
  /// the most; counted and indexed, for a range has an alternative for each of its nanoseconds.
  /// Moves the clock to the moment they are due.
  package func dueChoices(
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> DueChoices {
    guard layout.keepsTime else { return DueChoices() }
    let first = earliest(&row, &workspace)
    guard first != .never else { return DueChoices() }
    row[layout.clock.now] = max(row[layout.clock.now], first.due)
    var tied: [Agenda.Entry] = []
    // What is due later is not looked at: an interrupt that is masked now may be free by then, and
    // only those whose moment has passed are put on the agenda again at the handler's end.
    while tied.count < Self.greatestTie, workspace.agenda.earliestDue <= row[layout.clock.now] {
      let entry = workspace.agenda.takeEarliest()
      if isCurrent(entry, &row) { tied.append(entry) }
    }
    var choices = DueChoices()
    for entry in tied {
      place(entry, &row, &workspace)
      choices.append(entry.actor, alternatives: max(1, alternatives(of: entry.actor, &row)))
    }
    return choices
  }

  /// The first entry that the row agrees with, `Entry.never` if there is none; those before it are
  /// dropped.
  @inline(__always)
  func earliest(
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Agenda.Entry {
    while true {
      while workspace.agenda.timers.first < workspace.agenda.onCPU.first {
        let timer = workspace.agenda.timers.first
        if isCurrent(timer, &row) { return timer }
        workspace.agenda.timers.removeFirst()
      }
      let first = workspace.agenda.onCPU.first
      guard !layout.locks.isEmpty, first != .never, isSpinning(first.actor, &row) else {
        return first
      }
      // Who gives the lock back puts it on the agenda again.
      workspace.agenda.onCPU.set(.never, cpu: workspace.agenda.onCPU.firstCPU)
    }
  }

  /// Puts an entry where it belongs: that of a task which has a CPU to that CPU, unless a handler
  /// holds the task up there, whose end puts it on the agenda again.
  @inline(__always)
  func place(
    _ entry: Agenda.Entry, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    guard case .task(let slot) = entry.actor else {
      return workspace.agenda.timers.insert(entry)
    }
    let number = Int(row[layout.clock.cpu, at: layout.origin(of: slot)])
    guard number > 0 else { return workspace.agenda.timers.insert(entry) }
    let isHeldUp = row[layout.clock.cpus[number - 1].handler] != 0
    workspace.agenda.onCPU.set(isHeldUp ? .never : entry, cpu: number - 1)
  }

  /// Whether the row agrees with a timer's entry.
  private func isCurrent(
    _ entry: Agenda.Entry, _ row: inout MutableSpan<UInt64>
  ) -> Bool {
    switch entry.actor {
    case .engine:
      return entry.hasTicket(row[layout.clock.engineTicket])
    case .operator:
      return entry.hasTicket(row[layout.clock.ticket, at: layout.operatorOrigin])
    case .task(let slot):
      return entry.hasTicket(row[layout.clock.ticket, at: layout.origin(of: slot)])
        && !isSpinning(entry.actor, &row)
    case .handler(let number):
      let handler = layout.handlers[number]
      guard entry.hasTicket(row[layout.clock.ticket, at: handler.origin]),
        !isSpinning(entry.actor, &row)
      else { return false }
      return row.isSet(layout.handlerActive, at: handler.origin)
        || (row[layout.clock.cpus[handler.cpu].handler] == 0 && !isMasked(handler.cpu, &row))
    }
  }

  /// Makes the indexes anew from the row alone. Cost: O(tasks).
  package func rebuildAgenda(_ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace) {
    workspace.agenda = Agenda(
      queueCount: program.queues.count, cpuCount: program.cpuCount,
      bindsTasks: !program.spawnCPUs.isEmpty)
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
      if row[layout.clock.cpu, at: origin] != 0 {
        let due = row[layout.clock.due, at: origin]
        place(Agenda.Entry(due: due, ticket: ticket, task: slot), &row, &workspace)
      } else if state(of: slot, &row) == .runnable {
        runnable.append(waiter)
      } else if row[layout.task.queue, at: origin] != 0 {
        sleepers[Int(row[layout.task.queue, at: origin]) - 1].append(waiter)
        if isTimed(slot, &row) { add(.task(slot), row[layout.clock.due, at: origin], ticket) }
      } else {
        add(.task(slot), row[layout.clock.due, at: origin], ticket)
      }
    }
    workspace.agenda.timers = DueHeap(entries)
    for waiter in runnable.sorted(by: { $0.ticket < $1.ticket }) {
      standInLine(waiter, &row, &workspace)
    }
    workspace.agenda.sleepers = sleepers.map { .init($0.sorted { $0.ticket < $1.ticket }) }
  }
}
