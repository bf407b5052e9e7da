import Machine
import Patching

/// What kGraft does when it is told that a module comes or goes.
extension ReferenceStep {
  typealias Variant = ReferenceTransition.Variant

  /// Each function of the module is brought to where it would be had the module been there from
  /// the start, patch by patch from the bottom of the stack to the one in transition.
  mutating func moduleComing(_ module: Int) -> Errno? {
    guard machine.rules.patchesLateModules else { return nil }
    for traced in functions(of: module) {
      let lookup = program.tracedFunctions[traced].lookup
      // By its name 3.12 finds it, or not, before it looks at anything else.
      if !machine.rules.knowsPositions, lookup != .found, lookup != .untraceable { continue }
      var below: Int?
      for patch in stack
      where world.transition.patches[patch].variants[traced]?.condition == .skipped {
        if case .refused(let error, let lines) = find(traced, for: patch, isLate: true) {
          if let error = refuse(module, error, lines) { return error }
          continue
        }
        let variant = arrival(of: patch, traced, above: below)
        world.transition.patches[patch].variants[traced] = variant
        world.transition.stubs[traced] =
          variant.condition == .applied ? .fast(patch: patch) : .slow(patch: patch)
        below = patch
      }
      if below != nil { note("function \(traced) caught up") }
    }
    return nil
  }

  private func functions(of module: Int) -> [Int] {
    program.tracedFunctions.indices.filter {
      program.tracedFunctions[$0].object?.rawValue == module
    }
  }

  /// Patches from the first that is finalised to the one in transition.
  private var stack: [Int] {
    let moving = world.transition.patch
    return world.transition.finished.filter { $0 != moving } + (moving.map { [$0] } ?? [])
  }

  private func arrival(of patch: Int, _ traced: Int, above below: Int?) -> Variant {
    let transition = world.transition
    if transition.patch == patch {
      return Variant(condition: transition.isReverting ? .revertSlow : .slow, below: below)
    }
    if let moving = transition.patch, program.patches[moving].replacesAll,
      !transition.isReverting, machine.rules.replacesRevertFirst,
      !program.patches[moving].functions.contains(TracedFunctionID(traced))
    {
      return Variant(condition: .revertSlow)
    }
    return Variant(condition: .applied, below: below)
  }

  private mutating func refuse(_ module: Int, _ error: Errno, _ lines: [String]) -> Errno? {
    for line in lines { log(line) }
    if !machine.rules.refusesLateModules { return nil }
    let name = program.modules[module].name
    let isForced = world.transition.forcesModules
    let end = isForced ? "Insertion of the module forced." : "Module was not inserted."
    log("kgr: delayed patching of the module (\(name)) failed (-\(error.rawValue)). \(end)")
    if isForced {
      world.transition.hasWarned = true
      return nil
    }
    moduleGoing(module)
    return error
  }

  mutating func moduleGoing(_ module: Int) {
    for patch in stack where !machine.rules.knowsPositions {
      for number in program.patches[patch].functions {
        let function = program.tracedFunctions[number.rawValue]
        guard function.object?.rawValue == module,
          [.found, .untraceable].contains(function.lookup),
          let variant = function.variants.first(where: { $0.patch.rawValue == patch }),
          isRequired(function, variant)
        else { continue }
        let name = program.patches[patch].name
        log("kgr: removing function \(function.symbol) that is required for the patch \(name)")
      }
    }
    for traced in functions(of: module) {
      world.transition.stubs[traced] = .none
      for patch in world.transition.patches.indices {
        guard let variant = world.transition.patches[patch].variants[traced],
          [.slow, .applied, .revertSlow].contains(variant.condition)
        else { continue }
        world.transition.patches[patch].variants[traced] = Variant(condition: .skipped)
      }
    }
  }

  // MARK: Modules of patches

  func isPatchLoaded(_ patch: Int) -> Bool { world.transition.patches[patch].isLoaded }

  func removalError(_ patch: Int) -> Errno? {
    guard isPatchLoaded(patch) else { return .ENOENT }
    return machine.rules.holdsModules && world.transition.patches[patch].isHeld ? .EAGAIN : nil
  }

  /// As if the patch had never been there.
  mutating func forget(_ patch: Int) {
    for traced in world.transition.patches[patch].variants.keys {
      world.transition.patches[patch].variants[traced]?.condition = .initial
    }
    restoreVariables(of: .patch(PatchID(patch)))
    world.transition.patches[patch].refs = 0
    world.transition.patches[patch].isLoaded = false
  }
}

extension ReferenceMachine {
  /// kGraft changes functions under a lock, and whoever tells it of a module waits for that.
  func isChangingFunctions(_ world: ReferenceWorld) -> Bool {
    let free: [ReferenceTransition.Stage] = [
      .idle, .switchCPUs, .mark, .closeWindow, .wakeKernelThreads, .look, .sendFakeSignals,
    ]
    // The last stage takes the lock for its first function.
    let isFinalising = [.finalise, .finaliseReplaced, .finish].contains(world.transition.stage)
    if isFinalising, !rules.locksWhileFinalising { return false }
    if world.transition.stage == .finalise { return world.transition.position > 0 }
    return !free.contains(world.transition.stage)
  }
}
