import Diagnostics
import Machine
import Syntax

/// What the operator has done, statement by statement: what is needed to keep a session.
extension LiveSession {
  /// One statement as it was done.
  package struct Stretch {
    package enum State: Hashable, Sendable {
      case done
      /// The operator left it before its end.
      case left
      /// It is not over.
      case underWay
    }

    package var text: String
    /// Its place among the text's entries.
    package var entry: Int
    /// The mark of the course that released it; −1: it belongs to the beginning of a scenario.
    package var mark: Int
    /// Whether it is the first that the mark released.
    package var isFirst: Bool
    package var began: Int64
    package var beganStep: Int
    package var ended: Int64
    package var state: State
    /// Nothing but time passes in it: it sleeps, or awaits something.
    package var onlyWaits: Bool
    /// It awaits something that came true: written again, it ends where it ended.
    package var awaits: Bool
    /// What stands behind `check`, of one that failed.
    package var failedCheck: String?
    /// It holds a check that failed.
    package var holdsFailedCheck: Bool
    package var isTyped: Bool
    /// It says how the machine is made, and stands before everything else.
    package var isSetting: Bool
    /// What became of the session is about it.
    package var isAtFault: Bool

    /// Whether so much of it has passed as time, and no text says more of it.
    ///
    /// - Parameter isFailing: the session is to be kept as one that fails.
    package func isTimeAlone(isFailing: Bool) -> Bool {
      onlyWaits && state != .done && !(isFailing && (isAtFault || state == .underWay))
    }
  }

  /// Entries that were done one after the other without a pause.
  private struct Segment {
    var mark: Int
    var entries: Range<Int>
    var began: Int64
    var beganStep: Int
    var ended: Int64
    /// Of the last entry.
    var state: Stretch.State

    var start: (nanoseconds: Int64, step: Int)? { (began, beganStep) }
  }

  /// The statements in the order in which they were done. What nobody has begun is none of them.
  package var stretches: [Stretch] {
    let begun = beginnings
    let failed = failedChecks
    let fault = end == .finished ? nil : diagnosis()?.range
    return segments.flatMap { segment -> [Stretch] in
      var found: [Stretch] = []
      for place in segment.entries {
        let entry = text.entries[place]
        if case .mark = entry.statement.kind { continue }
        let isFirst = place == segment.entries.lowerBound
        let isLast = place + 1 == segment.entries.upperBound
        if isLast, begun[place] == nil, entry.hasDoneNothing(segment.state) { continue }
        let start = isFirst ? segment.start : begun[place]
        // What does nothing that can be seen, as a claim, begins with what stands behind it.
        let next = segment.entries.dropFirst(place - segment.entries.lowerBound + 1)
          .lazy.compactMap { begun[$0] }.first
        let range = entry.statement.range
        found.append(
          Stretch(
            text: keptText(of: place), entry: place, mark: segment.mark, isFirst: isFirst,
            began: start?.nanoseconds ?? next?.nanoseconds ?? segment.ended,
            beganStep: start?.step ?? next?.step ?? steps,
            ended: isLast ? segment.ended : next?.nanoseconds ?? segment.ended,
            state: isLast ? segment.state : .done, onlyWaits: entry.onlyWaits,
            awaits: entry.awaits, failedCheck: entry.condition(ofCheckIn: failed, text),
            holdsFailedCheck: failed.contains { range.holds($0) }, isTyped: entry.isTyped,
            isSetting: entry.isSetting,
            isAtFault: fault.map { range.holds($0) } ?? false))
      }
      return found
    }
  }

  private var segments: [Segment] {
    var found: [Segment] = []
    if text.isScenario, !text.pausesFirst {
      segment(from: 0, mark: -1).map { found.append($0) }
    }
    for (number, mark) in course.marks.enumerated() {
      guard case .release(let entry) = mark.act else { continue }
      segment(from: entry + 1, mark: number).map { found.append($0) }
    }
    return found
  }

  private func segment(from first: Int, mark number: Int) -> Segment? {
    guard text.entries.indices.contains(first) else { return nil }
    var last = first + 1
    // A scenario's own statements follow each other without a pause.
    while last < text.entries.count, !text.entries[last - 1].pausesAfter { last += 1 }
    let mark = number < 0 ? nil : course.marks[number]
    var found = Segment(
      mark: number, entries: first..<last, began: mark?.nanoseconds ?? 0,
      beganStep: mark?.step ?? 0, ended: mark?.ended ?? now, state: .done)
    if number + 1 < course.marks.count {
      let next = course.marks[number + 1]
      found.ended = mark?.ended ?? next.nanoseconds
      if case .abandon(let left) = next.act, left >= first {
        found.entries = first..<(left + 1)
        found.state = .left
        found.ended = next.nanoseconds
      }
      return found
    }
    var copy = self
    guard end != .finished, !copy.isPaused() else { return found }
    found.ended = now
    switch copy.place() {
    case .paused: break
    case .before(let entry):
      let isAtFault =
        diagnosis()?.range.map { range in
          text.entries.indices.contains(entry) && text.entries[entry].statement.range.holds(range)
        } ?? false
      let settings = first == 0 ? text.entries.prefix { $0.isSetting }.count : 0
      found.entries = first..<max(first, settings, min(last, isAtFault ? entry + 1 : entry))
      if isAtFault { found.state = .underWay }
    case .inside(let entry):
      found.entries = first..<max(first, min(last, entry + 1))
      found.state = .underWay
    }
    return found
  }

  /// When each statement was begun, and in which step.
  package var beginnings: [Int: (nanoseconds: Int64, step: Int)] {
    var begun: [Int: (nanoseconds: Int64, step: Int)] = [:]
    for event in chronicle.events {
      guard case .acted(let address) = event.kind else { continue }
      let origin = machine.program.origins[address]
      let entry = text.entries.firstIndex { $0.statement.range.holds(origin) }
      if let entry, begun[entry] == nil { begun[entry] = (event.time, event.step) }
    }
    return begun
  }

  private var failedChecks: [SourceRange] {
    workspace.failedChecks.map { machine.program.assertions[$0.assertion].origin.range }
  }
}

extension SourceRange {
  func holds(_ origin: Origin) -> Bool {
    file.index == origin.file && lower <= origin.lower && origin.upper <= upper
  }
}

extension SessionText.Entry {
  /// Whether there is nothing of it to be kept, if it is not over and has not come to its first
  /// action. A name that it binds may be used by what was entered then.
  fileprivate func hasDoneNothing(_ state: LiveSession.Stretch.State) -> Bool {
    guard isTyped, state == .left else { return isTyped && state == .underWay }
    switch statement.kind {
    case .verb, .await, .expectLog, .expression: return true
    default: return false
    }
  }

  fileprivate var awaits: Bool {
    switch statement.kind {
    case .await, .expectLog: true
    default: false
    }
  }

  fileprivate var onlyWaits: Bool {
    if case .verb(let verb) = statement.kind { return verb.verb.text == "sleep" }
    return awaits
  }

  /// What it checks, if it is a check among those that failed.
  fileprivate func condition(ofCheckIn failed: [SourceRange], _ text: SessionText) -> String? {
    guard case .verb(let verb) = statement.kind, verb.verb.text == "check",
      verb.arguments.count == 1, failed.contains(where: { statement.range.holds($0) })
    else { return nil }
    let range = verb.arguments[0].range
    return text.sources[range.file].text(in: range)
  }
}
