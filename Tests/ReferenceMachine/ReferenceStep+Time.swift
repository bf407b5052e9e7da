import Machine

/// CPUs, slices and appointments of a run. Where time is arbitrary all of it does nothing.
extension ReferenceStep {
  mutating func appoint(_ actor: ReferenceActor, at due: Int64) {
    cancel(actor)
    world.time?.appointments.append(.init(actor: actor, due: due))
  }

  mutating func cancel(_ actor: ReferenceActor) {
    world.time?.appointments.removeAll { $0.actor == actor }
  }

  func due(_ actor: ReferenceActor) -> Int64? {
    world.time?.appointments.first { $0.actor == actor }?.due
  }

  /// The task's next step comes after that long.
  mutating func spend(_ cost: Int64, _ slot: Int) { appoint(.task(slot), at: now + cost) }

  mutating func makeRunnable(_ slot: Int) {
    world.tasks[slot].condition = .runnable
    guard keepsTime else { return }
    world.tasks[slot].since = now
    queueUp(slot)
  }

  private mutating func queueUp(_ slot: Int) {
    cancel(.task(slot))
    world.time?.runQueue.append(slot)
    fillCPUs()
  }

  /// Idle CPUs, the lowest number first, take whoever is first in line of those that may be there.
  mutating func fillCPUs() {
    guard let time = world.time else { return }
    for number in time.cpus.indices where time.cpus[number].task == nil && !isSpunOn(number) {
      guard
        let place = world.time?.runQueue.firstIndex(where: { isAllowed($0, number) }),
        let slot = world.time?.runQueue.remove(at: place)
      else { continue }
      // Behind a handler it begins when that ends, and the handler's end adds what it took.
      let cpu = time.cpus[number]
      let due = (cpu.handler == nil ? now : cpu.handlerBegan) + machine.costs.contextSwitch
      world.time?.cpus[number].task = slot
      let sliceEnd = due + program.sliceNanoseconds
      world.time?.cpus[number].sliceEnd = sliceEnd
      world.tasks[slot].cpu = number
      appoint(.task(slot), at: due)
    }
  }

  /// Whether the handler there spins: then nobody is put on that CPU.
  private func isSpunOn(_ cpu: Int) -> Bool {
    guard let number = world.time?.cpus[cpu].handler else { return false }
    return world.isSpinning(number, program)
  }

  /// One that was put on the CPU behind the handler, and has not run yet, goes elsewhere when that
  /// comes to spin.
  mutating func leaveSpunCPU(under number: Int) {
    let cpu = world.handlers[number].cpu
    guard isSpunOn(cpu), let fields = world.time?.cpus[cpu], let slot = fields.task,
      world.tasks[slot].since >= fields.handlerBegan, isSwitching(cpu)
    else { return }
    world.time?.cpus[cpu].task = nil
    world.tasks[slot].cpu = nil
    queueUp(slot)
  }

  // MARK: The engine's work on a CPU

  /// In place of the end of a slice: the engine's work item is next on that CPU.
  static let wanted: Int64 = 1

  func canLend(_ cpu: Int) -> Bool {
    world.time?.cpus[cpu].task.map(isPreemptible) ?? true
  }

  private mutating func lend(_ cpu: Int) {
    let sliceEnd = now + program.sliceNanoseconds
    world.time?.cpus[cpu].sliceEnd = sliceEnd
    if world.transition.stage == .switchCPUs, !world.transition.switchedCPUs.contains(cpu) {
      world.transition.lentCPUs.insert(cpu)
    }
    if world.transition.stage == .look, world.transition.lentCPUs.isEmpty {
      world.transition.lentCPUs = [cpu]
      // It has what it wanted, and leaves the others alone.
      for other in world.time?.cpus.indices ?? 0..<0 where isWanted(other) {
        let over = now
        world.time?.cpus[other].sliceEnd = over
      }
    }
    if due(.engine) == nil { appoint(.engine, at: now) }
  }

  private func isWanted(_ cpu: Int) -> Bool { world.time?.cpus[cpu].sliceEnd == Self.wanted }

  private func isAllowed(_ slot: Int, _ cpu: Int) -> Bool {
    world.tasks[slot].ownCPU.map { $0 == cpu } ?? true
  }

  /// After a task's step, where time is arbitrary: whether it keeps its CPU from the others that
  /// can't be elsewhere.
  mutating func occupy(_ slot: Int, boundTo cpu: Int?) {
    guard !keepsTime, let cpu else { return }
    let task = world.tasks[slot]
    let stays = task.condition == .runnable && !isPreemptible(slot)
    world.occupants[cpu] = stays ? slot : nil
  }

  mutating func releaseCPU(_ slot: Int) {
    guard keepsTime else { return }
    world.tasks[slot].since = now
    cancel(.task(slot))
    world.time?.runQueue.removeAll { $0 == slot }
    guard let cpu = world.tasks[slot].cpu else { return }
    world.tasks[slot].cpu = nil
    world.time?.cpus[cpu].task = nil
    if isWanted(cpu) { lend(cpu) }
    fillCPUs()
  }

