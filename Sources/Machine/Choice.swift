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
