import Dispatch
import Exploration
import Machine
import Patching
import ReferenceMachine
import Testing

/// The search itself, over the worlds whose counts both machines agree on and over programs that
/// nobody thought of: every way of searching must see the same.
@Suite("A search sees every world, whichever way it goes")
struct WorldSearchTests {
  static func search(
    _ pair: Pair, with workforce: any Workforce = SingleHand(),
    _ change: (inout SearchBounds) -> Void = { _ in }
  ) -> SearchResult {
    var bounds = SearchBounds()
    bounds.usesSymmetry = false
    bounds.usesPartialOrder = false
    change(&bounds)
    return BreadthFirstSearch.run(pair.fast, bounds: bounds, with: workforce)
  }

  /// What broke off some schedule, in the words of the joint search.
  static func faults(_ result: SearchResult) -> Set<ReferenceFault> {
    Set(
      result.witnesses.compactMap {
        guard case .fault(let fault) = $0.flaw else { return nil }
        return Pair.translate(.faulted, fault).fault
      })
  }

  @Test(arguments: Golden.all)
  func golden(_ golden: Golden) throws {
    let pair = Pair(golden.make(), golden.rules, time: .arbitrary)
    let result = Self.search(pair)
    #expect(result.isComplete)
    #expect(result.states == golden.states)
    #expect(result.transitions == golden.transitions)
    #expect(Self.faults(result) == golden.faults)
    // What is looked up is what is found by stepping.
    #expect(Self.search(pair) { $0.remembersSteps = false } == result)
    let reduced = Self.search(pair) { $0.usesSymmetry = true }
    try expectAlike(reduced, result, pair, golden.testDescription)
    #expect(reduced.states == orbits(pair), "each class of worlds is kept once")
    // Whoever takes the steps.
    for bounds in [true, false] {
      let many = Self.search(pair, with: ThreeHands()) { $0.usesSymmetry = bounds }
      #expect(many == (bounds ? reduced : result))
    }
  }

