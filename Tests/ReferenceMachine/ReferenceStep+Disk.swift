import Machine

/// What lies on the disk, and the boot that comes of it.
package struct ReferenceDisk: Hashable, Sendable {
  /// Patches whose packages are installed, and those whose modules the initrd has.
  package var installed: Set<Int> = []
  package var inInitrd: Set<Int> = []
  /// The scripts of the `kgraft` package.
  package var hasTools = false
  /// What a command does when somebody else has done a part of it; 0: nobody is about to.
  package var errand = 0
  package var bootedAt: Int64 = 0
  package init() {}
}

extension ReferenceStep {
  mutating func change(_ change: DiskChange) {
    switch change {
    case .installTools: world.disk.hasTools = true
    case .removeTools: world.disk.hasTools = false
    case .install(let patch):
      let name = packageName(patch.rawValue)
      world.disk.installed = world.disk.installed.filter { packageName($0) != name }
      world.disk.installed.insert(patch.rawValue)
    case .remove(let patch): world.disk.installed.remove(patch.rawValue)
    case .writeInitrd: world.disk.inInitrd = world.disk.installed
    }
  }

  private func packageName(_ patch: Int) -> String? {
    program.disk?.channel.first { $0.patch?.rawValue == patch }?.name
  }

  /// `reboot`: the kernel first, then what the initrd has, then the modules of the boot, then all
  /// that people wait for. And what changes the disk where nobody is there to say what it prints.
  func ownDeed(_ line: String, _ progress: Int, _ answer: Errno?) -> CommandAct? {
    if machine.host == nil {
      if line == "mkinitrd" { return CommandAct(.disk(.writeInitrd), next: .ends(.success)) }
      // A command of the tests' own: the package of the patch with that number is there, or gone.
      let words = line.split(separator: " ")
      if let number = words.last.flatMap({ Int($0) }) {
        let patch = PatchID(number)
        if words[0] == "bring" {
          return CommandAct(.disk(.install(patch)), next: .ends(.success))
        }
        if words[0] == "drop" { return CommandAct(.disk(.remove(patch)), next: .ends(.success)) }
      }
    }
    guard line == "reboot" else { return nil }
    guard progress > 0 else { return CommandAct(.restart, next: .goesOn(progress: 1)) }
    let patches = world.disk.inInitrd.sorted()
    let items = patches.count + program.bootModules.count
    if let answer, progress > patches.count + 1 {
      return CommandAct(next: .ends(.failed(answer)))
    }
    if progress <= patches.count {
      return CommandAct(
        .request(.apply(PatchID(patches[progress - 1]))), next: .goesOn(progress: progress + 1))
    }
    if progress <= items {
      let module = program.bootModules[progress - patches.count - 1]
      let process = program.commandProcesses.first {
        $0.command == "modprobe" && $0.target == .module(module)
      }
      guard let process else { return nil }
      return CommandAct(.process(process.function), next: .goesOn(progress: progress + 1))
    }
    guard progress == items + 1 else { return CommandAct(next: .ends(.success)) }
    return CommandAct(
      pauseNanoseconds: machine.costs.boot, next: .goesOn(progress: progress + 1))
  }

  /// Memory is lost, and the kernel starts anew.
  mutating func startAnew() throws(ReferenceFault) {
    note("rebooted")
    let fresh = try machine.initial()
    let bootCount = program.kernelThreads.count + (program.initFunction == nil ? 0 : 1)
    let dead = world.tasks.dropFirst(bootCount).map { task in
      var gone = ReferenceTask.gone
      gone.remains = task.isLive ? remains(of: task) : task.remains
      return gone
    }
    world.handlers = world.handlers.map { ReferenceHandler(source: $0.source, cpu: $0.cpu) }
    world.variables = fresh.variables
    world.locks = fresh.locks
    world.lines = fresh.lines
    world.order = []
    world.objects = fresh.objects
    world.occupants = [:]
    world.modules = fresh.modules
    world.hasDied = false
    world.logged = []
    world.log = []
    world.transition = machine.initialTransition()
    if let time = world.time {
      var anew = ReferenceTime(cpus: time.cpus.map { _ in .init() }, waiting: time.waiting)
      anew.waiting = program.queues.map { _ in [] }
      anew.now = time.now
      world.time = anew
      world.disk.bootedAt = time.now
    }
    world.tasks = []
    for function in program.kernelThreads { try start(function.rawValue, arguments: []) }
    if let first = program.initFunction { try start(first.rawValue, arguments: []) }
    world.tasks += dead
    for (number, handler) in world.handlers.enumerated()
    where machine.isConnected(handler.source, world) {
      let source = program.interrupts[handler.source]
      let whole = (now / source.periodNanoseconds + 1) * source.periodNanoseconds
      let tick = source.slackNanoseconds > 0 ? now + source.periodNanoseconds : whole
      appoint(.handler(number), at: tick)
    }
    tellOfBoot()
  }

  /// Somebody else does it; nil: the command goes on with the answer at once.
  mutating func entrust(
    _ deed: CommandAct, at progress: Int, _ instruction: Instruction,
    _ stack: inout [ReferenceFrame]
  ) throws(ReferenceFault) -> Answer {
    let top = stack.count - 1
    let status = Int(instruction.a)
    guard case .goesOn(let next) = deed.next else {
      throw .unsupported(address: stack[top].address)
    }
    stack[top].registers[status] = 0
    world.disk.errand = next
    if case .process(let function) = deed.deed {
      world.scenario.stack = stack
      try start(function.rawValue, arguments: [])
      world.scenario.hasBegun = true
      world.scenario.status = .busy
      return .blocked
    }
    guard case .request(let wanted) = deed.deed else {
      throw .unsupported(address: stack[top].address)
    }
    let answer = ask(wanted, instruction, &stack)
    if world.transition.isRequestWaiting {
      // It sleeps, and then asks anew.
      stack[top].registers[status] = Int64(progress)
      world.disk.errand = 0
    }
    world.scenario.hasBegun = true
    world.scenario.stack = stack
    if case .done = answer { return .again(at: now) }
    return answer
  }
}
