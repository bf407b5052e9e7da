/// Processes: how tasks are born of tasks, and what is left of one that has ended.
///
/// A process is its first thread, the leader, and whoever that or its other threads started with
/// `thread`. Its children are waited for by the process, not by the thread that forked them. Only
/// a program that does any of this has the fields for it in its rows.
extension Machine {
  /// The first thread of the task's process.
  package func leader(of slot: TaskSlot, _ row: inout MutableSpan<UInt64>) -> TaskSlot {
    guard let field = layout.task.family?.leader else { return slot }
    let number = Int(row[field, at: layout.origin(of: slot)])
    return number == 0 ? slot : TaskSlot(number - 1)
  }

  /// Whether a task may be a thread that is not its process's first.
  package var hasThreads: Bool { layout.task.family?.leader != nil }

  /// Whether it has not exited.
  func isLive(_ slot: TaskSlot, _ row: inout MutableSpan<UInt64>) -> Bool {
    switch state(of: slot, &row) {
    case .runnable, .sleeping, .uninterruptible, .stopped: true
    case .unborn, .zombie, .gone: false
    }
  }

  /// The threads of a process that have not ended, in the order of their birth. Cost: O(tasks)
  /// where the program starts threads.
  package func liveThreads(
    of leader: TaskSlot, _ row: inout MutableSpan<UInt64>
  ) -> [TaskSlot] {
    var threads: [TaskSlot] = isLive(leader, &row) ? [leader] : []
    guard let field = layout.task.family?.leader else { return threads }
    for number in (leader.rawValue + 1)..<max(leader.rawValue + 1, taskCount(&row)) {
      let slot = TaskSlot(number)
      let isThread = row[field, at: layout.origin(of: slot)] == UInt64(leader.rawValue + 1)
      if isThread, isLive(slot, &row) { threads.append(slot) }
    }
    return threads
  }

  // MARK: Birth

