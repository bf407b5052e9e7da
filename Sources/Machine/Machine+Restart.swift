/// The machine goes down, and its kernel starts anew.
extension Machine {
  /// Everything that was in memory is gone: tasks, variables, locks, objects, modules, patches, the
  /// log. What lies on the disk stays, and so does the operator, who stands outside. Of the tasks
  /// that were there nothing is left but that they are gone; those of the boot stand in their old
  /// places, for their names and PIDs are the same in each boot.
  ///
  /// One step: nobody is left who could step in the middle of it. What the boot does then, it does
  /// a step at a time.
  func restart(_ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace) {
    record(.rebooted, &row, &workspace)
    let count = taskCount(&row)
    for number in 0..<count { forget(TaskSlot(number), &row) }
    forgetMemory(&row)
    rebuildAgenda(&row, &workspace)
    if let field = layout.disk?.bootedAt { row[field] = UInt64(now(&row)) }
    startKernel(&row, &workspace)
    row[layout.taskCount] = UInt64(count)
    engine.kernelStarted(self, &row, &workspace)
  }

  private func forget(_ slot: TaskSlot, _ row: inout MutableSpan<UInt64>) {
    let origin = layout.origin(of: slot)
    guard slot.rawValue < program.bootTasks.count else {
      clear(slot, &row)
      row[layout.task.state, at: origin] = TaskState.gone.rawValue
      return
    }
    for word in origin..<(origin + layout.taskStride) { row[word] = 0 }
  }

  /// Every word that is no task's, but those of the operator, of the disk and of the clock.
  private func forgetMemory(_ row: inout MutableSpan<UInt64>) {
    var lasting = [layout.operatorStatus, layout.operatorBegan] + layout.armed
    lasting += layout.expected.values
    lasting += layout.disk?.lasting ?? []
    var values: [UInt64] = []
    for field in lasting { values.append(row[field]) }
    let time = layout.keepsTime ? (row[layout.clock.now], row[layout.clock.nextTicket]) : (0, 0)
    let operatorEnd = layout.operatorStack + layout.operatorStackWords
    for word in 0..<layout.operatorOrigin { row[word] = 0 }
    for word in operatorEnd..<layout.firstTaskOrigin { row[word] = 0 }
    for (field, value) in zip(lasting, values) { row[field] = value }
    guard layout.keepsTime else { return }
    (row[layout.clock.now], row[layout.clock.nextTicket]) = time
  }

  /// A kernel that has just started: variables at their initial values, kernel threads and pid 1
  /// before their first visible action, the modules that come `at boot`, the interrupts' timers.
  func startKernel(_ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace) {
    for (number, variable) in program.variables.enumerated() {
      row[layout.variables[number]] = encode(variable.initial, variable)
    }
    for function in program.bootTasks {
      _ = startTask(function, arguments: 0..<0, &row, &workspace)
    }
    for (number, module) in program.modules.enumerated() where module.startsLive {
      if let field = layout.modules[number] { row[field] = ModuleState.live.rawValue }
    }
    for (number, handler) in layout.handlers.enumerated()
    where isConnected(handler.source, &row) {
      let source = program.interrupts[handler.source]
      schedule(.handler(number), at: nextTick(source, after: now(&row), 0), &row, &workspace)
    }
  }
}
