/// The kernel's log.
///
/// A row holds one bit for each text that stands in the scenario and that it looks for. Only where
/// time is kept, and only if the scenario looks for a text that is made during the run or prints
/// the log, it also holds the log itself: as a chain of lists, the one before, the newest line, and
/// when that was.
extension Machine {
  /// A line of the log: an event, a bit for each text that the scenario looks for, and a link.
  package func log(
    _ line: @autoclosure () -> String, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) {
    guard workspace.events.isRecording || !layout.logged.isEmpty || layout.log != nil else {
      return
    }
    let line = line()
    for (number, field) in layout.logged.enumerated()
    where line.contains(program.logPatterns[number]) {
      row.set(field, to: true)
    }
    if let field = layout.log {
      let earlier = Int64(bitPattern: row[field])
      row[field] = workspace.lists.intern([earlier, workspace.strings.intern(line), now(&row)])
      checkMemory(at: Int(row[layout.programCounter, at: layout.operatorOrigin]), &row, &workspace)
    }
    record(.kernelLog(line), &row, &workspace)
  }

  /// Whether some line has the text in it.
  func logContains(
    _ instruction: Instruction, _ process: Process, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> Bool {
    guard let field = layout.log else {
      if let guess = workspace.guess() { return guess }
      workspace.fault = .noLog(address: process.programCounter)
      return false
    }
    let wanted = text(
      Int64(bitPattern: row[process.frame + Int(instruction.b)]), .string, &row, workspace)
    var link = row[field]
    while link != 0 {
      let line = workspace.lists.element(1, of: link)
      if workspace.strings.string(for: line)?.contains(wanted) == true { return true }
      link = UInt64(bitPattern: workspace.lists.element(0, of: link))
    }
    return false
  }

  /// Nothing is in the log any more; that something was said stays true.
  package func clearKernelLog(_ row: inout MutableSpan<UInt64>) {
    if let field = layout.log { row[field] = 0 }
  }

  /// The whole log, the oldest line first, with when each was written; nil where rows hold none.
  package func kernelLog(
    _ row: inout MutableSpan<UInt64>, _ workspace: Workspace
  ) -> [(nanoseconds: Int64, line: String)]? {
    guard let field = layout.log else { return nil }
    var lines: [(Int64, String)] = []
    var link = row[field]
    while link != 0 {
      let line = workspace.strings.string(for: workspace.lists.element(1, of: link)) ?? ""
      lines.append((workspace.lists.element(2, of: link), line))
      link = UInt64(bitPattern: workspace.lists.element(0, of: link))
    }
    return lines.reversed()
  }
}
