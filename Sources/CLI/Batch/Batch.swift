import ArgumentParser
import Glibc
import Graft

/// One invocation of `run` or `explore`: selects, runs, reports. Cases come in source order
/// whatever the number of workers, each report folds over them as they come, and nothing is kept
/// of one that is over but what `BatchLedger` counts.
struct Batch {
  private(set) var options: BatchOptions
  /// Files of snapshots that are nobody's.
  private(set) var orphans: [String] = []

  private let environment: BatchEnvironment

  init(_ options: BatchOptions) throws {
    self.options = options
    environment = try BatchEnvironment()
    part = try environment.part(beside: options.selection.partition)
    environment.touchStatusFile()
  }

  /// Throws the exit status.
  func start() throws {
    if options.showsLimits { return Terminal.print(LimitsTable(Preset.allCases).text) }
    var batch = self
    batch.options.files = try options.selection.words(options.files)
    let keepsSnapshots = options.snapshots != nil
    if keepsSnapshots, batch.options.files.contains(where: FileSelection.isStandardInput) {
      Terminal.printError("graft: standard input has no place for snapshots\n")
      throw ExitCode(ExitStatus.usage.rawValue)
    }
    if options.isWatching { try batch.watch() }
    let files = try FileSelection(batch.options.files)
    // Of the parts of a batch one says it.
    if keepsSnapshots, part.map({ $0.shard.number == 1 }) ?? true {
      batch.orphans = files.orphans
    }
    let status = try batch.perform(files.requests).status
    if status != ExitStatus.passed.rawValue { throw ExitCode(status) }
  }

  /// How scenarios are run: what their verdicts depend on beside their text.
  var how: [String] {
    let isSearch = options.everySchedule
    if options.swarm != nil { return [isSearch ? "explore" : "run"] + options.swarmWords }
    let seed = isSearch || options.seed == 0 ? [] : ["--seed", "\(options.seed)"]
    return [isSearch ? "explore" : "run"] + seed + options.optionWords
      + (options.snapshots == .check ? ["--check"] : [])
  }

  /// This machine's part, where it runs only one.
  private let part: Partition?
  var isPart: Bool { part != nil }

  var environmentMaxFailures: Int? { environment.maxFailures }

  /// Runs what was selected of some files. Gives the exit status, and, where it is watched, the
  /// files that each of them is made of.
  func perform(
    _ requests: [FileRequest]
  ) throws -> (status: Int32, sources: [String: [String]]) {
    let partition = part
    if partition != nil, options.swarm != nil {
      Terminal.printError("graft: a job of a swarm is no part of a batch that is run in parts\n")
      throw ExitCode(ExitStatus.usage.rawValue)
    }
    let filter = try options.selection.filter(with: environment)
    var opener = FileOpener(filter: filter)
    opener.isForgiving = options.selection.rerunsLast
    if options.replay != nil { try refuseMany(requests, opener, "--replay") }
    if options.checkpoint != nil { try refuseMany(requests, opener, "--checkpoint") }
    let head = BatchHead(
      version: Version.text, shard: partition?.shard, swarm: options.swarm?.part,
      options: how + options.selection.optionWords)
    let files = try ReportFiles(
      environment.adding(to: options.reports), head: head,
      sources: requests.map(\.path))
    opener.keepsSources = files.drawsTimelines
    let opens = opener
    let progress = ProgressLine(fileCount: requests.count, isWanted: !options.isQuiet)
    var runner = caseRunner(files)
    if progress.isShown { runner.progress = progress }
    let caseRunner = runner
    var work = Crew.Work(
      open: { opens.open($0) },
      run: { file, entry, number, isAlone in
        caseRunner.run(file, entry: entry, number: number, isAlone: isAlone)
      })
    if let partition { work.includes = { id, number in partition.includes(id, number: number) } }
    let crew = Crew(files: requests, threads: options.jobs ?? Self.cpuCount, work: work)
    Interruption.install()
    Interruption.goOn()
    environment.begin()
    defer { environment.end() }
    var ledger = BatchLedger(self, caseRunner, files, progress)
    ledger.follow(crew)
    ledger.noteRest()
    var status = ledger.conclude(words: requests.map(\.shownPath))
    let hasAnswer = status != ExitStatus.inconclusive.rawValue && !Interruption.isRequested
    if options.checkpoint?.conclude(isOver: hasAnswer) == false,
      status == ExitStatus.passed.rawValue
    {
      status = ExitStatus.usage.rawValue
    }
    return (status, ledger.sources)
  }

