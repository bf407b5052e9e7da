import Diagnostics
import Execution
import Machine

/// From a run's record to what reports need of it. The record, its program and its events can be
/// let go afterwards.
extension CaseReport {
  /// Columns of what reports show; a terminal's own width must not get into a file.
  package static let accountWidth = 100

  /// - Parameters:
  ///   - entry: the row of the unit that ran.
  ///   - wantsAccount: whether some report shows it.
  package init(
    _ record: RunRecord, _ entry: ScenarioEntry, sources: SourceMap, wantsAccount: Bool
  ) {
    let position = sources.position(at: entry.range.lower, in: entry.range.file)
    self.init(
      id: record.id, line: Int(position.line), column: Int(position.column), tags: entry.tags,
      verdict: Verdict(record.outcome), mode: Mode(record), steps: record.steps,
      nanoseconds: record.nanoseconds)
    switch record.outcome {
    case .skipped(let why), .failedAsExpected(let why), .passedUnexpectedly(let why),
      .inconclusive(let why):
      reason = why
    case .passed, .failed, .broken, .cancelled: break
    }
    figures = record.figures.map(Value.init)
    var answers = record.goals
    if case .everySchedule(let report) = record.mode {
      answers = report.answers
      outcomes = report.outcomes.map(Outcome.init)
    }
    properties = answers.map(Property.init)
    parting = record.parting.map(Parting.init)
    warnings = record.warnings.map { Problem($0, sources, replay: nil) }
    if let failure = record.outcome.failure {
      problems = (failure.earlier + [failure]).map { failure in
        Problem(failure.diagnostic, sources, replay: failure.replayCommand)
      }
    }
    if wantsAccount, record.outcome.failure != nil {
      account = TextReport(
        sources: sources, paint: Paint(isColoured: false), width: Self.accountWidth,
        storyWidth: .max, tellsStories: false
      ).text(record)
    }
  }

  /// Of what could not run: a file, or one of its scenarios, with its errors.
  package init(
    rejected id: ScenarioID, line: Int, column: Int, tags: [String] = [],
    _ diagnostics: [Diagnostic], _ sources: SourceMap
  ) {
    self.init(
      id: id, line: line, column: column, tags: tags, verdict: .rejected, mode: .none, steps: 0,
      nanoseconds: 0)
    problems = diagnostics.filter { $0.severity == .error }.map {
      Problem($0, sources, replay: nil)
    }
    reason = problems.count == 1 ? problems[0].message : "\(problems.count) errors"
    account = problems.map(\.excerpt).joined(separator: "\n")
  }

  /// The name under which a file as a whole is reported.
  package static let sourceName = "(source)"
  /// The name under which it is reported that a file's snapshots have what the file has no more.
  package static let snapshotsName = "(expected)"

  /// Whether it stands for a file, and is no scenario.
  package var isOfFile: Bool { id.name == Self.sourceName || id.name == Self.snapshotsName }

  /// Of a scenario that was given up when the batch ended.
  package init(givenUp entry: ScenarioEntry, sources: SourceMap) {
    let position = sources.position(at: entry.range.lower, in: entry.range.file)
    self.init(
      id: entry.id, line: Int(position.line), column: Int(position.column), tags: entry.tags,
      verdict: .inconclusive, mode: .none, steps: 0, nanoseconds: 0)
  }

  /// Of a file whose snapshots have scenarios that are no more.
  ///
  /// - Parameter number: that of the file's last scenario.
  package init(snapshots path: String, of file: String, gone titles: [String], number: Int) {
    self.init(
      id: ScenarioID(path: file, name: Self.snapshotsName), line: 1, column: 1, tags: [],
      verdict: .differs, mode: .none, steps: 0, nanoseconds: 0)
    self.number = number
    reason = "\(path) has scenarios that are no more"
    differences = Self.bounded(titles.map { "no more: \($0)" })
    account = "DIFF  \(escapingControls(path)) has scenarios that are no more\n"
    for title in titles.prefix(Self.shownDifferences) {
      account += "  \(escapingControls(title))\n"
    }
    if titles.count > Self.shownDifferences {
      account += "  … and \(titles.count - Self.shownDifferences) more\n"
    }
  }

