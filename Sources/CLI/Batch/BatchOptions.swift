import Graft

/// What a command line asks of a batch, as values.
///
/// `RunArguments` reads them from options. A line without any is these as they stand here, and is
/// not taken through ArgumentParser at all: to make the types of every option takes two thirds of
/// the start of a process.
struct BatchOptions {
  /// Words that name files, as they were typed.
  var files: [String] = []
  var selection = ScenarioSelection()
  var reports: [ReportFiles.Wanted] = []

  /// Threads; nil: one for each CPU.
  var jobs: Int?
  var maxFailures: Int?
  /// Of the whole batch, by the clock on the wall.
  var maxSeconds: Double?
  /// Of a scenario, and as it was typed.
  var timeLimit: (seconds: Double, words: String)?
  /// How often each scenario runs.
  var repetitions = 1
  /// How many of the slowest are named.
  var slowest = 0
  var snapshots: SnapshotKeeper.Purpose?
  var isWatching = false
  var showsLimits = false

  var seed: UInt64 = 0
  var replay: ReplayRequest?
  var everySchedule = false
  var bounds = SearchBounds()
  var maxSearchSeconds: Double?
  var strategy = Strategy.breadth
  /// Schedules that a strategy picks, if it picks any.
  var runs: Int?
  var clearsDeadVariables = true
  /// Whether worlds are said to be told apart by all of their words, as they always are.
  var saysExact = false
  var swarm: Swarm?
  /// Where it is kept how far the one search comes.
  var checkpoint: CheckpointFile?
  /// What the answer of a search depends on beside its text and the bounds that end it, as words of
  /// a command line.
  var searchWords: [String] = []
  /// How a search keeps time, as words of a command line; none: time is arbitrary.
  var timedWords: [String] = []

  var brokenRules: [KGraftMutation] = []
  var claims: [StandingClaim] = []
  var preset = Preset.ci

  var errorFormat = DiagnosticRenderer.Form.long
  var isVerbose = false
  var isQuiet = false
  var color = ColourChoice.auto
  /// Whether scenarios that pass are drawn as well.
  var drawsEverything = false

  /// The budgets and the claims that were set, as words of a command line.
  var budgetWords: [String] = []

  /// Of a swarm's jobs what they have in common.
  var swarmWords: [String] {
    searchWords + (runs.map { ["--runs", "\($0)"] } ?? [])
      + (seed == 0 ? [] : ["--seed", "\(seed)"]) + budgetWords
  }

  /// The rules that were taken out, and the budgets.
  var optionWords: [String] {
    var rules: [String] = []
    for rule in brokenRules where !rules.contains(rule.rawValue) { rules.append(rule.rawValue) }
    return rules.flatMap { ["--break", $0] } + timedWords + budgetWords
  }
}

extension BatchOptions {
  /// Of a command line that names files and nothing else; nil where there is more to it.
  init?(naming words: [String]) {
    guard let command = words.first, command == "run" || command == "explore", words.count > 1,
      !words.contains(where: { $0.isEmpty || $0.hasPrefix("-") })
    else { return nil }
    files = Array(words.dropFirst())
    everySchedule = command == "explore"
  }
}
