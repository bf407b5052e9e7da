import Diagnostics
import Exploration
import Machine
import Syntax

/// What is needed to keep a session, and to open one that was kept.
extension LiveSession {
  /// One statement as it was done.
  package struct Stretch {
    package var text: String
    /// Marks of the course before it.
    package var marks: Int
    package var began: Int64
    package var ended: Int64
    /// The operator left it before its end.
    package var wasLeft: Bool
  }

  /// The statements in the order in which they were done, with the moments at which each began and
  /// ended. Of a scenario that was started and runs by itself: all that it has done.
  package var stretches: [Stretch] {
    var found: [Stretch] = []
    let released = course.marks.enumerated().compactMap {
      number, mark -> (Int, Int, Course.Mark)? in
      if case .release(let from) = mark.act { (number, from, mark) } else { nil }
    }
    for (number, from, mark) in released {
      let entry = from + 1
      guard text.entries.indices.contains(entry) else { continue }
      let next = released.first { $0.0 > number }?.2
      var last = entry + 1
      // A scenario's own statements follow each other without a pause.
      while last < text.entries.count, !text.entries[last - 1].pausesAfter { last += 1 }
      var left: Int64?
      if number + 1 < course.marks.count, case .abandon = course.marks[number + 1].act {
        left = course.marks[number + 1].nanoseconds
      }
      for place in entry..<last {
        found.append(
          Stretch(
            text: keptText(of: place), marks: number, began: mark.nanoseconds,
            ended: place + 1 == last
              ? left ?? mark.ended ?? next?.nanoseconds ?? now : mark.nanoseconds,
            wasLeft: left != nil && place + 1 == last))
      }
    }
    guard text.isScenario, !text.pausesFirst else { return found }
    let first = text.entries.firstIndex { $0.pausesAfter }.map { $0 + 1 } ?? text.entries.count
    return ownStretches(upTo: first, released.first?.2.nanoseconds) + found
  }

  /// The statements of a scenario that ran by itself, as far as they are done: those whose
  /// successor has begun.
  private func ownStretches(upTo last: Int, _ released: Int64?) -> [Stretch] {
    var began: [Int: Int64] = [:]
    for event in chronicle.events {
      guard case .acted(let address) = event.kind else { continue }
      let origin = machine.program.origins[address]
      let entry = text.entries.firstIndex {
        $0.statement.range.file.index == origin.file && $0.statement.range.lower <= origin.lower
          && origin.upper <= $0.statement.range.upper
      }
      if let entry, began[entry] == nil { began[entry] = event.time }
    }
    let isOver = end == .finished || released != nil
    let begun = began.keys.filter { $0 < last }.max() ?? -1
    let done = isOver ? last : begun
    var found: [Stretch] = []
    for entry in 0..<max(0, done) {
      let start = began[entry] ?? found.last?.ended ?? 0
      let next = (entry + 1..<max(entry + 1, last)).lazy.compactMap { began[$0] }.first
      found.append(
        Stretch(
          text: text.entries[entry].text, marks: 0, began: start, ended: next ?? released ?? now,
          wasLeft: false))
    }
    return found
  }

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

  /// Brings in a file. Nothing has changed when it has errors.
  package mutating func load(
    _ path: String, bytes: [UInt8], reader: @escaping SourceLoader.Reader
  ) -> (failed: Bool, diagnostics: [Diagnostic], sources: SourceMap) {
    var candidate = text
    var found = candidate.load(path, bytes: bytes, reader: reader)
    guard !found.contains(where: { $0.severity == .error }) else {
      return (true, found, candidate.sources)
    }
    let (scenario, said) = candidate.compile(asking: watches.map(\.statement))
    guard let scenario else {
      return (true, found + said.filter { $0.severity == .error }, candidate.sources)
    }
    found = found.filter { $0.severity == .error }
    if steps == 0, course.marks.isEmpty {
      let started = Self.start(
        candidate, time: time, limits: limits, cancelledWhen: isCancelled)
      guard let session = started.session else { return (true, said, candidate.sources) }
      self = session
    } else {
      adopt(candidate, scenario)
    }
    return (false, found, candidate.sources)
  }
}

extension SessionText {
  /// What stands between the title and the body.
  package var headerClauses: String { "" }

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