  /// Of a file of snapshots that is nobody's.
  ///
  /// - Parameters:
  ///   - suffix: what stands behind the name of the scenario file.
  ///   - number: that of the batch's last scenario.
  package init(orphan path: String, suffix: String, number: Int) {
    let file = String(path.dropLast(suffix.count))
    self.init(
      id: ScenarioID(path: file, name: Self.snapshotsName), line: 1, column: 1, tags: [],
      verdict: .differs, mode: .none, steps: 0, nanoseconds: 0)
    self.number = number
    reason = "\(path) is there, and \(file) is not: put it back, or remove the snapshots"
    account = "DIFF  \(escapingControls(path)) is there, and \(escapingControls(file)) is not\n"
  }

  /// It is another than its snapshot says: which fails it, if nothing else does.
  ///
  /// - Parameters:
  ///   - path: where the snapshot stands.
  ///   - command: what writes it anew.
  package mutating func note(_ words: [String], against path: String, command: String) {
    differences = Self.bounded(words)
    let text = differenceText(words.count, command: command)
    guard verdict.isGood else {
      account += "\n" + text
      return
    }
    verdict = .differs
    account = text
    let count = words.count == 1 ? words[0] : "\(words.count) differences"
    reason = "it is another than \(path) says: \(count)"
  }

  /// What people read of the differences.
  private func differenceText(_ count: Int, command: String) -> String {
    var text = "DIFF  \(escapingControls("\(id)"))\n"
    for word in differences.prefix(Self.shownDifferences) {
      text += "  \(escapingControls(word))\n"
    }
    if count > Self.shownDifferences {
      text += "  … and \(count - Self.shownDifferences) more differences\n"
    }
    return text + "  = if that is right: \(command)\n"
  }

  /// Differences that people are told of, and that are kept, of one scenario.
  private static let shownDifferences = 12
  private static let keptDifferences = 200

  private static func bounded(_ words: [String]) -> [String] {
    guard words.count > keptDifferences else { return words }
    return words.prefix(keptDifferences) + ["… and \(words.count - keptDifferences) more"]
  }
}

extension CaseReport.Verdict {
  package init(_ outcome: RunOutcome) {
    switch outcome {
    case .passed: self = .passed
    case .failed: self = .failed
    case .broken: self = .broken
    case .inconclusive, .cancelled: self = .inconclusive
    case .skipped: self = .skipped
    case .failedAsExpected: self = .failedAsExpected
    case .passedUnexpectedly: self = .passedUnexpectedly
    }
  }
}

extension CaseReport.Mode {
  init(_ record: RunRecord) {
    if case .skipped = record.outcome {
      self = .none
      return
    }
    switch record.mode {
    case .seed(let seed): self = .seed(seed)
    case .replay: self = .replay
    case .everySchedule(let report):
      let result = report.result
      self = .everySchedule(
        CaseReport.Search(
          states: result.states, transitions: result.transitions, depth: result.depth,
          alone: result.partialOrder?.worlds, isComplete: result.isComplete,
          bound: result.bound?.name,
          runs: result.walks, isTimed: result.timed != nil))
    }
  }
}

extension CaseReport.Value {
  init(_ figure: Figure) {
    self.init(name: figure.name, text: figure.text, number: figure.value)
  }
}

extension CaseReport.Outcome {
  init(_ outcome: OutcomeAnswer) {
    figures = outcome.figures.map(CaseReport.Value.init)
    remarks = outcome.remarks
    worlds = outcome.worlds
    replay = Failure.command(outcome.replay)
  }
}

extension CaseReport.Property {
  init(_ answer: PropertyAnswer) {
    text = answer.text
    self.answer = answer.answer.rawValue
    isSatisfied = answer.isSatisfied
    isComplete = answer.isComplete
    isKept = answer.isKept
    replay = answer.replay.map(Failure.command)
    counterReplay = answer.counterReplay.map(Failure.command)
  }
}

extension CaseReport.Parting {
  init(_ parting: Parting) {
    step = parting.step
    fails = parting.here.text
    passes = parting.there.text
    text = parting.text
    replay = Failure.command(parting.replay)
  }
}

extension CaseReport.Problem {
  init(_ diagnostic: Diagnostic, _ sources: SourceMap, replay: String?) {
    severity = diagnostic.severity.rawValue
    code = diagnostic.code.rawValue
    message = diagnostic.message
    path = ""
    line = 0
    column = 0
    if let range = diagnostic.range {
      let position = sources.position(at: range.lower, in: range.file)
      path = sources[range.file].name
      line = Int(position.line)
      column = Int(position.column)
    }
    excerpt = DiagnosticRenderer(sources: sources, width: CaseReport.accountWidth)
      .render(diagnostic)
    self.replay = replay
  }
}
