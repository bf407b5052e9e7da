import ArgumentParser
import Glibc
import Graft

/// The consumer of a batch: tells people, feeds the reports, and counts. Of a case that is over it
/// keeps a count; of one that failed its name, for `--rerun last`.
struct BatchLedger {
  private let batch: Batch
  private let runner: CaseRunner
  private var files: ReportFiles
  private let progress: ProgressLine
  private var summary = BatchSummary()
  private var statuses: Set<ExitStatus> = []
  /// What was said of the file at hand: its rows need the same things, which is said once.
  private var told: Set<String> = []
  /// Scenarios that failed or were not reached.
  private var leftOver: [String] = []
  private var slowest: [(seconds: Double, steps: Int, id: String)] = []
  private var casesRun = 0
  private var snapshots: SnapshotKeeper?
  /// The files that each file is made of, where they are watched.
  private(set) var sources: [String: [String]] = [:]

  init(_ batch: Batch, _ runner: CaseRunner, _ files: ReportFiles, _ progress: ProgressLine) {
    self.batch = batch
    self.runner = runner
    self.files = files
    snapshots = batch.run.snapshots.map(SnapshotKeeper.init)
    self.progress = progress
  }

  /// Takes everything that the crew hands over, until it is over or somebody has had enough.
  mutating func follow(_ crew: Crew) throws {
    crew.start()
    defer {
      Interruption.giveUp()
      crew.stop()
      crew.join()
    }
    while true {
      if summary.stop == nil {
        if Interruption.isRequested { end(crew, .interrupted) }
        if CaseRunner.clock() > runner.deadline { end(crew, .time) }
      }
      if let delivery = crew.next(within: 0.1) {
        try take(delivery, crew)
      } else if crew.isOver {
        break
      }
      progress.draw()
    }
    progress.clear()
    if summary.stop == nil { try follow { keeper in try keeper.end() } }
    if summary.stop == nil {
      if Interruption.isRequested { summary.stop = .interrupted }
    }
    summary.selected = crew.selectedCount
    if summary.stop == .failures {
      // The last one may have been the one too many: then nothing was left out. How much was, is
      // not known, and how far others had come is nobody's affair.
      if summary.unreached == 0, crew.rest.isEmpty { summary.stop = nil }
      summary.selected = casesRun
      summary.unreached = 0
    }
  }

  private mutating func end(_ crew: Crew, _ stop: BatchSummary.Stop) {
    summary.stop = stop
    Interruption.giveUp()
    crew.stop()
  }

  private mutating func take(_ delivery: Delivery, _ crew: Crew) throws {
    switch delivery {
    case .file(let file, let number): try take(file, number)
    case .scenario(let result): try take(result, crew)
    }
  }

  // MARK: A file

  private mutating func take(_ file: OpenedFile, _ number: Int) throws {
    progress.fileBegan()
    told = []
    try follow { keeper in
      let finding = try keeper.end()
      try keeper.begin(file)
      return finding
    }
    if let status = file.status { statuses.insert(status) }
    if let complaint = file.complaint {
      complain("graft: \(escapingControls(complaint))\n")
    }
    guard let unit = file.unit else {
      return try reject(file, number, [], SourceMap())
    }
    if batch.run.watch { sources[file.request.path] = unit.sourcePaths }
    try files.refuse(unit.sourcePaths)
    if !unit.diagnostics.isEmpty { complain(runner.diagnostics(of: unit)) }
    if unit.hasErrors { try reject(file, number, unit.diagnostics, unit.sources) }
  }

  /// Asks the keeper of snapshots, where there is one.
  private mutating func follow(
    _ body: (inout SnapshotKeeper) throws -> SnapshotKeeper.Finding
  ) throws {
    guard var keeper = snapshots else { return }
    do {
      let finding = try body(&keeper)
      snapshots = keeper
      if finding.differs { statuses.insert(.differs) }
      if !finding.text.isEmpty {
        if finding.differs { say(finding.text) } else { complain(finding.text) }
      }
    } catch let failure as SourceReader.Failure {
      complain("graft: \(escapingControls("\(failure.path): \(failure.reason)"))\n")
      throw ExitCode(ExitStatus.usage.rawValue)
    }
  }

