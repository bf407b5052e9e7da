import Diagnostics
import Execution
import Exploration
import Machine

/// Every schedule of a text's scenarios, searched from a program of one's own: what `graft explore`
/// does, with values in place of words. `Grammar/library.md` shows it at work.
///
/// A value: it can be changed, handed to another thread and run as often as one likes; the same
/// search comes to the same each time.
public struct ScheduleSearch: Sendable {
  /// What is wrong with a text, as `graft check` shows it.
  public struct Mistakes: Error, Sendable {
    public let text: String
  }

  /// In which order schedules are gone through.
  public enum Order: Sendable, Hashable {
    /// The short ones first; what is found is found in no shorter one.
    case breadthFirst
    case depthFirst
    /// So many that a seed picks.
    case random(schedules: Int, seed: UInt64)
    case priorities(schedules: Int, seed: UInt64)
  }

  /// What a search is told not to exceed, each by itself; nil: what `graft explore` keeps to.
  public struct Bounds: Sendable, Hashable {
    public var states: Int?
    public var memoryBytes: Int?
    /// Steps of a schedule.
    public var depth: Int?

    public init(states: Int? = nil, memoryBytes: Int? = nil, depth: Int? = nil) {
      self.states = states
      self.memoryBytes = memoryBytes
      self.depth = depth
    }
  }

  public struct Progress: Sendable, Hashable {
    public let states: Int
    public let transitions: Int
    /// Worlds that have been met and not yet been looked at.
    public let frontier: Int
    public let depth: Int
  }

  public var order = Order.breadthFirst
  public var bounds = Bounds()
  private let unit: ScenarioUnit

  /// - Parameters:
  ///   - text: a file's content, with one or more scenarios.
  ///   - path: the name that reports have for it.
  ///   - read: reads what the text uses; nil where it may use nothing, and for what is not there.
  public init(
    _ text: String, path: String = "scenario.graft",
    reading read: @escaping @Sendable (_ path: String) -> [UInt8]? = { _ in nil }
  ) throws(Mistakes) {
    unit = ScenarioUnit(path: path, bytes: Array(text.utf8)) { used in
      read(used).map { .success($0) } ?? .failure(.init(reason: "there is no such file"))
    }
    guard !unit.hasErrors else { throw Mistakes(text: Self.rendered(unit.diagnostics, unit)) }
  }

  /// Names of the scenarios, and of the rows of their matrices, in the text's order.
  public var scenarios: [String] { unit.entries.map(\.id.title) }

  /// Searches one scenario.
  ///
  /// - Parameters:
  ///   - scenario: its name; with the row, where it has a matrix.
  ///   - isCancelled: asked now and then, from the thread that searches, whether to give up. In a
  ///     task of one's own `{ Task.isCancelled }` does.
  ///   - hears: told as often how far it is.
  /// - Returns: nil where there is no such scenario.
  public func answer(
    for scenario: String, isCancelled: @escaping @Sendable () -> Bool = { false },
    telling hears: (@Sendable (Progress) -> Void)? = nil
  ) throws(Mistakes) -> ScheduleAnswer? {
    guard let entry = unit.entries.first(where: { $0.id.title == scenario }) else { return nil }
    let (lowered, diagnostics) = unit.runnable(entry, breaking: [], everySchedule: true)
    guard let lowered else { throw Mistakes(text: Self.rendered(diagnostics, unit)) }
    var options = RunOptions()
    if let states = bounds.states { options.bounds.states = states }
    options.bounds.memoryBytes = bounds.memoryBytes
    options.bounds.depth = bounds.depth
    options.strategy = strategy
    options.isCancelled = isCancelled
    if let hears {
      options.hearsProgress = { progress in
        hears(
          Progress(
            states: progress.states, transitions: progress.transitions,
            frontier: progress.frontier, depth: progress.depth))
      }
    }
    let record = ScenarioRunner(lowered, options).run(skipping: entry.skipReason)
    return ScheduleAnswer(record)
  }

