import Machine
import Patching

/// kGraft's transition, from the kernel's own sequence: window, stubs, in progress, CPUs, tasks,
/// window, kernel threads; then look after look; then finalise.
extension ReferenceStep {
  // MARK: Universes

  /// The stub: which function runs.
  mutating func redirect(_ traced: Int, _ runner: Runner, _ alternative: Int) -> Int {
    let function = program.tracedFunctions[traced]
    switch world.transition.stubs[traced] {
    case .none: return function.original.rawValue
    case .fast(let patch): return variant(function, patch)
    case .slow(let patch):
      let state = world.transition.patches[patch].variants[traced]
      let isGoing = state?.condition == .revertSlow && machine.rules.invertsOnRevert
      // Who is new gets the patch's code while it comes, and what lies below while it goes.
      if usesNew(runner, alternative) != isGoing { return variant(function, patch) }
      return state?.below.map { variant(function, $0) } ?? function.original.rawValue
    }
  }

  private func variant(_ function: TracedFunction, _ patch: Int) -> Int {
    let variant = function.variants.first { $0.patch.rawValue == patch }
    return (variant?.function ?? function.original).rawValue
  }

  private mutating func usesNew(_ runner: Runner, _ alternative: Int) -> Bool {
    let isWindowOpen = machine.rules.hasImmutableWindow && world.transition.isWindowOpen
    if isWindowOpen, !machine.rules.asksForInterruptsFirst {
      if case .task(let slot) = runner { mark(slot) }
      return false
    }
    switch runner {
    case .handler(let number):
      return world.transition.switchedCPUs.contains(world.handlers[number].cpu)
    case .task(let slot):
      let cpus = machine.interruptCPUs(of: slot, world)
      if !cpus.isEmpty {
        let cpu = cpus.indices.contains(alternative) ? cpus[alternative] : 0
        return world.transition.switchedCPUs.contains(keepsTime ? cpus[0] : cpu)
      }
      if isWindowOpen {
        mark(slot)
        return false
      }
      return !world.tasks[slot].isOld
    }
  }

  mutating func mark(_ slot: Int) {
    guard !world.tasks[slot].isOld else { return }
    world.tasks[slot].isOld = true
    note("marked \(slot)")
  }

  mutating func migrate(_ slot: Int, _ cause: String) {
    guard world.tasks[slot].isOld else { return }
    if cause == "entry", !machine.rules.clearsOnEntry { return }
    if ["exit", "interruption"].contains(cause), !machine.rules.clearsOnExit { return }
    world.tasks[slot].isOld = false
    note("migrated \(slot) by \(cause)")
  }

  /// The monitor `mixed`: for every patch, was this its new code, its old, or neither?
  mutating func noteUniverse(
    _ slot: Int, traced: Int, chosen: Int
  ) throws(ReferenceFault) {
    let isWatched = program.properties.contains {
      $0.kind == .monitor(.mixed, .never) || $0.kind == .monitor(.mixed, .reach)
    }
    guard isWatched else { return }
    var isMixed = false
    for patch in program.patches.indices {
      guard let universe = universe(of: chosen, traced, seenFrom: patch) else { continue }
      world.tasks[slot].ran[patch, default: []].insert(universe)
      if world.tasks[slot].ran[patch]?.count == 2 { isMixed = true }
    }
    if isMixed { try claim(.mixed) }
  }

  /// A monitor has seen it: each `reach` of it is done with, each `never` of it has failed.
  mutating func claim(_ monitor: Monitor) throws(ReferenceFault) {
    for number in world.armed.sorted()
    where program.properties[number].kind == .monitor(monitor, .reach) {
      world.armed.remove(number)
      note("reached \(number)")
    }
    for number in world.armed.sorted()
    where program.properties[number].kind == .monitor(monitor, .never) {
      throw .violated(property: number)
    }
  }

  private func universe(
    of chosen: Int, _ traced: Int, seenFrom patch: Int
  ) -> ReferenceTask.Universe? {
    let transition = world.transition
    let chosenPatch = program.functions[chosen].patch?.rawValue
    if transition.patches[patch].variants[traced] == nil {
      // One that it would drop: the code of any patch before it is old, and while it drops it the
      // original is new.
      guard program.patches[patch].replacesAll else { return nil }
      if chosenPatch != nil { return transition.finished.contains(patch) ? nil : .old }
      guard transition.patch == patch, let on = transition.stubs[traced].patch else { return nil }
      let isGoing = transition.patches[on].variants[traced]?.condition == .revertSlow
      return isGoing ? .new : nil
    }
    if chosenPatch == patch { return .new }
    // Patches from the bottom of the stack to the top, with the one in transition, or one that has
    // no place, above all.
    let list = transition.finished
    let height = chosenPatch.map { list.firstIndex(of: $0) ?? .max } ?? -1
    let own = list.firstIndex(of: patch) ?? .max
    return own == .max || own > height ? .old : nil
  }

