import Diagnostics
import Execution
import Exploration
import Machine

/// The report for people at a terminal or in a log: a line for each scenario, the story and the
/// lanes where they are wanted, all there is to know about a failure.
package struct TextReport: Sendable {
  package var sources: SourceMap
  package var paint: Paint
  /// Columns to fill.
  package var width: Int
  /// Columns of a line of the story, which is cut on a terminal and nowhere else.
  package var storyWidth: Int
  /// Whether a scenario that passes tells its story.
  package var tellsStories: Bool
  /// What a search took, where it may be told: it differs from run to run.
  package var cost: String?
  /// Of a job of a swarm: which it is, and how it goes.
  package var job: String?
  /// Whether a search is to say that it tells worlds apart by all of their words.
  package var saysExact = false

  package init(
    sources: SourceMap, paint: Paint, width: Int, storyWidth: Int? = nil,
    tellsStories: Bool
  ) {
    self.sources = sources
    self.paint = paint
    self.width = width
    self.storyWidth = storyWidth ?? width
    self.tellsStories = tellsStories
  }

  package func text(_ record: RunRecord) -> String {
    var text = ""
    let showsEvents = tellsStories || record.outcome.failure != nil
    if showsEvents, !record.events.isEmpty { text += account(record) }
    text += headline(record) + "\n"
    if case .everySchedule(let report) = record.mode { text += answers(report) }
    for goal in record.goals { text += line(goal) }
    let column = record.figures.map(\.name.count).max() ?? 0
    for figure in record.figures {
      let padding = String(repeating: " ", count: column - figure.name.count)
      text += "  \(escapingControls(figure.name))\(padding)  \(escapingControls(figure.text))\n"
    }
    let renderer = DiagnosticRenderer(
      sources: sources, usesColour: paint.isColoured, width: width)
    for warning in record.warnings { text += "\n" + renderer.render(warning) }
    switch record.outcome {
    case .passed, .cancelled:
      break
    case .skipped(let reason), .failedAsExpected(let reason):
      text += "  " + escapingControls(reason) + "\n"
    case .passedUnexpectedly(let reason):
      text += "  xfail \"\(escapingControls(reason))\": it passes now; remove the xfail\n"
    case .inconclusive(let reason):
      text += "  \(reason)\n"
    case .failed(let failure), .broken(let failure):
      text += "\n" + explained(failure)
    }
    return text
  }

  /// Everything that failed, and how to see it again: once for those of one run.
  private func explained(_ failure: Failure) -> String {
    let renderer = DiagnosticRenderer(
      sources: sources, usesColour: paint.isColoured, width: width)
    let all = failure.earlier + [failure]
    var text = ""
    for (number, failure) in all.enumerated() {
      text += renderer.render(failure.diagnostic)
      let isLast = number + 1 == all.count
      guard isLast || all[number + 1].replay != failure.replay else {
        text += "\n"
        continue
      }
      text += "   " + paint.bold("= replay: ") + failure.replayCommand + "\n"
      if let passing = failure.passing {
        text += "   " + paint.bold("= passes: ") + Failure.command(passing) + "\n"
      }
      text += "\n"
    }
    return text
  }

  /// Story and lanes.
  private func account(_ record: RunRecord) -> String {
    var keepsTime = false
    if case .seed = record.mode { keepsTime = true }
    if record.schedule?.timed != nil { keepsTime = true }
    let story = Story(record.events, record.program, sources: sources, keepsTime: keepsTime)
    let lanes = Lanes(
      record.events, record.program, keepsTime: keepsTime, ordinaryFrom: record.ordinaryFrom,
      isFailure: record.outcome.failure != nil,
      end: record.outcome.failure == nil ? nil : record.nanoseconds)
    let dropped =
      record.droppedEvents > 0
      ? paint.dim("… \(record.droppedEvents) ordinary events of a long run are not told") + "\n"
      : ""
    let drawn = lanes.isEmpty ? "" : lanes.text(width: width, paint: paint) + "\n"
    return paint.bold(escapingControls(record.id.title)) + "\n\n"
      + story.text(width: storyWidth, paint: paint) + dropped + "\n" + drawn
  }

  private func headline(_ record: RunRecord) -> String {
    let verdict =
      switch record.outcome {
      case .passed: paint.good("PASS ")
      case .failed: paint.bad("FAIL ")
      case .broken: paint.bad("ERROR")
      case .inconclusive, .cancelled: paint.odd("OPEN ")
      case .skipped: paint.odd("SKIP ")
      case .failedAsExpected: paint.good("XFAIL")
      case .passedUnexpectedly: paint.bad("XPASS")
      }
    let figures =
      switch record.mode {
      case .seed(let seed):
        "\(Duration.text(nanoseconds: rounded(record.nanoseconds))), \(record.steps) steps"
          + (seed == 0 ? "" : ", seed \(seed)")
      case .replay:
        "replayed, \(record.steps) steps"
          + (record.schedule?.timed == nil
            ? "" : ", " + Duration.text(nanoseconds: rounded(record.nanoseconds)))
      case .everySchedule(let report):
        report.result.walks.map { "\($0) schedules" }
          ?? (report.result.timed == nil ? "every schedule" : "every timed schedule")
          + ", \(report.result.states) states"
      }
    return "\(verdict) \(escapingControls("\(record.id)"))  " + paint.dim(figures)
  }

  /// To three digits after the leading one: a headline is not a measurement.
  private func rounded(_ nanoseconds: Int64) -> Int64 {
    var unit: Int64 = 1
    while nanoseconds / unit >= 10_000 { unit *= 10 }
    return nanoseconds / unit * unit
  }

  private static func words(_ bound: SearchBound?) -> String {
    switch bound {
    case nil: "complete"
    case .states: "bounded by states"
    case .memory: "bounded by memory"
    case .depth: "bounded by depth"
    case .walks: "picked"
    case .waitingNotJudged: "depth first"
    case .ranges: "bounded by the values tried of ranges of time"
    case .time: "bounded by time"
    case .interrupted: "interrupted"
    case .cancelled: "given up"
    }
  }

  private static func words(_ partialOrder: PartialOrder?) -> String {
    switch partialOrder {
    case nil, .alone(worlds: 0): ""
    case .alone(let worlds): ", \(worlds) states with one private step"
    case .refused(let refusal): ", every order: \(refusal.reason)"
    }
  }

  private func answers(_ report: SearchReport) -> String {
    let result = report.result
    var text = "  "
    text += Self.words(result.bound) + (result.timed == nil ? "" : ", timed")
    if let walks = result.walks {
      text += ": \(walks) schedules, \(result.transitions) transitions, depth \(result.depth)"
    } else {
      if saysExact { text += ", exact" }
      text += ": \(result.states) states, \(result.transitions) transitions,"
      text += " depth \(result.depth), \(result.bytesPerState) bytes a state"
    }
    if let interchange = result.interchange, !interchange.groups.isEmpty {
      let groups = interchange.groups.map { "\($0.count)" }.joined(separator: " and ")
      text += ", \(groups) like tasks"
    }
    if let cost { text += ", \(cost)" }
    text += Self.words(result.partialOrder)
    if result.timed != nil {
      text += ", like tasks told apart: by their CPUs and places in line"
    }
    text += "\n"
    if let job { text += "  \(job)\n" }
    let seen = result.walks.map { "\($0) schedules" } ?? "\(result.states) states"
    let soFar = " (so far, in \(seen) up to depth \(result.depth))"
    for answer in report.answers { text += line(answer, soFar: soFar) }
    return text + histogram(report, soFar: soFar)
  }

  /// Outcomes that are shown; the others are counted.
  private static let shownOutcomes = 20

  /// How schedules end, in the manner of a litmus test's histogram.
  private func histogram(_ report: SearchReport, soFar: String) -> String {
    let outcomes = report.outcomes
    guard !outcomes.isEmpty else { return "" }
    var text = outcomes.count == 1 ? "  1 outcome" : "  \(outcomes.count) distinct outcomes"
    text += paint.dim(report.result.isComplete ? "" : soFar) + "\n"
    let shown = outcomes.prefix(Self.shownOutcomes)
    let counts = shown.map { $0.worlds.map(String.init) ?? "very many" }
    let column = max(10, counts.map(\.count).max() ?? 0)
    for (outcome, count) in zip(shown, counts) {
      let padding = String(repeating: " ", count: column - count.count)
      text += "  \(padding)\(count)  \(escapingControls(outcome.text))\n"
      text += "              " + paint.dim("= " + Failure.command(outcome.replay)) + "\n"
    }
    if outcomes.count > shown.count { text += "  … and \(outcomes.count - shown.count) more\n" }
    return text
  }

  private func line(_ answer: PropertyAnswer, soFar: String = "") -> String {
    let word = answer.answer.rawValue
    let painted =
      switch answer.answer {
      case .notReached, .notJudged: paint.odd(word)
      case .holds where !answer.isComplete: paint.odd(word)
      default: answer.isSatisfied ? paint.good(word) : paint.bad(word)
      }
    let padding = String(repeating: " ", count: max(1, 12 - word.count))
    let bound =
      (answer.isComplete ? "" : soFar)
      + (answer.hasUnjudgedLimit ? " (within: not judged, a search keeps no time)" : "")
    var text = "  " + painted + padding + escapingControls(answer.text) + paint.dim(bound) + "\n"
    // Where a schedule keeps it and another doesn't, both are to be seen.
    let commands = [("holds: ", answer.replay), ("fails: ", answer.counterReplay)]
    for (word, command) in commands {
      guard let command else { continue }
      let said = answer.counterReplay == nil ? "" : word
      text += "              " + paint.dim("= " + said + Failure.command(command)) + "\n"
    }
    return text
  }

  /// A case that comes from another machine, on a line.
  package static func line(_ item: CaseReport, paint: Paint) -> String {
    let reason = item.reason.map { "  " + paint.dim(escapingControls($0)) } ?? ""
    return "\(head(item, paint: paint))\(reason)\n"
  }

  /// What became of a case, and its name.
  package static func head(_ item: CaseReport, paint: Paint) -> String {
    let word = item.verdict.headline.padded(to: 5)
    let painted =
      item.verdict.isGood
      ? paint.good(word) : item.verdict == .inconclusive ? paint.odd(word) : paint.bad(word)
    return "\(painted) \(escapingControls("\(item.id)"))"
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
