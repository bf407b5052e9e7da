import Machine
import Patching

/// A request that fails in its first stage: 4.4 goes all the way back, 3.12 only takes out the
/// stubs that it has just put in, and leaves its window open behind it.
extension ReferenceStep {
  mutating func goBackToReplaced() {
    let restores = machine.rules.restoresAfterFailure && !droppedVariants.isEmpty
    go(to: .restoreReplaced, if: restores, else: .fail)
  }

  mutating func rollBackNext(_ patch: Int) -> Bool {
    let functions = program.patches[patch].functions.map(\.rawValue)
    let done = functions.firstIndex { isRefused($0, patch) } ?? functions.count
    let traced = functions[world.transition.position]
    let wasSlow = condition(patch, traced) == .slow
    let covered = world.transition.patches[patch].variants[traced]?.below
    if wasSlow { uncover(patch, traced) }
    world.transition.patches[patch].variants[traced] = .init()
    if wasSlow, covered != nil, !machine.rules.restoresAfterFailure {
      // 3.12 takes its own stub out, and that is all.
      world.transition.stubs[traced] = .none
      note("function \(traced) reverted")
    } else if wasSlow {
      note("function \(traced) restored")
    }
    world.transition.position += 1
    if world.transition.position >= done { goBackToReplaced() }
    return wasSlow
  }

  mutating func restoreNextReplaced() -> Bool {
    let dropped = droppedVariants
    let (patch, traced) = dropped[world.transition.position]
    let earlier = world.transition.finished.prefix { $0 != patch }
    guard condition(patch, traced) != .skipped else {
      advance(of: dropped.count, then: .fail)
      return false
    }
    let isOnTop = world.transition.stubs[traced].patch == patch
    world.transition.patches[patch].variants[traced] = .init(
      condition: .applied, below: earlier.last { program.patches[$0].names(traced) })
    if isOnTop {
      world.transition.stubs[traced] = .fast(patch: patch)
      note("function \(traced) restored")
    }
    advance(of: dropped.count, then: .fail)
    return isOnTop
  }

  // MARK: The end of it

  mutating func fail(_ patch: Int) {
    let error = refusal(at: world.transition.position, of: patch)
    let isReverting = world.transition.isReverting
    let restores = machine.rules.restoresAfterFailure
    if restores { world.transition.isWindowOpen = false }
    if !isReverting {
      world.transition.patches[patch].isLoaded = false
      world.transition.patches[patch].isHeld = false
    }
    end()
    if !isReverting { restoreVariables(of: .patch(PatchID(patch))) }
    if restores {
      log("kgr: patching failed. Previous state was recovered.")
      world.transition.hasWarned = true
    }
    let end = world.transition.isWindowOpen ? ", window open" : ""
    note("transition failed \(error)" + end)
    answer(-Int64(error.rawValue))
  }

  /// Where it says so the position is the error itself.
  private func refusal(at position: Int, of patch: Int) -> Errno {
    Errno(rawValue: position) ?? refusal(of: patch) ?? .ENOENT
  }

  // MARK: What an earlier failure has left

  /// A function that is half taken back is in nobody's way until a request comes to it.
  mutating func isStuckOnReplaced() -> Bool {
    let (patch, traced) = droppedVariants[world.transition.position]
    guard isStuck(patch, traced) else { return false }
    let name = program.tracedFunctions[traced].symbol
    log("kgr: cannot revert function \(name) in patch \(program.patches[patch].name)")
    return true
  }

  mutating func isStuckOnOwn(_ patch: Int) -> Bool {
    let functions = program.patches[patch].functions.map(\.rawValue)
    guard world.transition.isReverting, functions.indices.contains(world.transition.position)
    else { return false }
    return isStuck(patch, functions[world.transition.position])
  }

  private mutating func isStuck(_ patch: Int, _ traced: Int) -> Bool {
    guard !machine.rules.restoresAfterFailure, condition(patch, traced) == .revertSlow else {
      return false
    }
    go(to: .fail, if: true, else: .fail)
    world.transition.position = Int(Errno.EINVAL.rawValue)
    return true
  }

  /// The patch whose variant of a function is finalised and lies on top.
  /// - Parameter patch: in the list it ends the search.
  func lastOnTop(_ traced: Int, under patch: Int? = nil) -> Int? {
    world.transition.finished.prefix { $0 != patch }.last {
      program.patches[$0].names(traced) && condition($0, traced) != .skipped
    }
  }

  mutating func missStub(_ traced: Int) {
    let name = program.tracedFunctions[traced].symbol
    log("kgr: disabling ftrace function for \(name) failed with -16")
    world.transition.hasWarned = true
  }
}
