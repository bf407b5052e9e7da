/// From a world that keeps time to the one that forgets it.
///
/// Where time is arbitrary any step that is possible may come next, so that whatever a run can come
/// to from here, that world can come to as well: what is impossible there is impossible in time.
extension Machine {
  /// The same world in the row of a machine of the same program and engine without a clock. Nil
  /// where the two keep what is going on in different ways: in the middle of a verb on a list.
  package func withoutTime(
    _ untimed: Machine, _ row: inout MutableSpan<UInt64>
  ) -> [UInt64]? {
    let (from, to) = (layout, untimed.layout)
    guard from.keepsTime, !to.keepsTime, isComparable(to) else { return nil }
    if let cursor = from.operatorCursor, row[cursor] > 0 { return nil }
    let tasks = taskCount(&row)
    var words = [UInt64](repeating: 0, count: to.rowWords(tasks: max(1, tasks)))
    var target = words.mutableSpan
    for (field, copy) in zip(from.timeless.globals, to.timeless.globals) {
      target[copy] = row[field]
    }
    // There nobody is given a CPU: the engine's work may come wherever it may.
    for field in to.engine.perCPU { target[field] &= ~Self.isLent }
    copyProcess(
      from.operatorOrigin, from.operatorStack, to.operatorOrigin, to.operatorStack,
      from.operatorStackWords, untimed, &row, &target)
    for (handler, copy) in zip(from.handlers, to.handlers) {
      copyProcess(
        handler.origin, handler.stack, copy.origin, copy.stack, handler.stackWords, untimed, &row,
        &target)
      for (field, other) in zip(from.timeless.handler, to.timeless.handler) {
        target[other, at: copy.origin] = row[field, at: handler.origin]
      }
    }
    for number in 0..<tasks {
      let (origin, copy) = (from.origin(of: TaskSlot(number)), to.origin(of: TaskSlot(number)))
      for (field, other) in zip(from.timeless.task, to.timeless.task) {
        target[other, at: copy] = row[field, at: origin]
      }
      for word in 0..<from.taskStackWords {
        target[copy + to.taskStack + word] = row[origin + from.taskStack + word]
      }
    }
    keepLines(untimed, &row, &target)
    keepInterrupted(untimed, &row, &target)
    keepOccupants(untimed, &row, &target)
    return forgetOperatorsClock(untimed, &target) ? words : nil
  }

  /// Who stands in line for a lock, the longest asleep first: there by ticket, here by place.
  private func keepLines(
    _ untimed: Machine, _ row: inout MutableSpan<UInt64>, _ target: inout MutableSpan<UInt64>
  ) {
    guard let place = untimed.layout.task.placeInLine else { return }
    for lock in program.locks {
      var line: [(ticket: UInt64, slot: TaskSlot)] = []
      for number in 0..<taskCount(&row) where isAsleep(TaskSlot(number), in: lock.queue, &row) {
        let slot = TaskSlot(number)
        line.append((row[layout.clock.ticket, at: layout.origin(of: slot)], slot))
      }
      line.sort { $0.ticket < $1.ticket }
      for (number, waiter) in line.enumerated() {
        target[place, at: untimed.layout.origin(of: waiter.slot)] = UInt64(number) + 1
      }
    }
  }

  /// Whom a handler holds up: there its CPU tells. Here it matters only of who holds a lock.
  private func keepInterrupted(
    _ untimed: Machine, _ row: inout MutableSpan<UInt64>, _ target: inout MutableSpan<UInt64>
  ) {
    guard let field = untimed.layout.handlerInterrupted else { return }
    for (number, handler) in layout.handlers.enumerated()
    where row.isSet(layout.handlerActive, at: handler.origin) {
      let current = Int(row[layout.clock.cpus[handler.cpu].current])
      guard current > 0, heldLock(of: .task(TaskSlot(current - 1)), &row) != nil,
        ownCPU(of: TaskSlot(current - 1), &row) == nil
      else { continue }
      target[field, at: untimed.layout.handlers[number].origin] = UInt64(current)
    }
  }

  /// Both layouts were made of one program, so that only an engine or a feature that keeps itself
  /// in another way without a clock makes a difference.
  private func isComparable(_ other: Layout) -> Bool {
    layout.timeless.globals.map(\.width) == other.timeless.globals.map(\.width)
      && layout.timeless.process.map(\.width) == other.timeless.process.map(\.width)
      && layout.timeless.handler.map(\.width) == other.timeless.handler.map(\.width)
      && layout.timeless.task.map(\.width) == other.timeless.task.map(\.width)
      && layout.handlers.count == other.handlers.count
      && layout.operatorStackWords == other.operatorStackWords
      && layout.taskStackWords == other.taskStackWords
  }

  private func copyProcess(
    _ origin: Int, _ stack: Int, _ copy: Int, _ copyStack: Int, _ stackWords: Int,
    _ untimed: Machine, _ row: inout MutableSpan<UInt64>, _ target: inout MutableSpan<UInt64>
  ) {
    for (field, other) in zip(layout.timeless.process, untimed.layout.timeless.process) {
      target[other, at: copy] = row[field, at: origin]
    }
    for word in 0..<stackWords { target[copyStack + word] = row[stack + word] }
  }

  /// What the operator's sleeping and waiting look like where its place in the code tells all.
  /// False in the middle of a walk over a list.
  private func forgetOperatorsClock(
    _ untimed: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Bool {
    let layout = untimed.layout
    if row[layout.operatorStatus] == OperatorStatus.awaiting.rawValue {
      row[layout.operatorStatus] = OperatorStatus.ready.rawValue
    }
    let address = Int(row[layout.programCounter, at: layout.operatorOrigin])
    switch program.instructions[address].operation {
    case .operatorSleep: row.set(layout.operatorBegan, to: false)
    case .signal: return !row.isSet(layout.operatorBegan)
    default: break
    }
    return true
  }
}
