/// Who may get a task going that waits for something: who holds its lock, who wakes its queue, its
/// children, its parent, and whatever those wait for in turn.
///
/// Read off the world and the code, and generous: whatever may help counts. So what this does not
/// find is a promise, and what it finds is a perhaps.
package struct Movers: Sendable, Hashable {
  /// Tasks that may do something for it, the nearest first.
  package var tasks: [TaskSlot] = []
  /// Interrupt handlers that may, by their number.
  package var handlers: [Int] = []
  /// Some of them go on by themselves: they run, or a timer ends their sleep.
  package var act = false
  /// Some of them wake for a signal, or for the engine's wake-up.
  package var hear = false
  /// Of those some are in the old universe: the engine looks at nobody else.
  package var areLookedAt = false
  /// Queues that some of them sleep on.
  package var queues: Set<Int> = []

  package init() {}

  /// Whether the machine goes on by itself so that they may help.
  package func goOn(withLooks: Bool) -> Bool { act || (areLookedAt && withLooks) }
}

/// What a function may do for others, the functions that it calls included.
struct Deeds: Sendable, Hashable {
  /// Queues whose sleepers it wakes.
  var wakes: Set<Int> = []
  /// Whether it changes what others read.
  var stores = false

  mutating func merge(_ other: Deeds) {
    wakes.formUnion(other.wakes)
    stores = stores || other.stores
  }
}

/// One search along the edges of waiting.
struct MoverSearch {
  let machine: Machine
  /// Whom it is all for: what it does itself is not help.
  let slot: TaskSlot
  var found = Movers()
  private var seenTasks: Set<TaskSlot>
  private var seenQueues: Set<Int> = []
  private var seenLocks: Set<Int> = []
  private var deeds: [FunctionID: Deeds] = [:]

  init(_ machine: Machine, for slot: TaskSlot) {
    self.machine = machine
    self.slot = slot
    seenTasks = [slot]
  }

  /// From where the task waits now.
  mutating func follow(_ place: Machine.Place, of slot: TaskSlot, _ row: inout MutableSpan<UInt64>)
  {
    switch place {
    case .userMode, .kernel:
      if let lock = machine.lockInTheWay(of: slot, &row) { follow(lock: lock, &row) }
    case .waiting(let queue, _, _):
      follow(queue: queue, &row)
      followChildSignals(of: slot, &row)
    case .locked(let lock, _): follow(lock: lock, &row)
    case .sleeping: followChildSignals(of: slot, &row)
    case .reaping(let pid):
      for child in machine.children(of: slot, pid: pid, &row) { visit(child, &row) }
    case .zombie:
      for thread in machine.liveThreads(of: slot, &row) { visit(thread, &row) }
      guard let parent = machine.parent(of: slot, &row) else { return }
      for thread in machine.liveThreads(of: parent, &row) { visit(thread, &row) }
    case .stopped, .gone: return
    }
  }

  /// From where the task would fall asleep next, at that address.
  mutating func follow(sleepAt address: Int, _ row: inout MutableSpan<UInt64>) {
    let instruction = machine.program.instructions[address]
    switch instruction.operation {
    case .wait, .waitFor:
      let site = machine.program.waitSite(of: instruction)
      let isTimed =
        instruction.operation == .waitFor && Int(instruction.b) != Instruction.noRegister
      if isTimed { found.act = true }
      let hears =
        machine.isKernelThread(slot, &row)
        ? site.manner.contains(.freezable)
        : site.manner.isDisjoint(with: [.uninterruptible, .killable])
      if hears { noteHearing(slot, &row) }
      follow(queue: site.queue, &row)
    case .lock:
      let lock = Int(instruction.b)
      if machine.holder(of: lock, &row) == nil { found.act = true }
      follow(lock: lock, &row)
    // A sleep ends by itself, and a child may have ended by then.
    default: found.act = true
    }
  }

  /// Tasks that may come to change what others read.
  mutating func storers(_ row: inout MutableSpan<UInt64>) -> [TaskSlot] {
    var storers: [TaskSlot] = []
    for number in 0..<machine.taskCount(&row) where number != slot.rawValue {
      if deeds(of: TaskSlot(number), &row).stores { storers.append(TaskSlot(number)) }
    }
    return storers
  }

