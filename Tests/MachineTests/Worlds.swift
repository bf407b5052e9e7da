import Machine

/// The small worlds that both machines are held against, assembled by hand.
enum Worlds {
  /// One user task that calls a patched function for ever, and the patch applied to it.
  static func looper() -> Program {
    var builder = ProgramBuilder(cpus: 1)
    let patch = builder.patch("fix")
    let f = builder.traced("f", patches: [patch])
    let call = builder.systemCall("probe") { code in
      code.emit(.callTraced, a: 0, b: f)
    }
    let program = builder.function("looper", .userProgram) { code in
      code.loop { $0.systemCall(call) }
    }
    return applying(patch, spawning: [(program, 1)], &builder)
  }

  /// Tasks that call two patched functions in one system call; `never mixed` is armed.
  static func pairs(_ count: Int) -> Program {
    var builder = ProgramBuilder(cpus: 1)
    let patch = builder.patch("fix")
    let f = builder.traced("f", patches: [patch])
    let g = builder.traced("g", patches: [patch])
    let call = builder.systemCall("probe") { code in
      code.emit(.callTraced, a: 0, b: f)
      code.emit(.callTraced, a: 0, b: g)
    }
    let program = builder.function("looper", .userProgram) { code in
      code.loop { $0.systemCall(call) }
    }
    return applying(patch, spawning: [(program, count)], arming: true, &builder)
  }

  /// Spawns, applies, waits for the transition's end.
  static func applying(
    _ patch: Int, spawning programs: [(function: Int, count: Int)], arming: Bool = false,
    _ builder: inout ProgramBuilder, then more: (inout Code) -> Void = { _ in }
  ) -> Program {
    let monitor = arming ? builder.neverMixed() : nil
    let applied = builder.outcome([])
    let site = builder.awaitSite()
    var starts: [Int: Int] = [:]
    var program = builder.scenario { code in
      if let monitor { code.emit(.arm, c: monitor) }
      for (function, count) in programs {
        code.emit(.loadImmediate, a: 0, wide: count)
        code.emit(.spawn, a: 1, b: function, c: 0)
      }
      code.emit(.apply, a: 2, b: patch)
      code.emit(.requireStatus, a: 2, c: applied)
      more(&code)
      starts[site] = code.awaitNotInProgress(site)
    }
    for (site, start) in starts { program.awaits[site].start = start }
    return program
  }
}

extension Code {
  /// `await not in_progress`; gives the address of its condition. Registers 6 and 7 are its own.
  mutating func awaitNotInProgress(_ site: Int) -> Int {
    let after = freshLabel()
    let wait = freshLabel()
    emit(.jump, to: wait)
    let start = here
    emit(.query, a: 6, c: Int(Query.inProgress.rawValue))
    emit(.not, a: 7, b: 6)
    emit(.conditionEnd, a: 7)
    label(wait)
    emit(.await, a: Instruction.noRegister, c: site)
    label(after)
    return start
  }
}
