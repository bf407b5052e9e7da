import DequeModule

/// Who runs when, where time is kept: CPUs with slices, one queue of runnable tasks, deadlines.
///
/// One queue serves all CPUs: a task that becomes runnable takes the idle CPU with the lowest
/// number, or waits its turn. User code loses its CPU when its slice is over and somebody waits;
/// kernel code keeps it until it sleeps or leaves, unless the kernel is preemptible. Where time is
/// arbitrary nothing here does anything: every runnable task may step, as if it had a CPU of its
/// own.
extension Machine {
  /// Puts the actor on the agenda for a moment not before now.
  func schedule(
    _ actor: Actor, at due: Int64, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    guard layout.keepsTime else { return }
    if case .task(let slot) = actor { return schedule(slot, at: due, &row, &workspace) }
    let ticket = drawTicket(&row)
    let due = UInt64(due)
    if case .engine = actor {
      row[layout.clock.engineDue] = due
      row[layout.clock.engineTicket] = ticket
    } else {
      let origin = origin(of: actor)
      row[layout.clock.due, at: origin] = due
      row[layout.clock.ticket, at: origin] = ticket
    }
    workspace.agenda.timers.insert(Agenda.Entry(due: due, ticket: ticket, actor: actor))
  }

  /// Puts the task on the agenda for a moment not before now; where time is kept.
  @inline(__always)
  private func schedule(
    _ slot: TaskSlot, at due: Int64, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) {
    let origin = layout.origin(of: slot)
    let number = Int(row[layout.clock.cpu, at: origin])
    guard number == 0 else {
      return schedule(slot, onCPU: number &- 1, at: due, &row, &workspace)
    }
    let ticket = drawTicket(&row)
    row[layout.clock.due, at: origin] = UInt64(due)
    row[layout.clock.ticket, at: origin] = ticket
    workspace.agenda.timers.insert(Agenda.Entry(due: UInt64(due), ticket: ticket, task: slot))
  }

  @inline(__always)
  private func schedule(
    _ slot: TaskSlot, onCPU number: Int, at due: Int64, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) {
    let origin = layout.origin(of: slot)
    let ticket = drawTicket(&row)
    let due = UInt64(due)
    row[layout.clock.due, at: origin] = due
    row[layout.clock.ticket, at: origin] = ticket
    // A handler on its CPU holds the task up; the handler's end puts it on the agenda again.
    let isHeldUp = row[layout.clock.cpus[number].handler] != 0
    workspace.agenda.onCPU.set(
      isHeldUp ? .never : Agenda.Entry(due: due, ticket: ticket, task: slot), cpu: number)
  }

  /// Takes the actor off the agenda.
  func unschedule(_ actor: Actor, _ row: inout MutableSpan<UInt64>) {
    guard layout.keepsTime else { return }
    switch actor {
    case .engine: row[layout.clock.engineTicket] = 0
    case .operator, .handler, .task: row[layout.clock.ticket, at: origin(of: actor)] = 0
    }
  }

  @inline(__always)
  func drawTicket(_ row: inout MutableSpan<UInt64>) -> UInt64 {
    let ticket = row[layout.clock.nextTicket]
    row[layout.clock.nextTicket] = ticket + 1
    return ticket
  }

  func origin(of actor: Actor) -> Int {
    switch actor {
    case .operator: layout.operatorOrigin
    case .handler(let number): layout.handlers[number].origin
    case .task(let slot): layout.origin(of: slot)
    case .engine: 0
    }
  }

  /// The task wants a CPU: it gets the idle one with the lowest number or joins the queue, which
  /// is empty as long as a CPU is idle.
  func makeRunnable(
    _ slot: TaskSlot, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    let origin = layout.origin(of: slot)
    row[layout.task.state, at: origin] = TaskState.runnable.rawValue
    guard layout.keepsTime else { return }
    row[layout.clock.since, at: origin] = row[layout.clock.now]
    let ticket = drawTicket(&row)
    row[layout.clock.ticket, at: origin] = ticket
    seekCPU(slot, ticket, &row, &workspace)
  }