  /// `fork(2)`: a copy of the task, registers and all, stands where its parent stands, inside the
  /// kernel (`ret_from_fork`). A signal that is to act first lets the call begin anew
  /// (−ERESTARTNOINTR in `copy_process`).
  func fork(
    _ instruction: Instruction, _ slot: TaskSlot, _ process: inout Process,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Bool {
    let result = Int(instruction.a)
    if isSignalToAct(on: slot, &row) {
      return leaveBirth(Self.restart, costs.fork, instruction, slot, &process, &row, &workspace)
    }
    guard hasRoom(for: 1, at: process.programCounter, &row, &workspace) else { return false }
    let child = bear(function(of: slot, &row), of: slot, &row, &workspace)
    record(.forked(slot, child, isThread: false), &row, &workspace)
    let origin = layout.origin(of: slot)
    let childOrigin = layout.origin(of: child)
    let leader = leader(of: slot, &row)
    if let family = layout.task.family {
      row[family.parent, at: childOrigin] = UInt64(leader.rawValue + 1)
      row[family.children, at: layout.origin(of: leader)] += 1
    }
    for managed in layout.task.managed {
      row[managed.disposition, at: childOrigin] = row[managed.disposition, at: origin]
      row[managed.blocked, at: childOrigin] = row[managed.blocked, at: origin]
    }
    for word in layout.taskStack..<layout.taskStride {
      row[childOrigin + word] = row[origin + word]
    }
    let copy = Process(
      programCounter: process.programCounter + 1, frame: process.frame - origin + childOrigin)
    if result != Instruction.noRegister { row[copy.frame + result] = 0 }
    rest(copy, at: childOrigin, stack: childOrigin + layout.taskStack, &row)
    makeRunnable(child, &row, &workspace)
    let pid = UInt64(program.pid(of: child))
    return leaveBirth(pid, costs.fork, instruction, slot, &process, &row, &workspace)
  }

  /// `clone(2)` with CLONE_THREAD: another task of the same process, which runs a program of its
  /// own.
  func startThread(
    _ instruction: Instruction, _ slot: TaskSlot, _ process: inout Process,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Bool {
    if isSignalToAct(on: slot, &row) {
      return leaveBirth(
        Self.restart, costs.startThread, instruction, slot, &process, &row, &workspace)
    }
    guard hasRoom(for: 1, at: process.programCounter, &row, &workspace) else { return false }
    let body = program.functions[Int(instruction.b)]
    let thread = bear(FunctionID(Int(instruction.b)), of: slot, &row, &workspace)
    record(.forked(slot, thread, isThread: true), &row, &workspace)
    let origin = layout.origin(of: thread)
    let leader = leader(of: slot, &row)
    if let family = layout.task.family, let field = family.leader {
      row[field, at: origin] = UInt64(leader.rawValue + 1)
      row[family.parent, at: origin] = row[family.parent, at: layout.origin(of: leader)]
    }
    let stack = origin + layout.taskStack
    for parameter in 0..<body.parameterCount {
      row[stack + parameter] = row[process.frame + Int(instruction.c) + parameter]
    }
    let begin = Process(programCounter: body.threadEntry ?? body.entry, frame: stack)
    rest(begin, at: origin, stack: stack, &row)
    makeRunnable(thread, &row, &workspace)
    let pid = UInt64(program.pid(of: thread))
    return leaveBirth(pid, costs.startThread, instruction, slot, &process, &row, &workspace)
  }

  /// A task in the next free slot, inside the kernel and in its parent's universe.
  private func bear(
    _ function: FunctionID, of parent: TaskSlot, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> TaskSlot {
    let slot = TaskSlot(taskCount(&row))
    row[layout.taskCount] += 1
    let origin = layout.origin(of: slot)
    row[layout.task.function, at: origin] = UInt64(function.rawValue)
    row[layout.task.state, at: origin] = TaskState.runnable.rawValue
    row.set(layout.task.inKernel, at: origin, to: true)
    inheritCPU(slot, from: parent, &row)
    record(.spawned(slot, function), &row, &workspace)
    engine.forked(parent, slot, self, &row, &workspace)
    return slot
  }

  private func leaveBirth(
    _ value: UInt64, _ cost: Int64, _ instruction: Instruction, _ slot: TaskSlot,
    _ process: inout Process, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Bool {
    if Int(instruction.a) != Instruction.noRegister {
      row[process.frame + Int(instruction.a)] = value
    }
    spend(cost, slot, &row, &workspace)
    process.programCounter += 1
    return true
  }

  /// Whether the row, and the budget, have room for so many more tasks; if not, with a fault.
  func hasRoom(
    for count: Int64, at address: Int, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> Bool {
    let first = taskCount(&row)
    guard count <= Int64(workspace.limits.tasks - first) else {
      workspace.fault = .tasksExhausted(address: address, tasks: Int(clamping: count))
      return false
    }
    let needed = first + Int(count)
    guard layout.rowWords(tasks: needed) <= workspace.limits.memoryBytes / 8 else {
      workspace.fault = .memoryExhausted(address: address)
      return false
    }
    guard needed <= layout.taskCapacity(rowWords: row.count) else {
      workspace.fault = .needsCapacity(tasks: needed)
      return false
    }
    return true
  }

  // MARK: Death

  /// The task's end (`do_exit`). A thread is off the task list at once. A process that somebody
  /// waits for stays on it as a zombie, until that has happened and its threads have ended; init
  /// waits for all the others, and reaps at once. If the operator waits for it, it goes on with
  /// `error`: a process that doesn't end by itself was killed.
  func exit(
    _ slot: TaskSlot, answering error: Errno? = .EINTR, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) {
    record(.exited(slot), &row, &workspace)
    let function = function(of: slot, &row)
    leaveTaskList(slot, &row, &workspace)
    if program.commandProcesses.contains(where: { $0.function == function }) {
      answerOperator(error, &row, &workspace)
    }
  }

  private func leaveTaskList(
    _ slot: TaskSlot, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    if areInterruptsOff(slot, &row) { exitMasked(slot, &row, &workspace) }
    guard layout.task.family != nil else { return release(slot, &row, &workspace) }
    let leader = leader(of: slot, &row)
    if leader == program.initSlot, liveThreads(of: leader, &row) == [slot] {
      return endInit(slot, &row, &workspace)
    }
    if slot == leader {
      becomeZombie(slot, &row, &workspace)
    } else {
      release(slot, &row, &workspace)
    }
    if liveThreads(of: leader, &row).isEmpty { endProcess(leader, &row, &workspace) }
  }

  /// The last thread of pid 1 has ended, which the machine does not survive (`do_exit`).
  private func endInit(
    _ slot: TaskSlot, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    let origin = layout.origin(of: slot)
    let process = process(at: origin, stack: origin + layout.taskStack, &row)
    if slot == program.initSlot {
      becomeZombie(slot, &row, &workspace)
    } else {
      release(slot, &row, &workspace)
    }
    panic("Attempted to kill init!", &row, &workspace)
    let oops = Oops(runner: .task(slot), address: process.programCounter, reason: .initEnded)
    record(.oopsed(oops), &row, &workspace)
    occurred(.oops, .oops(oops), &row, &workspace)
  }

  /// Off the task list (`release_task`). Of its words only the function's number is left, and
  /// what the operator may read of its variables.
  private func release(
    _ slot: TaskSlot, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    let origin = layout.origin(of: slot)
    // Who asks later is told when it ended, which of a zombie is long ago.
    let isZombie = state(of: slot, &row) == .zombie
    let ended = isZombie ? since(slot, &row) : now(&row)
    crossBoundary(slot, .exit, &row, &workspace)
    releaseCPU(of: slot, &row, &workspace)
    clear(slot, &row)
    row[layout.task.state, at: origin] = TaskState.gone.rawValue
    if layout.keepsTime, let ended { row[layout.clock.since, at: origin] = UInt64(ended) }
  }

  func clear(_ slot: TaskSlot, _ row: inout MutableSpan<UInt64>) {
    let origin = layout.origin(of: slot)
    let function = row[layout.task.function, at: origin]
    let kept = program.taskVariables.compactMap { variable in
      variable.registers[FunctionID(Int(function))].map { origin + layout.taskStack + $0 }
    }
    for word in origin..<(origin + layout.taskStride) where !kept.contains(word) { row[word] = 0 }
    row[layout.task.function, at: origin] = function
  }

  /// It is on the task list, deep in the kernel, and never runs again: the engine's flag, if it is
  /// set, stays.
  private func becomeZombie(
    _ slot: TaskSlot, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    guard let family = layout.task.family else { return }
    releaseCPU(of: slot, &row, &workspace)
    let origin = layout.origin(of: slot)
    let parent = row[family.parent, at: origin]
    let children = row[family.children, at: origin]
    // A signal on its way to it is one to its process, whose other threads may live.
    let isTargeted = row.isSet(layout.task.targeted, at: origin)
    var flags: [UInt64] = []
    for field in layout.engine.perTask { flags.append(row[field, at: origin]) }
    clear(slot, &row)
    row[layout.task.state, at: origin] = TaskState.zombie.rawValue
    row.set(layout.task.inKernel, at: origin, to: true)
    row.set(layout.task.targeted, at: origin, to: isTargeted)
    row[family.parent, at: origin] = parent
    row[family.children, at: origin] = children
    for (field, flag) in zip(layout.engine.perTask, flags) { row[field, at: origin] = flag }
    if layout.keepsTime { row[layout.clock.since, at: origin] = row[layout.clock.now] }
  }

  /// The last thread has ended: init takes the children, and the parent hears of it. One that
  /// ignores SIGCHLD has its children reaped at once (`do_notify_parent`).
  private func endProcess(
    _ leader: TaskSlot, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    guard let family = layout.task.family else { return }
    let origin = layout.origin(of: leader)
    giveChildrenAway(leader, &row, &workspace)
    let number = Int(row[family.parent, at: origin])
    guard number > 0 else { return release(leader, &row, &workspace) }
    tell(TaskSlot(number - 1), of: leader, &row, &workspace)
  }

  private func tell(
    _ parent: TaskSlot, of leader: TaskSlot, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) {
    guard let family = layout.task.family else { return }
    if ignores(.CHLD, parent, &row) {
      row[family.children, at: layout.origin(of: parent)] -= 1
      release(leader, &row, &workspace)
    } else {
      deliver(.CHLD, to: parent, &row, &workspace)
    }
    for thread in liveThreads(of: parent, &row)
    where isReaping(thread, pid: program.pid(of: leader), &row) {
      wakeTask(thread, .woken, &row, &workspace)
    }
  }

  /// `forget_original_parent`: they are init's. The built-in one reaps those that are zombies;
  /// the text's own is told of them.
  private func giveChildrenAway(
    _ leader: TaskSlot, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    guard let family = layout.task.family,
      row[family.children, at: layout.origin(of: leader)] > 0
    else { return }
    row[family.children, at: layout.origin(of: leader)] = 0
    for number in 0..<taskCount(&row) {
      let slot = TaskSlot(number)
      let origin = layout.origin(of: slot)
      guard row[family.parent, at: origin] == UInt64(leader.rawValue + 1) else { continue }
      row[family.parent, at: origin] = 0
      adopt(slot, by: program.initSlot, &row)
      guard isEnded(slot, &row) else { continue }
      if let adopter = program.initSlot {
        tell(adopter, of: slot, &row, &workspace)
      } else {
        record(.reaped(nil, slot), &row, &workspace)
        release(slot, &row, &workspace)
      }
    }
  }

  /// Makes a task the child of one, unless that is itself or nobody. A thread is not counted.
  func adopt(_ slot: TaskSlot, by parent: TaskSlot?, _ row: inout MutableSpan<UInt64>) {
    guard let family = layout.task.family, let parent, parent != slot else { return }
    row[family.parent, at: layout.origin(of: slot)] = UInt64(parent.rawValue + 1)
    if leader(of: slot, &row) == slot { row[family.children, at: layout.origin(of: parent)] += 1 }
  }

  /// Whether it is a zombie that may be reaped: all threads of the process have ended.
  private func isEnded(_ slot: TaskSlot, _ row: inout MutableSpan<UInt64>) -> Bool {
    state(of: slot, &row) == .zombie && liveThreads(of: slot, &row).isEmpty
  }

  /// Whether nobody has to do anything for the process to be reaped once it has ended: it is
  /// init's child, and no program's, or its parent does not want to hear of it.
  package func isReapedAtOnce(_ slot: TaskSlot, _ row: inout MutableSpan<UInt64>) -> Bool {
    guard let family = layout.task.family else { return true }
    let parent = Int(row[family.parent, at: layout.origin(of: slot)])
    return parent == 0 || ignores(.CHLD, TaskSlot(parent - 1), &row)
  }

  // MARK: Reaping

  /// `reap`: `wait4(2)`. The eldest child that has ended; sleeps until there is one.
  func reap(
    _ instruction: Instruction, _ slot: TaskSlot, _ process: inout Process,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Bool {
    let origin = layout.origin(of: slot)
    if row.isSet(layout.task.began, at: origin) { _ = takeWakeReason(slot, &row) }
    let parent = leader(of: slot, &row)
    let wanted =
      Int(instruction.b) == Instruction.noRegister
      ? nil : Int64(bitPattern: row[process.frame + Int(instruction.b)])
    let (child, hasAny) = endedChild(of: parent, pid: wanted, &row)
    var value = UInt64(bitPattern: -Int64(Errno.ECHILD.rawValue))
    if let child, let family = layout.task.family {
      record(.reaped(slot, child), &row, &workspace)
      row[family.children, at: layout.origin(of: parent)] -= 1
      release(child, &row, &workspace)
      value = UInt64(program.pid(of: child))
    } else if hasAny, isSignalPending(slot, &row) {
      value = Self.restart
    } else if hasAny {
      row.set(layout.task.began, at: origin, to: true)
      fallAsleep(slot, queue: nil, isUninterruptible: false, &row, &workspace)
      return false
    }
    return leaveBirth(value, costs.reap, instruction, slot, &process, &row, &workspace)
  }

  /// The first child that has ended, and whether there is any to wait for.
  private func endedChild(
    of parent: TaskSlot, pid: Int64?, _ row: inout MutableSpan<UInt64>
  ) -> (child: TaskSlot?, hasAny: Bool) {
    guard let family = layout.task.family,
      row[family.children, at: layout.origin(of: parent)] > 0
    else { return (nil, false) }
    var hasAny = false
    for number in 0..<taskCount(&row) {
      let slot = TaskSlot(number)
      let origin = layout.origin(of: slot)
      guard row[family.parent, at: origin] == UInt64(parent.rawValue + 1),
        leader(of: slot, &row) == slot, pid == nil || pid == Int64(program.pid(of: slot))
      else { continue }
      hasAny = true
      if isEnded(slot, &row) { return (slot, true) }
    }
    return (nil, hasAny)
  }

  /// Whether it sleeps until that child has ended.
  private func isReaping(
    _ slot: TaskSlot, pid: Int, _ row: inout MutableSpan<UInt64>
  ) -> Bool {
    guard state(of: slot, &row) == .sleeping else { return false }
    let origin = layout.origin(of: slot)
    let process = process(at: origin, stack: origin + layout.taskStack, &row)
    let instruction = program.instructions[process.programCounter]
    guard instruction.operation == .reap else { return false }
    return Int(instruction.b) == Instruction.noRegister
      || row[process.frame + Int(instruction.b)] == UInt64(pid)
  }
}
