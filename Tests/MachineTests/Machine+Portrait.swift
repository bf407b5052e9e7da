import Machine
import Patching
import ReferenceMachine

@testable import Machine
@testable import Patching

/// Reads a row of the fast machine into the common description. It takes nothing on trust: every
/// word is decoded, and liveness is the reference's.
struct RowReader {
  let machine: Machine
  let engine: KGraft
  let liveness: ReferenceLiveness

  func portrait(_ words: [UInt64]) -> Portrait {
    var words = words
    var row = words.mutableSpan
    return portrait(&row)
  }

  private func portrait(_ row: inout MutableSpan<UInt64>) -> Portrait {
    let layout = machine.layout
    let statuses = ["ready", "busy", "awaiting", "finished"]
    var variables: [Int64] = []
    for (number, variable) in machine.program.variables.enumerated() {
      let word = Int64(bitPattern: row[layout.variables[number]])
      variables.append((variable.range?.lowerBound ?? 0) + word)
    }
    var armed: [Bool] = []
    for field in layout.armed { armed.append(row.isSet(field)) }
    var logged: [Bool] = []
    for field in layout.logged { logged.append(row.isSet(field)) }
    var modules: [ModuleState] = []
    for number in machine.program.modules.indices {
      modules.append(machine.state(of: ModuleID(number), &row))
    }
    var elementsDone = 0
    if let cursor = layout.operatorCursor { elementsDone = Int(row[cursor]) }
    var kept: Portrait.Time?
    if layout.keepsTime { kept = time(layout.clock, &row) }
    var portrait = Portrait(
      status: statuses[Int(row[layout.operatorStatus])],
      hasBegun: row.isSet(layout.operatorBegan), elementsDone: elementsDone,
      scenario: frames(layout.operatorOrigin, layout.operatorStack, &row),
      handlers: handlers(&row), tasks: tasks(&row), variables: variables, armed: armed,
      logged: logged, modules: modules, engine: portraitOfEngine(&row), time: kept)
    portrait.hasDied = machine.hasDied(&row)
    portrait.locks = locks(&row)
    portrait.lines = lines(&row)
    portrait.order = order(&row)
    for (cpu, field) in machine.layout.occupants.enumerated() where row.isSet(field) {
      portrait.occupants[cpu] = Int(row[field]) - 1
    }
    portrait.objects = objects(&row)
    portrait.disk = disk(&row)
    portrait.brokenInto = brokenInto(&row)
    return portrait
  }

  private func disk(_ row: inout MutableSpan<UInt64>) -> ReferenceDisk {
    var disk = ReferenceDisk()
    guard let fields = machine.layout.disk else { return disk }
    for number in machine.program.patches.indices {
      if let field = fields.installed[number], row.isSet(field) { disk.installed.insert(number) }
      if let field = fields.inInitrd[number], row.isSet(field) { disk.inInitrd.insert(number) }
    }
    disk.hasTools = machine.hasTools(&row)
    disk.errand = Int(row[fields.errand])
    if let field = fields.bootedAt { disk.bootedAt = Int64(row[field]) }
    return disk
  }

  private func locks(_ row: inout MutableSpan<UInt64>) -> [ReferenceActor?] {
    var holders: [ReferenceActor?] = []
    for field in machine.layout.locks {
      let number = Int(row[field]) - 1
      let handlers = machine.layout.handlers.count
      if number < 0 {
        holders.append(nil)
      } else {
        holders.append(number < handlers ? .handler(number) : .task(number - handlers))
      }
    }
    return holders
  }

  private func order(_ row: inout MutableSpan<UInt64>) -> Set<ReferenceWorld.Order> {
    var order: Set<ReferenceWorld.Order> = []
    for (held, fields) in machine.layout.lockOrder.enumerated() {
      for (wanted, field) in fields.enumerated() where row.isSet(field) {
        order.insert(.init(held: held, wanted: wanted))
      }
    }
    return order
  }

