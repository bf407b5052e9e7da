import Machine

/// Where a task is and to which universe it belongs, as a lane shows it.
package struct TaskPicture: Hashable, Sendable {
  package enum Place: Hashable, Sendable {
    case unborn, user, kernel, asleep, uninterruptible, stopped, gone
    /// What it did was not recorded.
    case unknown
  }

  package var name: String
  package var place = Place.unborn
  package var isOld = true

  /// `u` user, `k` kernel, `z` asleep in the kernel, `d` asleep and deaf to signals, `t` stopped;
  /// a capital once the task is in the new universe.
  package var glyph: Character {
    let letter: Character =
      switch place {
      case .unborn, .gone: " "
      case .user: "u"
      case .kernel: "k"
      case .asleep: "z"
      case .uninterruptible: "d"
      case .stopped: "t"
      case .unknown: "o"
      }
    return isOld ? letter : Character(letter.uppercased())
  }
}

extension TaskPicture {
  /// The same in words; nil where there is nothing to show.
  var words: String? { placeWords.map { "\($0) (\(isOld ? "old" : "new"))" } }

  /// Where it is; nil: nowhere.
  package var placeWords: String? {
    switch place {
    case .unborn, .gone: nil
    case .user: "user"
    case .kernel: "kernel"
    case .asleep: "asleep"
    case .uninterruptible: "asleep, deaf to signals"
    case .stopped: "stopped"
    case .unknown: "somewhere"
    }
  }
}

/// The whole picture after an event: every task, and how far the transition is.
package struct Picture: Sendable {
  package private(set) var tasks: [TaskSlot: TaskPicture] = [:]
  /// `.` nothing under way, `w` window open, `-` waiting for tasks, `f` finalising.
  package private(set) var stage: Character = "."
  package private(set) var isInProgress = false
  private var isWindowOpen = false
  /// No transition has closed its window yet: everybody runs what there was.
  private var isUntouched = true
  private var flagged: Set<TaskSlot> = []
  private let program: Program
  /// Tasks that have a picture at the most; of the others only their number is known.
  private let greatestTaskCount: Int
  package private(set) var taskCount = 0
  private var greatestSlot = -1

  /// The tasks that have one; nil: the first.
  private let wanted: Set<TaskSlot>?

  package init(program: Program, greatestTaskCount: Int, of wanted: Set<TaskSlot>? = nil) {
    self.program = program
    self.greatestTaskCount = greatestTaskCount
    self.wanted = wanted
  }

  /// Folds one event in. True when something that a lane shows has changed.
  ///
  /// - Parameter isComplete: whether ordinary events of that time are recorded at all.
  package mutating func apply(_ kind: Event.Kind, isComplete: Bool = true) -> Bool {
    switch kind {
    case .spawned(let slot, let function):
      // Those of a boot stand in the places of those before it.
      if slot.rawValue > greatestSlot { taskCount += 1 }
      greatestSlot = max(greatestSlot, slot.rawValue)
      let isKnown = tasks[slot] != nil
      guard isKnown || tasks.count < greatestTaskCount, wanted?.contains(slot) ?? true else {
        return false
      }
      let body = program.functions[function.rawValue]
      var task = TaskPicture(name: "\(body.name):\(program.pid(of: slot))")
      task.place = body.kind == .kernelThread ? .kernel : isComplete ? .user : .unknown
      task.isOld = isUntouched
      tasks[slot] = task
      return true
    case .enteredKernel(let slot, _): return move(slot, .kernel)
    case .leftKernel(let slot, _): return move(slot, .user)
    case .slept(let slot, _, let isUninterruptible):
      return move(slot, isUninterruptible ? .uninterruptible : .asleep)
    case .woken(let slot, _): return move(slot, .kernel)
    case .stopped(let slot): return move(slot, .stopped)
    case .continued(let slot): return move(slot, .kernel)
    case .exited(let slot): return move(slot, .gone)
    case .forked(_, let child, _): return move(child, .kernel)
    case .marked(let slot):
      guard tasks[slot] != nil else { return false }
      flagged.insert(slot)
      tasks[slot]?.isOld = true
      return true
    case .migrated(let slot, _):
      guard tasks[slot] != nil else { return false }
      flagged.remove(slot)
      // While the window is open everybody still runs old code.
      guard !isWindowOpen else { return false }
      tasks[slot]?.isOld = false
      return true
    case .patching(let stage, _): return apply(stage)
    case .rebooted:
      for slot in tasks.keys { tasks[slot]?.place = .gone }
      (stage, isInProgress, isWindowOpen, isUntouched) = (".", false, false, true)
      flagged = []
      return true
    default: return false
    }
  }

  /// The tasks that an event may have given another place or universe: one of them, or, where a
  /// window opens or closes or the machine starts anew, all.
  func affected(by kind: Event.Kind) -> [TaskSlot] {
    switch kind {
    case .spawned(let slot, _), .enteredKernel(let slot, _), .leftKernel(let slot, _),
      .slept(let slot, _, _), .woken(let slot, _), .stopped(let slot), .continued(let slot),
      .exited(let slot), .forked(_, let slot, _), .marked(let slot), .migrated(let slot, _):
      [slot]
    case .patching, .rebooted: tasks.keys.sorted()
    default: []
    }
  }

  private mutating func move(_ slot: TaskSlot, _ place: TaskPicture.Place) -> Bool {
    guard let task = tasks[slot], task.place != place else { return false }
    tasks[slot]?.place = place
    return true
  }

  private mutating func apply(_ stage: PatchingStage) -> Bool {
    switch stage {
    case .windowOpened:
      self.stage = "w"
      isWindowOpen = true
      for slot in tasks.keys { tasks[slot]?.isOld = true }
    case .inProgress:
      isInProgress = true
    case .windowClosed:
      self.stage = "-"
      isWindowOpen = false
      isUntouched = false
      for slot in tasks.keys { tasks[slot]?.isOld = flagged.contains(slot) }
    case .functionFinalised, .functionReverted:
      self.stage = "f"
    case .failed(_, let staysOpen):
      // What stays open marks whoever calls what is half taken back: flags tell, not the window.
      self.stage = staysOpen ? "w" : "."
      isWindowOpen = false
      isInProgress = false
      for slot in tasks.keys { tasks[slot]?.isOld = flagged.contains(slot) }
    case .finished:
      self.stage = "."
      isInProgress = false
    case .functionSkipped, .functionReverting, .functionRestored, .functionRedirected, .cpuSwitched,
      .marked,
      .kernelThreadWoken, .looked, .fakeSignal:
      return false
    }
    return true
  }
}
