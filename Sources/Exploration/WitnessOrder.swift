import Machine

/// Puts the steps of a witness into an order that is easier to follow: of two schedules with the
/// same steps the one is better in which fewer are interrupted by somebody else while they could
/// go on, then the one in which the turn passes less often.
///
/// A step is drawn forward to the last one of the same actor, or put off to the next one, as long
/// as the schedule stays possible and ends in the same flaw. So it stays as short as it was, and
/// what is shown has been stepped through by the same rules as any other. It is a bounded pass, not
/// a proof: there may be a better order still.
package struct WitnessOrder {
  private let machine: Machine
  private let limits: Limits
  private let capacity: Int
  private var workspace: Workspace
  /// Steps that may still be taken: people wait for it.
  private var stepsLeft: Int

  package struct Cost: Comparable, Sendable {
    /// Turns that end although whoever has them could go on.
    package var preemptions = 0
    package var turns = 0

    package static func < (left: Cost, right: Cost) -> Bool {
      (left.preemptions, left.turns) < (right.preemptions, right.turns)
    }
  }

  /// - Parameters:
  ///   - machine: one for arbitrary time.
  ///   - tasks: the most that there are on the way.
  package init(_ machine: Machine, tasks: Int, limits: Limits, steps: Int = 20_000) {
    self.machine = machine
    self.limits = limits
    capacity = tasks
    stepsLeft = steps
    workspace = Workspace(program: machine.program, recording: false, limits: limits)
  }

  /// The witness in a better order, or as it is. What goes on for ever keeps its order: its loop
  /// begins in a world that must stay.
  package mutating func improved(_ witness: Witness) -> Witness {
    switch witness.flaw {
    case .starved, .stalled: return witness
    case .fault, .deadEnd, .checkFailed: break
    }
    guard let choices = choices(of: witness.schedule),
      var best = follow(choices, to: witness.flaw)
    else { return witness }
    while let better = improvement(of: best, witness.flaw) { best = better }
    return witness.going(best.numbers, to: best.flaw)
  }

  /// The witness without steps that it does not need, stretch by stretch and then step by step; for
  /// what was not found the shortest ways first. There may be a shorter one still.
  package mutating func shortened(_ witness: Witness) -> Witness {
    guard witness.lasso == nil, let choices = choices(of: witness.schedule),
      var best = follow(choices, to: witness.flaw)
    else { return witness }
    var length = max(1, best.choices.count / 2)
    while length >= 1, stepsLeft > 0 {
      var start = 0
      var isShorter = false
      while start < best.choices.count, stepsLeft > 0 {
        var shorter = best.choices
        shorter.removeSubrange(start..<min(shorter.count, start + length))
        if let found = follow(shorter, to: witness.flaw) {
          (best, isShorter) = (found, true)
        } else {
          start += length
        }
      }
      // What was needed before may not be any more.
      if length > 1 || !isShorter { length /= 2 }
    }
    return witness.going(best.numbers, to: best.flaw)
  }

  /// What a schedule costs; nil: it can't be followed.
  package mutating func cost(of witness: Witness) -> Cost? {
    choices(of: witness.schedule).flatMap { follow($0, to: witness.flaw)?.cost }
  }

  // MARK: Other orders

  private struct Way {
    var choices: [Choice]
    var numbers: [Int]
    var cost: Cost
    var flaw: Flaw
  }

  private mutating func improvement(of way: Way, _ flaw: Flaw) -> Way? {
    let count = way.choices.count
    for early in 0..<count {
      // The next step of the same actor, where others come between.
      let actor = way.choices[early].actor
      guard let late = ((early + 1)..<count).first(where: { way.choices[$0].actor == actor }),
        late > early + 1
      else { continue }
      for (from, to) in [(late, early + 1), (early, late - 1)] {
        var choices = way.choices
        choices.insert(choices.remove(at: from), at: to)
        guard stepsLeft > 0 else { return nil }
        if let found = follow(choices, to: flaw), found.cost < way.cost { return found }
      }
    }
    return nil
  }

  // MARK: Following

  private mutating func begin() -> [UInt64] {
    workspace = Workspace(program: machine.program, recording: false, limits: limits)
    return machine.initialRow(taskCapacity: capacity, &workspace)
  }

  private mutating func take(_ choice: Choice, _ row: inout MutableSpan<UInt64>) -> Fault? {
    workspace.fuel.restart(operations: limits.operations)
    workspace.outputBytes = 0
    workspace.failedChecks.removeAll()
    workspace.figures.removeAll()
    _ = machine.step(choice, &row, &workspace)
    defer { workspace.fault = nil }
    return workspace.fault
  }

  /// Who does what in a schedule of numbers; nil: it can't be followed.
  private mutating func choices(of schedule: [Int]) -> [Choice]? {
    var words = begin()
    var row = words.mutableSpan
    var choices: [Choice] = []
    for (step, number) in schedule.enumerated() {
      var possible: [Choice] = []
      machine.forEachChoice(&row, &workspace) { possible.append($0) }
      guard possible.indices.contains(number) else { return nil }
      choices.append(possible[number])
      let fault = take(possible[number], &row)
      if fault != nil, step + 1 < schedule.count { return nil }
    }
    return choices
  }

  /// The same steps in another order, if they are possible and come to the same.
  private mutating func follow(_ choices: [Choice], to flaw: Flaw) -> Way? {
    var words = begin()
    var row = words.mutableSpan
    var way = Way(choices: choices, numbers: [], cost: Cost(), flaw: flaw)
    for (step, choice) in choices.enumerated() {
      var possible: [Choice] = []
      machine.forEachChoice(&row, &workspace) { possible.append($0) }
      guard let number = possible.firstIndex(of: choice) else { return nil }
      if step > 0, choices[step - 1].actor != choice.actor {
        way.cost.turns += 1
        let before = choices[step - 1].actor
        if possible.contains(where: { $0.actor == before }) { way.cost.preemptions += 1 }
      }
      way.numbers.append(number)
      let fault = take(choice, &row)
      stepsLeft -= 1
      guard step + 1 == choices.count else {
        if fault != nil { return nil }
        continue
      }
      return isAlike(fault, &row, &way) ? way : nil
    }
    return nil
  }

  /// Whether the schedule ends in its flaw.
  private mutating func isAlike(
    _ fault: Fault?, _ row: inout MutableSpan<UInt64>, _ way: inout Way
  ) -> Bool {
    if let fault {
      guard case .fault = way.flaw, FlawKey(.fault(fault)) == FlawKey(way.flaw) else {
        return false
      }
      way.flaw = .fault(fault)
      return true
    }
    switch way.flaw {
    case .checkFailed(let assertion):
      return workspace.failedChecks.contains { $0.assertion == assertion }
    case .deadEnd(let address):
      var isDead = true
      machine.forEachChoice(&row, &workspace) { _ in isDead = false }
      let layout = machine.layout
      return isDead && Int(row[layout.programCounter, at: layout.operatorOrigin]) == address
    case .fault, .starved, .stalled:
      return false
    }
  }
}
