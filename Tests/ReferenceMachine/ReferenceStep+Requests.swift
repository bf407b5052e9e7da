import Machine
import Patching

/// What the operator asks of kGraft: `insmod`, a write to a patch's `revert`, a write to
/// `in_progress`.
extension ReferenceStep {
  mutating func requestPatching(
    _ instruction: Instruction, _ alternative: Int, _ stack: inout [ReferenceFrame]
  ) throws(ReferenceFault) -> Answer {
    let top = stack.count - 1
    let status = Int(instruction.a)
    if world.scenario.hasBegun, !world.transition.isRequestWaiting {
      if world.transition.isForcing {
        guard forceNext(alternative) else { return .again(at: now) }
      }
      stack[top].registers[status] = world.scenario.answer
      world.scenario.answer = 0
      world.scenario.hasBegun = false
      return .done
    }
    switch try request(instruction, stack[top]) {
    case .refused(let error): return refuse(error, status, &stack)
    case .done:
      noteWritten(instruction, stack[top])
      note("accepted")
      stack[top].registers[status] = 0
      return .done
    case .request(let request): return ask(request, instruction, &stack)
    }
  }

  mutating func ask(
    _ wanted: EngineRequest, _ instruction: Instruction, _ stack: inout [ReferenceFrame]
  ) -> Answer {
    let top = stack.count - 1
    let status = Int(instruction.a)
    switch wanted {
    case .force where !program.hasFtrace:
      note("refused \(Errno.ENOENT)")
      stack[top].registers[status] = -Int64(Errno.ENOENT.rawValue)
      return .done
    case .force:
      let isIdle = !world.transition.isInProgress
      if machine.rules.forceFinalisesAtOnce, isIdle {
        log("kgr: no patching is in progress")
        note("accepted")
        stack[top].registers[status] = 0
        return .done
      }
      note("accepted")
      world.transition.isForcing = true
      world.scenario.hasBegun = true
      return .again(at: now)
    case .apply(let patch):
      guard let error = request(patch.rawValue, isRevert: false) else { return .blocked }
      stack[top].registers[status] = -Int64(error.rawValue)
    case .revert(let patch):
      guard let error = request(patch.rawValue, isRevert: true) else { return .blocked }
      stack[top].registers[status] = -Int64(error.rawValue)
    }
    return .done
  }

  /// Of the files that change nothing but themselves, kGraft has one that it looks at later.
  private mutating func noteWritten(_ instruction: Instruction, _ frame: ReferenceFrame) {
    let words = [0, 1].map { frame.registers[Int(instruction.b) + $0] }
    let texts = words.compactMap { machine.host?.text(for: $0) }
    // No module is refused before 4.4, so that there is nothing to force.
    guard machine.rules.generation == .current else { return }
    if texts.count == 2, texts[0] == "/sys/kernel/kgraft/force_load_module", !texts[1].isEmpty {
      world.transition.forcesModules = texts[1].hasPrefix("1")
    }
  }

  /// Nil: it begins, or has to wait until the functions are finalised, and the operator with it.
  mutating func request(_ patch: Int, isRevert: Bool) -> Errno? {
    if let error = isRevert ? denial(ofRevert: patch) : denial(ofModule: patch) {
      note("refused \(error)")
      return error
    }
    world.transition.isRequestWaiting = machine.isChangingFunctions(world)
    if world.transition.isRequestWaiting {
      world.scenario.hasBegun = true
      world.scenario.status = .busy
      return nil
    }
    world.scenario.hasBegun = false
    if let error = isRevert ? objection(toRevert: patch) : objectionOfAnother() {
      note("refused \(error)")
      return error
    }
    note("accepted")
    begin(patch, isRevert)
    return nil
  }

  private mutating func refuse(
    _ error: Errno, _ status: Int, _ stack: inout [ReferenceFrame]
  ) -> Answer {
    note("refused \(error)")
    stack[stack.count - 1].registers[status] = -Int64(error.rawValue)
    return .done
  }

  private mutating func begin(_ patch: Int, _ isRevert: Bool) {
    if world.transition.patch != nil {
      // Two at a time, against the rules: nobody comes back to the first.
      for slot in world.tasks.indices { world.tasks[slot].isWalked = false }
      world.transition.switchedCPUs = []
      world.transition.lentCPUs = []
    }
    if !isRevert {
      world.transition.patches[patch].isLoaded = true
      world.transition.patches[patch].isHeld = true
    }
    world.transition.patch = patch
    world.transition.isReverting = isRevert
    world.transition.stage = .openWindow
    world.transition.position = 0
    world.scenario.hasBegun = true
    world.scenario.status = .busy
    cancel(.engine)
    appoint(.engine, at: now)
    let began = now
    world.time?.transitionBegan = began
    world.time?.longestPause = 0
  }

  // What needs no lock.

  private mutating func denial(ofModule patch: Int) -> Errno? {
    world.transition.patches[patch].isLoaded ? .EEXIST : objection(toLoading: patch)
  }

  private mutating func denial(ofRevert patch: Int) -> Errno? {
    guard world.transition.patches[patch].isLoaded else { return .ENOENT }
    guard !world.transition.isRequestWaiting else { return nil }
    world.transition.isUnsupported = true
    let name = program.patches[patch].name
    let prefix = machine.rules.generation == .current ? "kgr: " : ""
    log(
      "\(prefix)attempt to revert kgr patch \(name) (\(name)), setting NO_SUPPORT taint flag")
    return nil
  }

  private mutating func objectionOfAnother() -> Errno? {
    guard machine.rules.allowsOneAtATime, world.transition.patch != nil else { return nil }
    log("kgr: can't patch, another patching not yet finalized")
    return .EAGAIN
  }

  private mutating func objection(toRevert patch: Int) -> Errno? {
    if machine.rules.revertsLastFirst, world.transition.patches[patch].refs > 0 {
      log("kgr: can't patch, this patch is still referenced")
      return .EBUSY
    }
    if let error = objectionOfAnother() { return error }
    if !world.transition.finished.contains(patch) {
      log("kgr: can't patch, this one was already reverted")
      return .EINVAL
    }
    return nil
  }

  /// One more task counts as migrated, whatever it does. True after the last.
  mutating func forceNext(_ alternative: Int) -> Bool {
    let old = machine.forceable(world)
    if old.indices.contains(alternative) { migrate(old[alternative], "force") }
    guard machine.forceable(world).isEmpty else { return false }
    world.transition.isForcing = false
    log("kgr: all processes marked as migrated on admin's request")
    world.transition.hasWarned = true
    if machine.rules.forceFinalisesAtOnce, world.transition.stage == .look {
      cancel(.engine)
      appoint(.engine, at: now)
    }
    return true
  }
}

extension ReferenceMachine {
  /// Those that a force takes out of the old universe: 3.12 goes over processes, not threads.
  func forceable(_ world: ReferenceWorld) -> [Int] {
    world.tasks.indices.filter { world.tasks[$0].isOld && isAsked($0, world) }
  }

  func isAsked(_ slot: Int, _ world: ReferenceWorld) -> Bool {
    rules.marking == .everyThread || world.tasks[slot].leader == nil
  }
}
