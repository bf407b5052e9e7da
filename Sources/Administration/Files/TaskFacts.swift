import Machine
import Patching

/// Whose directory of `/proc` it is.
enum TaskSubject: Hashable, Sendable {
  case task(TaskSlot)
  /// One that every kernel has, and that no row keeps: it sits at a safe place.
  case builtIn(BuiltInTask)

  enum BuiltInTask: Int, Hashable, Sendable, CaseIterable {
    case initialProcess = 1
    case kthreadd = 2

    var name: String { self == .initialProcess ? "systemd" : "kthreadd" }
  }
}

/// What the files and `ps` tell of a task, from the world; all else in them is a constant.
///
/// Constants: everything runs as root, at the usual priority, since the boot; nothing of CPU time,
/// page faults or context switches is counted; a program's memory is that of a small one. Programs
/// belong to the operator's session, on `pts/0`, and each is a job of its own.
struct TaskFacts {
  var pid: Int
  /// The PID of its process.
  var processPID: Int
  var parentPID: Int
  /// What it was started as; `comm` is cut.
  var name: String
  var letter: Character
  var isKernelThread: Bool
  var threads = 1
  /// The CPU that it has, or that it had last; 0 where nobody keeps that.
  /// The CPU that it is on, or was on last.
  var processor = 0
  /// The only one that it may be on.
  var ownCPU: Int?
  var signals = SignalMasks()

  /// The PID of the operator's shell, which is no task of the machine.
  static let shellPID = 50
  /// `pts/0` as a device number.
  static let terminal = 0x8800

  var isOnTerminal: Bool { !isKernelThread && processPID != TaskSubject.initPID }
  /// A zombie has given its memory back, and a kernel thread has none of its own.
  var hasMemory: Bool { !isKernelThread && letter != "Z" }
  var isLeader: Bool { pid == processPID }

  var session: Int { isKernelThread ? 0 : isOnTerminal ? Self.shellPID : processPID }
  var group: Int { isKernelThread ? 0 : processPID }

  /// TASK_COMM_LEN is 16 bytes, the final zero included.
  var comm: String {
    var cut = name
    while cut.utf8.count > 15 { cut.unicodeScalars.removeLast() }
    return cut
  }

  /// As `ps` shows it: who has no command line stands in brackets.
  var command: String { hasMemory ? name : "[\(comm)]" }

  /// Signals by their bits, as `/proc/<pid>/status` shows them.
  struct SignalMasks {
    /// Of the thread alone.
    var own: UInt64 = 0
    /// Of its process.
    var pending: UInt64 = 0
    var blocked: UInt64 = 0
    var ignored: UInt64 = 0
    var caught: UInt64 = 0
  }
}

extension TaskSubject {
  static let initPID = BuiltInTask.initialProcess.rawValue

  func facts(_ machine: Machine, _ row: inout MutableSpan<UInt64>) -> TaskFacts {
    switch self {
    case .builtIn(let task):
      var facts = TaskFacts(
        pid: task.rawValue, processPID: task.rawValue, parentPID: 0, name: task.name, letter: "S",
        isKernelThread: task == .kthreadd)
      if task == .kthreadd { facts.signals.ignored = .max }
      return facts
    case .task(let slot):
      return TaskFacts(slot, machine, &row)
    }
  }

  /// Every process, by its PID: what `/proc` lists.
  static func processes(_ machine: Machine, _ row: inout MutableSpan<UInt64>) -> [TaskSubject] {
    var found: [(pid: Int, subject: TaskSubject)] = []
    for task in BuiltInTask.allCases where machine.slot(pid: task.rawValue, &row) == nil {
      found.append((task.rawValue, .builtIn(task)))
    }
    for number in 0..<machine.taskCount(&row) {
      let slot = TaskSlot(number)
      guard isListed(slot, machine, &row), machine.leader(of: slot, &row) == slot else { continue }
      found.append((machine.program.pid(of: slot), .task(slot)))
    }
    return found.sorted { $0.pid < $1.pid }.map(\.subject)
  }

  static func at(
    pid: Int, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> TaskSubject? {
    if let slot = machine.slot(pid: pid, &row) {
      return isListed(slot, machine, &row) ? .task(slot) : nil
    }
    return BuiltInTask(rawValue: pid).map { .builtIn($0) }
  }

  /// The threads of its process, the first one before the others.
  func threads(_ machine: Machine, _ row: inout MutableSpan<UInt64>) -> [TaskSubject] {
    guard case .task(let slot) = self else { return [self] }
    let leader = machine.leader(of: slot, &row)
    let live = machine.liveThreads(of: leader, &row)
    let isLeaderDead = machine.state(of: leader, &row) == .zombie
    return ((isLeaderDead ? [leader] : []) + live).map { .task($0) }
  }

  private static func isListed(
    _ slot: TaskSlot, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) -> Bool {
    ![.gone, .unborn].contains(machine.state(of: slot, &row))
  }
}

extension TaskFacts {
  fileprivate init(_ slot: TaskSlot, _ machine: Machine, _ row: inout MutableSpan<UInt64>) {
    let program = machine.program
    let leader = machine.leader(of: slot, &row)
    let isKernelThread = machine.isKernelThread(slot, &row)
    self.init(
      pid: program.pid(of: slot), processPID: program.pid(of: leader), parentPID: 1,
      name: KernelText.symbol(program.functions[machine.function(of: slot, &row).rawValue].name),
      letter: machine.state(of: slot, &row).letter, isKernelThread: isKernelThread)
    threads = TaskSubject.task(slot).threads(machine, &row).count
    if isKernelThread {
      parentPID = TaskSubject.BuiltInTask.kthreadd.rawValue
    } else if processPID == TaskSubject.initPID {
      parentPID = 0
    } else if let family = machine.layout.task.family {
      let parent = Int(row[family.parent, at: machine.layout.origin(of: leader)])
      if parent > 0 { parentPID = program.pid(of: TaskSlot(parent - 1)) }
    }
    let origin = machine.layout.origin(of: slot)
    ownCPU = machine.ownCPU(of: slot, &row)
    processor = ownCPU ?? machine.layout.task.lastCPU.map { Int(row[$0, at: origin]) } ?? 0
    let fields = machine.layout.task
    if row.isSet(fields.stopPending, at: origin) { signals.pending |= Signal.STOP.bit }
    // What ends a process stays with it, and is a SIGKILL of each thread that can take it, but for
    // what dumps core (`complete_signal`).
    var isKilled = row.isSet(fields.fatalPending, at: origin) && letter != "T"
    if let field = fields.endingSignals {
      let ending = row[field, at: machine.layout.origin(of: leader)]
      signals.pending |= ending
      let dumps = Signal.allCases.filter(\.dumpsCore).reduce(0) { $0 | $1.bit }
      if ending & ~dumps == 0 { isKilled = false }
    }
    if isKilled { signals.own |= Signal.KILL.bit }
    // Kernel threads ignore every signal (`ignore_signals`).
    if isKernelThread { signals.ignored = .max }
    for managed in machine.layout.task.managed {
      let bit = managed.signal.bit
      switch row[managed.disposition, at: origin] {
      case 0: break
      case 1: signals.ignored |= bit
      default: signals.caught |= bit
      }
      if row.isSet(managed.pending, at: origin) { signals.pending |= bit }
      if row.isSet(managed.blocked, at: origin) { signals.blocked |= bit }
    }
  }
}
