/// Who makes the next step. Everything that acts does so through one of these.
package enum Actor: Hashable, Sendable {
  case `operator`
  case engine
  /// An interrupt handler: begins, or goes on.
  case handler(Int)
  case task(TaskSlot)
}

/// One of the steps that are possible in a world: who, and which of the ways its next instruction
/// can go (`choose`, a range, the order of a walk). Alternative 0 is the natural one.
package struct Choice: Hashable, Sendable {
  package var actor: Actor
  package var alternative: Int
  package init(actor: Actor, alternative: Int = 0) {
    self.actor = actor
    self.alternative = alternative
  }
}

/// The steps that are possible at one moment of a run: numbered actor by actor, alternative by
/// alternative, without a list of them.
package struct DueChoices: Sendable {
  private var actors: [(actor: Actor, alternatives: Int)] = []
  package private(set) var count = 0

  mutating func append(_ actor: Actor, alternatives: Int) {
    // A sum that no seed could reach the end of is cut, not trapped on.
    let kept = min(alternatives, Int.max - count)
    actors.append((actor, kept))
    count += kept
  }

  /// The choice with that number, which must be below `count`.
  package subscript(number: Int) -> Choice {
    var left = number
    for (actor, alternatives) in actors {
      if left < alternatives { return Choice(actor: actor, alternative: left) }
      left -= alternatives
    }
    preconditionFailure("choice \(number) of \(count)")
  }
}
