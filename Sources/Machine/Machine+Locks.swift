/// Locks: who holds one, who waits for it, and the circles in which nobody ever gets one.
///
/// A task that may sleep takes a lock as a mutex: it sleeps in state D, in line behind those who
/// came before, until the lock is handed over to it. (The kernel's `__mutex_lock_common` lets
/// somebody barge in between the wake-up and the next try, and hands over when that happens too
/// often. Whoever barges in might as well have come earlier, so that handing over at once leaves no
/// order of the holders out, and nobody starves.) Interrupt handlers, and tasks that have turned
/// interrupts or bottom halves off, spin: they have no step to make while somebody else holds it,
/// and keep their CPU.
extension Machine {
  // MARK: Who holds it

  /// A runner as the row keeps it: 0 is nobody, then handlers, then tasks.
  func number(of runner: Runner) -> UInt64 {
    switch runner {
    case .handler(let number): UInt64(number + 1)
    case .task(let slot): UInt64(layout.handlers.count + slot.rawValue + 1)
    }
  }

  /// Who holds the lock.
  package func holder(of lock: Int, _ row: inout MutableSpan<UInt64>) -> Runner? {
    let number = Int(row[layout.locks[lock]])
    guard number > 0 else { return nil }
    return number <= layout.handlers.count
      ? .handler(number - 1) : .task(TaskSlot(number - 1 - layout.handlers.count))
  }

  /// The first lock that the runner holds.
  func heldLock(of runner: Runner, _ row: inout MutableSpan<UInt64>) -> Int? {
    let number = number(of: runner)
    for (lock, field) in layout.locks.enumerated() where row[field] == number { return lock }
    return nil
  }

  // MARK: Taking and giving back

