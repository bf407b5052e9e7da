import Glibc
import Graft

/// What came of one scenario, ready to be told: nothing in it holds on to the program or the events
/// unless a report draws them.
struct CaseResult: Sendable {
  var id: ScenarioID
  /// Nil when it was not begun.
  var report: CaseReport?
  /// It was under way when the batch ended, and has not been judged.
  var wasGivenUp = false
  /// What the terminal shows.
  var text = ""
  /// What lowering had to say, rendered, a piece each: other rows may have the same to say.
  var diagnostics: [String] = []
  var run: CaseRun?
  var snapshot: Snapshot?
  var seconds = 0.0
  /// Where two runs of it were not the same.
  var difference: String?
  /// It could not go on from the checkpoint that it was given, and why.
  var refusal: String?
}

/// Runs one scenario of an opened file. Its work depends on nothing but the text and the options.
struct CaseRunner: Sendable {
  var options = RunOptions()
  var everySchedule = false
  /// Threads for the search of a scenario that is alone.
  var searchThreads = 1
  /// When the batch is to end, by `clock`.
  var deadline = Double.infinity
  /// How long each search may take.
  var searchSeconds: Double?
  /// Told how far each search is.
  var progress: ProgressLine?
  /// Whether a search may say what it took.
  var tellsCost = false
  /// Seconds that each scenario has, and the words for them; it could not go on beyond.
  var timeLimit: (seconds: Double, words: String)?
  /// The words of a command line that say how scenarios are run, beside the seed.
  var optionWords: [String] = []
  var replay: ReplayRequest?
  /// Whether a search says that no fingerprint stands for a world.
  var saysExact = false
  /// How this job of a swarm goes.
  var plan: Swarm.Plan?
  /// Where it is kept how far a search is, and what its answer depends on beside the text.
  var checkpoint: CheckpointFile?
  var searchWords: [String] = []
  /// Whether a scenario tells its story although it passes.
  var isVerbose = false
  var isQuiet = false
  /// Whether one of many that passes is not told of: a CI server's log is for what does not.
  var hidesPasses = false
  /// How often each scenario is run, which must come to the same.
  var repetitions = 1
  /// Whether some report shows an account of failures, or draws runs.
  var wantsAccounts = false
  var keepsRuns = false
  /// Whether some report draws what failed, and whether also what passed.
  var drawsTimelines = false
  var drawsEverything = false
  var takesSnapshots = false
  var isColoured = false
  var isErrorColoured = false
  var errorForm = DiagnosticRenderer.Form.long
  var width = 100
  var storyWidth = Int.max

  /// - Parameters:
  ///   - isAlone: it is the only one of its batch, and tells its story.
  ///   - number: its place among all that were selected.
  func run(
    _ file: OpenedFile, entry number: Int, number place: Int, isAlone: Bool
  ) -> CaseResult? {
    guard let unit = file.unit, let entry = unit.entry(at: number) else { return nil }
    var result = CaseResult(id: entry.id)
    if let isCancelled = options.isCancelled, isCancelled() { return result }
    let (scenario, diagnostics) = unit.runnable(
      entry, breaking: options.brokenRules, everySchedule: everySchedule)
    result.diagnostics = diagnostics.map { render($0, unit) }
    guard let scenario = scenario?.claiming(options.claims) else {
      let position = unit.sources.position(at: entry.range.lower, in: entry.range.file)
      result.report = CaseReport(
        rejected: entry.id, line: position.line, column: position.column, tags: entry.tags,
        diagnostics, unit.sources)
      result.report?.number = place
      result.report?.source = file.source
      return result
    }
    let replay = replay?.token(for: scenario.textHash)
    if let replay, replay.textHash != scenario.textHash {
      result.diagnostics.append(
        "graft: this schedule belongs to another text, or to other rules; "
          + "what it shows may be something else\n")
    }
    var options = options
    options.replay = replay?.choices
    options.replayTimed = replay?.timed
    if scenario.isExhaustive, replay == nil { bound(&options, place, "\(scenario.id)") }
    defer { progress?.searchEnded(place) }
    if isAlone, searchThreads > 1 { options.workforce = SearchThreads(count: searchThreads) }
    options.wantsEvents = isVerbose || (isAlone && !isQuiet) || repetitions > 1 || takesSnapshots
    TrapHandler.describe(command: command(for: scenario.id))
    result.refusal = goOn(&options, with: scenario)
    if result.refusal != nil { return givenUp(entry, unit, file, place, result) }
    let began = Self.clock()
    limit(&options)
    let runner = ScenarioRunner(scenario, options)
    var record = judged(runner, entry)
    result.difference = firstDifference(from: record, runner, entry)
    result.seconds = Self.clock() - began
    result.refusal = refusal(of: record)
    if result.refusal != nil { return givenUp(entry, unit, file, place, result) }
    if case .cancelled = record.outcome {
      guard let timeLimit, self.options.isCancelled?() != true else {
        return givenUp(entry, unit, file, place, result)
      }
      record.outcome = .broken(tooLong(entry, timeLimit.words))
      // To draw it would take as long again.
      record.schedule = nil
    }
    let run = CaseRun(scenario: scenario, record: record, runner: runner)
    tell(run, entry, unit, isAlone: isAlone, &result)
    result.report?.number = place
    result.report?.source = file.source
    if let plan { result.report?.note(plan.order, text: scenario.textHash) }
    if takesSnapshots { result.snapshot = Snapshot(record, sources: unit.sources) }
    if keepsRuns { result.run = run }
    return result
  }

  /// Puts the checkpoint to work, where there is one. Gives why it is another search's.
  private func goOn(_ options: inout RunOptions, with scenario: RunnableScenario) -> String? {
    guard let checkpoint else { return nil }
    return checkpoint.join(
      &options,
      of: Checkpoint.Identity(scenario, version: Version.text, options: searchWords))
  }

