import Machine

/// When a trial in kept time has seen enough: everybody stands where he stood before.
extension Trial {
  /// How far a run has come.
  struct Course {
    var steps = 0
    /// It has been awake.
    var isAwake = false
    /// A value or a length of time was chosen for it.
    var isOpen = false
    /// What is compared at any time, and what from look to look.
    private var round = Round()
    private var looks = Round()
    private var isInLook = false
    /// Whether everybody has come round since the last look, and how many looks had that before
    /// them.
    private(set) var hasComeRound = false
    private var emptyLooks = 0
    /// Time that was left out, for nothing happens in it that has not happened: nanoseconds.
    var skipped: Int64 = 0
    private var comparedAt: Int64 = 0

    /// Steps from one comparison to the next, unless they take as long as what is nearby.
    private static let stride = 16
    /// So many looks between which everybody comes round have shown what looks do.
    private static let enoughLooks = 2

    /// Whether everybody stands where he stood before, looks and all.
    mutating func comesRound(
      for slot: TaskSlot, _ machine: Machine, _ rule: TimedRule, isLook: Bool, _ withLooks: Bool,
      _ row: inout MutableSpan<UInt64>
    ) -> Bool {
      let begins = isLook && !isInLook
      isInLook = isLook
      if begins {
        if looks.closes(for: slot, machine, rule, &row) { return true }
        emptyLooks = hasComeRound ? emptyLooks + 1 : 0
        if emptyLooks >= Self.enoughLooks { return true }
        // What a look has changed is compared from the look on.
        if hasComeRound { round = Round() }
        hasComeRound = false
        round.looks += 1
      }
      let now = machine.now(&row)
      guard !isLook, !hasComeRound,
        steps % Self.stride == 0 || now - comparedAt >= Machine.nearby
      else { return false }
      comparedAt = now
      hasComeRound = round.closes(for: slot, machine, rule, &row)
      return hasComeRound && (round.looks > 0 || !(withLooks && machine.isEngineDue(&row)))
    }
  }

  /// One search for a circle. What is compared is kept after twice the number of comparisons each
  /// time, so that every circle is found (R. P. Brent, 1980).
  struct Round {
    private var earlier: [UInt64] = []
    private var keptAt: Int64 = 0
    private var comparisons = 0
    private var nextKept = 1
    /// Looks that have begun since.
    var looks = 0
    /// Who may help, as things stood when they were kept: nobody else's timer matters.
    private var helpers: Set<TaskSlot> = []

    /// Each interrupt has come by then, if it comes every hour: when it ticks next is not compared.
    /// Nanoseconds.
    private static func shortest(_ program: Program) -> Int64 {
      let hour: Int64 = 3_600_000_000_000
      return program.interrupts.reduce(2 * Machine.nearby) {
        max($0, 2 * (min($1.periodNanoseconds, hour) + min($1.slackNanoseconds, hour)))
      }
    }

    mutating func closes(
      for slot: TaskSlot, _ machine: Machine, _ rule: TimedRule, _ row: inout MutableSpan<UInt64>
    ) -> Bool {
      comparisons += 1
      let now = machine.now(&row)
      if now - keptAt >= Self.shortest(machine.program),
        machine.situation(rule, timed: helpers, &row) == earlier
      {
        return true
      }
      guard comparisons >= nextKept else { return false }
      helpers = machine.helpers(of: slot, &row)
      earlier = machine.situation(rule, timed: helpers, &row)
      keptAt = now
      looks = 0
      nextKept = 2 * comparisons
      return false
    }
  }
}
