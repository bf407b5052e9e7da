import Machine

extension Program {
  /// Addresses of each `await` whose condition asks for nothing but what stands in the globals and
  /// in the operator's own words.
  var knowableWaits: Set<Int32> {
    var found: Set<Int32> = []
    for (address, instruction) in instructions.enumerated() where instruction.operation == .await {
      if asksGlobalsAlone(conditionAt: awaits[Int(instruction.c)].start) {
        found.insert(Int32(address))
      }
    }
    return found
  }

  private func asksGlobalsAlone(conditionAt start: Int) -> Bool {
    for instruction in instructions[start...] {
      switch instruction.operation {
      case .conditionEnd: return true
      case .query:
        let globals: [Query] = [.inProgress, .logged, .variable]
        guard let query = Query(rawValue: instruction.c), globals.contains(query) else {
          return false
        }
      case .sharedElement, .commandStatus: continue
      default:
        if instruction.operation == .call || instruction.operation.footprint > .own {
          return false
        }
      }
    }
    return false
  }
}
