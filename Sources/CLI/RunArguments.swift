import ArgumentParser
import Graft

/// What `run` and `explore` have in common.
struct RunArguments: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "Scenario files, folders or quoted patterns, '-' for standard input; FILE::NAME picks a "
        + "scenario, FILE::NAME[ROW] a row of it, FILE:LINE the one that stands there.",
      valueName: "file"))
  var files: [String] = []

  @Option(help: "The most distinct states a search over every schedule may visit.")
  var states: Int?

  @Option(
    name: .customLong("break"),
    help: ArgumentHelp(
      "Take a rule of the patching engine out, to see what it is there for.",
      valueName: "rule"))
  var brokenRules: [KGraftMutation] = []

  @Option(help: "Budgets for computing, tasks, time, memory and output.")
  var preset: Preset = .ci

  @Flag(help: "Show what the budgets allow, and run nothing.")
  var limits = false

  @Option(help: "How mistakes in the source are shown.")
  var errorFormat: DiagnosticRenderer.Form = .long

  @Flag(name: .shortAndLong, help: "Tell the story of every scenario, not only of one alone.")
  var verbose = false

  @Flag(name: .shortAndLong, help: "Say nothing about scenarios that pass.")
  var quiet = false

  @Option(help: "Colours: auto, always or never.")
  var color: ColourChoice = .auto

  func validate() throws {
    if let states, states < 1 { throw ValidationError("--states needs a number from 1 on") }
    if verbose, quiet { throw ValidationError("--verbose and --quiet exclude each other") }
  }
}

/// Which scenarios of the files are wanted.
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
    help: ArgumentHelp(
      "Only this machine's part: hash:2/4 or count:2/4.", valueName: "part"))
  var partition: Partition?

  func scenarioFilter() throws -> ScenarioFilter {
    var result = ScenarioFilter()
    for text in tag {
      do throws(TagExpression.Mistake) {
        result.tags.append(try TagExpression(text))
      } catch {
        throw ValidationError("--tag: \(error.text(in: text))")
      }
    }
    for text in filter {
      result.patterns.append(try Self.pattern(text, "--filter"))
    }
    return result
  }
}

/// How a batch goes about it.
struct BatchArguments: ParsableArguments {
  enum Rerun: String, ExpressibleByArgument, CaseIterable { case last }

  @Option(
    name: .shortAndLong,
    help: "Scenarios that run at once; without it, as many as there are CPUs.")
  var jobs: Int?

  @Option(help: "Run again what failed in the last batch of this folder, or was not reached.")
  var rerun: Rerun?

  @Option(help: "End after so many scenarios have failed.")
  var maxFailures: Int?

  @Option(help: ArgumentHelp("End after so long, as 90s or 5min.", valueName: "duration"))
  var maxTime: WallDuration?

  @Option(help: "Run each scenario so often; it must come to the same.")
  var `repeat`: Int = 1

  @Option(help: ArgumentHelp("Name the scenarios that took longest.", valueName: "count"))
  var slowest: Int = 0

  @Flag(help: "When a file changes, run it again, and what uses it.")
  var watch = false

  @Flag(help: "Compare what happens with FILE.expected, and say in words what is another.")
  var check = false

  @Flag(help: "Write what happens to FILE.expected.")
  var update = false

  var snapshots: SnapshotKeeper.Purpose? { check ? .check : update ? .update : nil }

  func validate() throws {
    if check, update { throw ValidationError("--check and --update exclude each other") }
    if let jobs, !(1...256).contains(jobs) {
      throw ValidationError("--jobs needs a number from 1 to 256")
    }
    if let maxFailures, maxFailures < 1 {
      throw ValidationError("--max-failures needs a number from 1 on")
    }
    if !(1...1_000_000).contains(self.repeat) {
      throw ValidationError("--repeat needs a number from 1 to 1000000")
    }
    if !(0...1_000).contains(slowest) {
      throw ValidationError("--slowest needs a number up to 1000")
    }
  }
}

/// `90s`, `5min`: time of the clock on the wall.
struct WallDuration: ExpressibleByArgument {
  var seconds: Double

  init?(argument: String) {
    let digits = argument.prefix { $0.isNumber || $0 == "." }
    let units: [Substring: Double] = ["ms": 0.001, "s": 1, "m": 60, "min": 60, "h": 3600]
    guard let number = Double(digits), number > 0,
      let unit = units[argument.dropFirst(digits.count)]
    else { return nil }
    seconds = number * unit
  }
}
