import Machine

/// A session where time is arbitrary, as a schedule of a scenario that runs by itself.
extension LiveSession {
  /// The numbers of the same choices in another program's numbering; nil where one of them is not
  /// possible there.
  ///
  /// - Parameter toItsEnd: the operator then goes on alone, to the end of the scenario.
  package func schedule(in scenario: RunnableScenario, toItsEnd: Bool) -> [Int]? {
    guard time == .arbitrary else { return nil }
    var mine = self
    mine.restore(nil)
    var other = LiveSession(text, scenario, .arbitrary, limits, isCancelled)
    for number in course.choices {
      mine.passMarks(course.marks.count)
      let choices = mine.possibleChoices()
      guard mine.end == nil, other.end == nil, choices.indices.contains(number) else { return nil }
      if let (place, possible) = other.turn(for: choices[number]) {
        _ = other.take(place, of: possible)
      } else if choices[number].actor != .operator {
        return nil
      }
      _ = mine.make(choices[number])
    }
    var left = toItsEnd ? Self.greatestEnding : 0
    while left > 0, other.end == nil {
      let possible = other.possibleChoices()
      guard let place = possible.firstIndex(of: Choice(actor: .operator)) else { break }
      _ = other.take(place, of: possible)
      left -= 1
    }
    guard toItsEnd, other.end == nil else { return other.course.choices }
    // It stands in the middle of a statement, which others have to bring to its end.
    return other.passingSchedule(states: Self.greatestSearch).map { other.course.choices + $0 }
  }

  /// States of a search for a way to the end.
  private static let greatestSearch = 100_000

  /// The place of a choice among those that are possible. What takes no step at a prompt, as an
  /// assignment, can be one of the operator's in a run of its own, and the other way round: where
  /// it is behind, it goes on until the choice is possible.
  private mutating func turn(for choice: Choice) -> (place: Int, possible: [Choice])? {
    for _ in 0..<Self.greatestDelay {
      let possible = possibleChoices()
      if let place = possible.firstIndex(of: choice) { return (place, possible) }
      guard end == nil, let turn = possible.firstIndex(of: Choice(actor: .operator)) else {
        return nil
      }
      _ = take(turn, of: possible)
    }
    return nil
  }

  /// Steps that the operator may be behind.
  private static let greatestDelay = 64

  /// Steps that a scenario's last assertions may take.
  private static let greatestEnding = 10_000
}
