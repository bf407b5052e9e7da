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

  /// Whether some report needs the runs themselves.
  let drawsRuns: Bool
  /// Whether some report shows sources and timelines.
  let drawsTimelines: Bool
  /// Whether standard output is a report's.
  let takesOutput: Bool
  /// What the files that are read are, for who would have a report written over them.
  private let sourceWords: String
  /// Whether a report could not be written. The others go on: each is a fold of its own.
  private(set) var hasGivenUp = false

  /// Opens a draft for each. What can't be begun ends the command before anything has run.
  ///
  /// - Parameters:
  ///   - sources: files that are read, and are not to be written over.
  ///   - sourceWords: what they are.
  init(
    _ wanted: [Wanted], head: BatchHead, sources: [String],
    _ sourceWords: String = "it is a scenario file of this run"
  ) throws {
    drawsRuns = wanted.contains { type(of: $0.report).drawsRuns }
    drawsTimelines = wanted.contains { type(of: $0.report).drawsTimelines }
    takesOutput = wanted.contains { $0.path == "-" && !($0.report is GitHubAnnotations) }
    self.sourceWords = sourceWords
    do {
      try begin(wanted, head, sources)
    } catch let trouble as ReportFile.Trouble {
      Terminal.printError(trouble.text)
      throw ExitCode(ExitStatus.usage.rawValue)
    }
  }

  private mutating func begin(
    _ wanted: [Wanted], _ head: BatchHead, _ sources: [String]
  ) throws {
    for (number, one) in wanted.enumerated() where !(one.report is GitHubAnnotations) {
      if let other = wanted[..<number].first(where: { ReportFile.isSame($0.path, one.path) }),
        one.path == "-" || !Self.isDevice(one.path)
      {
        throw ReportFile.Trouble(
          path: one.path, reason: "\(other.option) and \(one.option) can't both go there")
      }
    }
    for one in wanted {
      if let trouble = refusal(one.path, sources) { throw trouble }
      let file = try ReportFile(
        one.path, isPatched: type(of: one.report).isPatched, appends: one.appends)
      var report = one.report
      try report.begin(head, file)
      open.append(Open(path: one.path, report: report, file: file))
    }
  }

  var isEmpty: Bool { open.isEmpty && !hasGivenUp }

  private static func isDevice(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFCHR
  }

  private func refusal(_ path: String, _ sources: [String]) -> ReportFile.Trouble? {
    var status = stat()
    guard path != "-", stat(path, &status) == 0,
      sources.contains(where: { ReportFile.isSame($0, path) })
    else { return nil }
    return ReportFile.Trouble(path: path, reason: sourceWords)
  }

  /// A report is not written over a scenario that it tells of. Gives what is to be said.
  mutating func refuse(_ sources: [String]) -> [String] {
    each { [self] one in
      if let trouble = refusal(one.path, sources) { throw trouble }
    }
  }

  mutating func add(_ item: CaseReport, _ run: CaseRun?) -> [String] {
    each { one in
      try one.report.add(item, run, one.file)
      // What goes to the terminal along with other text goes there in its place.
      if one.path == "-", !type(of: one.report).isPatched { try one.file.flush() }
    }
  }

  /// The batch is over: every report takes its place.
  mutating func end(_ summary: BatchSummary) -> [String] {
    each { one in
      try one.report.end(summary, one.file)
      try one.file.publish()
    }
  }

  /// Does something with every report, and gives those up with which it can't be done; their
  /// drafts are gone, and what stood in their places stays.
  private mutating func each(_ body: (inout Open) throws -> Void) -> [String] {
    var complaints: [String] = []
    var index = 0
    while index < open.count {
      do {
        try body(&open[index])
        index += 1
      } catch {
        let path = open.remove(at: index).path
        hasGivenUp = true
        let trouble =
          error as? ReportFile.Trouble ?? .init(path: path, reason: "\(error)")
        complaints.append(trouble.text)
      }
    }
    return complaints
  }
}
