/// The monitor `lock_order`: which lock was asked for by somebody who held which other one.
///
/// As the kernel's lockdep sees it (`kernel/locking/lockdep.c`): every "this one while holding that
/// one" is remembered for as long as somebody claims something of it, whoever did it and whether
/// anybody had to wait. A circle of them is a flaw, for with other speeds it is a deadlock. A lock
/// that its own holder asks for is none of this monitor's: that is a deadlock at once.
///
/// What is remembered is a bit for each pair of locks, of programs that name the monitor alone, and
/// is forgotten when nothing is claimed any more. Who it was stands in the events.
extension Machine {
  /// The runner asks for the lock; with those that it holds it is in an order from here on.
  func noteOrder(
    of lock: Int, _ runner: Runner, _ process: Process, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) {
    guard !layout.lockOrder.isEmpty, isClaimed(.lockOrder, &row) else { return }
    let own = number(of: runner)
    for held in layout.locks.indices where held != lock && row[layout.locks[held]] == own {
      guard !row.isSet(layout.lockOrder[held][lock]) else { continue }
      row.set(layout.lockOrder[held][lock], to: true)
      record(
        .lockOrdered(runner, held: held, lock: lock, address: process.programCounter), &row,
        &workspace)
      guard let way = way(from: lock, to: held, &row) else { continue }
      noteSeen(.lockOrder, Violation(lockOrder: [held] + way), &row, &workspace)
      guard workspace.fault == nil else { return }
      if !isClaimed(.lockOrder, &row) { return forgetOrder(&row) }
    }
  }

  /// Whether something is claimed of the monitor.
  private func isClaimed(_ monitor: Monitor, _ row: inout MutableSpan<UInt64>) -> Bool {
    for (number, field) in layout.armed.enumerated() where row.isSet(field) {
      if case .monitor(monitor, _) = program.properties[number].kind { return true }
    }
    return false
  }

  private func forgetOrder(_ row: inout MutableSpan<UInt64>) {
    for fields in layout.lockOrder {
      for field in fields { row.set(field, to: false) }
    }
  }

  /// A shortest way along what was asked for while holding what, its ends included.
  private func way(
    from start: Int, to end: Int, _ row: inout MutableSpan<UInt64>
  ) -> [Int]? {
    var before: [Int: Int] = [start: start]
    var queue = [start]
    var next = 0
    while next < queue.count {
      let lock = queue[next]
      next += 1
      for other in layout.locks.indices
      where before[other] == nil && row.isSet(layout.lockOrder[lock][other]) {
        before[other] = lock
        queue.append(other)
      }
    }
    guard before[end] != nil else { return nil }
    var way = [end]
    while let lock = way.last, lock != start, let earlier = before[lock] { way.append(earlier) }
    return way.reversed()
  }
}
