/// Rows of a search that keeps time: every moment counts from the last step, and what no step asks
/// for is zero, so that equal situations are equal words however late it is.
extension Machine {
  /// Time that has passed and that nobody will ask for. After each step of a search, and of
  /// whatever repeats its schedules; in both the row is one of a machine that keeps time.
  package func settle(_ mode: TimedMode, _ row: inout MutableSpan<UInt64>) {
    let now = Int64(row[layout.clock.now])
    if isWaitingUnlimited(&row) {
      // In a search an `await` without a limit has none.
      let limit = UInt64(now.addingClamped(Self.defaultAwaitNanoseconds))
      row[layout.clock.awaitLimit] = limit
      row[layout.clock.due, at: layout.operatorOrigin] = limit
    }
    guard !mode.keepsSlices else { return }
    for cpu in layout.clock.cpus {
      let current = Int(row[cpu.current])
      guard current > 0, row[cpu.handler] == 0, row[cpu.sliceEnd] != Self.wantedByEngine,
        !isSwitching(to: TaskSlot(current - 1), on: cpu, &row)
      else { continue }
      // One that is due now is not one that the CPU is still switching to.
      let due = row[layout.clock.due, at: layout.origin(of: TaskSlot(current - 1))]
      row[cpu.sliceEnd] = UInt64(now + program.sliceNanoseconds) + (due == UInt64(now) ? 1 : 0)
    }
  }

  /// The first world of a search, as it is compared with all others.
  package func beginTimed(_ mode: TimedMode, _ words: inout [UInt64]) {
    var row = words.mutableSpan
    settle(mode, &row)
    makeRelative(TimedRule(self, mode), &row)
  }

  /// Whether more tasks live than there are CPUs, or some can be on one alone: somebody may lose
  /// its CPU at the end of a slice.
  package func mayContend(_ row: inout MutableSpan<UInt64>) -> Bool {
    if !program.spawnCPUs.isEmpty { return true }
    var live = 0
    for number in 0..<taskCount(&row) where isLive(TaskSlot(number), &row) { live += 1 }
    return live > layout.clock.cpus.count
  }

  /// Counts every moment in the row from that of the last step.
  package func makeRelative(_ rule: TimedRule, _ row: inout MutableSpan<UInt64>) {
    let now = Int64(row[layout.clock.now])
    let shift = Shift(
      by: rule.isAbsolute ? 0 : rule.origin + now % rule.period - now, now: now,
      isNone: rule.isAbsolute)
    let clock = layout.clock
    keepDurations(rule, shift, &row)
    shift.move(clock.awaitLimit, isSet: row[clock.awaitLimit] != 0, &row)
    shift.move(clock.engineDue, isSet: row[clock.engineTicket] != 0, &row)
    row[clock.engineTicket] = min(1, row[clock.engineTicket])
    for cpu in clock.cpus { makeRelative(cpu, shift, &row) }
    makeRelative(at: layout.operatorOrigin, shift, &row)
    for (number, handler) in layout.handlers.enumerated() {
      let isActive = row.isSet(layout.handlerActive, at: handler.origin)
      // One that is late is as due as one that is due now.
      if !isActive || isSpinning(.handler(number), &row) {
        shift.clamp(clock.due.word + handler.origin, &row)
      }
      makeRelative(at: handler.origin, shift, &row)
    }
    for number in 0..<taskCount(&row) { makeRelative(TaskSlot(number), shift, &row) }
    row[clock.now] = UInt64(now + shift.distance)
    numberTickets(&row)
  }

  private func keepDurations(
    _ rule: TimedRule, _ shift: Shift, _ row: inout MutableSpan<UInt64>
  ) {
    let clock = layout.clock
    // Only a file tells of it, and whoever may read that sees the time.
    if !shift.isNone, let booted = layout.disk?.bootedAt { row[booted] = 0 }
    guard rule.asksForDuration else {
      row[clock.transitionBegan] = 0
      row[clock.transitionTook] = 0
      return
    }
    shift.move(clock.transitionBegan, isSet: row[clock.transitionBegan] != 0, &row)
  }

  private func makeRelative(
    _ cpu: Layout.CPUFields, _ shift: Shift, _ row: inout MutableSpan<UInt64>
  ) {
    let isHeld = row[cpu.handler] != 0
    shift.move(cpu.handlerBegan, isSet: isHeld, &row)
    guard row[cpu.sliceEnd] != Self.wantedByEngine else { return }
    let isUsed = row[cpu.current] != 0
    if isUsed, !isHeld { shift.clamp(cpu.sliceEnd.word, &row) }
    shift.move(cpu.sliceEnd, isSet: isUsed, &row)
  }

