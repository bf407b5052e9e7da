import Glibc
import Graft

/// The consumer of a batch: tells people, feeds the reports, and counts. Of a case that is over it
/// keeps a count; of one that failed its name.
struct BatchLedger {
  private let batch: Batch
  private let runner: CaseRunner
  private var files: ReportFiles
  private let progress: ProgressLine
  private var summary = BatchSummary()
  private var statuses: Set<ExitStatus> = []
  /// What was said of the file at hand: its rows need the same things, which is said once.
  private var told: Set<String> = []
  /// The file at hand, and the number of its last scenario.
  private var current: (path: String, lastNumber: Int) = ("", 0)
  /// Scenarios that failed or were not reached, here and before. A replay is one schedule of many
  /// and says nothing of the others.
  private var rest: RestKeeper?
  private var slowest: [(seconds: Double, steps: Int, id: String)] = []
  /// The heads of what did not pass, for the end; and how many were more than one reads.
  private var badLines: [String] = []
  private var badCount = 0
  private var casesRun = 0
  private var snapshots: SnapshotKeeper?
  /// Something that is to be kept could not be written.
  private var hasLostSomething = false
  /// The files that each file is made of, where they are watched.
  private(set) var sources: [String: [String]] = [:]

  init(_ batch: Batch, _ runner: CaseRunner, _ files: ReportFiles, _ progress: ProgressLine) {
    self.batch = batch
    self.runner = runner
    self.files = files
    snapshots = batch.options.snapshots.map(SnapshotKeeper.init)
    self.progress = progress
    if batch.options.replay == nil {
      rest = RestKeeper(batch.how, isRerun: batch.options.selection.rerunsLast)
    }
  }

  /// Takes everything that the crew hands over, until it is over or somebody has had enough.
  mutating func follow(_ crew: Crew) {
    crew.start()
    while true {
      if summary.stop == nil {
        if Interruption.isRequested { end(crew, .interrupted) }
        if CaseRunner.clock() > runner.deadline { end(crew, .time) }
      }
      if let delivery = crew.next(within: 0.1) {
        take(delivery, crew)
      } else if crew.isOver {
        break
      }
      progress.draw()
    }
    progress.clear()
    if summary.stop == nil {
      endSnapshots()
      for path in batch.orphans { note(orphan: path) }
    }
    if summary.stop == nil, Interruption.isRequested { summary.stop = .interrupted }
    Interruption.giveUp()
    crew.stop()
    crew.join()
    close(crew)
  }

  private mutating func end(_ crew: Crew, _ stop: BatchSummary.Stop) {
    summary.stop = stop
    Interruption.giveUp()
    crew.stop()
  }

  /// What was left out is counted; the last failure may have been the one too many, and then
  /// nothing was.
  private mutating func close(_ crew: Crew) {
    guard summary.stop != nil else {
      summary.selected = crew.selectedCount
      return
    }
    let began = CaseRunner.clock()
    let isFailures = summary.stop == .failures
    let left = crew.rest {
      !isFailures && CaseRunner.clock() - began < Self.countingSeconds
    }
    for word in left.files.flatMap(\.words) { rest?.add(word) }
    guard isFailures else {
      summary.selected = left.selected
      for file in left.files {
        leaveOut(file.path, file.count)
      }
      return
    }
    if summary.leftOut.isEmpty, left.files.isEmpty { summary.stop = nil }
    // How much was left out is not known, and how far others had come is nobody's affair.
    summary.selected = casesRun
    summary.leftOut = []
  }

  /// For how long files are opened that will not run, to say how much was not reached.
  private static let countingSeconds = 1.0

  private mutating func leaveOut(_ path: String, _ count: Int?) {
    if let last = summary.leftOut.last, last.path == path, let known = last.scenarios, let count {
      summary.leftOut[summary.leftOut.count - 1].scenarios = known + count
    } else {
      summary.leftOut.append(.init(path: path, scenarios: count))
    }
  }

  private mutating func take(_ delivery: Delivery, _ crew: Crew) {
    switch delivery {
    case .file(let file, let number): take(file, number)
    case .scenario(let result): take(result, crew)
    }
  }

  // MARK: A file