  // MARK: The steps

  mutating func stepEngine(_ alternative: Int) {
    cancel(.engine)
    guard let patch = world.transition.patch else { return }
    if let delay = stepTransition(patch, alternative) { appoint(.engine, at: now + delay) }
  }

  private mutating func enter(_ stage: ReferenceTransition.Stage) {
    world.transition.stage = stage
    world.transition.position = 0
  }

  /// Gives the time to the next step, nil after the last.
  private mutating func stepTransition(_ patch: Int, _ alternative: Int) -> Int64? {
    let costs = machine.engineCosts
    switch world.transition.stage {
    case .idle: return nil
    case .openWindow:
      openWindow(patch)
      return costs.openWindow
    case .revertReplaced:
      if isStuckOnReplaced() { return costs.redirectFunction }
      return revertNextReplaced() ? costs.redirectFunction : costs.passFunction
    case .redirect:
      if isStuckOnOwn(patch) { return costs.redirectFunction }
      return redirectNext(patch) ? costs.redirectFunction : costs.passFunction
    case .rollBack:
      return rollBackNext(patch) ? costs.redirectFunction : costs.passFunction
    case .restoreReplaced:
      return restoreNextReplaced() ? costs.redirectFunction : costs.passFunction
    case .fail:
      fail(patch)
      return nil
    case .setInProgress:
      setInProgress(patch)
      return costs.setInProgress
    case .switchCPUs:
      return switchCPU(alternative)
    case .mark:
      walk(alternative, then: .closeWindow) { step, slot in step.visitToMark(slot) }
      return costs.markTask
    case .closeWindow:
      return closeWindow()
    case .wakeKernelThreads:
      let isOver = walk(alternative, then: nil) { step, slot in
        if step.machine.isKernelThread(slot, step.world), step.world.tasks[slot].isOld {
          step.poke(slot)
        }
      }
      return isOver ? returnFromInsmod() : costs.wakeKernelThread
    case .look: return look()
    case .sendFakeSignals:
      let isOver = walk(alternative, then: .look) { step, slot in step.visitToFake(slot) }
      return isOver ? machine.rules.lookNanoseconds : costs.sendFakeSignal
    case .finalise:
      return finaliseNext(patch) ? costs.finaliseFunction : costs.passFunction
    case .finaliseReplaced:
      return finaliseNextReplaced() ? costs.finaliseFunction : costs.passFunction
    case .finish:
      finish(patch)
      return nil
    }
  }

  private mutating func openWindow(_ patch: Int) {
    world.transition.isTainted = true
    if machine.rules.generation == .current {
      let verb = world.transition.isReverting ? "reverting" : "applying"
      log("kgr: \(verb) patch '\(program.patches[patch].name)'")
    }
    if !asksForNothing(patch) {
      world.transition.isWindowOpen = true
      let purpose = world.transition.isReverting ? "to revert" : "to apply"
      note("window opened \(purpose)")
    }
    startFirstStage()
  }

  private mutating func setInProgress(_ patch: Int) {
    world.transition.isInProgress = true
    if world.transition.isReverting {
      world.transition.finished.removeAll { $0 == patch }
    } else if !program.patches[patch].replacesAll {
      for earlier in world.transition.finished { world.transition.patches[earlier].refs += 1 }
    }
    note("in progress")
    guard machine.rules.switchesCPUs, machine.rules.switchesCPUsFirst else {
      return goOnBehindCPUs(patch)
    }
    beginSwitching()
  }

  /// 3.12's `immediate`.
  private func asksForNothing(_ patch: Int) -> Bool {
    machine.rules.knowsImmediate && program.patches[patch].isImmediate
  }

  private mutating func goOnBehindCPUs(_ patch: Int) {
    guard asksForNothing(patch) else { return beginMarking() }
    enter(.finalise)
    if machine.rules.generation != .current { log("kgr succeeded") }
  }

  private mutating func beginSwitching() {
    enter(.switchCPUs)
    guard let cpus = world.time?.cpus else { return }
    // Every CPU's item takes it at once from nobody or from user code, and else stands in line.
    for cpu in cpus.indices {
      if canLend(cpu) {
        world.transition.lentCPUs.insert(cpu)
      } else {
        world.time?.cpus[cpu].sliceEnd = Self.wanted
      }
    }
  }

  /// When the next CPU is switched, nil when the item has to wait for one.
  private mutating func switchCPU(_ alternative: Int) -> Int64? {
    let left = machine.switchableCPUs(world)
    if left.indices.contains(alternative) {
      world.transition.switchedCPUs.insert(left[alternative])
      world.transition.lentCPUs.remove(left[alternative])
      note("switched \(left[alternative])")
    }
    if world.transition.switchedCPUs.count == program.cpuCount {
      guard machine.rules.switchesCPUsFirst else { return leaveWindow() }
      if let patch = world.transition.patch { goOnBehindCPUs(patch) }
    } else if machine.switchableCPUs(world).isEmpty {
      return nil
    }
    return machine.engineCosts.switchCPU
  }