  /// An idle CPU on which a handler spins is as good as taken: whatever it spins for, nobody gets
  /// anywhere there before that comes.
  private func seekCPU(
    _ slot: TaskSlot, _ ticket: UInt64, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) {
    let own = ownCPU(of: slot, &row)
    for number in layout.clock.cpus.indices
    where (own == nil || own == number) && row[layout.clock.cpus[number].current] == 0 {
      guard handlerSpinning(on: number, &row) == nil else { continue }
      return give(number, to: slot, &row, &workspace)
    }
    standInLine(Agenda.Waiter(slot: slot, ticket: ticket), &row, &workspace)
  }

  /// A handler has begun to spin on the CPU: a task that has been put there since the handler came,
  /// and has never run, looks for another.
  func leaveSpunCPU(
    _ number: Int, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    let cpu = layout.clock.cpus[number]
    guard row[cpu.current] > 0 else { return }
    let slot = TaskSlot(Int(row[cpu.current]) - 1)
    let origin = layout.origin(of: slot)
    guard row[layout.clock.since, at: origin] >= row[cpu.handlerBegan],
      isSwitching(to: slot, on: cpu, &row)
    else { return }
    row[cpu.current] = 0
    row[layout.clock.cpu, at: origin] = 0
    let ticket = drawTicket(&row)
    row[layout.clock.ticket, at: origin] = ticket
    seekCPU(slot, ticket, &row, &workspace)
  }

  /// Waits for any CPU, or for its own.
  func standInLine(
    _ waiter: Agenda.Waiter, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    if let own = ownCPU(of: waiter.slot, &row) {
      workspace.agenda.ownQueues[own].append(waiter)
    } else {
      workspace.agenda.runQueue.append(waiter)
    }
  }

