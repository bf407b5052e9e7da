import Machine

/// Worlds in which patches are taken back, replaced and forced.
extension Worlds {
  /// One task that calls f and g in one entry, `never mixed` armed.
  private static func caller(
    _ patches: [(replacesAll: Bool, functions: [Int])], ambiguous: [Int: Set<Int>] = [:],
    lookup: TracedFunction.Lookup = .found, required: Bool? = nil,
    _ statements: ([Int]) -> [Statement]
  ) -> Program {
    var builder = ProgramBuilder(cpus: 1)
    builder.program.sliceNanoseconds = 20_000
    let numbers = patches.enumerated().map { number, patch in
      builder.patch("p\(number)", replacesAll: patch.replacesAll)
    }
    let functions = ["f", "g"].enumerated().map { function, name in
      builder.traced(
        name, patches: numbers.filter { patches[$0].functions.contains(function) },
        ambiguousFor: ambiguous[function] ?? [], lookup: function == 0 ? .found : lookup,
        required: required)
    }
    let program = builder.caller(of: functions)
    let mixed = builder.neverMixed()
    return builder.scenario([.arm(mixed), .spawn(program, 1, into: 0)] + statements(numbers))
  }

  /// A patch of f and g comes and goes.
  static func reverted() -> Program {
    caller([(false, [0, 1])]) { patches in
      [.apply(patches[0]), .awaitNotInProgress, .revert(patches[0]), .awaitNotInProgress]
    }
  }

  /// One of f and g, and one of f alone above it, which goes before the other may.
  static func revertedStack() -> Program {
    caller([(false, [0, 1]), (false, [0])]) { patches in
      [
        .apply(patches[0]), .awaitNotInProgress, .apply(patches[1]), .awaitNotInProgress,
        .revert(patches[0], fails: [.EBUSY]), .revert(patches[1]), .awaitNotInProgress,
        .revert(patches[0]),
      ]
    }
  }

  /// A patch of f and g gives way to one of f that replaces all; then that goes too.
  static func replaced() -> Program {
    caller([(false, [0, 1]), (true, [0])]) { patches in
      [
        .apply(patches[0]), .awaitNotInProgress, .apply(patches[1]), .awaitNotInProgress,
        .revert(patches[0], fails: [.EINVAL]), .revert(patches[1]), .awaitNotInProgress,
      ]
    }
  }

  /// Two patches of g, one hidden below the other, give way to one of f that replaces all.
  static func replacedStack() -> Program {
    caller([(false, [1]), (false, [1]), (true, [0])]) { patches in
      [
        .apply(patches[0]), .awaitNotInProgress, .apply(patches[1]), .awaitNotInProgress,
        .apply(patches[2]), .awaitNotInProgress,
      ]
    }
  }

  /// The function of a patch that would replace all can't be found: what it dropped is put back,
  /// and the same patch may be tried again.
  static func refusedReplacement() -> Program {
    caller([(false, [1]), (true, [0]), (true, [0])], ambiguous: [0: [1]]) { patches in
      [
        .apply(patches[0]), .awaitNotInProgress, .apply(patches[1], fails: [.ENOENT]),
        .apply(patches[1], fails: [.ENOENT]), .apply(patches[2]),
      ]
    }
  }

  /// f is redirected, g can't be: f goes back.
  static func refused() -> Program {
    caller([(false, [0, 1])], ambiguous: [1: [0]]) { patches in
      [.apply(patches[0], fails: [.ENOENT])]
    }
  }

  /// f is redirected, g is not there, or can't be traced: f goes back.
  static func foreign(
    _ lookup: TracedFunction.Lookup, _ error: Errno, required: Bool? = nil
  ) -> Program {
    caller([(false, [0, 1])], lookup: lookup, required: required) { patches in
      [.apply(patches[0], fails: [error])]
    }
  }

  /// Nothing can be patched: there is no ftrace, or the patch is another kernel's.
  static func turnedAway(hasFtrace: Bool) -> Program {
    var program = caller([(false, [0])]) { patches in
      [.apply(patches[0], fails: [.EINVAL])]
    }
    program.hasFtrace = hasFtrace
    program.patches[0].vermagic = "3.12.60-1-default"
    return program
  }

  /// A sleeper that nobody wakes and a task that calls f are forced, before and after there is
  /// something to force.
  static func forced() -> Program {
    var builder = ProgramBuilder(cpus: 1)
    let patch = builder.patch("fix")
    let f = builder.traced("f", patches: [patch])
    let sleeper = builder.sleeper(calling: f)
    let caller = builder.caller(of: [f])
    return builder.scenario([
      .spawn(sleeper, 1, into: 0), .spawn(caller, 1, into: 1), .force, .apply(patch), .force,
      .awaitNotInProgress,
    ])
  }
}
