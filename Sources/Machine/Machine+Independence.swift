/// Which step is a task's own affair in a world (`Independence`).
///
/// Such a step reads and writes the task's own words only, whatever others do before it is made it
/// does the same, and none of them does anything else for its sake. It is *the* next step of its
/// task, all ways in which it can go are one, and no code behind it jumps back: so from any world a
/// few of them lead to one in which every step is visible, and no way round consists of them alone.
extension Machine {
  /// What a task's words alone say of its next step.
  package enum Privacy: UInt8, Sendable {
    case visible
    /// It is the task's own affair.
    case own
    /// It is, if that is the engine's opinion in this world (`isSettled`).
    case ownIfSettled
  }

  /// Depends on the task's own words and on nothing else. Where time is arbitrary.
  package func privacy(
    of slot: TaskSlot, _ row: inout MutableSpan<UInt64>
  ) -> Privacy {
    let origin = layout.origin(of: slot)
    guard independence.refusal == nil,
      row[layout.task.state, at: origin] == TaskState.runnable.rawValue,
      !independence.isRead(function(of: slot, &row))
    else { return .visible }
    let process = process(at: origin, stack: origin + layout.taskStack, &row)
    let address = process.programCounter
    let isKernelThread = isKernelThread(slot, &row)
    let isInKernel = isKernelThread || row.isSet(layout.task.inKernel, at: origin)
    let bottom = origin + layout.taskStack
    switch program.instructions[address].operation {
    case .returnTraced where isInKernel:
      return returnsQuietly(process, above: bottom, &row) ? .own : .visible
    case .work where isInKernel:
      return goesOnQuietly(at: address + 1, process.frame, above: bottom, &row) ? .own : .visible
    case .choose where isInKernel:
      // A choice among equals is none.
      guard choosesAmongEquals(process, &row),
        goesOnQuietly(at: address + 1, process.frame, above: bottom, &row)
      else { return .visible }
      return .own
    case .callTraced where isInKernel:
      return callsQuietly(address) && !areBottomHalvesOff(slot, &row) ? .ownIfSettled : .visible
    case .enterKernel where !isKernelThread, .leaveKernel where !isKernelThread,
      .safePoint where isKernelThread:
      guard independence.hidesCrossings, !hasWord(slot, &row), !isRestarting(process, &row),
        goesOnQuietly(at: address + 1, process.frame, above: bottom, &row)
      else { return .visible }
      return .ownIfSettled
    default: return .visible
    }
  }

  /// Of a step that is the task's own affair if the engine says so: whether it does in this world.
  package func isSettled(_ slot: TaskSlot, _ row: inout MutableSpan<UInt64>) -> Bool {
    let address = Int(row[layout.programCounter, at: layout.origin(of: slot)])
    let instruction = program.instructions[address]
    let future = operatorFuture(&row)
    if instruction.operation == .callTraced {
      return engine.isSettled(
        .call(TracedFunctionID(Int(instruction.b))), of: slot, expecting: future, self, &row)
    }
    guard future.isDisjoint(with: [.signals, .others]) else { return false }
    return engine.isSettled(.crossing, of: slot, expecting: future, self, &row)
  }

  /// What the operator may still come to from where it stands.
  private func operatorFuture(_ row: inout MutableSpan<UInt64>) -> OperatorFuture {
    if row[layout.operatorStatus] == OperatorStatus.finished.rawValue { return [] }
    guard row[layout.frame, at: layout.operatorOrigin] == 0 else { return .anything }
    let address = Int(row[layout.programCounter, at: layout.operatorOrigin])
    switch program.instructions[address].operation {
    case .apply, .revert:
      // It has been asked for, and the answer leads on; unless it is to be asked anew.
      let isAsked =
        row.isSet(layout.operatorBegan) && !engine.isRequestWaiting(self, &row)
      return independence.future(of: isAsked ? address + 1 : address)
    default: return independence.future(of: address)
    }
  }

  private func choosesAmongEquals(
    _ process: Process, _ row: inout MutableSpan<UInt64>
  ) -> Bool {
    let instruction = program.instructions[process.programCounter]
    let first = process.frame + Int(instruction.b)
    for register in first..<(first + Int(instruction.c)) where row[register] != row[first] {
      return false
    }
    return true
  }

  /// Whether word of a signal, or of a fake one, waits for the task.
  private func hasWord(_ slot: TaskSlot, _ row: inout MutableSpan<UInt64>) -> Bool {
    let origin = layout.origin(of: slot)
    return row.isSet(layout.task.signalPending, at: origin)
      || row.isSet(layout.task.stopPending, at: origin)
      || row.isSet(layout.task.fatalPending, at: origin) || isDumping(at: origin, &row)
      || !layout.task.managed.isEmpty
  }

  /// Whether the system call that it is about to leave begins anew, which is a jump back.
  private func isRestarting(_ process: Process, _ row: inout MutableSpan<UInt64>) -> Bool {
    let instruction = program.instructions[process.programCounter]
    return instruction.operation == .leaveKernel
      && row[process.frame + Int(instruction.a)] == Self.restart
  }

  // MARK: The code behind it

  /// Whichever body runs: none jumps back before its first visible action.
  private func callsQuietly(_ address: Int) -> Bool {
    let traced = program.tracedFunctions[Int(program.instructions[address].b)]
    let bodies = [traced.original] + traced.variants.map(\.function)
    return bodies.allSatisfy {
      independence.behind(program.functions[$0.rawValue].entry).isEmpty
    }
  }

  /// From the return of that frame up to the next visible action.
  private func returnsQuietly(
    _ process: Process, above bottom: Int, _ row: inout MutableSpan<UInt64>
  ) -> Bool {
    var frame = process.frame
    while frame > bottom {
      let info = ReturnInfo(word: row[frame - 1])
      frame -= info.distance
      // Who is on the way out of a call that a signal broke goes on at the way out.
      let caller = program.functions[Int(liveness.functionOf[info.programCounter])]
      var behind = independence.behind(info.programCounter)
      if caller.unwind < caller.end { behind.formUnion(independence.behind(caller.unwind)) }
      if behind.contains(.unfit) { return false }
      if !behind.contains(.returns) { return true }
    }
    return false
  }

  private func goesOnQuietly(
    at address: Int, _ frame: Int, above bottom: Int, _ row: inout MutableSpan<UInt64>
  ) -> Bool {
    let behind = independence.behind(address)
    if behind.contains(.unfit) { return false }
    guard behind.contains(.returns) else { return true }
    return returnsQuietly(
      Process(programCounter: address, frame: frame), above: bottom, &row)
  }
}
