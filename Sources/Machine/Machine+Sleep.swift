/// Falling asleep and waking up.
///
/// A blocking instruction runs twice: the first time the task falls asleep before it (`began`),
/// the second time, awake again, it takes the result and goes past it.
extension Machine {
  func wait(
    _ instruction: Instruction, _ slot: TaskSlot, _ process: inout Process,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Bool {
    let origin = layout.origin(of: slot)
    let site = program.waitSite(of: instruction)
    var reason: WakeReason?
    if row.isSet(layout.task.began, at: origin) {
      reason = takeWakeReason(slot, &row)
      if site.manner.contains(.freezable) { passFreezer(slot, &row, &workspace) }
      // Woken for nothing, it is still in line.
      if site.start == nil, reason == .spurious { reason = nil }
    }
    if let start = site.start {
      // As `wait_event` does: what holds is not waited for, whatever else woke the task; and no
      // wake-up is lost, for nobody acts between the look and the sleep.
      let holds = evaluate(conditionAt: start, frame: process.frame, &row, &workspace)
      guard workspace.fault == nil else { return false }
      if holds { return leaveWait(.woken, instruction, slot, &process, &row, &workspace) }
      if reason == .woken || reason == .spurious { reason = nil }
    }
    if reason == nil, isDisturbed(slot, site.manner, &row) { reason = .signal }
    if let reason { return leaveWait(reason, instruction, slot, &process, &row, &workspace) }
    return startWait(instruction, site, slot, process, &row, &workspace)
  }

  /// `try_to_freeze`, which kGraft's mark is part of: whoever woke the thread, it is a safe point.
  private func passFreezer(
    _ slot: TaskSlot, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    guard isKernelThread(slot, &row) else { return }
    clearSeen(at: layout.origin(of: slot), &row)
    record(.reachedSafePoint(slot), &row, &workspace)
    crossBoundary(slot, .safePoint, &row, &workspace)
  }

  /// Whether a pending signal keeps the task from falling asleep at all.
  private func isDisturbed(
    _ slot: TaskSlot, _ manner: WaitManner, _ row: inout MutableSpan<UInt64>
  ) -> Bool {
    let origin = layout.origin(of: slot)
    if manner.contains(.killable) { return row.isSet(layout.task.fatalPending, at: origin) }
    return !manner.contains(.uninterruptible)
      && row.isSet(layout.task.signalPending, at: origin)
  }

  private func startWait(
    _ instruction: Instruction, _ site: WaitSite, _ slot: TaskSlot, _ process: Process,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Bool {
    let origin = layout.origin(of: slot)
    let timeout = instruction.hasTimeout ? row[process.frame + Int(instruction.b)] : 0
    let duration = Int64(bitPattern: timeout)
    guard duration >= 0 else {
      workspace.fault = .negativeDuration(address: process.programCounter, value: duration)
      return false
    }
    let isUninterruptible = !site.manner.isDisjoint(with: [.uninterruptible, .killable])
    guard layout.keepsTime, instruction.hasTimeout else {
      joinQueue(
        site.queue, isUninterruptible: isUninterruptible, slot, &row, &workspace)
      return false
    }
    row.set(layout.task.began, at: origin, to: true)
    row[layout.task.queue, at: origin] = UInt64(site.queue) + 1
    fallAsleep(
      slot, queue: site.queue, isUninterruptible: isUninterruptible, &row, &workspace)
    let started = Int64(row[layout.clock.sleepEnd, at: origin])
    let now = Int64(row[layout.clock.now])
    let end = started > 0 ? max(started, now) : now.addingClamped(max(1, duration))
    row[layout.clock.sleepEnd, at: origin] = UInt64(end)
    schedule(.task(slot), at: end, &row, &workspace)
    workspace.agenda.sleepers[site.queue].append(
      Agenda.Waiter(slot: slot, ticket: row[layout.clock.ticket, at: origin]))
    return false
  }

  private func leaveWait(
    _ reason: WakeReason, _ instruction: Instruction, _ slot: TaskSlot,
    _ process: inout Process, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Bool {
    spend(costs.wait, slot, &row, &workspace)
    if layout.keepsTime, instruction.hasTimeout {
      row[layout.clock.sleepEnd, at: layout.origin(of: slot)] = 0
    }
    let site = program.waitSite(of: instruction)
    if reason == .signal, site.manner.contains(.leavesOnSignal) {
      unwind(&process, &row)
      return true
    }
    if Int(instruction.a) != Instruction.noRegister {
      // With a timeout as `wait_event_timeout`: 0 when the time is over; otherwise what is left of
      // it, at least 1, and where nobody counts it that is 1.
      let woken: UInt64 = instruction.hasTimeout && reason == .woken ? 1 : 0
      row[process.frame + Int(instruction.a)] = reason == .signal ? Self.restart : woken
    }
    process.programCounter += 1
    return true
  }

  /// Whether a timer may end the task's wait or sleep.
  func isTimed(_ slot: TaskSlot, _ row: inout MutableSpan<UInt64>) -> Bool {
    let origin = layout.origin(of: slot)
    let instruction = program.instructions[Int(row[layout.programCounter, at: origin])]
    if row[layout.task.queue, at: origin] == 0 { return instruction.operation == .sleep }
    return instruction.hasTimeout
  }

  /// Whether a fatal signal wakes the task out of state D.
  func isKillable(_ slot: TaskSlot, _ row: inout MutableSpan<UInt64>) -> Bool {
    let address = Int(row[layout.programCounter, at: layout.origin(of: slot)])
    return program.waitSite(of: program.instructions[address]).manner.contains(.killable)
  }

  /// `sleep D`: of a user task by way of its system call, of a kernel thread in place. A signal, or
  /// a wake-up, ends it early; a system call then begins anew for the time that is left
  /// (`nanosleep(2)`, restart block with the absolute end).
  func sleep(
    _ instruction: Instruction, _ slot: TaskSlot, _ alternative: Int, _ process: inout Process,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Bool {
    let origin = layout.origin(of: slot)
    guard row.isSet(layout.task.began, at: origin) else {
      let duration = self.duration(instruction, alternative, process, &row, &workspace)
      guard workspace.fault == nil else { return false }
      if !isKernelThread(slot, &row), isSignalPending(slot, &row) {
        return leaveSleep(.signal, instruction, slot, &process, &row, &workspace)
      }
      row.set(layout.task.began, at: origin, to: true)
      fallAsleep(slot, queue: nil, isUninterruptible: false, &row, &workspace)
      if layout.keepsTime {
        let broken = Int64(row[layout.clock.sleepEnd, at: origin])
        let now = Int64(row[layout.clock.now])
        let end = broken > 0 ? max(broken, now) : now.addingClamped(duration)
        row[layout.clock.sleepEnd, at: origin] = UInt64(end)
        schedule(.task(slot), at: end, &row, &workspace)
      }
      return false
    }
    let reason = takeWakeReason(slot, &row)
    return leaveSleep(reason, instruction, slot, &process, &row, &workspace)
  }

  private func leaveSleep(
    _ reason: WakeReason, _ instruction: Instruction, _ slot: TaskSlot,
    _ process: inout Process, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Bool {
    spend(costs.wait, slot, &row, &workspace)
    let isBroken = reason == .signal
    if layout.keepsTime, !isBroken { row[layout.clock.sleepEnd, at: layout.origin(of: slot)] = 0 }
    if Int(instruction.c) != Instruction.noRegister {
      row[process.frame + Int(instruction.c)] = isBroken ? Self.restart : 0
    }
    process.programCounter += 1
    return true
  }

  /// Falls asleep in a queue, behind those who sleep there, for as long as it takes.
  func joinQueue(
    _ queue: Int, isUninterruptible: Bool, _ slot: TaskSlot, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) {
    let origin = layout.origin(of: slot)
    row.set(layout.task.began, at: origin, to: true)
    row[layout.task.queue, at: origin] = UInt64(queue) + 1
    fallAsleep(
      slot, queue: queue, isUninterruptible: isUninterruptible, &row, &workspace)
    guard layout.keepsTime else { return }
    row[layout.clock.ticket, at: origin] = drawTicket(&row)
    workspace.agenda.sleepers[queue].append(
      Agenda.Waiter(slot: slot, ticket: row[layout.clock.ticket, at: origin]))
  }

  func fallAsleep(
    _ slot: TaskSlot, queue: Int?, isUninterruptible: Bool, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) {
    let state: TaskState = isUninterruptible ? .uninterruptible : .sleeping
    row[layout.task.state, at: layout.origin(of: slot)] = state.rawValue
    record(
      .slept(slot, queue: queue, uninterruptible: isUninterruptible), &row, &workspace)
    releaseCPU(of: slot, &row, &workspace)
  }

  @inline(__always)
  func isSignalPending(_ slot: TaskSlot, _ row: inout MutableSpan<UInt64>) -> Bool {
    row.isSet(layout.task.signalPending, at: layout.origin(of: slot))
  }

  @inline(__always)
  func takeWakeReason(
    _ slot: TaskSlot, _ row: inout MutableSpan<UInt64>
  ) -> WakeReason {
    let origin = layout.origin(of: slot)
    let reason = WakeReason(rawValue: Int(row[layout.task.wakeReason, at: origin])) ?? .woken
    row[layout.task.wakeReason, at: origin] = 0
    row.set(layout.task.began, at: origin, to: false)
    return reason
  }

  /// Wakes a sleeper.
  package func wakeTask(
    _ slot: TaskSlot, _ reason: WakeReason, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) {
    let origin = layout.origin(of: slot)
    row[layout.task.wakeReason, at: origin] = UInt64(reason.rawValue)
    row[layout.task.queue, at: origin] = 0
    record(.woken(slot, reason), &row, &workspace)
    makeRunnable(slot, &row, &workspace)
  }

  /// Wakes a sleeping kernel thread for no reason of its own (`wake_up_process`).
  ///
  /// `sleep D` is `schedule_timeout`: it returns early. `wait q` is `wait_event`: the thread looks
  /// at what it waits for, finds it as it was and sleeps on, with its place in line, for it has
  /// never left the queue. All of that is this one step: until it sleeps again the thread touches
  /// nothing, and if its queue were woken meanwhile it would go on as from its sleep.
  ///
  /// If somebody put a safe point on its way (`wait_event_freezable`) it has to run to pass that:
  /// it is awake, and in line all the same until it sleeps again. A bare `wait` is one that nobody
  /// has annotated; a safe point after it is reached when the queue is woken.
  package func wakeSpuriously(
    _ slot: TaskSlot, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    let origin = layout.origin(of: slot)
    let queue = Int(row[layout.task.queue, at: origin])
    let process = process(at: origin, stack: origin + layout.taskStack, &row)
    let site = program.waitSite(of: program.instructions[process.programCounter])
    // What `until` waits for may have come true with nobody waking the queue: the thread looks for
    // itself.
    guard queue > 0, site.start == nil else {
      return wakeTask(slot, .spurious, &row, &workspace)
    }
    let isUninterruptible = state(of: slot, &row) == .uninterruptible
    record(.woken(slot, .spurious), &row, &workspace)
    if site.manner.contains(.freezable) {
      row[layout.task.wakeReason, at: origin] = UInt64(WakeReason.spurious.rawValue)
      return makeRunnable(slot, &row, &workspace)
    }
    record(
      .slept(slot, queue: queue - 1, uninterruptible: isUninterruptible), &row, &workspace)
  }

  /// Wakes up to `limit` sleepers of a queue, the longest asleep first. Gives the cost.
  ///
  /// One step: the kernel's wake-up holds the queue's lock for the whole walk, and a task that was
  /// woken first can't be told from one that was quick to run. Where time is arbitrary nobody
  /// knows who fell asleep first: each choice of as many sleepers is an alternative.
  func wakeQueue(
    _ queue: Int, limit: Int, _ alternative: Int, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> Int64 {
    var woken = 0
    guard layout.keepsTime else {
      wakeChosen(alternative, of: queue, limit: limit, &row, &workspace)
      return 0
    }
    if isFreezable[queue] {
      woken = wakeThawing(queue, limit: limit, &row, &workspace)
    }
    while woken < limit, let waiter = workspace.agenda.sleepers[queue].popFirst() {
      let origin = layout.origin(of: waiter.slot)
      guard row[layout.clock.ticket, at: origin] == waiter.ticket else { continue }
      wakeTask(waiter.slot, .woken, &row, &workspace)
      woken += 1
    }
    return costs.wake * Int64(max(1, woken))
  }

  /// Those that are awake for nothing and have yet to run see at once that what they wait for has
  /// come: they count before any sleeper.
  private func wakeThawing(
    _ queue: Int, limit: Int, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Int {
    var woken = 0
    for number in 0..<taskCount(&row) where woken < limit {
      let slot = TaskSlot(number)
      guard isAsleep(slot, in: queue, &row), state(of: slot, &row) == .runnable else { continue }
      let origin = layout.origin(of: slot)
      row[layout.task.wakeReason, at: origin] = UInt64(WakeReason.woken.rawValue)
      row[layout.task.queue, at: origin] = 0
      record(.woken(slot, .woken), &row, &workspace)
      woken += 1
    }
    return woken
  }

  /// The sets of `limit` sleepers are numbered in the order of their slots, as words are in a
  /// dictionary.
  private func wakeChosen(
    _ alternative: Int, of queue: Int, limit: Int, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) {
    var ahead = sleeperCount(queue, &row)
    var left = min(limit, ahead)
    var number = alternative
    for slot in 0..<taskCount(&row) where left > 0 && isAsleep(TaskSlot(slot), in: queue, &row) {
      ahead -= 1
      let withIt = Self.waysToChoose(left - 1, of: ahead)
      if number < withIt {
        wakeTask(TaskSlot(slot), .woken, &row, &workspace)
        left -= 1
      } else {
        number -= withIt
      }
    }
  }

  /// In how many ways a wake-up can go: who sleeps on the queue, `limit` at a time.
  func wakeAlternatives(
    _ queue: Int, limit: Int, _ row: inout MutableSpan<UInt64>
  ) -> Int {
    guard layout.time == .arbitrary, limit != .max else { return 1 }
    let sleepers = sleeperCount(queue, &row)
    return Self.waysToChoose(min(limit, sleepers), of: sleepers)
  }

  func sleeperCount(_ queue: Int, _ row: inout MutableSpan<UInt64>) -> Int {
    var count = 0
    for slot in 0..<taskCount(&row) where isAsleep(TaskSlot(slot), in: queue, &row) { count += 1 }
    return count
  }

  /// Whether it is in line; so is who is awake for nothing and has yet to look.
  package func isAsleep(
    _ slot: TaskSlot, in queue: Int, _ row: inout MutableSpan<UInt64>
  ) -> Bool {
    row[layout.task.queue, at: layout.origin(of: slot)] == UInt64(queue) + 1
  }

  /// The binomial coefficient; `Int.max` when it is greater.
  private static func waysToChoose(_ some: Int, of all: Int) -> Int {
    var ways = 1
    for step in 0..<min(some, all - some) {
      let (product, overflow) = ways.multipliedReportingOverflow(by: all - step)
      if overflow { return .max }
      ways = product / (step + 1)
    }
    return ways
  }
}

extension Instruction {
  /// Whether it is a wait that ends when its time is over.
  var hasTimeout: Bool { operation == .waitFor && Int(b) != Self.noRegister }
}

extension Program {
  var freezableQueues: [Bool] {
    var isFreezable = Array(repeating: false, count: queues.count)
    for instruction in instructions where [.wait, .waitFor].contains(instruction.operation) {
      let site = waitSite(of: instruction)
      if site.manner.contains(.freezable) { isFreezable[site.queue] = true }
    }
    return isFreezable
  }

  func waitSite(of instruction: Instruction) -> WaitSite {
    instruction.operation == .waitFor
      ? waits[Int(instruction.c)]
      : WaitSite(queue: Int(instruction.b), manner: WaitManner(rawValue: Int(instruction.c)))
  }
}
