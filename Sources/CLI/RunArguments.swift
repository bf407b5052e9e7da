import ArgumentParser
import Graft

/// What `run` and `explore` have in common.
///
/// Every option is a `String`, a number, or a list of either, whatever it means: each further type
/// costs a tenth of a millisecond at every start, for what it conforms to is looked up in all of
/// the program. `validate` says what a word may be, the properties below what it is.
struct RunArguments: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "Scenario files, folders or quoted patterns, '-' for standard input; FILE::NAME picks a "
        + "scenario, FILE::NAME[ROW] a row of it, FILE:LINE the one that stands there.",
      valueName: "file"))
  var files: [String] = []

  @Option(
    name: .shortAndLong,
    help: "Scenarios that run at once, or threads of a search that is alone; else all CPUs.")
  var jobs: Int?

  @Option(help: "End after so many scenarios have failed.")
  var maxFailures: Int?

  @Option(
    name: .customLong("max-time"),
    help: ArgumentHelp("End after so long, as 90s or 5min.", valueName: "duration"))
  var maxTimeText: String?

  @Option(
    name: .customLong("timeout"),
    help: ArgumentHelp(
      "What takes longer, each scenario by itself, could not go on; as 10s.",
      valueName: "duration"))
  var timeoutText: String?

  @Option(
    name: .customLong("repeat"),
    help: ArgumentHelp("Run each scenario so often; it must come to the same.", valueName: "count"))
  var repeatCount: Int?

  @Option(
    name: .customLong("slowest"),
    help: ArgumentHelp("Name the scenarios that took longest.", valueName: "count"))
  var slowestCount: Int?

  @Flag(help: "When a file changes, run it again, and what uses it.")
  var watch = false

  @Flag(help: "Compare what happens with FILE.expected, and say in words what is another.")
  var check = false

  @Flag(help: "Write what happens to FILE.expected.")
  var update = false

  @Option(help: "The most distinct states a search over every schedule may visit.")
  var states: Int?

  @Option(
    name: .customLong("max-memory"),
    help: ArgumentHelp(
      "The most memory a search may keep its states in, as 512M or 8G.", valueName: "size"))
  var maxMemoryText: String?

  @Option(
    help: ArgumentHelp("A search looks at no schedule of more steps.", valueName: "steps"))
  var maxDepth: Int?

  @Option(
    name: .customLong("max-search-time"),
    help: ArgumentHelp(
      "Each search ends after so long and says what it knows so far.", valueName: "duration"))
  var maxSearchTimeText: String?

  @Option(
    name: .customLong("strategy"),
    help: ArgumentHelp(
      "How a search goes through schedules: breadth, depth, or walks that are picked: random, pct.",
      valueName: "name"),
    completion: .list(Strategy.allCases.map(\.rawValue)))
  var strategyText: String?

  @Option(help: ArgumentHelp("Schedules that random and pct pick, by --seed.", valueName: "count"))
  var runs: Int?

  @Option(
    name: .customLong("swarm"),
    help: ArgumentHelp(
      "Search as one of several independent jobs, as 2/8: each goes another way, and 'graft merge' "
        + "joins their JSON reports.",
      valueName: "job"))
  var swarmText: String?

  @Flag(
    help: ArgumentHelp(
      "Tell worlds apart by all of their words, and say so. It is always done: no fingerprint "
        + "stands for a world, so that no collision can hide one."))
  var exact = false

  @Flag(
    help: "Searches keep time: durations are exact, and claims of time are judged.")
  var timed = false

  @Option(
    name: .customLong("grain"),
    help: ArgumentHelp(
      "With --timed: of a range of time try each multiple of this as well, as 100us.",
      valueName: "duration"))
  var grainText: String?

  @Flag(help: "Search schedules that differ only in which of several like tasks is which.")
  var noSymmetry = false

  @Flag(help: "Search every order of steps that are nobody's affair but their task's.")
  var noPartialOrder = false

  @Flag(help: "Tell worlds apart by values that nobody will look at any more.")
  var noDeadVariables = false

  @Option(
    name: .customLong("break"),
    help: ArgumentHelp(
      "Take a rule of the patching engine out, to see what it is there for: "
        + KGraftMutation.allCases.map(\.rawValue).joined(separator: ", ") + ".",
      valueName: "rule"),
    completion: .list(KGraftMutation.allCases.map(\.rawValue)))
  var brokenRuleTexts: [String] = []

  @Option(
    name: .customLong("never"),
    help: ArgumentHelp(
      "Claim of every scenario that this monitor sees nothing, unless its text speaks of it: "
        + StandingClaim.allCases.map(\.rawValue).joined(separator: ", ") + ".",
      valueName: "monitor"),
    completion: .list(StandingClaim.allCases.map(\.rawValue)))
  var claimTexts: [String] = []

  @Option(
    name: .customLong("preset"),
    help: ArgumentHelp(
      "Budgets for computing, tasks, time, memory and output: ci, repl or untrusted.",
      valueName: "preset"),
    completion: .list(Preset.allCases.map(\.rawValue)))
  var presetText: String?

  @Flag(help: "Show what the budgets allow, and run nothing.")
  var limits = false

  @Option(
    name: .customLong("error-format"),
    help: ArgumentHelp(
      "How mistakes in the source are shown: long, short or json.", valueName: "form"),
    completion: .list(DiagnosticRenderer.Form.allCases.map(\.rawValue)))
  var errorFormatText: String?

  @Flag(name: .shortAndLong, help: "Tell the story of every scenario, not only of one alone.")
  var verbose = false

  @Flag(name: .shortAndLong, help: "Say nothing about scenarios that pass.")
  var quiet = false

  @Option(
    name: .customLong("color"),
    help: ArgumentHelp("Colours: auto, always or never.", valueName: "when"),
    completion: .list(ColourChoice.allCases.map(\.rawValue)))
  var colorText: String?

  @Flag(
    help: "Draw the timeline of every scenario in --report-html, not only of those that fail.")
  var timelines = false

  @Option(
    help: ArgumentHelp(
      "Write a trace for Perfetto or chrome://tracing, in machine time.", valueName: "file"))
  var reportTrace: String?

  @Option(
    help: ArgumentHelp(
      "Write every event as a line of JSON; '-' is standard output, and the report for people then "
        + "goes to standard error.",
      valueName: "file"))
  var trace: String?

  @Option(
    help: ArgumentHelp(
      "Write the schedules that are shown, failing and passing, for --replay @FILE.",
      valueName: "file"))
  var save: String?
}

