import Machine
import Patching

/// kGraft's transition, from the kernel's own sequence: window, stubs, in progress, CPUs, tasks,
/// window, kernel threads; then look after look; then finalise.
extension ReferenceStep {
  // MARK: Universes

  /// The stub: which function runs.
  mutating func redirect(_ traced: Int, _ runner: Runner, _ alternative: Int) -> Int {
    let function = program.tracedFunctions[traced]
    switch world.transition.redirections[traced] {
    case .none: return function.original.rawValue
    case .fast(let patch): return variant(function, patch)
    case .slow(let patch):
      if usesNew(runner, alternative) { return variant(function, patch) }
      // What lies below: the variant of the patch applied last that has one.
      let below = world.transition.finished.last { finished in
        function.variants.contains { $0.patch.rawValue == finished }
      }
      return below.map { variant(function, $0) } ?? function.original.rawValue
    }
  }

  private func variant(_ function: TracedFunction, _ patch: Int) -> Int {
    let variant = function.variants.first { $0.patch.rawValue == patch }
    return (variant?.function ?? function.original).rawValue
  }

  private mutating func usesNew(_ runner: Runner, _ alternative: Int) -> Bool {
    switch runner {
    case .handler(let number):
      return world.transition.switchedCPUs.contains(world.handlers[number].cpu)
    case .task(let slot):
      let cpus = machine.interruptCPUs(of: slot, world)
      if !cpus.isEmpty {
        let cpu = cpus.indices.contains(alternative) ? cpus[alternative] : 0
        return world.transition.switchedCPUs.contains(keepsTime ? cpus[0] : cpu)
      }
      if machine.rules.hasImmutableWindow, world.transition.isWindowOpen {
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
    world.tasks[slot].isOld = false
    note("migrated \(slot) by \(cause)")
  }

  /// The monitor `mixed`: for every patch with a variant of the function, was this its new code,
  /// its old, or that of a patch stacked on it, which is neither?
  mutating func noteUniverse(
    _ slot: Int, traced: Int, chosen: Int
  ) throws(ReferenceFault) {
    let isWatched = program.properties.contains {
      $0.kind == .monitor(.mixed, .never) || $0.kind == .monitor(.mixed, .reach)
    }
    guard isWatched else { return }
    let variants = program.tracedFunctions[traced].variants
    // Patches from the bottom of the stack to the top; the one in transition is on top.
    let stacked = world.transition.finished + (world.transition.patch.map { [$0] } ?? [])
    let chosenPatch = variants.first { $0.function.rawValue == chosen }?.patch.rawValue
    let chosenHeight = chosenPatch.flatMap { stacked.firstIndex(of: $0) } ?? -1
    var isMixed = false
    for variant in variants {
      let patch = variant.patch.rawValue
      if patch == chosenPatch {
        world.tasks[slot].ran[patch, default: []].insert(.new)
      } else if (stacked.firstIndex(of: patch) ?? .max) > chosenHeight {
        world.tasks[slot].ran[patch, default: []].insert(.old)
      }
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
      world.transition.isWindowOpen = true
      if machine.rules.generation != .manual {
        log("kgr: applying patch '\(program.patches[patch].name)'")
      }
      note("window opened")
      enter(.redirect)
      return costs.openWindow
    case .redirect:
      nextFunction(of: patch, .slow(patch: patch), then: .setInProgress)
      return costs.redirectFunction
    case .setInProgress:
      world.transition.isInProgress = true
      note("in progress")
      machine.rules.switchesCPUs ? enter(.switchCPUs) : beginMarking()
      return costs.setInProgress
    case .switchCPUs:
      switchCPU(alternative)
      return costs.switchCPU
    case .mark:
      walk(alternative, then: .closeWindow) { step, slot in step.visitToMark(slot) }
      return costs.markTask
    case .closeWindow:
      return closeWindow()
    case .wakeKernelThreads:
      let isOver = walk(alternative, then: nil) { step, slot in
        if step.machine.isKernelThread(slot), step.world.tasks[slot].isOld { step.poke(slot) }
      }
      return isOver ? returnFromInsmod() : costs.wakeKernelThread
    case .look: return look()
    case .sendFakeSignals:
      let isOver = walk(alternative, then: .look) { step, slot in step.visitToFake(slot) }
      return isOver ? machine.rules.lookNanoseconds : costs.sendFakeSignal
    case .finalise:
      nextFunction(of: patch, .fast(patch: patch), then: .finish)
      return costs.finaliseFunction
    case .finish:
      finish(patch)
      return nil
    }
  }

  private mutating func nextFunction(
    of patch: Int, _ redirection: ReferenceTransition.Redirection,
    then next: ReferenceTransition.Stage
  ) {
    let functions = program.patches[patch].functions
    if world.transition.position < functions.count {
      let traced = functions[world.transition.position].rawValue
      world.transition.redirections[traced] = redirection
      note("function \(traced) \(next == .finish ? "finalised" : "redirected")")
      world.transition.position += 1
    }
    if world.transition.position >= functions.count { enter(next) }
  }

  private mutating func switchCPU(_ alternative: Int) {
    let left = machine.switchableCPUs(world)
    if left.indices.contains(alternative) {
      world.transition.switchedCPUs.insert(left[alternative])
      note("switched \(left[alternative])")
    }
    if world.transition.switchedCPUs.count == program.cpuCount { beginMarking() }
  }

  private mutating func beginMarking() {
    let isNobodyThere = keepsTime ? world.tasks.isEmpty : world.listed.isEmpty
    enter(isNobodyThere ? .closeWindow : .mark)
  }

  private mutating func closeWindow() -> Int64 {
    world.transition.isWindowOpen = false
    note("window closed")
    let wakes = machine.rules.wakesKernelThreads && machine.rules.marking == .everyThread
    guard wakes, beginWalk(.wakeKernelThreads, among: machine.isKernelThread) else {
      return returnFromInsmod()
    }
    return machine.engineCosts.closeWindow
  }

  private mutating func returnFromInsmod() -> Int64 {
    enter(.look)
    if let top = world.scenario.stack.last {
      let register = Int(program.instructions[top.address].a)
      world.scenario.stack[world.scenario.stack.count - 1].registers[register] = 0
    }
    world.scenario.status = .ready
    appoint(.scenario, at: now)
    return machine.rules.lookNanoseconds
  }

  private mutating func look() -> Int64 {
    let left = world.tasks.filter(\.isOld).count
    note("looked \(left)")
    guard left > 0 else {
      enter(.finalise)
      return machine.engineCosts.look
    }
    if !world.transition.hasComplained {
      world.transition.hasComplained = true
      let prefix = machine.rules.generation == .manual ? "kgr " : "kgr: "
      let seconds = machine.rules.lookNanoseconds / 1_000_000_000
      log(prefix + "still in progress after timeout, will keep trying every \(seconds) seconds")
    }
    let tasks = world.tasks
    if machine.rules.sendsFakeSignals, beginWalk(.sendFakeSignals, among: { tasks[$0].isOld }) {
      return machine.engineCosts.look
    }
    return machine.rules.lookNanoseconds
  }

  private mutating func finish(_ patch: Int) {
    world.transition.finished.append(patch)
    world.transition.patch = nil
    world.transition.isInProgress = false
    world.transition.hasComplained = false
    world.transition.switchedCPUs = []
    enter(.idle)
    if let time = world.time, let began = time.transitionBegan {
      world.time?.transitionTook = time.now - began
      world.time?.transitionBegan = nil
    }
    log(machine.rules.generation == .manual ? "kgr succeeded" : "kgr: patching succeeded")
    note("transition finished")
  }
}