  /// A file that can't be run is a case of its own, so that no report is silent about it.
  private mutating func reject(
    _ file: OpenedFile, _ number: Int, _ diagnostics: [Diagnostic], _ sources: SourceMap
  ) throws {
    let id = ScenarioID(path: file.request.path, name: CaseReport.sourceName)
    var item = CaseReport(rejected: id, line: 1, column: 1, diagnostics, sources)
    item.number = number
    if let complaint = file.complaint { item.reason = complaint }
    leftOver.append(file.request.path)
    summary.add(item.verdict)
    try files.add(item, nil)
  }

  // MARK: A scenario

  private mutating func take(_ result: CaseResult, _ crew: Crew) throws {
    guard let item = result.report, summary.stop != .failures else {
      summary.unreached += 1
      leftOver.append("\(result.id)")
      return
    }
    casesRun += 1
    for diagnostic in result.diagnostics where told.insert(diagnostic).inserted {
      complain(diagnostic)
    }
    if item.verdict != .rejected, !result.text.isEmpty { say(result.text) }
    try files.add(item, result.run)
    progress.add(result)
    summary.add(item.verdict)
    statuses.insert(item.verdict.exitStatus)
    if !item.verdict.isGood { leftOver.append("\(item.id)") }
    note(seconds: result.seconds, item)
    if let snapshot = result.snapshot {
      try follow { keeper in keeper.add(item.id, snapshot) }
    }
    if let difference = result.difference {
      complain(
        "graft: internal error: \(escapingControls("\(item.id)")): \(difference)\n"
          + "   = replay: \(Failure.command(["run", "\(item.id)"])) --repeat 2\n")
      statuses.insert(.fault)
    }
    if let greatest = batch.run.maxFailures, summary.bad >= greatest, summary.stop == nil {
      end(crew, .failures)
    }
  }

  private mutating func note(seconds: Double, _ item: CaseReport) {
    let count = batch.run.slowest
    guard count > 0, slowest.count < count || seconds > slowest[slowest.count - 1].seconds else {
      return
    }
    let place = slowest.firstIndex { $0.seconds < seconds } ?? slowest.count
    slowest.insert((seconds, item.steps, "\(item.id)"), at: place)
    if slowest.count > count { slowest.removeLast() }
  }

  // MARK: The end

  /// Publishes the reports and says the last line. Gives the exit status.
  mutating func conclude(words: [String]) throws -> Int32 {
    if summary.stop == .time { statuses.insert(.inconclusive) }
    if summary.selected == 0, statuses.isEmpty, summary.stop == nil {
      Terminal.printError("graft: \(emptyHanded(words))\n")
      statuses.insert(.nothingSelected)
    }
    try files.end(summary)
    if batch.run.quiet || summary.total > 1 || summary.stop != nil {
      if !statuses.contains(.nothingSelected) || summary.total > 0 { say(summary.text + "\n") }
    }
    for one in slowest {
      let steps = one.steps > 0 ? ", \(one.steps) steps" : ""
      Terminal.printError(
        "\(ProgressLine.shown(one.seconds))\(steps)  \(escapingControls(one.id))\n")
    }
    if Interruption.isRequested { return Interruption.exitStatus }
    return (ExitStatus.byWeight.first { statuses.contains($0) } ?? .passed).rawValue
  }

  private var isFiltered: Bool {
    !batch.selection.tag.isEmpty || !batch.selection.filter.isEmpty
  }

  private func emptyHanded(_ words: [String]) -> String {
    let shown = words.prefix(3).map(escapingControls).joined(separator: ", ")
    let more = words.count > 3 ? " and \(words.count - 3) more files" : ""
    return "no scenario in \(shown)\(more)" + (isFiltered ? " is what was asked for" : "")
  }

  /// What is left to do, for `--rerun last`.
  mutating func noteLastRun(_ crew: Crew, _ selection: SelectionArguments) {
    // Standard input is gone.
    var last = LastRun()
    last.words = (leftOver + (summary.stop == nil ? [] : crew.rest)).filter {
      $0 != "-" && !$0.hasPrefix("-::") && !$0.hasPrefix("-:")
    }
    last.tags = selection.tag
    last.filters = selection.filter
    last.write()
  }

  private mutating func say(_ text: String) {
    progress.without {
      if files.takesOutput { Terminal.printError(text) } else { Terminal.print(text) }
    }
  }

  private mutating func complain(_ text: String) {
    progress.without { Terminal.printError(text) }
  }
}

extension CaseReport.Verdict {
  var exitStatus: ExitStatus {
    switch self {
    case .passed, .skipped, .failedAsExpected: .passed
    case .failed, .passedUnexpectedly: .failed
    case .broken: .broken
    case .inconclusive: .inconclusive
    case .rejected: .source
    }
  }
}
