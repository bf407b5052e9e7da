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
      let possible = other.possibleChoices()
      guard let place = possible.firstIndex(of: choices[number]) else { return nil }
      _ = mine.make(choices[number])
      _ = other.take(place, of: possible)
    }
    var left = toItsEnd ? Self.greatestEnding : 0
    while left > 0, other.end == nil {
      let possible = other.possibleChoices()
      guard let place = possible.firstIndex(of: Choice(actor: .operator)) else { break }
      _ = other.take(place, of: possible)
      left -= 1
    }
    return other.course.choices
  }

  /// Steps that a scenario's last assertions may take.
  private static let greatestEnding = 10_000
}