/// What the words mean, once `validate` has let them pass.
extension RunArguments {
  var strategy: Strategy { strategyText.flatMap(Strategy.init) ?? .breadth }
  var swarm: Swarm? { swarmText.flatMap(Swarm.init) }
  var brokenRules: [KGraftMutation] { brokenRuleTexts.compactMap(KGraftMutation.init) }
  private var maxSearchSeconds: Double? { maxSearchTimeText.flatMap(Self.seconds) }
  private var maxMemory: Int? { maxMemoryText.flatMap(Self.bytes) }
  var preset: Preset { presetText.flatMap(Preset.init) ?? .ci }

  func options(
    _ selection: SelectionArguments, _ reports: MergedReportArguments
  ) throws -> BatchOptions {
    var options = BatchOptions()
    options.files = files
    options.selection = try selection.selection()
    options.reports = reports.wanted(with: self)
    (options.jobs, options.maxFailures) = (jobs, maxFailures)
    options.maxSeconds = maxTimeText.flatMap(Self.seconds)
    options.timeLimit = timeoutText.flatMap { text in Self.seconds(text).map { ($0, text) } }
    options.repetitions = repeatCount ?? 1
    options.slowest = slowestCount ?? 0
    options.snapshots = check ? .check : update ? .update : nil
    options.bounds = searchBounds
    options.strategy = strategy
    options.runs = runs
    (options.swarm, options.saysExact) = (swarm, exact)
    (options.searchWords, options.timedWords) = (searchWords, timedWords)
    options.clearsDeadVariables = !noDeadVariables
    options.maxSearchSeconds = maxSearchSeconds
    options.brokenRules = brokenRules
    options.claims = claimTexts.compactMap(StandingClaim.init)
    options.preset = preset
    options.errorFormat = errorFormatText.flatMap { .init(rawValue: $0) } ?? .long
    options.color = colorText.flatMap(ColourChoice.init) ?? .auto
    (options.isWatching, options.showsLimits) = (watch, limits)
    (options.isVerbose, options.isQuiet) = (verbose, quiet)
    options.drawsEverything = timelines
    options.budgetWords = budgetWords
    return options
  }

  private var searchBounds: SearchBounds {
    var bounds = SearchBounds()
    if let states { bounds.states = states }
    bounds.memoryBytes = maxMemory
    bounds.depth = maxDepth
    bounds.usesSymmetry = !noSymmetry
    bounds.usesPartialOrder = !noPartialOrder
    bounds.timed = timedMode
    return bounds
  }

