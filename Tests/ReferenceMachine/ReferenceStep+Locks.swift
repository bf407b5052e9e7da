import Machine

/// Locks and crashes.
extension ReferenceStep {
  /// A task that finds the lock taken sleeps deeply, in line; when it wakes the lock is its own.
  mutating func lock(
    _ slot: Int, _ lock: Int, _ stack: inout [ReferenceFrame]
  ) throws(ReferenceFault) -> Bool {
    if !world.tasks[slot].hasBegun { try ask(for: lock, .task(slot)) }
    if world.tasks[slot].hasBegun {
      wakeUp(slot)
    } else if world.locks[lock] != nil {
      let queue = program.locks[lock].queue
      world.lines[lock].append(slot)
      world.tasks[slot].queue = queue
      fallAsleep(slot, .uninterruptible)
      world.time?.waiting[queue].append(slot)
      return false
    }
    take(lock, .task(slot))
    spend(machine.costs.lock, slot)
    stack[stack.count - 1].address += 1
    return true
  }

  mutating func take(_ lock: Int, _ runner: Runner) {
    world.locks[lock] = runner.actor
    note("locked \(runner.name) \(lock)")
  }

  /// Whoever holds some locks and asks for another has put them in an order. Two orders that
  /// contradict each other, at whatever times and by whomever, are what `lock_order` watches for.
  mutating func ask(for lock: Int, _ runner: Runner) throws(ReferenceFault) {
    let claims = program.properties.indices.filter { number in
      if case .monitor(.lockOrder, _) = program.properties[number].kind { true } else { false }
    }
    let armed = claims.filter(world.armed.contains)
    guard !armed.isEmpty else { return }
    for held in program.locks.indices
    where world.locks[held] == runner.actor && held != lock {
      let order = ReferenceWorld.Order(held: held, wanted: lock)
      guard world.order.insert(order).inserted else { continue }
      note("order \(runner.name) \(held) \(lock)")
      guard world.comes(after: lock).contains(held) else { continue }
      for claim in armed where program.properties[claim].isGoal && world.armed.contains(claim) {
        world.armed.remove(claim)
        note("reached \(claim)")
      }
      if let law = armed.first(where: { !program.properties[$0].isGoal }) {
        throw .violated(property: law)
      }
      if world.armed.isDisjoint(with: claims) {
        world.order = []
        return
      }
    }
  }

  /// False when the runner had no right to it, and is no more.
  mutating func unlock(
    _ lock: Int, _ runner: Runner, _ stack: [ReferenceFrame]
  ) throws(ReferenceFault) -> Bool {
    guard world.locks[lock] == runner.actor else {
      try oops(
        "bad unlock balance: \(program.locks[lock].name) is not held", runner, stack)
      return false
    }
    note("unlocked \(runner.name) \(lock)")
    if let next = world.lines[lock].first {
      world.lines[lock].removeFirst()
      world.locks[lock] = .task(next)
      wake(next, .woken)
      return true
    }
    let spinning = world.handlers.indices.filter { world.wanted(by: $0, program) == lock }
    let cpus = world.time?.cpus ?? []
    let tasks = cpus.compactMap(\.task).filter { world.wanted(byTask: $0, program) == lock }
    world.locks[lock] = nil
    for number in spinning {
      if let due = due(.handler(number)) { appoint(.handler(number), at: max(due, now)) }
    }
    for slot in tasks {
      if let due = due(.task(slot)) { appoint(.task(slot), at: max(due, now)) }
    }
    // A CPU that was spun on is one like any other again.
    if !spinning.isEmpty { fillCPUs() }
    return true
  }

  /// A task dies of it; the machine dies of one in a handler, and then nothing happens any more.
  mutating func oops(
    _ words: String, _ runner: Runner, _ stack: [ReferenceFrame]
  ) throws(ReferenceFault) {
    let isSurvived = program.properties.contains { $0.kind == .monitor(.oops, .reach) }
    if isSurvived, !(program.hostFunctions.isEmpty && program.commands.isEmpty) {
      world.hasDied = true
    }
    log("BUG: \(words)")
    switch runner {
    case .task(let slot):
      log("Oops: PID: \(pid(slot)) Comm: \(program.functions[world.tasks[slot].function].name)")
    case .handler: log("Oops: in interrupt")
    }
    note("oops \(runner.name)")
    guard come(to: .oops) else { throw .oops(address: stack[stack.count - 1].address) }
    switch runner {
    case .task(let slot): try exit(slot)
    case .handler(let number):
      world.handlers[number].stack = stack
      log("Kernel panic - not syncing: Fatal exception in interrupt")
      note("panic")
      world.scenario.status = .finished
    }
  }

  /// Whether the scenario is to come to that; if so, it has.
  mutating func come(to monitor: Monitor) -> Bool {
    let wanted = program.properties.indices.filter {
      program.properties[$0].kind == .monitor(monitor, .reach)
    }
    for number in wanted where world.armed.contains(number) {
      world.armed.remove(number)
      note("reached \(number)")
    }
    return world.expected.contains(monitor)
  }

