import Machine

/// Why a transition does not finish, for people.
package enum Why {
  /// Tasks that are told about one by one; of more there is only the number.
  package static let toldTasks = 3

  /// The first tasks that the transition waits for, and how many more there are.
  ///
  /// - Parameters:
  ///   - terms: to try on copies of the world what is said; nil where no step may be made any
  ///     more: it is read off the code alone.
  ///   - isStalled: somebody has seen that nothing finishes the transition by itself; then what
  ///     would come by itself is no perhaps.
  ///   - isGrouping: what would move several tasks is said once, behind all of them.
  package static func sentences(
    _ machine: Machine, _ row: inout MutableSpan<UInt64>, trying terms: TrialTerms?,
    isStalled: Bool = false, grouping isGrouping: Bool = false,
    _ place: @escaping (Origin) -> String?
  ) -> [String] {
    guard machine.engine.isInProgress(machine, &row) else { return ["no transition is on its way"] }
    var blockers = Blocker.all(machine, &row, limit: toldTasks, trying: terms)
    // What comes by itself may still move one of several, and would not finish it.
    if isStalled, blockers.count == 1 {
      for number in blockers.indices { blockers[number].dropWhatComesByItself() }
    }
    guard !blockers.isEmpty else { return ["the transition waits for no task"] }
    var sentences: [String] = []
    var remedies: [String] = []
    for blocker in blockers {
      let own = blocker.sentences(machine.program, place)
      if isGrouping, !remedies.isEmpty, Array(own.dropFirst()) == remedies {
        sentences.insert(own[0], at: sentences.count - remedies.count)
      } else {
        sentences += own
        remedies = Array(own.dropFirst())
      }
    }
    let rest = Blocker.count(machine, &row) - blockers.count
    if rest > 0 { sentences.append("and \(rest) more in the old universe") }
    return sentences
  }

  /// The answer about one task.
  package static func answer(
    _ slot: TaskSlot, _ machine: Machine, _ row: inout MutableSpan<UInt64>,
    trying terms: TrialTerms?, _ place: @escaping (Origin) -> String?
  ) -> String {
    let name = machine.taskName(slot, &row)
    guard machine.engine.isInProgress(machine, &row) else {
      return "\(name) blocks nothing: no transition is on its way"
    }
    guard let blocker = Blocker(slot, machine, &row, trying: terms) else {
      switch machine.state(of: slot, &row) {
      case .gone: return "\(name) blocks nothing: it has exited"
      case .zombie: return "\(name) blocks nothing: it is a zombie"
      default: return "\(name) blocks nothing: it is in the new universe"
      }
    }
    return blocker.sentences(machine.program, place).joined(separator: "\n")
  }
}
