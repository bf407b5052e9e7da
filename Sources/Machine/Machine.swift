/// The simulated computer: one program, its layout, and the rules by which a world makes a step.
///
/// A world is a row of words (`Layout`). Everything that acts is a process with a program counter
/// and a stack of registers in that row, or the patching engine with its own fields:
///
/// - **tasks** run user programs and kernel threads;
/// - **interrupt handlers** run on one CPU each, between two steps of whatever runs there;
/// - the **patching engine** takes the steps of a transition;
/// - the **operator** runs the scenario's body; it has no PID, no CPU and no universe.
///
/// `forEachChoice` and `nextChoice` say which steps are possible, `step` makes one. Nothing else
/// in the program decides anything, and neither of them looks at a clock, at randomness, or at the
/// order of a hash table: a run is its choices.
///
/// A `Machine` is immutable; the row and the workspace are passed in, so that one machine serves
/// many worlds on many threads. A class, because it is large and passed at every hook: as a struct
/// its copies were a tenth of a run's time.
package final class Machine: Sendable {
  package let program: Program
  package let layout: Layout
  package let engine: any PatchingEngine
  package let costs: Costs
  let liveness: Liveness
  /// The properties that have a condition, which is looked at after each step while they are armed.
  let judged: [Int]
  /// For each queue, whether some code waits on it freezably.
  let isFreezable: [Bool]
  /// For each `await`, whether only a step of the engine can make its condition true.
  let isEngineOnly: [Bool]
  /// For each address, whether a task's step from there is its own affair and the globals'.
  let selfContained: [Bool]
  /// Which steps are nobody's but their task's; where time is arbitrary.
  package let independence: Independence

  /// Whether what nobody will look at any more is cleared.
  package let clearsDead: Bool

  /// - Parameter clearsDead: whether registers that no path reads any more are cleared. Without it
  ///   worlds are told apart that nobody could.
  package init<Engine: PatchingEngine>(
    program: Program, engine: Engine, time: TimeModel, costs: Costs = Costs(),
    clearsDead: Bool = true
  ) {
    self.program = program
    self.engine = engine
    self.costs = costs
    layout = Layout(
      program: program, time: time, engine: Engine.demand(for: program, time: time))
    liveness = Liveness(program: program, findsDead: clearsDead)
    self.clearsDead = clearsDead
    judged = program.properties.indices.filter { program.properties[$0].conditionStart != nil }
    isFreezable = program.freezableQueues
    isEngineOnly = program.awaits.map { program.changesOnlyWithEngine(conditionAt: $0.start) }
    selfContained =
      time == .arbitrary
      ? program.selfContained : Array(repeating: false, count: program.instructions.count)
    independence =
      time == .arbitrary
      ? Independence(program, engineLooksAtStacks: engine.looksAtStacks)
      : Independence(none: program)
  }

  /// Virtual time, in nanoseconds since the start; 0 where time is arbitrary.
  package func now(_ row: inout MutableSpan<UInt64>) -> Int64 {
    guard layout.keepsTime else { return 0 }
    return Int64(row[layout.clock.now])
  }

  package func record(
    _ kind: @autoclosure () -> Event.Kind, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) {
    guard workspace.events.isRecording else { return }
    workspace.events.record(kind(), at: now(&row))
  }
}

/// What `ps` shows in its state column, and what comes before and after it.
package enum TaskState: UInt64, Sendable, Hashable {
  case unborn = 0
  case runnable = 1
  /// S: a signal wakes it.
  case sleeping = 2
  /// D: no signal wakes it.
  case uninterruptible = 3
  /// T: only SIGCONT, or a fatal signal, moves it.
  case stopped = 4
  /// Z: exited, not yet reaped.
  case zombie = 5
  /// Exited and reaped; of its words only the function's number is left, for its name.
  case gone = 6

  package var letter: Character {
    switch self {
    case .unborn, .gone: "X"
    case .runnable: "R"
    case .sleeping: "S"
    case .uninterruptible: "D"
    case .stopped: "T"
    case .zombie: "Z"
    }
  }
}

/// What the operator is doing between its steps.
package enum OperatorStatus: UInt64, Sendable, Hashable {
  case ready = 0
  /// Inside a verb that the patching engine has yet to answer.
  case busy = 1
  /// Waiting for a condition (where time is kept; elsewhere its place in the code tells).
  case awaiting = 2
  case finished = 3
}

extension Machine {
  package func state(of slot: TaskSlot, _ row: inout MutableSpan<UInt64>) -> TaskState {
    TaskState(rawValue: row[layout.task.state, at: layout.origin(of: slot)]) ?? .unborn
  }

  package func taskCount(_ row: inout MutableSpan<UInt64>) -> Int { Int(row[layout.taskCount]) }

  /// By what the task runs: a module's kernel threads are born when it is loaded.
  package func isKernelThread(_ slot: TaskSlot, _ row: inout MutableSpan<UInt64>) -> Bool {
    program.functions[function(of: slot, &row).rawValue].kind == .kernelThread
  }

  /// The function that the task was started with; its name is the task's `comm`.
  package func function(of slot: TaskSlot, _ row: inout MutableSpan<UInt64>) -> FunctionID {
    FunctionID(Int(row[layout.task.function, at: layout.origin(of: slot)]))
  }

  /// The live or dead task with that PID.
  package func slot(pid: Int, _ row: inout MutableSpan<UInt64>) -> TaskSlot? {
    let bootTasks = program.bootTasks.count
    let firstUser = program.pid(of: TaskSlot(bootTasks))
    var number = pid >= firstUser ? pid - firstUser + bootTasks : pid - Program.firstKernelThreadPID
    if pid == Program.initPID { number = program.initSlot?.rawValue ?? -1 }
    guard number >= 0, number < taskCount(&row), program.pid(of: TaskSlot(number)) == pid else {
      return nil
    }
    return TaskSlot(number)
  }
}

extension Program {
  /// Kernel threads of the start count from 10, all other tasks from 100 in order of birth. Fixed
  /// for a slot.
  package func pid(of slot: TaskSlot) -> Int {
    if slot.rawValue < kernelThreads.count { return Self.firstKernelThreadPID + slot.rawValue }
    if slot == initSlot { return Self.initPID }
    return max(Self.firstUserPID, Self.firstKernelThreadPID + kernelThreads.count)
      + slot.rawValue - bootTasks.count
  }

  /// What is there from the start, in the order of the first slots.
  package var bootTasks: [FunctionID] { kernelThreads + (initFunction.map { [$0] } ?? []) }

  /// Where pid 1 stands, if the text has one.
  package var initSlot: TaskSlot? {
    initFunction == nil ? nil : TaskSlot(kernelThreads.count)
  }

  package static let initPID = 1
  package static let firstUserPID = 100
  package static let firstKernelThreadPID = 10
}