  /// Whoever spins on the CPUs that a task without one could take, if all are spun on.
  private func keepers(inTheWayOf slot: Int) -> [ReferenceActor] {
    let task = world.tasks[slot]
    guard task.condition == .runnable else { return [] }
    if world.time == nil {
      guard let own = task.ownCPU, let occupant = world.occupants[own], occupant != slot,
        world.isSpinning(task: occupant, program)
      else { return [] }
      return [.task(occupant)]
    }
    guard task.cpu == nil else { return [] }
    let cpus = task.ownCPU.map { [$0] } ?? Array(0..<program.cpuCount)
    let keepers = cpus.map { cpu -> ReferenceActor? in
      if let number = world.handlers.indices.first(where: {
        world.handlers[$0].isActive && world.handlers[$0].cpu == cpu
      }) {
        if world.isSpinning(number, program) { return .handler(number) }
      }
      guard let other = world.tasks.indices.first(where: { world.tasks[$0].cpu == cpu }) else {
        return nil
      }
      return world.isSpinning(task: other, program) ? .task(other) : nil
    }
    return keepers.contains(nil) ? [] : keepers.compactMap(\.self)
  }

  /// Everybody who waits for somebody. Whoever waits for one that waits for nobody may go on; when
  /// all of those are left out, over and over, nobody should be left.
  mutating func lookForCircles() throws(ReferenceFault) {
    guard !program.locks.isEmpty else { return }
    var waitsFor: [ReferenceActor: [ReferenceActor]] = [:]
    for slot in world.tasks.indices {
      let task = world.tasks[slot]
      if task.condition == .uninterruptible,
        let lock = program.locks.firstIndex(where: { $0.queue == task.queue }),
        let holder = world.locks[lock]
      {
        waitsFor[.task(slot)] = [holder]
      } else if let lock = world.wanted(byTask: slot, program), let holder = world.locks[lock] {
        waitsFor[.task(slot)] = [holder]
      } else if task.condition == .runnable, let handler = world.interrupter(of: slot) {
        waitsFor[.task(slot)] = [.handler(handler)]
      } else {
        waitsFor[.task(slot)] = keepers(inTheWayOf: slot)
      }
    }
    for number in world.handlers.indices {
      guard let lock = world.wanted(by: number, program), let holder = world.locks[lock] else {
        continue
      }
      waitsFor[.handler(number)] = [holder]
    }
    waitsFor = waitsFor.filter { !$0.value.isEmpty }
    while let free = waitsFor.first(where: { $0.value.contains { waitsFor[$0] == nil } }) {
      waitsFor[free.key] = nil
    }
    guard !waitsFor.isEmpty else { return }
    guard come(to: .deadlock) else { throw .deadlock }
  }
}

extension ReferenceStep.Runner {
  var actor: ReferenceActor {
    switch self {
    case .task(let slot): .task(slot)
    case .handler(let number): .handler(number)
    }
  }
}

extension ReferenceMachine {
  /// Where time is arbitrary an interrupt may break into the work of a task that holds a lock; with
  /// whom else it breaks into nothing is different. Only a handler that takes locks itself cares.
  /// With somebody bound to the CPU in the middle of kernel code there, it is he.
  func breakable(_ world: ReferenceWorld, on cpu: Int) -> [Int] {
    guard !keepsTime, handlersLock, world.occupants[cpu] == nil else { return [] }
    return world.tasks.indices.filter { slot in
      world.tasks[slot].condition == .runnable && world.heldLock(.task(slot)) != nil
        && !world.tasks[slot].areInterruptsOff && world.tasks[slot].ownCPU == nil
        && !world.handlers.contains { $0.brokenInto == slot }
    }
  }

  private var handlersLock: Bool {
    var reachable = Set(program.interrupts.map(\.function.rawValue))
    while true {
      let bodies = reachable.map { program.functions[$0] }
      let code = bodies.flatMap { program.instructions[$0.entry..<$0.end] }
      if code.contains(where: { $0.operation == .lock }) { return true }
      var more = reachable
      for instruction in code {
        switch instruction.operation {
        case .call: more.insert(Int(instruction.b))
        case .callTraced:
          let traced = program.tracedFunctions[Int(instruction.b)]
          more.insert(traced.original.rawValue)
          more.formUnion(traced.variants.map(\.function.rawValue))
        default: break
        }
      }
      if more == reachable { return false }
      reachable = more
    }
  }
}

extension ReferenceWorld {
  /// Everything that was ever taken after a lock, or after what was taken after it.
  func comes(after lock: Int) -> Set<Int> {
    var found: Set<Int> = [lock]
    while true {
      let more = found.union(order.filter { found.contains($0.held) }.map(\.wanted))
      if more == found { return found }
      found = more
    }
  }

  func heldLock(_ actor: ReferenceActor) -> Int? { locks.firstIndex { $0 == actor } }

  /// The lock that an active handler stands before.
  func wanted(by number: Int, _ program: Program) -> Int? {
    guard let top = handlers[number].stack.last else { return nil }
    let instruction = program.instructions[top.address]
    return instruction.operation == .lock ? Int(instruction.b) : nil
  }

  /// The lock that a task stands before which may not sleep.
  func wanted(byTask slot: Int, _ program: Program) -> Int? {
    let task = tasks[slot]
    guard task.condition == .runnable, task.areInterruptsOff || task.areBottomHalvesOff,
      let top = task.stack.last
    else { return nil }
    let instruction = program.instructions[top.address]
    return instruction.operation == .lock ? Int(instruction.b) : nil
  }

  func isSpinning(task slot: Int, _ program: Program) -> Bool {
    wanted(byTask: slot, program).map { locks[$0] != nil } ?? false
  }

  func isSpinning(_ number: Int, _ program: Program) -> Bool {
    wanted(by: number, program).map { locks[$0] != nil } ?? false
  }

  /// The handler that holds a task up.
  func interrupter(of slot: Int) -> Int? {
    handlers.indices.first { number in
      guard handlers[number].isActive else { return false }
      return handlers[number].brokenInto == slot
        || handlers[number].cpu == tasks[slot].cpu ?? tasks[slot].ownCPU
    }
  }
}
