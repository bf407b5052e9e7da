/// The interpreter of local operations: the code between two visible actions of a process.
///
/// Program counter and frame are local variables of one loop; registers are words of the row. A
/// local operation that faults leaves its address in the workspace's fault.
extension Machine {
  /// Runs from the process's program counter up to the next visible operation or the end of a
  /// condition. On a fault the process stands at the instruction that caused it.
  func runLocals(
    _ process: inout Process, stackEnd: Int, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) {
    let code = program.instructions
    var pc = process.programCounter
    var frame = process.frame
    var fuel = workspace.fuel.untilLook
    defer { workspace.fuel.untilLook = fuel }
    while true {
      let instruction = code[pc]
      let a = frame &+ Int(instruction.a)
      switch instruction.operation {
      case .loadImmediate:
        row[a] = UInt64(bitPattern: Int64(instruction.wide))
      case .loadConstant:
        row[a] = UInt64(bitPattern: program.constants[instruction.wide])
      case .move:
        row[a] = row[frame &+ Int(instruction.b)]
      case .add:
        let (value, overflow) = signed(row[frame &+ Int(instruction.b)])
          .addingReportingOverflow(signed(row[frame &+ Int(instruction.c)]))
        if overflow { return fail(.overflow(address: pc), pc, frame, &process, &workspace) }
        row[a] = UInt64(bitPattern: value)
      case .addImmediate:
        let (value, overflow) = signed(row[frame &+ Int(instruction.b)])
          .addingReportingOverflow(Int64(instruction.small))
        if overflow { return fail(.overflow(address: pc), pc, frame, &process, &workspace) }
        row[a] = UInt64(bitPattern: value)
      case .subtract:
        let (value, overflow) = signed(row[frame &+ Int(instruction.b)])
          .subtractingReportingOverflow(signed(row[frame &+ Int(instruction.c)]))
        if overflow { return fail(.overflow(address: pc), pc, frame, &process, &workspace) }
        row[a] = UInt64(bitPattern: value)
      case .equal:
        row[a] = row[frame &+ Int(instruction.b)] == row[frame &+ Int(instruction.c)] ? 1 : 0
      case .notEqual:
        row[a] = row[frame &+ Int(instruction.b)] != row[frame &+ Int(instruction.c)] ? 1 : 0
      case .less:
        row[a] =
          signed(row[frame &+ Int(instruction.b)]) < signed(row[frame &+ Int(instruction.c)])
          ? 1 : 0
      case .lessOrEqual:
        row[a] =
          signed(row[frame &+ Int(instruction.b)]) <= signed(row[frame &+ Int(instruction.c)])
          ? 1 : 0
      case .not:
        row[a] = row[frame &+ Int(instruction.b)] == 0 ? 1 : 0
      case .jump:
        fuel &-= 1
        if fuel < 0 { fuel = workspace.fuel.refill(from: fuel) }
        if fuel < 0 { return exhaust(pc, frame, &process, &workspace) }
        pc = instruction.wide
        continue
      case .jumpIfFalse:
        if row[a] == 0 {
          pc = instruction.wide
          continue
        }
      case .jumpIfTrue:
        fuel &-= 1
        if fuel < 0 { fuel = workspace.fuel.refill(from: fuel) }
        if fuel < 0 { return exhaust(pc, frame, &process, &workspace) }
        if row[a] != 0 {
          pc = instruction.wide
          continue
        }
      case .jumpIfLess:
        fuel &-= 1
        if fuel < 0 { fuel = workspace.fuel.refill(from: fuel) }
        if fuel < 0 { return exhaust(pc, frame, &process, &workspace) }
        if signed(row[a]) < signed(row[frame &+ Int(instruction.b)]) {
          pc &+= instruction.small
          continue
        }
      case .jumpIfNotLess:
        if signed(row[a]) >= signed(row[frame &+ Int(instruction.b)]) {
          pc &+= instruction.small
          continue
        }
      case .countUp:
        fuel &-= 1
        if fuel < 0 { fuel = workspace.fuel.refill(from: fuel) }
        if fuel < 0 { return exhaust(pc, frame, &process, &workspace) }
        let (next, overflow) = signed(row[a]).addingReportingOverflow(1)
        if overflow { return fail(.overflow(address: pc), pc, frame, &process, &workspace) }
        row[a] = UInt64(bitPattern: next)
        if next < signed(row[frame &+ Int(instruction.b)]) {
          pc &+= instruction.small
          if instruction.small == -1, code[pc].operation == .add {
            guard let end = addUp(pc, frame, &fuel, &process, &row, &workspace) else { return }
            pc = end
          }
          continue
        }
      case .conditionEnd:
        process = Process(programCounter: pc, frame: frame)
        return
      default:
        process = Process(programCounter: pc, frame: frame)
        if instruction.operation.isVisible { return }
        fuel &-= 1
        if fuel < 0 { fuel = workspace.fuel.refill(from: fuel) }
        if fuel < 0 { return exhaust(pc, frame, &process, &workspace) }
        workspace.fuel.untilLook = fuel
        runUncommon(instruction, &process, stackEnd: stackEnd, &row, &workspace)
        fuel = workspace.fuel.untilLook
        if workspace.fault != nil { return }
        pc = process.programCounter
        frame = process.frame
        continue
      }
      pc &+= 1
    }
  }

