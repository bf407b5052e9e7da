import Machine

extension Schedule {
  /// How time is kept, of choices that were made where it is.
  package var timed: TimedMode? { if case .timed(_, let mode) = self { mode } else { nil } }

  /// Nil of a seed.
  package var choices: [Int]? {
    switch self {
    case .seed: nil
    case .choices(let choices), .timed(let choices, _): choices
    }
  }
}

extension Machine {
  /// Every step that is possible, by its number in a schedule: in arbitrary time, or, where it is
  /// kept, at the earliest moment at which something is due.
  func choices(
    _ timed: TimedMode?, _ row: inout MutableSpan<UInt64>, _ workspace: inout Workspace
  ) -> [Choice] {
    var choices: [Choice] = []
    if let timed {
      settle(timed, &row)
      rebuildAgenda(&row, &workspace)
      _ = forEachTimedChoice(timed, &row) { choices.append($0) }
    } else {
      forEachChoice(&row, &workspace) { choices.append($0) }
    }
    return choices
  }
}