  private func lines(_ row: inout MutableSpan<UInt64>) -> [[Int]] {
    var lines: [[Int]] = []
    for lock in machine.program.locks {
      var line: [(place: UInt64, slot: Int)] = []
      for slot in 0..<Int(row[machine.layout.taskCount]) {
        let origin = machine.layout.firstTaskOrigin + slot * machine.layout.taskStride
        guard row[machine.layout.task.queue, at: origin] == UInt64(lock.queue) + 1 else { continue }
        let place =
          machine.layout.task.placeInLine.map { row[$0, at: origin] }
          ?? row[machine.layout.clock.ticket, at: origin]
        line.append((place, slot))
      }
      lines.append(line.sorted { $0.place < $1.place }.map(\.slot))
    }
    return lines
  }

  private func brokenInto(_ row: inout MutableSpan<UInt64>) -> [Int?] {
    var slots: [Int?] = []
    for handler in machine.layout.handlers {
      let word = machine.layout.handlerInterrupted.map { row[$0, at: handler.origin] } ?? 0
      slots.append(word == 0 ? nil : Int(word) - 1)
    }
    return slots
  }

  private func handlers(_ row: inout MutableSpan<UInt64>) -> [[Portrait.Frame]] {
    var all: [[Portrait.Frame]] = []
    for handler in machine.layout.handlers {
      let isActive = row.isSet(machine.layout.handlerActive, at: handler.origin)
      all.append(isActive ? frames(handler.origin, handler.stack, &row) : [])
    }
    return all
  }

  private func tasks(_ row: inout MutableSpan<UInt64>) -> [Portrait.Task] {
    var all: [Portrait.Task] = []
    for number in 0..<Int(row[machine.layout.taskCount]) { all.append(task(number, &row)) }
    return all
  }

  /// The stack from the bottom up. Between two frames one word says where the callee returns to,
  /// which register takes its value and how far below the caller's frame begins.
  private func frames(
    _ origin: Int, _ stack: Int, _ row: inout MutableSpan<UInt64>
  ) -> [Portrait.Frame] {
    var address = Int(row[machine.layout.programCounter, at: origin])
    var base = stack + Int(row[machine.layout.frame, at: origin])
    var result: Int?
    var frames: [Portrait.Frame] = []
    while true {
      let function = liveness.functionAt[address]
      let count = machine.program.functions[function].registerCount
      var registers: [Int64?] = []
      for register in 0..<count {
        let isLive = liveness.isLive(register, at: address) && register != result
        registers.append(isLive ? Int64(bitPattern: row[base + register]) : nil)
      }
      frames.insert(
        Portrait.Frame(
          function: function, address: address, result: result, registers: registers), at: 0)
      guard base > stack else { return frames }
      let word = row[base - 1]
      address = Int(word & 0xffff_ffff)
      let register = Int(word >> 32 & 0xffff)
      result = register == Instruction.noRegister ? nil : register
      base -= Int(word >> 48)
    }
  }

