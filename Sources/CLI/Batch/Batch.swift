import ArgumentParser
import Glibc
import Graft

/// One invocation of `run` or `explore`: selects, runs, reports. Cases come in source order
/// whatever the number of workers, each report folds over them as they come, and nothing is kept
/// of one that is over but what `BatchLedger` counts.
struct Batch {
  var run: RunArguments
  var selection: SelectionArguments
  var reports: MergedReportArguments
  var options = RunOptions()
  var everySchedule = false
  var replay: ReplayRequest?
  /// Files of snapshots that are nobody's.
  private(set) var orphans: [String] = []

  private let environment: BatchEnvironment

  init(
    run: RunArguments, selection: SelectionArguments, reports: MergedReportArguments
  ) throws {
    self.run = run
    self.selection = selection
    self.reports = reports
    environment = try BatchEnvironment()
    environment.touchStatusFile()
  }

  /// Throws the exit status.
  func start() throws {
    if run.limits { return Terminal.print(LimitsTable(Preset.allCases).text) }
    var batch = self
    batch.run.files = try selection.words(run.files)
    if run.snapshots != nil, batch.run.files.contains(where: FileSelection.isStandardInput) {
      Terminal.printError("graft: standard input has no place for snapshots\n")
      throw ExitCode(ExitStatus.usage.rawValue)
    }
    if run.watch { try batch.watch() }
    let files = try FileSelection(batch.run.files)
    // Of the parts of a batch one says it.
    if run.snapshots != nil, part.map({ $0.shard.number == 1 }) ?? true {
      batch.orphans = files.orphans
    }
    let status = try batch.perform(files.requests).status
    if status != ExitStatus.passed.rawValue { throw ExitCode(status) }
  }

  /// How scenarios are run: what their verdicts depend on beside their text.
  var how: [String] {
    let seed = everySchedule || options.seed == 0 ? [] : ["--seed", "\(options.seed)"]
    return [everySchedule ? "explore" : "run"] + seed + run.optionWords
      + (run.check ? ["--check"] : [])
  }

  /// This machine's part, where it runs only one.
  private var part: Partition? { selection.partition ?? environment.partition }
  var isPart: Bool { part != nil }

  var environmentMaxFailures: Int? { environment.maxFailures }

  /// Runs what was selected of some files. Gives the exit status, and, where it is watched, the
  /// files that each of them is made of.
  func perform(
    _ requests: [FileRequest]
  ) throws -> (status: Int32, sources: [String: [String]]) {
    let partition = part
    let filter = try selection.scenarioFilter(with: environment)
    var opener = FileOpener(filter: filter)
    opener.isForgiving = selection.rerunsLast
    if replay != nil { try refuseMany(requests, opener) }
    let head = BatchHead(
      version: Version.text, shard: partition?.shard, options: how + selection.optionWords)
    let files = try ReportFiles(
      reports.wanted(with: run, junit: environment.junitPath), head: head,
      sources: requests.map(\.path))
    opener.keepsSources = files.drawsTimelines
    let opens = opener
    let progress = ProgressLine(fileCount: requests.count, isWanted: !run.quiet)
    var runner = caseRunner(files)
    if progress.isShown { runner.progress = progress }
    let caseRunner = runner
    var work = Crew.Work(
      open: { opens.open($0) },
      run: { file, entry, number, isAlone in
        caseRunner.run(file, entry: entry, number: number, isAlone: isAlone)
      })
    if let partition { work.includes = { id, number in partition.includes(id, number: number) } }
    let crew = Crew(files: requests, threads: run.jobs ?? Self.cpuCount, work: work)
    Interruption.install()
    Interruption.goOn()
    environment.begin()
    defer { environment.end() }
    var ledger = BatchLedger(self, caseRunner, files, progress)
    ledger.follow(crew)
    ledger.noteRest()
    return (ledger.conclude(words: requests.map(\.shownPath)), ledger.sources)
  }

  static var cpuCount: Int {
    min(max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))), 256)
  }

  /// A schedule belongs to one scenario.
  private func refuseMany(_ requests: [FileRequest], _ opener: FileOpener) throws {
    let opened = requests.map(opener.open)
    let count = opened.reduce(0) { $0 + $1.selected.count }
    guard count > 1 else { return }
    Terminal.printError("graft: --replay needs one scenario; pick it with FILE::NAME\n")
    throw ExitCode(ExitStatus.usage.rawValue)
  }

  private func caseRunner(_ files: ReportFiles) -> CaseRunner {
    var options = options
    options.limits = run.preset.limits
    options.brokenRules = run.brokenRules
    options.claims = run.claims
    options.replayWords = run.budgetWords
    options.searchWords = run.searchWords
    options.bounds.timed = run.timedMode
    if let states = run.states { options.bounds.states = states }
    options.bounds.memoryBytes = run.maxMemory
    options.bounds.depth = run.maxDepth
    options.strategy = run.strategy.value(seed: options.seed, runs: run.runs)
    options.bounds.usesSymmetry = !run.noSymmetry
    options.bounds.usesPartialOrder = !run.noPartialOrder
    options.clearsDeadVariables = !run.noDeadVariables
    let deadline = run.maxSeconds.map { CaseRunner.clock() + $0 } ?? .infinity
    let hasDeadline = run.maxSeconds != nil
    options.isCancelled = {
      Interruption.isCancelled || (hasDeadline && CaseRunner.clock() > deadline)
    }
    var runner = CaseRunner(options: options)
    runner.deadline = deadline
    runner.searchSeconds = run.maxSearchSeconds
    runner.timeLimit = run.timeLimit
    runner.optionWords = run.optionWords
    runner.searchThreads = run.jobs ?? Self.cpuCount
    runner.everySchedule = everySchedule
    runner.replay = replay
    runner.isVerbose = run.verbose
    runner.isQuiet = run.quiet
    runner.repetitions = run.repetitions
    runner.wantsAccounts = !files.isEmpty
    runner.keepsRuns = files.drawsRuns
    runner.drawsTimelines = files.drawsTimelines
    runner.drawsEverything = run.timelines
    runner.hidesPasses = Terminal.isInCI
    runner.takesSnapshots = run.snapshots != nil
    let isOnTerminal =
      files.takesOutput ? Terminal.isErrorTerminal : Terminal.isOutputTerminal
    runner.tellsCost = isOnTerminal
    runner.isColoured = Terminal.wantsColour(run.color, isTerminal: isOnTerminal)
    runner.isErrorColoured = Terminal.wantsColour(
      run.color, isTerminal: Terminal.isErrorTerminal)
    runner.errorForm = run.errorFormat
    runner.width = Terminal.width
    runner.storyWidth = isOnTerminal ? Terminal.width : .max
    return runner
  }
}
