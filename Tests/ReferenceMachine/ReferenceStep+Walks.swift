import Machine
import Patching

/// Walks over the tasks: in any order where time is arbitrary, in a run in that of the task list.
extension ReferenceStep {
  /// Enters the stage with everybody else counted as visited. False when nobody is left.
  mutating func beginWalk(
    _ stage: ReferenceTransition.Stage, among: (Int) -> Bool
  ) -> Bool {
    world.transition.stage = stage
    world.transition.position = 0
    if keepsTime { return walkLength > 0 }
    for slot in world.listed where !among(slot) { world.tasks[slot].isWalked = true }
    if !world.unwalked.isEmpty { return true }
    endWalk()
    return false
  }

  private mutating func endWalk() {
    for slot in world.tasks.indices { world.tasks[slot].isWalked = false }
  }

  /// Kernel threads stand first in the list; the walk that wakes them goes no further.
  private var walkLength: Int {
    world.transition.stage == .wakeKernelThreads
      && program.modules.allSatisfy(\.kernelThreads.isEmpty)
      ? program.kernelThreads.count : world.tasks.count
  }

  /// Visits one task; true when it was the last. It may be none, if the last have exited meanwhile.
  @discardableResult
  mutating func walk(
    _ alternative: Int, then next: ReferenceTransition.Stage?,
    visit: (inout ReferenceStep, Int) -> Void
  ) -> Bool {
    let isLast: Bool
    if keepsTime {
      let slot = world.transition.position
      world.transition.position += 1
      isLast = slot + 1 >= walkLength
      if world.listed.contains(slot) { visit(&self, slot) }
    } else {
      let ahead = world.unwalked
      if ahead.indices.contains(alternative) {
        world.tasks[ahead[alternative]].isWalked = true
        isLast = ahead.count == 1
        if isLast { endWalk() }
        visit(&self, ahead[alternative])
      } else {
        isLast = true
        endWalk()
      }
    }
    if isLast, let next {
      if next == .closeWindow { note("all marked") }
      world.transition.stage = next
      world.transition.position = 0
    }
    return isLast
  }

  /// 3.12 takes who has an empty kernel stack for migrated, and wakes kernel threads as it goes.
  mutating func visitToMark(_ slot: Int) {
    let isLazy = machine.rules.marking != .everyThread
    let task = world.tasks[slot]
    guard !isLazy || task.leader == nil else { return }
    // A stopped task stands in the middle of the kernel's signal delivery, a zombie in its exit.
    let isDeep = task.condition == .stopped || task.condition == .zombie
    let isInverted = machine.rules.marking == .leadersInUserSpace
    guard !isLazy || (task.isInKernel || isDeep) != isInverted else { return }
    mark(slot)
    if isLazy, machine.rules.wakesKernelThreads, machine.isKernelThread(slot, world) { poke(slot) }
  }

  mutating func visitToFake(_ slot: Int) {
    guard world.tasks[slot].isOld, world.tasks[slot].condition != .zombie else { return }
    if machine.isKernelThread(slot, world) { return poke(slot) }
    note("fake signal \(slot)")
    fakeSignal(slot)
  }

  /// `wake_up_process`: a sleep ends early; who waits on a queue sees that nothing has come, and is
  /// asleep again with its place in line.
  mutating func poke(_ slot: Int) {
    let task = world.tasks[slot]
    guard task.condition == .sleeping || task.condition == .uninterruptible else { return }
    note("poked \(slot)")
    let looksForItself = task.stack.last.map {
      program.condition(of: program.instructions[$0.address]) != nil
    }
    guard let queue = task.queue, looksForItself != true else { return wake(slot, .spurious) }
    note("woken \(slot) spurious")
    if let top = task.stack.last, terms(program.instructions[top.address]).manner & 8 != 0 {
      // It has to run to see that nothing has come, and keeps what it is in line for.
      world.tasks[slot].wakeCause = .spurious
      world.time?.waiting[queue].removeAll { $0 == slot }
      return makeRunnable(slot)
    }
    note("slept \(slot) in \(queue) as \(task.condition)")
  }
}
