import Machine
import Patching

/// The rules of the simulated machine, written down a second time and straight from the
/// definitions (`Instruction.swift`, the language's *Exact meanings*, the kernel's own order of
/// steps). The judge over the fast one.
package struct ReferenceMachine: Sendable {
  package let program: Program
  package let rules: KGraftRules
  package let costs: Costs
  package let engineCosts: KGraftCosts
  package let keepsTime: Bool
  package let liveness: ReferenceLiveness
  let host: (any ReferenceHost)?

  package init(
    program: Program, rules: KGraftRules, keepsTime: Bool, costs: Costs = Costs(),
    engineCosts: KGraftCosts = KGraftCosts(), host: (any ReferenceHost)? = nil
  ) {
    self.program = program
    self.rules = rules
    self.keepsTime = keepsTime
    self.costs = costs
    self.engineCosts = engineCosts
    self.host = host
    liveness = ReferenceLiveness(program: program)
  }

  /// The world before the operator's first step.
  package func initial() throws(ReferenceFault) -> ReferenceWorld {
    var handlers: [ReferenceHandler] = []
    for (source, interrupt) in program.interrupts.enumerated() {
      for cpu in 0..<program.cpuCount where interrupt.cpu == nil || interrupt.cpu == cpu {
        handlers.append(ReferenceHandler(source: source, cpu: cpu))
      }
    }
    let cpus = [ReferenceTime.CPU](repeating: .init(), count: program.cpuCount)
    var world = ReferenceWorld(
      scenario: ReferenceOperator(), handlers: handlers,
      variables: program.variables.map { keep($0.initial, in: $0.range) },
      locks: program.locks.map { _ in nil }, lines: program.locks.map { _ in [] },
      objects: program.records.flatMap { record in
        (0..<record.count).map { _ in ReferenceObject() }
      },
      modules: program.modules.map { $0.startsLive ? .live : .absent },
      transition: initialTransition(),
      time: keepsTime ? ReferenceTime(cpus: cpus, waiting: program.queues.map { _ in [] }) : nil)
    if program.disk != nil { world.disk.hasTools = program.startsWithTools }
    var step = ReferenceStep(machine: self, world: world)
    step.world.armed = Set(program.properties.indices.filter { program.properties[$0].isStanding })
    for function in program.kernelThreads { try step.start(function.rawValue, arguments: []) }
    if let first = program.initFunction { try step.start(first.rawValue, arguments: []) }
    for (number, handler) in handlers.enumerated() where isConnected(handler.source, world) {
      step.appoint(.handler(number), at: program.interrupts[handler.source].periodNanoseconds)
    }
    step.tellOfBoot()
    var stack = [frame(of: program.operatorFunction.rawValue, arguments: [])]
    try step.runLocals(&stack)
    step.world.scenario.stack = stack
    step.appoint(.scenario, at: 0)
    return canonical(step.world)
  }

  func initialTransition() -> ReferenceTransition {
    ReferenceTransition(
      stubs: program.tracedFunctions.map { _ in .none },
      patches: program.patches.map { patch in
        var made = ReferenceTransition.Patch()
        for function in patch.functions { made.variants[function.rawValue] = .init() }
        return made
      })
  }

  func frame(of function: Int, arguments: [Int64]) -> ReferenceFrame {
    let body = program.functions[function]
    let rest = [Int64](repeating: 0, count: body.registerCount - arguments.count)
    return ReferenceFrame(
      function: function, address: body.entry, registers: arguments + rest, result: nil)
  }

  func keep(_ value: Int64, in range: ClosedRange<Int64>?) -> Int64 {
    guard let range else { return value }
    return min(max(value, range.lowerBound), range.upperBound)
  }

  /// The task that is pid 1, if it is one.
  var initTask: Int? { program.initFunction == nil ? nil : program.kernelThreads.count }

  func isKernelThread(_ slot: Int, _ world: ReferenceWorld) -> Bool {
    program.functions[world.tasks[slot].function].kind == .kernelThread
  }

  /// Makes the chosen step. A world after a fault means nothing.
  package func step(
    _ world: ReferenceWorld, _ choice: ReferenceChoice, isRecording: Bool = false
  ) -> (
    world: ReferenceWorld, outcome: ReferenceOutcome, events: [String], failedChecks: Set<Int>
  ) {
    var step = ReferenceStep(machine: self, world: world, isRecording: isRecording)
    do {
      switch choice.actor {
      case .scenario: try step.stepOperator(choice.alternative)
      case .engine: step.stepEngine(choice.alternative)
      case .handler(let number): try step.stepHandler(number, choice.alternative)
      case .task(let slot):
        try step.stepTask(slot, choice.alternative)
        if !world.isKeptOut(slot) { step.occupy(slot, boundTo: world.tasks[slot].ownCPU) }
      }
      try step.lookForCircles()
      try step.checkConditions()
    } catch {
      return (step.world, .faulted(error), step.events ?? [], step.failedChecks)
    }
    let isFinished = step.world.scenario.status == .finished
    let outcome = isFinished ? ReferenceOutcome.finished : .running
    return (canonical(step.world), outcome, step.events ?? [], step.failedChecks)
  }

  /// The world without what nobody will look at any more.
  private func canonical(_ world: ReferenceWorld) -> ReferenceWorld {
    var world = world
    clear(&world.scenario.stack)
    for number in world.handlers.indices { clear(&world.handlers[number].stack) }
    for slot in world.tasks.indices { clear(&world.tasks[slot].stack) }
    return world
  }

  private func clear(_ stack: inout [ReferenceFrame]) {
    for depth in stack.indices {
      for (register, isLive) in liveness.live(stack[depth]).enumerated() where !isLive {
        stack[depth].registers[register] = 0
      }
    }
  }
}
