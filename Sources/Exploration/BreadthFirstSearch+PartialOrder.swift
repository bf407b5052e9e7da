import Machine

/// What came of taking steps alone that are their tasks' own affair.
package enum PartialOrder: Sendable, Hashable {
  /// So many worlds had such a step, and no other was taken there.
  case alone(worlds: Int)
  /// Of all worlds every step was taken, for that reason.
  case refused(Independence.Refusal)

  mutating func addWorld() {
    if case .alone(let worlds) = self { self = .alone(worlds: worlds + 1) }
  }

  /// Nil where it was refused.
  package var worlds: Int? { if case .alone(let worlds) = self { worlds } else { nil } }
}

/// How a search sees to it that it need not visit all worlds.
struct Reductions {
  /// The tasks that may be exchanged; nil: none is asked for.
  var interchange: Interchange?
  var partialOrder: PartialOrder?

  init() {}

  init(_ machine: Machine, _ bounds: SearchBounds) {
    if bounds.timed != nil {
      // Whoever has a CPU is named by it, and every step moves what is due.
      if bounds.usesPartialOrder { partialOrder = .refused(.time) }
      return
    }
    if bounds.usesSymmetry {
      interchange = Interchange(machine.program, clearsDead: machine.clearsDead)
    }
    guard bounds.usesPartialOrder else { return }
    if let refusal = machine.independence.refusal {
      partialOrder = .refused(refusal)
    } else {
      partialOrder = bounds.depth == nil ? .alone(worlds: 0) : .refused(.depth)
    }
  }

  var takesOwnAlone: Bool { if case .alone? = partialOrder { true } else { false } }

  var isEmpty: Bool { !takesOwnAlone && interchange?.groups.isEmpty ?? true }
}

/// What a search that has left steps out has found ways to, of which nobody knows whether they are
/// shortest ones: with steps in front that are nobody else's affair they may be longer.
struct WantedWays: Sendable, Hashable {
  var flaws: Set<FlawKey> = []
  var reached: Set<Int> = []
  /// Wanted as well, but nobody waits long for it: what passes beside what fails.
  var missing: Set<Int> = []
  var held: Set<Int> = []
  var completes = false

  /// Worlds that are visited for their sake.
  static let greatestStates = 1_000_000

  var isEmpty: Bool { flaws.isEmpty && reached.isEmpty }
}

extension BreadthFirstSearch {
  /// Whether there is a way to everything that was wanted.
  var isAllFound: Bool {
    guard let wanted = bounds.wanted else { return false }
    guard wanted.flaws.allSatisfy({ seen[$0] != nil }),
      wanted.reached.allSatisfy({ result.reached[$0] != nil })
    else { return false }
    if store.count > WantedWays.greatestStates { return true }
    return wanted.missing.allSatisfy { result.missing[$0] != nil }
      && wanted.held.allSatisfy { result.held[$0] != nil }
      && (!wanted.completes || result.completion != nil)
  }
}

extension SearchResult {
  /// What is shown of it by the shortest ways, which another search finds that leaves no step out,
  /// among the schedules that are no longer than those that are known. Answers, counts and ends are
  /// those of this one.
  ///
  /// - Parameter search: for what, and how many steps it takes at the most.
  func withShortestWays(_ search: (WantedWays, Int) -> SearchResult) -> SearchResult {
    guard partialOrder?.worlds ?? 0 > 0 else { return self }
    let wanted = wantedWays
    guard !wanted.isEmpty else { return self }
    let found = search(wanted, longestWay(to: wanted))
    var result = self
    let ways = Dictionary(
      found.witnesses.map { (FlawKey($0.flaw), $0) }, uniquingKeysWith: { first, _ in first })
    // In the order in which they come about, the earliest first.
    let known = Dictionary(
      witnesses.map { (FlawKey($0.flaw), $0) }, uniquingKeysWith: { first, _ in first })
    result.witnesses = found.witnesses.filter { known[FlawKey($0.flaw)] != nil }
    for var witness in witnesses where ways[FlawKey(witness.flaw)] == nil {
      witness.isShortest = !wanted.flaws.contains(FlawKey(witness.flaw))
      result.witnesses.append(witness)
    }
    result.reached.merge(found.reached.filter { reached[$0.key] != nil }) { $1 }
    result.missing.merge(found.missing.filter { missing[$0.key] != nil }) { $1 }
    result.held.merge(found.held.filter { held[$0.key] != nil }) { $1 }
    if completion != nil { result.completion = found.completion ?? completion }
    return result
  }

  private var wantedWays: WantedWays {
    var wanted = WantedWays()
    for witness in witnesses {
      switch witness.flaw {
      // No step shows these.
      case .starved, .stalled: continue
      case .fault, .deadEnd, .checkFailed: wanted.flaws.insert(FlawKey(witness.flaw))
      }
    }
    wanted.reached = Set(reached.keys)
    wanted.missing = Set(missing.keys)
    guard !witnesses.isEmpty else { return wanted }
    wanted.held = Set(held.keys)
    wanted.completes = completion != nil
    return wanted
  }

  private func longestWay(to wanted: WantedWays) -> Int {
    var ways = witnesses.filter { wanted.flaws.contains(FlawKey($0.flaw)) }.map(\.schedule)
    ways += reached.values
    ways += missing.values
    if !witnesses.isEmpty { ways += held.values + (completion.map { [$0] } ?? []) }
    return ways.map(\.count).max() ?? 0
  }
}
