import Machine
import Patching

extension ReferenceMachine {
  package func portrait(_ world: ReferenceWorld) -> Portrait {
    var portrait = Portrait(
      status: "\(world.scenario.status)", hasBegun: world.scenario.hasBegun,
      elementsDone: world.scenario.elementsDone, scenario: frames(world.scenario.stack),
      handlers: world.handlers.map { frames($0.stack) },
      tasks: world.tasks.map(portrait), variables: world.variables,
      armed: program.properties.indices.map(world.armed.contains),
      logged: program.logPatterns.indices.map(world.logged.contains), modules: world.modules,
      engine: engine(world), time: world.time.map(portrait))
    portrait.hasDied = world.hasDied
    portrait.locks = world.locks
    portrait.lines = world.lines
    portrait.order = world.order
    portrait.occupants = world.occupants
    portrait.objects = world.objects
    portrait.disk = world.disk
    portrait.brokenInto = world.handlers.map(\.brokenInto)
    return portrait
  }

  private func frames(_ stack: [ReferenceFrame]) -> [Portrait.Frame] {
    stack.map { frame in
      Portrait.Frame(
        function: frame.function, address: frame.address, result: frame.result,
        registers: zip(frame.registers, liveness.live(frame)).map { $1 ? $0 : nil })
    }
  }

  private func portrait(_ task: ReferenceTask) -> Portrait.Task {
    let letters: [ReferenceTask.Condition: Character] = [
      .runnable: "R", .sleeping: "S", .uninterruptible: "D", .stopped: "T",
    ]
    guard let letter = letters[task.condition] else {
      guard task.condition == .zombie else {
        return Portrait.Task(state: "X", remains: task.remains)
      }
      var marks: Set<Portrait.Mark> = [.inKernel]
      if task.isOld { marks.insert(.old) }
      if task.isWalked { marks.insert(.walked) }
      if task.isTargeted { marks.insert(.targeted) }
      let time = Portrait.TaskTime(cpu: nil, carried: 0, sleepEnd: 0, since: task.since)
      return Portrait.Task(
        state: "Z", function: task.function, marks: marks, time: keepsTime ? time : nil,
        remains: task.remains, parent: task.parent)
    }
    let reasons: [ReferenceTask.WakeCause: Int] = [
      .woken: 1, .signal: 2, .timeout: 3, .spurious: 4,
    ]
    let marks: [(Portrait.Mark, Bool)] = [
      (.inKernel, task.isInKernel), (.begun, task.hasBegun),
      (.signalPending, task.hasSignalPending), (.stopPending, task.pending.contains(.stop)),
      (.fatalPending, task.pending.contains(.fatal)),
      (.dumpPending, task.pending.contains(.dump)), (.targeted, task.isTargeted),
      (.old, task.isOld), (.walked, task.isWalked),
      (.interruptsOff, task.areInterruptsOff), (.bottomHalvesOff, task.areBottomHalvesOff),
    ]
    var set = Set(marks.filter(\.1).map(\.0))
    for (patch, universes) in task.ran {
      if universes.contains(.old) { set.insert(.ranOld(patch: patch)) }
      if universes.contains(.new) { set.insert(.ranNew(patch: patch)) }
    }
    for signal in task.caught { set.insert(.caught(signal: signal)) }
    for signal in task.blocked { set.insert(.blocked(signal: signal)) }
    for (signal, disposition) in task.dispositions {
      switch disposition {
      case .ignored: set.insert(.ignores(signal: signal))
      case .handler(let number): set.insert(.catches(signal: signal, handler: number))
      }
    }
    let time = Portrait.TaskTime(
      cpu: task.cpu, carried: task.carried, sleepEnd: task.sleepEnd, since: task.since)
    var portrait = Portrait.Task(
      state: letter, function: task.function, stack: frames(task.stack), queue: task.queue,
      wakeReason: task.wakeCause.flatMap { reasons[$0] }, marks: set,
      time: keepsTime ? time : nil, parent: task.parent, leader: task.leader)
    portrait.ownCPU = task.ownCPU
    return portrait
  }

  private func engine(_ world: ReferenceWorld) -> Portrait.Engine {
    let transition = world.transition
    return Portrait.Engine(
      stage: "\(transition.stage)", patch: transition.patch, position: transition.position,
      isWindowOpen: transition.isWindowOpen, isInProgress: transition.isInProgress,
      hasComplained: transition.hasComplained, flagged: world.tasks.filter(\.isOld).count,
      functions: program.tracedFunctions.indices.map { portrait(ofFunction: $0, transition) },
      patches: transition.patches.enumerated().map { number, patch in
        [
          (transition.finished.firstIndex(of: number) ?? -1) + 1, patch.refs,
          patch.isLoaded ? 1 : 0, patch.isHeld ? 1 : 0,
        ]
      },
      switchedCPUs: (0..<program.cpuCount).map(transition.switchedCPUs.contains),
      lentCPUs: (0..<program.cpuCount).map(transition.lentCPUs.contains),
      switches: [
        transition.isReverting, transition.isForcing, transition.forcesModules,
        transition.isTainted,
        transition.isUnsupported, transition.hasWarned,
        transition.isRequestWaiting,
      ])
  }

  private func portrait(
    ofFunction number: Int, _ transition: ReferenceTransition
  ) -> [Int] {
    let stub =
      switch transition.stubs[number] {
      case .none: [-1, 0]
      case .slow(let patch): [patch, 1]
      case .fast(let patch): [patch, 2]
      }
    return program.tracedFunctions[number].variants.reduce(into: stub) { numbers, entry in
      guard let variant = transition.patches[entry.patch.rawValue].variants[number] else { return }
      numbers += [variant.condition.rawValue, variant.below ?? -1]
    }
  }

  private func portrait(_ time: ReferenceTime) -> Portrait.Time {
    let dues = Set(time.appointments.map(\.due)).sorted()
    return Portrait.Time(
      now: time.now,
      cpus: time.cpus.map { cpu in
        [Int64(cpu.task ?? -1), Int64(cpu.handler ?? -1), cpu.sliceEnd, cpu.handlerBegan]
      },
      runQueue: time.runQueue, waiting: time.waiting,
      appointments: dues.flatMap { due in time.appointments.filter { $0.due == due } },
      awaitLimit: time.awaitLimit, transitionBegan: time.transitionBegan ?? -1,
      transitionTook: time.transitionTook)
  }
}
