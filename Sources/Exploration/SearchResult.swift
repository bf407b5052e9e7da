import Machine

/// Something that can go wrong at one place of a scenario; a search keeps the shortest way to each.
package enum Flaw: Hashable, Sendable {
  /// A property was violated, an assertion failed, a verb had another outcome, arithmetic broke …
  case fault(Fault)
  /// Nobody can step and the operator is not done: it waits before this address for ever.
  case deadEnd(address: Int)
  /// Others can go on for ever, everybody who could step all the time getting a turn, and the
  /// condition that the operator awaits at this address never comes true when it could go on.
  case starved(address: Int)
  /// From the schedule's end on nothing that can happen finishes the transition, which that
  /// property must never see.
  case stalled(property: Int)
  /// A check did not hold; its scenario goes on, and so does the search.
  case checkFailed(assertion: Int)
}

/// A flaw and a shortest schedule that shows it.
package struct Witness: Sendable, Hashable {
  package var flaw: Flaw
  /// For each step the number of its choice, in the order of `Machine.forEachChoice`.
  package var schedule: [Int]
  /// Of what goes on for ever: the rest of the way to where it goes round, and once round.
  package var lasso: Lasso?
  /// Whether the search that found it knows that no schedule of fewer steps shows it.
  package var isShortest = true
  /// How often somebody is interrupted in it; nil: nobody has asked.
  package var figures: WitnessFigures?

  package init(flaw: Flaw, schedule: [Int], lasso: Lasso? = nil) {
    self.flaw = flaw
    self.schedule = schedule
    self.lasso = lasso
  }

  /// The same by another way.
  func going(_ schedule: [Int], to flaw: Flaw) -> Witness {
    var witness = self
    (witness.flaw, witness.schedule) = (flaw, schedule)
    return witness
  }

  /// Everything that is to be shown of it.
  package var shown: [Int] { schedule + (lasso.map { $0.approach + $0.loop } ?? []) }
}

/// How often somebody is interrupted in a witness who could go on, beside the others that show the
/// same.
package struct WitnessFigures: Sendable, Hashable {
  package var preemptions: Int
  /// No schedule that is as short has fewer.
  package var isLeast: Bool
  /// As many does one of any length have that has the fewest; nil: nobody knows.
  package var leastOfAll: Int?

  package init(preemptions: Int, isLeast: Bool, leastOfAll: Int? = nil) {
    self.preemptions = preemptions
    self.isLeast = isLeast
    self.leastOfAll = leastOfAll
  }
}

/// How it goes on for ever after a schedule: an approach, and a loop that ends in the world that it
/// began in. An empty loop: nobody can step at all.
package struct Lasso: Sendable, Hashable {
  package var approach: [Int]
  package var loop: [Int]
  /// Who could step on the way round now and then, and doesn't.
  package var passedOver: [Actor]

  package init(approach: [Int], loop: [Int], passedOver: [Actor] = []) {
    self.approach = approach
    self.loop = loop
    self.passedOver = passedOver
  }
}

/// What a search over every schedule found.
package struct SearchResult: Sendable, Equatable {
  /// Distinct worlds, the first included; 0 where schedules were picked.
  package var states = 0
  /// Schedules that were picked; nil: none was, every one was gone through.
  package var walks: Int?
  /// Steps taken between them, those that end in a flaw included.
  package var transitions = 0
  /// Length of the longest shortest path.
  package var depth = 0
  /// 64-bit words of a row.
  package var rowWords = 0
  /// Bytes that worlds were kept in, tables and the graph of waiting included.
  package var byteCount = 0
  /// Whether some schedule came to the scenario's end, and a shortest one.
  package var completion: [Int]?
  /// One for each distinct flaw, in the order in which breadth-first search met them.
  package var witnesses: [Witness] = []
  /// For each assertion that some schedule saw hold, a shortest one that does.
  package var held: [Int: [Int]] = [:]
  /// For each `reach` that some schedule came to, by its property, a shortest one that does.
  package var reached: [Int: [Int]] = [:]
  /// Those of them that some schedule did not come to before it ended.
  package var missed: Set<Int> = []
  /// Of them, where one step shows it, a shortest one that did not.
  package var missing: [Int: [Int]] = [:]
  /// Where schedules can differ in what they report or come to: how they end.
  package var outcomes: [SearchOutcome] = []
  /// The bound that was reached first, or nil: everything was seen.
  package var bound: SearchBound?
  /// Properties that some world watches: only of those a search that was cut off can say anything.
  package var armed: Set<Int> = []
  /// Those of them that some world watches while a patch is in transition.
  package var armedUnderWay: Set<Int> = []
  /// Addresses at which the operator awaits something in some world.
  package var awaited: Set<Int> = []
  /// Whether waiting for ever was looked for; not with more than 64 who can step.
  package var judgesWaiting = true
  /// Whether transitions that can't finish were looked for.
  package var judgesStalling = true

  /// Whether the first world is one from which nothing finishes its transition; only where a
  /// property asks for it.
  package var isStartStalled = false

  /// Why the snapshot that it was to go on from is none of this scenario's; nothing was searched.
  package var mistake: SearchSnapshot.Mistake?

  /// Whether something is shown that goes round for ever.
  var showsLoop = false
  /// The tasks that were taken for interchangeable, or why none were; nil: nobody asked.
  package var interchange: Interchange?
  /// What came of taking tasks' own affairs alone; nil: nobody asked.
  package var partialOrder: PartialOrder?

  /// How time was kept, where it was.
  package var timed: TimedMode?

  package var bytesPerState: Int { states == 0 ? 0 : byteCount / states }

  package var isComplete: Bool { bound == nil }

  package init() {}

  /// A shortest schedule to what was sought; nil: none was found.
  package func sought(_ sought: SearchBounds.Sought) -> [Int]? {
    switch sought {
    case .completion: completion
    case .held(let assertion): held[assertion]
    }
  }
}
