/// Interrupts: a handler begins between two steps of whatever runs on its CPU, holds that CPU until
/// it is done, and is not itself interrupted there.
extension Machine {
  func stepHandler(
    _ number: Int, _ alternative: Int, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) {
    let handler = layout.handlers[number]
    let function = program.interrupts[handler.source].function
    var process: Process
    var cost: Int64
    if row.isSet(layout.handlerActive, at: handler.origin) {
      process = self.process(at: handler.origin, stack: handler.stack, &row)
      let instruction = program.instructions[process.programCounter]
      if instruction.operation == .endInterrupt {
        if let lock = heldLock(of: .handler(number), &row) {
          return oops(
            .lockHeldInInterrupt(lock: lock), .handler(number), process, &row, &workspace)
        }
        return endHandler(number, handler, alternative, &row, &workspace)
      }
      guard
        let spent = act(
          instruction, number, handler, alternative, &process, &row, &workspace)
      else { return }
      cost = spent
    } else {
      row.set(layout.handlerActive, at: handler.origin, to: true)
      if alternative > 0, let field = layout.handlerInterrupted {
        let slot = interruptible(on: handler.cpu, &row)[alternative - 1]
        row[field, at: handler.origin] = UInt64(slot.rawValue + 1)
      }
      record(.interruptBegan(handler: number, cpu: handler.cpu), &row, &workspace)
      if layout.keepsTime {
        row[layout.clock.cpus[handler.cpu].handler] = UInt64(number + 1)
        row[layout.clock.cpus[handler.cpu].handlerBegan] = row[layout.clock.now]
        // It holds up the task there until its end.
        workspace.agenda.onCPU.set(.never, cpu: handler.cpu)
      }
      process = Process(
        programCounter: program.functions[function.rawValue].entry, frame: handler.stack)
      cost = costs.interruptEntry
    }
    runLocals(&process, stackEnd: handler.stack + handler.stackWords, &row, &workspace)
    guard workspace.fault == nil else { return }
    rest(process, at: handler.origin, stack: handler.stack, &row)
    schedule(.handler(number), at: now(&row) + cost, &row, &workspace)
    if layout.keepsTime, isSpinning(.handler(number), &row) {
      leaveSpunCPU(handler.cpu, &row, &workspace)
    }
  }

  private func act(
    _ instruction: Instruction, _ number: Int, _ handler: Layout.Handler, _ alternative: Int,
    _ process: inout Process, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Int64? {
    guard instruction.operation == .work else {
      return actAnywhere(
        instruction, .handler(number), alternative, &process,
        stackEnd: handler.stack + handler.stackWords, &row, &workspace)
    }
    let duration = self.duration(instruction, alternative, process, &row, &workspace)
    guard workspace.fault == nil else { return nil }
    record(.worked(.handler(number), nanoseconds: duration), &row, &workspace)
    process.programCounter += 1
    return duration
  }

  /// The handler is done: its words are zero again, the task it interrupted is held up by as long
  /// as it took, and interrupts that came meanwhile are served.
  private func endHandler(
    _ number: Int, _ handler: Layout.Handler, _ alternative: Int,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    record(.interruptEnded(handler: number, cpu: handler.cpu), &row, &workspace)
    let end = handler.stack + handler.stackWords
    for word in handler.origin..<end where !isTimeWord(word, of: handler) { row[word] = 0 }
    guard layout.keepsTime else { return }
    let cpu = layout.clock.cpus[handler.cpu]
    let now = Int64(row[layout.clock.now])
    let began = Int64(row[cpu.handlerBegan])
    row[cpu.handler] = 0
    row[cpu.handlerBegan] = 0
    if isConnected(handler.source, &row) {
      let next = nextTick(program.interrupts[handler.source], after: began, alternative)
      schedule(.handler(number), at: max(now, next), &row, &workspace)
    } else {
      unschedule(.handler(number), &row)
    }

    let current = Int(row[cpu.current])
    resumeEngine(on: handler.cpu, &row, &workspace)
    if current > 0 {
      let slot = TaskSlot(current - 1)
      let wasSwitching = isSwitching(to: slot, on: cpu, &row)
      let held = Int64(row[layout.clock.due, at: layout.origin(of: slot)])
      let due = max(held, began) + (now - began)
      if wasSwitching { row[cpu.sliceEnd] = UInt64(due + program.sliceNanoseconds) }
      schedule(.task(slot), at: due, &row, &workspace)
    } else if !layout.locks.isEmpty {
      // While it spun nobody was put there.
      fill(handler.cpu, &row, &workspace)
    }
    for (other, waiting) in layout.handlers.enumerated()
    where other != number && waiting.cpu == handler.cpu && isConnected(waiting.source, &row) {
      let due = Int64(row[layout.clock.due, at: waiting.origin])
      // One that spun has been off the agenda, and what was due after it may have gone from there.
      if due <= now || !layout.locks.isEmpty {
        schedule(.handler(other), at: max(due, now), &row, &workspace)
      }
    }
  }

  /// A timer keeps its phase: a tick that was held up is late, the next one is not. One with a
  /// range has none.
  func nextTick(
    _ source: InterruptSource, after began: Int64, _ alternative: Int
  ) -> Int64 {
    let period = source.periodNanoseconds
    if source.slackNanoseconds > 0 {
      return began.addingClamped(period).addingClamped(Int64(alternative))
    }
    let (next, overflow) = (began / period).addingClamped(1)
      .multipliedReportingOverflow(by: period)
    return overflow ? .max : next
  }

  private func isTimeWord(_ word: Int, of handler: Layout.Handler) -> Bool {
    guard layout.keepsTime else { return false }
    return word == handler.origin + layout.clock.due.word
      || word == handler.origin + layout.clock.ticket.word
  }
}
