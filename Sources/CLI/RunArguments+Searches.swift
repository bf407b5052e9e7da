import ArgumentParser
import Graft

/// How searches go, beside what bounds them.
extension RunArguments {
  func validateSwarm() throws {
    guard let swarmText else { return }
    guard swarm != nil else {
      throw ValidationError(
        "--swarm '\(escapingControls(swarmText))' is no job of a swarm; one looks like 2/8")
    }
    if strategyText != nil {
      throw ValidationError("--swarm picks each job's strategy; leave --strategy out")
    }
    if check || update {
      throw ValidationError("a job of a swarm goes a way of its own, which no snapshot is of")
    }
  }

  func validateTime() throws {
    if let grainText {
      if !timed { throw ValidationError("--grain goes with --timed") }
      if Self.nanoseconds(grainText) == nil {
        throw ValidationError(
          "--grain '\(escapingControls(grainText))' is no duration; one looks like 100us or 1ms")
      }
    }
    guard timed else { return }
    if strategy.isPicking {
      throw ValidationError(
        "--timed goes with --strategy breadth or depth; a run is picked by --seed")
    }
    if swarmText != nil {
      throw ValidationError("--timed is one search, and jobs of a swarm pick schedules")
    }
  }

  /// How a search that keeps time is asked for; nil: time is arbitrary.
  var timedMode: TimedMode? { timed ? TimedMode(grain: grainText.flatMap(Self.nanoseconds)) : nil }

  /// The same as words of a command line.
  var timedWords: [String] {
    timed ? ["--timed"] + (grainText.map { ["--grain", $0] } ?? []) : []
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

  /// What the answer of a search depends on beside its text and the bounds that end it, as words of
  /// a command line.
  var searchWords: [String] {
    var words = ruleWords
    if noSymmetry { words.append("--no-symmetry") }
    // Where steps are counted none is left out.
    if noPartialOrder || (maxDepth != nil && strategy == .breadth) {
      words.append("--no-partial-order")
    }
    if noDeadVariables { words.append("--no-dead-variables") }
    if strategy != .breadth { words += ["--strategy", strategy.rawValue] }
    // Depth first, what lies beyond is left for good.
    if let maxDepth, strategy == .depth { words += ["--max-depth", "\(maxDepth)"] }
    return words
  }

  private var ruleWords: [String] {
    brokenRules.map(\.rawValue).sorted().flatMap { ["--break", $0] }
      + (preset == .ci ? [] : ["--preset", preset.rawValue])
      + claimTexts.flatMap { ["--never", $0] }
  }
}

/// How far a search came is kept in a file, and gone on from.
struct CheckpointArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Keep how far the search of one scenario is: now and then, on Ctrl-C, and at a bound.",
      valueName: "file"))
  var checkpoint: String?

  @Option(
    name: .customLong("checkpoint-every"),
    help: ArgumentHelp("How often; 60s, where nothing is said.", valueName: "duration"))
  var everyText: String?

  @Option(
    help: ArgumentHelp(
      "Go on from what --checkpoint kept, to the answer that the search would have come to.",
      valueName: "file"))
  var resume: String?

  var isWanted: Bool { checkpoint != nil || resume != nil }

  func validate() throws {
    if let everyText {
      guard RunArguments.seconds(everyText) != nil else {
        throw ValidationError(
          "--checkpoint-every '\(escapingControls(everyText))' is no duration; "
            + "one looks like 60s or 5min")
      }
      guard checkpoint != nil else {
        throw ValidationError("--checkpoint-every goes with --checkpoint")
      }
    }
  }

  func validate(with run: RunArguments) throws {
    guard isWanted else { return }
    if run.strategy.isPicking || run.swarmText != nil {
      throw ValidationError(
        "of schedules that are picked nothing is kept: --checkpoint and --resume go with "
          + "--strategy breadth or depth")
    }
    if run.timed {
      throw ValidationError(
        "of a search that keeps time nothing is kept: --checkpoint and --resume go without --timed")
    }
    if run.watch || run.repeatCount ?? 1 > 1 {
      throw ValidationError("--checkpoint and --resume are for one search")
    }
  }

  func file() throws -> CheckpointFile? {
    guard isWanted else { return nil }
    return try CheckpointFile(
      path: checkpoint.map(Project.path(typed:)),
      everySeconds: everyText.flatMap(RunArguments.seconds),
      resuming: resume.map(Project.path(typed:)))
  }
}
