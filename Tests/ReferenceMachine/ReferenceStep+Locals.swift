import Machine

/// Local computation: up to the next visible operation.
extension ReferenceStep {
  mutating func runLocals(_ stack: inout [ReferenceFrame]) throws(ReferenceFault) {
    while true {
      let instruction = instruction(stack)
      if instruction.operation.rawValue >= Operation.loadShared.rawValue { return }
      if instruction.operation == .conditionEnd { return }
      try runLocal(instruction, &stack)
    }
  }

  /// A condition's answer. It is evaluated on a copy of the frame, so nothing has to be restored.
  func holds(
    conditionAt start: Int, in frame: ReferenceFrame
  ) throws(ReferenceFault) -> Bool {
    var scratch = self
    var frame = frame
    frame.address = start
    frame.result = nil
    var stack = [frame]
    try scratch.runLocals(&stack)
    return stack[0].registers[Int(scratch.instruction(stack).a)] != 0
  }

  private mutating func runLocal(
    _ instruction: Instruction, _ stack: inout [ReferenceFrame]
  ) throws(ReferenceFault) {
    let top = stack.count - 1
    let (a, b, c) = (Int(instruction.a), Int(instruction.b), Int(instruction.c))
    let address = stack[top].address
    func value(_ register: Int) -> Int64 { stack[top].registers[register] }
    switch instruction.operation {
    case .jump:
      stack[top].address = instruction.wide
    case .jumpIfFalse:
      stack[top].address = value(a) == 0 ? instruction.wide : address + 1
    case .jumpIfTrue:
      stack[top].address = value(a) != 0 ? instruction.wide : address + 1
    case .jumpIfLess:
      stack[top].address = address + (value(a) < value(b) ? instruction.small : 1)
    case .jumpIfNotLess:
      stack[top].address = address + (value(a) >= value(b) ? instruction.small : 1)
    case .countUp:
      guard value(a) < .max else { throw .arithmetic(address: address) }
      stack[top].registers[a] += 1
      stack[top].address = address + (value(a) < value(b) ? instruction.small : 1)
    case .call:
      call(b, first: c, result: a, &stack)
    case .returnValue:
      giveBack(value(a), &stack)
    case .arm, .require, .check, .requireStatus, .print, .report, .cue:
      try check(instruction, stack[top])
      stack[top].address += 1
    case .moduleIsLive:
      stack[top].registers[a] = world.modules[b] == .live ? 1 : 0
      stack[top].address += 1
    case .query, .logContains, .readField, .listCount, .listElement, .replaceElement, .makeList,
      .format,
      .hostCall,
      .hostStatus,
      .makeRange, .sharedElement, .taskVariable, .textContains:
      stack[top].registers[a] = try answer(instruction, stack[top])
      stack[top].address += 1
    default:
      stack[top].registers[a] = try compute(instruction, stack[top])
      stack[top].address += 1
    }
  }

  private func compute(
    _ instruction: Instruction, _ frame: ReferenceFrame
  ) throws(ReferenceFault) -> Int64 {
    let b = Int(instruction.b)
    let c = Int(instruction.c)
    var left: Int64 { frame.registers[b] }
    var right: Int64 { frame.registers[c] }
    let result: (partialValue: Int64, overflow: Bool)
    switch instruction.operation {
    case .loadImmediate: return Int64(instruction.wide)
    case .loadConstant: return program.constants[instruction.wide]
    case .move: return left
    case .not: return left == 0 ? 1 : 0
    // The exit status stands above the 16 bits of the error's number; there it is left out when
    // it is 1.
    case .commandStatus: return left == 0 ? 0 : max(1, -left / 65536)
    case .equal: return left == right ? 1 : 0
    case .notEqual: return left != right ? 1 : 0
    case .less: return left < right ? 1 : 0
    case .lessOrEqual: return left <= right ? 1 : 0
    case .add: result = left.addingReportingOverflow(right)
    case .subtract: result = left.subtractingReportingOverflow(right)
    case .multiply: result = left.multipliedReportingOverflow(by: right)
    case .divide: result = left.dividedReportingOverflow(by: right)
    case .remainder: result = (right.magnitude == 1 ? 0 : left % right, false)
    case .addImmediate: result = left.addingReportingOverflow(Int64(instruction.small))
    case .negate: result = Int64(0).subtractingReportingOverflow(left)
    default: throw .unsupported(address: frame.address)
    }
    if result.overflow { throw .arithmetic(address: frame.address) }
    return result.partialValue
  }

