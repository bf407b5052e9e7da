/// The operator of a session that grows: where the text ends it pauses, takes no step and is not on
/// the agenda, until somebody who has written more releases it.
///
/// Neither of these is a step of the machine. They belong to the choices that a session is made of.
extension Machine {
  /// Whether the operator waits for whoever drives it.
  package func isPaused(_ row: inout MutableSpan<UInt64>) -> Bool {
    program.instructions[operatorAddress(&row)].operation == .pause
  }

  /// Where the operator stands in its code.
  package func operatorAddress(_ row: inout MutableSpan<UInt64>) -> Int {
    Int(row[layout.programCounter, at: layout.operatorOrigin])
  }

  /// Lets a paused operator go on: its next step is due now. A fault of the local code before that
  /// step is left in the workspace; the row is then not to be stepped on.
  package func release(_ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace) {
    guard isPaused(&row) else { return }
    workspace.fault = nil
    var process = process(at: layout.operatorOrigin, stack: layout.operatorStack, &row)
    process.programCounter += 1
    runLocals(&process, stackEnd: operatorStackEnd, &row, &workspace)
    guard workspace.fault == nil else { return }
    rest(process, at: layout.operatorOrigin, stack: layout.operatorStack, &row)
    if !isPaused(&row) { schedule(.operator, at: now(&row), &row, &workspace) }
  }

  /// Whether the operator can leave what it is doing: it sleeps, waits for a condition, or has not
  /// begun its next statement. A request that somebody else has to answer can't be left.
  package func canAbandon(_ row: inout MutableSpan<UInt64>) -> Bool {
    let status = row[layout.operatorStatus]
    if status == OperatorStatus.awaiting.rawValue { return true }
    guard status == OperatorStatus.ready.rawValue else { return false }
    if let cursor = layout.operatorCursor, row[cursor] > 0 { return false }
    return !row.isSet(layout.operatorBegan)
      || program.instructions[operatorAddress(&row)].operation == .operatorSleep
  }

  /// The operator leaves what it is doing for the `pause` at an address of its body. Nothing of
  /// what it was doing stays in the row.
  package func abandon(
    pauseAt address: Int, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    guard canAbandon(&row), program.instructions[address].operation == .pause else { return }
    workspace.fault = nil
    unschedule(.operator, &row)
    row[layout.operatorStatus] = OperatorStatus.ready.rawValue
    row.set(layout.operatorBegan, to: false)
    if layout.keepsTime { row[layout.clock.awaitLimit] = 0 }
    let body = program.functions[program.operatorFunction.rawValue]
    for word in (layout.operatorStack + body.registerCount)..<operatorStackEnd { row[word] = 0 }
    rest(
      Process(programCounter: address, frame: layout.operatorStack), at: layout.operatorOrigin,
      stack: layout.operatorStack, &row)
  }

  /// What an expression of an `await`'s condition is worth in this world. The world is as before
  /// afterwards; nil, with a fault in the workspace, where it can't be told.
  package func value(
    of capture: Capture, ofAwait number: Int, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> Int64? {
    workspace.fault = nil
    let start = program.awaits[number].start
    let frame = layout.operatorStack
    var process = Process(programCounter: start, frame: frame)
    runLocals(&process, stackEnd: operatorStackEnd, &row, &workspace)
    let word = Int64(bitPattern: row[frame + capture.register])
    var address = start
    while true {
      if let register = program.instructions[address].written { row[frame + register] = 0 }
      if program.instructions[address].operation == .conditionEnd { break }
      address += 1
    }
    return workspace.fault == nil ? word : nil
  }

  /// Whether the condition of an `await` holds in this world; a condition that can't be evaluated
  /// does not.
  package func holds(
    await number: Int, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Bool {
    workspace.fault = nil
    defer { workspace.fault = nil }
    return evaluate(
      conditionAt: program.awaits[number].start, frame: layout.operatorStack, &row, &workspace)
  }
}

extension Machine {
  /// Whether the operator is in the middle of a statement's action, and not merely before it.
  package func isOperatorUnderWay(_ row: inout MutableSpan<UInt64>) -> Bool {
    row.isSet(layout.operatorBegan)
      || row[layout.operatorStatus] == OperatorStatus.awaiting.rawValue
      || row[layout.operatorStatus] == OperatorStatus.busy.rawValue
      || layout.operatorCursor.map { row[$0] > 0 } ?? false
  }
}
