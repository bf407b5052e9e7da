import Execution

/// One form of report: a fold over the cases of a batch, in source order, that writes as it goes
/// and keeps nothing of a case that is over.
///
/// It knows no file. Whoever calls it gives it a draft to write to, and lets the draft take the
/// report's place when `end` has been called; a batch that is cut short calls `end` as well, and
/// the summary says so. The order of calls is `begin`, any number of `add`, `end`.
package protocol Report {
  mutating func begin(_ head: BatchHead, _ sink: any ReportSink) throws
  /// - Parameter run: how the case ran, for those that draw what happened. Nil where there is
  ///   nothing to draw: it was skipped, has errors, or comes from another machine's report.
  mutating func add(_ item: CaseReport, _ run: CaseRun?, _ sink: any ReportSink) throws
  mutating func end(_ summary: BatchSummary, _ sink: any ReportSink) throws

  /// Whether it goes back to earlier places, so that it can't be written to a pipe as it comes.
  static var isPatched: Bool { get }
  /// Whether `add` needs the run itself; runs are kept until then only for those that do.
  static var drawsRuns: Bool { get }
  /// Whether it shows sources and timelines, which cases have only for those that do.
  static var drawsTimelines: Bool { get }
}

extension Report {
  package static var isPatched: Bool { false }
  package static var drawsRuns: Bool { false }
  package static var drawsTimelines: Bool { false }
}

/// Where a report's text goes.
package protocol ReportSink: AnyObject {
  func write(_ text: String) throws
  /// Replaces as many bytes from an offset on, counted from the report's beginning.
  func patch(at offset: Int, _ text: String) throws
}

/// What is known before the first case.
package struct BatchHead: Sendable, Hashable {
  package var version: String
  /// Of a part of a batch: which.
  package var shard: Shard?
  /// Of a job of a swarm: which.
  package var swarm: SwarmPart?
  /// The words of the command line that verdicts and the selection depend on, in a fixed order.
  package var options: [String] = []

  package init(
    version: String, shard: Shard? = nil, swarm: SwarmPart? = nil, options: [String] = []
  ) {
    self.version = version
    self.shard = shard
    self.swarm = swarm
    self.options = options
  }
}

/// One of several machines' part of a batch.
package struct Shard: Sendable, Hashable {
  package enum Kind: String, Sendable { case hash, count }
  package var kind: Kind
  /// From 1.
  package var number: Int
  package var count: Int

  package init(kind: Kind, number: Int, count: Int) {
    self.kind = kind
    self.number = number
    self.count = count
  }
}

/// One of several jobs that search the same scenarios, each in its own way.
package struct SwarmPart: Sendable, Hashable {
  /// From 1.
  package var number: Int
  package var count: Int

  package init(number: Int, count: Int) {
    self.number = number
    self.count = count
  }

  /// As on a command line.
  package var text: String { "\(number)/\(count)" }
}

/// How a case ran: enough to run it again and look at every event.
package struct CaseRun: Sendable {
  package var scenario: RunnableScenario
  package var record: RunRecord
  package var runner: ScenarioRunner

  package init(scenario: RunnableScenario, record: RunRecord, runner: ScenarioRunner) {
    self.scenario = scenario
    self.record = record
    self.runner = runner
  }

  /// The schedule that passes, where this one is shown to fail.
  func passing(_ parting: Parting) -> CaseRun {
    var other = self
    other.record.outcome = .passed
    other.record.events = []
    other.record.droppedEvents = 0
    other.record.steps = 0
    other.record.schedule = Schedule(parting.passing, record.schedule?.timed)
    return other
  }
}