  // MARK: Calls

  mutating func call(
    _ callee: Int, first: Int, result: Int, _ stack: inout [ReferenceFrame]
  ) {
    let top = stack.count - 1
    let count = program.functions[callee].parameterCount
    let arguments = Array(stack[top].registers[first..<(first + count)])
    stack[top].address += 1
    stack[top].result = result == Instruction.noRegister ? nil : result
    stack.append(machine.frame(of: callee, arguments: arguments))
  }

  /// Returns from the top frame. One that was on its way out because of a signal takes its caller
  /// in the kernel along.
  mutating func giveBack(_ value: Int64, _ stack: inout [ReferenceFrame]) {
    guard let done = stack.popLast() else { return }
    let top = stack.count - 1
    if let result = stack[top].result { stack[top].registers[result] = value }
    stack[top].result = nil
    let wasUnwinding = done.address == program.functions[done.function].unwind
    if wasUnwinding, program.functions[stack[top].function].kind != .userProgram {
      unwind(&stack)
    }
  }

  /// Sends the process to the way out of its function, −ERESTARTSYS in the last register.
  func unwind(_ stack: inout [ReferenceFrame]) {
    let top = stack.count - 1
    let last = stack[top].registers.count - 1
    stack[top].registers[last] = -Int64(Errno.ERESTARTSYS.rawValue)
    stack[top].address = program.functions[stack[top].function].unwind
  }

  // MARK: The operator's questions

  private func answer(
    _ instruction: Instruction, _ frame: ReferenceFrame
  ) throws(ReferenceFault) -> Int64 {
    let b = Int(instruction.b)
    switch instruction.operation {
    case .readField:
      let handle = Int(frame.registers[b])
      guard let number = field(Int(instruction.c), of: handle).number else {
        throw .noField(address: frame.address)
      }
      return world.objects[handle - 1].fields[number] ?? 0
    case .listCount: return Int64(list(frame.registers[b]).count)
    case .listElement:
      let list = list(frame.registers[b])
      let index = Int(frame.registers[Int(instruction.c)])
      guard list.indices.contains(index) else { throw .listIndex(address: frame.address) }
      return Int64(list[index])
    case .replaceElement:
      var elements = list(frame.registers[Int(instruction.a)]).map { Int($0) }
      let place = Int(frame.registers[b])
      guard elements.indices.contains(place) else { throw .listIndex(address: frame.address) }
      elements[place] = Int(frame.registers[Int(instruction.c)])
      return try word(elements, frame.address)
    case .makeList:
      let elements = frame.registers[b..<(b + Int(instruction.c))].map { Int($0) }
      return try word(elements, frame.address)
    case .sharedElement: return world.variables[try element(instruction, frame)]
    case .makeRange:
      let first = Int(frame.registers[b])
      let last = Int(frame.registers[Int(instruction.c)])
      return try word(first <= last ? Array(first...last) : [], frame.address)
    case .taskVariable: return try variable(Int(instruction.c), of: Int(frame.registers[b]))
    case .textContains:
      let needle = try text(frame.registers[b], frame.address)
      let hay = try text(frame.registers[Int(instruction.c)], frame.address)
      return hay.contains(needle) ? 1 : 0
    case .hostCall, .hostStatus: return try askHost(instruction, frame)
    case .format:
      return StringTable.word(for: try text(of: Int(instruction.c), first: b, frame))
    case .logContains:
      guard keepsTime else { throw .noLog(address: frame.address) }
      let wanted = try text(frame.registers[b], frame.address)
      return world.log.contains { $0.contains(wanted) } ? 1 : 0
    case .query: break
    default: throw .unsupported(address: frame.address)
    }
    switch Query(rawValue: instruction.c) {
    case .inProgress: return world.transition.isInProgress ? 1 : 0
    case .logged: return world.logged.contains(b) ? 1 : 0
    case .variable: return world.variables[b]
    case .transitionDuration:
      guard let time = world.time else { throw .noClock(address: frame.address) }
      return time.transitionBegan.map { time.now - $0 } ?? time.transitionTook
    case .longestPause:
      guard let time = world.time else { throw .noClock(address: frame.address) }
      return time.longestPause
    case .alive: return world.tasks[Int(frame.registers[b])].isLive ? 1 : 0
    default: break
    }
    let slot = Int(frame.registers[b])
    let task = world.tasks[slot]
    guard task.condition != .gone || instruction.c == Query.pid.rawValue else {
      throw .deadTask(address: frame.address)
    }
    switch Query(rawValue: instruction.c) {
    case .universe: return task.isOld ? 0 : 1
    case .inKernel: return task.isInKernel ? 1 : 0
    case .state:
      let letters: [ReferenceTask.Condition: Character] = [
        .runnable: "R", .sleeping: "S", .uninterruptible: "D", .stopped: "T",
        .zombie: "Z",
      ]
      return StringTable.word(for: String(letters[task.condition] ?? "X"))
    case .pid: return pid(slot)
    default: throw .unsupported(address: frame.address)
    }
  }

