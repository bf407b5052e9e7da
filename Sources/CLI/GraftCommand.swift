import ArgumentParser
import Graft

struct GraftCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "graft",
    abstract: "Try, prove and teach kernel live patching.",
    discussion: """
      A scenario file spawns tasks, applies a patch, sends signals and asserts what must hold. \
      `graft run` plays it on a simulated kernel, in one schedule or, where the scenario says so, \
      in every schedule.
      """,
    version: "graft \(Version.text)",
    subcommands: [
      RunCommand.self, ExploreCommand.self, ListCommand.self, MergeCommand.self,
      MutateCommand.self, NewCommand.self,
      CheckCommand.self, FormatCommand.self,
      LintCommand.self, ExplainCommand.self, ReplCommand.self, DemoCommand.self,
      LearnCommand.self,
      ReferenceCommand.self, ManualCommand.self,
    ])
}

enum Version {
  static let text = "0.1.0"
}

/// The process: one command, and an exit status that says what came of it.
@main
enum Main {
  /// Other tools start `run` for each scenario. A line of files alone is taken as it stands: to
  /// make the types of all options costs two thirds of such a start. Where there are options, the
  /// words are tried as its own first; what it does not take goes the whole way, which words the
  /// complaint, or the help.
  private static func perform(_ typed: [String]) throws {
    let words = try Configuration.expanded(typed)
    if let options = BatchOptions(naming: words) { return try Batch(options).start() }
    var command: any ParsableCommand
    do {
      command = try parse(words)
    } catch {
      throw words == typed ? error : Configuration.mistake(for: typed) ?? error
    }
    try command.run()
  }

  private static func parse(_ words: [String]) throws -> ParsableCommand {
    if words.first == "run", let command = try? RunCommand.parse(Array(words.dropFirst())) {
      return command
    }
    return try GraftCommand.parseAsRoot(words)
  }

  static func main() {
    TrapHandler.install()
    do {
      // `-::NAME` is a scenario of standard input, and would be taken for options.
      let typed = Swift.CommandLine.arguments.dropFirst().flatMap { word -> [String] in
        if word.hasPrefix("-:") { return [FileSelection.standardInput + word.dropFirst()] }
        // `-j4`, as make and ninja take it.
        if word.hasPrefix("-j"), Int(word.dropFirst(2)) != nil {
          return ["-j", String(word.dropFirst(2))]
        }
        return [word]
      }
      // Until it is known which scenario runs.
      TrapHandler.describe(command: Failure.command(Array(typed)))
      Project.enter(typed)
      // Without a word: somebody who wants to look around.
      try perform(typed.isEmpty ? ["repl"] : LastRun.expanded(typed))
    } catch let status as ExitCode {
      exitProcess(status.rawValue)
    } catch {
      let text = GraftCommand.fullMessage(for: error) + "\n"
      guard GraftCommand.exitCode(for: error) != .success else {
        Terminal.print(text)
        exitProcess(ExitStatus.passed.rawValue)
      }
      Terminal.printError(text)
      exitProcess(ExitStatus.usage.rawValue)
    }
  }
}
