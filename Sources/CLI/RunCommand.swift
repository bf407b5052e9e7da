import ArgumentParser
import Graft

/// A named set of budgets.
enum Preset: String, CaseIterable {
  case ci, repl, untrusted

  var limits: Limits {
    switch self {
    case .ci: .ci
    case .repl: .repl
    case .untrusted: .untrusted
    }
  }
}

extension ColourChoice: ExpressibleByArgument {}

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run the scenarios of files and folders, and say what came of them.",
    discussion: """
      Exit status: 0 all pass; 1 the command line or a file can't be read; 2 a source has errors; \
      3 a scenario could not go on; 4 an assertion or a property does not hold; 5 no scenario was \
      selected; 6 a search or the batch reached a bound first; 7 a run is another than --check \
      expects; 70 a fault of graft itself; 130 interrupted, 143 by SIGTERM, 129 by SIGHUP.
      """)

  @OptionGroup var arguments: RunArguments
  @OptionGroup(title: "Selecting") var selection: SelectionArguments
  @OptionGroup(title: "Reports") var reports: MergedReportArguments

  @Option(
    name: .customLong("seed"),
    help: ArgumentHelp(
      "Picks the schedule of a run; 0, the default, is the natural order.", valueName: "number"))
  var seedText: String?

  @Option(
    help: ArgumentHelp(
      "Repeat a schedule that graft printed; @FILE takes one that --save wrote, @FILE:passes one "
        + "that passes.",
      valueName: "token"))
  var replay: String?

  func validate() throws {
    try arguments.validate(with: reports, selection)
    let seed = try RunArguments.seed(seedText)
    if replay != nil, seed != 0 {
      throw ValidationError("--replay and --seed exclude each other")
    }
    if let replay, !replay.hasPrefix("@") { _ = try ReplayRequest(replay) }
  }

  func run() throws {
    var options = try arguments.options(selection, reports)
    options.seed = try RunArguments.seed(seedText)
    options.replay = try replay.map { try ReplayRequest($0) }
    try Batch(options).start()
  }
}

extension RunArguments {
  /// The number that `--seed` gives.
  static func seed(_ text: String?) throws -> UInt64 {
    guard let text else { return 0 }
    guard let seed = UInt64(text) else {
      throw ValidationError("--seed needs a number from 0 to \(UInt64.max)")
    }
    return seed
  }
}

struct ExploreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explore",
    abstract: "Search every schedule of scenarios, whether they ask for it or not.")

  @OptionGroup var arguments: RunArguments
  @OptionGroup(title: "Selecting") var selection: SelectionArguments
  @OptionGroup(title: "Reports") var reports: MergedReportArguments

  @OptionGroup(title: "Going on another time") var checkpoints: CheckpointArguments

  @Option(
    name: .customLong("seed"),
    help: ArgumentHelp(
      "Which schedules random and pct pick, and the jobs of a swarm.", valueName: "number"))
  var seedText: String?

  func validate() throws {
    try arguments.validate(with: reports, selection)
    try checkpoints.validate(with: arguments)
    _ = try RunArguments.seed(seedText)
    if seedText != nil, !arguments.strategy.isPicking, arguments.swarmText == nil {
      throw ValidationError("--seed goes with --strategy random or pct")
    }
  }

  func run() throws {
    var options = try arguments.options(selection, reports)
    options.everySchedule = true
    options.seed = try RunArguments.seed(seedText)
    options.checkpoint = try checkpoints.file()
    try Batch(options).start()
  }
}

extension RunArguments {
  func validate(
    with reports: MergedReportArguments, _ selection: SelectionArguments
  ) throws {
    if swarmText != nil, selection.partitionText != nil {
      throw ValidationError("--swarm and --partition exclude each other")
    }
    if watch, selection.rerunText != nil {
      throw ValidationError("--watch and --rerun exclude each other")
    }
    if watch, !reports.wanted(with: self).isEmpty {
      throw ValidationError("--watch runs parts of a batch, of which reports would not be whole")
    }
    if watch, files.contains(where: FileSelection.isStandardInput) {
      throw ValidationError("standard input can't be watched")
    }
  }
}
