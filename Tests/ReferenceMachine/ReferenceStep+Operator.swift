import Machine

/// The operator's requests, one a step.
extension ReferenceStep {
  enum Answer {
    case done
    case again(at: Int64)
    case blocked
  }

  mutating func stepOperator(_ alternative: Int) throws(ReferenceFault) {
    var stack = world.scenario.stack
    let answer = try request(alternative, &stack)
    cancel(.scenario)
    switch answer {
    case .done:
      stack[stack.count - 1].address += 1
      try runLocals(&stack)
      world.scenario.stack = stack
      appoint(.scenario, at: now)
    case .again(let due): appoint(.scenario, at: due)
    case .blocked: break
    }
  }

  private mutating func request(
    _ alternative: Int, _ stack: inout [ReferenceFrame]
  ) throws(ReferenceFault) -> Answer {
    let top = stack.count - 1
    let instruction = instruction(stack)
    let a = Int(instruction.a)
    switch instruction.operation {
    case .observe: return .done
    case .finish:
      world.scenario.status = .finished
      note("finished")
      return .blocked
    case .spawn, .spawnOne:
      stack[top].registers[a] = try spawn(instruction, stack[top])
      return .done
    case .signalOne:
      let isThere = deliver(Int(instruction.b), to: Int(stack[top].registers[a]))
      stack[top].registers[Int(instruction.c)] = isThere ? 0 : -Int64(Errno.ESRCH.rawValue)
      return .done
    case .signal:
      return signal(Int(instruction.b), list(stack[top].registers[a]), alternative, &stack)
    case .wake:
      let limit = machine.limit(instruction, stack[top])
      _ = wakeQueue(Int(instruction.b), limit: limit, alternative)
      return .done
    case .apply, .revert, .force, .hostAction:
      return try requestPatching(instruction, alternative, &stack)
    case .command:
      return try command(instruction, alternative, &stack)
    case .operatorSleep:
      let length = try duration(instruction, alternative, stack)
      let goesOn = !keepsTime || world.scenario.hasBegun
      world.scenario.hasBegun = !goesOn
      return goesOn ? .done : .again(at: now + length)
    case .await: return try awaitCondition(instruction, stack[top])
    default: throw .unsupported(address: stack[top].address)
    }
  }

  private mutating func spawn(
    _ instruction: Instruction, _ frame: ReferenceFrame
  ) throws(ReferenceFault) -> Int64 {
    let isList = instruction.operation == .spawn
    let count = isList ? frame.registers[Int(instruction.c)] : 1
    guard count >= 0 else { throw .negativeCount(address: frame.address) }
    let function = Int(instruction.b)
    let from = Int(instruction.c) + (isList ? 1 : 0)
    let parameters = program.functions[function].parameterCount
    let first = world.tasks.count
    for _ in 0..<count {
      try start(
        function, arguments: Array(frame.registers[from..<(from + parameters)]),
        on: program.spawnCPUs[frame.address])
    }
    return isList
      ? try word(Array(first..<(first + Int(count))), frame.address) : Int64(first)
  }

  /// One more task of the list. Where time is arbitrary the list is a set, and the first step only
  /// says whom the verb has to reach.
  ///
  /// Its register holds 1 once somebody was there, and at the end 0, or ESRCH if nobody was.
  private mutating func signal(
    _ signal: Int, _ list: [Int], _ alternative: Int, _ stack: inout [ReferenceFrame]
  ) -> Answer {
    guard !list.isEmpty else { return .done }
    let top = stack.count - 1
    let status = Int(instruction(stack).c)
    defer { world.scenario.stack = stack }
    if keepsTime {
      if deliver(signal, to: list[world.scenario.elementsDone]) {
        stack[top].registers[status] = 1
      }
      world.scenario.elementsDone += 1
      guard world.scenario.elementsDone == list.count else { return .again(at: now) }
      world.scenario.elementsDone = 0
      stack[top].registers[status] =
        stack[top].registers[status] == 1 ? 0 : -Int64(Errno.ESRCH.rawValue)
      return .done
    }
    if !world.scenario.hasBegun {
      world.scenario.hasBegun = true
      for slot in list {
        if world.tasks[slot].condition == .gone {
          note("missed \(slot) \(signal)")
        } else {
          world.tasks[slot].isTargeted = true
        }
      }
      return .again(at: now)
    }
    let targeted = world.tasks.indices.filter { world.tasks[$0].isTargeted }
    if targeted.indices.contains(alternative) {
      world.tasks[targeted[alternative]].isTargeted = false
      deliver(signal, to: targeted[alternative])
      stack[top].registers[status] = 1
    }
    guard !world.tasks.contains(where: \.isTargeted) else { return .again(at: now) }
    world.scenario.hasBegun = false
    stack[top].registers[status] =
      stack[top].registers[status] == 1 ? 0 : -Int64(Errno.ESRCH.rawValue)
    return .done
  }

  private mutating func awaitCondition(
    _ instruction: Instruction, _ frame: ReferenceFrame
  ) throws(ReferenceFault) -> Answer {
    let site = Int(instruction.c)
    if try holds(conditionAt: program.awaits[site].start, in: frame) {
      world.scenario.status = .ready
      world.time?.awaitLimit = 0
      return .done
    }
    guard let time = world.time else { return .blocked }
    let hour: Int64 = 3_600_000_000_000
    let register = Int(instruction.a)
    let length = register == Instruction.noRegister ? hour : frame.registers[register]
    guard length >= 0 else { throw .negativeDuration(address: frame.address) }
    if world.scenario.status != .awaiting {
      world.scenario.status = .awaiting
      world.time?.awaitLimit = time.now + length
    }
    let limit = world.time?.awaitLimit ?? 0
    guard time.now < limit else { throw .awaitExpired(site) }
    return .again(at: limit)
  }

  mutating func log(_ line: String) {
    note("log \(line)")
    if keepsTime { world.log.append(line) }
    for (number, pattern) in program.logPatterns.enumerated() where line.contains(pattern) {
      world.logged.insert(number)
    }
  }
}
