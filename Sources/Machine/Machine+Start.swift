extension Machine {
  /// The world before the operator's first step: variables at their initial values, kernel threads
  /// and pid 1 standing before their first visible action.
  ///
  /// - Parameter taskCapacity: how many tasks the row has room for; at least those that are there
  ///   from the start.
  package func initialRow(taskCapacity: Int, _ workspace: inout Workspace) -> [UInt64] {
    let capacity = max(taskCapacity, program.bootTasks.count)
    var words = [UInt64](repeating: 0, count: layout.rowWords(tasks: capacity))
    var row = words.mutableSpan
    if layout.keepsTime { row[layout.clock.nextTicket] = 1 }
    startKernel(&row, &workspace)
    tellOfBoot(&row, &workspace)
    for (number, property) in program.properties.enumerated() where property.isStanding {
      row.set(layout.armed[number], to: true)
    }
    var operatorProcess = Process(
      programCounter: program.functions[program.operatorFunction.rawValue].entry,
      frame: layout.operatorStack)
    runLocals(&operatorProcess, stackEnd: operatorStackEnd, &row, &workspace)
    rest(operatorProcess, at: layout.operatorOrigin, stack: layout.operatorStack, &row)
    if !isPaused(&row) { schedule(.operator, at: 0, &row, &workspace) }
    return words
  }

  /// What the kernel has said while it came up is in its log. Nobody tells of it: the story begins
  /// with the operator.
  private func tellOfBoot(_ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace) {
    let isRecording = workspace.events.isRecording
    workspace.events.isRecording = false
    engine.kernelStarted(self, &row, &workspace)
    workspace.events.isRecording = isRecording
  }

  /// A new task in the next free slot, its parameters copied from those words of the row. The
  /// caller has made sure that the row has room.
  func startTask(
    _ function: FunctionID, arguments: Range<Int>, spawnedAt address: Int? = nil,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> TaskSlot {
    let slot = TaskSlot(taskCount(&row))
    row[layout.taskCount] += 1
    let origin = layout.origin(of: slot)
    row[layout.task.function, at: origin] = UInt64(function.rawValue)
    record(.spawned(slot, function), &row, &workspace)
    let stack = origin + layout.taskStack
    var process = Process(
      programCounter: program.functions[function.rawValue].entry, frame: stack)
    for (register, word) in arguments.enumerated() { row[stack + register] = row[word] }
    let kind = program.functions[function.rawValue].kind
    // A command is waited for by the operator's shell, which is no task.
    let isCommand = program.commandProcesses.contains { $0.function == function }
    if kind == .userProgram, !isCommand { adopt(slot, by: program.initSlot, &row) }
    row.set(layout.task.inKernel, at: origin, to: kind == .kernelThread)
    if let address { bind(slot, spawnedAt: address, &row) }
    runLocals(&process, stackEnd: stack + layout.taskStackWords, &row, &workspace)
    rest(process, at: origin, stack: stack, &row)
    makeRunnable(slot, &row, &workspace)
    return slot
  }

  var operatorStackEnd: Int { layout.operatorStack + layout.operatorStackWords }

  func encode(_ value: Int64, _ variable: SharedVariable) -> UInt64 {
    guard let range = variable.range else { return UInt64(bitPattern: value) }
    let kept = min(max(value, range.lowerBound), range.upperBound)
    return UInt64(kept - range.lowerBound)
  }

  func decode(_ word: UInt64, _ variable: SharedVariable) -> Int64 {
    guard let range = variable.range else { return Int64(bitPattern: word) }
    return range.lowerBound + Int64(word)
  }

  /// The value of a kernel variable.
  package func variable(_ number: Int, _ row: inout MutableSpan<UInt64>) -> Int64 {
    decode(row[layout.variables[number]], program.variables[number])
  }
}