  private func makeRelative(
    _ slot: TaskSlot, _ shift: Shift, _ row: inout MutableSpan<UInt64>
  ) {
    let origin = layout.origin(of: slot)
    let clock = layout.clock
    if !shift.isNone { row[clock.since, at: origin] = 0 }
    guard isLive(slot, &row) else {
      // Who is gone has no words left, and who is a zombie will never do anything.
      if state(of: slot, &row) == .zombie { row[clock.sleepEnd, at: origin] = 0 }
      return makeRelative(at: origin, shift, &row)
    }
    let hasMoment = hasMoment(slot, &row)
    if row[clock.sleepEnd, at: origin] != 0 {
      shift.clamp(clock.sleepEnd.word + origin, &row)
      shift.move(Word(word: clock.sleepEnd.word + origin), isSet: true, &row)
    }
    // Who spins has been due for as long as that takes.
    if isSpinning(.task(slot), &row) {
      let cpu = Int(row[clock.cpu, at: origin])
      let isHeld = cpu > 0 && row[clock.cpus[cpu - 1].handler] != 0
      let floor = isHeld ? row[clock.cpus[cpu - 1].handlerBegan] : UInt64(shift.now)
      let due = clock.due.word + origin
      // A handler's beginning has been moved already.
      let moved = isHeld ? UInt64(Int64(floor) - shift.distance) : floor
      row[due] = max(row[due], moved)
    }
    shift.move(Word(word: clock.due.word + origin), isSet: hasMoment, &row)
  }

  /// Whether the task's `due` says anything: not of one that stands in line for a CPU, or sleeps
  /// until it is woken.
  private func hasMoment(_ slot: TaskSlot, _ row: inout MutableSpan<UInt64>) -> Bool {
    let origin = layout.origin(of: slot)
    if row[layout.clock.ticket, at: origin] == 0 { return false }
    if row[layout.clock.cpu, at: origin] != 0 { return true }
    guard state(of: slot, &row) != .runnable else { return false }
    return row[layout.task.queue, at: origin] == 0 || isTimed(slot, &row)
  }

  /// The moment of a process that is no task.
  private func makeRelative(
    at origin: Int, _ shift: Shift, _ row: inout MutableSpan<UInt64>
  ) {
    let isSet = row[layout.clock.ticket, at: origin] != 0
    shift.move(Word(word: layout.clock.due.word + origin), isSet: isSet, &row)
  }

  // MARK: Places in line

  /// Tickets tell who comes first, of those who wait for a CPU and in each queue. Elsewhere they
  /// say that there is one: who is due at one moment may step in any order.
  private func numberTickets(_ row: inout MutableSpan<UInt64>) {
    let clock = layout.clock
    var origins = [layout.operatorOrigin] + layout.handlers.map(\.origin)
    var lines: [(line: Int, ticket: UInt64, origin: Int)] = []
    for number in 0..<taskCount(&row) {
      let slot = TaskSlot(number)
      let origin = layout.origin(of: slot)
      let queue = Int(row[layout.task.queue, at: origin])
      if row[clock.cpu, at: origin] == 0, row[clock.ticket, at: origin] != 0 {
        if state(of: slot, &row) == .runnable {
          lines.append((0, row[clock.ticket, at: origin], origin))
          continue
        }
        if queue > 0 {
          lines.append((queue, row[clock.ticket, at: origin], origin))
          continue
        }
      }
      origins.append(origin)
    }
    for origin in origins {
      row[clock.ticket, at: origin] = min(1, row[clock.ticket, at: origin])
    }
    var greatest: UInt64 = 1
    lines.sort { ($0.line, $0.ticket) < ($1.line, $1.ticket) }
    var place: UInt64 = 0
    for (number, waiter) in lines.enumerated() {
      place = number > 0 && lines[number - 1].line == waiter.line ? place + 1 : 1
      row[clock.ticket, at: waiter.origin] = place
      greatest = max(greatest, place)
    }
    row[clock.nextTicket] = greatest + 1
  }
}

/// By how much moments are moved.
private struct Shift {
  let distance: Int64
  let now: Int64
  /// The scenario sees the time.
  let isNone: Bool

  init(by distance: Int64, now: Int64, isNone: Bool) {
    self.distance = distance
    self.now = now
    self.isNone = isNone
  }

  /// Moves a moment; zero where there is none. What is never due stays so.
  func move(_ word: Word, isSet: Bool, _ row: inout MutableSpan<UInt64>) {
    guard isSet else {
      row[word] = 0
      return
    }
    let moment = Int64(clamping: row[word])
    row[word] = moment == .max ? UInt64(Int64.max) : UInt64(max(0, moment.addingClamped(distance)))
  }

  /// What is past is now.
  func clamp(_ word: Int, _ row: inout MutableSpan<UInt64>) {
    row[word] = max(row[word], UInt64(now))
  }
}