  private mutating func take(_ file: OpenedFile, _ number: Int) {
    progress.fileBegan()
    told = []
    endSnapshots()
    current = (file.request.path, max(number, number + file.selected.count - 1))
    snapshots?.begin(file)
    let isAll = !isFiltered && !batch.isPart && file.unit != nil
    rest?.began(file.request, isAll: isAll)
    if let status = file.status { statuses.insert(status) }
    if let complaint = file.complaint {
      complain("graft: \(escapingControls(complaint))\n")
    }
    guard let unit = file.unit else {
      return reject(file, number, [], SourceMap())
    }
    if batch.options.isWatching { sources[file.request.path] = unit.sourcePaths }
    lose(files.refuse(unit.sourcePaths))
    if !unit.diagnostics.isEmpty { complain(runner.diagnostics(of: unit)) }
    if unit.hasErrors { reject(file, number, unit.diagnostics, unit.sources) }
  }

  /// A file that can't be run is a case of its own, so that no report is silent about it.
  private mutating func reject(
    _ file: OpenedFile, _ number: Int, _ diagnostics: [Diagnostic], _ sources: SourceMap
  ) {
    let id = ScenarioID(path: file.request.path, name: CaseReport.sourceName)
    let place = diagnostics.first { $0.severity == .error }?.range.flatMap { range in
      range.file == sources.files.first
        ? sources.position(at: range.lower, in: range.file) : nil
    }
    var item = CaseReport(
      rejected: id, line: place?.line ?? 1, column: place?.column ?? 1, diagnostics, sources)
    item.number = number
    item.source = file.source
    if let complaint = file.complaint { item.reason = complaint }
    rest?.add(file.request.path)
    record(item, nil)
  }

  /// The file's last scenario is over.
  private mutating func endSnapshots() {
    guard var keeper = snapshots else { return }
    do throws(SourceReader.Failure) {
      let ending = try keeper.end()
      snapshots = keeper
      guard let ending else { return }
      if !ending.text.isEmpty { complain(ending.text) }
      guard !ending.gone.isEmpty else { return }
      let item = CaseReport(
        snapshots: ending.path, of: current.path, gone: ending.gone, number: current.lastNumber)
      say(item.account)
      rest?.add(current.path)
      record(item, nil)
    } catch {
      snapshots = keeper
      lose(["graft: can't write \(escapingControls("\(error.path): \(error.reason)"))\n"])
    }
  }

  /// Snapshots whose scenario file is not there. They may be all that is left of it, and nobody but
  /// people takes them away.
  private mutating func note(orphan path: String) {
    let item = CaseReport(orphan: path, suffix: SnapshotKeeper.suffix, number: current.lastNumber)
    guard batch.options.snapshots == .check else {
      return complain("graft: \(escapingControls(item.reason ?? path))\n")
    }
    say(item.account)
    record(item, nil)
  }

  // MARK: A scenario

  private mutating func take(_ result: CaseResult, _ crew: Crew) {
    guard var item = result.report, summary.stop != .failures else {
      leaveOut(result.id.path, 1)
      rest?.add("\(result.id)")
      return
    }
    if result.wasGivenUp {
      // Who works may see before us that the time is over.
      if summary.stop == nil { end(crew, Interruption.isRequested ? .interrupted : .time) }
      item.reason = summary.stop?.wordsOfOneUnderWay
    }
    if let refusal = result.refusal {
      item.reason = "its search can't go on from that checkpoint"
      complain(refusal)
      statuses.insert(.usage)
    }
    casesRun += 1
    for diagnostic in result.diagnostics where told.insert(diagnostic).inserted {
      complain(diagnostic)
    }
    compare(&item, result.snapshot)
    tell(item, result)
    progress.add(result)
    record(item, result.run)
    if item.verdict.isGood { rest?.passed(item.id) } else { rest?.add("\(item.id)") }
    note(seconds: result.seconds, item)
    if let difference = result.difference {
      complain(
        "graft: internal error: \(escapingControls("\(item.id)")): \(difference)\n"
          + "   = replay: \(runner.command(for: item.id, ["--repeat", "2"]))\n")
      statuses.insert(.fault)
    }
    if let greatest = batch.options.maxFailures ?? batch.environmentMaxFailures,
      summary.bad >= greatest, summary.stop == nil
    {
      end(crew, .failures)
    }
  }