  private func task(_ number: Int, _ row: inout MutableSpan<UInt64>) -> Portrait.Task {
    let layout = machine.layout
    let fields = layout.task
    let origin = layout.firstTaskOrigin + number * layout.taskStride
    let state = TaskState(rawValue: row[fields.state, at: origin]) ?? .unborn
    guard state != .gone else {
      return Portrait.Task(state: "X", remains: remains(origin, &row))
    }
    let bits: [(Portrait.Mark, Field)] =
      [
        (.inKernel, fields.inKernel), (.begun, fields.began),
        (.signalPending, fields.signalPending), (.stopPending, fields.stopPending),
        (.fatalPending, fields.fatalPending), (.targeted, fields.targeted),
        (.old, engine.flag(machine)),
        (.walked, engine.walked(machine)),
      ]
      + (fields.dumpPending.map { [(.dumpPending, $0)] } ?? [])
      + fields.seen.enumerated().flatMap { patch, seen in
        [(.ranOld(patch: patch), seen.old), (.ranNew(patch: patch), seen.new)]
      }
    var marks: Set<Portrait.Mark> = []
    for (mark, field) in bits where row.isSet(field, at: origin) { marks.insert(mark) }
    for managed in fields.managed {
      let number = managed.signal.rawValue
      if row.isSet(managed.pending, at: origin) { marks.insert(.caught(signal: number)) }
      if row.isSet(managed.blocked, at: origin) { marks.insert(.blocked(signal: number)) }
      switch Int(row[managed.disposition, at: origin]) {
      case 0: break
      case 1: marks.insert(.ignores(signal: number))
      case let other: marks.insert(.catches(signal: number, handler: other - 2))
      }
    }
    var parent = 0
    var leader = 0
    if let family = fields.family {
      parent = Int(row[family.parent, at: origin])
      if let field = family.leader { leader = Int(row[field, at: origin]) }
    }
    let masks: [(Portrait.Mark, Field?)] = [
      (.interruptsOff, fields.interruptsOff), (.bottomHalvesOff, fields.bottomHalvesOff),
    ]
    for (mark, field) in masks {
      if let field, row.isSet(field, at: origin) { marks.insert(mark) }
    }
    let queue = Int(row[fields.queue, at: origin])
    let reason = Int(row[fields.wakeReason, at: origin])
    var portrait = Portrait.Task(
      state: state.letter, function: Int(row[fields.function, at: origin]),
      stack: state == .zombie ? [] : frames(origin, origin + layout.taskStack, &row),
      queue: queue == 0 ? nil : queue - 1, wakeReason: reason == 0 ? nil : reason, marks: marks,
      time: taskTime(origin, &row), remains: state == .zombie ? remains(origin, &row) : [:],
      parent: parent == 0 ? nil : parent - 1, leader: leader == 0 ? nil : leader - 1)
    if let field = fields.ownCPU, row.isSet(field, at: origin) {
      portrait.ownCPU = Int(row[field, at: origin]) - 1
    }
    return portrait
  }

  private func remains(_ origin: Int, _ row: inout MutableSpan<UInt64>) -> [Int: Int64] {
    let function = FunctionID(Int(row[machine.layout.task.function, at: origin]))
    var remains: [Int: Int64] = [:]
    for (number, variable) in machine.program.taskVariables.enumerated() {
      guard let register = variable.registers[function] else { continue }
      remains[number] = Int64(bitPattern: row[origin + machine.layout.taskStack + register])
    }
    return remains
  }

  private func taskTime(
    _ origin: Int, _ row: inout MutableSpan<UInt64>
  ) -> Portrait.TaskTime? {
    guard machine.layout.keepsTime else { return nil }
    let clock = machine.layout.clock
    let cpu = Int(row[clock.cpu, at: origin])
    return Portrait.TaskTime(
      cpu: cpu == 0 ? nil : cpu - 1, carried: Int64(row[clock.carried, at: origin]),
      sleepEnd: Int64(row[clock.sleepEnd, at: origin]),
      since: Int64(row[clock.since, at: origin]))
  }

  private func portraitOfEngine(_ row: inout MutableSpan<UInt64>) -> Portrait.Engine {
    let program = machine.program
    let patch = Int(row[engine.field(.patch, machine)])
    var functions: [[Int]] = []
    for number in program.tracedFunctions.indices {
      functions.append(functionPortrait(TracedFunctionID(number), &row))
    }
    var patches: [[Int]] = []
    for number in program.patches.indices {
      let patch = PatchID(number)
      patches.append([
        Int(row[engine.position(patch, machine)]), Int(row[engine.refs(patch, machine)]),
        Int(row[engine.loaded(patch, machine)]), Int(row[engine.held(patch, machine)]),
      ])
    }
    var switched: [Bool] = []
    for field in machine.layout.engine.perCPU { switched.append(row[field] & 1 != 0) }
    var lent: [Bool] = []
    for field in machine.layout.engine.perCPU { lent.append(row[field] & 2 != 0) }
    return Portrait.Engine(
      stage: "\(engine.phase(machine, &row))", patch: patch == 0 ? nil : patch - 1,
      position: Int(row[engine.field(.cursor, machine)]),
      isWindowOpen: row.isSet(engine.field(.immutable, machine)),
      isInProgress: row.isSet(engine.field(.inProgress, machine)),
      hasComplained: row.isSet(engine.field(.printed, machine)),
      flagged: Int(row[engine.field(.flagged, machine)]), functions: functions,
      patches: patches, switchedCPUs: switched, lentCPUs: lent, switches: switches(&row))
  }