  /// Lists of consecutive numbers are the first of them and how many; others the host knows.
  func list(_ word: Int64) -> [Int] {
    if let list = machine.host?.list(for: word) { return list }
    let first = Int(word >> 32)
    return Array(first..<(first + Int(word & 0xffff_ffff)))
  }

  func word(_ elements: [Int], _ address: Int) throws(ReferenceFault) -> Int64 {
    guard let first = elements.first else { return 0 }
    guard first >= 0, elements == Array(first..<(first + elements.count)) else {
      guard let host = machine.host else { throw .unsupported(address: address) }
      return host.remember(elements)
    }
    return Int64(first) << 32 | Int64(elements.count)
  }

  /// The variable that is the list's element.
  func element(
    _ instruction: Instruction, _ frame: ReferenceFrame
  ) throws(ReferenceFault) -> Int {
    let array = program.arrays[Int(instruction.b)]
    let index = frame.registers[Int(instruction.c)]
    guard (0..<Int64(array.count)).contains(index) else {
      throw .listIndex(address: frame.address)
    }
    return array.first + Int(index)
  }

  /// A variable of a program, of a task that may be gone.
  private func variable(_ number: Int, of slot: Int) throws(ReferenceFault) -> Int64 {
    let task = world.tasks[slot]
    if !task.isLive, let value = task.remains[number] { return value }
    guard let bottom = task.stack.first,
      let register = program.taskVariables[number].registers[FunctionID(bottom.function)]
    else { throw .noTaskVariable(slot) }
    return bottom.registers[register]
  }

  /// Of texts that don't stand in the program the host knows.
  func text(_ word: Int64, _ address: Int) throws(ReferenceFault) -> String {
    if let text = machine.host?.text(for: word) { return text }
    guard let text = program.strings.first(where: { StringTable.word(for: $0) == word }) else {
      throw .unsupported(address: address)
    }
    return text
  }

  private mutating func check(
    _ instruction: Instruction, _ frame: ReferenceFrame
  ) throws(ReferenceFault) {
    let number = Int(instruction.c)
    switch instruction.operation {
    case .arm:
      world.armed.insert(number)
      if case .monitor(let monitor, .reach) = program.properties[number].kind {
        world.expected.insert(monitor)
      }
    case .report: note("reported \(number)")
    case .cue: note("cued \(instruction.b)")
    case .require:
      guard frame.registers[Int(instruction.a)] != 0 else { throw .assertionFailed(number) }
      note("asserted \(number)")
    case .check:
      if frame.registers[Int(instruction.a)] != 0 { return note("asserted \(number)") }
      failedChecks.insert(number)
      note("check \(number) failed")
    case .requireStatus:
      let status = -(-frame.registers[Int(instruction.a)] % 65536)
      let isNo = status == 0 && frame.registers[Int(instruction.a)] != 0
      let allowed = program.outcomes[number].errors.map { -Int64($0.rawValue) }
      let isRight = status == 0 ? allowed.isEmpty && !isNo : allowed.contains(status)
      guard isRight else { throw .unexpectedOutcome(number) }
    default: break
    }
  }
}
