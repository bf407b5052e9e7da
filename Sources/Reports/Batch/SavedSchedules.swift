import Diagnostics
import Execution

/// The schedules of a batch as a file, a line each: `--save`. `--replay @FILE` takes one from it.
///
/// Of a search it has the one that fails and one that passes beside it; of one that passes the one
/// that is shown.
package struct ScheduleReport: Report {
  package static var drawsRuns: Bool { true }

  package init() {}

  package mutating func begin(_ head: BatchHead, _ sink: any ReportSink) throws {
    try sink.write("# schedules: graft run FILE::NAME --replay @\u{2026}, or @\u{2026}:passes\n")
  }

  package mutating func add(
    _ item: CaseReport, _ run: CaseRun?, _ sink: any ReportSink
  ) throws {
    guard let run, let schedule = run.record.schedule,
      let token = schedule.token(for: run.scenario.textHash)
    else { return }
    let kind: SavedSchedules.Kind = run.record.outcome.failure == nil ? .passes : .fails
    try sink.write(SavedSchedules.line(kind, run, token))
    guard let parting = run.record.parting else { return }
    let passing = Schedule(parting.passing, schedule.timed)
    guard let passes = passing.token(for: run.scenario.textHash) else { return }
    try sink.write(SavedSchedules.line(.passes, run, passes))
  }

  package mutating func end(_ summary: BatchSummary, _ sink: any ReportSink) throws {}
}

/// Such a file, read back.
package struct SavedSchedules: Sendable {
  package enum Kind: String, Sendable, CaseIterable { case fails, passes }

  package struct Entry: Sendable {
    package var kind: Kind
    /// As people read it; a schedule is bound to its scenario by its token.
    package var id: String
    package var token: ReplayToken
  }

  package private(set) var entries: [Entry] = []

  /// What is wrong with a file, and where.
  package struct Mistake: Error {
    package var reason: String
  }

  package init(_ text: String) throws(Mistake) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    for (number, line) in lines.enumerated() {
      guard !line.isEmpty, !line.hasPrefix("#") else { continue }
      let parts = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 3, let kind = Kind(rawValue: parts[0]), let token = ReplayToken(parts[2])
      else {
        throw Mistake(
          reason: "line \(number + 1) is no schedule: it has a word, a name and a token")
      }
      entries.append(Entry(kind: kind, id: parts[1], token: token))
    }
    if entries.isEmpty { throw Mistake(reason: "there is no schedule in it") }
  }

  /// Those of one kind, or all of them, the failing ones first.
  package func entries(of kind: Kind?) -> [Entry] {
    Kind.allCases.filter { kind ?? $0 == $0 }.flatMap { one in entries.filter { $0.kind == one } }
  }

  static func line(_ kind: Kind, _ run: CaseRun, _ token: ReplayToken) -> String {
    return "\(kind.rawValue)\t\(escapingControls("\(run.scenario.id)"))\t\(token.text)\n"
  }
}
