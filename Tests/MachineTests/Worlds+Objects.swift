import Machine

/// Worlds of records, shadow variables, masks and blocks of one step.
extension Worlds {
  private static func addReach(_ builder: inout ProgramBuilder, _ monitor: Monitor) -> Int {
    builder.program.properties.append(
      Property(kind: .monitor(monitor, .reach), text: "reach", origin: .none))
    return builder.program.properties.count - 1
  }

  /// A pool of two places and a variable for its head: field 0 is `size`, bounded, field 1 `more`,
  /// which only the patch's objects have. One task pushes, another changes and pops, while the
  /// patch comes.
  static func objects() -> Program {
    var builder = ProgramBuilder(cpus: 1)
    let patch = builder.patch("fix")
    let head = SharedVariable(name: "head", initial: 0, range: 0...2)
    builder.program.variables = [head]
    builder.program.fieldNames = ["size", "more"]
    builder.program.records = [
      Record(
        name: "inode", first: 1, count: 2,
        fields: [
          RecordField(name: 0, variable: SharedVariable(name: "size", initial: 1, range: 1...3)),
          RecordField(
            name: 1, variable: SharedVariable(name: "more", initial: 2, range: 0...3),
            patch: PatchID(patch)),
        ])
    ]
    builder.program.allocations = [
      AllocationSite(record: 0, fields: [0]),
      AllocationSite(record: 0, fields: [], patch: PatchID(patch)),
    ]
    let push = builder.traced(
      "push", registers: 2, patches: [patch],
      variants: [
        patch: { code in
          code.emit(.allocate, a: 0, b: 0, c: 1)
          code.emit(.storeShared, a: 0, b: 0)
        }
      ]
    ) { code in
      code.emit(.loadImmediate, a: 1, wide: 2)
      code.emit(.allocate, a: 0, b: 1, c: 0)
      code.emit(.storeShared, a: 0, b: 0)
    }
    let look = builder.traced(
      "look", registers: 2, patches: [patch],
      variants: [
        patch: { code in
          code.emit(.loadShared, a: 0, b: 0)
          code.emit(.loadField, a: 0, b: 0, c: 1)
        }
      ]
    ) { code in
      code.emit(.loadShared, a: 0, b: 0)
      code.emit(.loadImmediate, a: 1, wide: 9)
      code.emit(.storeField, a: 1, b: 0, c: 0)
      code.emit(.free, a: 0)
    }
    var programs: [Int] = []
    for traced in [push, look] {
      let call = builder.systemCall("call", registers: 3) { code in
        code.emit(.callTraced, a: 0, b: traced, c: 1)
      }
      programs.append(
        builder.function("once", .userProgram, registers: 2) { code in
          code.systemCall(call)
          code.emit(.exitTask)
        })
    }
    let goal = addReach(&builder, .oops)
    return builder.scenario([
      .arm(goal), .spawn(programs[0], 1, into: 0), .spawn(programs[1], 1, into: 1),
      .apply(patch), .awaitNotInProgress,
    ])
  }

