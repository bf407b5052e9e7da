import Machine

/// Whether something can still come about from a world, whoever steps whenever. Nothing is claimed
/// on the way, and the operator may go on: at its end the others do.
package struct Foresight {
  package enum Answer: Sendable, Hashable {
    case comes
    /// Every continuation has been seen, and in none of them it does.
    case neverComes
    /// A bound was reached first, or code crashed on the way.
    case unknown
  }

  private let machine: Machine
  private let states: Int
  private let endsAtCrashes: Bool
  private var workspace: Workspace
  private var known: Set<[UInt64]> = []
  private var queue: [[UInt64]] = []
  private var isCutOff = false

  /// - Parameters:
  ///   - machine: one for arbitrary time.
  ///   - knowing: what has been stepped to that world, and knows what its strings and lists mean.
  ///   - states: no more worlds than that.
  ///   - endsAtCrashes: code that crashes, or a deadlock, is an end like any other, and nothing
  ///     comes behind it.
  ///   - isRuledOut: steps that the caller knows to be impossible.
  ///   - holds: what is looked for.
  /// - Returns: the answer, and how many worlds were visited.
  package static func look(
    _ machine: Machine, from start: [UInt64], knowing: Workspace, states: Int,
    endsAtCrashes: Bool = false,
    rulingOut isRuledOut: (Choice, inout MutableSpan<UInt64>) -> Bool = { _, _ in false },
    until holds: (inout MutableSpan<UInt64>) -> Bool
  ) -> (answer: Answer, states: Int) {
    precondition(machine.layout.time == .arbitrary, "a row that holds a clock never comes back")
    var start = start
    while true {
      var foresight = Foresight(machine, knowing, states, endsAtCrashes)
      switch foresight.explore(start, isRuledOut, holds) {
      case .answer(let answer): return (answer, foresight.known.count)
      case .needsTasks(let tasks):
        let words = machine.layout.rowWords(tasks: tasks)
        start.append(contentsOf: repeatElement(0, count: max(0, words - start.count)))
      }
    }
  }

  private init(
    _ machine: Machine, _ knowing: Workspace, _ states: Int, _ endsAtCrashes: Bool
  ) {
    self.machine = machine
    self.states = states
    self.endsAtCrashes = endsAtCrashes
    workspace = Workspace(program: machine.program, recording: false, limits: knowing.limits)
    workspace.isLookingAhead = true
    workspace.strings = knowing.strings
    workspace.lists = knowing.lists
    workspace.fuel.isCancelled = knowing.fuel.isCancelled
  }

  /// Questions about the log, which no row here holds, that one step may ask: each has two answers,
  /// and both are tried.
  private static let greatestGuesses = 6

  private enum Stop {
    case answer(Answer)
    case needsTasks(Int)
  }

  private mutating func explore(
    _ start: [UInt64], _ isRuledOut: (Choice, inout MutableSpan<UInt64>) -> Bool,
    _ holds: (inout MutableSpan<UInt64>) -> Bool
  ) -> Stop {
    var words = start
    disarm(&words)
    if admit(words, holds) { return .answer(.comes) }
    var next = 0
    while next < queue.count {
      guard known.count <= states else { return .answer(.unknown) }
      let world = queue[next]
      next += 1
      var probe = world
      var choices: [Choice] = []
      var row = probe.mutableSpan
      machine.forEachChoice(&row, &workspace) { choices.append($0) }
      for choice in choices where !isRuledOut(choice, &row) {
        switch step(choice, from: world, holds) {
        case .none: continue
        case .some(let stop): return stop
        }
      }
    }
    return .answer(isCutOff ? .unknown : .neverComes)
  }

  private mutating func step(
    _ choice: Choice, from world: [UInt64], guessing guesses: [Bool] = [],
    _ holds: (inout MutableSpan<UInt64>) -> Bool
  ) -> Stop? {
    var words = world
    workspace.guesses = guesses
    workspace.fuel.restart(operations: workspace.limits.operations)
    workspace.outputBytes = 0
    workspace.figures.removeAll(keepingCapacity: true)
    workspace.failedChecks.removeAll(keepingCapacity: true)
    var row = words.mutableSpan
    if machine.step(choice, &row, &workspace) == .faulted {
      let fault = workspace.fault
      workspace.fault = nil
      switch fault {
      case .needsCapacity(let tasks)?: return .needsTasks(tasks)
      // The operator's end, which changes nothing.
      case .assertionFailed?, .unexpectedOutcome?, .commandFailed?: return nil
      case .oops? where endsAtCrashes, .deadlock? where endsAtCrashes,
        .lostText? where endsAtCrashes:
        return nil
      case .noLog? where workspace.guesses.isEmpty && guesses.count < Self.greatestGuesses:
        for guess in [true, false] {
          let stop = step(choice, from: world, guessing: guesses + [guess], holds)
          if let stop { return stop }
        }
        return nil
      default:
        isCutOff = true
        return nil
      }
    }
    disarm(&words)
    return admit(words, holds) ? .answer(.comes) : nil
  }

  /// Nothing is claimed here.
  private func disarm(_ words: inout [UInt64]) {
    var row = words.mutableSpan
    for field in machine.layout.armed { row.set(field, to: false) }
  }

  /// True: it has come about.
  private mutating func admit(
    _ words: [UInt64], _ holds: (inout MutableSpan<UInt64>) -> Bool
  ) -> Bool {
    guard known.insert(words).inserted else { return false }
    queue.append(words)
    var probe = words
    var row = probe.mutableSpan
    return holds(&row)
  }
}
