import Diagnostics
import Execution
import Machine

/// What became of one scenario, in words and numbers alone: every report is a fold over these, and
/// what one shard wrote another machine reads back (`ReportReader`).
///
/// Nothing in it depends on the clock, the number of workers or the terminal.
package struct CaseReport: Sendable, Hashable {
  /// Its place among all that were selected, on whatever machine, from 0.
  package var number = 0
  package var id: ScenarioID
  /// Where its title stands, from 1.
  package var line: Int
  package var column: Int
  package var tags: [String]
  /// Of a job of a swarm: the hash of its text and of the rules, which all jobs must have.
  package var textHash: UInt32?
  package var verdict: Verdict
  /// Why it was skipped, is expected to fail, or has no answer.
  package var reason: String?
  package var mode: Mode
  /// Of a run, or of the witness that is shown.
  package var steps: Int
  /// Machine time at the end; 0 where time is arbitrary.
  package var nanoseconds: Int64
  package var figures: [Value] = []
  package var properties: [Property] = []
  /// How schedules end, where a search was asked.
  package var outcomes: [Outcome] = []
  /// Of a search that failed: what passes beside it.
  package var parting: Parting?
  /// Claims of a search that passes which could not have failed.
  package var warnings: [Problem] = []
  /// Everything that failed, in order.
  package var problems: [Problem] = []
  /// What happened, for people: story, lanes, carets, as `graft run` prints them without colours.
  /// Empty where nothing failed.
  package var account = ""
  /// In what it is another than its snapshot, in words.
  package var differences: [String] = []
  /// The text of its file. A report shows it once for all scenarios of the file.
  package var source: String?
  /// What is drawn of how it went; of what failed, and of everything on request.
  package var timeline: TimelineDrawing?
  /// Beside the timeline of what fails that of a schedule that passes.
  package var passing: TimelineDrawing?
  /// Of a report that was read back: the lines of `--report-trace`, with groups 1 and 2.
  package var trace: [String]?

  package enum Verdict: String, Sendable, Hashable, CaseIterable {
    case passed, failed, broken, inconclusive, skipped
    case failedAsExpected = "failed_as_expected"
    case passedUnexpectedly = "passed_unexpectedly"
    /// It went as it should, and not as its snapshot says.
    case differs
    /// Its source has errors, or can't be read; it has not run.
    case rejected
  }

  package enum Mode: Sendable, Hashable {
    case seed(UInt64)
    case replay
    case everySchedule(Search)
    /// It did not run.
    case none
  }

  package struct Search: Sendable, Hashable {
    package var states: Int
    package var transitions: Int
    package var depth: Int
    /// States out of which one step alone was taken, for it was nobody's affair but its task's.
    package var alone: Int?
    package var isComplete: Bool
    /// What was reached before everything was seen.
    package var bound: String?
    /// Schedules that were picked, where not all were gone through.
    package var runs: Int?
    /// Of a job of a swarm: in which order it went.
    package var order: String?
    /// Time was kept.
    package var isTimed = false
  }

  /// Whether it is what a search found that kept time.
  package var isTimed: Bool {
    if case .everySchedule(let search) = mode { search.isTimed } else { false }
  }

  /// What `report` said.
  package struct Value: Sendable, Hashable {
    package var name: String
    /// As people read it.
    package var text: String
    /// A number, of a duration its nanoseconds.
    package var number: Int64?
  }

  /// A property, and what a search or a run answers.
  package struct Property: Sendable, Hashable {
    package var text: String
    package var answer: String
    package var isSatisfied: Bool
    package var isComplete: Bool
    /// Some schedule kept it to its end; of a search that was cut off, where that is not plain.
    package var isKept = false
    /// A command that shows it.
    package var replay: String?
    /// One that shows that it does not always hold.
    package var counterReplay: String?
  }

  /// Where a schedule that passes parts from the one that fails.
  package struct Parting: Sendable, Hashable {
    package var step: Int
    /// What the one that fails does in that step, and the one that passes.
    package var fails: String
    package var passes: String
    /// The whole, in a sentence.
    package var text: String
    package var replay: String
  }

  /// One way in which schedules end.
  package struct Outcome: Sendable, Hashable {
    package var figures: [Value]
    /// What was not kept or not come to.
    package var remarks: [String]
    /// Distinct worlds in which schedules end so; nil: more than a number can say.
    package var worlds: Int?
    /// A command that shows one.
    package var replay: String
  }

  /// A diagnostic.
  package struct Problem: Sendable, Hashable {
    package var severity: String
    package var code: String
    package var message: String
    /// Where it stands; an empty path and zeros where it has no place.
    package var path: String
    package var line: Int
    package var column: Int
    /// The source with carets and values.
    package var excerpt: String
    /// The command that shows it again.
    package var replay: String?
  }

  package init(
    id: ScenarioID, line: Int, column: Int, tags: [String], verdict: Verdict, mode: Mode,
    steps: Int, nanoseconds: Int64
  ) {
    self.id = id
    self.line = line
    self.column = column
    self.tags = tags
    self.verdict = verdict
    self.mode = mode
    self.steps = steps
    self.nanoseconds = nanoseconds
  }
}

extension CaseReport {
  /// It is a job's of a swarm.
  ///
  /// - Parameters:
  ///   - order: the order in which it went through schedules.
  ///   - text: the hash of its text.
  package mutating func note(_ order: String, text: UInt32) {
    textHash = text
    guard case .everySchedule(var search) = mode else { return }
    search.order = order
    mode = .everySchedule(search)
  }
}

extension CaseReport.Verdict {
  /// Whether a batch of such alone is a success.
  package var isGood: Bool {
    switch self {
    case .passed, .skipped, .failedAsExpected: true
    case .failed, .broken, .inconclusive, .passedUnexpectedly, .differs, .rejected: false
    }
  }

  /// The word at the head of a scenario's line.
  package var headline: String {
    switch self {
    case .passed: "PASS"
    case .failed: "FAIL"
    case .broken, .rejected: "ERROR"
    case .inconclusive: "OPEN"
    case .skipped: "SKIP"
    case .failedAsExpected: "XFAIL"
    case .passedUnexpectedly: "XPASS"
    case .differs: "DIFF"
    }
  }
}