  /// Shadow variables outlive the object that they stand beside, and the next one has them.
  static func shadows() -> Program {
    var builder = ProgramBuilder(cpus: 1)
    builder.program.variables = [SharedVariable(name: "head", initial: 0, range: 0...2)]
    builder.program.records = [Record(name: "inode", first: 1, count: 2, fields: [])]
    builder.program.allocations = [AllocationSite(record: 0, fields: [])]
    builder.program.shadows = [
      ShadowVariable(name: "extra", record: 0), ShadowVariable(name: "other", record: 0),
    ]
    builder.program.logPatterns = ["Duplicate shadow variable <inode[0], extra>"]
    let make = builder.systemCall("make", registers: 3) { code in
      code.emit(.allocate, a: 0, b: 0, c: 0)
      code.emit(.loadImmediate, a: 1, wide: 7)
      code.emit(.allocateShadow, a: 1, b: 0, c: 0)
      code.emit(.allocateShadow, a: 1, b: 0, c: 1)
      code.emit(.hasShadow, a: 1, b: 0, c: 0)
      code.emit(.loadShadow, a: 2, b: 0, c: 0)
      code.emit(.add, a: 1, b: 1, c: 2)
      code.emit(.storeShadow, a: 1, b: 0, c: 0)
      code.emit(.free, a: 0)
    }
    let drop = builder.systemCall("drop", registers: 2) { code in
      code.emit(.loadImmediate, a: 1, wide: 1)
      code.emit(.dropShadow, a: 0, b: 1, c: 0)
      code.emit(.dropShadows, c: 1)
      code.emit(.loadShadow, a: 1, b: 1, c: 0)
    }
    var programs: [Int] = []
    for call in [make, drop] {
      programs.append(
        builder.function("user", .userProgram, registers: 2) { code in
          code.systemCall(call)
          code.systemCall(call)
          code.emit(.exitTask)
        })
    }
    let goal = addReach(&builder, .oops)
    return builder.scenario([
      .arm(goal), .spawn(programs[0], 1, into: 0), .spawn(programs[1], 1, into: 1),
      .sleep(30_000),
    ])
  }

  /// With bottom halves off a call follows its CPU's interrupts: on two CPUs, either's.
  static func bottomHalves() -> Program {
    var builder = ProgramBuilder(cpus: 2)
    let patch = builder.patch("fix")
    let f = builder.traced("f", patches: [patch])
    let call = builder.systemCall("both", registers: 3) { code in
      code.emit(.callTraced, a: 0, b: f, c: 1)
      code.emit(.bottomHalvesOff, a: 1)
      code.emit(.callTraced, a: 0, b: f, c: 2)
      code.emit(.bottomHalvesRestore, a: 1)
    }
    let user = builder.function("user", .userProgram, registers: 2) { code in
      code.loop { code in code.systemCall(call) }
    }
    let mixed = builder.neverMixed()
    return builder.scenario([
      .arm(mixed), .spawn(user, 1, into: 0), .apply(patch), .awaitNotInProgress,
    ])
  }

  /// What a handler and a task share under a lock: with interrupts off nobody breaks into the
  /// holder, and the holder's rivals spin. Two writes are one step besides.
  static func interruptsOff() -> Program {
    var builder = ProgramBuilder(cpus: 2)
    builder.program.queues = ["a"]
    builder.program.locks = [Lock(name: "a", queue: 0)]
    builder.program.variables = [
      SharedVariable(name: "v", initial: 0, range: 0...2),
      SharedVariable(name: "w", initial: 0, range: 0...2),
    ]
    let call = builder.systemCall("count", registers: 3) { code in
      code.emit(.interruptsOff, a: 1)
      code.emit(.interruptsOff, a: 2)
      code.emit(.lock, b: 0)
      code.emit(.loadShared, a: 0, b: 0)
      code.emit(.addImmediate, a: 0, b: 0, c: 1)
      code.emit(.beginAtomic)
      code.emit(.storeShared, a: 0, b: 0)
      code.emit(.storeShared, a: 0, b: 1)
      code.emit(.endAtomic)
      code.emit(.unlock, b: 0)
      code.emit(.interruptsRestore, a: 2)
      code.emit(.interruptsRestore, a: 1)
    }
    let user = builder.function("user", .userProgram, registers: 2) { code in
      code.systemCall(call)
      code.emit(.exitTask)
    }
    builder.interrupt("timer", every: 1_000, cpu: 0, registers: 2) { code in
      code.emit(.interruptsOff, a: 1)
      code.emit(.lock, b: 0)
      code.emit(.loadShared, a: 0, b: 1)
      code.emit(.unlock, b: 0)
      code.emit(.interruptsRestore, a: 1)
    }
    return builder.scenario([.spawn(user, 2, into: 0), .sleep(30_000)])
  }
}
