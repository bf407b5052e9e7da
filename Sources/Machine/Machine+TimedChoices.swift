/// Which steps are possible in a search that keeps time: those of everybody who is due at the
/// earliest moment, in the order of `forEachChoice`. A choice's place in it is its number, which
/// says nothing of what came first in line: so a schedule is the same numbers in a run's row and in
/// a search's.
extension Machine {
  /// Moves the clock to the moment and calls `visit` with each of them. Cost: O(tasks).
  ///
  /// - Returns: whether of some range of time not every value was visited.
  package func forEachTimedChoice(
    _ mode: TimedMode, _ row: inout MutableSpan<UInt64>, _ visit: (Choice) -> Void
  ) -> Bool {
    guard layout.keepsTime else { return false }
    var earliest = UInt64.max
    forEachDue(&row) { _, due in earliest = min(earliest, due) }
    guard earliest != .max else { return false }
    let now = max(row[layout.clock.now], earliest)
    row[layout.clock.now] = now
    var actors: [Actor] = []
    var later: [UInt64] = []
    forEachDue(&row) { actor, due in
      if due <= now { actors.append(actor) } else { later.append(due) }
    }
    var leavesOut = false
    for actor in actors {
      let count = max(1, alternatives(of: actor, &row))
      var tried: [Int]?
      if count > 1, let start = rangeStart(of: actor, &row) {
        tried = mode.tried(of: count, from: start, later)
      }
      if let tried {
        leavesOut = true
        for alternative in tried { visit(Choice(actor: actor, alternative: alternative)) }
      } else {
        for alternative in 0..<count { visit(Choice(actor: actor, alternative: alternative)) }
      }
    }
    return leavesOut
  }

  /// Everybody who will step when time passes, and when. The operator's `await` that has no limit
  /// waits for its condition alone.
  private func forEachDue(
    _ row: inout MutableSpan<UInt64>, _ visit: (Actor, UInt64) -> Void
  ) {
    let clock = layout.clock
    let scenario = layout.operatorOrigin
    if row[clock.ticket, at: scenario] != 0, !isWaitingUnlimited(&row) {
      visit(.operator, row[clock.due, at: scenario])
    }
    if row[clock.engineTicket] != 0 { visit(.engine, row[clock.engineDue]) }
    for (number, handler) in layout.handlers.enumerated()
    where row[clock.ticket, at: handler.origin] != 0 {
      let isFree =
        row.isSet(layout.handlerActive, at: handler.origin)
        || (row[clock.cpus[handler.cpu].handler] == 0 && !isMasked(handler.cpu, &row))
      guard isFree, !isSpinning(.handler(number), &row) else { continue }
      visit(.handler(number), row[clock.due, at: handler.origin])
    }
    for number in 0..<taskCount(&row) {
      let slot = TaskSlot(number)
      let origin = layout.origin(of: slot)
      guard row[clock.ticket, at: origin] != 0, isOnAgenda(slot, &row),
        !isSpinning(.task(slot), &row)
      else { continue }
      visit(.task(slot), row[clock.due, at: origin])
    }
  }

  /// Whether the task has a CPU that no handler holds, or a timer.
  private func isOnAgenda(_ slot: TaskSlot, _ row: inout MutableSpan<UInt64>) -> Bool {
    let origin = layout.origin(of: slot)
    let cpu = Int(row[layout.clock.cpu, at: origin])
    if cpu > 0 { return row[layout.clock.cpus[cpu - 1].handler] == 0 }
    guard state(of: slot, &row) != .runnable else { return false }
    return row[layout.task.queue, at: origin] == 0 || isTimed(slot, &row)
  }

  /// The operator waits for its condition, however long that takes.
  func isWaitingUnlimited(_ row: inout MutableSpan<UInt64>) -> Bool {
    guard row[layout.operatorStatus] == OperatorStatus.awaiting.rawValue else { return false }
    let address = Int(row[layout.programCounter, at: layout.operatorOrigin])
    let instruction = program.instructions[address]
    return instruction.operation == .await && Int(instruction.a) == Instruction.noRegister
      && row[layout.clock.due, at: layout.operatorOrigin] == row[layout.clock.awaitLimit]
  }

  /// When the actor's next step, if it can go in several ways because of a range of time, leads to
  /// at the earliest.
  private func rangeStart(of actor: Actor, _ row: inout MutableSpan<UInt64>) -> Int64? {
    let process: Process
    switch actor {
    case .engine: return nil
    case .operator:
      process = self.process(at: layout.operatorOrigin, stack: layout.operatorStack, &row)
    case .handler(let number):
      let handler = layout.handlers[number]
      process = self.process(at: handler.origin, stack: handler.stack, &row)
      if program.instructions[process.programCounter].operation == .endInterrupt {
        let began = Int64(row[layout.clock.cpus[handler.cpu].handlerBegan])
        return began.addingClamped(program.interrupts[handler.source].periodNanoseconds)
      }
    case .task(let slot):
      let origin = layout.origin(of: slot)
      process = self.process(at: origin, stack: origin + layout.taskStack, &row)
    }
    let instruction = program.instructions[process.programCounter]
    switch instruction.operation {
    case .work, .sleep, .operatorSleep:
      return now(&row).addingClamped(Int64(bitPattern: row[process.frame + Int(instruction.a)]))
    default: return nil
    }
  }
}
