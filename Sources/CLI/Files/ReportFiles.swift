import ArgumentParser
import Glibc
import Graft

/// The reports that a command writes, each a fold over the same cases.
struct ReportFiles {
  /// A form of report and where it goes.
  struct Wanted {
    var option: String
    var path: String
    var report: any Report
    var appends = false
  }

  private struct Open {
    var path: String
    var report: any Report
    let file: ReportFile
  }

  private var open: [Open] = []

  /// Whether some report draws the runs, or shows accounts of failures.
  let drawsRuns: Bool
  /// Whether standard output is a report's.
  let takesOutput: Bool

  /// Opens a draft for each.
  ///
  /// - Parameter sources: files that are read, and are not to be written over.
  init(_ wanted: [Wanted], head: BatchHead, sources: [String]) throws {
    drawsRuns = wanted.contains { type(of: $0.report).drawsRuns }
    takesOutput = wanted.contains { $0.path == "-" && !($0.report is GitHubAnnotations) }
    for (number, one) in wanted.enumerated() where !(one.report is GitHubAnnotations) {
      if let other = wanted[..<number].first(where: { ReportFile.isSame($0.path, one.path) }),
        one.path == "-" || !Self.isDevice(one.path)
      {
        throw ReportFile.complaint(
          one.path, "\(other.option) and \(one.option) can't both go there")
      }
    }
    for one in wanted {
      let file = try ReportFile(
        one.path, isPatched: type(of: one.report).isPatched, appends: one.appends)
      var report = one.report
      try report.begin(head, file)
      open.append(Open(path: one.path, report: report, file: file))
    }
    try refuse(sources)
  }

  var isEmpty: Bool { open.isEmpty }

  private static func isDevice(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFCHR
  }

  /// A report is not written over a scenario that it tells of.
  func refuse(_ sources: [String]) throws {
    for one in open where one.path != "-" {
      var status = stat()
      guard stat(one.path, &status) == 0 else { continue }
      if sources.contains(where: { ReportFile.isSame($0, one.path) }) {
        throw ReportFile.complaint(one.path, "it is a scenario file of this run")
      }
    }
  }

  mutating func add(_ item: CaseReport, _ run: CaseRun?) throws {
    for index in open.indices {
      try open[index].report.add(item, run, open[index].file)
      // What goes to the terminal along with other text goes there in its place.
      if open[index].path == "-", !type(of: open[index].report).isPatched {
        try open[index].file.flush()
      }
    }
  }

  /// The batch is over: every report takes its place.
  mutating func end(_ summary: BatchSummary) throws {
    for index in open.indices { try open[index].report.end(summary, open[index].file) }
    for one in open { try one.file.publish() }
  }
}