  /// Holds a scenario against its snapshot.
  private mutating func compare(_ item: inout CaseReport, _ snapshot: Snapshot?) {
    guard let snapshot, let (path, words) = snapshots?.add(item.id, snapshot) else { return }
    if snapshots?.purpose == .check {
      return item.note(words, against: path, command: runner.command(for: item.id, ["--update"]))
    }
    // What is written anew is reviewed in words.
    var review = item
    review.note(words, against: path, command: "")
    var lines = ["\(review.id) is another than before:"] + review.differences.prefix(12)
    if words.count > 12 { lines.append("… and \(words.count - 12) more differences") }
    complain(
      lines.enumerated().map { ($0.offset == 0 ? "" : "  ") + escapingControls($0.element) + "\n" }
        .joined())
  }

  private mutating func tell(_ item: CaseReport, _ result: CaseResult) {
    if result.wasGivenUp {
      say(TextReport.line(item, paint: Paint(isColoured: runner.isColoured)))
    } else if item.verdict == .differs {
      // Its own line would say that it passes.
      if result.text.contains("\n\n") { say(result.text) }
      say(item.account)
    } else if item.verdict != .rejected, !result.text.isEmpty {
      say(result.text)
      if !item.differences.isEmpty {
        say(item.differences.prefix(12).map { "  \(escapingControls($0))\n" }.joined())
      }
    }
  }

  /// The case stands in every report, in the counts and in the status.
  private mutating func record(_ item: CaseReport, _ run: CaseRun?) {
    lose(files.add(item, run))
    summary.add(item)
    statuses.insert(item.verdict.exitStatus)
    guard !item.verdict.isGood else { return }
    badCount += 1
    if badLines.count < Self.greatestBadLines {
      badLines.append(TextReport.head(item, paint: Paint(isColoured: runner.isColoured)))
    }
  }

  private static let greatestBadLines = 50

  /// Something that was to be written could not be.
  private mutating func lose(_ complaints: [String]) {
    guard !complaints.isEmpty else { return }
    hasLostSomething = true
    for complaint in complaints { complain(complaint) }
  }

  private mutating func note(seconds: Double, _ item: CaseReport) {
    let count = batch.options.slowest
    guard count > 0, slowest.count < count || seconds > slowest[slowest.count - 1].seconds else {
      return
    }
    let place = slowest.firstIndex { $0.seconds < seconds } ?? slowest.count
    slowest.insert((seconds, item.steps, "\(item.id)"), at: place)
    if slowest.count > count { slowest.removeLast() }
  }

  // MARK: The end

  /// Publishes the reports and says the last lines. Gives the exit status.
  mutating func conclude(words: [String]) -> Int32 {
    if summary.stop == .time { statuses.insert(.inconclusive) }
    if summary.selected == 0, statuses.isEmpty, summary.stop == nil {
      Terminal.printError("graft: \(emptyHanded(words))\n")
      statuses.insert(.nothingSelected)
    }
    lose(files.end(summary))
    if batch.options.isQuiet || runner.hidesPasses || summary.total > 1 || summary.stop != nil {
      if !statuses.contains(.nothingSelected) || summary.total > 0 {
        say(badNames + summary.text + "\n")
      }
    }
    for one in slowest {
      let steps = one.steps > 0 ? ", \(one.steps) steps" : ""
      Terminal.printError(
        "\(ProgressLine.shown(one.seconds))\(steps)  \(escapingControls(one.id))\n")
    }
    if Interruption.isRequested { return Interruption.exitStatus }
    let status = ExitStatus.byWeight.first { statuses.contains($0) && $0 != .passed }
    // A verdict says more than that it could not be written down.
    return (status ?? (hasLostSomething ? .usage : .passed)).rawValue
  }

  /// What did not pass, once more: in a long log it stands far above.
  private var badNames: String {
    guard badCount > 0, summary.total > 1 else { return "" }
    let others = badCount - badLines.count
    return "\n" + badLines.map { "  \($0)\n" }.joined()
      + (others > 0 ? "  … and \(others) more\n" : "") + "\n"
  }

  private var isFiltered: Bool {
    !batch.options.selection.filter.isEmpty
  }

  private func emptyHanded(_ words: [String]) -> String {
    let shown = words.prefix(3).map(escapingControls).joined(separator: ", ")
    let more = words.count > 3 ? " and \(words.count - 3) more files" : ""
    return "no scenario in \(shown)\(more)" + (isFiltered ? " is what was asked for" : "")
  }

  /// What is left to do, for `--rerun last`.
  func noteRest() { rest?.write() }

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
    case .differs: .differs
    }
  }
}
