import Machine

/// What a search was told not to exceed.
package struct SearchBounds: Sendable, Hashable {
  /// Distinct worlds.
  package var states = 20_000_000
  /// Bytes that worlds, and what is known of their steps, are kept in; nil: as the limits say.
  package var memoryBytes: Int?
  /// Steps of the longest schedule that is looked at; nil: any.
  package var depth: Int?
  /// Whether steps that are known are looked up (`StepMemo`); it changes nothing but the time.
  package var remembersSteps = true
  /// Whether of worlds that differ in nothing but which of several tasks is in which slot one is
  /// kept, where nobody tells them apart (`Interchange`).
  package var usesSymmetry = true
  /// Whether a step that is its task's own affair is taken alone, before all others
  /// (`Independence`).
  package var usesPartialOrder = true

  /// Nil: time is arbitrary, as in the machine that is searched; else how that which keeps it is
  /// gone through.
  package var timed: TimedMode?

  /// Whether it goes on from the world that was met last (`DepthFirst`).
  var isDepthFirst = false
  /// Which of a world's new ones that order goes on from; nil: the first.
  var orderSeed: UInt64?
  /// What ends the search as soon as some schedule has come to it.
  package var sought: Sought?

  /// What ends the search once there is a way to all of it.
  var wanted: WantedWays?

  package enum Sought: Sendable, Hashable {
    /// The scenario's end.
    case completion
    /// That assertion holds.
    case held(assertion: Int)
  }

  package init() {}
}

/// The bound that a search reached before it had seen everything.
package enum SearchBound: Sendable, Hashable {
  case states(Int)
  case memory(bytes: Int)
  /// There are schedules of more steps.
  case depth(Int)
  /// Schedules were picked, so many.
  case walks(Int)
  /// Everything was seen, in an order in which nobody can say who waits for ever.
  case waitingNotJudged
  /// Of ranges of time not every value was tried.
  case ranges
  /// The time that somebody had for it was over. A search knows no clock: it was given up, and who
  /// asked for it knows why.
  case time
  /// Somebody wants to know what is known so far.
  case interrupted
  /// Nobody wanted to know any more.
  case cancelled

  /// In a word, for machines.
  package var name: String {
    switch self {
    case .states: "states"
    case .memory: "memory"
    case .depth: "depth"
    case .walks: "runs"
    case .waitingNotJudged: "waiting"
    case .ranges: "ranges"
    case .time: "time"
    case .interrupted: "interrupted"
    case .cancelled: "cancelled"
    }
  }
}

/// How far a search is.
package struct SearchProgress: Sendable, Hashable {
  package var states: Int
  package var transitions: Int
  /// Worlds out of which no step has been taken yet.
  package var frontier: Int
  package var depth: Int
  package var byteCount: Int
}

/// Those who wait for a search.
struct SearchAudience: Sendable {
  /// Asked now and then whether to give up.
  var isCancelled: (@Sendable () -> Bool)?
  /// Told as often how far it is.
  var hears: (@Sendable (SearchProgress) -> Void)?
  /// Keeps how far it is, and has kept it.
  var keeping: SearchKeeping?
  var snapshot: SearchSnapshot?
}
