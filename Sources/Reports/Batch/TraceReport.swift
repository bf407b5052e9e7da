import Execution

/// Every event of every case as JSON lines: `--trace`.
package struct TraceReport: Report {
  package static var drawsRuns: Bool { true }

  package init() {}

  package mutating func begin(_ head: BatchHead, _ sink: any ReportSink) throws {}

  package mutating func add(
    _ item: CaseReport, _ run: CaseRun?, _ sink: any ReportSink
  ) throws {
    guard let run else { return }
    var trace = Trace(run.scenario, run.record)
    try sink.write(trace.header(run.record))
    try run.runner.forEachPortionOfEvents(of: run.record) { events in
      for event in events { try sink.write(trace.line(event)) }
    }
    try sink.write(trace.end(run.record))
  }

  package mutating func end(_ summary: BatchSummary, _ sink: any ReportSink) throws {}
}
