import Machine

/// What an administrator asks for: the checks, in the kernel's order (`kgr_modify_kernel`). What
/// passes them starts; the operator goes on where `insmod`, or the write to `revert`, returns.
extension KGraft {
  /// `insmod` of the patch's module. It is loaded until its `rmmod`, also when its patch has been
  /// reverted or replaced; and a patch that was taken back can't be applied in place.
  package func apply(
    _ patch: PatchID, _ machine: Machine, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> EngineAnswer {
    if row.isSet(loaded(patch, machine)) { return .refused(.EEXIST) }
    if let line = denial(of: patch, machine) {
      machine.log(line, &row, &workspace)
      return .refused(.EINVAL)
    }
    if isBusyWithFunctions(machine, &row) { return wait(machine, &row) }
    row.set(field(.waiting, machine), to: false)
    if isOccupied(machine, &row) {
      machine.log(lines.anotherNotFinalised, &row, &workspace)
      return .refused(.EAGAIN)
    }
    row.set(loaded(patch, machine), to: true)
    row.set(held(patch, machine), to: true)
    start(patch, reverting: false, machine, &row)
    return .accepted(dueNanoseconds: 0)
  }

  /// What comes before the lock: 3.12 compares the release that a patch was built for with its
  /// own (`kgr_patch_kernel`), and without ftrace nothing is ever set up.
  private func denial(of patch: PatchID, _ machine: Machine) -> String? {
    let program = machine.program
    if rules.comparesReleases, let built = program.patches[patch.rawValue].vermagic,
      built != program.kernelRelease
    {
      return lines.versionMismatch(
        built, program.kernelRelease, isPreemptible: program.isPreemptible)
    }
    return program.hasFtrace ? nil : lines.notInitialised
  }

  /// What `kgr_init` has to say while the kernel boots.
  package func kernelStarted(
    _ machine: Machine, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) {
    machine.log(
      machine.program.hasFtrace ? lines.initialised : lines.aborted, &row, &workspace)
  }

  /// A write to `/sys/kernel/kgraft/<patch>/revert`.
  package func revert(
    _ patch: PatchID, _ machine: Machine, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> EngineAnswer {
    // The directory comes with the module and goes with it.
    guard row.isSet(loaded(patch, machine)) else { return .refused(.ENOENT) }
    if !row.isSet(field(.waiting, machine)) {
      row.set(field(.unsupported, machine), to: true)
      let name = machine.program.patches[patch.rawValue].name
      machine.log(lines.attemptToRevert(name), &row, &workspace)
    }
    if isBusyWithFunctions(machine, &row) { return wait(machine, &row) }
    row.set(field(.waiting, machine), to: false)
    if rules.revertsLastFirst, row[refs(patch, machine)] > 0 {
      machine.log(lines.stillReferenced, &row, &workspace)
      return .refused(.EBUSY)
    }
    if isOccupied(machine, &row) {
      machine.log(lines.anotherNotFinalised, &row, &workspace)
      return .refused(.EAGAIN)
    }
    if row[position(patch, machine)] == 0 {
      machine.log(lines.alreadyReverted, &row, &workspace)
      return .refused(.EINVAL)
    }
    start(patch, reverting: true, machine, &row)
    return .accepted(dueNanoseconds: 0)
  }

  /// `kgr_modify_kernel` takes the lock before it looks at anything: while the worker finalises it
  /// sleeps.
  private func wait(_ machine: Machine, _ row: inout MutableSpan<UInt64>) -> EngineAnswer {
    row.set(field(.waiting, machine), to: true)
    return .waiting
  }

  package func isRequestWaiting(_ machine: Machine, _ row: inout MutableSpan<UInt64>) -> Bool {
    row.isSet(field(.waiting, machine))
  }

  private func isOccupied(_ machine: Machine, _ row: inout MutableSpan<UInt64>) -> Bool {
    rules.allowsOneAtATime && row[field(.patch, machine)] != 0
  }

  private func start(
    _ patch: PatchID, reverting: Bool, _ machine: Machine, _ row: inout MutableSpan<UInt64>
  ) {
    if row[field(.patch, machine)] != 0 {
      // Only where that rule is broken: the other transition is forgotten where it stands.
      endWalk(machine, &row)
      for cpu in machine.layout.engine.perCPU { row[cpu] = 0 }
    }
    row[field(.patch, machine)] = patch.number
    row.set(field(.reverting, machine), to: reverting)
    enter(.openWindow, machine, &row)
  }

  // MARK: Force

  /// `0` into `/sys/kernel/kgraft/in_progress`: every task counts as migrated, wherever it is. It
  /// doesn't ask whether a transition runs, and finalising waits for the worker's next look.
  package func force(
    _ machine: Machine, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> EngineAnswer {
    // kGraft's files come with its initialisation.
    guard machine.program.hasFtrace else { return .refused(.ENOENT) }
    if rules.forceFinalisesAtOnce, !row.isSet(field(.inProgress, machine)) {
      machine.log(lines.nothingInProgress, &row, &workspace)
      return .done
    }
    row.set(field(.forcing, machine), to: true)
    return .walking
  }

  /// One way for each task that is still flagged.
  package func forceAlternatives(_ machine: Machine, _ row: inout MutableSpan<UInt64>) -> Int {
    machine.layout.time == .kept ? 1 : max(1, toBeForced(machine, &row))
  }

  /// How many tasks a force has to come to.
  private func toBeForced(_ machine: Machine, _ row: inout MutableSpan<UInt64>) -> Int {
    var left = Int(row[field(.flagged, machine)])
    guard left > 0, machine.hasThreads else { return left }
    for number in 0..<machine.taskCount(&row) {
      let slot = TaskSlot(number)
      if isOld(slot, machine, &row), !isWalkedOver(slot, machine, &row) { left -= 1 }
    }
    return left
  }

  /// The walk comes to one more task; true when it was over the last.
  ///
  /// Who isn't flagged is passed unseen, and with the window closed nobody is flagged anew: so the
  /// tasks that are left are those that are flagged, and need no mark.
  package func forceNext(
    _ alternative: Int, _ machine: Machine, _ row: inout MutableSpan<UInt64>,
    _ workspace: inout Workspace
  ) -> Bool {
    var left = alternative
    for number in 0..<machine.taskCount(&row)
    where isOld(TaskSlot(number), machine, &row) && isWalkedOver(TaskSlot(number), machine, &row) {
      if left == 0 {
        migrate(TaskSlot(number), .force, machine, &row, &workspace)
        break
      }
      left -= 1
    }
    guard toBeForced(machine, &row) == 0 else { return false }
    row.set(field(.forcing, machine), to: false)
    machine.log(lines.forced, &row, &workspace)
    row.set(field(.warned, machine), to: true)
    if rules.forceFinalisesAtOnce, phase(machine, &row) == .look {
      machine.hastenEngine(&row, &workspace)
    }
    return true
  }

  package func isForcing(_ machine: Machine, _ row: inout MutableSpan<UInt64>) -> Bool {
    row.isSet(field(.forcing, machine))
  }
}
