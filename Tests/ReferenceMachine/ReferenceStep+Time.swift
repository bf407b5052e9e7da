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

  /// Idle CPUs, the lowest number first, take whoever is first in line.
  private mutating func fillCPUs() {
    guard let time = world.time else { return }
    for number in time.cpus.indices where time.cpus[number].task == nil {
      guard let slot = world.time?.runQueue.first else { return }
      world.time?.runQueue.removeFirst()
      let sliceEnd = now + machine.costs.contextSwitch + program.sliceNanoseconds
      world.time?.cpus[number].task = slot
      world.time?.cpus[number].sliceEnd = sliceEnd
      world.tasks[slot].cpu = number
      // Behind a handler it begins when that ends, and the handler's end adds what it took.
      let cpu = time.cpus[number]
      let begins = cpu.handler == nil ? now : cpu.handlerBegan
      appoint(.task(slot), at: begins + machine.costs.contextSwitch)
    }
  }

  mutating func releaseCPU(_ slot: Int) {
    guard keepsTime else { return }
    world.tasks[slot].since = now
    cancel(.task(slot))
    world.time?.runQueue.removeAll { $0 == slot }
    guard let cpu = world.tasks[slot].cpu else { return }
    world.tasks[slot].cpu = nil
    world.time?.cpus[cpu].task = nil
    fillCPUs()
  }

  /// Time passes on the task's CPU, in user mode no longer than its slice.
  mutating func work(_ length: Int64, _ slot: Int) {
    guard let time = world.time, let cpu = world.tasks[slot].cpu else { return }
    let left = max(0, time.cpus[cpu].sliceEnd - now)
    let portion = world.tasks[slot].isInKernel ? length : min(length, left)
    world.tasks[slot].carried = length - portion
    spend(portion, slot)
  }

  /// What a task stopped on its CPU had still to spend there, it spends when it goes on. While a
  /// handler runs there it has been spending nothing.
  mutating func oweRest(_ slot: Int) {
    guard let time = world.time, let cpu = world.tasks[slot].cpu, let due = due(.task(slot))
    else { return }
    let busy = time.cpus[cpu].handler != nil
    let stopped = busy ? time.cpus[cpu].handlerBegan : time.now
    world.tasks[slot].carried += max(0, due - stopped)
  }

  /// Whether user code whose slice is over loses its CPU. Nobody else there: a new slice.
  mutating func losesCPU(_ slot: Int) -> Bool {
    guard let time = world.time, let cpu = world.tasks[slot].cpu else { return false }
    guard !world.tasks[slot].isInKernel, now >= time.cpus[cpu].sliceEnd else { return false }
    guard !time.runQueue.isEmpty else {
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
    guard let cpu = world.time?.cpus[handler.cpu] else { return }
    let began = cpu.handlerBegan
    world.time?.cpus[handler.cpu].handler = nil
    world.time?.cpus[handler.cpu].handlerBegan = 0
    let source = program.interrupts[handler.source]
    let period = source.periodNanoseconds
    // The ticks stand at whole periods; the one after the tick that began this handler is next.
    var tick = period
    while tick <= began { tick += period }
    if source.slackNanoseconds > 0 { tick = began + period + Int64(alternative) }
    appoint(.handler(number), at: max(now, tick))
    if let slot = cpu.task, let due = due(.task(slot)) {
      appoint(.task(slot), at: max(due, began) + (now - began))
    }
    for other in world.handlers.indices
    where other != number && world.handlers[other].cpu == handler.cpu {
      if let due = due(.handler(other)), due <= now { appoint(.handler(other), at: now) }
    }
  }
}
