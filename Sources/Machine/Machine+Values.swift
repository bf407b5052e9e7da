/// Lists and texts that are made during the run.
extension Machine {
  func makeValue(
    _ instruction: Instruction, _ process: Process, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) {
    let frame = process.frame
    let a = frame + Int(instruction.a)
    switch instruction.operation {
    case .textContains:
      let needle = text(
        Int64(bitPattern: row[frame + Int(instruction.b)]), .string, &row, workspace)
      let hay = text(
        Int64(bitPattern: row[frame + Int(instruction.c)]), .string, &row, workspace)
      let cost = Fuel.perComparedByte * (hay.utf8.count + needle.utf8.count)
      guard workspace.spend(cost, at: process.programCounter) else { return }
      row[a] = hay.contains(needle) ? 1 : 0
    case .makeRange:
      makeRange(instruction, process, &row, &workspace)
    case .listCount:
      row[a] = UInt64(workspace.lists.count(row[frame + Int(instruction.b)]))
    case .listElement:
      let list = row[frame + Int(instruction.b)]
      let index = Int64(bitPattern: row[frame + Int(instruction.c)])
      let count = workspace.lists.count(list)
      guard index >= 0, index < Int64(count) else {
        workspace.fault = .listIndex(
          address: process.programCounter, index: index, count: Int64(count))
        return
      }
      row[a] = UInt64(bitPattern: workspace.lists.element(Int(index), of: list))
    case .replaceElement:
      replaceElement(instruction, process, &row, &workspace)
    case .makeList:
      let first = frame + Int(instruction.b)
      row[a] = makeList(
        (0..<Int(instruction.c)).map { Int64(bitPattern: row[first + $0]) },
        at: process.programCounter, &row, &workspace)
    case .format:
      let values = texts(Int(instruction.c), first: frame + Int(instruction.b), &row, workspace)
      let byteCount = values.reduce(0) { $0 + $1.utf8.count }
      guard byteCount <= Limits.textBytes else {
        workspace.fault = .textTooLong(address: process.programCounter)
        return
      }
      guard workspace.spend(Fuel.perValue + byteCount, at: process.programCounter) else { return }
      row[a] = UInt64(bitPattern: workspace.strings.intern(values.joined()))
      checkMemory(at: process.programCounter, &row, &workspace)
    default:
      preconditionFailure("not a local operation: \(instruction.operation)")
    }
  }

  /// A list is a value: what another variable holds stays as it is.
  private func replaceElement(
    _ instruction: Instruction, _ process: Process, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) {
    let list = row[process.frame + Int(instruction.a)]
    let index = Int64(bitPattern: row[process.frame + Int(instruction.b)])
    let count = workspace.lists.count(list)
    guard index >= 0, index < Int64(count) else {
      workspace.fault = .listIndex(
        address: process.programCounter, index: index, count: Int64(count))
      return
    }
    var elements = workspace.lists.elements(of: list)
    elements[Int(index)] = Int64(bitPattern: row[process.frame + Int(instruction.c)])
    row[process.frame + Int(instruction.a)] = makeList(
      elements, at: process.programCounter, &row, &workspace)
  }

  private func makeList(
    _ elements: [Int64], at address: Int, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> UInt64 {
    let cost = Fuel.perValue + Fuel.perElement * elements.count
    guard workspace.spend(cost, at: address) else { return 0 }
    let word = workspace.lists.intern(elements)
    checkMemory(at: address, &row, &workspace)
    return word
  }

  /// The numbers from R[b] to R[c], both included; none when the second is the lesser.
  private func makeRange(
    _ instruction: Instruction, _ process: Process, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) {
    let first = Int64(bitPattern: row[process.frame + Int(instruction.b)])
    let last = Int64(bitPattern: row[process.frame + Int(instruction.c)])
    let (distance, overflow) = last.subtractingReportingOverflow(first)
    guard !overflow, distance < Int64(workspace.limits.memoryBytes / 8) else {
      // A range that long from a negative number on overflows only upwards.
      workspace.fault = .memoryExhausted(address: process.programCounter)
      return
    }
    let numbers = first <= last ? first...last : nil
    let isWord = first >= 0 && last < List.greatestFirst
    let cost = isWord || last < first ? 1 : Fuel.perValue + Fuel.perElement * Int(distance)
    guard workspace.spend(cost, at: process.programCounter) else { return }
    row[process.frame + Int(instruction.a)] = workspace.lists.intern(numbers)
    checkMemory(at: process.programCounter, &row, &workspace)
  }

  func checkMemory(
    at address: Int, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    let bytes = 8 * row.count + workspace.strings.byteCount + workspace.lists.byteCount
    if bytes > workspace.limits.memoryBytes { workspace.fault = .memoryExhausted(address: address) }
    if workspace.strings.hasCollided || workspace.lists.hasCollided {
      workspace.fault = .hashCollision(address: address)
    }
  }

  /// The pieces of a text with the values between them.
  func texts(
    _ site: Int, first: Int, _ row: inout MutableSpan<UInt64>, _ workspace: Workspace
  ) -> [String] {
    let site = program.texts[site]
    var parts: [String] = []
    for (number, piece) in site.pieces.enumerated() {
      parts.append(piece)
      guard number < site.kinds.count else { continue }
      let word = Int64(bitPattern: row[first + number])
      parts.append(text(word, site.kinds[number], &row, workspace))
    }
    return parts
  }
}