  private var strategy: any SearchStrategy {
    switch order {
    case .breadthFirst: BreadthFirst()
    case .depthFirst: DepthFirst()
    case .random(let count, let seed): Walks(.uniform, seed: seed, count: max(1, count))
    case .priorities(let count, let seed): Walks(.priorities, seed: seed, count: max(1, count))
    }
  }

  private static func rendered(_ diagnostics: [Diagnostic], _ unit: ScenarioUnit) -> String {
    DiagnosticRenderer(sources: unit.sources, width: 100).render(diagnostics)
  }
}

/// What a search over every schedule of one scenario says.
public struct ScheduleAnswer: Sendable {
  public enum Verdict: Sendable, Hashable {
    /// Everything that is claimed is so.
    case passes
    /// Something is not: the message, and the arguments after `graft` that show it.
    case fails(String, replay: [String])
    /// It could not go on.
    case breaks(String, replay: [String])
    /// A bound was met first, for that reason.
    case open(String)
    case cancelled
    /// The scenario asks not to be run.
    case skipped(String)
  }

  /// One claim of the text, and its answer.
  public struct Claim: Sendable, Hashable {
    public enum Answer: String, Sendable, Hashable {
      case always = "ALWAYS"
      case sometimes = "SOMETIMES"
      case never = "NEVER"
      case notReached = "NOT REACHED"
      /// Nothing speaks against it so far.
      case holds = "HOLDS"
      /// Some schedule fails it, and none was seen so far that keeps it.
      case fails = "FAILS"
      case notJudged = "NOT JUDGED"
    }

    public let text: String
    public let answer: Answer
    /// Whether that is what the text claims.
    public let isKept: Bool
    /// Whether the answer is what is so, and not only what is known so far.
    public let isFinal: Bool
  }

  /// One way in which schedules end.
  public struct Ending: Sendable, Hashable {
    /// What was reported, by name, as people read it.
    public let figures: [String: String]
    /// Checks that failed on the way, and what was not come to.
    public let remarks: [String]
    /// Distinct worlds in which schedules end so, or how many of those that were picked.
    public let count: Int?
  }

  public let scenario: String
  public let verdict: Verdict
  public let claims: [Claim]
  public let endings: [Ending]
  /// Whether every schedule was gone through.
  public let isComplete: Bool
  /// Distinct worlds; 0 where schedules were picked.
  public let states: Int
  public let transitions: Int
  public let depth: Int

  init(_ record: RunRecord) {
    scenario = record.id.title
    verdict = Verdict(record.outcome)
    guard case .everySchedule(let report) = record.mode else {
      (claims, endings, isComplete, states, transitions, depth) = ([], [], false, 0, 0, 0)
      return
    }
    claims = report.answers.compactMap { answer in
      Claim.Answer(rawValue: answer.answer.rawValue).map {
        Claim(
          text: answer.text, answer: $0, isKept: answer.isSatisfied, isFinal: answer.isComplete)
      }
    }
    endings = report.outcomes.map { outcome in
      Ending(
        figures: Dictionary(outcome.figures.map { ($0.name, $0.text) }) { $1 },
        remarks: outcome.remarks, count: outcome.worlds)
    }
    let result = report.result
    isComplete = result.isComplete
    (states, transitions, depth) = (result.states, result.transitions, result.depth)
  }
}

extension ScheduleAnswer.Verdict {
  init(_ outcome: RunOutcome) {
    self =
      switch outcome {
      // What a scenario says of itself, `xfail`, is a batch's affair.
      case .passed, .passedUnexpectedly, .failedAsExpected: .passes
      case .failed(let failure): .fails(failure.diagnostic.message, replay: failure.replay)
      case .broken(let failure): .breaks(failure.diagnostic.message, replay: failure.replay)
      case .inconclusive(let reason): .open(reason)
      case .cancelled: .cancelled
      case .skipped(let reason): .skipped(reason)
      }
  }
}
