import Machine

/// Interrupts and bottom halves turned off, and blocks that are one step.
extension ReferenceStep {
  mutating func mask(_ instruction: Instruction, _ runner: Runner, _ stack: inout [ReferenceFrame])
  {
    let top = stack.count - 1
    let a = Int(instruction.a)
    var before: Int64 = 0
    if case .task(let slot) = runner {
      if instruction.operation == .interruptsOff {
        before = world.tasks[slot].areInterruptsOff ? 1 : 0
        world.tasks[slot].areInterruptsOff = true
      } else {
        before = world.tasks[slot].areBottomHalvesOff ? 1 : 0
        world.tasks[slot].areBottomHalvesOff = true
      }
    }
    stack[top].registers[a] = before
    stack[top].address += 1
  }

  mutating func unmask(
    _ instruction: Instruction, _ runner: Runner, _ stack: inout [ReferenceFrame]
  ) {
    let top = stack.count - 1
    stack[top].address += 1
    guard case .task(let slot) = runner else { return }
    let isOff = stack[top].registers[Int(instruction.a)] != 0
    if instruction.operation == .interruptsRestore {
      world.tasks[slot].areInterruptsOff = isOff
    } else {
      world.tasks[slot].areBottomHalvesOff = isOff
    }
    if !world.tasks[slot].areInterruptsOff { serveInterrupts(on: world.tasks[slot].cpu) }
  }

  /// Those that could not begin on that CPU get in line anew.
  mutating func serveInterrupts(on cpu: Int?) {
    guard let cpu, machine.masksInterrupts else { return }
    for number in world.handlers.indices
    where world.handlers[number].cpu == cpu && !world.handlers[number].isActive {
      if let due = due(.handler(number)) { appoint(.handler(number), at: max(due, now)) }
    }
  }

  /// What everything up to the block's end costs together; nil when it was the runner's last.
  mutating func actAtomically(
    _ runner: Runner, _ stack: inout [ReferenceFrame]
  ) throws(ReferenceFault) -> Int64? {
    var cost: Int64 = 0
    stack[stack.count - 1].address += 1
    while true {
      try runLocals(&stack)
      let instruction = instruction(stack)
      switch instruction.operation {
      case .endAtomic:
        stack[stack.count - 1].address += 1
        return cost
      case .work:
        let length = try duration(instruction, 0, stack)
        note("worked \(runner.name) \(length)")
        cost += length
        stack[stack.count - 1].address += 1
      default:
        guard let spent = try actAnywhere(instruction, runner, 0, &stack) else { return nil }
        cost += spent
      }
    }
  }
}

extension ReferenceMachine {
  var masksInterrupts: Bool { program.instructions.contains { $0.operation == .interruptsOff } }

  /// With bottom halves off the kernel takes a task for an interrupt on its CPU; where it has none,
  /// for one on any: of CPUs that are switched alike one stands for all.
  func interruptCPUs(of slot: Int, _ world: ReferenceWorld) -> [Int] {
    guard world.tasks[slot].areBottomHalvesOff else { return [] }
    if let cpu = world.tasks[slot].cpu ?? world.tasks[slot].ownCPU { return [cpu] }
    let isFirstSwitched = world.transition.switchedCPUs.contains(0)
    let other = (0..<program.cpuCount).first {
      world.transition.switchedCPUs.contains($0) != isFirstSwitched
    }
    return [0] + (other.map { [$0] } ?? [])
  }
}
