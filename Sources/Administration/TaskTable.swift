import Machine
import Patching

/// What `ps` knows of every task.
package struct TaskTable: Sendable {
  package struct Row: Sendable, Hashable {
    package var slot: TaskSlot
    package var pid: Int
    package var state: TaskState
    /// Nil where no transition is on its way.
    package var isOld: Bool?
    /// What the kernel's WCHAN column says: the queue or lock, or where it is.
    package var place: String
    /// The kernel function that it is inside of.
    package var function: String
    package var since: Int64?
    package var name: String
    package var isKernelThread: Bool
    /// CPU that it has, in a run.
    package var cpu: Int?
  }

  package var rows: [Row] = []

  /// Cost: O(tasks).
  package init(_ machine: Machine, _ row: inout MutableSpan<UInt64>, includingGone: Bool = false) {
    let inProgress = machine.engine.isInProgress(machine, &row)
    rows.reserveCapacity(machine.taskCount(&row))
    for number in 0..<machine.taskCount(&row) {
      let slot = TaskSlot(number)
      let state = machine.state(of: slot, &row)
      guard includingGone || (state != .gone && state != .unborn) else { continue }
      let stack = state == .gone || state == .zombie ? [] : machine.stack(of: slot, &row)
      let base = machine.program.functions[machine.function(of: slot, &row).rawValue]
      let inside = stack.count > 1 ? stack.first?.function : nil
      let cpu =
        machine.layout.keepsTime && state == .runnable
        ? Int(row[machine.layout.clock.cpu, at: machine.layout.origin(of: slot)]) : 0
      rows.append(
        Row(
          slot: slot, pid: machine.program.pid(of: slot), state: state,
          isOld: inProgress ? machine.engine.isOld(slot, machine, &row) : nil,
          place: Self.words(machine.place(of: slot, &row), machine.program),
          function: inside.map { machine.program.functions[$0.rawValue].name } ?? "",
          since: machine.since(slot, &row), name: base.name,
          isKernelThread: base.kind == .kernelThread, cpu: cpu > 0 ? cpu - 1 : nil))
    }
  }

  package static func words(_ place: Machine.Place, _ program: Program) -> String {
    switch place {
    case .userMode: "user"
    case .kernel: "kernel"
    case .waiting(let queue, _, let timer): program.queues[queue] + suffix(timer)
    case .locked(let lock, _): "lock \(program.locks[lock].name)"
    case .sleeping(let timer): "sleep" + suffix(timer)
    case .reaping: "reap"
    case .stopped: "stopped"
    case .zombie: "exit"
    case .gone: "gone"
    }
  }

  private static func suffix(_ timer: Machine.Timer) -> String {
    if case .at(let moment) = timer { " till \(Duration.moment(nanoseconds: moment))" } else { "" }
  }
}