  /// Why a search could not go on from its checkpoint.
  private func refusal(of record: RunRecord) -> String? {
    guard case .everySchedule(let report) = record.mode else { return nil }
    return report.result.mistake.flatMap { checkpoint?.refusal($0.reason) }
  }

  /// A scenario has its own time, however long the batch's is.
  private func limit(_ options: inout RunOptions) {
    guard let timeLimit else { return }
    let end = Self.clock() + timeLimit.seconds * Double(repetitions)
    let isOver = options.isCancelled
    options.isCancelled = { Self.clock() > end || isOver?() ?? false }
  }

  /// What ends a search from outside, and who hears of it meanwhile.
  private func bound(_ options: inout RunOptions, _ place: Int, _ title: String) {
    let isCancelled = options.isCancelled
    let (batchEnd, searchEnd) = (deadline, Self.clock() + (searchSeconds ?? .infinity))
    options.isCancelled = { Self.clock() > searchEnd || isCancelled?() ?? false }
    options.boundOfGivingUp = {
      if Interruption.isRequested { return .interrupted }
      return Self.clock() > min(searchEnd, batchEnd) ? .time : nil
    }
    if let progress {
      let states = options.bounds.states
      options.hearsProgress = { progress.searchIs($0, place, title, bound: states) }
    }
  }

  /// What repeats a scenario as it ran, with the budgets and rules that it had.
  func command(for id: ScenarioID, _ others: [String] = []) -> String {
    let how = everySchedule ? ["explore", "\(id)"] : ["run", "\(id)"]
    let seed = everySchedule || options.seed == 0 ? [] : ["--seed", "\(options.seed)"]
    return Failure.command(how + seed + optionWords + others)
  }

  private func givenUp(
    _ entry: ScenarioEntry, _ unit: ScenarioUnit, _ file: OpenedFile, _ place: Int,
    _ result: CaseResult
  ) -> CaseResult {
    var result = result
    result.wasGivenUp = result.refusal == nil
    var report = CaseReport(givenUp: entry, sources: unit.sources)
    report.number = place
    report.source = file.source
    result.report = report
    return result
  }

  private func tooLong(_ entry: ScenarioEntry, _ limit: String) -> Failure {
    Failure(
      diagnostic: .budget(
        entry.range, "the scenario takes more than \(limit) of the clock's time, its --timeout"),
      replay: (everySchedule ? ["explore"] : ["run"]) + ["\(entry.id)"]
        + (everySchedule ? [] : ["--seed", "\(options.seed)"]) + optionWords
        + ["--timeout", limit])
  }

  private func judged(_ runner: ScenarioRunner, _ entry: ScenarioEntry) -> RunRecord {
    var record = runner.run(skipping: entry.skipReason)
    record.outcome = record.outcome.expectingFailure(entry.expectedFailureReason)
    return record
  }

  private func tell(
    _ run: CaseRun, _ entry: ScenarioEntry, _ unit: ScenarioUnit, isAlone: Bool,
    _ result: inout CaseResult
  ) {
    let record = run.record
    var report = CaseReport(record, entry, sources: unit.sources, wantsAccount: wantsAccounts)
    if drawsTimelines, drawsEverything || !report.verdict.isGood {
      report.draw(run)
    }
    // A property that no schedule came to says nothing, and that is said even when quiet.
    if !isQuiet && (isAlone || isVerbose || !hidesPasses) || !report.verdict.isGood
      || record.isVacuous
    {
      var text = TextReport(
        sources: unit.sources, paint: Paint(isColoured: isColoured), width: width,
        storyWidth: storyWidth, tellsStories: isVerbose || (isAlone && !isQuiet))
      text.job = plan?.words
      text.saysExact = saysExact
      if tellsCost, case .everySchedule(let report) = record.mode {
        let memory = Memory.text(bytes: report.result.byteCount)
        text.cost = "\(memory), \(ProgressLine.shown(result.seconds))"
      }
      result.text = text.text(record)
    }
    result.report = report
  }

  /// Runs it again, as often as was asked, and says in what it was another.
  private func firstDifference(
    from record: RunRecord, _ runner: ScenarioRunner, _ entry: ScenarioEntry
  ) -> String? {
    guard repetitions > 1 else { return nil }
    for number in 2...repetitions {
      let again = judged(runner, entry)
      if case .cancelled = again.outcome { return nil }
      // A search that was given up has seen as much as it had time for.
      if let isCancelled = options.isCancelled, isCancelled() { return nil }
      if let step = zip(record.events, again.events).first(where: { $0 != $1 })?.0.step {
        return "run \(number) differs from the first in step \(step)"
      }
      let isSame =
        record.events.count == again.events.count && record.steps == again.steps
        && record.nanoseconds == again.nanoseconds && record.figures == again.figures
        && CaseReport.Verdict(record.outcome) == CaseReport.Verdict(again.outcome)
      if !isSame { return "run \(number) ends otherwise than the first" }
    }
    return nil
  }

  private func render(_ diagnostic: Diagnostic, _ unit: ScenarioUnit) -> String {
    DiagnosticRenderer(
      sources: unit.sources, form: errorForm, usesColour: isErrorColoured, width: width
    ).render(diagnostic)
  }

  /// What is wrong with a file, as the terminal shows it.
  func diagnostics(of unit: ScenarioUnit) -> String {
    DiagnosticRenderer(
      sources: unit.sources, form: errorForm, usesColour: isErrorColoured, width: width
    ).render(unit.diagnostics)
  }

  /// Seconds of a clock that only goes forward: for people, never for a report.
  static func clock() -> Double {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
  }
}