  /// What is on or off: reverting, forcing, modules forced, tainted, unsupported, warned, a request
  /// waiting.
  private func switches(_ row: inout MutableSpan<UInt64>) -> [Bool] {
    var all: [Bool] = []
    for global in [
      KGraft.Global.reverting, .forcing, .forcesModules, .tainted, .unsupported, .warned, .waiting,
    ] {
      all.append(row.isSet(engine.field(global, machine)))
    }
    return all
  }

  /// The registered stub, and each variant's state and what lies below it.
  private func functionPortrait(
    _ function: TracedFunctionID, _ row: inout MutableSpan<UInt64>
  ) -> [Int] {
    let variants = machine.program.tracedFunctions[function.rawValue].variants
    let stub = Int(row[engine.stub(function, machine)])
    var numbers = [-1, 0]
    if stub > 0 { numbers = [variants[(stub - 1) / 2].patch.rawValue, 2 - stub % 2] }
    for number in variants.indices {
      let variant = KGraft.Variant(function: function, number: number)
      numbers.append(Int(row[engine.state(variant, machine)]))
      let older = Int(row[engine.older(variant, machine)])
      numbers.append(older == 0 ? -1 : variants[older - 1].patch.rawValue)
    }
    return numbers
  }

  private func time(
    _ clock: Layout.TimeFields, _ row: inout MutableSpan<UInt64>
  ) -> Portrait.Time {
    var entries: [(due: UInt64, ticket: UInt64, actor: ReferenceActor)] = []
    func add(_ actor: ReferenceActor, _ due: UInt64, _ ticket: UInt64) {
      if ticket != 0 { entries.append((due, ticket, actor)) }
    }
    let layout = machine.layout
    let seat = layout.operatorOrigin
    add(.scenario, row[clock.due, at: seat], row[clock.ticket, at: seat])
    add(.engine, row[clock.engineDue], row[clock.engineTicket])
    for (number, handler) in layout.handlers.enumerated() {
      let origin = handler.origin
      add(.handler(number), row[clock.due, at: origin], row[clock.ticket, at: origin])
    }
    var runnable: [(ticket: UInt64, slot: Int)] = []
    var waiting: [[(ticket: UInt64, slot: Int)]] = machine.program.queues.map { _ in [] }
    for slot in 0..<Int(row[layout.taskCount]) {
      let origin = layout.firstTaskOrigin + slot * layout.taskStride
      let ticket = row[clock.ticket, at: origin]
      let queue = Int(row[layout.task.queue, at: origin])
      let isRunnable = row[layout.task.state, at: origin] == TaskState.runnable.rawValue
      if isRunnable, row[clock.cpu, at: origin] == 0 {
        runnable.append((ticket, slot))
      } else if queue != 0, !isRunnable {
        waiting[queue - 1].append((ticket, slot))
        let asleep = machine.program.instructions[Int(row[layout.programCounter, at: origin])]
        if asleep.operation == .waitFor, Int(asleep.b) != Instruction.noRegister {
          add(.task(slot), row[clock.due, at: origin], ticket)
        }
      } else {
        add(.task(slot), row[clock.due, at: origin], ticket)
      }
    }
    entries.sort { ($0.due, $0.ticket) < ($1.due, $1.ticket) }
    var cpus: [[Int64]] = []
    for cpu in clock.cpus {
      cpus.append([
        Int64(row[cpu.current]) - 1, Int64(row[cpu.handler]) - 1, Int64(row[cpu.sliceEnd]),
        Int64(row[cpu.handlerBegan]),
      ])
    }
    return Portrait.Time(
      now: Int64(row[clock.now]), cpus: cpus,
      runQueue: runnable.sorted { $0.ticket < $1.ticket }.map(\.slot),
      waiting: waiting.map { queue in queue.sorted { $0.ticket < $1.ticket }.map(\.slot) },
      appointments: entries.map { .init(actor: $0.actor, due: Int64($0.due)) },
      awaitLimit: Int64(row[clock.awaitLimit]),
      transitionBegan: Int64(row[clock.transitionBegan]) - 1,
      transitionTook: Int64(row[clock.transitionTook]))
  }
}