  /// A search that keeps one of several exchangeable worlds says the same as one that keeps all,
  /// and what it shows can be replayed in the slots that tasks have.
  private func expectAlike(
    _ reduced: SearchResult, _ whole: SearchResult, _ pair: Pair, _ label: String
  ) throws {
    func keys(_ result: SearchResult) -> [String: Int] {
      Dictionary(
        result.witnesses.map { (Self.words($0.flaw), $0.schedule.count) }, uniquingKeysWith: min)
    }
    try #require(keys(reduced) == keys(whole), "\(label)")
    try #require(reduced.completion?.count == whole.completion?.count, "\(label)")
    try #require(reduced.reached.mapValues(\.count) == whole.reached.mapValues(\.count))
    try #require(reduced.missed == whole.missed, "\(label)")
    try #require(reduced.held.mapValues(\.count) == whole.held.mapValues(\.count), "\(label)")
    try #require(reduced.missing.mapValues(\.count) == whole.missing.mapValues(\.count), "\(label)")
    try #require(reduced.states <= whole.states && reduced.depth == whole.depth, "\(label)")
    for witness in reduced.witnesses {
      let end = try #require(Self.follow(witness.schedule, pair), "\(label): \(witness)")
      if case .fault(let fault) = witness.flaw {
        try #require(end == fault, "\(label): \(witness)")
      }
    }
    if let completion = reduced.completion { _ = try #require(Self.follow(completion, pair)) }
  }

  /// Classes of worlds, counted plainly: all of them, each with the words of interchangeable tasks
  /// sorted.
  private func orbits(_ pair: Pair) -> Int {
    let machine = pair.fast
    let groups = Interchange(machine.program).groups
    var workspace = pair.workspace()
    let start = machine.initialRow(taskCapacity: pair.capacity, &workspace)
    var seen: Set<[UInt64]> = [start]
    var open = [start]
    var classes: Set<[UInt64]> = []
    while let row = open.popLast() {
      classes.insert(sorted(row, groups, machine))
      var source = row
      var span = source.mutableSpan
      guard span[machine.layout.operatorStatus] != OperatorStatus.finished.rawValue else {
        continue
      }
      var choices: [Choice] = []
      machine.forEachChoice(&span, &workspace) { choices.append($0) }
      for choice in choices {
        var next = row
        var span = next.mutableSpan
        guard machine.step(choice, &span, &workspace) != .faulted else { continue }
        if seen.insert(next).inserted { open.append(next) }
      }
    }
    return classes.count
  }

  private func sorted(
    _ row: [UInt64], _ groups: [[TaskSlot]], _ machine: Machine
  ) -> [UInt64] {
    var row = row
    let stride = machine.layout.taskStride
    for slots in groups {
      let origins = slots.map { machine.layout.origin(of: $0) }
      let tasks = origins.map { Array(row[$0..<($0 + stride)]) }
      let ordered = tasks.sorted { $0.lexicographicallyPrecedes($1) }
      for (origin, task) in zip(origins, ordered) {
        row.replaceSubrange(origin..<(origin + stride), with: task)
      }
    }
    return row
  }

  /// Without whom it happened to.
  static func words(_ flaw: Flaw) -> String {
    switch flaw {
    case .fault(.violated(let property, _)): "violated \(property)"
    case .fault(.oops(let oops)): "oops \(oops.address)"
    case .fault(.deadlock(let waits)): "deadlock \(waits.map(\.address).sorted())"
    default: "\(flaw)"
    }
  }

  /// Repeats a schedule; gives the fault that it ends in, an inner nil for none, nil where it can't
  /// be followed.
  static func follow(_ schedule: [Int], _ pair: Pair) -> Fault?? {
    var workspace = pair.workspace()
    var row = pair.fast.initialRow(taskCapacity: pair.capacity, &workspace)
    var span = row.mutableSpan
    for number in schedule {
      var choices: [Choice] = []
      pair.fast.forEachChoice(&span, &workspace) { choices.append($0) }
      guard choices.indices.contains(number) else { return nil }
      _ = pair.fast.step(choices[number], &span, &workspace)
    }
    return .some(workspace.fault)
  }

  @Test(arguments: 0..<RandomTests.lots)
  func randomPrograms(_ lot: Int) throws {
    let begin = RandomTests.first + lot * RandomTests.perLot
    for seed in begin..<(begin + RandomTests.perLot) {
      let (program, rules) = RandomProgram.make(seed: seed)
      let pair = Pair(program, rules, time: .arbitrary, capacity: 16)
      let result = Self.search(pair) { $0.states = 80 }
      let stepped = Self.search(pair) {
        $0.states = 80
        $0.remembersSteps = false
      }
      // Cut off, the two may stop some worlds apart: where a row has to grow they begin anew.
      try #require(stepped.isComplete == result.isComplete, "program \(seed)")
      guard result.isComplete else { continue }
      try #require(stepped == result, "program \(seed)")
      let reduced = Self.search(pair) { $0.usesSymmetry = true }
      try expectAlike(reduced, result, pair, "program \(seed)")
      guard result.states < 80 else { continue }
      let joint = try JointSearch.run(pair, label: "program \(seed)")
      try #require(
        joint.states == result.states && joint.transitions == result.transitions, "program \(seed)")
      let ordered = Self.search(pair) { ($0.usesSymmetry, $0.usesPartialOrder) = (true, true) }
      for found in [result, reduced, ordered] {
        try expectSameAnswer(found, joint, "program \(seed)")
      }
    }
  }

  /// Verdict and outcome set: what goes wrong in some schedule, where nobody can step any more, and
  /// how the scenario can end, all as the reference has enumerated it.
  private func expectSameAnswer(
    _ result: SearchResult, _ joint: JointSearch.Result, _ label: String
  ) throws {
    try #require(Self.faults(result) == joint.faults, "\(label)")
    let deadEnds = result.witnesses.compactMap { witness -> Int? in
      if case .deadEnd(let address) = witness.flaw { address } else { nil }
    }
    try #require(Set(deadEnds) == joint.deadEnds, "\(label)")
    let failed = result.witnesses.compactMap { witness -> Int? in
      if case .checkFailed(let assertion) = witness.flaw { assertion } else { nil }
    }
    try #require(Set(failed) == joint.failedChecks, "\(label)")
    try #require((result.completion != nil) == (joint.finished > 0), "\(label)")
    let ends = result.outcomes.map { outcome in
      ["v", "w"].compactMap { name in outcome.figures.first { $0.name == name }?.value }
    }.filter { $0.count == 2 }
    try #require(Set(ends) == joint.ends, "\(label): \(ends) against \(joint.ends)")
  }
}

extension ReferenceOutcome {
  var fault: ReferenceFault? {
    if case .faulted(let fault) = self { fault } else { nil }
  }
}

/// Three threads for each round.
struct ThreeHands: Workforce {
  let count = 3
  func each(_ work: @escaping @Sendable (Int) -> Void) {
    DispatchQueue.concurrentPerform(iterations: count) { work($0) }
  }
}