  /// Whether somebody may come to change what others read.
  mutating func somebodyStores(_ row: inout MutableSpan<UInt64>) -> Bool {
    for number in machine.layout.handlers.indices where isConnected(number, &row) {
      if deeds(of: function(of: number)).stores { return true }
    }
    return !storers(&row).isEmpty
  }

  // MARK: Edges

  /// Somebody who may help: what gets it going gets the help going.
  private mutating func visit(_ slot: TaskSlot, _ row: inout MutableSpan<UInt64>) {
    guard seenTasks.insert(slot).inserted else { return }
    let place = machine.place(of: slot, &row)
    guard place != .gone else { return }
    found.tasks.append(slot)
    switch place {
    case .userMode, .kernel:
      if machine.lockInTheWay(of: slot, &row) == nil { found.act = true }
    case .waiting(let queue, let manner, let timer):
      found.queues.insert(queue)
      if timer != .none { found.act = true }
      let isOpen = manner.isDisjoint(with: [.uninterruptible, .killable])
      // A kernel thread is woken by the engine, and sleeps on where what it waits for has not come.
      let hears =
        machine.isKernelThread(slot, &row)
        ? manner.contains(.freezable) || machine.conditionHolds(slot, &row) == true : isOpen
      if hears { noteHearing(slot, &row) }
    case .sleeping(let timer):
      if timer != .none { found.act = true }
      noteHearing(slot, &row)
    case .reaping: noteHearing(slot, &row)
    case .locked, .stopped, .zombie, .gone: break
    }
    follow(place, of: slot, &row)
  }

  private mutating func noteHearing(_ slot: TaskSlot, _ row: inout MutableSpan<UInt64>) {
    found.hear = true
    if machine.engine.isWaitedFor(slot, machine, &row) { found.areLookedAt = true }
  }

  private mutating func follow(queue: Int, _ row: inout MutableSpan<UInt64>) {
    guard seenQueues.insert(queue).inserted else { return }
    for number in machine.layout.handlers.indices where isConnected(number, &row) {
      guard deeds(of: function(of: number)).wakes.contains(queue) else { continue }
      found.act = true
      if !found.handlers.contains(number) { found.handlers.append(number) }
    }
    for number in 0..<machine.taskCount(&row)
    where deeds(of: TaskSlot(number), &row).wakes.contains(queue) {
      visit(TaskSlot(number), &row)
    }
  }

  private mutating func follow(lock: Int, _ row: inout MutableSpan<UInt64>) {
    guard seenLocks.insert(lock).inserted else { return }
    switch machine.holder(of: lock, &row) {
    case .task(let holder)?: if machine.isLive(holder, &row) { visit(holder, &row) }
    case .handler(let number)?:
      if !found.handlers.contains(number) { found.handlers.append(number) }
      if let wanted = machine.lockSpunFor(byHandler: number, &row) {
        follow(lock: wanted, &row)
      } else {
        found.act = true
      }
    case nil: found.act = true
    }
    // Who came before has it first, and may fall asleep with it.
    let queue = machine.program.locks[lock].queue
    for number in 0..<machine.taskCount(&row)
    where machine.isAsleep(TaskSlot(number), in: queue, &row) {
      visit(TaskSlot(number), &row)
    }
  }

  /// A child's end sends SIGCHLD, which a handler may wait for.
  private mutating func followChildSignals(of slot: TaskSlot, _ row: inout MutableSpan<UInt64>) {
    guard machine.layout.task.managed.contains(where: { $0.signal == .CHLD }) else { return }
    for child in machine.children(of: slot, pid: nil, &row) { visit(child, &row) }
  }

  // MARK: Deeds

  private func isConnected(_ number: Int, _ row: inout MutableSpan<UInt64>) -> Bool {
    machine.isConnected(machine.layout.handlers[number].source, &row)
  }

  private func function(of handler: Int) -> FunctionID {
    machine.program.interrupts[machine.layout.handlers[handler].source].function
  }

