import Machine

/// A register is live at an address if some path from there reads it before writing it: searched
/// for path by path, one register at a time.
package final class ReferenceLiveness: @unchecked Sendable {
  private let program: Program
  private let answers: [[Bool]]
  /// For each address, the function it belongs to.
  package let functionAt: [Int]

  package init(program: Program) {
    self.program = program
    var owners = [Int](repeating: -1, count: program.instructions.count)
    for (number, function) in program.functions.enumerated() {
      for address in function.entry..<function.end { owners[address] = number }
    }
    functionAt = owners
    var awaiting: [Int: [Int]] = [:]
    for (address, instruction) in program.instructions.enumerated() {
      guard let start = program.condition(of: instruction) else { continue }
      let end = program.instructions[start...].firstIndex { $0.operation == .conditionEnd }
      awaiting[end ?? start, default: []].append(address)
    }
    let handlers = HandlerPaths(program)
    var answers: [[Bool]] = []
    for (address, owner) in owners.enumerated() {
      let count = owner < 0 ? 0 : program.functions[owner].registerCount
      answers.append(
        (0..<count).map { Self.search($0, from: address, program, awaiting, handlers) })
    }
    // What an armed condition reads from the operator's bottom frame stays to the scenario's end.
    for property in program.properties {
      guard let start = property.start else { continue }
      for register in answers[start].indices where answers[start][register] {
        for address in owners.indices where owners[address] == program.operatorFunction.rawValue {
          answers[address][register] = true
        }
      }
    }
    // What the operator may read of a task, at whatever place the task is.
    for variable in program.taskVariables {
      for (function, register) in variable.registers {
        for address in owners.indices where owners[address] == function.rawValue {
          answers[address][register] = true
        }
      }
    }
    self.answers = answers
  }

  package func isLive(_ register: Int, at address: Int) -> Bool {
    answers[address].indices.contains(register) && answers[address][register]
  }

  /// Which registers of a frame still matter. The one that a call's value is to go into does not.
  package func live(_ frame: ReferenceFrame) -> [Bool] {
    frame.registers.indices.map { isLive($0, at: frame.address) && $0 != frame.result }
  }

  private static func search(
    _ register: Int, from address: Int, _ program: Program, _ awaiting: [Int: [Int]],
    _ handlers: HandlerPaths
  ) -> Bool {
    var been: Set<Int> = []
    var open = [address]
    while let place = open.popLast() {
      guard been.insert(place).inserted else { continue }
      // A signal comes before the instruction, and the handler's own registers begin with it.
      open += handlers.entries(at: place).filter {
        $0.register != register && $0.register + 1 != register
      }.map(\.start)
      let use = RegisterUse(program.instructions[place], program)
      if use.reads.contains(register) { return true }
      if use.write == register { continue }
      open += use.successors(of: place, program.instructions[place], program, awaiting)
      if program.instructions[place].operation == .leaveHandler {
        open += handlers.returns(at: place)
      }
    }
    return false
  }
}

/// Where the programs' handlers for signals come in: wherever the program is in user mode.
struct HandlerPaths {
  /// For each address, the handlers that may come in before it.
  private var comingIn: [Int: [HandlerSite]] = [:]
  private var functions: [Int: Int] = [:]

  init(_ program: Program) {
    for (number, body) in program.functions.enumerated() {
      let own = program.signalHandlers.filter { $0.function.rawValue == number }
      guard !own.isEmpty else { continue }
      // Of a program only a stretch between entry and exit is in the kernel.
      var isInKernel = false
      for address in body.entry..<body.end {
        functions[address] = number
        let instruction = program.instructions[address]
        let isFirst = own.contains { $0.start == address }
        if isFirst || (address > body.entry && Self.leaves(program.instructions[address - 1])) {
          isInKernel = false
          comingIn[address] = own
        }
        let isVisible = instruction.operation.rawValue >= Operation.loadShared.rawValue
        if isVisible, !isInKernel, address != body.threadEntry { comingIn[address] = own }
        if instruction.operation == .leaveKernel { comingIn[instruction.wide] = own }
        if instruction.operation == .enterKernel { isInKernel = true }
      }
    }
  }

  private static func leaves(_ instruction: Instruction) -> Bool {
    instruction.operation == .leaveKernel
  }

  func entries(at address: Int) -> [HandlerSite] { comingIn[address] ?? [] }

  /// A handler goes back to wherever one may come in.
  func returns(at address: Int) -> [Int] {
    comingIn.keys.filter { functions[$0] == functions[address] }
  }
}

extension Program {
  /// Where the condition's code begins that an instruction waits for, if it does.
  func condition(of instruction: Instruction) -> Int? {
    switch instruction.operation {
    case .await: awaits[Int(instruction.c)].start
    case .waitFor: waits[Int(instruction.c)].start
    default: nil
    }
  }
}

extension Property {
  /// Where its condition's code begins, if it has one.
  var start: Int? {
    switch kind {
    case .monitor: nil
    case .always(let start), .never(let start), .reach(let start): start
    }
  }
}

/// What the table in `Instruction.swift` says of an instruction's registers.
struct RegisterUse {
  var reads: Set<Int> = []
  var write: Int?