  /// User code is, kernel code only of a kernel that was made so, and never where it has turned
  /// something off.
  private func isPreemptible(_ slot: Int) -> Bool {
    let task = world.tasks[slot]
    guard task.isInKernel else { return true }
    return program.isPreemptible && !task.areInterruptsOff && !task.areBottomHalvesOff
  }

  /// Time passes on the task's CPU, where it is preemptible no longer than its slice.
  mutating func work(_ length: Int64, _ slot: Int) {
    guard let time = world.time, let cpu = world.tasks[slot].cpu else { return }
    let left = max(0, time.cpus[cpu].sliceEnd - now)
    let portion = isPreemptible(slot) ? min(length, left) : length
    world.tasks[slot].carried = length - portion
    spend(portion, slot)
  }

  /// The task's step comes now; what it had still to spend on its CPU it spends afterwards. While a
  /// handler runs there it has been spending nothing, and it goes on when that ends.
  mutating func breakOff(_ slot: Int) {
    guard let time = world.time, let cpu = world.tasks[slot].cpu, let due = due(.task(slot)),
      !isSwitching(cpu)
    else { return }
    let moment = time.cpus[cpu].handler == nil ? time.now : time.cpus[cpu].handlerBegan
    guard due > moment else { return }
    world.tasks[slot].carried += due - moment
    appoint(.task(slot), at: moment)
  }

  /// A slice begins when the CPU has been switched to the task.
  private func isSwitching(_ cpu: Int) -> Bool {
    guard let time = world.time, let slot = time.cpus[cpu].task, let due = due(.task(slot))
    else { return false }
    return due == time.cpus[cpu].sliceEnd - program.sliceNanoseconds
  }

  /// Whether code whose slice is over loses its CPU. Nobody else there: a new slice.
  mutating func losesCPU(_ slot: Int) -> Bool {
    guard let time = world.time, let cpu = world.tasks[slot].cpu else { return false }
    guard isPreemptible(slot), now >= time.cpus[cpu].sliceEnd else { return false }
    if isWanted(cpu) {
      note("preempted \(slot)")
      lend(cpu)
      let longest = max(time.longestPause, machine.costs.contextSwitch)
      world.time?.longestPause = longest
      let back = now + machine.costs.contextSwitch
      // Its slice is over: who waits is next.
      world.time?.cpus[cpu].sliceEnd = back
      appoint(.task(slot), at: back)
      return true
    }
    guard time.runQueue.contains(where: { isAllowed($0, cpu) }) else {
      let sliceEnd = now + program.sliceNanoseconds
      world.time?.cpus[cpu].sliceEnd = sliceEnd
      return false
    }
    note("preempted \(slot)")
    world.tasks[slot].cpu = nil
    world.time?.cpus[cpu].task = nil
    queueUp(slot)
    return true
  }

  /// The handler is done. Whom it interrupted goes on as much later as it took.
  mutating func endHandler(_ number: Int, _ alternative: Int) {
    let handler = world.handlers[number]
    note("irq end \(number) on \(handler.cpu)")
    world.handlers[number].stack = []
    world.handlers[number].brokenInto = nil
    guard let cpu = world.time?.cpus[handler.cpu] else { return }
    let began = cpu.handlerBegan
    world.time?.cpus[handler.cpu].handler = nil
    world.time?.cpus[handler.cpu].handlerBegan = 0
    let source = program.interrupts[handler.source]
    let period = source.periodNanoseconds
    // The ticks stand at whole periods; the one after the tick that began this handler is next.
    var tick = (began / period + 1) * period
    if source.slackNanoseconds > 0 { tick = began + period + Int64(alternative) }
    if machine.isConnected(handler.source, world) {
      appoint(.handler(number), at: max(now, tick))
    } else {
      cancel(.handler(number))
    }
    if world.transition.lentCPUs.contains(handler.cpu), self.due(.engine) == nil {
      appoint(.engine, at: now)
    }
    if let slot = cpu.task, let due = due(.task(slot)) {
      let later = max(due, began) + (now - began)
      if isSwitching(handler.cpu) {
        let sliceEnd = later + program.sliceNanoseconds
        world.time?.cpus[handler.cpu].sliceEnd = sliceEnd
      }
      appoint(.task(slot), at: later)
    } else if cpu.task == nil {
      fillCPUs()
    }
    for other in world.handlers.indices
    where other != number && world.handlers[other].cpu == handler.cpu {
      // With locks about, whoever was masked gets in line anew, whether its time has come or not.
      if let due = due(.handler(other)), due <= now || !program.locks.isEmpty {
        appoint(.handler(other), at: max(due, now))
      }
    }
  }
}
