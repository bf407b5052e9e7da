/// Which registers an instruction reads and writes: what liveness is computed from.
extension Instruction {
  /// Calls `visit` with each register that the instruction reads.
  func forEachRead(in program: Program, _ visit: (Int) -> Void) {
    let (a, b, c) = (Int(a), Int(b), Int(c))
    switch operation {
    case .loadImmediate, .loadConstant, .jump, .arm, .loadShared, .enterKernel, .safePoint,
      .exitTask, .endInterrupt, .observe, .wait, .lock, .unlock,
      .dropShadows, .beginAtomic, .endAtomic, .interruptsOff, .bottomHalvesOff,
      .fork, .catchSignal, .ignoreSignal, .force, .moduleIsLive, .loadModule,
      .activateModule, .unloadModule, .retireModule, .freeModule, .unloadPatch:
      return
    case .free, .interruptsRestore, .bottomHalvesRestore, .loadField, .readField, .hasShadow,
      .loadShadow, .dropShadow, .storeField, .storeShadow, .allocateShadow, .allocate:
      forEachObjectRead(in: program, visit)
    case .storeElement, .loadElement, .sharedElement, .replaceElement: forEachElementRead(visit)
    case .move, .negate, .not, .addImmediate, .listCount, .taskVariable, .logContains, .apply,
      .revert, .commandStatus:
      visit(b)
    case .add, .subtract, .multiply, .divide, .remainder, .equal, .notEqual, .less, .lessOrEqual,
      .listElement, .makeRange, .textContains:
      visit(b)
      visit(c)
    case .jumpIfFalse, .jumpIfTrue, .returnValue, .returnTraced, .require, .requireStatus,
      .conditionEnd, .storeShared, .leaveKernel, .signal, .signalOne, .endCommand:
      visit(a)
      if operation == .signal, c != Self.noRegister { visit(c) }
    case .check:
      visit(a)
      for capture in program.assertions[c].captures { visit(capture.register) }
    // A command's status, and what it prints, stand there until the operator goes past it.
    case .jumpIfLess, .jumpIfNotLess, .countUp, .work, .sleep, .operatorSleep, .command:
      visit(a)
      visit(b)
      if operation == .command, c != Self.noRegister { visit(c) }
    case .query:
      if Query(rawValue: self.c)?.takesOperand == true { visit(b) }
    case .call, .spawnOne, .startThread:
      for register in c..<(c + program.functions[b].parameterCount) { visit(register) }
    case .callTraced:
      let original = program.tracedFunctions[b].original.rawValue
      for register in c..<(c + program.functions[original].parameterCount) { visit(register) }
    case .hostCall, .hostStatus, .hostAction:
      let count =
        operation == .hostAction
        ? program.hostActions[c].parameterCount : program.hostFunctions[c].parameterCount
      for register in b..<(b + count) { visit(register) }
    case .print, .printk, .oops, .format, .report, .cue:
      forEachTextRead(in: program, visit)
    case .choose, .makeList, .pause, .finish:
      let first = [.pause, .finish].contains(operation) ? 0 : b
      for register in first..<(first + c) { visit(register) }
    case .waitFor, .reap:
      if b != Self.noRegister { visit(b) }
    case .leaveHandler:
      visit(a)
      visit(a + 1)
    case .wake, .await:
      if a != Self.noRegister { visit(a) }
    case .spawn:
      for register in c...(c + program.functions[b].parameterCount) { visit(register) }
    }
  }

  /// The values of the text that `c` names; of a report the name as well.
  private func forEachTextRead(in program: Program, _ visit: (Int) -> Void) {
    if operation == .report { visit(Int(a)) }
    let first = Int([.print, .printk, .oops, .cue].contains(operation) ? a : b)
    for register in first..<(first + program.texts[Int(c)].kinds.count) { visit(register) }
  }