  init(_ instruction: Instruction, _ program: Program) {
    let (a, b, c) = (Int(instruction.a), Int(instruction.b), Int(instruction.c))
    let writesA = a == Instruction.noRegister ? nil : a
    switch instruction.operation {
    case .loadImmediate, .loadConstant, .loadShared, .wait: write = writesA
    case .storeElement: reads = [a, c]
    case .fork: write = writesA
    case .startThread:
      (reads, write) = (Set(c..<(c + program.functions[b].parameterCount)), writesA)
    case .reap: (reads, write) = (b == Instruction.noRegister ? [] : [b], writesA)
    case .leaveHandler: reads = [a, a + 1]
    case .catchSignal, .ignoreSignal: break
    case .loadElement, .sharedElement: (reads, write) = ([c], a)
    case .move, .negate, .not, .addImmediate, .listCount, .taskVariable, .logContains, .apply,
      .revert, .commandStatus:
      (reads, write) = ([b], a)
    case .command: (reads, write) = (c == Instruction.noRegister ? [a, b] : [a, b, c], a)
    case .force: write = a
    case .hostAction: (reads, write) = (Set(b..<(b + program.hostActions[c].parameterCount)), a)
    case .add, .subtract, .multiply, .divide, .remainder, .equal, .notEqual, .less, .lessOrEqual,
      .listElement, .makeRange, .textContains:
      (reads, write) = ([b, c], a)
    case .replaceElement: (reads, write) = ([a, b, c], a)
    case .jump, .arm, .enterKernel, .safePoint, .exitTask, .endInterrupt, .observe,
      .lock, .unlock, .activateModule, .retireModule, .freeModule:
      break
    case .moduleIsLive, .loadModule, .unloadModule, .unloadPatch: write = a
    case .jumpIfFalse, .jumpIfTrue, .returnValue, .returnTraced, .require, .requireStatus,
      .conditionEnd, .storeShared, .leaveKernel, .endCommand:
      reads = [a]
    case .signal: (reads, write) = ([a, c], c)
    case .signalOne: (reads, write) = ([a], c)
    case .free, .interruptsRestore, .bottomHalvesRestore: reads = [a]
    case .interruptsOff, .bottomHalvesOff: write = a
    case .loadField, .readField, .hasShadow, .loadShadow: (reads, write) = ([b], a)
    case .dropShadow: reads = [b]
    case .storeField, .storeShadow, .allocateShadow: reads = [a, b]
    case .allocate: (reads, write) = (Set(b..<(b + program.allocations[c].fields.count)), a)
    case .dropShadows, .beginAtomic, .endAtomic: break
    case .check: reads = Set([a] + program.assertions[c].captures.map(\.register))
    case .jumpIfLess, .jumpIfNotLess, .work, .operatorSleep: reads = [a, b]
    case .countUp: (reads, write) = ([a, b], a)
    case .sleep: (reads, write) = ([a, b], c == Instruction.noRegister ? nil : c)
    case .waitFor: (reads, write) = (b == Instruction.noRegister ? [] : [b], writesA)
    case .await, .wake: reads = a == Instruction.noRegister ? [] : [a]
    case .query:
      let asksGlobally = [Query.inProgress, .logged, .variable, .transitionDuration, .longestPause]
        .map(\.rawValue).contains(instruction.c)
      (reads, write) = (asksGlobally ? [] : [b], a)
    case .call:
      (reads, write) = (Set(c..<(c + program.functions[b].parameterCount)), writesA)
    case .callTraced:
      let original = program.functions[program.tracedFunctions[b].original.rawValue]
      (reads, write) = (Set(c..<(c + original.parameterCount)), writesA)
    case .choose, .makeList: (reads, write) = (Set(b..<(b + c)), a)
    case .pause, .finish: reads = Set(0..<c)
    case .spawn:
      (reads, write) = (Set(c..<(c + 1 + program.functions[b].parameterCount)), a)
    case .spawnOne:
      (reads, write) = (Set(c..<(c + program.functions[b].parameterCount)), a)
    case .hostCall, .hostStatus:
      (reads, write) = (Set(b..<(b + program.hostFunctions[c].parameterCount)), a)
    case .print, .printk, .oops, .cue: reads = Set(a..<(a + program.texts[c].kinds.count))
    case .report: reads = Set([a] + (b..<(b + program.texts[c].kinds.count)))
    case .format: (reads, write) = (Set(b..<(b + program.texts[c].kinds.count)), a)
    }
  }

  func successors(
    of address: Int, _ instruction: Instruction, _ program: Program, _ awaiting: [Int: [Int]]
  ) -> [Int] {
    switch instruction.operation {
    case .jump: [instruction.wide]
    case .jumpIfFalse, .jumpIfTrue, .leaveKernel: [address + 1, instruction.wide]
    case .jumpIfLess, .jumpIfNotLess, .countUp: [address + 1, address + instruction.small]
    case .returnValue, .returnTraced, .exitTask, .endInterrupt, .endCommand, .finish,
      .leaveHandler:
      []
    case .await, .waitFor: [address + 1] + (program.condition(of: instruction).map { [$0] } ?? [])
    case .conditionEnd: awaiting[address] ?? []
    default: [address + 1]
    }
  }
}
