import ArgumentParser
import Graft

struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the scenarios that 'graft run' would run, without running them.",
    discussion: """
      As text, a line each: what names it on a command line, and its tags. As JSON, a line each \
      with its file, line, name, row, tags and mode, for editors.

      Exit status: 0 there are some; 1 the command line or a file can't be read; 2 a source has \
      errors; 5 nothing was selected.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  @Argument(
    help: ArgumentHelp(
      "Scenario files, folders or quoted patterns, '-', FILE::NAME, FILE:LINE.",
      valueName: "file"))
  var files: [String] = []

  @OptionGroup(title: "Selecting") var selection: SelectionArguments

  @Option(help: "How they are listed: text or json.")
  var format: Format = .text

  @OptionGroup var shown: DiagnosticArguments

  func run() throws {
    try SelectedScenarios.read(files, selection, shown) { unit, entries in
      Terminal.print(entries.map { line($0, unit) }.joined())
    }
  }

  private func line(_ entry: ScenarioEntry, _ unit: ScenarioUnit) -> String {
    switch format {
    case .text:
      let tags = entry.tags.map { " @" + $0 }.joined()
      return escapingControls("\(entry.id)") + tags + "\n"
    case .json:
      return ListedScenario(entry, unit).text
    }
  }
}