  private func forEachElementRead(_ visit: (Int) -> Void) {
    if operation == .storeElement || operation == .replaceElement { visit(Int(a)) }
    if operation == .replaceElement { visit(Int(b)) }
    visit(Int(c))
  }

  /// Of the operations on objects and masks.
  private func forEachObjectRead(in program: Program, _ visit: (Int) -> Void) {
    let (a, b, c) = (Int(a), Int(b), Int(c))
    switch operation {
    case .free, .interruptsRestore, .bottomHalvesRestore:
      visit(a)
    case .loadField, .readField, .hasShadow, .loadShadow, .dropShadow:
      visit(b)
    case .storeField, .storeShadow, .allocateShadow:
      visit(a)
      visit(b)
    case .allocate:
      for register in b..<(b + program.allocations[c].fields.count) { visit(register) }
    default: return
    }
  }

  /// The register that the instruction writes, or nil.
  var written: Int? {
    switch operation {
    case .loadImmediate, .loadConstant, .move, .add, .subtract, .multiply, .divide, .remainder,
      .addImmediate, .negate, .not, .equal, .notEqual, .less, .lessOrEqual, .countUp, .call,
      .query, .logContains, .hostCall, .hostStatus, .makeList, .makeRange, .taskVariable,
      .textContains, .format,
      .listCount, .listElement, .replaceElement, .loadShared, .loadElement, .sharedElement,
      .callTraced, .wait,
      .waitFor, .choose, .spawn, .spawnOne, .apply, .allocate, .loadField, .readField,
      .hasShadow, .loadShadow, .interruptsOff, .bottomHalvesOff, .fork, .startThread,
      .reap, .revert, .force, .hostAction, .command, .commandStatus, .moduleIsLive, .loadModule,
      .unloadModule, .unloadPatch:
      return Int(a) == Self.noRegister ? nil : Int(a)
    case .sleep, .signal, .signalOne:
      return Int(c) == Self.noRegister ? nil : Int(c)
    case .jump, .jumpIfFalse, .jumpIfTrue, .jumpIfLess, .jumpIfNotLess, .returnValue, .arm,
      .require, .check, .requireStatus, .print, .report, .cue, .conditionEnd, .storeShared,
      .storeElement, .work, .enterKernel, .leaveKernel, .returnTraced, .printk, .wake, .safePoint,
      .lock, .unlock, .oops, .free, .storeField, .storeShadow, .allocateShadow, .dropShadow,
      .dropShadows, .beginAtomic, .endAtomic, .interruptsRestore, .bottomHalvesRestore,
      .exitTask, .endInterrupt, .observe, .operatorSleep, .await,
      .pause, .finish, .catchSignal, .ignoreSignal, .leaveHandler, .activateModule, .retireModule,
      .freeModule,
      .endCommand:
      return nil
    }
  }

  /// Calls `visit` with each address that may come next within the same frame. An `await`, or a
  /// `waitFor`, is followed by its condition's code too, and that code by the `await`.
  func forEachSuccessor(
    at address: Int, conditionOwner: [Int: Int], in program: Program, _ visit: (Int) -> Void
  ) {
    switch operation {
    case .jump:
      visit(wide)
    case .jumpIfFalse, .jumpIfTrue, .leaveKernel:
      visit(address + 1)
      visit(wide)
    case .jumpIfLess, .jumpIfNotLess, .countUp:
      visit(address + 1)
      visit(address + small)
    case .returnValue, .returnTraced, .exitTask, .endInterrupt, .endCommand, .finish:
      return
    case .leaveHandler:
      program.forEachInterruptible(in: program.signalHandlers[Int(b)].function, visit)
    case .await:
      visit(program.awaits[Int(c)].start)
      visit(address + 1)
    case .waitFor:
      if let start = program.waits[Int(c)].start { visit(start) }
      visit(address + 1)
    case .conditionEnd:
      if let owner = conditionOwner[address] { visit(owner) }
    default:
      visit(address + 1)
    }
  }
}
