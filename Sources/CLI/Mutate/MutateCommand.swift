import ArgumentParser
import Glibc
import Graft

/// Asks a suite of scenarios which rules of the patching engine it would miss.
struct MutateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mutate",
    abstract: "Take the patching engine's rules out one by one: which would the scenarios miss?",
    discussion: """
      Every scenario is run as its file says, once with every rule in place and once without each \
      of them. A rule is missed when all of them pass all the same. Then it is looked for how it \
      would show: in some schedule, to a monitor that nobody claims, or in a run that goes another \
      way.

      Exit status: 0 no rule is missed; 1 the command line or a file can't be read; 2 a source has \
      errors; 3 or 4 a scenario does not pass with every rule in place; 4 a rule is missed; 5 no \
      scenario was selected; 130 interrupted.
      """)

  @Argument(
    help: ArgumentHelp(
      "Scenario files, folders or quoted patterns, '-', FILE::NAME, FILE:LINE.",
      valueName: "file"))
  var files: [String] = []

  @Option(
    name: .customLong("rule"),
    help: ArgumentHelp(
      "Only this rule, by the name that --break has for it; may be repeated.", valueName: "rule"),
    completion: .list(KGraftMutation.allCases.map(\.rawValue)))
  var ruleTexts: [String] = []

  @Flag(help: "Name every scenario that notices, not only the first.")
  var all = false

  @Option(name: .shortAndLong, help: "Scenarios that run at once; else as many as there are CPUs.")
  var jobs: Int?

  @Option(help: "The most distinct states a search over every schedule may visit.")
  var states: Int?

  @Option(
    name: .customLong("preset"),
    help: ArgumentHelp("Budgets: ci, repl or untrusted.", valueName: "preset"),
    completion: .list(Preset.allCases.map(\.rawValue)))
  var presetText: String?

  @Option(help: "Write what was found as JSON; '-' is standard output.")
  var reportJson: String?

  @Flag(name: .shortAndLong, help: "Say nothing about rules that are noticed.")
  var quiet = false

  @OptionGroup(title: "Selecting") var selection: SelectionArguments
  @OptionGroup var shown: DiagnosticArguments

  func validate() throws {
    for text in ruleTexts { try RunArguments.check(text, KGraftMutation.self, "--rule") }
    try RunArguments.check(presetText, Preset.self, "--preset")
    try RunArguments.check(jobs, 1...256, "--jobs")
    try RunArguments.check(states, 1...Int.max, "--states")
  }

  private var rules: [KGraftMutation] {
    let named = Set(ruleTexts.compactMap(KGraftMutation.init))
    return KGraftMutation.allCases.filter { named.isEmpty || named.contains($0) }
  }

  private var options: RunOptions {
    var options = RunOptions()
    options.limits = (presetText.flatMap(Preset.init) ?? .ci).limits
    if let states { options.bounds.states = states }
    options.isCancelled = { Interruption.isCancelled }
    return options
  }

  func run() throws {
    let selected = try select()
    Interruption.install()
    let paint = Paint(
      isColoured: Terminal.wantsColour(shown.color, isTerminal: Terminal.isOutputTerminal))
    let width = Terminal.width
    var statuses: Set<ExitStatus> = []
    var suite = MutationSuite(
      selected, options, crew: SearchThreads(count: jobs ?? Batch.cpuCount),
      text: { sources in
        TextReport(
          sources: sources, paint: paint, width: width, storyWidth: width, tellsStories: true)
      },
      leftOut: { entry, outcome in statuses.insert(Self.complain(entry, outcome)) })
    try leaveIfInterrupted()
    if let status = ExitStatus.byWeight.first(where: statuses.contains), status != .inconclusive {
      Terminal.printError(
        "graft: what does not pass can't miss anything: mend it, or leave it out\n")
      throw ExitCode(status.rawValue)
    }
    suite.namesAll = all
    var reports: [RuleReport] = []
    for rule in rules {
      let report = suite.report(without: rule)
      if Interruption.isRequested { break }
      reports.append(report)
      if report.isMissed || !quiet {
        say(MutationReport.text(report, paint: paint))
      }
    }
    let report = MutationReport(reports, scenarioCount: suite.trials.count)
    say(report.summary + "\n")
    try write(report)
    try leaveIfInterrupted()
    if !report.missed.isEmpty { throw ExitCode(ExitStatus.failed.rawValue) }
  }

  private func leaveIfInterrupted() throws {
    guard Interruption.isRequested else { return }
    Terminal.printError("graft: interrupted before the rest\n")
    throw ExitCode(Interruption.exitStatus)
  }

  private func select() throws -> [MutationSuite.Selected] {
    var selected: [MutationSuite.Selected] = []
    try SelectedScenarios.read(files, selection, shown) { unit, entries in
      selected += entries.map { .init(unit: unit, entry: $0) }
    }
    return selected
  }

  /// Says why a scenario is not asked.
  private static func complain(_ entry: ScenarioEntry, _ outcome: RunOutcome?) -> ExitStatus {
    let id = escapingControls("\(entry.id)")
    switch outcome {
    case .inconclusive(let reason):
      Terminal.printError("graft: \(id) is left out: \(reason)\n")
      return .inconclusive
    case .failed(let failure):
      Terminal.printError("graft: \(id): \(escapingControls(failure.diagnostic.message))\n")
      return .failed
    case .broken(let failure):
      Terminal.printError("graft: \(id): \(escapingControls(failure.diagnostic.message))\n")
      return .broken
    case .passedUnexpectedly:
      Terminal.printError("graft: \(id): it passes, although it says `xfail`\n")
      return .failed
    case .cancelled:
      return .passed
    default:
      Terminal.printError("graft: \(id): it can't be run\n")
      return .source
    }
  }

  /// Where the report takes standard output, people read the other.
  private func say(_ text: String) {
    if reportJson == "-" { Terminal.printError(text) } else { Terminal.print(text) }
  }

  private func write(_ report: MutationReport) throws {
    guard let reportJson else { return }
    guard reportJson != "-" else { return Terminal.print(report.json) }
    do throws(SourceReader.Failure) {
      let path = Project.path(typed: reportJson)
      WholeFile.makeFolder(for: path)
      let draft = try WholeFile.Draft(of: path)
      try draft.append(Array(report.json.utf8))
      try draft.publish()
    } catch {
      Terminal.printError(
        "graft: can't write \(escapingControls("\(error.path): \(error.reason)"))\n")
      throw ExitCode(ExitStatus.usage.rawValue)
    }
  }
}
