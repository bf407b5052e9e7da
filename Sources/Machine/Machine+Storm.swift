/// Interrupts that leave a CPU no time.
extension Machine {
  /// The handler that takes a CPU's time: the one that runs there, or else the one that comes most
  /// often.
  package func busyHandler(of cpu: Int, _ row: inout MutableSpan<UInt64>) -> Function? {
    let here = layout.handlers.filter { $0.cpu == cpu }
    let running = here.first { row.isSet(layout.handlerActive, at: $0.origin) }
    let often = here.min {
      program.interrupts[$0.source].periodNanoseconds
        < program.interrupts[$1.source].periodNanoseconds
    }
    return (running ?? often).map { handler in
      program.functions[program.interrupts[handler.source].function.rawValue]
    }
  }

  /// Whether the interrupts of a CPU do the same each time, for as long as it takes: what has left
  /// nobody any time there for a while will never leave any.
  package func isStormConstant(on cpu: Int) -> Bool {
    guard program.jitterNanoseconds == 0 else { return false }
    for handler in layout.handlers where handler.cpu == cpu {
      let interrupt = program.interrupts[handler.source]
      guard interrupt.slackNanoseconds == 0,
        isOfConstantLength(interrupt.function, constants: [], depth: 0)
      else { return false }
    }
    return true
  }

  /// Whether a function has one way through it, on which nobody is waited for, and whose work does
  /// not hang on anything that may change.
  private func isOfConstantLength(
    _ function: FunctionID, constants arguments: Set<Int>, depth: Int
  ) -> Bool {
    guard depth < Self.deepest else { return false }
    let code = program.functions[function.rawValue]
    var constants = arguments
    for address in code.entry..<code.end {
      let instruction = program.instructions[address]
      let target = Int(instruction.a)
      switch instruction.operation {
      case .loadImmediate, .loadConstant: constants.insert(target)
      case .move:
        if constants.contains(Int(instruction.b)) {
          constants.insert(target)
        } else {
          constants.remove(target)
        }
      case .work:
        guard instruction.a == instruction.b, constants.contains(target) else { return false }
      case .call, .callTraced:
        guard callsAreOfConstantLength(instruction, constants, code, depth) else { return false }
        constants.remove(target)
      case .loadShared, .loadElement, .loadField, .readField, .hasShadow, .loadShadow, .add,
        .subtract, .multiply, .divide, .remainder, .addImmediate, .negate, .not, .equal, .notEqual,
        .less, .lessOrEqual:
        constants.remove(target)
      case .storeShared, .storeElement, .storeField, .wake, .printk: break
      case .returnValue, .returnTraced, .endInterrupt: return true
      default: return false
      }
    }
    return false
  }

  private func callsAreOfConstantLength(
    _ instruction: Instruction, _ constants: Set<Int>, _ caller: Function, _ depth: Int
  ) -> Bool {
    var callees = [FunctionID(Int(instruction.b))]
    if instruction.operation == .callTraced {
      let traced = program.tracedFunctions[Int(instruction.b)]
      callees = [traced.original] + traced.variants.map(\.function)
    }
    return callees.allSatisfy { callee in
      let count = program.functions[callee.rawValue].parameterCount
      let first = Int(instruction.c)
      let passed = (0..<count).filter { constants.contains(first + $0) }
      return isOfConstantLength(callee, constants: Set(passed), depth: depth + 1)
    }
  }

  /// Calls that are followed: nobody nests them deeper in a handler.
  private static let deepest = 16

  /// What the handler of that number runs.
  package func handlerFunction(_ number: Int) -> Function {
    program.functions[program.interrupts[layout.handlers[number].source].function.rawValue]
  }
}
