import ArgumentParser
import Graft

struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Join the JSON reports of several machines into all forms of report.",
    discussion: """
      Refuses what is there twice and what is missing: shards of different batches, a shard that \
      was interrupted or is not there, a scenario in two reports.

      Exit status: that of the whole batch; 1 where the reports don't make one.
      """)

  @Argument(help: ArgumentHelp("Reports that --report-json wrote.", valueName: "report"))
  var files: [String]

  @OptionGroup(title: "Reports") var reports: MergedReportArguments

  @Flag(name: .shortAndLong, help: "Say nothing about scenarios that pass.")
  var quiet = false

  func run() throws {
    var parts: [(name: String, report: ReadReport)] = []
    for path in files { parts.append((escapingControls(path), try read(path))) }
    let merged: MergedBatch
    do throws(MergedBatch.Mistake) {
      merged = try MergedBatch(parts)
    } catch {
      throw Self.complaint(escapingControls(error.reason))
    }
    var files = try ReportFiles(
      reports.wanted(), head: BatchHead(version: Version.text), sources: self.files)
    let paint = Paint(isColoured: false)
    for item in merged.cases {
      if !quiet || !item.verdict.isGood {
        let text =
          item.account.isEmpty
          ? TextReport.line(item, paint: paint) : item.account
        if files.takesOutput { Terminal.printError(text) } else { Terminal.print(text) }
      }
      try files.add(item, nil)
    }
    try files.end(merged.summary)
    let text = merged.summary.text + "\n"
    if files.takesOutput { Terminal.printError(text) } else { Terminal.print(text) }
    let statuses = Set(merged.cases.map(\.verdict.exitStatus))
    let status = ExitStatus.byWeight.first { statuses.contains($0) } ?? .passed
    if status != .passed { throw ExitCode(status.rawValue) }
  }

  private func read(_ path: String) throws -> ReadReport {
    do throws(SourceReader.Failure) {
      let bytes = try SourceReader.read(path, limit: .max)
      do throws(ReadReport.Mistake) {
        return try ReadReport(bytes)
      } catch {
        throw SourceReader.Failure(path: path, reason: error.reason)
      }
    } catch {
      throw Self.complaint(escapingControls("\(error.path): \(error.reason)"))
    }
  }

  private static func complaint(_ text: String) -> ExitCode {
    Terminal.printError("graft: \(text)\n")
    return ExitCode(ExitStatus.usage.rawValue)
  }
}