  /// Who is first in line for that CPU. Drops what is not true any more from the queues' fronts.
  private func firstInLine(
    for number: Int, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Agenda.Waiter? {
    let first = front(of: &workspace.agenda.runQueue, &row)
    guard !workspace.agenda.ownQueues.isEmpty,
      let own = front(of: &workspace.agenda.ownQueues[number], &row)
    else { return first }
    guard let first, first.ticket < own.ticket else { return own }
    return first
  }

  private func front(
    of queue: inout Deque<Agenda.Waiter>, _ row: inout MutableSpan<UInt64>
  ) -> Agenda.Waiter? {
    while let waiter = queue.first {
      let origin = layout.origin(of: waiter.slot)
      if row[layout.clock.ticket, at: origin] == waiter.ticket { return waiter }
      queue.removeFirst()
    }
    return nil
  }

  /// The CPU has become idle: the next in line takes it.
  private func passOn(
    _ number: Int, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    row[layout.clock.cpus[number].current] = 0
    workspace.agenda.onCPU.set(.never, cpu: number)
    if isWantedByEngine(number, &row) { lendToEngine(number, &row, &workspace) }
    fill(number, &row, &workspace)
  }

  /// The next in line takes the idle CPU, unless a handler spins there.
  func fill(
    _ number: Int, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    guard handlerSpinning(on: number, &row) == nil else { return }
    guard let waiter = firstInLine(for: number, &row, &workspace) else { return }
    // Its new ticket makes the entry in the queue a dead one.
    give(number, to: waiter.slot, &row, &workspace)
  }

  private func give(
    _ number: Int, to slot: TaskSlot, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) {
    let cpu = layout.clock.cpus[number]
    row[cpu.current] = UInt64(slot.rawValue + 1)
    row[layout.clock.cpu, at: layout.origin(of: slot)] = UInt64(number + 1)
    if let last = layout.task.lastCPU { row[last, at: layout.origin(of: slot)] = UInt64(number) }
    // While a handler runs there the switch waits for its end, which adds the time it took.
    let begins = row[cpu.handler] > 0 ? row[cpu.handlerBegan] : row[layout.clock.now]
    let due = Int64(begins) + costs.contextSwitch
    row[cpu.sliceEnd] = UInt64(due + program.sliceNanoseconds)
    schedule(slot, onCPU: number, at: due, &row, &workspace)
  }

  /// Whether the CPU is still switching to the task: its slice begins when that is done.
  func isSwitching(
    to slot: TaskSlot, on cpu: Layout.CPUFields, _ row: inout MutableSpan<UInt64>
  ) -> Bool {
    row[layout.clock.due, at: layout.origin(of: slot)] + UInt64(program.sliceNanoseconds)
      == row[cpu.sliceEnd]
  }

  /// The task gives its CPU up; the next in line takes it.
  func releaseCPU(
    of slot: TaskSlot, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    guard layout.keepsTime else { return }
    let origin = layout.origin(of: slot)
    row[layout.clock.since, at: origin] = row[layout.clock.now]
    row[layout.clock.ticket, at: origin] = 0
    let number = Int(row[layout.clock.cpu, at: origin])
    guard number > 0 else { return }
    row[layout.clock.cpu, at: origin] = 0
    passOn(number - 1, &row, &workspace)
  }

  /// The task's next step comes after `cost`.
  func spend(
    _ cost: Int64, _ slot: TaskSlot, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) {
    guard layout.keepsTime else { return }
    let now = Int64(row[layout.clock.now])
    schedule(slot, at: now.addingClamped(cost), &row, &workspace)
  }

  /// Whether a task can be preempted where it stands: in user mode, and in a preemptible kernel
  /// wherever neither interrupts nor bottom halves are off (`preempt_count`).
  @inline(__always)
  func mayLoseCPU(_ slot: TaskSlot, _ row: inout MutableSpan<UInt64>) -> Bool {
    !row.isSet(layout.task.inKernel, at: layout.origin(of: slot))
      || (program.isPreemptible && !isAtomic(slot, &row))
  }

  /// Time passes on the task's CPU. Where it can be preempted no longer than the slice: the rest is
  /// carried.
  func spendWork(
    _ duration: Int64, _ slot: TaskSlot, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) {
    guard layout.keepsTime else { return }
    let origin = layout.origin(of: slot)
    let cpu = layout.clock.cpus[Int(row[layout.clock.cpu, at: origin]) - 1]
    let left = Int64(row[cpu.sliceEnd]) - Int64(row[layout.clock.now])
    let portion = mayLoseCPU(slot, &row) && duration > left ? max(left, 0) : duration
    row[layout.clock.carried, at: origin] = UInt64(duration - portion)
    spend(portion, slot, &row, &workspace)
  }

  /// At the start of a step: true when the slice is over and the CPU went to somebody
  /// else. A slice that nobody contests begins anew.
  @inline(__always)
  func isPreempted(
    _ slot: TaskSlot, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Bool {
    guard layout.keepsTime else { return false }
    let origin = layout.origin(of: slot)
    guard mayLoseCPU(slot, &row) else { return false }
    let number = Int(row[layout.clock.cpu, at: origin]) &- 1
    guard row[layout.clock.now] >= row[layout.clock.cpus[number].sliceEnd] else { return false }
    return losesCPU(number, slot, &row, &workspace)
  }

  /// The task's slice is over.
  private func losesCPU(
    _ number: Int, _ slot: TaskSlot, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> Bool {
    guard !isWantedByEngine(number, &row) else {
      makeRoom(for: number, slot, &row, &workspace)
      return true
    }
    guard firstInLine(for: number, &row, &workspace) != nil else {
      row[layout.clock.cpus[number].sliceEnd] =
        row[layout.clock.now] + UInt64(program.sliceNanoseconds)
      return false
    }
    record(.preempted(slot), &row, &workspace)
    let origin = layout.origin(of: slot)
    row[layout.clock.cpu, at: origin] = 0
    let ticket = drawTicket(&row)
    row[layout.clock.ticket, at: origin] = ticket
    standInLine(Agenda.Waiter(slot: slot, ticket: ticket), &row, &workspace)
    row[layout.clock.cpus[number].current] = 0
    if workspace.agenda.ownQueues.isEmpty {
      passOn(number, &row, &workspace)
    } else {
      // Somebody bound to that CPU may take it while another is idle.
      for other in 0..<layout.clock.cpus.count where row[layout.clock.cpus[other].current] == 0 {
        passOn(other, &row, &workspace)
      }
    }
    return true
  }
}