  private mutating func deeds(of slot: TaskSlot, _ row: inout MutableSpan<UInt64>) -> Deeds {
    guard machine.isLive(slot, &row) else { return Deeds() }
    var all = Deeds()
    for frame in machine.stack(of: slot, &row) { all.merge(deeds(of: frame.function)) }
    return all
  }

  private mutating func deeds(of function: FunctionID) -> Deeds {
    if let known = deeds[function] { return known }
    var all = Deeds()
    var seen: Set<FunctionID> = [function]
    var open = [function]
    while let next = open.popLast() {
      let body = machine.program.functions[next.rawValue]
      for instruction in machine.program.instructions[body.entry..<body.end] {
        all.merge(Deeds(of: instruction))
        for callee in machine.program.startedBy(instruction) where seen.insert(callee).inserted {
          open.append(callee)
        }
      }
    }
    deeds[function] = all
    return all
  }
}

extension Deeds {
  fileprivate init(of instruction: Instruction) {
    switch instruction.operation {
    case .wake: wakes = [Int(instruction.b)]
    case .storeShared, .storeElement, .storeField, .allocate, .free, .storeShadow,
      .allocateShadow, .dropShadow, .dropShadows:
      stores = true
    default: break
    }
  }
}

extension Program {
  /// The functions that an instruction may have run, by itself or by somebody whom it starts.
  fileprivate func startedBy(_ instruction: Instruction) -> [FunctionID] {
    switch instruction.operation {
    case .startThread: [FunctionID(Int(instruction.b))]
    case .activateModule:
      modules[Int(instruction.b)].kernelThreads
        + interrupts.filter { $0.module == ModuleID(Int(instruction.b)) }.map(\.function)
    default: callees(of: instruction)
    }
  }
}

extension Machine {
  /// Who may get the task going, from where it stands.
  package func movers(of slot: TaskSlot, _ row: inout MutableSpan<UInt64>) -> Movers {
    var search = MoverSearch(self, for: slot)
    search.follow(place(of: slot, &row), of: slot, &row)
    return search.found
  }

  /// The same from where it would fall asleep again.
  package func movers(
    of slot: TaskSlot, asleepAt addresses: [Int], _ row: inout MutableSpan<UInt64>
  ) -> Movers {
    var search = MoverSearch(self, for: slot)
    for address in addresses { search.follow(sleepAt: address, &row) }
    return search.found
  }

  /// Whether somebody else may change what a condition reads.
  package func somebodyStores(besides slot: TaskSlot, _ row: inout MutableSpan<UInt64>) -> Bool {
    var search = MoverSearch(self, for: slot)
    return search.somebodyStores(&row)
  }

  /// Everybody whose going on may have to do with the task's: who may get it going, and, where it
  /// waits for a condition, who may change what that reads and get those going. Itself as well.
  package func helpers(of slot: TaskSlot, _ row: inout MutableSpan<UInt64>) -> Set<TaskSlot> {
    var helpers = Set(movers(of: slot, &row).tasks + [slot])
    guard conditionHolds(slot, &row) == false else { return helpers }
    var search = MoverSearch(self, for: slot)
    for storer in search.storers(&row) where helpers.insert(storer).inserted {
      helpers.formUnion(movers(of: storer, &row).tasks)
    }
    return helpers
  }

  /// The CPU that the task has in a run, or that it is bound to.
  package func cpuNumber(of slot: TaskSlot, _ row: inout MutableSpan<UInt64>) -> Int? {
    cpu(of: slot, &row)
  }

  /// The lock that a task spins on.
  package func spunLock(of slot: TaskSlot, _ row: inout MutableSpan<UInt64>) -> Int? {
    guard isSpinning(.task(slot), &row) else { return nil }
    let address = Int(row[layout.programCounter, at: layout.origin(of: slot)])
    return Int(program.instructions[address].b)
  }

  /// The process that waits for the task's; nil: init.
  package func parent(of slot: TaskSlot, _ row: inout MutableSpan<UInt64>) -> TaskSlot? {
    guard let family = layout.task.family else { return nil }
    let number = Int(row[family.parent, at: layout.origin(of: slot)])
    return number == 0 ? nil : TaskSlot(number - 1)
  }
}
