/// How far a visible action of a task reaches: what it reads and writes beside the task's own
/// words. A search takes a step of which it knows that no further than it has to.
package enum Footprint: Sendable, Hashable, Comparable {
  /// Nothing else.
  case own
  /// What is shared, which stands among the globals: variables, stubs, the engine's own fields.
  case shared
  /// Other tasks, handlers or the operator: who is woken, born, buried or waited for.
  case anybody
}

extension Operation {
  /// How far a task's step reaches that begins with this action, where time is arbitrary. What the
  /// engine does when it is told of one task stays within that task and the globals
  /// (`PatchingEngine`).
  package var footprint: Footprint {
    switch self {
    //                                     reaches beyond the task:
    case .work: .own  //                   nothing, for no time passes
    case .choose: .own  //                 nothing
    case .interruptsOff, .interruptsRestore: .own  //     who is masked by it looks at the task
    case .bottomHalvesOff, .bottomHalvesRestore: .own  // the same
    case .loadShared, .storeShared: .shared  //           a variable
    case .loadElement, .storeElement: .shared  //         a variable
    case .beginAtomic, .endAtomic: .shared  //            as far as what stands between them
    case .enterKernel, .leaveKernel: .shared  //          the engine's count of flagged tasks
    case .safePoint, .wait, .sleep: .shared  //           the same; nobody keeps who is asleep
    case .waitFor: .shared  //                            the same, without a condition
    case .callTraced: .shared  //                         the stubs, the engine's count
    case .returnTraced: .own  //                          nothing
    case .exitTask: .shared  //                           the engine's count
    // Objects: a mistake is a crash, which may end in anybody's hands.
    case .allocate, .free, .loadField, .storeField, .allocateShadow, .hasShadow, .loadShadow,
      .storeShadow, .dropShadow, .dropShadows, .oops:
      .anybody
    // The log is the operator's to look at; locks, queues, families and modules are several's.
    case .printk, .lock, .unlock, .wake, .fork, .startThread, .reap, .catchSignal,
      .ignoreSignal, .leaveHandler, .loadModule, .activateModule, .unloadModule, .retireModule,
      .freeModule, .unloadPatch, .endCommand, .endInterrupt:
      .anybody
    case .observe, .spawn, .spawnOne, .signal, .signalOne, .apply, .revert, .force, .hostAction,
      .command, .operatorSleep, .await, .pause, .finish:
      .anybody
    // Local ones run on in the step before them.
    case .loadImmediate, .loadConstant, .move, .add, .subtract, .multiply, .divide, .remainder,
      .addImmediate, .negate, .not, .equal, .notEqual, .less, .lessOrEqual, .jump, .jumpIfFalse,
      .jumpIfTrue, .jumpIfLess, .jumpIfNotLess, .countUp, .call, .returnValue, .makeRange,
      .listCount, .conditionEnd:
      .own
    case .moduleIsLive: .shared
    // Questions about anybody, and what a run remembers beside its row.
    case .query, .sharedElement, .hostCall, .hostStatus, .taskVariable, .readField, .logContains,
      .makeList, .textContains, .format, .commandStatus, .listElement, .replaceElement, .arm,
      .require, .check, .requireStatus, .print, .report, .cue:
      .anybody
    }
  }
}

extension Program {
  /// For each address at which a task can rest, whether its step from there reads and writes
  /// nothing but its own words and the globals; nowhere, where the program has something that makes
  /// every step look at others.
  var selfContained: [Bool] {
    var contained = Array(repeating: false, count: instructions.count)
    guard !looksAtOthers else { return contained }
    for function in functions.indices where FunctionID(function) != operatorFunction {
      let body = functions[function]
      for address in body.entry..<body.end where instructions[address].operation.isVisible {
        contained[address] = isSelfContained(at: address, until: body.end)
      }
    }
    return contained
  }

  /// Locks have lines and circles, families have parents, bound tasks share a CPU, and conditions
  /// that are looked at after every step may ask for anybody.
  private var looksAtOthers: Bool {
    if hasFamilies || !spawnCPUs.isEmpty { return true }
    if properties.contains(where: { $0.conditionStart != nil }) { return true }
    let conditions = conditionRanges
    for function in functions.indices where FunctionID(function) != operatorFunction {
      let body = functions[function]
      for address in body.entry..<body.end {
        let operation = instructions[address].operation
        if operation == .lock { return true }
        // Local code may follow any action.
        if !operation.isVisible, operation.footprint == .anybody,
          !conditions.contains(where: { $0.contains(address) })
        {
          return true
        }
      }
    }
    return false
  }

  /// The code of conditions that tasks wait for.
  private var conditionRanges: [ClosedRange<Int>] {
    waits.compactMap(\.start).map { start in
      var end = start
      while instructions[end].operation != .conditionEnd { end += 1 }
      return start...end
    }
  }

  private func isSelfContained(at address: Int, until end: Int) -> Bool {
    let instruction = instructions[address]
    switch instruction.operation {
    case .waitFor: return waits[Int(instruction.c)].start == nil
    case .beginAtomic:
      // What stands in the block, branches and all, lies between its ends.
      var inside = address + 1
      while inside < end, instructions[inside].operation != .endAtomic {
        let operation = instructions[inside].operation
        let isCall = operation == .call || operation == .callTraced
        if operation.footprint == .anybody || isCall { return false }
        inside += 1
      }
      return true
    default: return instruction.operation.footprint < .anybody
    }
  }
}