  static var cpuCount: Int {
    min(max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))), 256)
  }

  /// A schedule belongs to one scenario.
  private func refuseMany(
    _ requests: [FileRequest], _ opener: FileOpener, _ option: String
  ) throws {
    let opened = requests.map(opener.open)
    let count = opened.reduce(0) { $0 + $1.selected.count }
    guard count > 1 else { return }
    Terminal.printError("graft: \(option) needs one scenario; pick it with FILE::NAME\n")
    throw ExitCode(ExitStatus.usage.rawValue)
  }

  private func caseRunner(_ files: ReportFiles) -> CaseRunner {
    let deadline = options.maxSeconds.map { CaseRunner.clock() + $0 } ?? .infinity
    let hasDeadline = options.maxSeconds != nil
    let plan = options.swarm?.plan(seed: options.seed, runs: options.runs)
    var orders = runOptions
    if let plan {
      orders.strategy = plan.strategy
      orders.bounds.depth = orders.bounds.depth ?? plan.depth
      orders.seed = plan.runSeed
    }
    orders.isCancelled = {
      Interruption.isCancelled || (hasDeadline && CaseRunner.clock() > deadline)
    }
    var runner = CaseRunner(options: orders)
    runner.deadline = deadline
    runner.plan = plan
    runner.saysExact = options.saysExact
    runner.checkpoint = options.checkpoint
    runner.searchWords = options.searchWords
    runner.searchSeconds = options.maxSearchSeconds
    runner.timeLimit = options.timeLimit
    runner.optionWords = options.optionWords
    runner.searchThreads = options.jobs ?? Self.cpuCount
    runner.everySchedule = options.everySchedule
    runner.replay = options.replay
    runner.isVerbose = options.isVerbose
    runner.isQuiet = options.isQuiet
    runner.repetitions = options.repetitions
    runner.wantsAccounts = !files.isEmpty
    runner.keepsRuns = files.drawsRuns
    runner.drawsTimelines = files.drawsTimelines
    runner.drawsEverything = options.drawsEverything
    runner.hidesPasses = Terminal.isInCI
    runner.takesSnapshots = options.snapshots != nil
    let isOnTerminal =
      files.takesOutput ? Terminal.isErrorTerminal : Terminal.isOutputTerminal
    runner.tellsCost = isOnTerminal
    runner.isColoured = Terminal.wantsColour(options.color, isTerminal: isOnTerminal)
    runner.isErrorColoured = Terminal.wantsColour(
      options.color, isTerminal: Terminal.isErrorTerminal)
    runner.errorForm = options.errorFormat
    runner.width = Terminal.width
    runner.storyWidth = isOnTerminal ? Terminal.width : .max
    return runner
  }

  /// How each scenario is run.
  private var runOptions: RunOptions {
    var orders = RunOptions()
    orders.seed = options.seed
    orders.limits = options.preset.limits
    orders.brokenRules = options.brokenRules
    orders.claims = options.claims
    (orders.replayWords, orders.timedWords) = (options.budgetWords, options.timedWords)
    orders.bounds = options.bounds
    orders.strategy = options.strategy.value(seed: options.seed, runs: options.runs)
    orders.clearsDeadVariables = options.clearsDeadVariables
    return orders
  }
}
