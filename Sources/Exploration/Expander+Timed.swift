import Machine

/// The steps out of a world of a search that keeps time: whatever is due at the earliest moment, in
/// every order.
extension Expander {
  mutating func takeDue(
    _ mode: TimedMode, _ isOver: Bool, _ first: Int, _ store: WorldStore,
    _ row: inout MutableSpan<UInt64>, _ harvest: inout Harvest
  ) {
    let before = row[machine.layout.clock.now]
    // Who waits for what is told by the row alone.
    machine.rebuildAgenda(&row, &workspace)
    var choices: [Choice] = []
    if machine.forEachTimedChoice(mode, &row, { choices.append($0) }) {
      harvest.leavesValuesOut = true
    }
    let moment = row[machine.layout.clock.now]
    let agenda = workspace.agenda
    for choice in choices where !harvest.isCutShort {
      workspace.agenda = agenda
      row[machine.layout.clock.now] = moment
      if choice.actor == .operator, let address = awaitInHand(&row) {
        harvest.awaited.insert(address)
      }
      // Where the scenario is over nothing is claimed any more: the step only leads on.
      if isOver { for field in machine.layout.armed { row.set(field, to: false) } }
      take(choice, silently: isOver, first, store, &row, &harvest)
    }
    row[machine.layout.clock.now] = before
  }

  /// The `await` that the operator's next step is about.
  private func awaitInHand(_ row: inout MutableSpan<UInt64>) -> Int? {
    let address = Int(row[machine.layout.programCounter, at: machine.layout.operatorOrigin])
    return machine.program.instructions[address].operation == .await ? address : nil
  }

  /// Brings the row behind a step into the form in which worlds are compared.
  func keepTime(
    _ rule: TimedRule, _ row: inout MutableSpan<UInt64>, _ harvest: inout Harvest
  ) {
    if !rule.mode.keepsSlices, machine.mayContend(&row) { harvest.needsSlices = true }
    machine.settle(rule.mode, &row)
    machine.makeRelative(rule, &row)
  }
}