  /// The rest of a loop whose whole body is one addition, which is the commonest of all: the same
  /// as the two operations do in turn, without looking for them each time.
  ///
  /// - Returns: the address behind the loop, or nil where it has failed.
  @inline(never)
  private func addUp(
    _ pc: Int, _ frame: Int, _ fuel: inout Int, _ process: inout Process,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> Int? {
    let addition = program.instructions[pc]
    let count = program.instructions[pc &+ 1]
    let (sum, left, right) = (
      frame &+ Int(addition.a), frame &+ Int(addition.b), frame &+ Int(addition.c)
    )
    let (counter, limit) = (frame &+ Int(count.a), frame &+ Int(count.b))
    while true {
      let (value, overflow) = signed(row[left]).addingReportingOverflow(signed(row[right]))
      if overflow {
        fail(.overflow(address: pc), pc, frame, &process, &workspace)
        return nil
      }
      row[sum] = UInt64(bitPattern: value)
      fuel &-= 1
      if fuel < 0 { fuel = workspace.fuel.refill(from: fuel) }
      if fuel < 0 {
        exhaust(pc &+ 1, frame, &process, &workspace)
        return nil
      }
      let (next, isLast) = signed(row[counter]).addingReportingOverflow(1)
      if isLast {
        fail(.overflow(address: pc &+ 1), pc &+ 1, frame, &process, &workspace)
        return nil
      }
      row[counter] = UInt64(bitPattern: next)
      guard next < signed(row[limit]) else { return pc &+ 2 }
    }
  }

  @inline(__always)
  private func signed(_ word: UInt64) -> Int64 { Int64(bitPattern: word) }

  @inline(never)
  private func fail(
    _ fault: Fault, _ pc: Int, _ frame: Int, _ process: inout Process,
    _ workspace: inout Workspace
  ) {
    process = Process(programCounter: pc, frame: frame)
    workspace.fault = fault
  }

  @inline(never)
  private func exhaust(
    _ pc: Int, _ frame: Int, _ process: inout Process, _ workspace: inout Workspace
  ) {
    fail(workspace.fuel.fault(address: pc), pc, frame, &process, &workspace)
  }

  /// The local operations that a loop seldom consists of: calls, the dearer arithmetic, and the
  /// operator's questions.
  @inline(never)
  private func runUncommon(
    _ instruction: Instruction, _ process: inout Process, stackEnd: Int,
    _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    let a = process.frame + Int(instruction.a)
    switch instruction.operation {
    case .call:
      _ = push(
        FunctionID(Int(instruction.b)), arguments: Int(instruction.c),
        result: Int(instruction.a), &process, stackEnd: stackEnd, &row, &workspace)
      return
    case .returnValue:
      pop(value: row[a], &process, &row)
      return
    case .multiply, .divide, .remainder, .negate:
      row[a] = UInt64(bitPattern: arithmetic(instruction, process, &row, &workspace))
    default:
      ask(instruction, process, &row, &workspace)
    }
    process.programCounter += 1
  }

  private func arithmetic(
    _ instruction: Instruction, _ process: Process, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> Int64 {
    let left = signed(row[process.frame + Int(instruction.b)])
    if instruction.operation == .negate {
      let (value, overflow) = Int64(0).subtractingReportingOverflow(left)
      if overflow { workspace.fault = .overflow(address: process.programCounter) }
      return value
    }
    let right = signed(row[process.frame + Int(instruction.c)])
    if instruction.operation != .multiply, right == 0 {
      workspace.fault = .divisionByZero(address: process.programCounter)
      return 0
    }
    let (value, overflow) =
      switch instruction.operation {
      case .multiply: left.multipliedReportingOverflow(by: right)
      case .divide: left.dividedReportingOverflow(by: right)
      // That of the least number by -1 is 0, though the quotient would not fit.
      default: (right == -1 ? 0 : left % right, false)
      }
    if overflow { workspace.fault = .overflow(address: process.programCounter) }
    return value
  }
}
