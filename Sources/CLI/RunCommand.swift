import ArgumentParser
import Graft

/// What `run` and `explore` have in common.
struct RunArguments: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "Scenario files, or '-' for standard input; FILE::NAME picks one scenario.",
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

  @Option(
    help: ArgumentHelp(
      "Write every event as a line of JSON; '-' is standard output, and the report then goes to "
        + "standard error.",
      valueName: "file"))
  var trace: String?

  @Flag(name: .shortAndLong, help: "Tell the story of every scenario, not only of one alone.")
  var verbose = false

  @Flag(name: .shortAndLong, help: "Say nothing about scenarios that pass.")
  var quiet = false

  @Option(help: "Colours: auto, always or never.")
  var color: ColourChoice = .auto

  func validate() throws {
    if files.isEmpty, !limits { throw ValidationError("name a scenario file, or '-'") }
    if let states, states < 1 { throw ValidationError("--states needs a number from 1 on") }
    if verbose, quiet { throw ValidationError("--verbose and --quiet exclude each other") }
    if files.filter({ $0 == "-" || $0.hasPrefix("-::") }).count > 1 {
      throw ValidationError("standard input can be read only once")
    }
  }
}

/// A named set of budgets.
enum Preset: String, CaseIterable, ExpressibleByArgument {
  case ci, repl, untrusted

  var limits: Limits {
    switch self {
    case .ci: .ci
    case .repl: .repl
    case .untrusted: .untrusted
    }
  }
}

extension KGraftMutation: ExpressibleByArgument {}
extension ColourChoice: ExpressibleByArgument {}

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run the scenarios of files and say what came of them.",
    discussion: """
      Exit status: 0 all pass; 1 the command line or a file can't be read; 2 a source has errors; \
      3 a scenario could not go on; 4 an assertion or a property does not hold; 5 no scenario was \
      selected; 6 a search reached a bound first; 70 a fault of graft itself.
      """)

  @OptionGroup var arguments: RunArguments

  @Option(help: "Picks the schedule of a run; 0 is the natural order.")
  var seed: UInt64 = 0

  @Option(help: ArgumentHelp("Repeat a schedule that graft printed.", valueName: "token"))
  var replay: String?

  func validate() throws {
    if replay != nil, seed != 0 {
      throw ValidationError("--replay and --seed exclude each other")
    }
    if let replay, ReplayToken(replay) == nil {
      throw ValidationError(
        "'\(replay)' is not a replay token; one looks like \(ReplayToken.version)-1f3c-0.1.0*3")
    }
  }

  func run() throws {
    var options = RunOptions()
    options.seed = seed
    try Batch(
      arguments: arguments, options: options, everySchedule: false,
      replay: replay.flatMap { ReplayToken($0) }
    ).run()
  }
}

struct ExploreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explore",
    abstract: "Search every schedule of scenarios, whether they ask for it or not.")

  @OptionGroup var arguments: RunArguments

  func run() throws {
    try Batch(arguments: arguments, options: RunOptions(), everySchedule: true, replay: nil).run()
  }
}