  private mutating func beginMarking() {
    let isNobodyThere = keepsTime ? world.tasks.isEmpty : world.listed.isEmpty
    enter(isNobodyThere ? .closeWindow : .mark)
  }

  private mutating func closeWindow() -> Int64 {
    world.transition.isWindowOpen = false
    note("window closed")
    if machine.rules.switchesCPUs, !machine.rules.switchesCPUsFirst {
      beginSwitching()
      return machine.engineCosts.closeWindow
    }
    return leaveWindow()
  }

  private mutating func leaveWindow() -> Int64 {
    let wakes = machine.rules.wakesKernelThreads && machine.rules.marking == .everyThread
    let (machine, world) = (machine, world)
    guard wakes,
      beginWalk(.wakeKernelThreads, among: { machine.isKernelThread($0, world) })
    else {
      return returnFromInsmod()
    }
    return machine.engineCosts.closeWindow
  }

  private mutating func returnFromInsmod() -> Int64 {
    enter(.look)
    answer(0)
    return machine.rules.lookNanoseconds
  }

  /// The request that the operator waits for is over.
  mutating func answer(_ status: Int64) {
    let top = world.scenario.stack.count - 1
    let instruction = instruction(world.scenario.stack)
    if instruction.operation == .command {
      world.scenario.stack[top].registers[Int(instruction.a)] = status
    } else {
      world.scenario.answer = status
    }
    world.scenario.status = .ready
    appoint(.scenario, at: now)
  }

  private mutating func look() -> Int64? {
    guard runsOnSomeCPU() else { return nil }
    let exempt = machine.rules.exemptsZombies
    let left = world.tasks.indices.count {
      world.tasks[$0].isOld && machine.isAsked($0, world)
        && !(exempt && world.tasks[$0].condition == .zombie)
    }
    note("looked \(left)")
    guard left > 0 else {
      enter(.finalise)
      if machine.rules.generation != .current { log("kgr succeeded") }
      return machine.engineCosts.look
    }
    if machine.rules.complainsAtEachLook || !world.transition.hasComplained {
      world.transition.hasComplained = !machine.rules.complainsAtEachLook
      let seconds = machine.rules.lookNanoseconds / 1_000_000_000
      let trying = "still in progress after timeout, will keep trying every \(seconds) seconds"
      switch machine.rules.generation {
      case .first: log("kgr failed after timeout (\(seconds)), still in degraded mode")
      case .manual: log("kgr " + trying)
      case .current: log("kgr: " + trying)
      }
    }
    let tasks = world.tasks
    if machine.rules.sendsFakeSignals, beginWalk(.sendFakeSignals, among: { tasks[$0].isOld }) {
      return machine.engineCosts.look
    }
    return machine.rules.lookNanoseconds
  }

  /// The worker is a kernel thread, and looks when it has a CPU: an idle one, or one with user
  /// code, and no handler there. Else it is first in line on all of them.
  private mutating func runsOnSomeCPU() -> Bool {
    guard machine.rules.workerNeedsCPU, let cpus = world.time?.cpus else { return true }
    if let own = world.transition.lentCPUs.first {
      if world.isInterrupted(own) { return false }
      world.transition.lentCPUs = []
      return true
    }
    let open = cpus.indices.filter(canLend)
    if open.contains(where: { !world.isInterrupted($0) }) { return true }
    if let first = open.first {
      world.transition.lentCPUs = [first]
      return false
    }
    for cpu in cpus.indices { world.time?.cpus[cpu].sliceEnd = Self.wanted }
    return false
  }

  private mutating func finish(_ patch: Int) {
    if world.transition.isReverting {
      world.transition.patches[patch].isHeld = false
      for earlier in world.transition.finished
      where world.transition.patches[earlier].refs > 0 {
        world.transition.patches[earlier].refs -= 1
      }
    } else {
      if program.patches[patch].replacesAll {
        for replaced in world.transition.finished {
          world.transition.patches[replaced].isHeld = false
        }
        world.transition.finished = []
      }
      world.transition.finished.append(patch)
    }
    end()
    if machine.rules.generation == .current { log("kgr: patching succeeded") }
    note("transition finished")
    if asksForNothing(patch) { return answer(0) }
    guard world.transition.isRequestWaiting else { return }
    world.scenario.status = .ready
    appoint(.scenario, at: now)
  }

  mutating func end() {
    world.transition.patch = nil
    world.transition.isInProgress = false
    world.transition.isReverting = false
    world.transition.hasComplained = false
    world.transition.switchedCPUs = []
    world.transition.lentCPUs = []
    enter(.idle)
    if let time = world.time, let began = time.transitionBegan {
      world.time?.transitionTook = time.now - began
      world.time?.transitionBegan = nil
    }
  }
}
