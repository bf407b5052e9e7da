import Machine

extension RandomProgram {
  /// Some programs have patches that were built for another kernel, or run on one without ftrace.
  /// The dice are others than those of the rest, which is what it was before there were such.
  static func makeForeign(_ program: inout Program, _ dice: Dice) {
    var dice = dice
    guard dice.chance(30) else { return }
    let lookups: [TracedFunction.Lookup] = [.missing, .fewer, .untraceable]
    for number in program.tracedFunctions.indices {
      if dice.chance(20) { program.tracedFunctions[number].lookup = lookups[dice.roll(3)] }
      for variant in program.tracedFunctions[number].variants.indices where dice.chance(30) {
        program.tracedFunctions[number].variants[variant].isRequired = dice.chance(50)
        program.tracedFunctions[number].variants[variant].position = dice.roll(3)
      }
    }
    let release = "3.12.61-52-default"
    program.kernelRelease = release
    for number in program.patches.indices where dice.chance(20) {
      program.patches[number].vermagic = dice.chance(70) ? "3.12.60-1-default" : release
    }
    for number in program.patches.indices {
      program.patches[number].isImmediate = dice.chance(15)
    }
    program.hasFtrace = !dice.chance(5)
  }
}
