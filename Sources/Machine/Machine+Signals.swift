/// Signals: who gets one, what it does, and the programs' own handlers.
///
/// A signal goes to a process. A stop, SIGCONT and what ends it act on all of its threads; a
/// handler runs in the thread that has asked for it, as if the others blocked the signal.
extension Machine {
  /// Sends a signal to a task's process, as `kill(2)` does. It only leaves word: a stop or a fatal
  /// signal is pending until the task itself, on a CPU, passes the exit work.
  ///
  /// False: it is gone, and there is nobody of that PID (ESRCH). A zombie is there still, and hears
  /// of nothing.
  @discardableResult
  func deliver(
    _ signal: Signal, to slot: TaskSlot, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> Bool {
    guard ![.gone, .unborn].contains(state(of: slot, &row)) else {
      record(.signalMissed(slot, signal), &row, &workspace)
      return false
    }
    send(signal, to: slot, &row, &workspace)
    return true
  }

  private func send(
    _ signal: Signal, to slot: TaskSlot, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) {
    let threads = liveThreads(of: leader(of: slot, &row), &row)
    guard !threads.isEmpty else { return }
    record(.signalled(slot, signal), &row, &workspace)
    // Kernel threads ignore signals that they don't ask for.
    guard !isKernelThread(slot, &row) else { return }
    for thread in threads { prepare(signal, thread, &row, &workspace) }
    if let catcher = catcher(of: signal, threads, &row) {
      return queue(signal, catcher, &row, &workspace)
    }
    // What is ignored wakes nobody (`sig_ignored`).
    guard !ignores(signal, slot, &row), !isInit(slot, &row) else { return }
    if signal.defaultAction == .ends, let ending = layout.task.endingSignals {
      row[ending, at: layout.origin(of: leader(of: slot, &row))] |= signal.bit
    }
    if isDump(signal), let dump = layout.task.dumpPending {
      let taker = threads.first { state(of: $0, &row) != .stopped } ?? threads[0]
      row.set(dump, at: layout.origin(of: taker), to: true)
      return interrupt(taker, state(of: taker, &row), &row, &workspace)
    }
    for thread in threads { act(signal, thread, &row, &workspace) }
  }

  /// Stops and SIGCONT take each other's place, whatever else becomes of them (`prepare_signal`).
  private func prepare(
    _ signal: Signal, _ slot: TaskSlot, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) {
    let origin = layout.origin(of: slot)
    switch signal.stopOrContinue {
    case .stops:
      for managed in layout.task.managed where managed.signal == .CONT {
        row.set(managed.pending, at: origin, to: false)
      }
    case .continues:
      row.set(layout.task.stopPending, at: origin, to: false)
      for managed in layout.task.managed where managed.signal.stopOrContinue == .stops {
        row.set(managed.pending, at: origin, to: false)
      }
      if state(of: slot, &row) == .stopped {
        record(.continued(slot), &row, &workspace)
        wakeStopped(slot, &row, &workspace)
      }
    default: break
    }
  }

  private func act(
    _ signal: Signal, _ slot: TaskSlot, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) {
    let origin = layout.origin(of: slot)
    let state = state(of: slot, &row)
    switch signal.defaultAction {
    case .continues, .nothing: break
    case .stops:
      guard state != .stopped else { return }
      row.set(layout.task.stopPending, at: origin, to: true)
      interrupt(slot, state, &row, &workspace)
    case .ends:
      row.set(layout.task.fatalPending, at: origin, to: true)
      interrupt(slot, state, &row, &workspace)
      // Not SIGCONT's doing: it wakes to die (`TASK_WAKEKILL`).
      if state == .stopped, signal == .KILL {
        record(.woken(slot, .signal), &row, &workspace)
        wakeStopped(slot, &row, &workspace)
      }
    }
  }

  private func wakeStopped(
    _ slot: TaskSlot, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    let origin = layout.origin(of: slot)
    // Who was stopped on the way out of a system call stands before `leaveKernel`; who was stopped
    // in user mode has to be sent through the exit work once more.
    if !row.isSet(layout.task.inKernel, at: origin) {
      row.set(layout.task.signalPending, at: origin, to: true)
    }
    makeRunnable(slot, &row, &workspace)
  }

  /// TIF_SIGPENDING, and whatever makes the task notice (`signal_wake_up`).
  private func interrupt(
    _ slot: TaskSlot, _ state: TaskState, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) {
    row.set(layout.task.signalPending, at: layout.origin(of: slot), to: true)
    switch state {
    case .sleeping:
      wakeTask(slot, .signal, &row, &workspace)
    case .uninterruptible:
      // A killable sleeper wakes for what ends it (TASK_KILLABLE).
      let isFatal = row.isSet(layout.task.fatalPending, at: layout.origin(of: slot))
      if isFatal, isKillable(slot, &row) { wakeTask(slot, .signal, &row, &workspace) }
    case .runnable:
      kick(slot, &row, &workspace)
    case .stopped, .zombie, .gone, .unborn:
      break
    }
  }

  /// Interrupts a task at its work in user mode (`kick_process`): its step is due now, what it had
  /// still to work is owed. A task that waits for a CPU, or that a CPU is just switching to, can't
  /// be hurried.
  private func kick(
    _ slot: TaskSlot, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    let origin = layout.origin(of: slot)
    guard layout.keepsTime, !row.isSet(layout.task.inKernel, at: origin) else { return }
    let clock = layout.clock
    let number = Int(row[clock.cpu, at: origin])
    guard number > 0 else { return }
    let cpu = clock.cpus[number - 1]
    // A handler on its CPU has held it up since it began, and adds what it took at its end.
    let moment = row[cpu.handler] > 0 ? row[cpu.handlerBegan] : row[clock.now]
    let due = row[clock.due, at: origin]
    guard due > moment, !isSwitching(to: slot, on: cpu, &row) else { return }
    row[clock.carried, at: origin] += due - moment
    schedule(.task(slot), at: Int64(moment), &row, &workspace)
  }

  /// Makes a user task pass the exit work as a signal would, with none queued: the program never
  /// knows (`signal_wake_up(t, 0)`). A stopped task stays where it is: it will pass there anyway.
  package func fakeSignal(
    _ slot: TaskSlot, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    let state = state(of: slot, &row)
    guard state != .stopped, isLive(slot, &row) else { return }
    interrupt(slot, state, &row, &workspace)
  }

  /// Whether the signal is told apart from those that kill all threads at once.
  package func isDump(_ signal: Signal) -> Bool {
    signal.dumpsCore && layout.task.dumpPending != nil
  }

  /// Whether a signal that dumps core is pending.
  func isDumping(at origin: Int, _ row: inout MutableSpan<UInt64>) -> Bool {
    layout.task.dumpPending.map { row.isSet($0, at: origin) } ?? false
  }

  /// The process dumps core: its other threads are killed (`zap_threads` in `fs/coredump.c`).
  func killOthers(
    than slot: TaskSlot, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    for thread in liveThreads(of: leader(of: slot, &row), &row) where thread != slot {
      act(.KILL, thread, &row, &workspace)
    }
  }

  // MARK: Handlers

  private func managed(_ signal: Signal) -> Layout.ManagedSignalFields? {
    layout.task.managed.first { $0.signal == signal }
  }

  /// The first thread with a handler for it.
  private func catcher(
    of signal: Signal, _ threads: [TaskSlot], _ row: inout MutableSpan<UInt64>
  ) -> TaskSlot? {
    guard let managed = managed(signal) else { return nil }
    for thread in threads
    where row[managed.disposition, at: layout.origin(of: thread)] >= Self.firstHandler {
      return thread
    }
    return nil
  }

  /// What a signal would do to the task's process now.
  package enum SignalEffect: Sendable, Hashable {
    case ends, stops, continues, handled, nothing
  }

  package func effect(
    of signal: Signal, on slot: TaskSlot, _ row: inout MutableSpan<UInt64>
  ) -> SignalEffect {
    let threads = liveThreads(of: leader(of: slot, &row), &row)
    if let catcher = catcher(of: signal, threads, &row), let managed = managed(signal) {
      // Another thread's handler does nothing for this one.
      let isDue = catcher == slot && !row.isSet(managed.blocked, at: layout.origin(of: slot))
      return isDue ? .handled : .nothing
    }
    if isInit(slot, &row) { return .nothing }
    if ignores(signal, slot, &row) { return signal == .CONT ? .continues : .nothing }
    switch signal.defaultAction {
    case .ends: return .ends
    case .stops: return .stops
    case .continues: return .continues
    case .nothing: return .nothing
    }
  }

  private static let ignored: UInt64 = 1
  private static let firstHandler: UInt64 = 2

  /// Whether the process of a task has asked not to hear of it.
  func ignores(
    _ signal: Signal, _ slot: TaskSlot, _ row: inout MutableSpan<UInt64>
  ) -> Bool {
    guard let managed = managed(signal) else { return false }
    for thread in liveThreads(of: leader(of: slot, &row), &row)
    where row[managed.disposition, at: layout.origin(of: thread)] == Self.ignored { return true }
    return false
  }

  /// Whether it is a thread of pid 1, which hears of nothing that it has no handler for, SIGKILL
  /// and SIGSTOP included (SIGNAL_UNKILLABLE).
  private func isInit(_ slot: TaskSlot, _ row: inout MutableSpan<UInt64>) -> Bool {
    program.initSlot != nil && leader(of: slot, &row) == program.initSlot
  }

  /// One that is pending already is not counted twice. While its handler runs it has to wait.
  private func queue(
    _ signal: Signal, _ slot: TaskSlot, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) {
    let origin = layout.origin(of: slot)
    guard let managed = managed(signal), !row.isSet(managed.pending, at: origin) else { return }
    row.set(managed.pending, at: origin, to: true)
    if !row.isSet(managed.blocked, at: origin) {
      interrupt(slot, state(of: slot, &row), &row, &workspace)
    }
  }

  /// Whether a signal of somebody's waits for the task to pass the exit work; a fake one does not
  /// count (`recalc_sigpending`).
  func isSignalToAct(on slot: TaskSlot, _ row: inout MutableSpan<UInt64>) -> Bool {
    let origin = layout.origin(of: slot)
    return row.isSet(layout.task.fatalPending, at: origin) || isDumping(at: origin, &row)
      || row.isSet(layout.task.stopPending, at: origin) || isHandlerDue(at: origin, &row)
  }

  /// Whether a handler is to run when the task next comes to user mode.
  func isHandlerDue(at origin: Int, _ row: inout MutableSpan<UInt64>) -> Bool {
    for managed in layout.task.managed
    where row.isSet(managed.pending, at: origin) && !row.isSet(managed.blocked, at: origin) {
      return true
    }
    return false
  }

  /// The task has come to user mode: handlers that are due come in before what it would do next.
  /// Each is put before the one that came in last, the lowest number first (`get_signal`), so that
  /// the highest runs first.
  func enterHandlers(
    _ slot: TaskSlot, _ process: inout Process, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) {
    let origin = layout.origin(of: slot)
    for managed in layout.task.managed {
      guard row.isSet(managed.pending, at: origin), !row.isSet(managed.blocked, at: origin) else {
        continue
      }
      row.set(managed.pending, at: origin, to: false)
      let disposition = row[managed.disposition, at: origin]
      // It has become deaf to it while it was blocked.
      guard disposition >= Self.firstHandler else { continue }
      row.set(managed.blocked, at: origin, to: true)
      let handler = program.signalHandlers[Int(disposition - Self.firstHandler)]
      clearDead(at: process.programCounter, frame: process.frame, &row)
      let register = process.frame + handler.register
      row[register] = UInt64(process.programCounter)
      row[register + 1] = 0
      if layout.keepsTime {
        row[register + 1] = row[layout.clock.carried, at: origin]
        row[layout.clock.carried, at: origin] = 0
      }
      process.programCounter = handler.start
      record(.caught(slot, managed.signal), &row, &workspace)
    }
  }

  /// A handler's end (`rt_sigreturn(2)`): its signal may come again, and the program goes on where
  /// it was.
  func leaveHandler(
    _ instruction: Instruction, _ slot: TaskSlot, _ process: inout Process,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Bool {
    let origin = layout.origin(of: slot)
    let handler = program.signalHandlers[Int(instruction.b)]
    if let managed = managed(handler.signal) { row.set(managed.blocked, at: origin, to: false) }
    guard passesKernelExit(slot, &row, &workspace) else { return false }
    row.set(layout.task.inKernel, at: origin, to: false)
    record(.leftKernel(slot, restarting: false), &row, &workspace)
    spend(costs.kernelExit, slot, &row, &workspace)
    let register = process.frame + Int(instruction.a)
    process.programCounter = Int(row[register])
    if layout.keepsTime { row[layout.clock.carried, at: origin] = row[register + 1] }
    row[register] = 0
    row[register + 1] = 0
    enterHandlers(slot, &process, &row, &workspace)
    return true
  }

  /// `on signal` and `ignore`, as they are executed (`sigaction(2)`). What is ignored from now on
  /// and still pending is forgotten.
  func changeSignal(
    _ instruction: Instruction, _ slot: TaskSlot, _ process: inout Process,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    let origin = layout.origin(of: slot)
    let number = Int(instruction.b)
    if instruction.operation == .catchSignal {
      if let managed = managed(program.signalHandlers[number].signal) {
        row[managed.disposition, at: origin] = Self.firstHandler + UInt64(number)
      }
    } else if let managed = Signal(rawValue: number).flatMap(managed) {
      row[managed.disposition, at: origin] = Self.ignored
      row.set(managed.pending, at: origin, to: false)
    }
    spend(costs.changeSignal, slot, &row, &workspace)
    process.programCounter += 1
  }
}

extension Signal {
  /// What it does whether it is caught or not.
  fileprivate var stopOrContinue: DefaultAction? {
    switch defaultAction {
    case .stops: .stops
    case .continues: .continues
    case .ends, .nothing: nil
    }
  }
}