  /// A task takes the lock, or falls asleep over it. True when it has it.
  func lock(
    _ instruction: Instruction, _ slot: TaskSlot, _ process: inout Process,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Bool {
    let number = Int(instruction.b)
    let origin = layout.origin(of: slot)
    let wasAsleep = row.isSet(layout.task.began, at: origin)
    if !wasAsleep { noteOrder(of: number, .task(slot), process, &row, &workspace) }
    guard workspace.fault == nil else { return false }
    guard wasAsleep || row[layout.locks[number]] == 0 else {
      let queue = program.locks[number].queue
      if let place = layout.task.placeInLine {
        row[place, at: origin] = UInt64(sleeperCount(queue, &row)) + 1
      }
      joinQueue(queue, isUninterruptible: true, slot, &row, &workspace)
      return false
    }
    // Nothing but the lock itself wakes one who sleeps for it.
    if wasAsleep { _ = takeWakeReason(slot, &row) }
    take(number, .task(slot), process, &row, &workspace)
    spend(costs.lock, slot, &row, &workspace)
    process.programCounter += 1
    return true
  }

  /// A spinner comes to its step when the lock is free: it asks for it and has it. False when the
  /// asking is a flaw.
  func spin(
    on lock: Int, _ runner: Runner, _ process: Process, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> Bool {
    noteOrder(of: lock, runner, process, &row, &workspace)
    guard workspace.fault == nil else { return false }
    take(lock, runner, process, &row, &workspace)
    return true
  }

  /// The lock is the runner's from here on.
  private func take(
    _ lock: Int, _ runner: Runner, _ process: Process, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) {
    row[layout.locks[lock]] = number(of: runner)
    record(.locked(runner, lock: lock, address: process.programCounter), &row, &workspace)
  }

  /// Gives the lock back: to the first of those who sleep for it, or to whoever spins. False, with
  /// an oops, when the runner does not hold it (lockdep: "bad unlock balance detected").
  func unlock(
    _ lock: Int, _ runner: Runner, _ process: Process, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> Bool {
    guard row[layout.locks[lock]] == number(of: runner) else {
      oops(.badUnlock(lock: lock), runner, process, &row, &workspace)
      return false
    }
    record(.unlocked(runner, lock: lock), &row, &workspace)
    if let next = leaveLine(of: program.locks[lock].queue, &row, &workspace) {
      row[layout.locks[lock]] = self.number(of: .task(next))
      wakeTask(next, .woken, &row, &workspace)
    } else {
      row[layout.locks[lock]] = 0
      releaseSpinners(on: lock, &row, &workspace)
    }
    return true
  }

  /// Takes the first in line out of it; the others move up.
  private func leaveLine(
    of queue: Int, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> TaskSlot? {
    guard let place = layout.task.placeInLine else {
      while let waiter = workspace.agenda.sleepers[queue].popFirst() {
        let origin = layout.origin(of: waiter.slot)
        if row[layout.clock.ticket, at: origin] == waiter.ticket { return waiter.slot }
      }
      return nil
    }
    var first: TaskSlot?
    for number in 0..<taskCount(&row) where isAsleep(TaskSlot(number), in: queue, &row) {
      let origin = layout.origin(of: TaskSlot(number))
      if row[place, at: origin] == 1 { first = TaskSlot(number) }
      row[place, at: origin] -= 1
    }
    return first
  }

  /// In a run: whoever spins on the lock is due again.
  private func releaseSpinners(
    on lock: Int, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    guard layout.keepsTime else { return }
    func release(_ actor: Actor) {
      guard let wanted = wantedLock(of: actor, &row), wanted == lock else { return }
      let due = Int64(row[layout.clock.due, at: origin(of: actor)])
      schedule(actor, at: max(due, now(&row)), &row, &workspace)
    }
    for number in layout.handlers.indices { release(.handler(number)) }
    for cpu in layout.clock.cpus {
      let current = Int(row[cpu.current])
      if current > 0 { release(.task(TaskSlot(current - 1))) }
    }
    guard !layout.handlers.isEmpty else { return }
    // A CPU that was spun on is one like any other again.
    for (number, cpu) in layout.clock.cpus.enumerated() where row[cpu.current] == 0 {
      fill(number, &row, &workspace)
    }
  }

  // MARK: Spinning

  /// The lock that a spinner stands before, free or not.
  private func wantedLock(of actor: Actor, _ row: inout MutableSpan<UInt64>) -> Int? {
    switch actor {
    case .handler(let number):
      guard row.isSet(layout.handlerActive, at: layout.handlers[number].origin) else { return nil }
    case .task(let slot):
      guard isAtomic(slot, &row), state(of: slot, &row) == .runnable else { return nil }
    case .operator, .engine: return nil
    }
    let address = Int(row[layout.programCounter, at: origin(of: actor)])
    let instruction = program.instructions[address]
    return instruction.operation == .lock ? Int(instruction.b) : nil
  }

  /// Whether the actor can't step because it spins on a lock that is taken.
  func isSpinning(_ actor: Actor, _ row: inout MutableSpan<UInt64>) -> Bool {
    guard !layout.locks.isEmpty, let lock = wantedLock(of: actor, &row) else { return false }
    return row[layout.locks[lock]] != 0
  }

  // MARK: Interrupted holders

  /// Where time is arbitrary a task has no CPU, and which one an interrupt breaks into is open. It
  /// matters only for who holds a lock that a handler may want: such a task may be the one.
  /// With somebody bound to the CPU in the middle of kernel code there, it is none of them.
  func interruptible(on cpu: Int, _ row: inout MutableSpan<UInt64>) -> [TaskSlot] {
    guard layout.handlerInterrupted != nil,
      layout.occupants.isEmpty || row[layout.occupants[cpu]] == 0
    else { return [] }
    var slots: Set<Int> = []
    for lock in layout.locks.indices {
      guard case .task(let slot)? = holder(of: lock, &row), state(of: slot, &row) == .runnable,
        !isInterrupted(slot, &row), !areInterruptsOff(slot, &row), ownCPU(of: slot, &row) == nil
      else { continue }
      slots.insert(slot.rawValue)
    }
    return slots.sorted().map { TaskSlot($0) }
  }

  /// Whether a handler has broken into the task's work and is not done.
  func isInterrupted(_ slot: TaskSlot, _ row: inout MutableSpan<UInt64>) -> Bool {
    interrupter(of: slot, &row) != nil
  }

  /// The handler that holds the task up.
  private func interrupter(
    of slot: TaskSlot, _ row: inout MutableSpan<UInt64>
  ) -> Int? {
    if let cpu = cpu(of: slot, &row) {
      if layout.keepsTime {
        let handler = Int(row[layout.clock.cpus[cpu].handler])
        return handler == 0 ? nil : handler - 1
      }
      return layout.handlers.indices.first {
        layout.handlers[$0].cpu == cpu
          && row.isSet(layout.handlerActive, at: layout.handlers[$0].origin)
      }
    }
    guard !layout.keepsTime else { return nil }
    guard let field = layout.handlerInterrupted else { return nil }
    for (number, handler) in layout.handlers.enumerated()
    where row[field, at: handler.origin] == UInt64(slot.rawValue + 1) { return number }
    return nil
  }

  // MARK: Deadlocks

  /// After a step: whether it closed a circle of those who wait for each other. Whoever stepped may
  /// have, or, by getting a CPU on which a handler spins, somebody else.
  func watchForDeadlock(
    after actor: Actor, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    var suspects = layout.handlers.indices.map(Runner.handler)
    switch actor {
    case .task(let slot): suspects.insert(.task(slot), at: 0)
    // It may have said just now that the scenario is to come to what is there already.
    case .operator: suspects += (0..<taskCount(&row)).map { .task(TaskSlot($0)) }
    case .engine, .handler: break
    }
    // By waking up, or losing its CPU, one may come to need a CPU that somebody spins on for what
    // it holds.
    if canSpin {
      for lock in layout.locks.indices {
        if let holder = holder(of: lock, &row) { suspects.append(holder) }
      }
    }
    for suspect in suspects {
      guard let circle = circle(from: suspect, &row) else { continue }
      return occurred(.deadlock, .deadlock(circle), &row, &workspace)
    }
  }

  /// The waits for a lock of a circle that the runner is in, or waits behind; nil when somebody who
  /// is waited for, by whatever way, may yet go on.
  private func circle(
    from start: Runner, _ row: inout MutableSpan<UInt64>
  ) -> [LockWait]? {
    guard !waited(for: start, &row).isEmpty else { return nil }
    var reached = [start]
    var next = 0
    while next < reached.count {
      let wanted = waited(for: reached[next], &row)
      if wanted.isEmpty { return nil }
      for runner in wanted where !reached.contains(runner) { reached.append(runner) }
      next += 1
    }
    var way: [Runner] = []
    var runner = start
    while !way.contains(runner) {
      way.append(runner)
      runner = waited(for: runner, &row)[0]
    }
    let circle = way[(way.firstIndex(of: runner) ?? 0)...]
    return circle.compactMap { runner in
      guard var wait = wait(of: runner, &row) else { return nil }
      if case .task(let holder)? = holder(of: wait.lock, &row) {
        wait.holdersNeed = need(of: holder, &row)
      }
      return wait
    }
  }

  private func need(
    of slot: TaskSlot, _ row: inout MutableSpan<UInt64>
  ) -> LockWait.HoldersNeed? {
    if wait(of: .task(slot), &row) != nil { return nil }
    guard let handler = interrupter(of: slot, &row), hasInterrupted(handler, slot, &row) else {
      return .cpu
    }
    return .handlersEnd
  }

  /// Those without whom the runner makes no step: who holds the lock that it wants, the handler
  /// that has interrupted it, or whoever spins on the CPUs that it could take.
  private func waited(
    for runner: Runner, _ row: inout MutableSpan<UInt64>
  ) -> [Runner] {
    if let wait = wait(of: runner, &row) {
      return holder(of: wait.lock, &row).map { [$0] } ?? []
    }
    guard case .task(let slot) = runner else { return [] }
    if let handler = interrupter(of: slot, &row) { return [.handler(handler)] }
    return keepers(inTheWayOf: slot, &row)
  }

  /// Whether the task had the CPU when the handler came; else it has come to need it since.
  private func hasInterrupted(
    _ handler: Int, _ slot: TaskSlot, _ row: inout MutableSpan<UInt64>
  ) -> Bool {
    let origin = layout.origin(of: slot)
    let cpu = layout.handlers[handler].cpu
    if layout.keepsTime {
      guard Int(row[layout.clock.cpu, at: origin]) == cpu + 1 else { return false }
      let fields = layout.clock.cpus[cpu]
      return !isSwitching(to: slot, on: fields, &row)
        || row[layout.clock.since, at: origin] < row[fields.handlerBegan]
    }
    let slotNumber = UInt64(slot.rawValue) + 1
    if let field = layout.handlerInterrupted {
      let broken = row[field, at: layout.handlers[handler].origin]
      if broken == slotNumber { return true }
    }
    return !layout.occupants.isEmpty && row[layout.occupants[cpu]] == slotNumber
  }

  /// What lock the runner sleeps or spins for.
  private func wait(of runner: Runner, _ row: inout MutableSpan<UInt64>) -> LockWait? {
    switch runner {
    case .handler(let number):
      guard isSpinning(.handler(number), &row) else { return nil }
    case .task(let slot):
      if isSpinning(.task(slot), &row) { break }
      guard state(of: slot, &row) == .uninterruptible else { return nil }
    }
    let address = Int(row[layout.programCounter, at: origin(of: runner)])
    let instruction = program.instructions[address]
    guard instruction.operation == .lock else { return nil }
    return LockWait(runner: runner, lock: Int(instruction.b), address: address)
  }

  private func origin(of runner: Runner) -> Int {
    switch runner {
    case .handler(let number): layout.handlers[number].origin
    case .task(let slot): layout.origin(of: slot)
    }
  }
}

/// Somebody who waits for a lock, and where.
package struct LockWait: Sendable, Hashable {
  package var runner: Runner
  package var lock: Int
  /// The address of its `lock`.
  package var address: Int
  /// Where the one that holds the lock waits for none itself: what it needs, of the next one.
  package var holdersNeed: HoldersNeed?

  package enum HoldersNeed: Sendable, Hashable { case handlersEnd, cpu }
}

extension Program {
  /// Whether some interrupt handler takes a lock, in whatever body it may come to.
  var locksInInterrupts: Bool {
    var open = interrupts.map(\.function.rawValue)
    var seen = Set(open)
    while let number = open.popLast() {
      let body = functions[number]
      for instruction in instructions[body.entry..<body.end] {
        if instruction.operation == .lock { return true }
        for callee in callees(of: instruction) where seen.insert(callee.rawValue).inserted {
          open.append(callee.rawValue)
        }
      }
    }
    return false
  }
}
