import Patching

@testable import Machine
@testable import ReferenceMachine

/// Every timed schedule of a small world, on the reference machine: whatever it says is due at a
/// moment is taken, one after the other and in every order, and each world is looked at once. What
/// a search keeps of time is written here a second time, over plain values.
struct PlainTime {
  let pair: Pair
  let mode: TimedMode

  struct Result {
    var worlds: Set<ReferenceWorld> = []
    var faults: Set<ReferenceFault> = []
    var failedChecks: Set<Int> = []
    var isFinished = false
    var isStuck = false
    var isComplete = true
  }

  func enumerate(greatest: Int) -> Result? {
    guard let first = try? pair.slow.initial() else { return nil }
    var result = Result()
    var queue = [canonical(first)]
    result.worlds.insert(queue[0])
    while let world = queue.popLast() {
      if world.scenario.status == .finished { continue }
      guard result.worlds.count <= greatest else {
        result.isComplete = false
        break
      }
      guard let (moved, choices) = pair.slow.due(world),
        !(isUnlimited(moved) && choices.contains { $0.actor == .scenario })
      else {
        result.isStuck = true
        continue
      }
      for choice in choices {
        let made = pair.slow.step(moved, choice)
        result.failedChecks.formUnion(made.failedChecks)
        if case .faulted(let fault) = made.outcome {
          result.faults.insert(fault)
          continue
        }
        if made.outcome == .finished { result.isFinished = true }
        let next = canonical(made.world)
        if result.worlds.insert(next).inserted { queue.append(next) }
      }
    }
    return result
  }

  // MARK: Worlds out of the calendar

  /// Moments count from here, a tick of every interrupt.
  private var noon: Int64 { 1_000_000_000_000_000 / period * period }

  func canonical(_ world: ReferenceWorld) -> ReferenceWorld {
    guard var time = world.time else { return world }
    var world = world
    let now = time.now
    let noon = noon + now % period
    func from(_ moment: Int64) -> Int64 { moment - now + noon }
    if isUnlimited(world) {
      time.awaitLimit = now + Machine.defaultAwaitNanoseconds
      for place in time.appointments.indices where time.appointments[place].actor == .scenario {
        time.appointments[place].due = time.awaitLimit
      }
    }
    time.awaitLimit = world.scenario.status == .awaiting ? from(time.awaitLimit) : 0
    (time.transitionBegan, time.transitionTook, time.longestPause) = (nil, 0, 0)
    if !pair.program.readsLog { world.log = [] }
    for place in time.appointments.indices {
      let (actor, due) = (time.appointments[place].actor, time.appointments[place].due)
      time.appointments[place].due = from(max(due, floor(of: actor, world, time)))
    }
    for slot in world.tasks.indices {
      world.tasks[slot].since = 0
      let end = world.tasks[slot].sleepEnd
      if end != 0 { world.tasks[slot].sleepEnd = from(max(end, now)) }
      if world.tasks[slot].condition == .zombie { world.tasks[slot].sleepEnd = 0 }
    }
    for place in time.cpus.indices { cut(&time.cpus[place], world, time, noon, from) }
    time.appointments.sort { Self.place(of: $0.actor) < Self.place(of: $1.actor) }
    time.now = noon
    world.time = time
    return world
  }

  /// Whoever can't step yet and will as soon as it can is as late as one that is due now.
  private func floor(
    of actor: ReferenceActor, _ world: ReferenceWorld, _ time: ReferenceTime
  ) -> Int64 {
    switch actor {
    case .scenario, .engine: return .min
    case .handler(let number):
      let isActive = world.handlers[number].isActive
      return !isActive || world.isSpinning(number, pair.program) ? time.now : .min
    case .task(let slot):
      guard world.isSpinning(task: slot, pair.program) else { return .min }
      let cpu = world.tasks[slot].cpu.map { time.cpus[$0] }
      return cpu?.handler == nil ? time.now : cpu?.handlerBegan ?? time.now
    }
  }

  private func cut(
    _ cpu: inout ReferenceTime.CPU, _ world: ReferenceWorld, _ time: ReferenceTime,
    _ noon: Int64, _ from: (Int64) -> Int64
  ) {
    let slice = pair.program.sliceNanoseconds
    let isWanted = cpu.sliceEnd == 1
    let due = cpu.task.flatMap { slot in
      // Moved already.
      time.appointments.first { $0.actor == .task(slot) }.map { $0.due - noon + time.now }
    }
    let isSwitching = due.map { $0 + slice == cpu.sliceEnd } ?? false
    if !isWanted, cpu.task != nil, cpu.handler == nil {
      if !mode.keepsSlices, !isSwitching {
        cpu.sliceEnd = time.now + slice + (due == time.now ? 1 : 0)
      }
      cpu.sliceEnd = max(cpu.sliceEnd, time.now)
    }
    if !isWanted { cpu.sliceEnd = cpu.task == nil ? 0 : from(cpu.sliceEnd) }
    cpu.handlerBegan = cpu.handler == nil ? 0 : from(cpu.handlerBegan)
  }

  /// Ticks come at the multiples of their periods.
  private var period: Int64 {
    pair.program.interrupts.filter { $0.slackNanoseconds == 0 }
      .reduce(1) { common, interrupt in
        var (left, right) = (common, interrupt.periodNanoseconds)
        while right != 0 { (left, right) = (right, left % right) }
        return common / left * interrupt.periodNanoseconds
      }
  }

  private func isUnlimited(_ world: ReferenceWorld) -> Bool {
    guard world.scenario.status == .awaiting, let top = world.scenario.stack.last,
      let time = world.time
    else { return false }
    let instruction = pair.program.instructions[top.address]
    let due = time.appointments.first { $0.actor == .scenario }?.due
    return instruction.operation == .await && Int(instruction.a) == Instruction.noRegister
      && due == time.awaitLimit
  }

  private static func place(of actor: ReferenceActor) -> Int {
    switch actor {
    case .scenario: 0
    case .engine: 1
    case .handler(let number): 2 + number
    case .task(let slot): 1_000 + slot
    }
  }
}
