import Diagnostics
import Exploration
import Machine
import Syntax

/// What is needed to keep a session, and to open one that was kept.
extension LiveSession {
  /// The choices as a token, where time is arbitrary.
  package var token: ReplayToken {
    ReplayToken(textHash: scenario.textHash, choices: course.choices)
  }

  /// Takes those choices, one after the other.
  package mutating func follow(_ choices: [Int]) -> Stop {
    for number in choices {
      guard end == nil else { return .ended }
      let possible = possibleChoices()
      guard possible.indices.contains(number) else { return .nothingHappens }
      if steps % 64 == 0 { addCheckpoint() }
      let progress = take(number, of: possible)
      chronicle.add(workspace.events.takeEvents())
      if end == .cancelled { back(toStep: steps) }
      if case .stopped(let stop) = progress { return stop }
      if isCancelled() { return .cancelled }
    }
    return .reached
  }

  /// A shortest schedule from here that comes to the end of the scenario with nothing wrong; nil
  /// where a search of that many states finds none.
  package func passingSchedule(states: Int) -> [Int]? {
    guard time == .arbitrary else { return nil }
    var bounds = SearchBounds()
    bounds.states = states
    var limits = limits
    limits.memoryBytes = min(limits.memoryBytes, 512 << 20)
    let result = BreadthFirstSearch.run(
      machine, from: row, knowing: workspace, bounds: bounds, limits: limits)
    return result.completion
  }
}

extension SessionText {
  /// What was declared, file by file, without scenarios and `use`.
  package var declarationTexts: [String] {
    declaredTrees.compactMap { tree in
      let source = sources[tree.file]
      let kept = tree.declarations.filter { if case .use = $0 { false } else { true } }
      guard !kept.isEmpty else { return nil }
      return kept.map { source.text(in: $0.range) }.joined(separator: "\n\n")
    }
  }
}
