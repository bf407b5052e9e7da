import Machine
import Patching

/// What happens to each function of a patch: first stage and last stage.
extension ReferenceStep {
  private var isReplacing: Bool {
    guard let patch = world.transition.patch else { return false }
    return program.patches[patch].replacesAll && !world.transition.isReverting
  }

  /// Every variant of the finalised patches, in the order of the list.
  private var finalisedVariants: [(patch: Int, traced: Int)] {
    world.transition.finished.flatMap { patch in
      program.patches[patch].functions.map { (patch, $0.rawValue) }
    }
  }

  /// Those that the patch in transition drops.
  var droppedVariants: [(patch: Int, traced: Int)] {
    guard isReplacing, machine.rules.replacesRevertFirst, let patch = world.transition.patch else {
      return []
    }
    let own = Set(program.patches[patch].functions.map(\.rawValue))
    return finalisedVariants.filter { !own.contains($0.traced) }
  }

  /// Goes to that stage, if there is something to do in it, or else to the next.
  mutating func go(
    to stage: ReferenceTransition.Stage, if needed: Bool, else next: ReferenceTransition.Stage
  ) {
    world.transition.stage = needed ? stage : next
    world.transition.position = 0
  }

  mutating func startFirstStage() {
    go(to: .revertReplaced, if: !droppedVariants.isEmpty, else: .redirect)
  }

  mutating func change(
    _ patch: Int, _ traced: Int, to condition: ReferenceTransition.Variant.Condition
  ) {
    world.transition.patches[patch].variants[traced]?.condition = condition
  }

  func condition(
    _ patch: Int, _ traced: Int
  ) -> ReferenceTransition.Variant.Condition? {
    world.transition.patches[patch].variants[traced]?.condition
  }

  // MARK: The first stage

  // Each of these says whether ftrace had something to do: nothing for what lies hidden below
  // another patch's function, or is in a module that isn't there.

  mutating func revertNextReplaced() -> Bool {
    let dropped = droppedVariants
    let (patch, traced) = dropped[world.transition.position]
    if machine.rules.replaceRestoresOriginals {
      world.transition.patches[patch].variants[traced]?.below = nil
    }
    let isSwitched = beginReverting(patch, traced)
    advance(of: dropped.count, then: .redirect)
    return isSwitched
  }

  private mutating func beginReverting(_ patch: Int, _ traced: Int) -> Bool {
    let wasApplied = condition(patch, traced) == .applied
    // One that has lost its stub to a patch that failed gets its slow one; ftrace warns.
    if wasApplied, lastOnTop(traced) == patch, world.transition.stubs[traced] == .none {
      missStub(traced)
      world.transition.stubs[traced] = .fast(patch: patch)
    }
    if wasApplied { change(patch, traced, to: .revertSlow) }
    guard world.transition.stubs[traced].patch == patch else { return false }
    world.transition.stubs[traced] = .slow(patch: patch)
    note("function \(traced) reverting")
    return true
  }

  mutating func advance(of count: Int, then next: ReferenceTransition.Stage) {
    world.transition.position += 1
    if world.transition.position >= count { go(to: next, if: true, else: next) }
  }

  mutating func redirectNext(_ patch: Int) -> Bool {
    let functions = program.patches[patch].functions.map(\.rawValue)
    guard functions.indices.contains(world.transition.position) else {
      go(to: .setInProgress, if: true, else: .setInProgress)
      return true
    }
    let traced = functions[world.transition.position]
    guard !world.transition.isReverting else {
      let isSwitched = beginReverting(patch, traced)
      advance(of: functions.count, then: .setInProgress)
      return isSwitched
    }
    switch find(traced, for: patch) {
    case .refused(_, let lines):
      for line in lines { log(line) }
      if world.transition.position == 0 {
        goBackToReplaced()
      } else {
        go(to: .rollBack, if: true, else: .rollBack)
      }
      return true
    case .skipped(let lines):
      for line in lines { log(line) }
      change(patch, traced, to: .skipped)
      note("function \(traced) skipped")
      advance(of: functions.count, then: .setInProgress)
      return false
    case .ready:
      // What is finalised and lies on top is the old universe. A patch that a failed way back has
      // left in the list does not lie below itself.
      let below = lastOnTop(traced, under: patch)
      world.transition.patches[patch].variants[traced]?.below = below
      if let below, world.transition.stubs[traced] == .none,
        condition(below, traced) == .applied
      {
        missStub(traced)
      }
      change(patch, traced, to: .slow)
      world.transition.stubs[traced] = .slow(patch: patch)
      note("function \(traced) redirected")
      advance(of: functions.count, then: .setInProgress)
      return true
    }
  }

  /// Whether the function is there: its object has not been loaded, or is gone.
  func isThere(_ traced: Int) -> Bool {
    program.tracedFunctions[traced].object.map { world.modules[$0.rawValue] != .absent } ?? true
  }

  // MARK: The last stage

  mutating func finaliseNext(_ patch: Int) -> Bool {
    let functions = program.patches[patch].functions.map(\.rawValue)
    var isSwitched = true
    if functions.indices.contains(world.transition.position) {
      let traced = functions[world.transition.position]
      if condition(patch, traced) == .skipped {
        isSwitched = false
      } else if world.transition.isReverting {
        if world.transition.stubs[traced].patch == patch { uncover(patch, traced) }
        if condition(patch, traced) == .revertSlow { bury(patch, traced) }
        note("function \(traced) reverted")
      } else {
        if condition(patch, traced) == .slow {
          change(patch, traced, to: .applied)
          world.transition.stubs[traced] = .fast(patch: patch)
          if isReplacing, machine.rules.replaceRestoresOriginals {
            world.transition.patches[patch].variants[traced]?.below = nil
          }
        }
        note("function \(traced) finalised")
      }
      world.transition.position += 1
    }
    guard world.transition.position >= functions.count else { return isSwitched }
    go(
      to: .finaliseReplaced, if: isReplacing && !finalisedVariants.isEmpty, else: .finish)
    return isSwitched
  }

  /// What lies below has its fast stub again.
  mutating func uncover(_ patch: Int, _ traced: Int) {
    let below = world.transition.patches[patch].variants[traced]?.below
    world.transition.stubs[traced] = below.map { .fast(patch: $0) } ?? .none
  }

  private mutating func bury(_ patch: Int, _ traced: Int) {
    world.transition.patches[patch].variants[traced] = .init(condition: .reverted)
  }

  mutating func finaliseNextReplaced() -> Bool {
    let all = finalisedVariants
    let (patch, traced) = all[world.transition.position]
    let isOnTop = world.transition.stubs[traced].patch == patch
    if isOnTop { world.transition.stubs[traced] = .none }
    if condition(patch, traced) != .skipped {
      bury(patch, traced)
      note("function \(traced) reverted")
    }
    advance(of: all.count, then: .finish)
    return isOnTop
  }
}

extension Patch {
  func names(_ traced: Int) -> Bool { functions.contains { $0.rawValue == traced } }
}