  /// The budgets and the claims that were set, as words of a command line.
  var budgetWords: [String] {
    (preset == .ci ? [] : ["--preset", preset.rawValue])
      + (states.map { ["--states", "\($0)"] } ?? [])
      + (maxDepth.map { ["--max-depth", "\($0)"] } ?? [])
      + (maxMemoryText.map { ["--max-memory", $0] } ?? [])
      + claimTexts.flatMap { ["--never", $0] }
  }

  /// `90s`, `5min`: time of the clock on the wall.
  static func seconds(_ text: String) -> Double? {
    let digits = text.prefix { $0.isNumber || $0 == "." }
    let units: [Substring: Double] = ["ms": 0.001, "s": 1, "m": 60, "min": 60, "h": 3600]
    guard let number = Double(digits), number > 0, let unit = units[text.dropFirst(digits.count)]
    else { return nil }
    return number * unit
  }

  /// `512M`, `8G`, `1.5GiB`: powers of 1024, as a computer's memory is counted.
  private static func bytes(_ text: String) -> Int? {
    let digits = text.prefix { $0.isNumber || $0 == "." }
    var unit = text.dropFirst(digits.count)
    if unit.hasSuffix("iB") { unit = unit.dropLast(2) }
    let powers: [Substring: Double] = ["K": 10, "M": 20, "G": 30, "T": 40]
    guard let number = Double(digits), number > 0, let power = powers[unit] else { return nil }
    var bytes = number
    for _ in 0..<Int(power) { bytes *= 2 }
    return bytes >= 1 && bytes < 1e18 ? Int(bytes) : nil
  }

  func validate() throws {
    for rule in brokenRuleTexts { try Self.check(rule, KGraftMutation.self, "--break") }
    for claim in claimTexts { try Self.check(claim, StandingClaim.self, "--never") }
    try Self.check(presetText, Preset.self, "--preset")
    try Self.check(errorFormatText, DiagnosticRenderer.Form.self, "--error-format")
    try Self.check(strategyText, Strategy.self, "--strategy")
    try validateTime()
    if runs != nil, !strategy.isPicking, swarmText == nil {
      throw ValidationError("--runs goes with --strategy random or pct")
    }
    try validateSwarm()
    try Self.check(runs, 1...Int.max, "--runs")
    try Self.check(colorText, ColourChoice.self, "--color")
    for (option, text) in [("--max-time", maxTimeText), ("--timeout", timeoutText)] {
      if let text, Self.seconds(text) == nil {
        throw ValidationError(
          "\(option) '\(escapingControls(text))' is no duration; one looks like 90s or 5min")
      }
    }
    try Self.check(jobs, 1...256, "--jobs")
    try Self.check(maxFailures, 1...Int.max, "--max-failures")
    try Self.check(repeatCount, 1...1_000_000, "--repeat")
    try Self.check(slowestCount, 0...1_000, "--slowest")
    if let maxSearchTimeText, maxSearchSeconds == nil {
      throw ValidationError(
        "--max-search-time '\(escapingControls(maxSearchTimeText))' is no duration; "
          + "one looks like 90s or 5min")
    }
    if let maxMemoryText, maxMemory == nil {
      throw ValidationError(
        "--max-memory '\(escapingControls(maxMemoryText))' is no size; one looks like 512M or 8G")
    }
    try Self.check(states, 1...Int.max, "--states")
    try Self.check(maxDepth, 1...Int.max, "--max-depth")
    for (one, other) in [("verbose", "quiet"), ("check", "update")]
    where isSet(one) && isSet(other) {
      throw ValidationError("--\(one) and --\(other) exclude each other")
    }
  }

  private func isSet(_ flag: String) -> Bool {
    switch flag {
    case "verbose": verbose
    case "quiet": quiet
    case "check": check
    default: update
    }
  }

  static func check<Choice>(
    _ text: String?, _ choices: Choice.Type, _ option: String
  ) throws where Choice: CaseIterable & RawRepresentable<String> {
    guard let text, Choice(rawValue: text) == nil else { return }
    let names = Choice.allCases.map(\.rawValue)
    let hint =
      nearest(to: text, among: names).map { "did you mean '\($0)'?" }
      ?? "it is one of \(names.joined(separator: ", "))"
    throw ValidationError("\(option) '\(escapingControls(text))' is not known; \(hint)")
  }

  static func check(_ number: Int?, _ range: ClosedRange<Int>, _ option: String) throws {
    guard let number, !range.contains(number) else { return }
    let end = range.upperBound == .max ? "on" : "to \(range.upperBound)"
    throw ValidationError("\(option) needs a number from \(range.lowerBound) \(end)")
  }
}
