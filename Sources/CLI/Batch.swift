import ArgumentParser
import Graft

/// One invocation of `run` or `explore`: reads, checks, runs and reports, in source order.
struct Batch {
  var arguments: RunArguments
  var options: RunOptions
  var everySchedule: Bool
  var replay: ReplayToken?

  /// A scenario that was selected, and the unit it belongs to.
  private struct Selected {
    var unit: ScenarioUnit
    var entry: ScenarioEntry
  }

  /// Throws the exit status.
  func run() throws {
    if arguments.limits { return Terminal.print(LimitsTable(Preset.allCases).text) }
    let units = try UnitReader.read(arguments.files)
    var hasErrors = false
    for unit in units {
      show(unit.unit.diagnostics, of: unit.unit)
      hasErrors = hasErrors || unit.unit.hasErrors
    }
    if hasErrors { throw ExitCode(ExitStatus.source.rawValue) }

    let selected = units.flatMap { unit in
      unit.selection.map { Selected(unit: unit.unit, entry: $0) }
    }
    guard !selected.isEmpty else {
      Terminal.printError("graft: no scenario in \(arguments.files.joined(separator: ", "))\n")
      throw ExitCode(ExitStatus.nothingSelected.rawValue)
    }
    // The rows of a matrix need the same things: what is said of one is not said again.
    var told: Set<Diagnostic> = []
    let ready = selected.compactMap { selected in
      prepare(selected, &told).map { (selected, $0) }
    }
    if replay != nil, selected.count != 1 {
      Terminal.printError("graft: --replay needs one scenario; pick it with FILE::NAME\n")
      throw ExitCode(ExitStatus.usage.rawValue)
    }
    let records = try run(ready)
    // The others have run, so that their verdicts are known too.
    if ready.count < selected.count { throw ExitCode(ExitStatus.source.rawValue) }
    try conclude(records)
  }

  /// Nil when the scenario needs what can't be simulated; it has been said why.
  private func prepare(
    _ selected: Selected, _ told: inout Set<Diagnostic>
  ) -> RunnableScenario? {
    let (scenario, diagnostics) = selected.unit.runnable(
      selected.entry, breaking: arguments.brokenRules, everySchedule: everySchedule)
    show(diagnostics.filter { told.insert($0).inserted }, of: selected.unit)
    guard let scenario else { return nil }
    if let replay, replay.textHash != scenario.textHash {
      Terminal.printError(
        "graft: this schedule belongs to another text, or to other rules; "
          + "what it shows may be something else\n")
    }
    return scenario
  }

  private func run(_ ready: [(Selected, RunnableScenario)]) throws -> [RunRecord] {
    let trace = try arguments.trace.map { path in
      try TraceFile(path, sources: ready.flatMap { $0.0.unit.sourcePaths })
    }
    var options = options
    options.limits = arguments.preset.limits
    options.replay = replay?.choices
    options.brokenRules = arguments.brokenRules
    options.wantsEvents = arguments.verbose || (ready.count == 1 && !arguments.quiet)
    if let states = arguments.states { options.bounds.states = states }
    var records: [RunRecord] = []
    for (selected, scenario) in ready {
      TrapHandler.describe(
        command: Failure.command(["run", "\(scenario.id)", "--seed", "\(options.seed)"]))
      let runner = ScenarioRunner(scenario, options)
      var record = runner.run(skipping: selected.entry.skipReason)
      record.outcome = record.outcome.expectingFailure(selected.entry.expectedFailureReason)
      let report = report(for: selected.unit, tellsStories: options.wantsEvents)
      // A property that no schedule came to says nothing, and that is said even when quiet.
      if !arguments.quiet || !record.outcome.isGood || record.isVacuous {
        say(report.text(record))
      }
      try trace?.add(record, of: runner, Trace(scenario, record))
      records.append(record)
    }
    try trace?.publish()
    if let last = ready.last, records.count > 1 || arguments.quiet {
      say(report(for: last.0.unit, tellsStories: false).summary(records))
    }
    return records
  }

  /// The report goes where the trace does not.
  private func say(_ text: String) {
    if arguments.trace == "-" { Terminal.printError(text) } else { Terminal.print(text) }
  }

  private func conclude(_ records: [RunRecord]) throws {
    let statuses = records.map(\.outcome.exitStatus)
    for status in [ExitStatus.broken, .failed, .inconclusive] where statuses.contains(status) {
      throw ExitCode(status.rawValue)
    }
  }

  private func report(for unit: ScenarioUnit, tellsStories: Bool) -> TextReport {
    let isColoured = Terminal.wantsColour(
      arguments.color, isTerminal: Terminal.isOutputTerminal)
    return TextReport(
      sources: unit.sources, paint: Paint(isColoured: isColoured), width: Terminal.width,
      storyWidth: Terminal.isOutputTerminal ? Terminal.width : .max, tellsStories: tellsStories)
  }

  private func show(_ diagnostics: [Diagnostic], of unit: ScenarioUnit) {
    guard !diagnostics.isEmpty else { return }
    let isColoured = Terminal.wantsColour(arguments.color, isTerminal: Terminal.isErrorTerminal)
    let renderer = DiagnosticRenderer(
      sources: unit.sources, form: arguments.errorFormat, usesColour: isColoured,
      width: Terminal.width)
    Terminal.printError(renderer.render(diagnostics))
  }
}

extension RunOutcome {
  var isGood: Bool { exitStatus == .passed }

  var exitStatus: ExitStatus {
    switch self {
    case .passed, .skipped, .failedAsExpected: .passed
    case .failed, .passedUnexpectedly: .failed
    case .broken: .broken
    case .inconclusive: .inconclusive
    }
  }
}
