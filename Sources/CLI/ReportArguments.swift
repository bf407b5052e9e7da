import ArgumentParser
import Graft

/// The reports that are written, any number at once; `-` is standard output. These are folds over
/// what a JSON report holds as well.
struct MergedReportArguments: ParsableArguments {
  @Option(help: ArgumentHelp("Write JUnit's XML.", valueName: "file"))
  var reportJunit: String?

  @Option(help: ArgumentHelp("Write TAP.", valueName: "file"))
  var reportTap: String?

  @Option(
    help: ArgumentHelp(
      "The version that TAP begins with: 14, or 13 for Perl's prove, which knows no newer.",
      valueName: "number"))
  var tapVersion: Int?

  @Option(
    help: ArgumentHelp("Write the batch as JSON, for 'graft merge' and others.", valueName: "file"))
  var reportJson: String?

  @Option(
    help: ArgumentHelp(
      "Write one page for people, with sources and migration timelines.", valueName: "file"))
  var reportHtml: String?

  @Flag(
    help: "Annotate GitHub's log, and add a summary to the job's page ($GITHUB_STEP_SUMMARY).")
  var reportGithub = false

  @Option(help: ArgumentHelp("Write GitHub's summary to this file instead.", valueName: "file"))
  var githubSummary: String?

  func validate() throws {
    if let tapVersion, ![13, 14].contains(tapVersion) {
      throw ValidationError("--tap-version is 13 or 14")
    }
  }

  /// - Parameter carriesTraces: whether the JSON is to hold what a trace holds.
  func wanted(carriesTraces: Bool = false) -> [ReportFiles.Wanted] {
    var all = ReportFiles.wanted([
      ("--report-junit", reportJunit, JUnitReport()),
      ("--report-tap", reportTap, TAPReport(version: tapVersion ?? 14)),
      ("--report-json", reportJson, JSONReport(carriesTraces: carriesTraces)),
      ("--report-html", reportHtml, HTMLReport()),
      (
        "--report-github", reportGithub ? "-" : nil,
        GitHubAnnotations(inRepository: Self.inRepository)
      ),
      ("--github-summary", githubSummary, GitHubSummary()),
    ])
    if reportGithub, githubSummary == nil, let page = Terminal.setting("GITHUB_STEP_SUMMARY") {
      // Other steps' summaries stand there too.
      all.append(
        .init(option: "--report-github", path: page, report: GitHubSummary(), appends: true))
    }
    return all
  }
}

extension MergedReportArguments {
  /// How GitHub places annotations: by paths from its checkout. What lies elsewhere stays as it is.
  private static var inRepository: @Sendable (String) -> String {
    guard let workspace = Terminal.setting("GITHUB_WORKSPACE"),
      let root = PathName.real(workspace), let here = PathName.real(".")
    else { return { $0 } }
    return { path in
      let whole = PathName.tidied(path.hasPrefix("/") ? path : "\(here)/\(path)")
      return whole.hasPrefix(root + "/") ? String(whole.dropFirst(root.count + 1)) : path
    }
  }

  /// With those that draw what happened, for which a scenario has to run.
  func wanted(with run: RunArguments) -> [ReportFiles.Wanted] {
    wanted(carriesTraces: run.reportTrace != nil)
      + ReportFiles.wanted([
        ("--report-trace", run.reportTrace, TimelineReport()),
        ("--trace", run.trace, TraceReport()),
        ("--save", run.save, ScheduleReport()),
      ])
  }
}

extension BatchEnvironment {
  /// With the report that a build system asks for, unless it goes there already.
  func adding(to reports: [ReportFiles.Wanted]) -> [ReportFiles.Wanted] {
    guard let junitPath else { return reports }
    let path = Project.path(typed: junitPath)
    let isThere = reports.contains { $0.option == "--report-junit" && $0.path == path }
    return isThere
      ? reports
      : reports + [.init(option: "XML_OUTPUT_FILE", path: path, report: JUnitReport())]
  }
}

extension ReportFiles {
  /// Those that have a place.
  static func wanted(
    _ table: [(option: String, path: String?, report: any Report)]
  ) -> [Wanted] {
    table.compactMap { row in
      row.path.map {
        Wanted(option: row.option, path: Project.path(typed: $0), report: row.report)
      }
    }
  }
}
