/// What the kernel does not survive, and what becomes of whoever did it.
extension Machine {
  /// Kernel code crashes. The task is killed where it stands: it never leaves the kernel, and the
  /// locks that it holds stay taken (`oops_end`, `make_task_dead`). An interrupt handler can't be
  /// killed: the machine panics, and with it the scenario ends.
  func oops(
    _ reason: Oops.Reason, _ runner: Runner, _ process: Process,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace, saying text: String? = nil
  ) {
    let oops = Oops(runner: runner, address: process.programCounter, reason: reason)
    if let died = layout.died { row.set(died, to: true) }
    log("BUG: \(text ?? words(of: reason))", &row, &workspace)
    switch runner {
    case .task(let slot):
      let name = program.functions[function(of: slot, &row).rawValue].name
      log("Oops: PID: \(program.pid(of: slot)) Comm: \(name)", &row, &workspace)
    case .handler: log("Oops: in interrupt", &row, &workspace)
    }
    record(.oopsed(oops), &row, &workspace)
    occurred(.oops, .oops(oops), &row, &workspace)
    guard workspace.fault == nil else { return }
    switch runner {
    case .task(let slot): exit(slot, &row, &workspace)
    case .handler(let number):
      // It stays where it is, which may be in the middle of a step that is never ended.
      let handler = layout.handlers[number]
      rest(process, at: handler.origin, stack: handler.stack, &row)
      panic("Fatal exception in interrupt", &row, &workspace)
    }
  }

  /// Whether kernel code has crashed, where the machine keeps it (TAINT_DIE).
  package func hasDied(_ row: inout MutableSpan<UInt64>) -> Bool {
    layout.died.map { row.isSet($0) } ?? false
  }

  func panic(
    _ reason: String, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    log("Kernel panic - not syncing: \(reason)", &row, &workspace)
    record(.panicked, &row, &workspace)
    row[layout.operatorStatus] = OperatorStatus.finished.rawValue
  }

  /// Something has happened that ends the schedule, unless the scenario is out to come to it.
  func occurred(
    _ monitor: Monitor, _ fault: Fault, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) {
    guard isExpected(monitor, &row) else {
      workspace.fault = fault
      return
    }
    for (number, property) in program.properties.enumerated()
    where property.kind == .monitor(monitor, .reach) && row.isSet(layout.armed[number]) {
      noteReached(number, &row, &workspace)
    }
  }

  /// What went wrong, in the kernel's words.
  package func words(of reason: Oops.Reason) -> String {
    switch reason {
    case .stated: "kernel BUG"
    case .initEnded: "pid 1 has ended"
    case .badUnlock(let lock): "bad unlock balance: \(program.locks[lock].name) is not held"
    case .lockHeld(let lock):
      "\(program.locks[lock].name) is still held when returning to user space"
    case .lockHeldInInterrupt(let lock):
      "\(program.locks[lock].name) is still held at the end of an interrupt"
    case .nullObject: "NULL pointer dereference"
    case .freedObject(let object): "use after free of \(program.objectName(object))"
    case .missingField(let object, let name):
      "\(program.objectName(object)) has no field \(program.fieldNames[name])"
    case .missingShadow(let object, let shadow):
      "\(program.objectName(object)) has no shadow variable \(program.shadows[shadow].name)"
    }
  }
}

/// A crash of kernel code: who, where, and why.
package struct Oops: Sendable, Hashable {
  package enum Reason: Sendable, Hashable {
    /// The text says `oops`.
    case stated
    /// The last thread of pid 1 has ended.
    case initEnded
    /// `unlock` of a lock that the caller does not hold.
    case badUnlock(lock: Int)
    case lockHeld(lock: Int)
    case lockHeldInInterrupt(lock: Int)
    case nullObject
    /// The object's place is free.
    case freedObject(object: Int)
    /// The object has been made by code that knew no such field.
    case missingField(object: Int, name: Int)
    case missingShadow(object: Int, Int)
  }

  package var runner: Runner
  package var address: Int
  package var reason: Reason

  package init(runner: Runner, address: Int, reason: Reason) {
    self.runner = runner
    self.address = address
    self.reason = reason
  }
}
