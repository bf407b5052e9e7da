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
  /// `run` is started for each scenario by other tools, and its words are tried as its own first:
  /// to lay out what all commands take costs a sixth of such a start. What it does not take goes
  /// the whole way, which words the complaint, or the help.
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
      let words =
        typed.isEmpty ? ["repl"] : try Configuration.expanded(LastRun.expanded(typed))
      var command = try parse(words)
      try command.run()
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
