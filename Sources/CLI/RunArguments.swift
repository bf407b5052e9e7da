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
  var brokenRules: [KGraftMutation] { brokenRuleTexts.compactMap(KGraftMutation.init) }
  var claims: [StandingClaim] { claimTexts.compactMap(StandingClaim.init) }
  var preset: Preset { presetText.flatMap(Preset.init) ?? .ci }
  var errorFormat: DiagnosticRenderer.Form {
    errorFormatText.flatMap { .init(rawValue: $0) } ?? .long
  }
  var color: ColourChoice { colorText.flatMap(ColourChoice.init) ?? .auto }
  var strategy: Strategy { strategyText.flatMap(Strategy.init) ?? .breadth }
  var maxSeconds: Double? { maxTimeText.flatMap(Self.seconds) }
  var maxSearchSeconds: Double? { maxSearchTimeText.flatMap(Self.seconds) }
  var maxMemory: Int? { maxMemoryText.flatMap(Self.bytes) }
  var timeLimit: (seconds: Double, words: String)? {
    guard let timeoutText, let seconds = Self.seconds(timeoutText) else { return nil }
    return (seconds, timeoutText)
  }
  var repetitions: Int { repeatCount ?? 1 }
  var slowest: Int { slowestCount ?? 0 }
  var snapshots: SnapshotKeeper.Purpose? { check ? .check : update ? .update : nil }

  /// The budgets and the claims that were set, as words of a command line.
  var budgetWords: [String] {
    (preset == .ci ? [] : ["--preset", preset.rawValue])
      + (states.map { ["--states", "\($0)"] } ?? [])
      + (maxDepth.map { ["--max-depth", "\($0)"] } ?? [])
      + (maxMemoryText.map { ["--max-memory", $0] } ?? [])
      + claimTexts.flatMap { ["--never", $0] }
  }

  /// How a search that keeps time is asked for; nil: time is arbitrary.
  var timedMode: TimedMode? { timed ? TimedMode(grain: grainText.flatMap(Self.nanoseconds)) : nil }

  /// The same as words of a command line.
  var searchWords: [String] {
    timed ? ["--timed"] + (grainText.map { ["--grain", $0] } ?? []) : []
  }

  /// The rules that were taken out, and the budgets.
  var optionWords: [String] {
    var rules: [String] = []
    for rule in brokenRules where !rules.contains(rule.rawValue) { rules.append(rule.rawValue) }
    return rules.flatMap { ["--break", $0] } + searchWords + budgetWords
  }

  /// `90s`, `5min`: time of the clock on the wall.
  private static func seconds(_ text: String) -> Double? {
    let digits = text.prefix { $0.isNumber || $0 == "." }
    let units: [Substring: Double] = ["ms": 0.001, "s": 1, "m": 60, "min": 60, "h": 3600]
    guard let number = Double(digits), number > 0, let unit = units[text.dropFirst(digits.count)]
    else { return nil }
    return number * unit
  }

  /// `100ns`, `2us`, `1ms`, `1s`: time of the machine, a whole number of nanoseconds.
  private static func nanoseconds(_ text: String) -> Int64? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let units: [Substring: Int64] = ["ns": 1, "us": 1_000, "ms": 1_000_000, "s": 1_000_000_000]
    guard let number = Int64(digits), number > 0, let unit = units[text.dropFirst(digits.count)]
    else { return nil }
    let (product, overflow) = number.multipliedReportingOverflow(by: unit)
    return overflow ? nil : product
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
    if let grainText {
      if !timed { throw ValidationError("--grain goes with --timed") }
      if Self.nanoseconds(grainText) == nil {
        throw ValidationError(
          "--grain '\(escapingControls(grainText))' is no duration; one looks like 100us or 1ms")
      }
    }
    if timed, strategy.isPicking {
      throw ValidationError(
        "--timed goes with --strategy breadth or depth; a run is picked by --seed")
    }
    if runs != nil, !strategy.isPicking {
      throw ValidationError("--runs goes with --strategy random or pct")
    }
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

/// Which scenarios of the files are wanted, and by which profile of `graft.toml`. The words of the
/// latter are read before all others are (`Configuration.expanded`); here they stand so that they
/// are known and explained.
struct SelectionArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Only scenarios with such tags, as 'manual and not slow'.", valueName: "tags"))
  var tag: [String] = []

  @Option(
    help: ArgumentHelp(
      "Only scenarios whose path::name[row] matches; an extended regular expression.",
      valueName: "regex"))
  var filter: [String] = []

  @Option(
    name: .customLong("partition"),
    help: ArgumentHelp(
      "Only this machine's part: hash:2/4 or count:2/4.", valueName: "part"))
  var partitionText: String?

  @Option(
    name: .customLong("rerun"),
    help: ArgumentHelp(
      "'last': only what failed in this folder and has not passed since, or was not reached; of "
        + "the files that are named, or of all.",
      valueName: "last"),
    completion: .list(["last"]))
  var rerunText: String?

  @Option(help: "The profile of graft.toml to go by.")
  var profile: String?

  @Flag(help: "Go by no graft.toml.")
  var noConfig = false

  /// What `files` in graft.toml says, for where the command line names none.
  @Option(
    name: .customLong(Configuration.filesOption), help: ArgumentHelp("", visibility: .private))
  var configuredFiles: [String] = []

  var partition: Partition? { partitionText.flatMap(Partition.init) }
  var rerunsLast: Bool { rerunText != nil }

  /// What selects scenarios beside files and parts, as words of a command line.
  var optionWords: [String] {
    tag.flatMap { ["--tag", $0] } + filter.flatMap { ["--filter", $0] }
  }

  func validate() throws {
    if let partitionText, partition == nil {
      throw ValidationError(
        "--partition '\(escapingControls(partitionText))' is no part; one looks like hash:2/4")
    }
    if let rerunText, rerunText != "last" {
      throw ValidationError("--rerun takes the word 'last'")
    }
    _ = try scenarioFilter()
  }

  /// The words that name files: those of the command line, or of graft.toml; of these, what the
  /// last batch left to do.
  func words(_ typed: [String]) throws -> [String] {
    let typed = typed.map(Project.word(typed:))
    if rerunsLast { return try LastRun.words(within: typed) }
    let named = typed.isEmpty ? configuredFiles.map(Project.word(tidied:)) : typed
    guard !named.isEmpty else {
      Terminal.printError(
        "graft: name a scenario file, a folder, or '-'; or set `files` in graft.toml\n")
      throw ExitCode(ExitStatus.usage.rawValue)
    }
    return named
  }

  /// With what a build system wants.
  func scenarioFilter(with environment: BatchEnvironment) throws -> ScenarioFilter {
    var filter = try scenarioFilter()
    if let name = environment.filter {
      filter.patterns.append(try Self.pattern(name, "TESTBRIDGE_TEST_ONLY"))
    }
    return filter
  }

  func scenarioFilter() throws -> ScenarioFilter {
    var result = ScenarioFilter()
    for text in tag {
      do throws(TagExpression.Mistake) {
        result.tags.append(try TagExpression(text))
      } catch {
        throw ValidationError("--tag: \(error.text(in: text))")
      }
    }
    for text in filter { result.patterns.append(try Self.pattern(text, "--filter")) }
    return result
  }

  static func pattern(_ text: String, _ option: String) throws -> NamePattern {
    do throws(NamePattern.Mistake) {
      return try NamePattern(text)
    } catch {
      throw ValidationError("\(option) '\(escapingControls(text))': \(error.reason)")
    }
  }
}
