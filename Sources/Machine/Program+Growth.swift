/// A program whose text has grown at its end.
extension Program {
  /// Whether a world of this program whose operator stands at `address` is one of another program
  /// as well: the two differ only in what the operator's body has further on.
  package func sharesWorlds(
    with other: Program, whoseOperatorIsAt address: Int
  ) -> Bool {
    let body = operatorFunction.rawValue
    guard functions.count == other.functions.count, body == other.operatorFunction.rawValue else {
      return false
    }
    for (number, function) in functions.enumerated() {
      let twin = other.functions[number]
      guard function.entry == twin.entry, function.registerCount == twin.registerCount,
        function.name == twin.name, function.patch == twin.patch,
        number == body || function.end == twin.end
      else { return false }
    }
    let last = max(address + 1, functions[body].entry)
    guard last <= instructions.count, last <= other.instructions.count,
      instructions[..<last].elementsEqual(other.instructions[..<last]),
      Self.agree(constants, other.constants), Self.agree(logPatterns, other.logPatterns),
      properties.count == other.properties.count, patches.count == other.patches.count,
      commandProcesses.count == other.commandProcesses.count, cpuCount == other.cpuCount,
      sliceNanoseconds == other.sliceNanoseconds, kernelRelease == other.kernelRelease,
      isPreemptible == other.isPreemptible, jitterNanoseconds == other.jitterNanoseconds,
      hasFtrace == other.hasFtrace, startsWithTools == other.startsWithTools,
      interrupts.count == other.interrupts.count
    else { return false }
    // What was lowered behind the operator's body moves when that grows.
    let end = functions[body].end
    return !functions.contains { $0.entry >= end } || end == other.functions[body].end
  }

  private static func agree<Value: Equatable>(_ first: [Value], _ second: [Value]) -> Bool {
    zip(first, second).allSatisfy { $0 == $1 }
  }
}
