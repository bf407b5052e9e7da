import ArgumentParser
import Graft

struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Join the JSON reports of several machines into all forms of report.",
    discussion: """
      Refuses what is there twice and what is missing: shards of different batches, a shard that \
      was interrupted or is not there, a scenario in two reports, parts that ran with different \
      options. With --partial, what is missing is told, and what is there is joined.

      Exit status: that of the whole batch; 1 where the reports don't make one; 6 where something \
      is missing and nothing failed.
      """)

  @Argument(help: ArgumentHelp("Reports that --report-json wrote.", valueName: "report"))
  var files: [String]

  @OptionGroup(title: "Reports") var reports: MergedReportArguments

  @Flag(name: .shortAndLong, help: "Say nothing about scenarios that pass.")
  var quiet = false

  @Option(
    help: ArgumentHelp(
      "Write a trace for Perfetto or chrome://tracing, of parts that were run with --report-trace "
        + "too.",
      valueName: "file"))
  var reportTrace: String?

  @Flag(help: "Join what there is, and say what is missing.")
  var partial = false

  func run() throws {
    var parts: [(name: String, report: ReadReport)] = []
    for path in files { parts.append((escapingControls(path), try read(path))) }
    let merged: MergedBatch
    do throws(MergedBatch.Mistake) {
      merged = try MergedBatch(parts, isPartial: partial)
    } catch {
      throw Self.complaint(escapingControls(error.reason))
    }
    var files = try ReportFiles(
      reports.wanted()
        + ReportFiles.wanted([("--report-trace", reportTrace, TimelineReport())]),
      head: BatchHead(version: Version.text, options: merged.options),
      sources: self.files, "it is one of the reports that are joined")
    if reportTrace != nil, let odd = merged.cases.first(where: { $0.trace == nil }) {
      throw Self.complaint(
        escapingControls("\(odd.id)") + " came without its trace; run the parts with --report-trace"
      )
    }
    let paint = Paint(isColoured: false)
    func say(_ text: String) {
      if files.takesOutput { Terminal.printError(text) } else { Terminal.print(text) }
    }
    for item in merged.cases {
      if !quiet || !item.verdict.isGood {
        say(item.account.isEmpty ? TextReport.line(item, paint: paint) : item.account)
      }
      for complaint in files.add(item, nil) { Terminal.printError(complaint) }
    }
    for words in merged.missing { Terminal.printError("graft: \(escapingControls(words))\n") }
    for complaint in files.end(merged.summary) { Terminal.printError(complaint) }
    say(merged.summary.text + "\n")
    var statuses = Set(merged.cases.map(\.verdict.exitStatus))
    if merged.summary.stop != nil { statuses.insert(.inconclusive) }
    let status =
      ExitStatus.byWeight.first { statuses.contains($0) && $0 != .passed }
      ?? (files.hasGivenUp ? .usage : .passed)
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
